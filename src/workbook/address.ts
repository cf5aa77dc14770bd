/** Cell addresses: one-based rows and columns to "C8" and back, and "Sheet!C8" for people. */
import type { CellAddress } from '../core/model.ts';

export const ROWS_MAX = 1_048_576;
export const COLUMNS_MAX = 16_384;

export interface Position {
  readonly row: number;
  readonly column: number;
}

export function columnLetters(column: number): string {
  let rest = column;
  let letters = '';
  while (rest > 0) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
    rest = Math.floor((rest - 1) / 26);
  }
  return letters;
}

export function columnNumber(letters: string): number {
  let number = 0;
  for (let at = 0; at < letters.length; at += 1) {
    number = number * 26 + (letters.toUpperCase().charCodeAt(at) - 64);
  }
  return number;
}

export const localAddress = ({ row, column }: Position): string =>
  `${columnLetters(column)}${String(row)}`;

export const cellAddress = (sheet: string, at: Position): CellAddress =>
  `${sheet}!${localAddress(at)}`;

/** Splits at the last "!": a sheet's name may hold one itself. */
export function splitAddress(address: CellAddress): (Position & { readonly sheet: string }) | null {
  const cut = address.lastIndexOf('!');
  const match = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})$/.exec(address.slice(cut + 1));
  if (cut < 1 || !match) return null;
  const [, letters = '', row = ''] = match;
  const sheet = address
    .slice(0, cut)
    .replace(/^'(.*)'$/s, '$1')
    .replaceAll("''", "'");
  return { sheet, row: Number(row), column: columnNumber(letters) };
}
