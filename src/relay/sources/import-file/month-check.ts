// Whether a row, and the file as a whole, belongs to the month that is closed.

import { readPeriod, type BillingPeriod, type Day } from '../../../core/billing-period.ts';
import { readDay, type DayForm } from './days.ts';
import type { Role } from './profile.ts';

/** An export of the month is often made in the first days of the next. */
const DAYS_AFTER = 10;

export interface MonthCheck {
  /** Of a counted row: what is wrong with its days, in words, or null. */
  readonly rowTrouble: (values: readonly string[]) => string | null;
  /** Counts in this month: not cancelled before its end, not effective after it. */
  readonly isCurrent: (values: readonly string[]) => boolean;
  /** Of every row: hears how old the file is; words where the cell is no day. */
  readonly hearAge: (values: readonly string[]) => string | null;
  readonly newest: () => Day | null;
  /** What is wrong with the file as a whole, or null. */
  readonly fileTrouble: () => string | null;
}

export function newMonthCheck(
  period: BillingPeriod,
  roles: readonly Role[],
  form: DayForm,
): MonthCheck {
  const [first, last] = limitsOf(period);
  const at = (role: Role): number => roles.indexOf(role);
  const [start, end, month, asOf] = [at('start'), at('end'), at('month'), at('asOf')];
  const [effective, cancelled] = [at('effective'), at('cancelled')];
  let newest: Day | null = null;
  const known = new Map<string, Day | null>();
  const toDay = (text: string): Day | null => {
    const day = known.has(text) ? (known.get(text) ?? null) : readDay(text, form);
    if (known.size < KNOWN_MAX) known.set(text, day);
    return day;
  };
  const dayTrouble = (values: readonly string[], index: number): string | null => {
    const text = index < 0 ? '' : (values[index] ?? '');
    return text === '' || toDay(text) !== null ? null : `${quote(text)} is not a day such as 2026-10-31`;
  };
  const dayAt = (values: readonly string[], index: number): Day | null =>
    index < 0 ? null : toDay(values[index] ?? '');

  return {
    rowTrouble(values) {
      for (const index of [start, end, effective, cancelled]) {
        const trouble = dayTrouble(values, index);
        if (trouble !== null) return trouble;
      }
      if (month >= 0) return monthTrouble(values[month] ?? '', dayAt(values, month), period);
      const [from, to] = [dayAt(values, start), dayAt(values, end)];
      if (from === null && to === null) return null;
      if (from !== null && from > last) return `it begins on ${from}, after ${period}`;
      const until = to ?? from;
      return until !== null && until < first ? `it ends on ${until}, before ${period}` : null;
    },
    isCurrent(values) {
      const [from, to] = [dayAt(values, effective), dayAt(values, cancelled)];
      return (from === null || from <= last) && (to === null || to > last);
    },
    hearAge(values) {
      if (asOf < 0) return null;
      const day = dayAt(values, asOf);
      if (day !== null && (newest === null || day > newest)) newest = day;
      return dayTrouble(values, asOf);
    },
    newest: () => newest,
    fileTrouble() {
      if (newest === null) return null;
      if (newest < first) return `its newest day is ${newest}, before ${period}: it is an older file`;
      return newest > shiftDay(last, DAYS_AFTER)
        ? `its newest day is ${newest}, long after ${period}: it is a later file`
        : null;
    },
  };
} // prettier-ignore

/** Days repeat; a million different ones need not be kept. */
const KNOWN_MAX = 10_000;

const quote = (text: string): string => `"${text.slice(0, 40)}"`;

function monthTrouble(text: string, day: Day | null, period: BillingPeriod): string | null {
  const month = day === null ? readPeriod(text) : day.slice(0, 7);
  if (month === period) return null;
  return month === null
    ? `${quote(text)} is not a month such as 2026-10`
    : `it is of ${month}, not of ${period}`;
}

/** First and last day. */
function limitsOf(period: BillingPeriod): readonly [Day, Day] {
  const [year = 0, month = 0] = period.split('-').map(Number);
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return [`${period}-01` as Day, last as Day];
}

const shiftDay = (day: Day, by: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10) as Day;
