/** Which rows and columns of a sheet are shown, how large, and which part is in view. */
import { COLUMNS_MAX, ROWS_MAX } from '../model/a1.ts';
import { mergeAt, touched, usedRange } from '../model/sheets.ts';
import type { Sheet } from '../model/workbook.ts';

export const ROW_PX = 21;
const LINE_PX = 17;
const LINES_MAX = 6;
const LETTER_PX = 7;
const COLUMN_PX = 72;
const SPARE_ROWS = 30;
const SPARE_COLUMNS = 4;
const ROWS_AT_LEAST = 45;
const COLUMNS_AT_LEAST = 12;
/** Up to here every row is in the document; beyond it only those near the view. */
const WHOLE_ROWS_MAX = 130;
const OVERSCAN_ROWS = 14;
const WHOLE_COLUMNS_MAX = 30;
const OVERSCAN_PX = 360;

export interface Line {
  readonly index: number;
  readonly start: number;
  readonly size: number;
}

export interface Layout {
  readonly rows: readonly Line[];
  readonly columns: readonly Line[];
  readonly frozenRows: number;
  readonly frozenColumns: number;
  readonly height: number;
}

/** Hidden rows and columns are left out; at least `reach` is included, where the cursor stands. */
export function layoutOf(
  sheet: Sheet,
  reach: { row: number; column: number },
  freezeColumns: boolean,
): Layout {
  const used = usedRange(sheet, false);
  const rowCount = Math.max(
    ROWS_AT_LEAST,
    (used ? used.row + used.rows : 0) + SPARE_ROWS,
    reach.row + 2,
  );
  const columnCount = Math.max(
    COLUMNS_AT_LEAST,
    (used ? used.column + used.columns : 0) + SPARE_COLUMNS,
    reach.column + 2,
  );
  const heights = rowHeights(sheet);
  const rows = lines(
    Math.min(rowCount, ROWS_MAX),
    sheet.hiddenRows,
    (row) => heights.get(row) ?? ROW_PX,
  );
  const columns = lines(Math.min(columnCount, COLUMNS_MAX), sheet.hiddenColumns, (column) =>
    Math.max(16, sheet.columnWidths.get(column) ?? COLUMN_PX),
  );
  const last = rows.at(-1);
  return {
    rows,
    columns,
    frozenRows: rows.filter((row) => row.index < sheet.frozenRows).length,
    frozenColumns: freezeColumns
      ? columns.filter((column) => column.index < sheet.frozenColumns).length
      : 0,
    height: last ? last.start + last.size : 0,
  };
}

function lines(
  count: number,
  hidden: ReadonlySet<number>,
  size: (index: number) => number,
): Line[] {
  const out: Line[] = [];
  let start = 0;
  for (let index = 0; index < count; index += 1) {
    if (hidden.has(index)) continue;
    const one = size(index);
    out.push({ index, start, size: one });
    start += one;
  }
  return out;
}

/** As the file says; else as high as the lines that wrapped texts need. */
function rowHeights(sheet: Sheet): ReadonlyMap<number, number> {
  const heights = new Map<number, number>();
  const all = usedRange(sheet, true);
  if (!all) return heights;
  for (const [row, column, cell] of touched(sheet, all)) {
    if (!cell.wrap || typeof cell.value !== 'string' || mergeAt(sheet, row, column)) continue;
    const width = (sheet.columnWidths.get(column) ?? COLUMN_PX) - 10;
    const count = Math.min(LINES_MAX, wrappedLines(cell.value, width));
    if (count < 2) continue;
    heights.set(row, Math.max(heights.get(row) ?? ROW_PX, count * LINE_PX + 4));
  }
  for (const [row, height] of sheet.rowHeights) heights.set(row, Math.max(ROW_PX, height));
  return heights;
}

const wrappedLines = (text: string, width: number): number =>
  text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil((line.length * LETTER_PX) / width)), 0);

export interface InView {
  readonly shown: readonly Line[];
  /** Room for what is left out between the frozen lines and the first, and after the last. */
  readonly before: number;
  readonly after: number;
}

/** Frozen rows and the rows near the view; the gaps become spacers. */
export function rowsInView(layout: Layout, view: { top: number; height: number }): InView {
  const { rows, frozenRows } = layout;
  if (rows.length <= WHOLE_ROWS_MAX) return { shown: rows, before: 0, after: 0 };
  return linesInView(rows, frozenRows, {
    from: view.top - OVERSCAN_ROWS * ROW_PX,
    to: view.top + view.height + OVERSCAN_ROWS * ROW_PX,
  });
}

export function columnsInView(layout: Layout, view: { left: number; width: number }): InView {
  const { columns, frozenColumns } = layout;
  if (columns.length <= WHOLE_COLUMNS_MAX) return { shown: columns, before: 0, after: 0 };
  return linesInView(columns, frozenColumns, {
    from: view.left - OVERSCAN_PX,
    to: view.left + view.width + OVERSCAN_PX,
  });
}

function linesInView(
  lines: readonly Line[],
  frozenCount: number,
  band: { from: number; to: number },
): InView {
  const frozen = lines.slice(0, frozenCount);
  const moving = lines
    .slice(frozenCount)
    .filter((line) => line.start + line.size >= band.from && line.start <= band.to);
  const frozenEnd = frozen.reduce((sum, line) => sum + line.size, 0);
  const end = lines.at(-1);
  const [first] = moving;
  const last = moving.at(-1);
  return {
    shown: [...frozen, ...moving],
    before: first ? first.start - frozenEnd : 0,
    after: end && last ? end.start + end.size - last.start - last.size : 0,
  };
}
