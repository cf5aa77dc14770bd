/** Finds the tables of a sheet by their header rows, wherever these stand and however many rows. */
import { readPeriod, type BillingPeriod } from '../core/billing-period.ts';
import { AppError } from '../core/errors.ts';
import type { Cell } from './workbook.ts';
import { isBlank, type SheetIndex } from './sheet-index.ts';
import { roleOf, wordsOf, type Role } from './header-words.ts';
import { hasNumber, headerText, type Table } from './table.ts';
import { buildColumns } from './build-columns.ts';
import { cellAddress } from './address.ts';

const SCORES: Partial<Record<Role, number>> = { client: 3, account: 3, service: 2, quantity: 2, price: 2, amount: 2, units: 1, previous: 1, notes: 1, invoice: 1, code: 1, source: 1, kind: 1, cost: 1, change: 1 }; // prettier-ignore
const SCORE_MIN = 4;
const HEADER_ROWS_MAX = 4;
const LOOK_AHEAD_ROWS = 25;

interface Header {
  readonly top: number;
  readonly bottom: number;
  readonly row: number;
}

export function findTables(index: SheetIndex): readonly Table[] {
  const headers = findHeaders(index);
  return headers.flatMap((header, at) => {
    const next = headers[at + 1];
    const lastRow = next ? next.top - 1 : index.lastRow;
    return tablesUnder(index, header, lastRow, at);
  });
}

function findHeaders(index: SheetIndex): readonly Header[] {
  const found: Header[] = [];
  let row = 1;
  while (row <= index.lastRow) {
    if (isHeaderRow(index, row)) {
      const header = widen(index, row, found.at(-1)?.bottom ?? 0);
      if (hasDataBelow(index, header.bottom) && !repeats(index, found.at(-1), header))
        found.push(header);
      row = header.bottom + 1;
    } else row += 1;
  }
  if (found.length > 0) return found;
  const plain = findPlainHeader(index);
  return plain === null ? [] : [widen(index, plain, 0)];
}

function isHeaderRow(index: SheetIndex, row: number): boolean {
  const cells = index.row(row);
  const texts = cells.flatMap((cell) => headerText(cell) ?? []);
  const numbers = cells.filter((cell) => hasNumber(cell) && headerText(cell) === null);
  if (texts.length < 2 || numbers.length * 2 > texts.length) return false;
  const roles = new Set(texts.map(roleOf));
  const isAddressed = roles.has('client') || roles.has('account') || roles.has('code');
  const isItemised =
    roles.has('service') &&
    (roles.has('quantity') || roles.has('amount') || roles.has('price') || roles.has('units'));
  if (!isItemised && !(isAddressed && texts.length >= 2)) return false;
  const others = texts.filter((text) => roleOf(text) === 'other').length;
  const score = [...roles].reduce((sum, role) => sum + (SCORES[role] ?? 0), 0) + others * 0.5;
  return score >= SCORE_MIN || (roles.has('client') && texts.length === 2 && score >= 3.5);
}

/** Takes in group headers above and second header rows below, both next to the row without a gap. */
function widen(index: SheetIndex, row: number, floor: number): Header {
  let [top, bottom] = [row, row];
  while (top - 1 > floor && row - top < HEADER_ROWS_MAX && isGroupRow(index, top - 1, row))
    top -= 1;
  while (bottom - row < HEADER_ROWS_MAX && isLowerRow(index, bottom + 1, row)) bottom += 1;
  return { top, bottom, row };
}

/** A row of group names: texts right of the first header, and no title over everything. */
function isGroupRow(index: SheetIndex, row: number, anchor: number): boolean {
  const cells = index.row(row);
  const first = index.row(anchor)[0]?.column ?? 1;
  const last = index.row(anchor).at(-1)?.column ?? 1;
  if (cells.length === 0 || cells.some((cell) => headerText(cell) === null)) return false;
  const groups = cells.filter(
    (cell) => cell.column > first || index.area(row, cell.column)?.bottom === anchor,
  );
  const isTitle = cells.length === 1 && spanOf(index, row, cells[0]) > (last - first + 1) * 0.6;
  const isOver = groups.every((cell) => cell.column <= last);
  return groups.length > 0 && groups.length >= cells.length - 1 && isOver && !isTitle;
}

function spanOf(index: SheetIndex, row: number, cell: Cell | undefined): number {
  const area = cell && index.area(row, cell.column);
  return area ? area.right - area.left + 1 : 1;
}

/** A further header row: texts only, and nothing of its own under the column of the clients. */
function isLowerRow(index: SheetIndex, row: number, anchor: number): boolean {
  const cells = index.row(row);
  const label = index.row(anchor).find((cell) => isAddress(headerText(cell)));
  if (cells.length === 0 || cells.some((cell) => headerText(cell) === null || isDash(cell)))
    return false;
  if (!label || index.row(anchor).length < 2) return false;
  const below = index.at(row, label.column);
  return (
    isBlank(below) && (cells.length >= 2 || index.area(anchor, cells[0]?.column ?? 0) !== null)
  );
}

const isAddress = (text: string | null): boolean =>
  text !== null && ['client', 'account', 'service'].includes(roleOf(text));
export const isDash = (cell: Cell): boolean =>
  cell.value.kind === 'text' && /^[-\u2010-\u2015]+$/.test(cell.value.text.trim());

function hasDataBelow(index: SheetIndex, bottom: number): boolean {
  const until = Math.min(index.lastRow, bottom + LOOK_AHEAD_ROWS);
  for (let row = bottom + 1; row <= until; row += 1) {
    if (isHeaderRow(index, row)) return false;
    const cells = index.row(row);
    if (cells.some(hasNumber) && cells.some((cell) => cell.value.kind === 'text')) return true;
  }
  return false;
}

/** The header is printed again above each section: the same words in the same columns. */
function repeats(index: SheetIndex, before: Header | undefined, header: Header): boolean {
  if (!before || monthAbove(index, header.top, before.bottom) !== null) return false;
  const words = (row: number): string =>
    index.row(row).map((cell) => `${String(cell.column)} ${wordsOf(headerText(cell) ?? '')}`).join('|'); // prettier-ignore
  return words(before.row) === words(header.row);
}

const TITLE_GAP = 4;

/** The month a title just above a table names, looking no further up than the floor. */
export function monthAbove(
  index: SheetIndex,
  headerTop: number,
  floor: number,
): BillingPeriod | null {
  for (let row = headerTop - 1; row > Math.max(floor, headerTop - 1 - TITLE_GAP); row -= 1) {
    for (const cell of index.row(row)) {
      const month = cell.value.kind === 'text' ? readPeriod(cell.value.text) : null;
      if (month) return month;
    }
  }
  return null;
}

/** Without a known word for the clients: texts over a block whose rows are a name and numbers. */
function findPlainHeader(index: SheetIndex): number | null {
  for (let row = 1; row < index.lastRow; row += 1) {
    const texts = index.row(row).filter((cell) => headerText(cell) !== null);
    if (texts.length < 2 || index.row(row).some((cell) => headerText(cell) === null)) continue;
    let [named, total] = [0, 0];
    for (let below = row + 1; below <= Math.min(index.lastRow, row + LOOK_AHEAD_ROWS); below += 1) {
      const cells = index.row(below);
      if (cells.length < 2) continue;
      total += 1;
      const over = cells.filter(
        (cell) => hasNumber(cell) && headerText(index.at(row, cell.column)) !== null,
      );
      if (cells[0]?.value.kind === 'text' && over.length > 0) named += 1;
    }
    if (named >= 2 && named * 2 > total) return row;
  }
  return null;
}

/** Splits at gaps: two lists of clients beside each other are two tables. */
function tablesUnder(
  index: SheetIndex,
  header: Header,
  lastRow: number,
  order: number,
): readonly Table[] {
  const starts = clientColumns(index, header);
  const span = tableSpan(index, header);
  const edges = starts.length < 2 ? [span.left] : [span.left, ...starts.slice(1)];
  const tables = edges.map((left, at) => {
    const right = (edges[at + 1] ?? span.right + 1) - 1;
    const { top: headerTop, bottom: headerBottom } = header;
    const bounds = {
      order,
      headerTop,
      headerBottom,
      firstRow: headerBottom + 1,
      lastRow,
      left,
      right,
    };
    return { ...bounds, columns: buildColumns(index, bounds) };
  });
  return tables;
}

/** Columns headed as clients, where a second one opens a second table. */
function clientColumns(index: SheetIndex, header: Header): readonly number[] {
  const columns = new Set<number>();
  for (let row = header.top; row <= header.bottom; row += 1) {
    for (const cell of index.row(row)) {
      if (roleOf(headerText(cell) ?? '') === 'client') columns.add(cell.column);
    }
  }
  const sorted = [...columns].sort((a, b) => a - b);
  return sorted.filter(
    (column, at) => at === 0 || !isSecondName(index, header, sorted[at - 1] ?? 0, column),
  );
}

/** "Client | Company name" next to each other is one list with two names. */
const isSecondName = (index: SheetIndex, header: Header, before: number, column: number): boolean =>
  column === before + 1 && index.row(header.row).length > 2;

function tableSpan(index: SheetIndex, header: Header): { left: number; right: number } {
  const columns: number[] = [];
  for (let row = header.top; row <= header.bottom; row += 1) {
    for (const cell of index.row(row)) {
      columns.push(cell.column, index.area(row, cell.column)?.right ?? cell.column);
    }
  }
  const until = Math.min(index.lastRow, header.bottom + LOOK_AHEAD_ROWS * 8);
  for (let row = header.bottom + 1; row <= until; row += 1) {
    for (const cell of index.row(row)) columns.push(cell.column);
  }
  return { left: Math.min(...columns), right: Math.max(...columns) };
}

/** Two lists side by side are never guessed apart. */
export function assertOneBesideOther(index: SheetIndex, tables: readonly Table[]): void {
  const [first, second] = tables;
  if (!first || !second || first.headerTop !== second.headerTop) return;
  const at = cellAddress(index.name, { row: second.headerBottom, column: second.left });
  throw new AppError(
    'INPUT_INVALID',
    `Sheet "${index.name}" has two tables side by side; the second starts near ${at}. Put each table on a sheet of its own, or one below the other.`,
  );
}
