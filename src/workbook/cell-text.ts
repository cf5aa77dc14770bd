/** Texts of cells: what a person sees, what a name may hold, what a message may quote. */
import type { Cell } from './workbook.ts';

/** The text of a cell as a name: texts as they are, numbers as typed; null when there is none. */
export function cellText(cell: Cell | null): string | null {
  if (!cell) return null;
  const { value } = cell;
  if (value.kind === 'text') return value.text;
  if (value.kind === 'number') return zeroPadded(value.number, cell.numberFormat);
  return null;
}

export const isEmptyText = (text: string | null): boolean => text === null || text.trim() === '';

/** Spellings that differ only in spaces, case or accents' encoding are one name. */
export const nameKey = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\s\u00A0]+/g, ' ')
    .trim()
    .toLowerCase();

const QUOTED_MAX = 40;

/** For messages: one line, no control characters, not longer than a person reads. */
export function quoted(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > QUOTED_MAX ? `"${plain.slice(0, QUOTED_MAX)}…"` : `"${plain}"`;
}

const NAME_MAX = 200;
/** Zero-width and direction marks; a joiner between two emoji is part of the picture. */
const INVISIBLE =
  /[\u200B\u200C\u2060\uFEFF\u00AD\u180E]|(?<![\p{Extended_Pictographic}\uFE0F\u{1F3FB}-\u{1F3FF}])\u200D/u;
const DIRECTION = /[\u202A-\u202E\u2066-\u2069\u200E\u200F]/;

/** What is wrong with a name in a cell, or null; a name is never repaired behind one's back. */
export function nameTrouble(text: string): string | null {
  const invisible = INVISIBLE.exec(text);
  if (invisible) return `holds an invisible character (${codePoint(invisible[0])})`;
  const direction = DIRECTION.exec(text);
  if (direction)
    return `holds a mark that turns the reading direction (${codePoint(direction[0])})`;
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(text))
    return 'holds a control character';
  if (text.includes('\uFFFD')) return 'holds a character that was lost when it was copied (U+FFFD)';
  if (text.length > NAME_MAX)
    return `is ${String(text.length)} characters long, too long for a name`;
  if (/^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|CALC!|SPILL!|BUSY!)$/i.test(text.trim()))
    return 'is the text of an error';
  return null;
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The format 00000 shows 417 as 00417, and 00417 is the code. */
function zeroPadded(number: number, format: string): string {
  const text = String(number);
  return /^0{2,}$/.test(format) && /^\d+$/.test(text) ? text.padStart(format.length, '0') : text;
}
