/** Rulings 13: what a row's own formula adds beside quantity × price, and notes that name a price. */
import { lineAmount, parseUnitPrice, type Amount, type Currency, type Quantity, type UnitPrice } from '../core/money.ts'; // prettier-ignore
import type { CellAddress, SheetLine } from '../core/model.ts';
import { decimalOf, isSame, minus, rounded, times, type Decimal } from './decimal.ts';

export interface Priced {
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
}

const PRICES_MAX = 40;

/**
 * The one service of the row whose price the note changes: q × (p' − p) is the constant to the
 * cent for some p' in the note. Null when none fits, or more than one.
 */
export function priceFromNote(
  note: string | null,
  constant: Decimal,
  priced: readonly Priced[],
): { readonly at: number; readonly unitPrice: UnitPrice } | null {
  const found = new Map<number, UnitPrice>();
  for (const text of pricesIn(note ?? '')) {
    const named = decimalOf(text);
    if (!named) continue;
    priced.forEach(({ quantity, unitPrice }, at) => {
      const [q, p] = [decimalOf(quantity), decimalOf(unitPrice)];
      if (!q || !p || q.units === 0n || isSame(named, p)) return;
      const change = rounded(times(q, minus(named, p)), 2);
      if (isSame(change, rounded(constant, 2))) found.set(at, parseUnitPrice(text));
    });
  }
  const [only, ...more] = [...found];
  return only && more.length === 0 ? { at: only[0], unitPrice: only[1] } : null;
}

function pricesIn(note: string): readonly string[] {
  const found = note.match(/\d{1,3}(?:,\d{3})+(?:\.\d{1,7})?|\d{1,9}(?:\.\d{1,7})?/g) ?? [];
  return [...new Set(found.map((text) => text.replaceAll(',', '')))].slice(0, PRICES_MAX);
}

export interface AdjustmentPlace {
  readonly client: string;
  readonly clientCode: string | null;
  readonly cell: CellAddress;
  readonly note: string | null;
}

/** A line of its own for the constant; quantity 1, so that quantity × price is the amount. */
export function adjustmentLine(
  place: AdjustmentPlace,
  amount: Amount,
  currency: Currency,
): SheetLine {
  const quantity = '1' as Quantity;
  const unitPrice = parseUnitPrice(amount);
  return {
    ...place,
    service: 'Adjustment',
    kind: 'adjustment',
    quantity,
    unitPrice,
    amount: lineAmount(quantity, unitPrice, currency),
    entry: 'formula',
    counted: null,
    previous: null,
    flags: [],
  };
}
