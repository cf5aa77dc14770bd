// Sheets as many people would keep the same month: the truth is drawn first, then a layout, and
// the sheet is written from both. What is read back must be the truth, whatever the layout.
import fc from 'fast-check';
import { columnLetters } from '../../src/workbook/address.ts';
import type { CellInput, CellParts, SheetInput } from '../../src/workbook/memory-workbook.ts';

export interface TrueLine {
  readonly client: string;
  readonly service: string;
  readonly quantity: number;
  /** Cents. */
  readonly price: number;
}

export interface RandomSheet {
  readonly sheets: readonly SheetInput[];
  readonly truth: readonly TrueLine[];
  readonly previous: ReadonlyMap<string, number> | null;
}

const CLIENTS = ['Acme Dental', 'Birch & Sons', 'Cedar Law LLP', 'Dogwood Farms', 'Elm Street Clinic', "O'Neil Supply", 'Fir Credit Union', 'Ginkgo Labs', 'Total Care Homes', 'The Hazel Company', 'Items Unlimited', 'Noteworthy Press']; // prettier-ignore
const SERVICES = ['Managed Workstation', 'Servers', 'EDR', 'M365 Business Premium', 'Exchange Plan 1', 'Email Filtering', 'Server Backup', 'Phish Training', 'VoIP line', 'Firewall']; // prettier-ignore
const PRICES = [6500, 14500, 800, 2640, 480, 350, 21000, 250, 1999, 12505];
const TEAMS = ['Team North', 'Team South'];

interface Month {
  readonly clients: readonly string[];
  readonly services: readonly { readonly name: string; readonly price: number }[];
  /** By client, then service; null is no line. */
  readonly quantities: readonly (readonly (number | null)[])[];
  readonly before: readonly (readonly (number | null)[])[];
}

const quantity = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 250 }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constant(null) },
);

const month: fc.Arbitrary<Month> = fc
  .record({
    clients: fc.shuffledSubarray(CLIENTS, { minLength: 2 }),
    services: fc.shuffledSubarray(
      SERVICES.map((_, at) => at),
      { minLength: 2 },
    ),
  })
  .chain(({ clients, services }) => {
    const row = fc.array(quantity, { minLength: services.length, maxLength: services.length });
    const rows = fc.array(row, { minLength: clients.length, maxLength: clients.length });
    return fc.record({ quantities: rows, before: rows }).map(({ quantities, before }) => ({
      clients,
      services: services.map((at) => ({ name: SERVICES[at] ?? '', price: PRICES[at] ?? 0 })),
      quantities: quantities.map((own, at) =>
        at < 2 ? own.map((one, i) => (i === 0 ? (one ?? 7) || 7 : one)) : own,
      ),
      before,
    }));
  });

const layout = fc.record({
  top: fc.integer({ min: 0, max: 5 }),
  left: fc.integer({ min: 0, max: 3 }),
  title: fc.boolean(),
  clientWord: fc.constantFrom(
    'Client',
    'Customer',
    'Company',
    'Client name',
    'CUSTOMER ',
    'Account',
    'Organization',
  ),
  totalWord: fc.constantFrom('Total', 'MRR', 'Amount', 'Monthly total', 'Total\n(USD)'),
  totalFirst: fc.boolean(),
  code: fc.boolean(),
  notes: fc.boolean(),
  groups: fc.boolean(),
  prices: fc.constantFrom('row', 'row without a label', 'header', 'formula', 'tab'),
  formulas: fc.constantFrom('SUMPRODUCT', 'terms', 'values'),
  sections: fc.boolean(),
  blanks: fc.boolean(),
  grandTotal: fc.boolean(),
  dashes: fc.boolean(),
  extra: fc.boolean(),
  hidden: fc.boolean(),
  lastTab: fc.boolean(),
  stored: fc.boolean(),
});
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never;

type Put = (row: number, column: number, input: CellInput) => void;
const money = (cents: number, more: CellParts = {}): CellParts => ({
  value: cents / 100,
  format: '"$"#,##0.00',
  ...more,
});
const at = (row: number, column: number): string => `${columnLetters(column)}${String(row)}`;

export const randomGrid: fc.Arbitrary<RandomSheet> = fc
  .tuple(month, layout)
  .map(([drawn, plan]) => {
    const sheets = [writeGrid('Oct 2026', drawn, drawn.quantities, plan)];
    if (plan.lastTab) sheets.unshift(writeGrid('Sep 2026', drawn, drawn.before, plan));
    if (plan.prices === 'tab') sheets.push(priceTab(drawn));
    return { sheets, truth: truthOf(drawn), previous: plan.lastTab ? previousOf(drawn) : null };
  });

function priceTab({ services }: Month): SheetInput {
  const rows = services.map(({ name, price }): CellInput[] => [
    name,
    money(price / 2),
    money(price),
  ]);
  return { name: 'Price List', rows: [['Service', 'Cost', 'Sell price'], ...rows] };
}

function truthOf({ clients, services, quantities }: Month): TrueLine[] {
  return clients.flatMap((client, c) =>
    services.flatMap(({ name, price }, s) => {
      const own = quantities[c]?.[s] ?? null;
      return own === null ? [] : [{ client, service: name, quantity: own, price }];
    }),
  );
}

const previousOf = ({ clients, services, before }: Month): ReadonlyMap<string, number> =>
  new Map(clients.flatMap((client, c) => services.flatMap(({ name }, s) => {
    const own = before[c]?.[s] ?? null;
    return own === null ? [] : [[`${client} ${name}`, own] as const];
  }))); // prettier-ignore

interface GridColumns {
  readonly client: number;
  readonly total: number;
  readonly code: number | null;
  readonly notes: number | null;
  readonly extra: number | null;
  readonly first: number;
  readonly last: number;
}

function placeColumns(plan: Layout, count: number): GridColumns {
  let next = plan.left + 1;
  const take = (): number => next++;
  const code = plan.code ? take() : null;
  const client = take();
  const extra = plan.extra ? take() : null;
  const before = plan.totalFirst ? take() : null;
  const first = next;
  next += count;
  const total = before ?? take();
  return {
    client,
    code,
    extra,
    first,
    last: first + count - 1,
    total,
    notes: plan.notes ? take() : null,
  };
}

function writeGrid(
  name: string,
  drawn: Month,
  quantities: Month['quantities'],
  plan: Layout,
): SheetInput {
  const cells: Record<string, CellInput> = {};
  const merged: string[] = [];
  const hiddenRows: number[] = [];
  const put: Put = (row, column, input) => {
    if (input !== null) cells[at(row, column)] = input;
  };
  const columns = placeColumns(plan, drawn.services.length);
  let row = plan.top + 1;
  if (plan.title) {
    put(row, plan.left + 1, `Recurring billing, ${name}`);
    merged.push(`${at(row, plan.left + 1)}:${at(row, columns.last)}`);
    row += 2;
  }
  row = writeHeader(put, merged, row, drawn, plan, columns);
  const priceRow = plan.prices.startsWith('row') ? row++ : null;
  if (priceRow !== null) {
    if (plan.prices === 'row') put(priceRow, columns.client, 'unit price →');
    drawn.services.forEach(({ price }, s) => put(priceRow, columns.first + s, money(price)));
  }
  const half = plan.sections ? Math.ceil(drawn.clients.length / 2) : drawn.clients.length;
  const totals: number[] = [];
  for (const [from, to] of [
    [0, half],
    [half, drawn.clients.length],
  ] as const) {
    if (from === to) continue;
    if (plan.sections) put(row++, columns.client, TEAMS[from === 0 ? 0 : 1] ?? '');
    const start = row;
    for (let c = from; c < to; c += 1)
      writeClient(put, row++, c, { drawn, quantities, plan, columns, priceRow });
    if (plan.hidden && from === 0) {
      hiddenRows.push(row);
      put(row, columns.client, 'Gone Ltd (left)');
      put(row, columns.first, 4);
      put(row++, columns.total, money(0));
    }
    if (plan.sections) {
      writeTotal(put, row, 'Subtotal', {
        columns,
        from: start,
        to: row - 1,
        drawn,
        quantities,
        clients: [from, to],
        plan,
      });
      totals.push(row++);
    }
    if (plan.blanks) row += 1;
  }
  if (plan.grandTotal) {
    const sum = sumOf(drawn, quantities, 0, drawn.clients.length);
    put(row, columns.client, 'GRAND TOTAL');
    const formula = plan.sections
      ? totals.map((one) => at(one, columns.total)).join('+')
      : `SUM(${at(row - 1 - drawn.clients.length - (plan.blanks ? 1 : 0) - (plan.hidden ? 1 : 0), columns.total)}:${at(row - 1, columns.total)})`;
    put(row, columns.total, plan.formulas === 'values' ? money(sum) : stored(plan, formula, sum));
  }
  put(row + 2, columns.client, '* phones are billed separately');
  return { name, cells, merged, hiddenRows };
}

function writeHeader(
  put: Put,
  merged: string[],
  top: number,
  drawn: Month,
  plan: Layout,
  columns: GridColumns,
): number {
  let row = top;
  if (plan.groups && drawn.services.length > 3) {
    put(row, columns.first, 'DEVICES');
    merged.push(`${at(row, columns.first)}:${at(row, columns.first + 1)}`);
    put(row, columns.first + 2, 'OTHER SERVICES');
    merged.push(`${at(row, columns.first + 2)}:${at(row, columns.last)}`);
    row += 1;
  }
  put(row, columns.client, plan.clientWord);
  if (columns.code !== null) put(row, columns.code, 'Client #');
  if (columns.extra !== null) put(row, columns.extra, 'Zip');
  if (columns.notes !== null) put(row, columns.notes, 'Notes');
  put(row, columns.total, plan.totalWord);
  drawn.services.forEach(({ name, price }, s) => {
    put(
      row,
      columns.first + s,
      plan.prices === 'header' ? `${name} ($${(price / 100).toFixed(2)})` : name,
    );
  });
  return row + 1;
}

interface ClientRow {
  readonly drawn: Month;
  readonly quantities: Month['quantities'];
  readonly plan: Layout;
  readonly columns: GridColumns;
  readonly priceRow: number | null;
}

function writeClient(
  put: Put,
  row: number,
  c: number,
  { drawn, quantities, plan, columns, priceRow }: ClientRow,
): void {
  put(row, columns.client, drawn.clients[c] ?? '');
  if (columns.code !== null) put(row, columns.code, `C-${String(100 + c)}`);
  if (columns.extra !== null) put(row, columns.extra, 85_000 + c);
  if (columns.notes !== null && c % 3 === 0) put(row, columns.notes, 'PO 4151 required');
  drawn.services.forEach((_, s) => {
    const own = quantities[c]?.[s] ?? null;
    put(row, columns.first + s, own === 0 && plan.dashes ? '-' : own);
  });
  const sum = sumOf(drawn, quantities, c, c + 1);
  put(row, columns.total, totalCell(row, { drawn, quantities, plan, columns, priceRow }, sum));
}

function totalCell(
  row: number,
  { drawn, plan, columns, priceRow }: ClientRow,
  sum: number,
): CellInput {
  const { first, last } = columns;
  if (plan.formulas === 'values' && plan.prices !== 'formula') return money(sum);
  if (plan.formulas === 'SUMPRODUCT' && priceRow !== null) {
    return stored(
      plan,
      `SUMPRODUCT(${at(row, first)}:${at(row, last)},${columnLetters(first)}$${String(priceRow)}:${columnLetters(last)}$${String(priceRow)})`,
      sum,
    );
  }
  if (plan.dashes)
    return plan.prices === 'formula'
      ? stored(
          plan,
          drawn.services
            .map(({ price }, s) => `N(${at(row, first + s)})*${String(price / 100)}`)
            .join('+'),
          sum,
        )
      : money(sum);
  return stored(
    plan,
    drawn.services.map(({ price }, s) => `${at(row, first + s)}*${String(price / 100)}`).join('+'),
    sum,
  );
}

/** With its value, as Excel stores it, or without, as a program writes it. */
const stored = (plan: Layout, formula: string, cents: number): CellInput =>
  plan.stored ? money(cents, { formula }) : { formula, format: '"$"#,##0.00' };

interface TotalRow {
  readonly columns: GridColumns;
  readonly from: number;
  readonly to: number;
  readonly drawn: Month;
  readonly quantities: Month['quantities'];
  readonly clients: readonly [number, number];
  readonly plan: Layout;
}

function writeTotal(
  put: Put,
  row: number,
  label: string,
  { columns, from, to, drawn, quantities, clients, plan }: TotalRow,
): void {
  put(row, columns.client, label);
  const sum = sumOf(drawn, quantities, ...clients);
  const range = (column: number): string => `SUM(${at(from, column)}:${at(to, column)})`;
  put(
    row,
    columns.total,
    plan.formulas === 'values' ? money(sum) : stored(plan, range(columns.total), sum),
  );
}

function sumOf(
  { services }: Month,
  quantities: Month['quantities'],
  from: number,
  to: number,
): number {
  return quantities
    .slice(from, to)
    .flatMap((row) => row.map((own, s) => (own ?? 0) * (services[s]?.price ?? 0)))
    .reduce((a, b) => a + b, 0);
}

const linesLayout = fc.record({
  top: fc.integer({ min: 0, max: 4 }),
  left: fc.integer({ min: 0, max: 2 }),
  order: fc.shuffledSubarray(
    ['client', 'item', 'quantity', 'price', 'amount', 'last', 'source', 'notes', 'invoice'],
    { minLength: 9 },
  ),
  words: fc.record({
    client: fc.constantFrom('Client', 'Customer', 'Bill To', 'Company name'),
    item: fc.constantFrom('Item', 'Service', 'Description', 'Product / Service', 'Line item'),
    quantity: fc.constantFrom(
      'Qty',
      'Quantity',
      'Units',
      'Count',
      'This month',
      'Qty now',
      'Oct qty',
    ),
    price: fc.constantFrom('Unit price', 'Rate', 'Price', 'Unit Price ($)', 'Price ea'),
    amount: fc.constantFrom('Amount', 'Line Total', 'Ext. price', 'Total', 'Extended'),
  }),
  once: fc.constantFrom('each row', 'first row', 'merged'),
  totals: fc.boolean(),
  blanks: fc.boolean(),
  grand: fc.boolean(),
  formulas: fc.boolean(),
  stored: fc.boolean(),
});

export const randomLines: fc.Arbitrary<RandomSheet> = fc
  .tuple(month, linesLayout)
  .map(([drawn, plan]) => {
    const column = Object.fromEntries(
      plan.order.map((word, index) => [word, plan.left + 1 + index]),
    ) as Record<string, number>;
    const cells: Record<string, CellInput> = {};
    const merged: string[] = [];
    const put = (row: number, word: string, input: CellInput): void => {
      if (input !== null) cells[at(row, column[word] ?? 1)] = input;
    };
    let row = plan.top + 1;
    put(row, plan.order[0] ?? 'client', 'Invoice lines, October 2026');
    row += 2;
    const headers: Record<string, string> = {
      ...plan.words,
      last: 'Last month',
      source: 'Source',
      notes: 'Notes',
      invoice: 'Invoice #',
    };
    for (const [word, text] of Object.entries(headers)) put(row, word, text);
    row += 1;
    const truth = truthOf(drawn);
    const totals: number[] = [];
    const formula = (text: string, cents: number): CellInput => {
      if (!plan.formulas) return money(cents);
      return plan.stored
        ? money(cents, { formula: text })
        : { formula: text, format: '"$"#,##0.00' };
    };
    const cell = (r: number, word: string): string => at(r, column[word] ?? 1);
    let first = row;
    for (const [c, client] of drawn.clients.entries()) {
      const own = truth.filter((line) => line.client === client);
      if (own.length === 0) continue;
      first = row;
      for (const [index, line] of own.entries()) {
        if (index === 0 || plan.once === 'each row') put(row, 'client', client);
        put(row, 'item', line.service);
        put(row, 'quantity', line.quantity);
        put(row, 'price', money(line.price));
        put(
          row,
          'amount',
          formula(`${cell(row, 'quantity')}*${cell(row, 'price')}`, line.quantity * line.price),
        );
        put(
          row,
          'last',
          drawn.before[c]?.[drawn.services.findIndex(({ name }) => name === line.service)] ?? null,
        );
        put(row, 'source', 'RMM');
        put(row, 'invoice', 20_400 + c);
        row += 1;
      }
      if (plan.once === 'merged' && own.length > 1)
        merged.push(`${cell(first, 'client')}:${cell(row - 1, 'client')}`);
      if (plan.totals) {
        put(row, 'client', `Total – ${client}`);
        put(
          row,
          'amount',
          formula(`SUM(${cell(first, 'amount')}:${cell(row - 1, 'amount')})`, centsOf(own)),
        );
        totals.push(row);
        row += 1;
      }
      if (plan.blanks) row += 1;
    }
    if (plan.grand && plan.totals) {
      put(row, 'client', 'GRAND TOTAL');
      put(
        row,
        'amount',
        formula(totals.map((one) => cell(one, 'amount')).join('+'), centsOf(truth)),
      );
    }
    const previous = new Map(previousOf(drawn));
    return { sheets: [{ name: 'Invoice Lines', cells, merged }], truth, previous };
  });

export const centsOf = (lines: readonly TrueLine[]): number =>
  lines.reduce((sum, { quantity: own, price }) => sum + own * price, 0);
