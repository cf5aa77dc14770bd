/** Where a key leads; hidden rows and columns are stepped over. */
import { COLUMNS_MAX, ROWS_MAX } from '../model/a1.ts';
import { mergeAt, usedRange } from '../model/sheets.ts';
import type { Sheet } from '../model/workbook.ts';

export interface Place {
  readonly row: number;
  readonly column: number;
}

const PAGE_ROWS = 20;
const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export interface Stroke {
  readonly key: string;
  readonly ctrl: boolean;
}

/** Null when the key does not move the cursor. */
export function move(sheet: Sheet, from: Place, { key, ctrl }: Stroke): Place | null {
  const direction = DIRECTIONS[key];
  if (direction) return ctrl ? edge(sheet, from, direction) : step(sheet, from, direction);
  const used = usedRange(sheet, true) ?? { row: 0, column: 0, rows: 1, columns: 1 };
  switch (key) {
    case 'Home':
      return visible(sheet, { row: ctrl ? 0 : from.row, column: 0 });
    case 'End':
      return visible(sheet, {
        row: ctrl ? used.row + used.rows - 1 : from.row,
        column: used.column + used.columns - 1,
      });
    case 'PageDown':
      return visible(sheet, { ...from, row: Math.min(ROWS_MAX - 1, from.row + PAGE_ROWS) });
    case 'PageUp':
      return visible(sheet, { ...from, row: Math.max(0, from.row - PAGE_ROWS) });
    default:
      return null;
  }
}

export function step(sheet: Sheet, from: Place, [down, right]: readonly [number, number]): Place {
  const area = mergeAt(sheet, from.row, from.column);
  let row = down > 0 && area ? area.row + area.rows : from.row + down;
  let column = right > 0 && area ? area.column + area.columns : from.column + right;
  while (sheet.hiddenRows.has(row) && down !== 0) row += down;
  while (sheet.hiddenColumns.has(column) && right !== 0) column += right;
  if (row < 0 || column < 0 || row >= ROWS_MAX || column >= COLUMNS_MAX) return from;
  return first(sheet, { row, column });
}

/** Ctrl+arrow: the last filled cell of the run, or the next filled one. */
function edge(sheet: Sheet, from: Place, direction: readonly [number, number]): Place {
  const used = usedRange(sheet, true);
  if (!used) return from;
  const filled = ({ row, column }: Place): boolean =>
    (sheet.cells.get(row * COLUMNS_MAX + column)?.value ?? '') !== '';
  const inside = ({ row, column }: Place): boolean =>
    row < used.row + used.rows && column < used.column + used.columns;
  let here = step(sheet, from, direction);
  const run = filled(from) && filled(here);
  for (let next = step(sheet, here, direction); ; next = step(sheet, here, direction)) {
    const still = next.row === here.row && next.column === here.column;
    if (still || !inside(next)) return here;
    if (run ? !filled(next) : filled(here)) return here;
    here = next;
  }
}

function visible(sheet: Sheet, place: Place): Place {
  let { row, column } = place;
  while (sheet.hiddenRows.has(row)) row += 1;
  while (sheet.hiddenColumns.has(column)) column += 1;
  return first(sheet, { row, column });
}

const first = (sheet: Sheet, place: Place): Place => {
  const area = mergeAt(sheet, place.row, place.column);
  return area ? { row: area.row, column: area.column } : place;
};
