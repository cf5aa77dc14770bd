/**
 * Text that goes into a cell (posting-safety 6.1): no invisible or reordering characters, at most
 * 255, and nothing a spreadsheet would run. It is written with the format "@", set before the value.
 */
const TEXT_MAX = 255;
/** C0 and C1 controls, zero-width and bidirectional marks, the byte order mark. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const RUNS = /^\s*[=+\-@＝＋－＠|]/u;

export function safeText(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\t\r\n]+/gu, ' ')
    .replace(INVISIBLE, '');
  return Array.from(plain).slice(0, TEXT_MAX).join('');
}

/** A leading apostrophe makes Excel take the rest as text, whatever it looks like. */
export const asCellText = (text: string): string => {
  const safe = safeText(text);
  return RUNS.test(safe) ? `'${safe}` : safe;
};
