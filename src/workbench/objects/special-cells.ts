/** The special cells of a range (visible, constants, formulas, blanks) as rectangles. */
import { intersect, type Rect } from '../model/a1.ts';
import { isErrorText } from '../model/input.ts';
import { touched, usedRange } from '../model/sheets.ts';
import type { Cell, Sheet } from '../model/workbook.ts';
import { oneOf } from './arguments.ts';

const TYPES = ['Visible', 'Constants', 'Formulas', 'Blanks'] as const;
const VALUE_KINDS = ['All', 'Errors', 'Numbers', 'Text', 'Logical'] as const;

export function specialCells(
  sheet: Sheet,
  rect: Rect,
  wanted: { type: unknown; values: unknown },
): Rect[] {
  const type = oneOf(wanted.type, TYPES);
  const kind = oneOf(wanted.values ?? 'All', VALUE_KINDS);
  if (type === 'Visible') return visibleAreas(sheet, rect);
  if (type === 'Blanks') return blankAreas(sheet, rect);
  const rows = new Map<number, number[]>();
  for (const [row, column, cell] of touched(sheet, rect)) {
    if ((cell.formula !== null) !== (type === 'Formulas')) continue;
    if (!ofKind(cell, kind) || (cell.value === '' && cell.formula === null)) continue;
    rows.set(row, [...(rows.get(row) ?? []), column]);
  }
  return runsOf(rows);
}

function ofKind(cell: Cell, kind: (typeof VALUE_KINDS)[number]): boolean {
  if (kind === 'All') return true;
  if (kind === 'Numbers') return typeof cell.value === 'number';
  if (kind === 'Logical') return typeof cell.value === 'boolean';
  const error = isErrorText(cell.value);
  return kind === 'Errors' ? error : typeof cell.value === 'string' && !error;
}

function blankAreas(sheet: Sheet, rect: Rect): Rect[] {
  const used = usedRange(sheet, false);
  const part = used && intersect(used, rect);
  if (!part) return [];
  const rows = new Map<number, number[]>();
  for (let row = part.row; row < part.row + part.rows; row += 1) {
    const filled = new Set<number>();
    for (const [, column, cell] of touched(sheet, { ...part, row, rows: 1 })) {
      if (cell.value !== '' || cell.formula !== null) filled.add(column);
    }
    const blanks = span(part.column, part.columns).filter((column) => !filled.has(column));
    rows.set(row, blanks);
  }
  return runsOf(rows);
}

function visibleAreas(sheet: Sheet, rect: Rect): Rect[] {
  const rows = runs(shown(rect.row, rect.rows, sheet.hiddenRows));
  const columns = runs(shown(rect.column, rect.columns, sheet.hiddenColumns));
  return rows.flatMap(([row, count]) =>
    columns.map(([column, width]) => ({ row, column, rows: count, columns: width })),
  );
}

const span = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_item, index) => first + index);

const shown = (first: number, count: number, hidden: ReadonlySet<number>): number[] =>
  span(first, count).filter((index) => !hidden.has(index));

/** Neighbouring numbers as [first, count]. */
function runs(sorted: readonly number[]): [number, number][] {
  const out: [number, number][] = [];
  for (const index of sorted) {
    const last = out.at(-1);
    if (last && last[0] + last[1] === index) last[1] += 1;
    else out.push([index, 1]);
  }
  return out;
}

/** Runs of a row, joined with the same run of the row above. */
function runsOf(rows: ReadonlyMap<number, readonly number[]>): Rect[] {
  const out: { row: number; column: number; rows: number; columns: number }[] = [];
  for (const row of [...rows.keys()].sort((a, b) => a - b)) {
    const sorted = [...(rows.get(row) ?? [])].sort((a, b) => a - b);
    for (const [column, columns] of runs(sorted)) {
      const above = out.find(
        (one) => one.row + one.rows === row && one.column === column && one.columns === columns,
      );
      if (above) above.rows += 1;
      else out.push({ row, column, rows: 1, columns });
    }
  }
  return out;
}
