/** Money in cells: the currency a sheet shows, and prices and amounts read from its cells. */
import { AppError } from '../core/errors.ts';
import { amountFromCell, parseAmount, parseUnitPrice, unitPriceFromCell, type Amount, type Currency, type UnitPrice } from '../core/money.ts'; // prettier-ignore
import type { Cell } from './workbook.ts';
import { decimalText, rounded, type Decimal } from './decimal.ts';
import { readPriceText } from './number-text.ts';

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\[\$([A-Z]{3})\b|\b(USD|EUR|GBP|CAD|AUD|NZD|CHF|SEK|NOK|DKK|ZAR)\b/, ''],
  [/€/, 'EUR'],
  [/£/, 'GBP'],
  [/CA?\$/, 'CAD'],
  [/A(?:U)?\$/, 'AUD'],
  [/\$(?!-)/, '$'],
];

/** The currency a number format names: a code, "$" for any dollar, or null for a plain number. */
export function currencySign(format: string): string | null {
  const plain = format.replaceAll('\\', '').replace(/\[\$-[0-9A-Fa-f]+\]/g, '');
  for (const [sign, code] of SIGNS) {
    const match = sign.exec(plain);
    if (match) return code === '' ? (match[1] ?? match[2] ?? null) : code;
  }
  return null;
}

const DOLLARS: ReadonlySet<string> = new Set(['USD', 'CAD', 'AUD', 'NZD']);

/** Whether the sign in a cell can stand for this currency: "$" is any dollar. */
export const fitsCurrency = (sign: string, currency: Currency): boolean =>
  sign === '$' ? DOLLARS.has(currency) : sign === currency;

export function toPrice(value: Decimal): UnitPrice | null {
  return attempt(() => parseUnitPrice(decimalText(rounded(value, 7))));
}

export function toMoney(value: Decimal, currency: Currency): Amount | null {
  const digits = amountFromCell(0, currency).split('.')[1]?.length ?? 0;
  return attempt(() => parseAmount(decimalText(rounded(value, digits)), currency));
}

/** A price cell: a number, or a text that is exactly one number with a currency sign. */
export function priceOfCell(cell: Cell | null): UnitPrice | null {
  if (!cell) return null;
  const { value } = cell;
  if (value.kind === 'number') return attempt(() => unitPriceFromCell(value.number));
  if (value.kind !== 'text') return null;
  const reading = readPriceText(value.text);
  return 'number' in reading ? attempt(() => parseUnitPrice(reading.number)) : null;
}

export function amountOfCell(cell: Cell | null, currency: Currency): Amount | null {
  if (cell?.value.kind !== 'number') return null;
  const { number } = cell.value;
  return attempt(() => amountFromCell(number, currency));
}

function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
