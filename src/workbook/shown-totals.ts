/** The sums the sheet itself shows: subtotals, the grand total, and which rows they cover. */
import type { Currency } from '../core/money.ts';
import { cellText, isEmptyText } from './cell-text.ts';
import { cellDecimal, type FormulaScope } from './linear-formula.ts';
import { parseFormula, type Formula } from './formula-parser.ts';
import { isGrandLabel, isTotalLabel, wordsOf } from './header-words.ts';
import { readPriceText } from './number-text.ts';
import type { ReadingNotes, RowReading, TotalCell } from './reading-notes.ts';
import type { RowKind } from './row-kinds.ts';
import { toMoney } from './sheet-money.ts';
import { decimalOf } from './decimal.ts';
import type { SheetIndex } from './sheet-index.ts';
import { hasNumber, type ReadingScope, type Table } from './table.ts';
import type { Cell } from './workbook.ts';

interface TotalScope extends ReadingScope {
  readonly notes: ReadingNotes;
  readonly currency: Currency;
}

/** An amount as a cell shows it, also where it is a text; formulas without a value are worked out. */
export function shownAmount(
  cell: Cell | null,
  currency: Currency,
  formulas?: FormulaScope,
): RowReading['shown'] {
  if (!cell) return null;
  const at = { row: cell.row, column: cell.column };
  if (cell.value.kind === 'text') {
    const reading = readPriceText(cell.value.text);
    const value = 'number' in reading ? decimalOf(reading.number) : null;
    const amount = value && toMoney(value, currency);
    return amount && { at, amount, isText: true };
  }
  if (cell.value.kind !== 'number' && !formulas) return null;
  const value =
    cell.value.kind === 'number'
      ? decimalOf(String(cell.value.number))
      : formulas
        ? cellDecimal(cell, formulas)
        : null;
  const amount = value && toMoney(value, currency);
  return amount ? { at, amount, isText: false } : null;
}

/** The total rows of a table, with the cell of each that stands in the column of the amounts. */
export function totalCells(
  scope: TotalScope,
  table: Table,
  kinds: ReadonlyMap<number, RowKind>,
  amountColumn: number | null,
): readonly TotalCell[] {
  const found: TotalCell[] = [];
  for (const [row, kind] of kinds) {
    if (kind !== 'total') continue;
    const label = labelOf(scope.index, row, table);
    const total = totalOfRow(scope, row, label, amountColumn);
    if (total) found.push(total);
    for (const cell of scope.index.row(row))
      scope.notes.skip(cell, isGrandLabel(label) ? 'grand total' : 'total or subtotal');
  }
  return [...found, ...totalsAbove(scope, table)];
}

function totalOfRow(
  scope: TotalScope,
  row: number,
  label: string,
  amountColumn: number | null,
): TotalCell | null {
  const numbers = scope.index.row(row).filter(hasNumber);
  const inColumn = amountColumn === null ? null : scope.index.at(row, amountColumn);
  const cell =
    inColumn && (hasNumber(inColumn) || inColumn.value.kind === 'error')
      ? inColumn
      : numbers.length === 1 && amountColumn !== null
        ? (numbers[0] ?? null)
        : null;
  return toTotal(scope, cell, label);
}

function toTotal(scope: TotalScope, cell: Cell | null, label: string): TotalCell | null {
  const shown = shownAmount(cell, scope.currency, {
    home: scope.index,
    others: scope.others,
    isUnknown: () => false,
  });
  if (!cell) return null;
  const at = { row: cell.row, column: cell.column };
  return { at, label, amount: shown?.amount ?? null, formula: cell.formula };
}

function labelOf(index: SheetIndex, row: number, table: Table): string {
  const texts = index
    .row(row)
    .filter(({ column }) => column <= table.right)
    .flatMap((cell) => (cell.value.kind === 'text' ? [cell.value.text] : []));
  return texts.find(isTotalLabel) ?? texts.find((text) => !isEmptyText(text)) ?? '';
}

/** "Total this month: 97,919.00" in the lines above the table. */
function totalsAbove(scope: TotalScope, table: Table): readonly TotalCell[] {
  const found: TotalCell[] = [];
  if (table.order > 0) return found;
  for (let row = 1; row < table.headerTop; row += 1) {
    const cells = scope.index.row(row);
    const label = cells.find((cell) => isMoneyTotal(cellText(cell) ?? ''));
    const next = label && cells.find((cell) => cell.column > label.column && hasNumber(cell));
    if (!next) continue;
    const total = toTotal(scope, next, cellText(label) ?? '');
    if (!total) continue;
    found.push(total);
    scope.notes.skip(next, 'total above the table');
  }
  return found;
}

const isMoneyTotal = (text: string): boolean =>
  isTotalLabel(text) &&
  !/\b(?:clients?|users?|seats?|devices?|count|qty|quantity|endpoints?)\b/.test(wordsOf(text));

/** The one total that stands for the whole sheet, or null when none does. */
export function grandTotal(
  totals: readonly TotalCell[],
  rows: readonly RowReading[],
  amountColumn: number | null,
): TotalCell | null {
  const named = totals.filter(({ label }) => isGrandLabel(label));
  if (named.length > 0) return named.at(-1) ?? null;
  const known = totals.flatMap((total) => {
    const covered = coveredRows(total, totals, amountColumn, new Set());
    return covered === null ? [] : [{ total, covered }];
  });
  const isOfRows = (covered: ReadonlySet<number>): boolean =>
    rows.some(({ row }) => covered.has(row));
  const whole = known.filter(
    ({ total, covered }) =>
      isOfRows(covered) &&
      known.every((one) => one.total === total || isWithin(one.covered, covered)),
  );
  if (whole.length > 0) return whole.at(-1)?.total ?? null;
  const plain = totals.filter(
    ({ label }) => isTotalLabel(label) && !/^sub|[–—:-]\s*\S|\bfor\b/.test(wordsOf(label)),
  );
  return plain.length === 1 ? (plain[0] ?? null) : totals.length === 1 ? (totals[0] ?? null) : null;
}

/** A section's subtotal leaves out rows that another subtotal has; the total leaves out none of them. */
const isWithin = (inner: ReadonlySet<number>, outer: ReadonlySet<number>): boolean =>
  [...inner].every((row) => outer.has(row));

/** The rows whose amounts a sum takes in, through subtotals; null when it cannot be told. */
export function coveredRows(
  total: TotalCell,
  totals: readonly TotalCell[],
  amountColumn: number | null,
  seen: Set<TotalCell>,
): ReadonlySet<number> | null {
  const tree = total.formula === null ? null : parseFormula(total.formula);
  if (!tree || seen.has(total)) return null;
  seen.add(total);
  const rows = new Set<number>();
  const addRow = (row: number, column: number): boolean => {
    if (amountColumn !== null && column !== amountColumn && column !== total.at.column)
      return false;
    const inner = totals.find((one) => one.at.row === row && one !== total);
    const covered = inner ? coveredRows(inner, totals, amountColumn, seen) : null;
    if (inner && !covered) return false;
    for (const one of covered ?? [row]) rows.add(one);
    return true;
  };
  return collect(tree, addRow) ? rows : null;
}

function collect(tree: Formula, addRow: (row: number, column: number) => boolean): boolean {
  switch (tree.kind) {
    case 'reference':
      return addRow(tree.row, tree.column);
    case 'range': {
      const [from, to] = [
        Math.min(tree.from.row, tree.to.row),
        Math.max(tree.from.row, tree.to.row),
      ];
      if (tree.from.column !== tree.to.column || to - from > 20_000) return false;
      for (let row = from; row <= to; row += 1) addRow(row, tree.from.column);
      return true;
    }
    case 'call': {
      const args = /^SUBTOTAL$/i.test(tree.name) ? tree.args.slice(1) : tree.args;
      return (
        /^(?:SUM|SUBTOTAL|ROUND)$/i.test(tree.name) &&
        args.every((one) => one.kind === 'number' || collect(one, addRow))
      );
    }
    case 'operation':
      return tree.operator === '+' && collect(tree.left, addRow) && collect(tree.right, addRow);
    case 'sign':
      return !tree.negative && collect(tree.of, addRow);
    case 'percent':
    case 'number':
    case 'text':
    case 'boolean':
    case 'name':
    case 'missing':
      return false;
  }
}
