/** Small translations of the grid: cells as keys and texts, colours, scrolling. */
import { columnName, parseAddress, type Rect } from '../model/a1.ts';
import { displayText } from '../model/display.ts';
import { anchor, writeCells } from '../model/edit.ts';
import { isErrorText } from '../model/input.ts';
import { peek, type Sheet, type Workbook } from '../model/workbook.ts';
import type { Line } from './layout.ts';
import type { Place } from './moves.ts';

export const keyOf = ({ row, column }: Place): string => `${columnName(column)}${row + 1}`;

export function placeOf(key: string): [number, number] {
  const rect = parseAddress(key)?.rect;
  return [rect?.row ?? 0, rect?.column ?? 0];
}

export const anchored = (sheet: Sheet, { row, column }: Place): Place => anchor(sheet, row, column);

export const within = (index: number, first: number, count: number): boolean =>
  index >= first && index < first + count;

/** What editing starts from: the formula, the plain number, or the text. */
export function entryText(sheet: Sheet, row: number, column: number): string {
  const at = anchor(sheet, row, column);
  const cell = peek(sheet, at.row, at.column);
  if (cell.formula !== null) return cell.formula;
  if (typeof cell.value === 'number')
    return editNumber(cell.value, cell.numberFormat, displayText(cell));
  if (typeof cell.value === 'boolean') return displayText(cell);
  const ambiguous = cell.value !== '' && cell.numberFormat !== '@' && !isErrorText(cell.value);
  return ambiguous && Number.isFinite(Number(cell.value)) ? `'${cell.value}` : cell.value;
}

/** Dates and percentages are edited as they are shown; numbers in full. */
function editNumber(value: number, format: string, shown: string): string {
  if (/%/.test(format)) return `${Number((value * 100).toPrecision(15))}%`;
  if (/[ymd]/i.test(format.replaceAll(/"[^"]*"|\[[^\]]*\]/g, ''))) {
    const day = new Date(Math.round((value - 25_569) * 86_400_000));
    return Number.isInteger(value) ? day.toISOString().slice(0, 10) : shown;
  }
  return String(value);
}

/** Tab-separated, as Excel puts it on the clipboard; hidden rows and columns are left out. */
export function asText(sheet: Sheet, rect: Rect): string {
  const lines: string[] = [];
  for (let row = rect.row; row < rect.row + rect.rows; row += 1) {
    if (sheet.hiddenRows.has(row)) continue;
    const parts: string[] = [];
    for (let column = rect.column; column < rect.column + rect.columns; column += 1) {
      if (!sheet.hiddenColumns.has(column)) parts.push(displayText(peek(sheet, row, column)));
    }
    lines.push(parts.join('\t'));
  }
  return lines.join('\n');
}

export function paste(book: Workbook, sheet: Sheet, at: Place, text: string): void {
  const rows = text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
  const columns = Math.max(...rows.map((row) => row.length));
  const table = rows.map((row) => Array.from({ length: columns }, (_item, j) => row[j] ?? null));
  writeCells(book, sheet, { ...at, rows: table.length, columns }, table);
}

/** rgb(23, 27, 25) as #171B19; what the browser computes is never a name. */
export function hex(colour: string): string {
  const parts = colour.match(/\d+/g)?.slice(0, 3) ?? ['255', '255', '255'];
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
}

/** The nearest scroll position at which the line is in view behind what is frozen. */
export function scrolled(now: number, line: Line, view: { before: number; size: number }): number {
  const top = line.start - view.before;
  if (now > top) return Math.max(0, top);
  const bottom = line.start + line.size - view.size;
  return now < bottom ? bottom : now;
}
