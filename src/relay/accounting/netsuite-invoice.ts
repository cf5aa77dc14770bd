// An invoice or credit memo in NetSuite's words, there and back.

import { z } from 'zod';
import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import { parseAmount, subtractAmounts, type Currency } from '../../core/money.ts';
import type { BooksInvoice, DocumentKind, DocumentLimits, InvoiceKeys } from './accounting.ts';
import { jsonNumber, writeJson } from './exact-json.ts';
import { markerIn } from './lookup.ts';
import { Reference, type Counted } from './netsuite-books.ts';
import { Decimal, readLine } from './read-line.ts';

/** It publishes no lengths for REST: these are what its forms take at least (read 2026-11-22). */
export const LIMITS: DocumentLimits = {
  ref: { length: 45, alphabet: 'A-Z a-z 0-9 _ -' },
  descriptionLength: 999,
  memoLength: 999,
  idLength: 15,
  linesPerInvoice: null,
  quantityDecimals: 4,
  priceDecimals: 7,
  amountIsProduct: false,
  documents: ['invoice', 'credit memo'],
  tax: 'books',
  currency: 'customer',
};
const EXTERNAL_ID = /^[\w-]{1,255}$/;
/** Its numbers are doubles, its quantities floats: so many digits are kept as they are written. */
const DOUBLE_DIGITS = 15;
const FLOAT_DIGITS = 7;

/**
 * The external id is refused a second time. The number of the document is the account's own
 * sequence: ours stands in the reference number. Due date, terms, currency and tax are the
 * customer's own there (rulings 10).
 */
export function toBodyText(content: InvoiceContent, keys: InvoiceKeys): string {
  return writeJson({
    externalId: keys.postingKey,
    entity: { id: content.customerId },
    tranDate: content.invoiceDate,
    otherRefNum: keys.ref,
    memo: `${periodTitle(content.period)} ${keys.marker}`,
    item: { items: content.lines.map(toLineBody) },
  });
}

const toLineBody = (line: InvoiceLine): unknown => ({
  item: { id: line.itemId },
  description: line.description,
  quantity: jsonNumber(line.quantity),
  rate: jsonNumber(line.unitPrice),
  amount: jsonNumber(line.amount),
});

/** What NetSuite asks beyond the limits that are data; null when it is kept. */
export function findBrokenRule(
  { customerId, lines }: InvoiceContent,
  { postingKey }: InvoiceKeys,
): string | null {
  if (!EXTERNAL_ID.test(postingKey)) {
    return `key "${postingKey}": NetSuite takes letters, digits, _ and - in an external id`;
  }
  if (!isInternalId(customerId)) return `customer "${customerId}": not an internal id of NetSuite`;
  return (
    lines.map((line, index) => brokenLine(line, index)).find((words) => words !== null) ?? null
  );
}

function brokenLine(
  { itemId, quantity, unitPrice, amount, taxCodeId }: InvoiceLine,
  index: number,
): string | null {
  const where = `line ${index + 1}`;
  if (!isInternalId(itemId)) return `${where}, item "${itemId}": not an internal id of NetSuite`;
  if (taxCodeId !== undefined) return `${where}, tax code: NetSuite finds the tax itself`;
  const numbers = [
    ['quantity', quantity, FLOAT_DIGITS],
    ['unit price', unitPrice, DOUBLE_DIGITS],
    ['amount', amount, DOUBLE_DIGITS],
  ] as const;
  for (const [name, text, max] of numbers) {
    if (significantDigits(text) > max) {
      return `${where}, ${name} ${text}: NetSuite keeps at most ${max} digits of it`;
    }
  }
  return null;
}

const isInternalId = (text: string): boolean => Reference.safeParse({ id: text }).success;

const significantDigits = (text: string): number =>
  text.replace(/[-.]/g, '').replace(/^0+/, '').length;

const Line = z.object({
  item: Reference.nullish(),
  description: z.string().nullish(),
  quantity: Decimal.nullish(),
  rate: Decimal.nullish(),
  amount: Decimal.nullish(),
});
type Line = z.infer<typeof Line>;

/** Numbers are read as texts, see quoteNumbers; the lines are asked for with their document. */
export const Document = z.object({
  id: Reference.shape.id,
  externalId: z.string().nullish(),
  otherRefNum: z.string().nullish(),
  memo: z.string().nullish(),
  entity: Reference,
  tranDate: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day'),
  currency: Reference.nullish(),
  status: z.object({ id: z.string().min(1), refName: z.string().nullish() }),
  item: z.object({
    items: z.array(Line),
    hasMore: z.literal(false, 'says that there are more lines').optional(),
    totalResults: z.string().regex(/^\d{1,6}$/),
  }),
  total: Decimal,
  taxTotal: Decimal.nullish(),
});
export type Document = z.infer<typeof Document>;

/** Subtotal is what is billed before tax: a discount or freight that the books added shows in it. */
export function toInvoice(
  row: Document,
  document: DocumentKind,
  { named, counted }: Counted,
): BooksInvoice {
  const total = parseAmount(row.total, counted);
  const tax = row.taxTotal == null ? null : parseAmount(row.taxTotal, counted);
  return {
    id: row.id,
    document,
    ref: row.otherRefNum ?? null,
    marker: markerIn(row.memo),
    key: row.externalId?.toLowerCase() ?? null,
    customerId: row.entity.id,
    currency: named,
    date: row.tranDate,
    lines: row.item.items.map((line) => toLine(line, counted)),
    subtotal: tax === null ? total : subtractAmounts(total, tax, counted),
    tax,
    // The tables of 2026.1 have the letter; accounts have been met that give the word.
    voided: row.status.id === 'V' || /^void/i.test(row.status.refName ?? row.status.id),
  };
}

const toLine = (line: Line, currency: Currency): BooksInvoice['lines'][number] =>
  readLine(
    {
      itemId: line.item?.id,
      description: line.description,
      quantity: line.quantity,
      unitPrice: line.rate,
      amount: line.amount,
    },
    currency,
  );
