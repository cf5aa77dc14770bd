/** Every change of cells goes through here, so that each is announced exactly once. */
import { bounding, contains, intersect, type Rect } from './a1.ts';
import { hostError } from './errors.ts';
import { isErrorText, readEntry } from './input.ts';
import { mergeAt, touched } from './sheets.ts';
import { announce, emptyCell, peek, touch } from './workbook.ts';
import type { Cell, Scalar, Sheet, Workbook } from './workbook.ts';

/** The most cells one request may touch (Excel on the web, read 2026-11-21). */
export const CELLS_MAX = 5_000_000;

const SHAPE =
  "The number of rows or columns in the input array doesn't match the size or dimensions of the range.";

/** One value for all cells, or a table of the range's shape; null leaves a cell as it is. */
export function tableOf(rect: Rect, input: unknown): readonly (readonly unknown[])[] {
  if (!Array.isArray(input)) {
    if (rect.rows * rect.columns > CELLS_MAX) throw hostError('ResponsePayloadSizeLimitExceeded');
    return Array.from({ length: rect.rows }, () => Array<unknown>(rect.columns).fill(input));
  }
  const rows = input as readonly unknown[];
  const fitting = (row: unknown): row is readonly unknown[] =>
    Array.isArray(row) && row.length === rect.columns;
  if (rows.length !== rect.rows || !rows.every(fitting)) throw hostError('InvalidArgument', SHAPE);
  return rows;
}

export function writeCells(workbook: Workbook, sheet: Sheet, rect: Rect, input: unknown): void {
  const table = tableOf(rect, input);
  const single = rect.rows * rect.columns === 1;
  const before = single ? peek(sheet, rect.row, rect.column).value : null;
  table.forEach((row, i) => {
    row.forEach((value, j) => {
      if (value !== null) enter(touch(sheet, rect.row + i, rect.column + j), value);
    });
  });
  announce(workbook, { kind: 'cells', sheet, rect, source: workbook.source, before });
}

function enter(cell: Cell, input: unknown): void {
  cell.message = null;
  if (typeof input === 'string' && /^=./.test(input)) {
    cell.formula = input;
    return;
  }
  cell.formula = null;
  if (typeof input === 'string') {
    const { value, format } = readEntry(input, cell.numberFormat);
    cell.value = value;
    if (format !== null && cell.numberFormat === 'General') cell.numberFormat = format;
    return;
  }
  if (typeof input !== 'number' && typeof input !== 'boolean') throw hostError('InvalidArgument');
  cell.value = input;
}

export function changeFormat(
  workbook: Workbook,
  sheet: Sheet,
  rect: Rect,
  change: (cell: Cell) => void,
): void {
  if (rect.rows * rect.columns > CELLS_MAX) throw hostError('InvalidArgument');
  for (let row = rect.row; row < rect.row + rect.rows; row += 1) {
    for (let column = rect.column; column < rect.column + rect.columns; column += 1) {
      change(touch(sheet, row, column));
    }
  }
  announce(workbook, { kind: 'format', sheet, rect });
}

export function writeNumberFormats(
  workbook: Workbook,
  sheet: Sheet,
  rect: Rect,
  input: unknown,
): void {
  const table = tableOf(rect, input);
  table.forEach((row, i) => {
    row.forEach((format, j) => {
      if (format === null) return;
      if (typeof format !== 'string') throw hostError('InvalidArgument');
      touch(sheet, rect.row + i, rect.column + j).numberFormat = format || 'General';
    });
  });
  announce(workbook, { kind: 'format', sheet, rect });
}

export type ClearWhat = 'All' | 'Formats' | 'Contents';

export function clearCells(workbook: Workbook, sheet: Sheet, rect: Rect, what: ClearWhat): void {
  const cells = [...touched(sheet, rect)];
  const [only] = cells;
  const before = rect.rows * rect.columns === 1 ? (only?.[2].value ?? '') : null;
  for (const [, , cell] of cells) {
    const { value, formula, message, note } = cell;
    const contents = { value, formula, message };
    const formats = { ...cell };
    Object.assign(cell, emptyCell(), { note });
    if (what === 'Formats') Object.assign(cell, contents);
    if (what === 'Contents') {
      Object.assign(cell, formats, { value: '', formula: null, message: null });
    }
  }
  if (what !== 'Contents') clearConditionalFormats(workbook, sheet, rect);
  if (what === 'Formats') {
    announce(workbook, { kind: 'format', sheet, rect });
    return;
  }
  const extent = bounding(cells.map(([row, column]) => ({ row, column, rows: 1, columns: 1 })));
  const changed = extent ?? { ...rect, rows: 1, columns: 1 };
  announce(workbook, { kind: 'cells', sheet, rect: changed, source: workbook.source, before });
}

/** A calculated value; no event to the add-in, as in Excel. */
export function putResult(
  workbook: Workbook,
  sheet: Sheet,
  at: { row: number; column: number },
  result: { value: Scalar; message: string | null },
): void {
  const cell = touch(sheet, at.row, at.column);
  if (cell.value === result.value && cell.message === result.message) return;
  cell.value = result.value;
  cell.message = isErrorText(result.value) ? result.message : null;
  const rect = { ...at, rows: 1, columns: 1 };
  announce(workbook, { kind: 'cells', sheet, rect, source: 'calculation', before: null });
}

/** Rules that lie wholly inside go; others lose the cleared part only when it covers an area. */
export function clearConditionalFormats(workbook: Workbook, sheet: Sheet, rect: Rect): void {
  const before = sheet.conditionalFormats.length;
  for (const format of sheet.conditionalFormats) {
    format.rects = format.rects.filter((area) => {
      const common = intersect(area, rect);
      return !(common && common.rows === area.rows && common.columns === area.columns);
    });
  }
  sheet.conditionalFormats = sheet.conditionalFormats.filter((one) => one.rects.length > 0);
  if (sheet.conditionalFormats.length !== before)
    announce(workbook, { kind: 'format', sheet, rect });
}

export function setHidden(
  workbook: Workbook,
  sheet: Sheet,
  axis: 'rows' | 'columns',
  span: { first: number; count: number; hidden: boolean },
): void {
  const set = axis === 'rows' ? sheet.hiddenRows : sheet.hiddenColumns;
  for (let index = span.first; index < span.first + span.count; index += 1) {
    if (span.hidden) set.add(index);
    else set.delete(index);
  }
  announce(workbook, { kind: 'structure', sheet });
}

export function merge(workbook: Workbook, sheet: Sheet, rect: Rect): void {
  if (sheet.merges.some((one) => intersect(one, rect))) unmerge(workbook, sheet, rect);
  sheet.merges.push(rect);
  const hidden = [...touched(sheet, rect)].filter(
    ([row, column]) => row !== rect.row || column !== rect.column,
  );
  for (const [, , cell] of hidden) Object.assign(cell, { value: '', formula: null, message: null });
  announce(workbook, { kind: 'structure', sheet });
}

export function unmerge(workbook: Workbook, sheet: Sheet, rect: Rect): void {
  sheet.merges = sheet.merges.filter((one) => !intersect(one, rect));
  announce(workbook, { kind: 'structure', sheet });
}

/** Where typing into a cell lands: the first cell of its merged area. */
export function anchor(sheet: Sheet, row: number, column: number): { row: number; column: number } {
  const area = mergeAt(sheet, row, column);
  return area && contains(area, row, column)
    ? { row: area.row, column: area.column }
    : { row, column };
}
