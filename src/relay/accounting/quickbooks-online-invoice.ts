// An invoice or credit memo in the words of QuickBooks Online, there and back.

import { z } from 'zod';
import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import { parseAmount, parseCurrency, subtractAmounts, type Currency } from '../../core/money.ts';
import type { BooksInvoice, DocumentKind, DocumentLimits, InvoiceKeys } from './accounting.ts';
import { jsonNumber, writeJson } from './exact-json.ts';
import { markerIn } from './lookup.ts';
import { currencyOf, Reference } from './quickbooks-online-books.ts';
import type { Settings } from './quickbooks-online-service.ts';
import { Decimal, readLine } from './read-line.ts';

/** Lengths of Intuit's own description of the fields (read 2026-11-22). */
export const LIMITS: DocumentLimits = {
  ref: { length: 21, alphabet: 'A-Z 0-9 -' },
  descriptionLength: 4000,
  memoLength: 4000,
  idLength: 20,
  linesPerInvoice: 750,
  quantityDecimals: 7,
  priceDecimals: 7,
  amountIsProduct: true,
  documents: ['invoice', 'credit memo'],
  tax: 'books',
  currency: 'customer',
};
const REQUEST_ID_MAX = 50;

/** The approved document; due date, terms and address are the customer's own there (rulings 10). */
export function toBodyText(
  content: InvoiceContent,
  keys: InvoiceKeys,
  { country }: Settings,
): string {
  return writeJson({
    CustomerRef: { value: content.customerId },
    CurrencyRef: { value: content.currency },
    TxnDate: content.invoiceDate,
    DocNumber: keys.ref,
    PrivateNote: `${periodTitle(content.period)} ${keys.marker}`,
    GlobalTaxCalculation: country === 'US' ? undefined : 'TaxExcluded',
    Line: content.lines.map(toLineBody),
  });
}

const toLineBody = (line: InvoiceLine): unknown => ({
  DetailType: 'SalesItemLineDetail',
  Description: line.description,
  Amount: jsonNumber(line.amount),
  SalesItemLineDetail: {
    ItemRef: { value: line.itemId },
    Qty: jsonNumber(line.quantity),
    UnitPrice: jsonNumber(line.unitPrice),
    TaxCodeRef: line.taxCodeId === undefined ? undefined : { value: line.taxCodeId },
  },
});

/** What QuickBooks Online asks beyond the limits that are data; null when it is kept. */
export function findBrokenRule(
  { lines }: InvoiceContent,
  { providerKey }: InvoiceKeys,
  { country }: Settings,
): string | null {
  if (!/^[\w-]+$/.test(providerKey) || providerKey.length > REQUEST_ID_MAX) {
    return `key "${providerKey}": QuickBooks Online takes at most ${REQUEST_ID_MAX} letters and digits`;
  }
  const uncoded =
    country === 'other' ? lines.findIndex((line) => line.taxCodeId === undefined) : -1;
  return uncoded === -1
    ? null
    : `line ${uncoded + 1}, tax code: QuickBooks Online wants one on each line outside the United States`;
}

const Line = z.object({
  DetailType: z.string().min(1),
  Description: z.string().nullish(),
  Amount: Decimal.nullish(),
  SalesItemLineDetail: z
    .object({ ItemRef: Reference.nullish(), Qty: Decimal.nullish(), UnitPrice: Decimal.nullish() })
    .nullish(),
});
type Line = z.infer<typeof Line>;

/** Numbers are read as texts, see quoteNumbers. */
export const Document = z.object({
  Id: z.string().min(1),
  DocNumber: z.string().nullish(),
  TxnDate: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day'),
  PrivateNote: z.string().nullish(),
  CustomerRef: Reference,
  CurrencyRef: Reference.nullish(),
  Line: z.array(Line),
  TotalAmt: Decimal,
  TxnTaxDetail: z.object({ TotalTax: Decimal.nullish() }).nullish(),
});
export type Document = z.infer<typeof Document>;

/** QuickBooks Online counts in cents where it names no currency. */
const HOME = parseCurrency('USD');

export function toInvoice(row: Document, document: DocumentKind): BooksInvoice {
  const currency = currencyOf(row.CurrencyRef);
  const counted = currency ?? HOME;
  const total = parseAmount(row.TotalAmt, counted);
  const totalTax = row.TxnTaxDetail?.TotalTax ?? null;
  const tax = totalTax === null ? null : parseAmount(totalTax, counted);
  const note = row.PrivateNote ?? '';
  return {
    id: row.Id,
    document,
    ref: row.DocNumber ?? null,
    marker: markerIn(note),
    customerId: row.CustomerRef.value,
    currency,
    date: row.TxnDate,
    lines: row.Line.filter(({ DetailType }) => DetailType !== 'SubTotalLineDetail').map((line) =>
      toLine(line, counted),
    ),
    subtotal: tax === null ? total : subtractAmounts(total, tax, counted),
    tax,
    // It keeps a voided document, sets its money to zero and writes so before the note.
    voided: /^void/i.test(note) && !/[1-9]/.test(total),
  };
}

function toLine(line: Line, currency: Currency): BooksInvoice['lines'][number] {
  const detail = line.SalesItemLineDetail;
  return readLine(
    {
      itemId: detail?.ItemRef?.value,
      description: line.Description,
      quantity: detail?.Qty,
      unitPrice: detail?.UnitPrice,
      amount: line.Amount,
    },
    currency,
  );
}
