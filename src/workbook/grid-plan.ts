/** What a grid is made of: which columns count services, at what price, and which one is the total. */
import { sideOf } from './month-side.ts';
import type { UnitPrice } from '../core/money.ts';
import { parseUnitPrice } from '../core/money.ts';
import { nameKey } from './cell-text.ts';
import { isDash } from './find-tables.ts';
import { describesClient, priceInHeader, splitHeader } from './header-words.ts';
import { ONE, isSame } from './decimal.ts';
import { columnsOf, type Column, type ReadingScope, type Table } from './table.ts';
import { kindsOfRows, type RowKind } from './row-kinds.ts';
import { chooseAmount, pointedAt, pricesAbove } from './grid-totals.ts';
import { factorColumns } from './grid-factors.ts';

export interface ValueColumn extends Column {
  /** The service, as the sheet spells it. */
  readonly service: string;
  /** The column that holds this service's price in each row, where there is one. */
  readonly priceColumn: number | null;
  readonly headerPrice: UnitPrice | null;
}

export interface GridPlan {
  readonly table: Table;
  readonly values: readonly ValueColumn[];
  /** Last month's quantity beside this month's, by the column of this month. */
  readonly previous: ReadonlyMap<number, number>;
  readonly clientColumn: number | null;
  readonly codeColumn: number | null;
  readonly notesColumns: readonly number[];
  readonly amountColumn: number | null;
  readonly otherMonths: ReadonlySet<number>;
  readonly kinds: ReadonlyMap<number, RowKind>;
  /** Rows that hold prices, top to bottom; some may stand above the header. */
  readonly priceRows: readonly number[];
}

export function planGrid(scope: ReadingScope, table: Table): GridPlan {
  const clientColumn = columnsOf(table, 'client')[0]?.column ?? null;
  const amountColumn = chooseAmount(scope, table);
  const candidates = table.columns.filter((column) =>
    isCandidate(scope, table, column, amountColumn),
  );
  const factors = factorColumns(scope, table, amountColumn);
  const hasThis = candidates.some((column) => sideOf(column.month, scope.period) === 'this');
  const sides = new Map(candidates.map((one) => [one.column, sideOf(one.month, scope.period)]));
  const now = candidates.filter(({ column }) => {
    const side = sides.get(column);
    return side === 'this' || side === 'none' || (side === 'other' && !hasThis);
  });
  const priced = pointedAt(scope, table, amountColumn);
  const numberColumns = new Set([
    ...candidates.map(({ column }) => column),
    ...(amountColumn === null ? [] : [amountColumn]),
  ]);
  const kinds = kindsOfRows({
    index: scope.index,
    table,
    numberColumns,
    clientColumn,
    itemColumn: null,
    priceRows: priced,
  });
  return {
    table,
    values: now
      .filter(({ column }) => !factors.has(column))
      .map((column) => withFactor(toValue(table, column), factors)),
    previous: pairPrevious(
      now,
      candidates.filter(({ column }) => sides.get(column) === 'last'),
    ),
    clientColumn,
    codeColumn: columnsOf(table, 'code')[0]?.column ?? null,
    notesColumns: columnsOf(table, 'notes').map(({ column }) => column),
    amountColumn,
    otherMonths: new Set(
      candidates.filter((one) => !now.includes(one)).map(({ column }) => column),
    ),
    kinds,
    priceRows: [
      ...pricesAbove(scope, table, numberColumns),
      ...[...kinds].filter(([, kind]) => kind === 'price').map(([row]) => row),
    ],
  };
}

/** A column whose cells are mostly figures and whose header is not one of a known other kind. */
function isCandidate(
  scope: ReadingScope,
  table: Table,
  column: Column,
  amountColumn: number | null,
): boolean {
  if (column.column === amountColumn || !['other', 'units', 'quantity'].includes(column.role))
    return false;
  const leaf = column.path.at(-1);
  if (leaf === undefined || ['price', 'amount'].includes(splitHeader(leaf)?.role ?? ''))
    return false;
  let [figures, texts] = [0, 0];
  for (let row = table.firstRow; row <= table.lastRow; row += 1) {
    const cell = scope.index.at(row, column.column);
    if (!cell || (cell.value.kind === 'blank' && cell.formula === null)) continue;
    if (cell.value.kind === 'text' && !isDash(cell) && !/^\s*[-(]?\d/.test(cell.value.text))
      texts += 1;
    else if (cell.value.kind !== 'date') figures += 1;
  }
  return figures > 0 && figures * 2 > texts;
}

function toValue(table: Table, column: Column): ValueColumn {
  const leaf = column.path.at(-1) ?? '';
  const split = splitHeader(leaf);
  const service = column.name ?? leaf;
  const isSplit = column.name === leaf && split?.role === 'quantity';
  const priceColumn = table.columns.find((other) =>
    isPriceOf(other, column, isSplit ? split.name : service),
  );
  const inHeader = column.path.map(priceInHeader).find((price) => price !== null) ?? null;
  return {
    ...column,
    service: isSplit && priceColumn ? split.name : service,
    priceColumn: priceColumn?.column ?? loneRate(table, column),
    headerPrice: inHeader === null ? null : parseUnitPrice(inHeader),
  };
}

function isPriceOf(other: Column, column: Column, service: string): boolean {
  if (other.column === column.column) return false;
  const split = splitHeader(other.path.at(-1) ?? '');
  const isSplitPrice = split?.role === 'price' && nameKey(split.name) === nameKey(service);
  return (
    isSplitPrice ||
    (other.role === 'price' && other.name !== null && nameKey(other.name) === nameKey(service))
  );
}

/** "Client | Users | Rate | Total": the one rate prices the one count beside it. */
function loneRate(table: Table, column: Column): number | null {
  const rates = table.columns.filter(({ role, name }) => role === 'price' && name === null);
  const counts = table.columns.filter(
    ({ role }) => role === 'units' || role === 'quantity' || role === 'other',
  );
  const [rate] = rates;
  const before = counts.filter((one) => rate !== undefined && one.column < rate.column).at(-1);
  return rates.length === 1 && rate && before?.column === column.column ? rate.column : null;
}

function withFactor(value: ValueColumn, factors: ReadonlyMap<number, number>): ValueColumn {
  const [price] = [...factors].find(([, count]) => count === value.column) ?? [];
  return price === undefined ? value : { ...value, priceColumn: price };
}

function pairPrevious(
  now: readonly Column[],
  before: readonly Column[],
): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  for (const column of now) {
    const key = nameKey(column.name ?? '');
    const match = before.find((one) => nameKey(one.name ?? '') === key);
    if (match) pairs.set(column.column, match.column);
  }
  return pairs;
}

export const isOne = (coefficient: Parameters<typeof isSame>[0]): boolean =>
  isSame(coefficient, ONE);
export const isAttribute = (column: Column): boolean => describesClient(column.path.at(-1) ?? '');
