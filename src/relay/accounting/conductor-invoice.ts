// An invoice or credit memo as Conductor gives it back.

import { z } from 'zod';
import {
  amountAsWritten,
  parseCurrency,
  parseUnitPrice,
  quantityAsWritten,
  quantityFromCell,
  zeroAmount,
} from '../../core/money.ts';
import type { Amount, Currency, Quantity, UnitPrice } from '../../core/money.ts';
import type { BooksInvoice, InvoiceKeys } from './accounting.ts';
import { currencyOf, pageOf } from './conductor-books.ts';
import { markerIn } from './lookup.ts';

const Decimal = z.string().regex(/^-?\d{1,13}(\.\d{1,10})?$/, 'is not a decimal number');
const Reference = z
  .object({ id: z.string().nullable(), fullName: z.string().nullable() })
  .nullable();

const Line = z.object({
  item: Reference,
  description: z.string().nullable(),
  quantity: z.number().nullable(),
  rate: z.string().nullable(),
  amount: Decimal.nullable(),
});
type Line = z.infer<typeof Line>;

export const Invoice = z.object({
  id: z.string().min(1),
  objectType: z.enum(['qbd_invoice', 'qbd_credit_memo']),
  customer: Reference,
  transactionDate: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day'),
  refNumber: z.string().nullable(),
  memo: z.string().nullable(),
  externalId: z.string().nullable(),
  subtotal: Decimal,
  salesTaxTotal: Decimal.nullable(),
  currency: Reference,
  lines: z.array(Line),
  lineGroups: z.array(z.object({ lines: z.array(Line) })),
});
export type Invoice = z.infer<typeof Invoice>;

const OBJECT_TYPES = { invoice: 'qbd_invoice', 'credit memo': 'qbd_credit_memo' } as const;

export const invoicePage = (document: BooksInvoice['document']) =>
  pageOf(Invoice.extend({ objectType: z.literal(OBJECT_TYPES[document]) }));

/** Ours by the id we gave it in whichever epoch, or by our marker. */
export function invoiceCarries(invoice: Invoice, keys: InvoiceKeys): boolean {
  const key = keyOf(invoice);
  const ours = [keys.providerKey, ...(keys.earlierProviderKeys ?? [])];
  return (
    ours.some((one) => one.toLowerCase() === key) || (invoice.memo?.includes(keys.marker) ?? false)
  );
}

const keyOf = ({ externalId }: Invoice): string | null =>
  externalId?.toLowerCase().replace(/[{}]/g, '') ?? null;

/** QuickBooks counts in cents where it names no currency. */
const HOME = parseCurrency('USD');

export function toInvoice(invoice: Invoice, document: BooksInvoice['document']): BooksInvoice {
  const currency = currencyOf(invoice.currency);
  const lines = [...invoice.lines, ...invoice.lineGroups.flatMap((group) => group.lines)];
  const subtotal = toAmount(invoice.subtotal, currency);
  return {
    id: invoice.id,
    document,
    ref: invoice.refNumber,
    marker: markerIn(invoice.memo),
    key: keyOf(invoice),
    customerId: invoice.customer?.id ?? '',
    currency,
    date: invoice.transactionDate,
    lines: lines.map((line) => toLine(line, currency)),
    subtotal,
    tax: invoice.salesTaxTotal === null ? null : toAmount(invoice.salesTaxTotal, currency),
    // QuickBooks keeps a voided document, sets its money to zero and writes so in the memo.
    voided: /^void/i.test(invoice.memo ?? '') && !/[1-9]/.test(subtotal),
  };
}

function toLine(line: Line, currency: Currency | null): BooksInvoice['lines'][number] {
  const amount =
    line.amount === null ? zeroAmount(currency ?? HOME) : toAmount(line.amount, currency);
  // A line with money and no quantity is one piece of it; a line of text alone is none.
  const quantity = line.quantity ?? (line.amount === null ? 0 : 1);
  // QuickBooks drops a rate that comes with both and computes its own, which need not be ours.
  const isDetermined = line.quantity !== null && line.amount !== null;
  return {
    itemId: line.item?.id ?? null,
    description: line.description ?? '',
    quantity: toQuantity(quantity),
    unitPrice: isDetermined ? null : toUnitPrice(line.rate),
    amount,
  };
}

/** What people typed may be larger or finer than ours ever is: that fails no list. */
const toAmount = (text: string, currency: Currency | null): Amount =>
  amountAsWritten(text, currency ?? HOME);
const toQuantity = (value: number): Quantity =>
  Math.abs(value) < 1e9 ? quantityFromCell(value) : quantityAsWritten(String(value));
const toUnitPrice = (rate: string | null): UnitPrice | null =>
  /^-?\d{1,12}(\.\d{1,7})?$/.test(rate ?? '') ? parseUnitPrice(rate ?? '') : null;
