/** How numbers, times and states read: exact decimals in the person's own notation. */
import type { Posting, PostingState } from '../src/contract/contract.ts';
import type { Amount, Money, Quantity, UnitPrice } from '../src/core/money.ts';
import { isNegative, isZero } from '../src/core/money.ts';

type Decimal = Amount | Quantity | UnitPrice;

/** Intl takes decimal text as it is; nothing goes through a float. */
export function decimal(value: Decimal): string {
  const digits = /\.(\d+)$/.exec(value)?.[1]?.length ?? 0;
  const format = new Intl.NumberFormat(undefined, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(value as `${number}`).replace('-', '−');
}

export const signed = (value: Decimal): string =>
  isZero(value) ? '=' : isNegative(value) ? decimal(value) : `+${decimal(value)}`;

export const money = (sum: Money): string => `${decimal(sum.amount)} ${sum.currency}`;

export const sums = (totals: readonly Money[]): string => totals.map(money).join(' · ') || '0';

export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** "31 Oct 10:02", in the time of the person's own computer. */
export function moment(instant: string): string {
  const at = new Date(instant);
  const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }).format(at);
  const time = new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at);
  return `${day} ${time}`;
}

/** The relay writes instants in UTC and sums in plain digits; a person reads the own notation. */
export const readable = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d+ [A-Z][a-z]{2} \d{4} \d\d:\d\d UTC/g, moment)
    .replace(/(?<![\w.,])\d{4,}\.\d{2,3}(?![\w.]*\d)/g, (sum) => decimal(sum as Amount));

/** Begins large and ends with a full stop, whoever wrote it. */
export function sentence(text: string): string {
  const words = text.trim();
  if (words === '') return '';
  const begun = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** What to do next, without what already stands around it: the doubt, and what to look for. */
export function nextWords(posting: Posting, books: string): string {
  const words = readable(posting.nextStep)
    .replace(/^We do not know .*?by hand yet[:.]\s*/, '')
    .replace(/^Look in .*? [A-Z]{3}\. Do not enter it by hand yet:\s*/, '')
    .replace(/^Look in .*? [A-Z]{3}\. (?=If )/, `Look for it in ${books}. `);
  return sentence(words);
}

/** "4 min", "31 h", "3 days" between two instants. */
export function age(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 90) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

/** The words of a posting (rulings 5); the code never shows. */
export const STATE_WORDS: Readonly<Record<PostingState, string>> = {
  PLANNED: 'ready', READY: 'ready', SENDING: 'sending', UNKNOWN: 'checking', NEEDS_PERSON: 'needs you', POSTED: 'posted', REJECTED: 'rejected', BLOCKED: 'blocked', CONFLICT: 'blocked', MISMATCH: 'blocked', CANCELLED: 'given up', SUPERSEDED: 'replaced', MISSING_IN_LEDGER: 'blocked', VOIDED: 'blocked', DUPLICATE_IN_LEDGER: 'blocked',
}; // prettier-ignore

/** Nobody knows yet: the one sentence that keeps a person from entering it twice. */
export function doubtWords(posting: Posting, books: string): string {
  const what = posting.document === 'credit memo' ? 'credit memo' : 'invoice';
  const ref = posting.ref ? ` ${posting.ref}` : '';
  if (posting.mayResend === false) {
    return `Somebody deleted ${what}${ref} for ${posting.clientName}, ${money(posting.total)}, in ${books}. It is not sent again. Do not enter it by hand yet.`;
  }
  return `We do not know whether ${what}${ref} for ${posting.clientName}, ${money(posting.total)}, reached ${books}. Do not enter it by hand yet.`;
}
