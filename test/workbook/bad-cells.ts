// The bad cells of posting-safety 3.5 A, each with what must come of it: one table for the reader
// (bad-cells.test.ts) and for the whole close. Sheets are in memory; nothing here reads a file.
import type { FlagRule } from '../../src/core/model.ts';
import type { CellInput, SheetInput } from '../../src/workbook/memory-workbook.ts';

export interface BadCell {
  /** Row of the corpus, 1 to 34. */
  readonly number: number;
  readonly name: string;
  /** Where it stands; in the sheet below: C5, A5, B5, or a sheet of its own. */
  readonly sheet: SheetInput;
  /** The cell that the message must name. */
  readonly cell: string;
  readonly verdict:
    | { readonly kind: 'blocks'; readonly rule: FlagRule; readonly says: RegExp }
    | {
        readonly kind: 'reads';
        readonly quantity: string;
        readonly rule?: FlagRule;
        readonly says?: RegExp;
      }
    | { readonly kind: 'no line' };
}

const HEADER: readonly CellInput[] = [
  'Client',
  'Client code',
  'Workstation',
  'EDR',
  'Total',
  'Notes',
];
const PRICES: readonly CellInput[] = ['unit price', null, 65, 8];

/** A small grid: prices in row 4, the case in row 5, a sound client in row 6, the total in row 7. */
export function gridWith(
  place: 'quantity' | 'client' | 'code',
  input: CellInput,
  more: Partial<SheetInput> = {},
): SheetInput {
  const total = (row: number): CellInput => ({ formula: `SUMPRODUCT(C${row}:D${row},C$4:D$4)` });
  const case_: CellInput[] = [
    'Harbor Dental',
    place === 'client' ? null : '00417',
    3,
    10,
    total(5),
  ];
  case_[{ client: 0, code: 1, quantity: 2 }[place]] = input;
  return {
    name: 'Oct 2026',
    rows: [
      ['Recurring billing, October 2026'],
      [],
      HEADER,
      PRICES,
      case_,
      ['Birch Law', '00418', 5, 5, total(6)],
      [
        'Total',
        null,
        { formula: 'SUM(C5:C6)' },
        { formula: 'SUM(D5:D6)' },
        { formula: 'SUM(E5:E6)' },
      ],
    ],
    ...more,
  };
}

const quantity = (number: number, name: string, input: CellInput, verdict: BadCell['verdict']): BadCell => ({
  number, name, sheet: gridWith('quantity', input), cell: 'Oct 2026!C5', verdict,
}); // prettier-ignore
const client = (number: number, name: string, input: CellInput, verdict: BadCell['verdict']): BadCell => ({
  number, name, sheet: gridWith('client', input), cell: 'Oct 2026!A5', verdict,
}); // prettier-ignore
const code = (number: number, name: string, input: CellInput, verdict: BadCell['verdict']): BadCell => ({
  number, name, sheet: gridWith('code', input), cell: 'Oct 2026!B5', verdict,
}); // prettier-ignore

const blocks = (rule: FlagRule, says: RegExp): BadCell['verdict'] => ({
  kind: 'blocks',
  rule,
  says,
});
const reads = (amount: string, rule?: FlagRule, says?: RegExp): BadCell['verdict'] => ({
  kind: 'reads', quantity: amount, ...(rule ? { rule } : {}), ...(says ? { says } : {}),
}); // prettier-ignore
const refused = (says: RegExp): BadCell['verdict'] => blocks('not a quantity', says);

const ZERO_WIDTH = '\u200B';
const NBSP = '\u00A0';

export const BAD_CELLS: readonly BadCell[] = [
  quantity(1, 'empty', null, { kind: 'no line' }),
  client(1, 'empty client', null, blocks('client unknown', /A5 names no client/)),
  quantity(2, 'only spaces', '   ', refused(/C5 holds only spaces.*clear the cell/)),
  client(2, 'client of only spaces', '   ', blocks('client unknown', /A5 names no client/)),
  quantity(3, 'no-break space', NBSP, refused(/C5 holds only spaces/)),
  client(3, 'client of a no-break space', NBSP, blocks('client unknown', /A5 names no client/)),
  client(4, 'zero-width space in a client', `Harbor${ZERO_WIDTH} Dental`, blocks('client unknown', /A5 .*invisible character \(U\+200B\)/)),
  code(4, 'zero-width space in a code', `004${ZERO_WIDTH}17`, blocks('client unknown', /B5 .*invisible character/)),
  code(5, 'spaces round a code', '  00417 ', reads('3')),
  client(6, 'byte order mark', '\uFEFFHarbor Dental', blocks('client unknown', /A5 .*U\+FEFF/)),
  quantity(7, '#N/A', { error: '#N/A' }, blocks('error value', /C5 shows #N\/A/)),
  client(7, '#N/A for a client', { error: '#N/A' }, blocks('error value', /A5 shows #N\/A/)),
  quantity(8, '#CALC!', { error: '#CALC!', formula: 'FILTER(A1:A2,FALSE)' }, blocks('error value', /C5 shows #CALC!/)),
  quantity(9, 'the text "#VALUE!"', '#VALUE!', blocks('error value', /C5 "#VALUE!"/)),
  quantity(10, 'TRUE', true, refused(/C5 says TRUE/)),
  quantity(11, 'a day as its number', 45_991, refused(/C5 holds 45991.*November 2025.*format Number/)),
  quantity(11, 'a date', { date: 45_991 }, refused(/C5 holds a date of November 2025/)),
  quantity(12, 'the text "12"', '12', reads('12', 'number stored as text', /C5 holds "12" as text/)),
  quantity(13, '"1,234.50"', '1,234.50', reads('1234.5', 'number stored as text', /C5 .*read as 1234.5/)),
  quantity(13, '"1,204"', '1,204', reads('1204', 'number stored as text', /C5 .*read as 1204/)),
  quantity(14, '"1.234,50"', '1.234,50', refused(/C5 "1\.234,50" can be read with a decimal comma/)),
  quantity(14, '"1.234"', '1.234', refused(/C5 "1\.234" can be read with a decimal point or with a thousands point/)),
  quantity(14, '"1,23"', '1,23', refused(/C5 "1,23" can be read/)),
  quantity(15, 'full-width digits', '１２', refused(/C5 .*digits other than 0 to 9/)),
  quantity(16, 'another minus sign', '\u22125', refused(/C5 .*another sign than the minus/)),
  quantity(17, '"(5.00)"', '(5.00)', refused(/C5 .*brackets/)),
  quantity(18, '"5%"', '5%', refused(/C5 .*percentage/)),
  quantity(18, '5 % as a number', { value: 0.05, format: '0%' }, refused(/C5 is a percentage/)),
  quantity(19, '1e21', 1e21, refused(/C5 holds 1e\+21/)),
  quantity(20, '1.005', 1.005, reads('1.005', 'negative or fractional', /C5 holds 1\.005/)),
  quantity(21, '0.1 + 0.2', { value: 0.1 + 0.2, formula: '0.1+0.2' }, reads('0.3', 'negative or fractional', /C5 holds 0\.30000000000000004 and is read as 0\.3/)),
  quantity(22, 'minus zero', -0, reads('0')),
  quantity(23, 'a negative quantity', -5, blocks('negative or fractional', /C5 holds -5/)),
  quantity(24, '2,147,483,648', 2_147_483_648, refused(/C5: "2147483648" is too large/)),
  quantity(25, '9007199254740993', Number('9007199254740993'), refused(/C5 holds 9007199254740992: Excel keeps 15 digits/)),
  quantity(25, 'the text of 9007199254740993', '9007199254740993', refused(/C5 "9007199254740993"/)),
  code(26, 'a long code that became a number', 123_456_789_012_345_680, blocks('client unknown', /B5 .*loses digits/)),
  code(26, '"1.23457E+17"', '1.23457E+17', blocks('client unknown', /B5 shows 1\.23457E\+17/)),
  code(27, 'a lost leading zero', 417, blocks('client unknown', /B5 holds the number 417.*leading zero/)),
  quantity(28, '29 February 1900', { date: 60 }, refused(/C5 holds a date \(serial 60\)/)),
  quantity(29, '"13/12/2026"', '13/12/2026', refused(/C5 "13\/12\/2026" looks like a date/)),
  quantity(29, '"12/13/2026"', '12/13/2026', refused(/C5 "12\/13\/2026" looks like a date/)),
  quantity(30, 'a text of 32,767 characters', 'x'.repeat(32_767), refused(/C5 "x{40}…" is a text/)),
  client(30, 'a client of 32,767 characters', 'x'.repeat(32_767), blocks('client unknown', /A5 .*32767 characters/)),
  client(31, 'emoji in a name', 'Harbor 👩‍⚕️ Dental', reads('3')),
  client(31, 'a turned reading direction', 'Harbor \u202Elatned', blocks('client unknown', /A5 .*U\+202E/)),
  client(31, 'combining marks', 'Ha\u0301rbor', reads('3')),
  {
    number: 32, name: 'one quantity merged over two clients', cell: 'Oct 2026!C5',
    sheet: gridWith('quantity', 3, { merged: ['C5:C6'], cells: {} }), verdict: refused(/C5:C6 is one merged cell/),
  },
  {
    number: 32, name: 'a hidden row with money', cell: 'Oct 2026!C5',
    sheet: gridWith('quantity', 3, { hiddenRows: [5] }), verdict: blocks('hidden with money', /C5 stands in the hidden row 5/),
  },
  {
    number: 32, name: 'a hidden column with money', cell: 'Oct 2026!C5',
    sheet: gridWith('quantity', 3, { hiddenColumns: ['C'] }), verdict: blocks('hidden with money', /C5 stands in the hidden column C/),
  },
  { number: 32, name: 'a filtered row', cell: 'Oct 2026!C5', sheet: gridWith('quantity', 3, { filteredRows: [5] }), verdict: reads('3') },
  client(33, 'a second row for one client', 'Birch Law', blocks('two rows for one client', /C5 and .*C6/)),
  client(33, 'the same name in another Unicode form', 'BIRCH  law', blocks('two rows for one client', /C5 and .*C6/)),
  quantity(34, 'a formula that gives "=1+1"', { value: '=1+1', formula: '"=1+1"' }, refused(/C5 "=1\+1" is a text/)),
]; // prettier-ignore
