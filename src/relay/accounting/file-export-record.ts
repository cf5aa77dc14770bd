// An invoice or credit memo as a file of this export holds it, whatever the form of the file.

import { periodTitle } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import type { Amount, Currency, Quantity, UnitPrice } from '../../core/money.ts';
import type { BooksInvoice, DocumentKind, DocumentLimits, InvoiceKeys } from './accounting.ts';
import type { ListedItem } from './file-export-lists.ts';
import { markerIn } from './lookup.ts';

export interface FileLine {
  readonly itemId: string;
  /** The income account of the item; "" where the form has none. */
  readonly account: string;
  readonly description: string;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly amount: Amount;
}

export interface FileInvoice {
  readonly document: DocumentKind;
  readonly ref: string;
  readonly date: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly currency: Currency;
  /** The month in words and our marker. */
  readonly memo: string;
  readonly total: Amount;
  readonly lines: readonly FileLine[];
}

/** A form of file: it is only ever added to, so what stands there is never written again. */
export interface FileForm {
  readonly extension: string;
  readonly limits: DocumentLimits;
  /** Columns of the list of items beside those of every form. */
  readonly itemColumns: readonly string[];
  /** What the form asks beyond the limits that are data; null when it is kept. */
  findBrokenRule(content: InvoiceContent): string | null;
  /** What the form cannot take of an item in the list; null when it takes all. */
  findBrokenItem(item: ListedItem): string | null;
  /** What a new file begins with. */
  readonly head: string;
  rowsOf(invoice: FileInvoice): string;
  encode(text: string): Buffer;
  decode(bytes: Buffer): string;
  /** Throws SOURCE_MALFORMED naming file and row. */
  read(text: string, file: string): readonly FileInvoice[];
}

/** What the lists of customers and items add to an invoice. */
export interface FileNames {
  readonly customer: string;
  readonly accountOf: (itemId: string) => string;
}

export function toFileInvoice(
  content: InvoiceContent,
  keys: InvoiceKeys,
  names: FileNames,
): FileInvoice {
  const { document, invoiceDate, customerId, currency, total, period, lines } = content;
  return {
    document,
    ref: keys.ref,
    date: invoiceDate,
    customerId,
    customerName: names.customer,
    currency,
    memo: `${periodTitle(period)} ${keys.marker}`,
    total,
    lines: lines.map(({ itemId, description, quantity, unitPrice, amount }) => ({
      itemId,
      account: names.accountOf(itemId),
      description,
      quantity,
      unitPrice,
      amount,
    })),
  };
}

export const toBooksInvoice = (id: string, invoice: FileInvoice): BooksInvoice => ({
  id,
  document: invoice.document,
  ref: invoice.ref,
  marker: markerIn(invoice.memo),
  customerId: invoice.customerId,
  currency: invoice.currency,
  date: invoice.date,
  lines: invoice.lines.map(({ itemId, description, quantity, unitPrice, amount }) => ({
    itemId,
    description,
    quantity,
    unitPrice,
    amount,
  })),
  subtotal: invoice.total,
  // Nobody has added any yet: the file is what was approved.
  tax: null,
  voided: false,
});

export const brokenRow = (file: string, row: number, what: string): AppError =>
  new AppError('SOURCE_MALFORMED', `The file ${file} was changed: row ${String(row)} ${what}.`);

/** Runs a parser of core and names file and row when the text is not of its kind. */
export function parsed<Value>(file: string, row: number, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw brokenRow(file, row, `cannot be read: ${cause.message}`);
  }
}
