/** One sheet with its cells at hand: by position, by row, and through merged areas. */
import type { Cell, MergedArea, Sheet } from './workbook.ts';
import type { Position } from './address.ts';

export interface SheetIndex {
  readonly sheet: Sheet;
  readonly name: string;
  readonly lastRow: number;
  readonly lastColumn: number;
  readonly hiddenRows: ReadonlySet<number>;
  readonly hiddenColumns: ReadonlySet<number>;
  at(row: number, column: number): Cell | null;
  /** The non-blank cells of a row, left to right. */
  row(row: number): readonly Cell[];
  /** The merged area around a position, or null. */
  area(row: number, column: number): MergedArea | null;
  /** As at, but a position inside a merged area gives the area's own cell. */
  through(row: number, column: number): Cell | null;
}

const KEY_FACTOR = 20_000;
const keyOf = (row: number, column: number): number => row * KEY_FACTOR + column;

export function indexSheet(sheet: Sheet): SheetIndex {
  const cells = new Map<number, Cell>();
  const rows = new Map<number, Cell[]>();
  let [lastRow, lastColumn] = [0, 0];
  for (const cell of [...sheet.cells].sort((a, b) => a.row - b.row || a.column - b.column)) {
    cells.set(keyOf(cell.row, cell.column), cell);
    if (isBlank(cell)) continue;
    const row = rows.get(cell.row);
    if (row) row.push(cell);
    else rows.set(cell.row, [cell]);
    lastRow = Math.max(lastRow, cell.row);
    lastColumn = Math.max(lastColumn, cell.column);
  }
  const areas = areasByRow(sheet.merged);
  const at = (row: number, column: number) => cells.get(keyOf(row, column)) ?? null;
  const area = (row: number, column: number) =>
    areas.get(row)?.find((one) => one.left <= column && column <= one.right) ?? null;
  return {
    sheet,
    name: sheet.name,
    lastRow,
    lastColumn,
    hiddenRows: new Set(sheet.hiddenRows),
    hiddenColumns: new Set(sheet.hiddenColumns),
    at,
    row: (row) => rows.get(row) ?? [],
    area,
    through: (row, column) => {
      const merged = area(row, column);
      return merged ? at(merged.top, merged.left) : at(row, column);
    },
  };
}

/** Nothing to see and no formula; a cell of spaces is not blank. */
export const isBlank = (cell: Cell | null): boolean =>
  !cell || (cell.formula === null && (cell.value.kind === 'blank' || isEmpty(cell)));

const isEmpty = ({ value }: Cell): boolean => value.kind === 'text' && value.text === '';

export const positionOf = (cell: Cell): Position => ({ row: cell.row, column: cell.column });

/** A merged area of thousands of rows is decoration; its rows need no look-up. */
const AREA_ROWS_MAX = 5_000;

function areasByRow(merged: readonly MergedArea[]): Map<number, MergedArea[]> {
  const byRow = new Map<number, MergedArea[]>();
  for (const area of merged) {
    const bottom = Math.min(area.bottom, area.top + AREA_ROWS_MAX);
    for (let row = area.top; row <= bottom; row += 1) {
      byRow.set(row, [...(byRow.get(row) ?? []), area]);
    }
  }
  return byRow;
}
