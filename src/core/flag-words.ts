/** Numbers as flags print them: plain, with sign and unit, in the one style of all sentences. */
import { absoluteAmount, isNegative, toNumber } from './money.ts';
import type { Amount, Currency, Quantity, UnitPrice } from './money.ts';

export const signed = (decimal: Quantity | Amount): string =>
  isNegative(decimal) ? `−${decimal.slice(1)}` : `+${decimal}`;

/** "+72 %"; nothing to compare with gives nothing. */
export function percent(was: Quantity | UnitPrice, is: Quantity | UnitPrice): string {
  const before = toNumber(was);
  if (before === 0) return '';
  const share = (toNumber(is) / before - 1) * 100;
  const digits = Math.abs(share) < 10 && !Number.isInteger(share) ? 1 : 0;
  return `${share < 0 ? '−' : '+'}${Math.abs(share).toFixed(digits)} %`;
}

/** "104.00 USD a month more". */
export function moreOrLess(amount: Amount, currency: Currency): string {
  return `${absoluteAmount(amount)} ${currency} a month ${isNegative(amount) ? 'less' : 'more'}`;
}

export const plural = (count: number, noun: string): string =>
  count === 1 ? `1 ${noun}` : `${count} ${noun}s`;

/** "30 Oct 2026 03:00 UTC" of an instant; words for people, never parsed again. */
export function moment(instant: string): string {
  const [, year = '', month = '', day = '', time = ''] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/.exec(instant) ?? [];
  const name = SHORT_MONTHS[Number(month) - 1] ?? month;
  return `${String(Number(day))} ${name} ${year}${time === '' ? '' : ` ${time} UTC`}`;
}

const SHORT_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']; // prettier-ignore
