// An invoice in Sage Intacct's words, there and back. Its lines hold an amount and a text: quantity
// and price stand in the text, "Backup (12 @ 45.00)", and are read from there again.

import { z } from 'zod';
import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import { minorDigits, parseAmount, parseCurrency, sumAmounts, type Currency, type UnitPrice } from '../../core/money.ts'; // prettier-ignore
import type { BooksInvoice, DocumentLimits, InvoiceKeys } from './accounting.ts';
import { markerIn, shiftDay } from './lookup.ts';
import { Decimal, readLine } from './read-line.ts';
import type { Settings } from './sage-intacct-service.ts';

/**
 * Sage publishes no lengths for these fields: ours stay below those of its XML pages (1,000). AR
 * adjustments (credits) are not described in the contract we have, so none is ever sent.
 */
export const LIMITS: DocumentLimits = {
  ref: { length: 20, alphabet: 'A-Z 0-9 -' },
  descriptionLength: 900,
  memoLength: 1000,
  idLength: 20,
  linesPerInvoice: null,
  quantityDecimals: 4,
  priceDecimals: 7,
  amountIsProduct: false,
  documents: ['invoice'],
  tax: 'books',
  currency: 'home',
};
const DECIMALS = 2;

/** Posted at once: what is to stay a draft would have to say so. */
export function toBody(
  content: InvoiceContent,
  keys: InvoiceKeys,
  settings: Settings,
): Record<string, unknown> {
  return {
    customer: { key: content.customerId },
    invoiceDate: content.invoiceDate,
    dueDate: shiftDay(content.invoiceDate, settings.dueDays),
    invoiceNumber: keys.ref,
    description: `${periodTitle(content.period)} ${keys.marker}`,
    lines: content.lines.map((line) => toLineBody(line, settings)),
  };
}

function toLineBody(line: InvoiceLine, settings: Settings): unknown {
  const { locationId, departmentId } = settings;
  const dimensions = {
    ...(locationId === undefined ? {} : { location: { id: locationId } }),
    ...(departmentId === undefined ? {} : { department: { id: departmentId } }),
  };
  return {
    txnAmount: line.amount,
    glAccount: { key: line.itemId },
    memo: `${line.description} (${line.quantity} @ ${toPrice(line.unitPrice, settings.currency)})`,
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
  };
}

/** As people write money: at least the decimals of the currency. */
function toPrice(price: UnitPrice, currency: Currency): string {
  const [whole = '', fraction = ''] = price.split('.');
  const cents = fraction.padEnd(minorDigits(currency), '0');
  return cents === '' ? whole : `${whole}.${cents}`;
}

/** What Sage Intacct asks beyond the limits that are data; null when it is kept. */
export function findBrokenRule(
  { currency, lines }: InvoiceContent,
  settings: Settings,
): string | null {
  if (currency !== settings.currency) {
    return `currency ${currency}: this connection is set up for ${settings.currency} only`;
  }
  if (minorDigits(currency) > DECIMALS) {
    return `currency ${currency}: Sage Intacct keeps at most ${DECIMALS} decimals`;
  }
  const coded = lines.findIndex(({ taxCodeId }) => taxCodeId !== undefined);
  return coded < 0 ? null : `line ${coded + 1}, tax code: Sage Intacct takes none from us`;
}

const Line = z.object({
  txnAmount: Decimal,
  glAccount: z.object({ key: z.string().min(1) }),
  memo: z.string().nullish(),
  /** Of companies with a tax solution; known from public copies of Sage's description alone. */
  taxEntries: z.array(z.object({ txnTaxAmount: Decimal })).nullish(),
});
export const Invoice = z.object({
  key: z.string().min(1),
  invoiceNumber: z.string().nullish(),
  description: z.string().nullish(),
  customer: z.object({ key: z.string().min(1) }),
  invoiceDate: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day'),
  state: z.string().min(1),
  currency: z.object({ txnCurrency: z.string().nullish() }).nullish(),
  totalTxnAmount: Decimal,
  lines: z.array(Line),
});
export type Invoice = z.infer<typeof Invoice>;

/** A reversed invoice and what reversed it cancel each other. */
const WORTH_NOTHING = new Set(['reversed', 'reversal']);

export function toInvoice(invoice: Invoice, home: Currency): BooksInvoice {
  const { txnCurrency } = invoice.currency ?? {};
  const currency = txnCurrency ? parseCurrency(txnCurrency) : home;
  return {
    id: invoice.key,
    document: 'invoice',
    ref: invoice.invoiceNumber ?? null,
    marker: markerIn(invoice.description),
    customerId: invoice.customer.key,
    currency,
    date: invoice.invoiceDate,
    lines: invoice.lines.map((line) => toLine(line, currency)),
    ...toTotals(invoice, currency),
    voided: WORTH_NOTHING.has(invoice.state),
  };
}

/**
 * The answer leaves out subtotal lines. Only tax that its entries name is taken off the total;
 * whatever else is between total and lines stays in it, so that it is seen as a difference.
 */
function toTotals(
  { totalTxnAmount, lines }: Invoice,
  currency: Currency,
): Pick<BooksInvoice, 'subtotal' | 'tax'> {
  const total = parseAmount(totalTxnAmount, currency);
  const entries = lines.flatMap(({ taxEntries }) => taxEntries ?? []);
  const taxes = entries.map(({ txnTaxAmount }) => parseAmount(txnTaxAmount, currency));
  const net = lines.map(({ txnAmount }) => parseAmount(txnAmount, currency));
  const isExplained = sumAmounts([...net, ...taxes], currency) === total;
  return {
    subtotal: isExplained ? sumAmounts(net, currency) : total,
    tax: entries.length === 0 ? null : sumAmounts(taxes, currency),
  };
}

const BILLED = /^(.*) \((-?\d{1,9}(?:\.\d{1,4})?) @ (-?\d{1,12}(?:\.\d{1,7})?)\)$/s;

function toLine(
  { txnAmount, glAccount, memo }: z.infer<typeof Line>,
  currency: Currency,
): BooksInvoice['lines'][number] {
  const [, description = memo, quantity, unitPrice] = BILLED.exec(memo ?? '') ?? [];
  const text = { itemId: glAccount.key, description, quantity, unitPrice, amount: txnAmount };
  return readLine(text, currency);
}
