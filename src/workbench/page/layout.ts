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
const OVERSCAN_ROWS = 20;

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

/** Frozen rows and the rows near the view; the gaps become spacers. */
export function rowsInView(
  layout: Layout,
  view: { top: number; height: number },
): { readonly shown: readonly Line[]; readonly before: number; readonly after: number } {
  const { rows, frozenRows, height } = layout;
  if (rows.length <= WHOLE_ROWS_MAX) return { shown: rows, before: 0, after: 0 };
  const margin = OVERSCAN_ROWS * ROW_PX;
  const moving = rows.slice(frozenRows).filter((row) => {
    const below = row.start + row.size >= view.top - margin;
    return below && row.start <= view.top + view.height + margin;
  });
  const frozen = rows.slice(0, frozenRows);
  const frozenEnd = frozen.reduce((sum, row) => sum + row.size, 0);
  const [first] = moving;
  const last = moving.at(-1);
  return {
    shown: [...frozen, ...moving],
    before: first ? first.start - frozenEnd : 0,
    after: last ? height - last.start - last.size : 0,
  };
}
