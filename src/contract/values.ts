/** Schemas of the plain values that every route uses; the types are core's own. */
import * as z from 'zod/mini';
import type { BillingPeriod, Day, Instant } from '../core/billing-period.ts';
import type { Amount, Currency, Quantity, UnitPrice } from '../core/money.ts';

const branded = <T extends string>(
  pattern: RegExp,
  description: string,
): z.ZodMiniType<T, string> =>
  z.string().check(z.regex(pattern), z.meta({ description })) as unknown as z.ZodMiniType<
    T,
    string
  >;

export const Period = branded<BillingPeriod>(/^20\d\d-(0[1-9]|1[0-2])$/, 'A month: 2026-10');
export const DayText = branded<Day>(/^\d{4}-\d\d-\d\d$/, 'A day: 2026-10-31');
export const InstantText = branded<Instant>(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/,
  'An instant in UTC: 2026-10-31T10:00:00.000Z',
);
export const QuantityText = branded<Quantity>(/^-?\d{1,9}(\.\d{1,4})?$/, 'A quantity: 12 or 0.5');
export const UnitPriceText = branded<UnitPrice>(
  /^-?\d{1,12}(\.\d{1,7})?$/,
  'A unit price as decimal text: 22 or 0.0375',
);
export const AmountText = branded<Amount>(
  /^-?\d{1,15}(\.\d{1,3})?$/,
  'A sum of money with the decimals of its currency: 387.50',
);
export const CurrencyCode = branded<Currency>(/^[A-Z]{3}$/, 'ISO 4217 code');

/** Names and words: no control characters, not empty, bounded. */
export const Words = (max: number): z.ZodMiniType<string, string> =>
  z.string().check(z.minLength(1), z.maxLength(max), z.regex(/^[^\u0000-\u001f\u007f]*$/u));

export const Id = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[\w.:@|~ -]+$/u));
export const Digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));
export const Cell = z.string().check(z.minLength(1), z.maxLength(60));
export const BasisName = z.enum(['billable', 'assigned', 'bought', 'active', 'peak']);
export const LineKindName = z.enum(['recurring', 'one-off', 'credit', 'adjustment']);
export const MoneyValue = z.strictObject({ amount: AmountText, currency: CurrencyCode });

/** A file as it is. A view of another realm is one too, so its class is not asked for. */
export const Bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => ArrayBuffer.isView(value));
/** Of a file that is imported (rulings 30). */
export const IMPORT_BYTES_MAX = 10 * 1024 * 1024;
