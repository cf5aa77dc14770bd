/** A line of an invoice as JSON books give it, its numbers in their own digits (quoteNumbers). */
import { z } from 'zod';
import {
  parseAmount,
  parseQuantity,
  parseUnitPrice,
  quantityFromCell,
  unitPriceFromCell,
  zeroAmount,
  type Currency,
  type Quantity,
  type UnitPrice,
} from '../../core/money.ts';
import type { BooksInvoice } from './accounting.ts';

export const Decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,20})?$/, 'is not a decimal number');

type Text = string | null | undefined;
interface WrittenLine {
  readonly itemId: Text;
  readonly description: Text;
  readonly quantity: Text;
  readonly unitPrice: Text;
  readonly amount: Text;
}

export function readLine(
  { itemId, description, quantity, unitPrice, amount }: WrittenLine,
  currency: Currency,
): BooksInvoice['lines'][number] {
  return {
    itemId: itemId ?? null,
    description: description ?? '',
    // A line with money and no quantity is one piece of it; a line of text alone is none.
    quantity: toQuantity(quantity ?? (amount == null ? '0' : '1')),
    unitPrice: unitPrice == null ? null : toUnitPrice(unitPrice),
    amount: amount == null ? zeroAmount(currency) : parseAmount(amount, currency),
  };
}

/** What people typed may have more decimals than ours ever have: such a line is never ours. */
const toQuantity = (text: string): Quantity =>
  /^-?\d{1,9}(\.\d{1,4})?$/.test(text) ? parseQuantity(text) : quantityFromCell(Number(text));
const toUnitPrice = (text: string): UnitPrice =>
  /^-?\d{1,12}(\.\d{1,7})?$/.test(text) ? parseUnitPrice(text) : unitPriceFromCell(Number(text));
