// An invoice or credit note in the words of Sage Accounting, there and back.

import { z } from 'zod';
import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent } from '../../core/model.ts';
import { parseAmount, type Currency } from '../../core/money.ts';
import type { BooksInvoice, DocumentKind, DocumentLimits, InvoiceKeys } from './accounting.ts';
import { jsonNumber, writeJson } from './exact-json.ts';
import { markerIn } from './lookup.ts';
import { Decimal, readLine } from './read-line.ts';
import { currencyOf, Reference } from './sage-accounting-books.ts';
import type { Prepared } from './sage-accounting-prepare.ts';

const NOTES_MAX = 2000;

/** The file (3.1, read 2026-11-22) gives the lengths of answers and says "double": what Sage rounds is seen at the read back. */
export const LIMITS: DocumentLimits = {
  ref: { length: 11, alphabet: 'A-Z 0-9 -' },
  descriptionLength: null,
  memoLength: NOTES_MAX,
  idLength: 64,
  linesPerInvoice: null,
  quantityDecimals: 4,
  priceDecimals: 7,
  amountIsProduct: true,
  documents: ['invoice', 'credit memo'],
  tax: 'books',
  currency: 'customer',
};

const NAMES = {
  invoice: { document: 'sales_invoice', lines: 'invoice_lines' },
  'credit memo': { document: 'sales_credit_note', lines: 'credit_note_lines' },
} as const;

/**
 * The due date is that of the customer's terms there. The file has no field that the customer does
 * not see: the marker follows the note that the business puts under every invoice.
 */
export function toBodyText(content: InvoiceContent, keys: InvoiceKeys, prepared: Prepared): string {
  const names = NAMES[content.document];
  const one = {
    idempotency_id: toIdempotencyId(keys.providerKey),
    contact_id: content.customerId,
    date: content.invoiceDate,
    reference: keys.ref,
    currency_id: content.currency,
    notes: notesOf(content, keys, prepared),
    [names.lines]: content.lines.map((line, index) => {
      const tax = prepared.taxes[index] ?? null;
      return {
        description: line.description,
        ledger_account_id: line.itemId,
        quantity: jsonNumber(line.quantity),
        unit_price: jsonNumber(line.unitPrice),
        unit_price_includes_tax: false,
        tax_rate_id: tax?.rateId,
        tax_amount: tax === null ? undefined : jsonNumber(tax.amount),
      };
    }),
  };
  return writeJson({ [names.document]: one });
}

function notesOf({ period }: InvoiceContent, { marker }: InvoiceKeys, { note }: Prepared): string {
  const memo = `${periodTitle(period)} ${marker}`;
  return note === null ? memo : `${note}\n${memo}`;
}

/** A note that Sage cut would lose our marker, which is its end; null when it is short enough. */
export function findLongNotes(
  content: InvoiceContent,
  keys: InvoiceKeys,
  prepared: Prepared,
): string | null {
  const { length } = notesOf(content, keys, prepared);
  if (length <= NOTES_MAX) return null;
  const what = content.document === 'invoice' ? 'invoices' : 'credit notes';
  return `notes: ${length} with our mark, Sage Accounting takes at most ${NOTES_MAX} characters: shorten the default note on ${what} in its invoice settings`;
}

/** 32 letters and digits, a GUID without its hyphens. */
const toIdempotencyId = (providerKey: string): string => providerKey.replaceAll('-', '');

/** What Sage asks beyond the limits that are data; null when it is kept. */
export const findBrokenRule = (
  { customerId, lines }: InvoiceContent,
  { providerKey }: InvoiceKeys,
): string | null => {
  if (!/^[\da-f]{32}$/i.test(toIdempotencyId(providerKey))) {
    return `key "${providerKey}": Sage Accounting takes a GUID`;
  }
  const ids = [customerId, ...lines.flatMap(({ itemId, taxCodeId }) => [itemId, taxCodeId ?? 'x'])];
  const strange = ids.find((id) => !/^[\w-]+$/.test(id));
  return strange === undefined ? null : `id "${strange}": not an id of Sage Accounting`;
};

const Line = z.object({
  description: z.string().nullish(),
  ledger_account: Reference.nullish(),
  quantity: Decimal.nullish(),
  unit_price: Decimal.nullish(),
  net_amount: Decimal.nullish(),
});

const common = {
  id: z.string().min(1),
  contact: Reference,
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day'),
  reference: z.string().nullish(),
  notes: z.string().nullish(),
  currency: Reference,
  status: Reference,
  net_amount: Decimal,
  tax_amount: Decimal.nullish(),
  deleted_at: z.string().nullish(),
};
/** Numbers are read as texts, see quoteNumbers. */
export const Document = z.union([
  z.object({ ...common, invoice_lines: z.array(Line) }),
  z.object({ ...common, credit_note_lines: z.array(Line) }),
]);
export type Document = z.infer<typeof Document>;

export function toInvoice(row: Document, document: DocumentKind): BooksInvoice {
  const currency = currencyOf(row.currency) as Currency;
  const lines = 'invoice_lines' in row ? row.invoice_lines : row.credit_note_lines;
  return {
    id: row.id,
    document,
    ref: row.reference ?? null,
    marker: markerIn(row.notes),
    customerId: row.contact.id,
    currency,
    date: row.date,
    lines: lines.map((line) =>
      readLine(
        {
          itemId: line.ledger_account?.id,
          description: line.description,
          quantity: line.quantity,
          unitPrice: line.unit_price,
          amount: line.net_amount,
        },
        currency,
      ),
    ),
    subtotal: parseAmount(row.net_amount, currency),
    tax: row.tax_amount == null ? null : parseAmount(row.tax_amount, currency),
    voided: row.status.id === 'VOID' || row.deleted_at != null,
  };
}
