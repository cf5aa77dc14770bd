/** Prices kept on a tab of their own: a list of services with what each one sells for. */
import type { UnitPrice } from '../core/money.ts';
import { cellText, isEmptyText, nameKey } from './cell-text.ts';
import { isCostLabel, roleOf, wordsOf } from './header-words.ts';
import type { SheetIndex } from './sheet-index.ts';
import { priceOfCell } from './sheet-money.ts';
import { headerText } from './table.ts';

export interface PriceList {
  /** The price of a service by its exact name or code in the list; null when absent or twice. */
  priceOf(service: string): UnitPrice | null;
}

export const NO_PRICES: PriceList = { priceOf: () => null };

const NAMED = /\b(?:price|prices|pricing|rate|rates|catalog(?:ue)?|services|rate card|sku)\b/;
const HEADER_ROWS_MAX = 20;

export function readPriceLists(sheets: Iterable<SheetIndex>): PriceList {
  const prices = new Map<string, UnitPrice | null>();
  for (const index of sheets) {
    if (NAMED.test(wordsOf(index.name))) readList(index, prices);
  }
  return prices.size === 0
    ? NO_PRICES
    : { priceOf: (service) => prices.get(nameKey(service)) ?? null };
}

function readList(index: SheetIndex, prices: Map<string, UnitPrice | null>): void {
  for (let row = 1; row <= Math.min(index.lastRow, HEADER_ROWS_MAX); row += 1) {
    const headers = index
      .row(row)
      .map((cell) => ({ column: cell.column, text: headerText(cell) ?? '' }));
    const price = headers.find(({ text }) => roleOf(text) === 'price' && !isCostLabel(text));
    const names = headers.filter(({ text }) =>
      ['service', 'code', 'client'].includes(roleOf(text)),
    );
    if (!price || names.length === 0) continue;
    for (let below = row + 1; below <= index.lastRow; below += 1) {
      const value = priceOfCell(index.at(below, price.column));
      if (value === null) continue;
      for (const { column } of names) addPrice(prices, cellText(index.at(below, column)), value);
    }
    return;
  }
}

/** Two different prices under one name are no price. */
function addPrice(
  prices: Map<string, UnitPrice | null>,
  name: string | null,
  price: UnitPrice,
): void {
  if (name === null || isEmptyText(name)) return;
  const key = nameKey(name);
  const before = prices.get(key);
  prices.set(key, before === undefined || before === price ? price : null);
}
