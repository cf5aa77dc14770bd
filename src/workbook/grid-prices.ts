/** What one of a service costs in a row of a grid. */
import type { UnitPrice } from '../core/money.ts';
import type { Decimal } from './decimal.ts';
import { isAttribute, isOne, type ValueColumn } from './grid-plan.ts';
import { currencySign, priceOfCell, toPrice } from './sheet-money.ts';
import type { GridScope } from './grid-scope.ts';

export type Price =
  | { readonly kind: 'unit'; readonly unitPrice: UnitPrice }
  | { readonly kind: 'money' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'describes' };

/** In order: the row's own formula, its price cell, the price row, the header, the price list. */
export function priceFor(
  scope: GridScope,
  row: number,
  value: ValueColumn,
  coefficient: Decimal | null,
): Price {
  const named = namedPrice(scope, row, value);
  if (coefficient) {
    const unitPrice = toPrice(coefficient);
    if (unitPrice && !(isOne(coefficient) && named === null)) return { kind: 'unit', unitPrice };
    if (isOne(coefficient)) return { kind: 'money' };
  }
  if (named !== null) return { kind: 'unit', unitPrice: named };
  const cell = scope.index.at(row, value.column);
  if (cell && currencySign(cell.numberFormat) !== null) return { kind: 'money' };
  if (scope.explained.size > 0 && !scope.counted.has(value.column)) return { kind: 'describes' };
  return isAttribute(value) ? { kind: 'describes' } : { kind: 'missing' };
}

function namedPrice(scope: GridScope, row: number, value: ValueColumn): UnitPrice | null {
  const own =
    value.priceColumn === null ? null : priceOfCell(scope.index.at(row, value.priceColumn));
  if (own !== null) return own;
  const rows = scope.plan.priceRows;
  const nearest = [
    ...rows.filter((one) => one < row).reverse(),
    ...rows.filter((one) => one > row),
  ];
  for (const one of nearest) {
    const price = priceOfCell(scope.index.at(one, value.column));
    if (price !== null) return price;
  }
  return value.headerPrice ?? scope.prices.priceOf(value.service);
}
