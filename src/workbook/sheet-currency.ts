/** Which currency the sheet shows, and where it shows another one. */
import type { Currency } from '../core/money.ts';
import type { Flag } from '../core/model.ts';
import { cellAddress } from './address.ts';
import { makeFlag } from './reading-notes.ts';
import { currencySign, fitsCurrency } from './sheet-money.ts';
import type { SheetIndex } from './sheet-index.ts';
import type { Cell } from './workbook.ts';

export interface SheetCurrency {
  readonly currency: Currency;
  readonly flags: readonly Flag[];
}

/** The books' currency counts; without it the only currency the sheet shows, "$" being dollars. */
export function sheetCurrency(
  index: SheetIndex,
  books: Currency | null,
  fallback: Currency,
): SheetCurrency {
  const signs = new Map<string, Cell>();
  for (const cell of index.sheet.cells) {
    const sign = cell.value.kind === 'number' ? currencySign(cell.numberFormat) : null;
    if (sign !== null && !signs.has(sign)) signs.set(sign, cell);
  }
  const currency = books ?? currencyOf([...signs.keys()], fallback);
  const odd = [...signs].filter(([sign]) => !fitsCurrency(sign, currency));
  const flags = odd.map(([sign, cell]) => {
    const at = cellAddress(index.name, cell);
    const text = `${at} is shown in ${sign === '$' ? 'dollars' : sign}, but this month is billed in ${currency}. Amounts of two currencies are never added: move them to a sheet of their own.`;
    return makeFlag('currency differs', true, text, at);
  });
  return { currency, flags };
}

function currencyOf(signs: readonly string[], fallback: Currency): Currency {
  const codes = signs.filter((sign) => sign !== '$');
  const [only] = codes;
  if (signs.length === 0 || only === undefined || codes.length > 1) return fallback;
  const hasDollar = signs.includes('$');
  return hasDollar && !fitsCurrency('$', only as Currency) ? fallback : (only as Currency); // an ISO code by its table
}
