// Exact sums of a million counts: whole numbers as doubles far below 2^53, parts as decimal text.

import {
  addQuantities,
  parseQuantity,
  quantityFromCell,
  type Quantity,
} from '../../../core/money.ts';

export interface Sum {
  whole: number;
  parts: Quantity[];
}

/** Parts are added up now and then, so that a million of them do not stand in memory. */
const FOLD_AT = 1000;

export const newSum = (): Sum => ({ whole: 0, parts: [] });

/** `text` is canonical decimal text of at most four decimals. */
export function addTo(sum: Sum, text: string): void {
  if (/^\d{1,9}$/.test(text)) {
    sum.whole += Number(text);
    return;
  }
  sum.parts.push(parseQuantity(text));
  if (sum.parts.length > FOLD_AT) sum.parts = [addQuantities(sum.parts)];
}

export const totalOf = (sum: Sum | undefined): Quantity =>
  addQuantities([quantityFromCell(sum?.whole ?? 0), ...(sum?.parts ?? [])]);
