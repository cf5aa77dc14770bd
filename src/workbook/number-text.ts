/**
 * When is a text exactly one number? Strictly: spaces around it aside, an optional minus, digits,
 * a decimal point, and commas only as thousands separators in correct groups ("1,234.50", "1,234").
 * Whatever reads as another number elsewhere is refused: "1.234,50", "1,23", and "1.234", which is
 * one thousand in German and hardly ever a count with three decimals in English. Percent signs,
 * brackets, other minus signs and other digits ("−5", "(5.00)", "5%", "１２") are no number.
 */
export type NumberText = { readonly number: string } | { readonly refused: string };

const PLAIN = /^-?\d{1,15}(?:\.\d+)?$/;
const GROUPED = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const MONEY_SIGN = /^(-?)[$€£]\s?(?=[\d.])/;

export function readNumberText(text: string): NumberText {
  const plain = text.trim();
  if (/[\u200B-\u200D\u2060\uFEFF]/.test(plain)) return { refused: 'holds an invisible character' };
  if (plain === '') return { refused: 'holds only spaces' };
  if (/^-?\d{1,3}\.\d{3}$/.test(plain)) {
    return { refused: 'can be read with a decimal point or with a thousands point' };
  }
  if (PLAIN.test(plain)) return { number: canonical(plain) };
  if (GROUPED.test(plain)) return { number: canonical(plain.replaceAll(',', '')) };
  if (/^-?[\d.]*\d,\d+$/.test(plain)) {
    return { refused: 'can be read with a decimal comma or with a thousands comma' };
  }
  return { refused: reasonOf(plain) };
}

/** A price as text: as above, with one currency sign in front. */
export function readPriceText(text: string): NumberText {
  return readNumberText(text.trim().replace(MONEY_SIGN, '$1'));
}

function reasonOf(plain: string): string {
  if (/^#[A-Z/0!?]+$/i.test(plain)) return 'is the text of an error';
  if (/^[(\uFF08].*[)\uFF09]$/.test(plain)) return 'is written in brackets';
  if (plain.includes('%')) return 'is a percentage';
  if (/^[\u2212\u2013\u2014]\s?\d/.test(plain))
    return 'has another sign than the minus of the keyboard';
  if (/^\p{Nd}+$/u.test(plain)) return 'has digits other than 0 to 9';
  if (/^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}$/.test(plain)) return 'looks like a date';
  if (/^[\d.,\s'’]+$/.test(plain)) return 'is not one clear number';
  return 'is a text';
}

/** Without leading and trailing zeros: "007.50" is "7.5". */
function canonical(plain: string): string {
  const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '');
  const decimals = fraction.replace(/0+$/, '');
  const magnitude = decimals === '' ? digits : `${digits}.${decimals}`;
  return plain.startsWith('-') && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude;
}
