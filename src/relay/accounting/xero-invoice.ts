// An invoice or credit note in Xero's words, there and back.

import { z } from 'zod';
import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import { parseAmount, parseCurrency, type Currency } from '../../core/money.ts';
import type { BooksInvoice, DocumentKind, DocumentLimits, InvoiceKeys } from './accounting.ts';
import { jsonNumber, writeJson } from './exact-json.ts';
import { markerIn } from './lookup.ts';
import { Decimal, readLine } from './read-line.ts';

/** Lengths of Xero's own description (16.1.0, read 2026-11-22); prices have unitdp=4. */
export const LIMITS: DocumentLimits = {
  ref: { length: 255, alphabet: 'any' },
  descriptionLength: 4000,
  memoLength: 255,
  idLength: 36,
  linesPerInvoice: null,
  quantityDecimals: 4,
  priceDecimals: 4,
  amountIsProduct: true,
  documents: ['invoice', 'credit memo'],
  tax: 'books',
  currency: 'document',
};
const KEY_MAX = 128;

/** Approved at once (rulings 10); the due date is that of the contact's terms there. */
export function toBodyText(content: InvoiceContent, keys: InvoiceKeys): string {
  const isInvoice = content.document === 'invoice';
  const one = {
    Type: isInvoice ? 'ACCREC' : 'ACCRECCREDIT',
    Status: 'AUTHORISED',
    Contact: { ContactID: content.customerId },
    Date: content.invoiceDate,
    CurrencyCode: content.currency,
    LineAmountTypes: 'Exclusive',
    [isInvoice ? 'InvoiceNumber' : 'CreditNoteNumber']: keys.ref,
    Reference: `${periodTitle(content.period)} ${keys.marker}`,
    LineItems: content.lines.map(toLineBody),
  };
  return writeJson(isInvoice ? { Invoices: [one] } : { CreditNotes: [one] });
}

const toLineBody = (line: InvoiceLine): unknown => ({
  ItemCode: line.itemId,
  Description: line.description,
  Quantity: jsonNumber(line.quantity),
  UnitAmount: jsonNumber(line.unitPrice),
  LineAmount: jsonNumber(line.amount),
  TaxType: line.taxCodeId,
});

/** What Xero asks beyond the limits that are data; null when it is kept. */
export const findBrokenRule = (
  _content: InvoiceContent,
  { providerKey }: InvoiceKeys,
): string | null =>
  !/^[\w-]+$/.test(providerKey) || providerKey.length > KEY_MAX
    ? `key "${providerKey}": Xero takes at most ${KEY_MAX} letters and digits`
    : null;

const Line = z.object({
  ItemCode: z.string().nullish(),
  Description: z.string().nullish(),
  Quantity: Decimal.nullish(),
  UnitAmount: Decimal.nullish(),
  LineAmount: Decimal.nullish(),
});
type Line = z.infer<typeof Line>;

const common = {
  Contact: z.object({ ContactID: z.guid() }),
  Date: z.string().min(1),
  CurrencyCode: z.string().length(3),
  Reference: z.string().nullish(),
  Status: z.string().min(1),
  LineItems: z.array(Line),
  SubTotal: Decimal,
  TotalTax: Decimal.nullish(),
};
/** Numbers are read as texts, see quoteNumbers. */
export const Document = z.union([
  z.object({ ...common, InvoiceID: z.guid(), InvoiceNumber: z.string().nullish() }),
  z.object({ ...common, CreditNoteID: z.guid(), CreditNoteNumber: z.string().nullish() }),
]);
export type Document = z.infer<typeof Document>;

export function toInvoice(row: Document, document: DocumentKind): BooksInvoice {
  const currency = parseCurrency(row.CurrencyCode);
  const id = 'InvoiceID' in row ? row.InvoiceID : row.CreditNoteID;
  const number = 'InvoiceID' in row ? row.InvoiceNumber : row.CreditNoteNumber;
  return {
    id,
    document,
    ref: number ?? null,
    marker: markerIn(row.Reference),
    customerId: row.Contact.ContactID,
    currency,
    date: toDay(row.Date),
    lines: row.LineItems.map((line) => toLine(line, currency)),
    subtotal: parseAmount(row.SubTotal, currency),
    tax: row.TotalTax == null ? null : parseAmount(row.TotalTax, currency),
    voided: row.Status === 'VOIDED' || row.Status === 'DELETED',
  };
}

const toLine = (line: Line, currency: Currency): BooksInvoice['lines'][number] =>
  readLine(
    {
      itemId: line.ItemCode,
      description: line.Description,
      quantity: line.Quantity,
      unitPrice: line.UnitAmount,
      amount: line.LineAmount,
    },
    currency,
  );

/** "/Date(1759190400000+0000)/" is a day at midnight UTC; a plain day is taken too. */
function toDay(text: string): string {
  const ms = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text)?.[1];
  return ms === undefined ? text.slice(0, 10) : new Date(Number(ms)).toISOString().slice(0, 10);
}
