/** Formula texts rewritten without evaluating them: another sheet name, other relative cells. */
import { columnIndex, columnName, COLUMNS_MAX, quoteSheet, ROWS_MAX } from './a1.ts';

const STRING = '"(?:[^"]|"")*"';
const SHEET = String.raw`'(?:[^']|'')+'!|[A-Za-z_.\d\u007F-\uFFFF]+!`;
const CELL = String.raw`\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?![\w.(!])`;

const SHEETS = new RegExp(`${STRING}|${SHEET}`, 'g');
const CELLS = new RegExp(`${STRING}|${SHEET}|(?<![\\w.$])${CELL}`, 'gi');

export function renameSheetInFormula(formula: string, from: string, to: string): string {
  return formula.replaceAll(SHEETS, (token) => {
    if (token.startsWith('"')) return token;
    const name = token
      .slice(0, -1)
      .replace(/^'(.*)'$/, '$1')
      .replaceAll("''", "'");
    return name.toLowerCase() === from.toLowerCase() ? `${quoteSheet(to)}!` : token;
  });
}

/** As if the formula were copied that far; what leaves the sheet becomes #REF!. */
export function shiftFormula(formula: string, rows: number, columns: number): string {
  if (rows === 0 && columns === 0) return formula;
  return formula.replaceAll(CELLS, (token) => {
    const parts = /^(\$?)([A-Z]{1,3})(\$?)(\d+)$/i.exec(token);
    if (!parts) return token;
    const [, lockColumn = '', letters = '', lockRow = '', digits = ''] = parts;
    const column = columnIndex(letters) + (lockColumn ? 0 : columns);
    const row = Number(digits) - 1 + (lockRow ? 0 : rows);
    if (column < 0 || row < 0 || column >= COLUMNS_MAX || row >= ROWS_MAX) return '#REF!';
    return `${lockColumn}${columnName(column)}${lockRow}${row + 1}`;
  });
}
