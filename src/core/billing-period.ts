/** One calendar month as the text "2026-10": it sorts as text. Days are "2026-10-31". */
import { AppError } from './errors.ts';

declare const brand: unique symbol;
export type BillingPeriod = string & { readonly [brand]: 'billing period' };
export type Day = string & { readonly [brand]: 'day' };
/** UTC ISO text with milliseconds, from a clock that was passed in. */
export type Instant = string & { readonly [brand]: 'instant' };

const SERIAL_OF_2000 = 36526;
const SERIAL_OF_2100 = 73051;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']; // prettier-ignore

/** Reads "2026-10" only; a person's spellings go through readPeriod. */
export function parsePeriod(text: string): BillingPeriod {
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(text)) {
    throw new AppError('INPUT_INVALID', `Month not understood: "${text}". Use 2026-09 or a date.`);
  }
  return text as BillingPeriod;
}

/**
 * Finds the one month in a person's words: "2026-10", "202610", "Oct 2026", "Oct-26", "10/2026",
 * "31 October 2026", "10/31/2026", "2026-10-31". Null when there is none, or more than one
 * reading ("05/10/2026", "Sep to Oct 2026", "Oct").
 */
export function readPeriod(text: string): BillingPeriod | null {
  const plain = text.trim().toLowerCase();
  const found = new Set([...namedMonths(plain), ...numberedMonths(plain)]);
  const [period = null] = found;
  return found.size === 1 ? period : null;
}

const NAMED = new RegExp(
  `(?<![a-z])(${MONTHS.map((month) => `${month}|${month.slice(0, 4)}|${month.slice(0, 3)}`).join('|')})(?![a-z])`,
  'g',
);

/** Every month name with every year of the text: one of each is one month. */
function namedMonths(plain: string): readonly BillingPeriod[] {
  const names = [...plain.matchAll(NAMED)].map(([name]) => name.slice(0, 3));
  const years = [...plain.matchAll(/(?<!\d)(20\d\d)(?!\d)/g)].map(([year]) => Number(year));
  const [short] = years.length > 0 ? [] : shortYears(plain);
  return names.flatMap((name) =>
    [...years, ...(short === undefined ? [] : [short])].map((year) =>
      build(year, MONTHS.findIndex((month) => month.startsWith(name)) + 1),
    ),
  );
}

/** "Oct-26", "Oct '26" and, in this decade, "Oct 26": a year right behind the name at the end. */
function shortYears(plain: string): readonly number[] {
  const [, mark = '', digits = ''] = /[a-z.]( ?[-'’/]| )(\d\d)$/.exec(plain) ?? [];
  if (digits === '' || (mark === ' ' && !digits.startsWith('2'))) return [];
  return [2000 + Number(digits)];
}

function numberedMonths(plain: string): readonly BillingPeriod[] {
  const isoPattern =
    /(?<!\d)(20\d\d)(?:[-/.](0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01]))?|(0[1-9]|1[0-2]))(?!\d|[-/.]\d)/g;
  const iso = [...plain.matchAll(isoPattern)].map(([, year, parted, joined]) =>
    build(Number(year), Number(parted ?? joined)),
  );
  const yearLast = /(?<!\d|\d[-/.])(?:(\d\d?)[-/.])?(\d\d?)[-/.](20\d\d)(?![-/.]?\d)/g;
  const others = [...plain.matchAll(yearLast)].flatMap(([, first, second, year]) =>
    monthsOf(first === undefined ? null : Number(first), Number(second)).map((month) =>
      build(Number(year), month),
    ),
  );
  return [...iso, ...others];
}

/** Day and month in either order; both readings when nobody can tell. */
function monthsOf(first: number | null, second: number): readonly number[] {
  const isMonth = (month: number, day: number | null): boolean =>
    month >= 1 && month <= 12 && (day === null || (day >= 1 && day <= 31));
  const months = new Set<number>();
  if (isMonth(second, first)) months.add(second);
  if (first !== null && isMonth(first, second)) months.add(first);
  return [...months];
}

/** Excel's serial of a day (1900 system), from 2000 to 2099, to its month. */
export function periodOfSerial(serial: number): BillingPeriod | null {
  if (!Number.isFinite(serial) || serial < SERIAL_OF_2000 || serial >= SERIAL_OF_2100) return null;
  let days = Math.floor(serial) - SERIAL_OF_2000;
  let period = build(2000, 1);
  while (days >= daysIn(period)) {
    days -= daysIn(period);
    period = nextPeriod(period);
  }
  return period;
}

export const previousPeriod = (period: BillingPeriod): BillingPeriod => shiftPeriod(period, -1);
export const nextPeriod = (period: BillingPeriod): BillingPeriod => shiftPeriod(period, 1);

export function shiftPeriod(period: BillingPeriod, months: number): BillingPeriod {
  const index = Number(period.slice(0, 4)) * 12 + Number(period.slice(5)) - 1 + months;
  return build(Math.floor(index / 12), (index % 12) + 1);
}

export function firstDay(period: BillingPeriod): Day {
  return `${period}-01` as Day;
}

export function lastDay(period: BillingPeriod): Day {
  return `${period}-${String(daysIn(period)).padStart(2, '0')}` as Day;
}

export function daysIn(period: BillingPeriod): number {
  const [year, month] = [Number(period.slice(0, 4)), Number(period.slice(5))];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 31);
}

/** "October 2026", for people. */
export function periodTitle(period: BillingPeriod): string {
  const name = MONTHS[Number(period.slice(5)) - 1] ?? '';
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${period.slice(0, 4)}`;
}

/** Whole days from the day of one instant to the day of another. */
export const daysBetween = (from: Day | Instant, to: Day | Instant): number =>
  dayNumber(to) - dayNumber(from);

/** Days since 1 January 2000, of the first ten characters. */
function dayNumber(instant: string): number {
  const [year = 0, month = 1, day = 1] = instant.slice(0, 10).split('-').map(Number);
  const years = year - 2000;
  const leapDays =
    Math.floor((years + 3) / 4) - Math.floor((years + 99) / 100) + Math.floor((years + 399) / 400);
  let days = years * 365 + leapDays + day - 1;
  for (let before = 1; before < month; before += 1) days += daysIn(build(year, before));
  return days;
}

export const hasStarted = (period: BillingPeriod, now: Instant): boolean =>
  period <= now.slice(0, 7);

function build(year: number, month: number): BillingPeriod {
  return `${String(year)}-${String(month).padStart(2, '0')}` as BillingPeriod;
}
