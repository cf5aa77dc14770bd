// Texts of an exported file that a spreadsheet may open: one line each, and never a formula.

/** A text that begins so, after blanks and what cannot be seen, is worked out by a spreadsheet. */
const FORMULA = /^['"\s\p{C}]*[=+\-@|＝＋－＠]/u;

/** One line of text with a mark before what would be a formula; see openText. */
export function guardText(text: string): string {
  const line = text.replace(/[\r\n\t]+/g, ' ');
  return FORMULA.test(line) || line.startsWith("'") ? `'${line}` : line;
}

/** The text as it was before it was guarded. */
export const openText = (text: string): string => (text.startsWith("'") ? text.slice(1) : text);
