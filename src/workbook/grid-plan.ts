/** What a grid is made of: which columns count services, at what price, and which one is the total. */
import type { BillingPeriod } from '../core/billing-period.ts';
import { previousPeriod } from '../core/billing-period.ts';
import type { UnitPrice } from '../core/money.ts';
import { parseUnitPrice } from '../core/money.ts';
import { nameKey } from './cell-text.ts';
import { isDash } from './find-tables.ts';
import {
  describesClient,
  priceInHeader,
  splitHeader,
  wordsOf,
  type MonthMark,
} from './header-words.ts';
import { explainFormula, type Linear } from './linear-formula.ts';
import { ONE, isSame, plus, times } from './decimal.ts';
import { priceOfCell } from './sheet-money.ts';
import { columnsOf, type Column, type ReadingScope, type Table } from './table.ts';
import { kindsOfRows, isVerticalSum, type RowKind } from './row-kinds.ts';
import { parseFormula, type Formula } from './formula-parser.ts';

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

export type MonthSide = 'this' | 'last' | 'other' | 'none';

export function sideOf(mark: MonthMark | null, period: BillingPeriod | null): MonthSide {
  if (mark === null) return 'none';
  if (mark === 'this') return 'this';
  if (mark === 'last') return 'last';
  if (period === null) return 'other';
  const before = previousPeriod(period);
  if (mark === period || mark === `month ${Number(period.slice(5))}`) return 'this';
  return mark === before || mark === `month ${Number(before.slice(5))}` ? 'last' : 'other';
}

export function planGrid(scope: ReadingScope, table: Table): GridPlan {
  const clientColumn = columnsOf(table, 'client')[0]?.column ?? null;
  const amountColumn = chooseAmount(scope, table);
  const candidates = table.columns.filter((column) =>
    isCandidate(scope, table, column, amountColumn),
  );
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
    values: now.map((column) => toValue(table, column)),
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

/** Of several totals the one that adds up the others, else the one with most figures. */
function chooseAmount(scope: ReadingScope, table: Table): number | null {
  const columns = columnsOf(table, 'amount').filter(
    (one) => !['last', 'other'].includes(sideOf(one.month, scope.period)),
  );
  const unnamed = columns.filter(({ name, path }) => name === null || path.length === 1);
  const candidates = (unnamed.length > 0 ? unnamed : columns).map(({ column }) => column);
  const used = new Set<number>();
  const figures = new Map(candidates.map((column) => [column, 0]));
  for (let row = table.firstRow; row <= table.lastRow; row += 1) {
    for (const column of candidates) {
      const cell = scope.index.at(row, column);
      if (!cell || cell.value.kind === 'text') continue;
      figures.set(column, (figures.get(column) ?? 0) + (cell.formula === null ? 1 : 2));
      for (const other of sameRowColumns(cell.formula, row))
        if (candidates.includes(other) && other !== column) used.add(other);
    }
  }
  const open = candidates.filter((column) => !used.has(column) && (figures.get(column) ?? 0) > 0);
  return (
    [...open].sort((a, b) => (figures.get(b) ?? 0) - (figures.get(a) ?? 0) || b - a)[0] ?? null
  );
}

function sameRowColumns(formula: string | null, row: number): readonly number[] {
  const tree = formula === null ? null : parseFormula(formula);
  return tree
    ? references(tree)
        .filter((one) => one.row === row)
        .map(({ column }) => column)
    : [];
}

/** All single cells a formula names; of ranges both corners and what is between them in one row. */
function references(
  tree: Formula,
): readonly { row: number; column: number; sheet: string | null }[] {
  switch (tree.kind) {
    case 'reference':
      return [tree];
    case 'range': {
      const { from, to } = tree;
      if (from.row !== to.row) return [from, to];
      const width = Math.min(Math.abs(to.column - from.column), 300);
      return Array.from({ length: width + 1 }, (_, at) => ({
        ...from,
        column: Math.min(from.column, to.column) + at,
      }));
    }
    case 'call':
      return tree.args.flatMap(references);
    case 'sign':
    case 'percent':
      return references(tree.of);
    case 'operation':
      return [...references(tree.left), ...references(tree.right)];
    case 'number':
    case 'text':
    case 'boolean':
    case 'name':
    case 'missing':
      return [];
  }
}

/** Rows that the totals of two or more other rows point at are prices, whatever their label. */
function pointedAt(
  scope: ReadingScope,
  table: Table,
  amountColumn: number | null,
): ReadonlySet<number> {
  const counts = new Map<number, number>();
  if (amountColumn === null) return new Set();
  for (let row = table.firstRow; row <= table.lastRow; row += 1) {
    const cell = scope.index.at(row, amountColumn);
    if (!cell?.formula || isVerticalSum(cell, scope.index)) continue;
    const tree = parseFormula(cell.formula);
    const named = tree
      ? references(tree).filter(({ sheet }) => sheet === null || sheet === scope.index.name)
      : [];
    if (!named.some((one) => one.row === row)) continue;
    for (const other of new Set(named.map((one) => one.row))) {
      if (other !== row) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
  }
  return new Set([...counts].filter(([, count]) => count >= 2).map(([row]) => row));
}

const ROWS_ABOVE = 4;

/** Prices may stand over the header: a row of numbers above the columns that count. */
function pricesAbove(
  scope: ReadingScope,
  table: Table,
  columns: ReadonlySet<number>,
): readonly number[] {
  const rows: number[] = [];
  for (let row = Math.max(1, table.headerTop - ROWS_ABOVE); row < table.firstRow; row += 1) {
    const cells = scope.index.row(row).filter((cell) => columns.has(cell.column));
    const prices = cells.filter(
      (cell) => priceOfCell(cell) !== null && cell.value.kind === 'number',
    );
    const isLabelled = scope.index
      .row(row)
      .some(
        (cell) =>
          cell.value.kind === 'text' && /price|rate|sell|each|\$/.test(wordsOf(cell.value.text)),
      );
    if (prices.length >= 1 && (isLabelled || prices.length >= 2)) rows.push(row);
  }
  return rows;
}

/** The row's total as a sum of its quantities, subtotals of the row worked in. */
export function explainRow(scope: ReadingScope, plan: GridPlan, row: number): Linear | null {
  const cell = plan.amountColumn === null ? null : scope.index.at(row, plan.amountColumn);
  if (!cell?.formula) return null;
  const priceColumns = new Set(
    plan.table.columns.filter(isPriceColumn).map(({ column }) => column),
  );
  const isUnknown = (r: number, c: number): boolean => r === row && !priceColumns.has(c);
  const explain = (formula: string): Linear | null =>
    explainFormula(formula, { home: scope.index, others: scope.others, isUnknown });
  let linear = explain(cell.formula);
  for (let pass = 0; linear && pass < 4; pass += 1)
    linear = workIn(scope, plan, row, linear, explain);
  return linear;
}

function workIn(
  scope: ReadingScope,
  plan: GridPlan,
  row: number,
  linear: Linear,
  explain: (formula: string) => Linear | null,
): Linear {
  const terms = new Map<string, typeof linear.constant>();
  let { constant } = linear;
  const add = (key: string, value: typeof constant): void =>
    void terms.set(key, plus(terms.get(key) ?? { units: 0n, scale: 0 }, value));
  for (const [key, coefficient] of linear.terms) {
    const column = Number(key.split(',')[1]);
    const inner = isSubtotal(plan, column) ? scope.index.at(row, column)?.formula : null;
    const made = inner ? explain(inner) : null;
    if (!made || made.terms.size === 0) add(key, coefficient);
    else {
      for (const [innerKey, value] of made.terms) add(innerKey, times(value, coefficient));
      constant = plus(constant, times(made.constant, coefficient));
    }
  }
  return { terms, constant };
}

const isSubtotal = (plan: GridPlan, column: number): boolean =>
  plan.table.columns.some(
    (one) =>
      one.column === column &&
      (one.role === 'amount' || splitHeader(one.path.at(-1) ?? '')?.role === 'amount'),
  );

const isPriceColumn = ({ role, path }: Column): boolean =>
  role === 'price' || splitHeader(path.at(-1) ?? '')?.role === 'price';

export const isOne = (coefficient: Parameters<typeof isSame>[0]): boolean =>
  isSame(coefficient, ONE);
export const isAttribute = (column: Column): boolean => describesClient(column.path.at(-1) ?? '');
