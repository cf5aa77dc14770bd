// Layouts other people keep, each with what must be read from it: client, service, quantity,
// price, amount, and the kind where it is not recurring.
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { SheetReading } from '../../src/core/model.ts';
import {
  memoryWorkbook,
  type CellInput,
  type SheetInput,
} from '../../src/workbook/memory-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';

const OCTOBER = parsePeriod('2026-10');
const $ = (value: number): CellInput => ({ value, format: '"$"#,##0.00' });
const f = (formula: string, value?: number): CellInput =>
  value === undefined ? { formula } : { formula, value };

const read = (...sheets: SheetInput[]): Promise<SheetReading> =>
  readSheet(memoryWorkbook({ sheets }), { period: OCTOBER });

/** "Acme | WS | 5 × 65 = 325.00", without the lines of nothing. */
const said = (reading: SheetReading): string[] =>
  reading.lines
    .filter(({ quantity }) => quantity !== '0')
    .map(({ client, service, quantity, unitPrice, amount, kind }) => {
      const more = kind === 'recurring' ? '' : ` ${kind}`;
      return `${client} | ${service} | ${quantity} × ${unitPrice} = ${amount}${more}`;
    });

const flagsOf = (reading: SheetReading): string[] =>
  [...reading.flags, ...reading.lines.flatMap(({ flags }) => flags)].map(
    ({ rule, blocks }) => `${rule}${blocks ? '!' : ''}`,
  );

const ACME = [
  'Acme | WS | 5 × 65 = 325.00',
  'Acme | SRV | 1 × 145 = 145.00',
  'Birch | WS | 3 × 65 = 195.00',
];

test('code first, "Acct", "# Workstations", a table that starts at D4', async () => {
  const reading = await read({
    name: 'Oct 2026',
    cells: {
      D4: 'Acct', E4: 'Customer Name', F4: '# Workstations', G4: '# Servers', H4: 'Monthly Total',
      E5: 'Rate', F5: $(65), G5: $(145),
      D6: 'A1', E6: 'Acme', F6: 5, G6: 1, H6: f('F6*F$5+G6*G$5', 470),
      D7: 'B2', E7: 'Birch', F7: 3, H7: f('F7*F$5+G7*G$5', 195),
      E9: 'Totals', F9: f('SUM(F6:F7)', 8), G9: f('SUM(G6:G7)', 1), H9: f('SUM(H6:H7)', 665),
    },
  }); // prettier-ignore
  expect(said(reading)).toEqual([
    'Acme | # Workstations | 5 × 65 = 325.00',
    'Acme | # Servers | 1 × 145 = 145.00',
    'Birch | # Workstations | 3 × 65 = 195.00',
  ]);
  expect(reading.lines[0]?.clientCode).toBe('A1');
  expect(reading.shownTotal).toEqual({ cell: 'Oct 2026!H9', amount: '665.00' });
  expect(flagsOf(reading)).toEqual([]);
});

test('prices in the headers', async () => {
  const reading = await read({
    name: 'October 2026',
    rows: [
      ['Client', 'EDR ($8)', 'M365 BP @ 26.40', 'Total'],
      ['Acme', 10, 4, $(185.6)],
      ['Birch', 2, null, $(16)],
    ],
  });
  expect(said(reading)).toEqual([
    'Acme | EDR ($8) | 10 × 8 = 80.00',
    'Acme | M365 BP @ 26.40 | 4 × 26.4 = 105.60',
    'Birch | EDR ($8) | 2 × 8 = 16.00',
  ]);
  expect(flagsOf(reading)).toEqual([]);
});

test('the total stands before the services, and values are pasted without formulas', async () => {
  const reading = await read({
    name: '2026-10',
    rows: [
      ['Managed services billing'],
      ['Client', 'MRR', 'WS', 'SRV', 'Tech'],
      [null, null, 65, 145, null],
      ['Acme', 470, 5, 1, 'Dana'],
      ['Birch', 195, 3, '-', 'Priya'],
      ['Grand total', 665, 8, 1, null],
    ],
  });
  expect(said(reading)).toEqual(ACME);
  expect(reading.shownTotal?.amount).toBe('665.00');
  expect(flagsOf(reading)).toEqual([]);
});

test('quantity and price columns for each service, under merged names', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      [null, 'WS', null, 'SRV', null, null],
      ['Company', 'Qty', 'Price', 'Qty', 'Price', 'Total'],
      ['Acme', 5, 65, 1, 145, f('B3*C3+D3*E3', 470)],
      ['Birch', 3, 60, null, 145, f('B4*C4+D4*E4', 180)],
      ['Total', null, null, null, null, f('SUM(F3:F4)', 650)],
    ],
    merged: ['B1:C1', 'D1:E1'],
  });
  expect(said(reading)).toEqual([
    'Acme | WS | 5 × 65 = 325.00',
    'Acme | SRV | 1 × 145 = 145.00',
    'Birch | WS | 3 × 60 = 180.00',
  ]);
  expect(flagsOf(reading)).toEqual([]);
});

test('"WS Qty" and "WS Price" in one header row', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS Qty', 'WS Price', 'WS Total', 'SRV Qty', 'SRV Price', 'SRV Total', 'Total'],
      ['Acme', 5, 65, f('B2*C2', 325), 1, 145, f('E2*F2', 145), f('D2+G2', 470)],
      ['Birch', 3, 65, f('B3*C3', 195), 0, 145, f('E3*F3', 0), f('D3+G3', 195)],
    ],
  });
  expect(said(reading)).toEqual(ACME);
  expect(flagsOf(reading)).toEqual([]);
});

test('two month blocks beside each other in one tab', async () => {
  const reading = await read({
    name: 'Billing',
    rows: [
      [null, 'Sep 2026', null, null, 'Oct 2026', null, null],
      ['Client', 'WS', 'SRV', 'Total', 'WS', 'SRV', 'Total'],
      ['Price', 65, 145, null, 65, 145, null],
      ['Acme', 4, 1, f('B4*B$3+C4*C$3', 405), 5, 1, f('E4*E$3+F4*F$3', 470)],
      ['Birch', 3, null, f('B5*B$3+C5*C$3', 195), 3, null, f('E5*E$3+F5*F$3', 195)],
      ['Total', 7, 1, f('SUM(D4:D5)', 600), 8, 1, f('SUM(G4:G5)', 665)],
    ],
    merged: ['B1:D1', 'E1:G1'],
  });
  expect(said(reading)).toEqual(ACME);
  expect(reading.lines[0]?.previous?.quantity).toBe('4');
  expect(reading.shownTotal).toEqual({ cell: 'Billing!G6', amount: '665.00' });
  expect(reading.period).toBe('2026-10');
});

test('two months under each service', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS', null, 'SRV', null, 'Total'],
      [null, 'Last month', 'This month', 'Last month', 'This month', null],
      ['Price', null, 65, null, 145, null],
      ['Acme', 4, 5, 1, 1, f('C4*C$3+E4*E$3', 470)],
      ['Birch', 3, 3, null, null, f('C5*C$3+E5*E$3', 195)],
    ],
    merged: ['B1:C1', 'D1:E1'],
  });
  expect(said(reading)).toEqual(ACME);
  expect(reading.lines.map(({ previous }) => previous?.quantity ?? null)).toEqual(['4', '1', '3']);
  expect(flagsOf(reading)).toEqual([]);
});

test('lines with one column per month of the year', async () => {
  const reading = await read({
    name: '2026',
    rows: [
      ['Client', 'Service', 'Rate', 'Aug 2026', 'Sep 2026', 'Oct 2026', 'Nov 2026'],
      ['Acme', 'WS', 65, 3, 4, 5, null],
      ['Acme', 'SRV', 145, 1, 1, 1, null],
      ['Birch', 'WS', 65, 3, 3, 3, null],
    ],
  });
  expect(said(reading)).toEqual(ACME);
  expect(reading.lines[0]?.previous?.quantity).toBe('4');
});

test('lines under client headings, without a client column', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Invoice worksheet'],
      [],
      ['Item', 'Qty', 'Rate', 'Ext. Price'],
      [{ value: 'Acme', bold: true }],
      ['WS', 5, 65, f('B5*C5', 325)],
      ['SRV', 1, 145, f('B6*C6', 145)],
      ['Subtotal', null, null, f('SUM(D5:D6)', 470)],
      [],
      [{ value: 'Birch', bold: true }],
      ['WS', 3, 65, f('B10*C10', 195)],
      ['Subtotal', null, null, f('SUM(D10:D10)', 195)],
      ['TOTAL', null, null, f('D7+D11', 665)],
    ],
  });
  expect(said(reading)).toEqual(ACME);
  expect(reading.shownTotal).toEqual({ cell: 'Oct 2026!D12', amount: '665.00' });
  expect(flagsOf(reading)).toEqual([]);
});

test('the full list of lines with many columns around the billed quantity', async () => {
  const reading = await read({
    name: 'Lines 2026-10',
    rows: [
      [
        'ClientID',
        'Client',
        'Service',
        'SKU',
        'Basis',
        'Source',
        'Qty last',
        'Qty now',
        'Δ',
        'Minimum',
        'Qty billed',
        'Unit price',
        'Cost',
        'Amount',
        'Status',
      ],
      [
        'C1',
        'Acme',
        'WS',
        'W-1',
        'active',
        'NinjaOne',
        4,
        5,
        1,
        6,
        6,
        65,
        40,
        f('K2*L2', 390),
        'open',
      ],
      [
        'C1',
        'Acme',
        'SRV',
        'S-1',
        'active',
        'NinjaOne',
        1,
        1,
        0,
        null,
        1,
        145,
        90,
        f('K3*L3', 145),
        'open',
      ],
    ],
  });
  expect(said(reading)).toEqual(['Acme | WS | 6 × 65 = 390.00', 'Acme | SRV | 1 × 145 = 145.00']);
  expect(reading.lines.map(({ clientCode, previous }) => [clientCode, previous?.quantity])).toEqual(
    [
      ['C1', '4'],
      ['C1', '1'],
    ],
  );
});

test('one count and one rate for each client', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Customer', 'Users', 'Per user', 'Total'],
      ['Acme', 12, $(110), f('B2*C2', 1320)],
      ['Birch', 7, $(95), f('B3*C3', 665)],
    ],
  });
  expect(said(reading)).toEqual([
    'Acme | Users | 12 × 110 = 1320.00',
    'Birch | Users | 7 × 95 = 665.00',
  ]);
});

test('amounts of money instead of quantities, and a credit', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'Managed plan', 'Projects', 'Credits', 'Total'],
      ['Acme', $(1500), $(250), $(-40), f('SUM(B2:D2)', 1710)],
      ['Birch', $(900), null, null, f('SUM(B3:D3)', 900)],
    ],
  });
  expect(said(reading)).toEqual([
    'Acme | Managed plan | 1 × 1500 = 1500.00',
    'Acme | Projects | 1 × 250 = 250.00 one-off',
    'Acme | Credits | -1 × 40 = -40.00 credit',
    'Birch | Managed plan | 1 × 900 = 900.00',
  ]);
  expect(flagsOf(reading)).toEqual([]);
});

test('prices on a tab of their own, by name and by formula', async () => {
  const prices: SheetInput = {
    name: 'Price List',
    rows: [
      ['Service', 'Cost', 'Sell'],
      ['WS', 40, 65],
      ['SRV', 90, 145],
    ],
  };
  const byName = await read(
    {
      name: 'Oct 2026',
      rows: [
        ['Client', 'WS', 'SRV'],
        ['Acme', 5, 1],
        ['Birch', 3, null],
      ],
    },
    prices,
  );
  expect(said(byName)).toEqual(ACME);
  const byFormula = await read(
    {
      name: 'Oct 2026',
      rows: [
        ['Client', 'WS', 'SRV', 'Total'],
        ['Acme', 5, 1, f("B2*'Price List'!$C$2+C2*'Price List'!$C$3", 470)],
        ['Birch', 3, null, f("B3*'Price List'!$C$2+C3*'Price List'!$C$3", 195)],
      ],
    },
    prices,
  );
  expect(said(byFormula)).toEqual(ACME);
});

test('one-offs in a second table below the first', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS', 'SRV', 'Total'],
      ['Price', 65, 145],
      ['Acme', 5, 1, f('B3*B$2+C3*C$2', 470)],
      ['Birch', 3, null, f('B4*B$2+C4*C$2', 195)],
      ['Total', null, null, f('SUM(D3:D4)', 665)],
      [],
      ['One-time charges'],
      ['Client', 'Description', 'Qty', 'Unit price', 'Amount'],
      ['Birch', 'Laptop', 2, 900, f('C9*D9', 1800)],
    ],
  });
  expect(said(reading)).toEqual([...ACME, 'Birch | Laptop | 2 × 900 = 1800.00 one-off']);
});

test('a client called Total Care Dental, and a subtotal without a label', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS', 'SRV', 'Total'],
      ['Price', 65, 145],
      ['Acme', 5, 1, 470],
      ['Total Care Dental', 3, 0, 195],
      [null, f('SUM(B3:B4)', 8), f('SUM(C3:C4)', 1), f('SUM(D3:D4)', 665)],
      ['All clients total', 8, 1, 665],
    ],
  });
  expect(said(reading)).toEqual([...ACME.slice(0, 2), 'Total Care Dental | WS | 3 × 65 = 195.00']);
  expect(flagsOf(reading)).toEqual([]);
});

test('a sum that ends one row short names the row it leaves out', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS', 'SRV', 'Total'],
      ['Price', 65, 145],
      ['Acme', 5, 1, f('SUMPRODUCT(B3:C3,B$2:C$2)', 470)],
      ['Birch', 3, null, f('SUMPRODUCT(B4:C4,B$2:C$2)', 195)],
      ['Grand total', null, null, f('SUM(D3:D3)', 470)],
    ],
  });
  const flags = reading.lines.flatMap((line) => line.flags.map((flag) => [line.cell, flag.text]));
  expect(flags).toEqual([
    ['Oct 2026!B4', expect.stringMatching(/665\.00.*470\.00.*does not reach D4/)],
  ]);
});

test('a row formula one column short, and a total typed over its formula', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS', 'SRV', 'EDR', 'Total'],
      ['Price', 65, 145, 8],
      ['Acme', 5, 1, 6, f('SUMPRODUCT(B3:C3,B$2:C$2)', 470)],
      ['Birch', 3, null, 3, 200],
      ['Cedar', 1, null, 1, f('SUMPRODUCT(B5:D5,B$2:D$2)', 73)],
    ],
  });
  const texts = reading.lines.flatMap(({ flags }) => flags.map(({ text }) => text));
  expect(texts).toEqual([
    expect.stringMatching(/row 3 .*518\.00.*E3 shows 470\.00.*leaves D3 out/),
    expect.stringMatching(/row 4 .*219\.00.*E4 shows 200\.00/),
  ]);
});

test('an adjustment in the formula is a line; a note that names a price changes the price', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS', 'SRV', 'Total'],
      ['Price', 65, 145],
      [
        'Acme',
        5,
        1,
        { formula: 'SUMPRODUCT(B3:C3,B$2:C$2)-25', value: 445, note: 'Agreed: WS at $60' },
      ],
      ['Birch', 3, 2, { formula: 'SUMPRODUCT(B4:C4,B$2:C$2)+12.5', value: 497.5, note: 'travel' }],
    ],
  });
  expect(said(reading)).toEqual([
    'Acme | WS | 5 × 60 = 300.00',
    'Acme | SRV | 1 × 145 = 145.00',
    'Birch | WS | 3 × 65 = 195.00',
    'Birch | SRV | 2 × 145 = 290.00',
    'Birch | Adjustment | 1 × 12.5 = 12.50 adjustment',
  ]);
  expect(reading.lines.at(-1)).toMatchObject({ cell: 'Oct 2026!D4', note: 'travel' });
  expect(flagsOf(reading)).toEqual([]);
});

test('a note whose price fits two services changes neither', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'WS', 'EDR', 'Total'],
      ['Price', 65, 65],
      ['Acme', 5, 5, { formula: 'B3*B$2+C3*C$2-25', value: 625, note: 'one at 60' }],
    ],
  });
  expect(said(reading).at(-1)).toBe('Acme | Adjustment | 1 × -25 = -25.00 adjustment');
});

test("an adjustment that stood in last month's tab too is not a new one", async () => {
  const tab = (name: string, constant: number): SheetInput => ({
    name,
    rows: [
      ['Client', 'WS', 'Total'],
      ['Price', 65],
      ['Acme', 5, f(`B3*B$2${constant}`, 325 + constant)],
    ],
  });
  const reading = await read(tab('Sep 2026', -20), tab('Oct 2026', -25));
  expect(said(reading).at(-1)).toBe('Acme | Adjustment | 1 × -25 = -25.00 adjustment');
  expect(reading.lines.at(-1)?.previous).toEqual({ quantity: '1', unitPrice: '-20' });
});

test('counts by formula, with the arguments read from the cells', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Client', 'Workstations', 'M365'],
      ['Price', 65, 26.4],
      [
        'Acme',
        { formula: 'MCC.COUNT($A3,B$1,MCC_AsOf)', value: 5 },
        { formula: '_xldudf_MCC_COUNT(A3,"M365BP",MCC_AsOf,"assigned")', value: 4 },
      ],
      [
        'Birch',
        { formula: 'MCC.COUNT($A4,B$1)+1', value: 4 },
        { formula: '_xlfn._xldudf_MCC_MCCCOUNT($A4,C$1)', error: '#NAME?' },
      ],
      ['Cedar', { formula: 'MAX(3,2)', value: 3 }, 7],
    ],
  });
  expect(reading.lines.map(({ entry, counted }) => [entry, counted])).toEqual([
    ['count', { client: 'Acme', service: 'Workstations', basis: null }],
    ['count', { client: 'Acme', service: 'M365BP', basis: 'assigned' }],
    ['formula', null],
    ['count', { client: 'Birch', service: 'M365', basis: null }],
    ['formula', null],
    ['typed', null],
  ]);
  expect(flagsOf(reading)).toEqual(['error value!']);
});

test('every cell of a sheet is a line, part of one, or listed with its reason', async () => {
  const reading = await read({
    name: 'Oct 2026',
    rows: [
      ['Billing', null, null, null, null, 'do not sort'],
      [],
      ['Client', 'Zip', 'WS', 'SRV', 'Total', 'Notes'],
      ['Price', null, 65, 145],
      ['North'],
      ['Acme', 85001, 5, 1, f('C6*C$4+D6*D$4', 470), 'PO 12'],
      ['Birch', 85002, 3, null, f('C7*C$4+D7*D$4', 195), { date: 46_000 }],
      ['Quiet', 85003, null, null, f('C8*C$4+D8*D$4', 0)],
      ['Total', null, f('SUM(C6:C8)', 8), f('SUM(D6:D8)', 1), f('SUM(E6:E8)', 665)],
      ['* phones billed separately'],
    ],
  });
  expect(said(reading)).toEqual(ACME);
  const reasons = new Map(reading.skipped.map(({ cell, reason }) => [cell.split('!')[1], reason]));
  expect([...reasons.keys()]).toEqual([
    'A1',
    'F1',
    'A3',
    'B3',
    'C3',
    'D3',
    'E3',
    'F3',
    'A4',
    'A5',
    'B6',
    'B7',
    'F7',
    'A8',
    'B8',
    'E8',
    'A9',
    'C9',
    'D9',
    'E9',
    'A10',
  ]);
  expect(reasons.get('B6')).toMatch(/no price and is in no total/);
});

test.each([
  [
    'two tables side by side',
    {
      name: 'Oct 2026',
      rows: [
        ['Client', 'WS', null, 'Client', 'EDR'],
        ['Acme', 5, null, 'Birch', 3],
        ['Cedar', 5, null, 'Dogwood', 3],
      ],
    },
    /two tables side by side.*Oct 2026!D1/,
  ],
  [
    'services down, clients across',
    {
      name: 'Oct 2026',
      rows: [
        ['Service', 'Price', 'Acme', 'Birch'],
        ['WS', 65, 5, 3],
        ['SRV', 145, 1, 0],
      ],
    },
    /services down the side/,
  ],
  [
    'another month',
    {
      name: 'Aug 2026',
      rows: [
        ['Client', 'WS'],
        ['Price', 65],
        ['Acme', 5],
      ],
    },
    /No sheet for October 2026.*"Aug 2026" \(August 2026\)/,
  ],
  [
    'no table',
    { name: 'Oct 2026', rows: [['Remember the milk']] },
    /No visible sheet has a billing table/,
  ],
  [
    'a hidden sheet',
    {
      name: 'Oct 2026',
      hidden: true,
      rows: [
        ['Client', 'WS'],
        ['Price', 65],
        ['Acme', 5],
      ],
    },
    /No visible sheet/,
  ],
] as const)('refuses %s in words', async (_, sheet, words) => {
  await expect(read(sheet as SheetInput)).rejects.toThrow(words);
});

test('two tabs for one month are not chosen between', async () => {
  const rows: CellInput[][] = [
    ['Client', 'WS'],
    ['Price', 65],
    ['Acme', 5],
  ];
  await expect(
    read({ name: 'North Oct 2026', rows }, { name: 'South Oct 2026', rows }),
  ).rejects.toThrow(/"North Oct 2026" and "South Oct 2026"/);
});
