/** What a list of lines is made of: which column holds the quantity that is billed, price, amount. */
import type { Column } from './table.ts';
import { columnsOf, type ReadingScope, type Table } from './table.ts';
import { decimalOfNumber, isSame, rounded, times } from './decimal.ts';
import { sideOf } from './month-side.ts';
import { explainFormula, termKey } from './linear-formula.ts';
import { kindsOfRows, type RowKind } from './row-kinds.ts';
import type { Cell } from './workbook.ts';

export interface LinesPlan {
  readonly table: Table;
  readonly clientColumn: number | null;
  readonly codeColumn: number | null;
  readonly itemColumn: number;
  readonly quantityColumn: number | null;
  readonly previousColumn: number | null;
  readonly priceColumn: number | null;
  readonly amountColumn: number | null;
  readonly kindColumns: readonly number[];
  readonly sourceColumn: number | null;
  readonly notesColumns: readonly number[];
  readonly kinds: ReadonlyMap<number, RowKind>;
}

export function planLines(scope: ReadingScope, table: Table): LinesPlan | null {
  const itemColumn = chooseItem(scope, table);
  if (itemColumn === null) return null;
  const quantities = [
    ...columnsOf(table, 'quantity'),
    ...columnsOf(table, 'units'),
    ...unnamedMonths(table),
  ];
  const sides = quantities.map((one) => sideOf(one.month, scope.period));
  const hasThis = sides.includes('this');
  const now = quantities.filter(
    (_, at) =>
      sides[at] === 'this' ||
      (sides[at] === 'none' && !hasThis) ||
      (sides[at] === 'none' && hasThis && quantities.length < 2),
  );
  const open =
    now.length > 0
      ? now
      : quantities.filter((_, at) => sides[at] === 'none' || (sides[at] === 'other' && !hasThis));
  const amounts = columnsOf(table, 'amount').filter(
    (one) => !['last', 'other'].includes(sideOf(one.month, scope.period)),
  );
  const prices = [...columnsOf(table, 'price'), ...columnsOf(table, 'cost')].filter(
    (one) => sideOf(one.month, scope.period) !== 'last',
  );
  const best = bestTriple(
    scope,
    table,
    [...open, ...quantities.filter((one, at) => !open.includes(one) && sides[at] === 'none')],
    prices,
    amounts,
  );
  if (best.quantity === null && best.amount === null) return null;
  const numberColumns = new Set([best.quantity, best.amount].flatMap((column) => column ?? []));
  const clientColumn =
    columnsOf(table, 'client')[0]?.column ?? columnsOf(table, 'code')[0]?.column ?? null;
  return {
    table,
    clientColumn,
    codeColumn:
      columnsOf(table, 'code').find(({ column }) => column !== clientColumn)?.column ?? null,
    itemColumn,
    quantityColumn: best.quantity,
    previousColumn: quantities.find((_, at) => sides[at] === 'last')?.column ?? null,
    priceColumn: best.price,
    amountColumn: best.amount,
    kindColumns: columnsOf(table, 'kind').map(({ column }) => column),
    sourceColumn: columnsOf(table, 'source')[0]?.column ?? null,
    notesColumns: columnsOf(table, 'notes').map(({ column }) => column),
    kinds: kindsOfRows({
      index: scope.index,
      table,
      numberColumns,
      clientColumn,
      itemColumn,
      priceRows: new Set(),
    }),
  };
}

/** Of "Item", "SKU" and "Description" the one named as a service first, where it holds texts. */
function chooseItem(scope: ReadingScope, table: Table): number | null {
  const columns = columnsOf(table, 'service').filter(
    ({ column }) => countTexts(scope, table, column) > 0,
  );
  const rank = ({ path }: Column): number => {
    const word = (path.at(-1) ?? '').toLowerCase();
    if (/service|product|item|offering/.test(word) && !/description|sku|code|no\b|#/.test(word))
      return 0;
    return /line|description/.test(word) ? 1 : 2;
  };
  return [...columns].sort((a, b) => rank(a) - rank(b) || a.column - b.column)[0]?.column ?? null;
}

function countTexts(scope: ReadingScope, table: Table, column: number): number {
  let count = 0;
  for (let row = table.firstRow; row <= table.lastRow; row += 1) {
    if (scope.index.at(row, column)?.value.kind === 'text') count += 1;
  }
  return count;
}

const unnamedMonths = (table: Table): readonly Column[] =>
  table.columns.filter(
    ({ role, month, name }) => role === 'other' && month !== null && name === null,
  );

interface Triple {
  readonly quantity: number | null;
  readonly price: number | null;
  readonly amount: number | null;
}

/** Which quantity × which price gives which amount: tried on the rows, not read off the words. */
function bestTriple(
  scope: ReadingScope,
  table: Table,
  quantities: readonly Column[],
  prices: readonly Column[],
  amounts: readonly Column[],
): Triple {
  const orNone = (columns: readonly Column[]): readonly (number | null)[] =>
    columns.length === 0 ? [null] : columns.map(({ column }) => column);
  let best: Triple = {
    quantity: quantities[0]?.column ?? null,
    price: prices.find(({ role }) => role === 'price')?.column ?? null,
    amount: amounts.at(-1)?.column ?? null,
  };
  let most = 0;
  for (const quantity of orNone(quantities)) {
    for (const price of orNone(prices)) {
      for (const amount of orNone(amounts)) {
        const fits = countFits(scope, table, { quantity, price, amount });
        if (fits > most) [best, most] = [{ quantity, price, amount }, fits];
      }
    }
  }
  return best;
}

const ROWS_TRIED = 200;

function countFits(scope: ReadingScope, table: Table, { quantity, price, amount }: Triple): number {
  if (quantity === null || price === null || amount === null) return 0;
  let fits = 0;
  const until = Math.min(table.lastRow, table.firstRow + ROWS_TRIED);
  for (let row = table.firstRow; row <= until; row += 1) {
    const cellAt = (column: number): Cell | null => scope.index.at(row, column);
    const [q, p, a] = [cellAt(quantity), cellAt(price), cellAt(amount)];
    if (a?.formula && usesQuantity(scope, a.formula, row, quantity)) fits += 2;
    else if (q && p && a && multiplies(q, p, a)) fits += 1;
  }
  return fits;
}

function usesQuantity(scope: ReadingScope, formula: string, row: number, column: number): boolean {
  const isUnknown = (r: number, c: number): boolean => r === row && c === column;
  const linear = explainFormula(formula, { home: scope.index, others: scope.others, isUnknown });
  return linear?.terms.has(termKey(row, column)) ?? false;
}

function multiplies(q: Cell, p: Cell, a: Cell): boolean {
  if (q.value.kind !== 'number' || p.value.kind !== 'number' || a.value.kind !== 'number')
    return false;
  if (q.value.number === 0 || a.value.number === 0) return false;
  const [x, y, z] = [q, p, a].map((cell) =>
    cell.value.kind === 'number' ? decimalOfNumber(cell.value.number) : null,
  );
  return Boolean(x && y && z && isSame(rounded(times(x, y), 2), rounded(z, 2)));
}
