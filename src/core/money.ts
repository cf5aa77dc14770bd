/**
 * Exact decimals. A value is its own canonical decimal text ("12", "-0.0375", "387.50"), so that
 * sheet, wire, store, digest and screen hold the very same characters; arithmetic is done on
 * bigints and rounds half away from zero (ADR 0001).
 */
import {
  add, format, formatSmall, multiplySmall, negate, parseExponent, parseFixed, parseSmall, rescale, roundTo, sumSmall, trim, ZERO,
} from './decimal.ts'; // prettier-ignore
import type { Fixed } from './decimal.ts';
import { AppError, assert } from './errors.ts';

declare const brand: unique symbol;

/** How many are billed: at most four decimals, for example "31" or "0.5". */
export type Quantity = string & { readonly [brand]: 'quantity' };
/** What one costs: at most seven decimals, for example "0.0375". */
export type UnitPrice = string & { readonly [brand]: 'unit price' };
/** A sum of money with exactly the decimals of its currency, for example "387.50". */
export type Amount = string & { readonly [brand]: 'amount' };
/** ISO 4217 code, for example "USD". */
export type Currency = string & { readonly [brand]: 'currency' };

export interface Money {
  readonly amount: Amount;
  readonly currency: Currency;
}

export const ZERO_QUANTITY = '0' as Quantity;

const QUANTITY_SCALE_MAX = 4;
const PRICE_SCALE_MAX = 7;
const PRICE_DIGITS_MAX = 12;
const QUANTITY_DIGITS_MAX = 9;
/** Far below what any bill reaches, so that sums of lines stay within the grammar too. */
const AMOUNT_DIGITS_MAX = 12;

/** ISO 4217 currencies that do not have two decimals (list of 2026-01-01, read 2026-11-21). */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
}; // prettier-ignore

/** Metals, tests, "no currency" and accounting units: nobody is billed in them. */
const NOT_BILLED =
  /^(XA[GU]|XB[ABCD]|XDR|XP[DT]|XSU|XTS|XUA|XXX|CLF|CHE|CHW|COU|MXV|USN|UYI|UYW|BOV)$/;

const KNOWN_CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export const isCurrency = (text: string): text is Currency =>
  /^[A-Z]{3}$/.test(text) && KNOWN_CURRENCIES.has(text) && !NOT_BILLED.test(text);

export function parseCurrency(text: string): Currency {
  if (!isCurrency(text)) {
    throw new AppError('INPUT_INVALID', `"${text}" is not a currency. Use a code such as USD.`);
  }
  return text;
}

export const minorDigits = (currency: Currency): number => MINOR_DIGITS[currency] ?? 2;

/** Reads "31", "0.5"; at most four decimals. A lone minus zero becomes "0". */
export function parseQuantity(text: string): Quantity {
  return parseWithin(text, 'quantity', QUANTITY_DIGITS_MAX, QUANTITY_SCALE_MAX) as Quantity;
}

/** Reads "22", "0.0375"; at most twelve digits before and seven after the point. */
export function parseUnitPrice(text: string): UnitPrice {
  return parseWithin(text, 'unit price', PRICE_DIGITS_MAX, PRICE_SCALE_MAX) as UnitPrice;
}

/** Reads a sum and writes it with the currency's own decimals; more decimals are refused. */
export function parseAmount(text: string, currency: Currency): Amount {
  const digits = minorDigits(currency);
  const value = parseFixed(text, 'amount');
  const exact = trim(value);
  if (exact.scale > digits) {
    throw new AppError('INPUT_INVALID', `"${text}" has more decimals than ${currency} knows.`);
  }
  return toAmount(rescale(exact, digits), currency);
}

/**
 * A cell holds a double: its shortest text is what the person typed, and what arithmetic left
 * behind (0.30000000000000004) is rounded to the scale asked for. Not a number: refused.
 */
export function quantityFromCell(value: number): Quantity {
  return fromDouble(value, QUANTITY_SCALE_MAX, 'quantity', parseQuantity);
}

/** As quantityFromCell, with the seven decimals of a unit price. */
export function unitPriceFromCell(value: number): UnitPrice {
  return fromDouble(value, PRICE_SCALE_MAX, 'unit price', parseUnitPrice);
}

/** A money cell, rounded once to the decimals of its currency. */
export function amountFromCell(value: number, currency: Currency): Amount {
  const text = fromDouble(value, 10, 'amount', (plain) => plain);
  return toAmount(roundTo(parseFixed(text, 'amount'), minorDigits(currency)), currency);
}

/** As books hold it, with whatever decimals: to be compared and shown, never billed. */
export function amountAsWritten(text: string, currency: Currency): Amount {
  const exact = trim(parseFixed(text, 'amount'));
  const digits = minorDigits(currency);
  return exact.scale > digits
    ? (format(exact) as Amount)
    : toAmount(rescale(exact, digits), currency);
}

/** As amountAsWritten, for a quantity of whatever size. */
export const quantityAsWritten = (text: string): Quantity =>
  format(trim(parseFixed(text, 'quantity'))) as Quantity;

/** The one place where money is rounded: quantity × price, once per line, half away from zero. */
export function lineAmount(quantity: Quantity, price: UnitPrice, currency: Currency): Amount {
  const digits = minorDigits(currency);
  const quick = multiplySmall(quantity, price, digits);
  if (quick !== null) return quick as Amount;
  const q = parseFixed(quantity, 'quantity');
  const p = parseFixed(price, 'unit price');
  const product = { units: q.units * p.units, scale: q.scale + p.scale };
  const rounded = roundTo(product, digits);
  const size = rounded.units < 0n ? -rounded.units : rounded.units;
  if (size < 10n ** BigInt(AMOUNT_DIGITS_MAX + rounded.scale)) return toAmount(rounded, currency);
  throw new AppError('INPUT_INVALID', `${quantity} × ${price} ${currency} is too large to bill.`);
}

export const zeroAmount = (currency: Currency): Amount =>
  formatSmall(0, minorDigits(currency)) as Amount;

export function sumAmounts(amounts: readonly Amount[], currency: Currency): Amount {
  const scale = minorDigits(currency);
  const quick = sumSmall(amounts, scale, true);
  if (quick !== null) return formatSmall(quick, scale) as Amount;
  const units = amounts.reduce((total, amount) => total + minorUnits(amount, currency), 0n);
  return toAmount({ units, scale }, currency);
}

export const subtractAmounts = (a: Amount, b: Amount, currency: Currency): Amount =>
  a === b ? zeroAmount(currency) : sumAmounts([a, negateAmount(b)], currency);

export const negateAmount = (amount: Amount): Amount => negate(amount) as Amount;
export const absoluteAmount = (amount: Amount): Amount => amount.replace(/^-/, '') as Amount;
export const negateQuantity = (quantity: Quantity): Quantity => negate(quantity) as Quantity;

/** Whole minor units (cents), the form digests and books compare. */
export function minorUnits(amount: Amount, currency: Currency): bigint {
  const value = parseFixed(amount, 'amount');
  assert(value.scale === minorDigits(currency), `${amount} has the decimals of ${currency}`);
  return value.units;
}

export function addMoney(a: Money, b: Money): Money {
  assert(a.currency === b.currency, `${a.currency} is never added to ${b.currency}`);
  return { amount: sumAmounts([a.amount, b.amount], a.currency), currency: a.currency };
}

export function addQuantities(quantities: readonly Quantity[]): Quantity {
  const whole = sumSmall(quantities, 0);
  if (whole !== null) return String(whole) as Quantity;
  const quick = sumSmall(quantities, QUANTITY_SCALE_MAX);
  if (quick !== null) return trimText(formatSmall(quick, QUANTITY_SCALE_MAX)) as Quantity;
  const fixed = quantities.map((q) => parseFixed(q, 'quantity'));
  return format(trim(fixed.reduce(add, ZERO))) as Quantity;
}

export const subtractQuantities = (a: Quantity, b: Quantity): Quantity =>
  a === b ? ZERO_QUANTITY : addQuantities([a, negateQuantity(b)]);

export const subtractPrices = (a: UnitPrice, b: UnitPrice): UnitPrice =>
  format(trim(add(parseFixed(a, 'unit price'), parseFixed(negate(b), 'unit price')))) as UnitPrice;

/** Compares two decimal texts of one kind: negative, zero or positive. */
export function compareDecimals<Kind extends Quantity | UnitPrice | Amount>(
  a: Kind,
  b: Kind,
): number {
  if (a === b) return 0;
  const [x, y] = [parseSmall(a), parseSmall(b)];
  if (x && y && x.scale === y.scale) return Math.sign(x.units - y.units);
  const difference = add(parseFixed(a, 'decimal'), parseFixed(negate(b), 'decimal')).units;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const isZero = (decimal: Quantity | UnitPrice | Amount): boolean => !/[1-9]/.test(decimal);
export const isNegative = (decimal: Quantity | UnitPrice | Amount): boolean =>
  decimal.startsWith('-') && !isZero(decimal);
export const isWhole = (decimal: Quantity): boolean => !decimal.includes('.');

/** For ratios, charts and cells only; never goes back into money. */
export const toNumber = (decimal: Quantity | UnitPrice | Amount): number => Number(decimal);

function parseWithin(text: string, kind: string, digitsMax: number, scaleMax: number): string {
  const value = trim(parseFixed(text, kind));
  const digits = (value.units < 0n ? -value.units : value.units) / 10n ** BigInt(value.scale);
  if (digits >= 10n ** BigInt(digitsMax)) {
    throw new AppError('INPUT_INVALID', `"${text}" is too large for a ${kind}.`);
  }
  if (value.scale > scaleMax) {
    const limit = `at most ${String(scaleMax)} decimals`;
    throw new AppError('INPUT_INVALID', `"${text}" has too many decimals for a ${kind}: ${limit}.`);
  }
  return format(value);
}

function fromDouble<T>(value: number, scale: number, kind: string, parse: (text: string) => T): T {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) {
    throw new AppError('INPUT_INVALID', `${String(value)} is not a ${kind}.`);
  }
  return parse(format(trim(roundTo(parseExponent(String(value)), scale))));
}

/** "12.5000" is "12.5". */
const trimText = (text: string): string => text.replace(/\.?0+$/, '');

function toAmount(value: Fixed, currency: Currency): Amount {
  assert(value.scale === minorDigits(currency), 'an amount has the decimals of its currency');
  return format(value) as Amount;
}
