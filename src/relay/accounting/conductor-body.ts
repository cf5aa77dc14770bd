// One approved invoice in Conductor's words, and the limits of QuickBooks it has to keep.

import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent } from '../../core/model.ts';
import { minorDigits, toNumber } from '../../core/money.ts';
import type { DocumentLimits, InvoiceKeys } from './accounting.ts';

/** QuickBooks' own lengths; 4095 is the longest text one of its invoice lines takes. */
export const LIMITS: DocumentLimits = {
  ref: { length: 11, alphabet: 'A-Z 0-9 -' },
  descriptionLength: 4095,
  memoLength: 4095,
  idLength: 36,
  linesPerInvoice: 500,
  quantityDecimals: 4,
  priceDecimals: 5,
  amountIsProduct: false,
  documents: ['invoice', 'credit memo'],
  tax: 'books',
  currency: 'customer',
};

/**
 * The amount is sent and wins over the rate, so that QuickBooks adds up what was approved and
 * multiplies nothing. Due date, terms and tax are the customer's own in the books (rulings 10).
 */
export function toBody(content: InvoiceContent, keys: InvoiceKeys): Record<string, unknown> {
  return {
    customerId: content.customerId,
    transactionDate: content.invoiceDate,
    refNumber: keys.ref,
    memo: `${periodTitle(content.period)} ${keys.marker}`,
    externalId: keys.providerKey,
    lines: content.lines.map((line) => ({
      itemId: line.itemId,
      description: line.description,
      quantity: toNumber(line.quantity),
      rate: line.unitPrice,
      amount: line.amount,
    })),
  };
}

/** What QuickBooks asks beyond the limits that are data; null when it is kept. */
export function findBrokenRule(
  { currency, lines }: InvoiceContent,
  { providerKey }: InvoiceKeys,
): string | null {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(providerKey)) {
    return `key "${providerKey}": QuickBooks takes a GUID only`;
  }
  if (minorDigits(currency) !== 2)
    return `currency ${currency}: QuickBooks keeps exactly 2 decimals`;
  const index = lines.findIndex(
    ({ quantity, unitPrice }) => wholeDigits(quantity) > 9 || wholeDigits(unitPrice) > 10,
  );
  return index < 0 ? null : `line ${index + 1}: a quantity or price is too large for QuickBooks`;
}

const wholeDigits = (decimal: string): number => decimal.replace(/^-|\..*$/g, '').length;
