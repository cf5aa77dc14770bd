// One approved invoice in Conductor's words, and the limits of QuickBooks it has to keep.

import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import { isNegative, sumAmounts, toNumber } from '../../core/money.ts';
import type { InvoiceKeys } from './accounting.ts';

export const REF_LENGTH_MAX = 11;
export const LINES_MAX = 500;
const ID_LENGTH_MAX = 36;
/** The longest text a QuickBooks invoice line takes. */
const DESCRIPTION_LENGTH_MAX = 4095;

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

/** The first limit that is broken, in words that name the field; null when all are kept. */
export function findBrokenLimit(content: InvoiceContent, keys: InvoiceKeys): string | null {
  return (
    findBrokenKey(keys) ??
    findBrokenHead(content) ??
    content.lines.map(findBrokenLine).find((words) => words !== null) ??
    findBrokenTotal(content)
  );
}

function findBrokenKey({ ref, providerKey, marker }: InvoiceKeys): string | null {
  if (!/^[A-Z0-9-]{1,11}$/.test(ref)) {
    return `number "${ref}": QuickBooks takes at most 11 letters, digits and dashes`;
  }
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(providerKey)) {
    return `key "${providerKey}": QuickBooks takes a GUID only`;
  }
  return marker === '' ? 'marker: it is empty, so the invoice could not be found again' : null;
}

function findBrokenHead({ customerId, invoiceDate, lines }: InvoiceContent): string | null {
  if (!isId(customerId)) return `customer "${customerId}": not an id of QuickBooks`;
  if (!/^\d{4}-\d\d-\d\d$/.test(invoiceDate)) return `date "${invoiceDate}": not a day`;
  if (lines.length === 0) return 'lines: there are none';
  if (lines.length > LINES_MAX)
    return `lines: ${String(lines.length)}, at most ${String(LINES_MAX)}`;
  return null;
}

function findBrokenTotal({ lines, total, currency }: InvoiceContent): string | null {
  if (isNegative(total)) return `total ${total}: QuickBooks refuses a negative document`;
  const amounts = lines.map((line) => line.amount);
  const sum = sumAmounts(amounts, currency);
  return sum === total ? null : `total ${total}: the lines add up to ${sum}`;
}

function findBrokenLine(line: InvoiceLine, index: number): string | null {
  const { itemId, description, quantity, unitPrice, amount } = line;
  const where = `line ${String(index + 1)}`;
  if (!isId(itemId)) return `${where}, item "${itemId}": not an id of QuickBooks`;
  if (description.length > DESCRIPTION_LENGTH_MAX) {
    return `${where}, description: longer than ${String(DESCRIPTION_LENGTH_MAX)} characters`;
  }
  // A line break is text there; other control characters break QuickBooks' XML.
  if (/[^\P{Cc}\n\r\t]/u.test(description)) return `${where}, description: control characters`;
  if (!/^-?\d{1,9}(\.\d{1,4})?$/.test(quantity)) return `${where}, quantity ${quantity}`;
  if (!/^-?\d{1,10}(\.\d{1,5})?$/.test(unitPrice)) {
    return `${where}, unit price ${unitPrice}: QuickBooks takes at most 5 decimals`;
  }
  if (!/^-?\d{1,13}\.\d{2}$/.test(amount)) {
    return `${where}, amount ${amount}: QuickBooks takes exactly 2 decimals`;
  }
  return null;
}

const isId = (text: string): boolean => text.length > 0 && text.length <= ID_LENGTH_MAX;
