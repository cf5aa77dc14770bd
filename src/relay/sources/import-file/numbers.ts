// Numbers as files write them: 1,234.50 or 1.234,50. Which of the two is told from the file.

export const NUMBER_FORMS = ['en', 'eu'] as const;
export type NumberForm = (typeof NUMBER_FORMS)[number];

const SHAPES: Readonly<Record<NumberForm, RegExp>> = {
  en: /^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/,
  eu: /^-?(\d{1,3}([. '’]\d{3})+|\d+)(,\d+)?$/,
};
const MARKS: Readonly<Record<NumberForm, { readonly group: RegExp; readonly point: string }>> = {
  en: { group: /,/g, point: '.' },
  eu: { group: /[. '’]/g, point: ',' },
};

/** What one text says of the form of its file: nothing, one of the two, or that it fits both. */
export function numberForm(text: string): NumberForm | 'either' | null {
  if (/^-?\d*$/.test(text)) return null;
  const fits = NUMBER_FORMS.filter((form) => SHAPES[form].test(text));
  const [form = null, other] = fits;
  return other ? 'either' : form;
}

/** Canonical text: "-1234.5"; null when it is no number in that form. */
export function readNumber(text: string, form: NumberForm): string | null {
  if (/^\d+$/.test(text)) return text;
  if (!SHAPES[form].test(text)) return null;
  const { group, point } = MARKS[form];
  const plain = text.replace(group, '').replace(point, '.');
  const trimmed = plain.includes('.') ? plain.replace(/0+$/, '').replace(/\.$/, '') : plain;
  return trimmed === '-0' ? '0' : trimmed;
}

/** Takes "$", "€" or "USD" off a price. */
export const bareNumber = (text: string): string =>
  text.replace(/^(-?)\s*(?:[$€£]|[A-Z]{3}\s)\s*/, '$1').replace(/\s*(?:[$€£]|[A-Z]{3})$/, '');
