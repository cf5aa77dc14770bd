/** The limits that every system has in some measure, as data, and the one check of them. */
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import {
  isNegative,
  lineAmount,
  minorDigits,
  sumAmounts,
  type Currency,
} from '../../core/money.ts';
import type { DocumentKind, InvoiceKeys } from './books-model.ts';

/** Null stands for "no limit is known". Lengths are characters. */
export interface DocumentLimits {
  readonly ref: { readonly length: number; readonly alphabet: Alphabet };
  readonly descriptionLength: number | null;
  /** Of the field that carries our marker. */
  readonly memoLength: number | null;
  readonly idLength: number | null;
  readonly linesPerInvoice: number | null;
  readonly quantityDecimals: number;
  readonly priceDecimals: number;
  /** The books multiply themselves: an amount that is not quantity × price is refused there. */
  readonly amountIsProduct: boolean;
  readonly documents: readonly DocumentKind[];
  /** books: left to the customer's and item's defaults there. code: a tax code per line. */
  readonly tax: 'books' | 'code per line';
  /** customer: as the customer is set up. document: named on each. home: one currency only. */
  readonly currency: 'customer' | 'document' | 'home';
}

/** What a number may be made of; ours are capital letters, digits and a dash. */
export type Alphabet = 'A-Z 0-9 -' | 'A-Z a-z 0-9 _ -' | 'any';

const ALPHABETS: Readonly<Record<Alphabet, RegExp>> = {
  'A-Z 0-9 -': /^[A-Z0-9-]+$/,
  'A-Z a-z 0-9 _ -': /^[\w-]+$/,
  any: /^[^\p{C}]+$/u,
};
/** "October 2026 " stands before the marker. */
const MEMO_WORDS_MAX = 20;

interface Limited {
  readonly title: string;
  readonly limits: DocumentLimits;
}

/** The first limit that is broken, in words that name the field; null when all are kept. */
export function findBrokenLimit(
  { title, limits }: Limited,
  content: InvoiceContent,
  keys: InvoiceKeys,
): string | null {
  return (
    brokenKey(title, limits, keys) ??
    brokenHead(title, limits, content) ??
    content.lines
      .map((line, index) => brokenLine(title, limits, { line, index, currency: content.currency }))
      .find((words) => words !== null) ??
    brokenTotal(title, content)
  );
}

function brokenKey(
  title: string,
  { ref, memoLength }: DocumentLimits,
  keys: InvoiceKeys,
): string | null {
  if (keys.ref.length > ref.length || !ALPHABETS[ref.alphabet].test(keys.ref)) {
    const of = ref.alphabet === 'any' ? '' : ` of ${ref.alphabet}`;
    return `number "${keys.ref}": ${title} takes at most ${ref.length} characters${of}`;
  }
  if (keys.marker === '') return 'marker: it is empty, so the invoice could not be found again';
  if (memoLength !== null && MEMO_WORDS_MAX + keys.marker.length > memoLength) {
    return `marker: ${title} takes a memo of at most ${memoLength} characters`;
  }
  return null;
}

function brokenHead(
  title: string,
  limits: DocumentLimits,
  { customerId, invoiceDate, lines, document }: InvoiceContent,
): string | null {
  if (!isId(customerId, limits)) return `customer "${customerId}": not an id of ${title}`;
  if (!/^\d{4}-\d\d-\d\d$/.test(invoiceDate)) return `date "${invoiceDate}": not a day`;
  if (!limits.documents.includes(document))
    return `document: ${title} takes no ${document} from us; it is entered there by hand`;
  if (lines.length === 0) return 'lines: there are none';
  const max = limits.linesPerInvoice;
  if (max !== null && lines.length > max) {
    return `lines: ${lines.length}, ${title} takes at most ${max}`;
  }
  return null;
}

interface PlacedLine {
  readonly line: InvoiceLine;
  readonly index: number;
  readonly currency: Currency;
}

function brokenLine(
  title: string,
  limits: DocumentLimits,
  { line, index, currency }: PlacedLine,
): string | null {
  const where = `line ${index + 1}`;
  if (!isId(line.itemId, limits)) return `${where}, item "${line.itemId}": not an id of ${title}`;
  const code = brokenTaxCode(title, limits, line);
  if (code !== null) return `${where}, tax code: ${code}`;
  const words = brokenDescription(title, limits, line.description);
  if (words !== null) return `${where}, description: ${words}`;
  const decimals = [
    ['quantity', line.quantity, limits.quantityDecimals],
    ['unit price', line.unitPrice, limits.priceDecimals],
  ] as const;
  for (const [name, text, max] of decimals) {
    if (!isDecimal(text, max)) {
      return `${where}, ${name} ${text}: ${title} takes at most ${max} decimals`;
    }
  }
  const digits = minorDigits(currency);
  if (!new RegExp(`^-?\\d{1,13}${digits === 0 ? '' : `\\.\\d{${digits}}`}$`).test(line.amount)) {
    return `${where}, amount ${line.amount}: ${currency} has exactly ${digits} decimals`;
  }
  const product = lineAmount(line.quantity, line.unitPrice, currency);
  return limits.amountIsProduct && product !== line.amount
    ? `${where}, amount ${line.amount}: ${title} takes quantity × price only, which is ${product}`
    : null;
}

function brokenTaxCode(
  title: string,
  limits: DocumentLimits,
  { taxCodeId }: InvoiceLine,
): string | null {
  if (taxCodeId !== undefined) {
    return isId(taxCodeId, limits) ? null : `"${taxCodeId}" is not an id of ${title}`;
  }
  if (limits.tax === 'books') return null;
  return `${title} needs one on each line: name it in books.tax.default`;
}

function brokenDescription(
  title: string,
  { descriptionLength }: DocumentLimits,
  text: string,
): string | null {
  if (descriptionLength !== null && text.length > descriptionLength) {
    return `${title} takes at most ${descriptionLength} characters, these are ${text.length}`;
  }
  if (text.trim() === '') return 'it is empty';
  // A line break is text there; other control characters break what is written or read.
  return /[^\P{Cc}\n\r\t]/u.test(text) ? 'control characters' : null;
}

function brokenTotal(title: string, { lines, total, currency }: InvoiceContent): string | null {
  if (isNegative(total)) return `total ${total}: ${title} refuses a negative document`;
  const amounts = lines.map((line) => line.amount);
  const sum = sumAmounts(amounts, currency);
  return sum === total ? null : `total ${total}: the lines add up to ${sum}`;
}

const isDecimal = (text: string, max: number): boolean => {
  const match = /^-?\d{1,12}(?:\.(\d+))?$/.exec(text);
  return match !== null && (match[1] ?? '').length <= max;
};

const isId = (text: string, { idLength }: DocumentLimits): boolean =>
  text.length > 0 && (idLength === null || text.length <= idLength);
