/** Builds the table of the part of a sheet that is in view. */
import { columnName } from '../model/a1.ts';
import { cellKey } from '../model/workbook.ts';
import { createCell, type CellContext } from './cell-view.ts';
import { rowsInView, type Layout, type Line } from './layout.ts';
import { spansOf } from './spans.ts';

export const ROW_HEADER_PX = 42;
export const HEADER_PX = 22;

export function createTable(
  context: CellContext,
  layout: Layout,
  view: { top: number; height: number },
): HTMLTableElement {
  const table = document.createElement('table');
  // A stated width makes the columns as wide as they are told, whatever they hold.
  const width = layout.columns.reduce((sum, column) => sum + column.size, ROW_HEADER_PX);
  table.style.width = `${width}px`;
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-label', `Sheet ${context.sheet.name}`);
  table.setAttribute('aria-multiselectable', 'true');
  table.setAttribute('aria-rowcount', String(layout.rows.length + 1));
  table.setAttribute('aria-colcount', String(layout.columns.length + 1));
  const { shown, before, after } = rowsInView(layout, view);
  const spans = spansOf(context.sheet, shown, layout.columns);
  const body = document.createElement('tbody');
  shown.forEach((row, index) => {
    if (index === layout.frozenRows && before > 0) body.append(spacer(layout, before));
    body.append(createRow(context, layout, row, spans));
  });
  if (after > 0) body.append(spacer(layout, after));
  table.append(columnSizes(layout), createHead(layout), body);
  return table;
}

function columnSizes({ columns }: Layout): HTMLElement {
  const group = document.createElement('colgroup');
  for (const size of [ROW_HEADER_PX, ...columns.map((column) => column.size)]) {
    const one = document.createElement('col');
    one.style.width = `${size}px`;
    group.append(one);
  }
  return group;
}

function createHead(layout: Layout): HTMLElement {
  const head = document.createElement('thead');
  const row = document.createElement('tr');
  const corner = document.createElement('th');
  corner.className = 'corner';
  corner.setAttribute('aria-label', 'Rows');
  row.append(corner);
  layout.columns.forEach((column, position) => {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = columnName(column.index);
    cell.dataset['column'] = String(column.index);
    if (position < layout.frozenColumns) {
      cell.style.left = `${ROW_HEADER_PX + column.start}px`;
      cell.style.zIndex = '5';
    }
    row.append(cell);
  });
  head.append(row);
  return head;
}

function createRow(
  context: CellContext,
  layout: Layout,
  line: Line,
  spans: ReturnType<typeof spansOf>,
): HTMLTableRowElement {
  const row = document.createElement('tr');
  row.style.height = `${line.size}px`;
  row.setAttribute('aria-rowindex', String(line.index + 2));
  const header = document.createElement('th');
  header.className = 'row';
  header.scope = 'row';
  header.textContent = String(line.index + 1);
  header.dataset['row'] = String(line.index);
  const frozenRow = line.start < frozenHeight(layout);
  if (frozenRow) {
    header.style.top = `${HEADER_PX + line.start}px`;
    header.style.zIndex = '4';
  }
  row.append(header);
  layout.columns.forEach((column, position) => {
    const span = spans.get(cellKey(line.index, column.index));
    if (span?.kind === 'covered') return;
    const td = createCell(context, { row: line.index, column: column.index }, span);
    if (td.classList.contains('wrap')) clip(td, line.size);
    const wide = td.colSpan > 1 && position + td.colSpan > layout.frozenColumns;
    freeze(td, {
      line: frozenRow ? line : null,
      column: position < layout.frozenColumns && !wide ? column : null,
    });
    row.append(td);
  });
  return row;
}

/** A cell cannot be lower than its text; a box inside it can. */
function clip(td: HTMLTableCellElement, height: number): void {
  const box = document.createElement('div');
  box.textContent = td.textContent;
  box.style.maxHeight = `${height - 1}px`;
  td.replaceChildren(box);
}

const frozenHeight = ({ rows, frozenRows }: Layout): number =>
  rows.slice(0, frozenRows).reduce((sum, row) => sum + row.size, 0);

function freeze(td: HTMLTableCellElement, at: { line: Line | null; column: Line | null }): void {
  if (!at.line && !at.column) return;
  td.classList.add('freeze');
  if (at.line && at.column) td.classList.add('both');
  if (at.line) td.style.top = `${HEADER_PX + at.line.start}px`;
  if (at.column) td.style.left = `${ROW_HEADER_PX + at.column.start}px`;
}

function spacer({ columns }: Layout, height: number): HTMLTableRowElement {
  const row = document.createElement('tr');
  row.className = 'spacer';
  row.setAttribute('role', 'presentation');
  const cell = document.createElement('td');
  cell.setAttribute('role', 'presentation');
  cell.colSpan = columns.length + 1;
  cell.style.height = `${height}px`;
  row.append(cell);
  return row;
}
