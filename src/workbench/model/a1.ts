/** Addresses: A1 text to zero-based rectangles and back. */

export const ROWS_MAX = 1_048_576;
export const COLUMNS_MAX = 16_384;
const LETTERS = 26;

/** Zero-based; the whole sheet is { row: 0, column: 0, rows: ROWS_MAX, columns: COLUMNS_MAX }. */
export interface Rect {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

export interface Address {
  /** Null when the address names no sheet. */
  readonly sheet: string | null;
  readonly rect: Rect;
}

export const WHOLE_SHEET: Rect = { row: 0, column: 0, rows: ROWS_MAX, columns: COLUMNS_MAX };

export function columnName(column: number): string {
  let name = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / LETTERS)) {
    name = String.fromCharCode(65 + ((rest - 1) % LETTERS)) + name;
  }
  return name;
}

export function columnIndex(name: string): number {
  return (
    Array.from(name.toUpperCase()).reduce((sum, c) => sum * LETTERS + c.charCodeAt(0) - 64, 0) - 1
  );
}

const CELL = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?$/i;
const WHOLE_COLUMNS = /^\$?([A-Z]{1,3}):\$?([A-Z]{1,3})$/i;
const WHOLE_ROWS = /^\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})$/;

/** Null when the text is not an address on a sheet of Excel's size. */
export function parseAddress(text: string): Address | null {
  const [sheet, local] = splitSheet(text.trim());
  const rect = parseLocal(local);
  return rect && fits(rect) ? { sheet, rect } : null;
}

function splitSheet(text: string): [string | null, string] {
  const bang = text.lastIndexOf('!');
  if (bang < 0) return [null, text];
  const name = text.slice(0, bang);
  const quoted = /^'(.*)'$/.exec(name);
  return [quoted ? (quoted[1] ?? '').replaceAll("''", "'") : name, text.slice(bang + 1)];
}

function parseLocal(text: string): Rect | null {
  const cell = CELL.exec(text);
  if (cell) {
    const [, c1 = '', r1 = '', c2 = c1, r2 = r1] = cell;
    return spanning(Number(r1) - 1, columnIndex(c1), Number(r2) - 1, columnIndex(c2));
  }
  const columns = WHOLE_COLUMNS.exec(text);
  if (columns) {
    const [, c1 = '', c2 = ''] = columns;
    return spanning(0, columnIndex(c1), ROWS_MAX - 1, columnIndex(c2));
  }
  const rows = WHOLE_ROWS.exec(text);
  if (!rows) return null;
  return spanning(Number(rows[1]) - 1, 0, Number(rows[2]) - 1, COLUMNS_MAX - 1);
}

export function spanning(r1: number, c1: number, r2: number, c2: number): Rect {
  return {
    row: Math.min(r1, r2),
    column: Math.min(c1, c2),
    rows: Math.abs(r2 - r1) + 1,
    columns: Math.abs(c2 - c1) + 1,
  };
}

export function fits(rect: Rect): boolean {
  const { row, column, rows, columns } = rect;
  if (![row, column, rows, columns].every(Number.isInteger)) return false;
  if (row < 0 || column < 0 || rows < 1 || columns < 1) return false;
  return row + rows <= ROWS_MAX && column + columns <= COLUMNS_MAX;
}

export function formatRect(rect: Rect): string {
  const bottom = rect.row + rect.rows;
  const right = columnName(rect.column + rect.columns - 1);
  if (rect.rows === ROWS_MAX) return `${columnName(rect.column)}:${right}`;
  if (rect.columns === COLUMNS_MAX) return `${rect.row + 1}:${bottom}`;
  const first = `${columnName(rect.column)}${rect.row + 1}`;
  return rect.rows * rect.columns === 1 ? first : `${first}:${right}${bottom}`;
}

/** Quoted whenever Excel would quote it: anything but a plain word that is no address itself. */
export function quoteSheet(name: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && parseLocal(name) === null;
  return plain ? name : `'${name.replaceAll("'", "''")}'`;
}

export function intersect(a: Rect, b: Rect): Rect | null {
  const row = Math.max(a.row, b.row);
  const column = Math.max(a.column, b.column);
  const rows = Math.min(a.row + a.rows, b.row + b.rows) - row;
  const columns = Math.min(a.column + a.columns, b.column + b.columns) - column;
  return rows > 0 && columns > 0 ? { row, column, rows, columns } : null;
}

export function contains(rect: Rect, row: number, column: number): boolean {
  const inRows = row >= rect.row && row < rect.row + rect.rows;
  return inRows && column >= rect.column && column < rect.column + rect.columns;
}

export function bounding(rects: readonly Rect[]): Rect | null {
  const [first, ...rest] = rects;
  if (!first) return null;
  return rest.reduce((a, b) => {
    const row = Math.min(a.row, b.row);
    const column = Math.min(a.column, b.column);
    const bottom = Math.max(a.row + a.rows, b.row + b.rows);
    const right = Math.max(a.column + a.columns, b.column + b.columns);
    return { row, column, rows: bottom - row, columns: right - column };
  }, first);
}
