/** Builds the table of the part of a sheet that is in view. */
import { columnName } from '../model/a1.ts';
import { cellKey } from '../model/workbook.ts';
import { createCell, type CellContext } from './cell-view.ts';
import { columnsInView, rowsInView, type InView, type Layout, type Line } from './layout.ts';
import { spansOf } from './spans.ts';

export const ROW_HEADER_PX = 42;
export const HEADER_PX = 22;

export interface View {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

interface Drawing {
  readonly context: CellContext;
  readonly layout: Layout;
  readonly columns: InView;
  readonly spans: ReturnType<typeof spansOf>;
}

export function createTable(context: CellContext, layout: Layout, view: View): HTMLTableElement {
  const table = document.createElement('table');
  // A stated width makes the columns as wide as they are told, whatever they hold.
  const width = layout.columns.reduce((sum, column) => sum + column.size, ROW_HEADER_PX);
  table.style.width = `${width}px`;
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-label', `Sheet ${context.sheet.name}`);
  table.setAttribute('aria-multiselectable', 'true');
  table.setAttribute('aria-rowcount', String(layout.rows.length + 1));
  table.setAttribute('aria-colcount', String(layout.columns.length + 1));
  const rows = rowsInView(layout, view);
  const columns = columnsInView(layout, view);
  const spans = spansOf(context.sheet, rows.shown, columns.shown);
  const drawing: Drawing = { context, layout, columns, spans };
  const body = document.createElement('tbody');
  rows.shown.forEach((row, index) => {
    if (index === layout.frozenRows && rows.before > 0) body.append(spacer(drawing, rows.before));
    body.append(createRow(drawing, row));
  });
  if (rows.after > 0) body.append(spacer(drawing, rows.after));
  table.append(columnSizes(drawing), createHead(drawing), body);
  return table;
}

/** Row header, frozen columns, a gap, columns in view, a gap; without gaps when all are drawn. */
function across<T>(
  { layout, columns }: Drawing,
  parts: { column: (column: Line, frozen: boolean) => T[]; gap: (width: number) => T },
): T[] {
  const out = columns.shown.flatMap((column, position) => {
    const frozen = position < layout.frozenColumns;
    const gap = position === layout.frozenColumns && columns.before > 0;
    return [...(gap ? [parts.gap(columns.before)] : []), ...parts.column(column, frozen)];
  });
  return columns.after > 0 ? [...out, parts.gap(columns.after)] : out;
}

function columnSizes(drawing: Drawing): HTMLElement {
  const group = document.createElement('colgroup');
  const one = (width: number): HTMLElement => {
    const col = document.createElement('col');
    col.style.width = `${width}px`;
    return col;
  };
  group.append(
    one(ROW_HEADER_PX),
    ...across(drawing, { column: (column) => [one(column.size)], gap: one }),
  );
  return group;
}

function createHead(drawing: Drawing): HTMLElement {
  const head = document.createElement('thead');
  const row = document.createElement('tr');
  const corner = document.createElement('th');
  corner.className = 'corner';
  corner.setAttribute('aria-label', 'Rows');
  row.append(corner, ...across(drawing, { column: headCell, gap: emptyCell }));
  head.append(row);
  return head;
}

function headCell(column: Line, frozen: boolean): HTMLTableCellElement[] {
  const cell = document.createElement('th');
  cell.scope = 'col';
  cell.textContent = columnName(column.index);
  cell.dataset['column'] = String(column.index);
  cell.setAttribute('aria-colindex', String(column.index + 2));
  if (frozen) {
    cell.style.left = `${ROW_HEADER_PX + column.start}px`;
    cell.style.zIndex = '7';
  }
  return [cell];
}

function emptyCell(): HTMLTableCellElement {
  const cell = document.createElement('td');
  cell.className = 'spacer';
  cell.setAttribute('role', 'presentation');
  return cell;
}

function createRow(drawing: Drawing, line: Line): HTMLTableRowElement {
  const { context, layout, spans } = drawing;
  const row = document.createElement('tr');
  row.style.height = `${line.size}px`;
  row.setAttribute('aria-rowindex', String(line.index + 2));
  const header = document.createElement('th');
  header.className = 'row';
  header.scope = 'row';
  header.textContent = String(line.index + 1);
  header.dataset['row'] = String(line.index);
  const frozenLine = line.start < frozenHeight(layout) ? line : null;
  if (frozenLine) {
    header.style.top = `${HEADER_PX + line.start}px`;
    header.style.zIndex = '5';
  }
  const column = (one: Line, frozen: boolean): HTMLTableCellElement[] => {
    const span = spans.get(cellKey(line.index, one.index));
    if (span?.kind === 'covered') return [];
    const td = createCell(context, { row: line.index, column: one.index }, span);
    if (td.classList.contains('wrap')) clip(td, line.size);
    // A merge wider than the frozen columns scrolls with the rest.
    const kept = frozen && frozenWidth(layout) >= one.start + one.size * td.colSpan;
    td.setAttribute('aria-colindex', String(one.index + 2));
    freeze(td, { line: frozenLine, column: kept ? one : null });
    return [td];
  };
  row.append(header, ...across(drawing, { column, gap: emptyCell }));
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

const frozenWidth = ({ columns, frozenColumns }: Layout): number =>
  columns.slice(0, frozenColumns).reduce((sum, column) => sum + column.size, 0);

function freeze(td: HTMLTableCellElement, at: { line: Line | null; column: Line | null }): void {
  if (!at.line && !at.column) return;
  td.classList.add('freeze');
  // A frozen title that scrolls sideways still hides the names that scroll up behind it.
  if (at.line) td.classList.add(at.column ? 'both' : 'top');
  if (at.line) td.style.top = `${HEADER_PX + at.line.start}px`;
  if (at.column) td.style.left = `${ROW_HEADER_PX + at.column.start}px`;
}

function spacer({ columns }: Drawing, height: number): HTMLTableRowElement {
  const row = document.createElement('tr');
  row.className = 'spacer';
  row.setAttribute('role', 'presentation');
  const cell = emptyCell();
  const gaps = [columns.before, columns.after].filter((gap) => gap > 0).length;
  cell.colSpan = columns.shown.length + 1 + gaps;
  cell.style.height = `${height}px`;
  row.append(cell);
  return row;
}
