/** One cell as a table cell: text, alignment, colours, note and error message as its title. */
import { columnName } from '../model/a1.ts';
import { displayText } from '../model/display.ts';
import { isErrorText } from '../model/input.ts';
import { peek, type Cell, type Sheet } from '../model/workbook.ts';
import { readable } from './contrast.ts';
import { conditionalLook, type Holds, type Look } from './rules.ts';
import type { Span } from './spans.ts';

export interface CellContext {
  readonly sheet: Sheet;
  readonly holds: Holds;
  readonly isBusy: (row: number, column: number) => boolean;
  /** The page's own colour under cells without a fill. */
  readonly paper: string;
}

export function createCell(
  context: CellContext,
  at: { row: number; column: number },
  span: Span | undefined,
): HTMLTableCellElement {
  const { sheet, holds } = context;
  const place = span?.kind === 'first' ? span.merge : at;
  const cell = peek(sheet, place.row, place.column);
  const td = document.createElement('td');
  td.dataset['a1'] = `${columnName(place.column)}${place.row + 1}`;
  td.setAttribute('role', 'gridcell');
  td.tabIndex = -1;
  if (span?.kind === 'first') {
    td.rowSpan = span.rows;
    td.colSpan = span.columns;
  }
  const text = displayText(cell);
  td.textContent = text;
  td.className = classes(cell, context.isBusy(place.row, place.column));
  const right = peek(sheet, place.row, place.column + (span?.kind === 'first' ? span.columns : 1));
  if (right.value === '' && span === undefined) td.classList.add('open');
  const title = [cell.message, cell.note].filter((words) => words !== null).join('\n');
  if (title !== '') td.title = title;
  dress(td, cell, conditionalLook(sheet, place.row, place.column, holds), context.paper);
  return td;
}

function classes(cell: Readonly<Cell>, busy: boolean): string {
  const error = isErrorText(cell.value);
  const number = typeof cell.value === 'number';
  const right = cell.align === 'right' || (cell.align === null && number);
  const middle =
    cell.align === 'center' || (cell.align === null && (error || typeof cell.value === 'boolean'));
  const names = [
    [right, 'num'],
    [middle, 'mid'],
    [!number && !error, 'text'],
    [error, 'error'],
    [busy, 'busy'],
    [cell.wrap, 'wrap'],
    [cell.note !== null, 'note'],
  ] as const;
  return names.flatMap(([holds, name]) => (holds ? [name] : [])).join(' ');
}

function dress(
  td: HTMLTableCellElement,
  cell: Readonly<Cell>,
  look: Look | null,
  paper: string,
): void {
  const fill = look?.fill ?? cell.fill;
  const font = look?.fontColor ?? cell.fontColor;
  if (fill !== null) td.style.backgroundColor = fill;
  if (font !== null || fill !== null) {
    td.style.color = readable(font ?? '#000000', fill ?? paper);
  }
  if (look?.bold ?? cell.bold) td.style.fontWeight = '600';
  if (cell.italic) td.style.fontStyle = 'italic';
}
