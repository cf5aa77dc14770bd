// Texts of an exported file: one line each, and where a spreadsheet may open it never a formula.

/** A text that begins so, after blanks and what cannot be seen, is worked out by a spreadsheet. */
const START = String.raw`['"\s\p{C}]*[=+\-@|＝＋－＠]`;
const FORMULA = new RegExp(`^${START}`, 'u');
/** Where the comma is the decimal sign a semicolon parts cells, whatever quotes stand around it. */
const BEHIND_SEMICOLON = new RegExp(`;(?=${START})`, 'gu');
const GUARDED_BEHIND_SEMICOLON = new RegExp(`;'(?=${START})`, 'gu');

export const oneLine = (text: string): string => text.replace(/[\r\n\t]+/g, ' ');

/** One line of text with a mark before what would be a formula; see openText. */
export function guardText(text: string): string {
  const line = oneLine(text).replace(BEHIND_SEMICOLON, ";'");
  return FORMULA.test(line) || line.startsWith("'") ? `'${line}` : line;
}

/** The text as it was before it was guarded. */
export const openText = (text: string): string =>
  (text.startsWith("'") ? text.slice(1) : text).replace(GUARDED_BEHIND_SEMICOLON, ';');
