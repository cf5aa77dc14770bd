/** The column of a grid's totals, and the rows of prices that these totals point at. */
import { parseFormula } from './formula-parser.ts';
import { references } from './formula-references.ts';
import { wordsOf } from './header-words.ts';
import { sideOf } from './month-side.ts';
import { isVerticalSum } from './row-kinds.ts';
import { priceOfCell } from './sheet-money.ts';
import { columnsOf, type ReadingScope, type Table } from './table.ts';

/** Of several totals the one that adds up the others, else the one with most figures. */
export function chooseAmount(scope: ReadingScope, table: Table): number | null {
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

/** Rows that the totals of two or more other rows point at are prices, whatever their label. */
export function pointedAt(
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
export function pricesAbove(
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
