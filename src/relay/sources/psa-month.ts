/**
 * The billing month of a provider as its time entries and agreements see it. Days are days of the
 * provider's own time zone: 23:30 of the 31st in Chicago is of that month although UTC says it is
 * the 1st. Offsets reach from -12 to +14 hours, so the vendor is asked for a day more on either
 * side and what it gives is cut here; no daylight-saving hour can be lost between the two.
 */
import { z } from 'zod';
import { firstDay, lastDay, type BillingPeriod, type Day } from '../../core/billing-period.ts';

const DAY_MS = 86_400_000;

/** IANA name, as the configuration of the relay has it. There is no default: a guess moves hours. */
export const timeZone = z.string().refine(isTimeZone, 'is no time zone such as America/New_York');

/** ISO 8601; without an offset it is UTC. The calendar is checked: there is no 30 February. */
export const stamp = z.iso.datetime({ offset: true, local: true });

export interface PsaMonth {
  readonly firstDay: Day;
  readonly lastDay: Day;
  /** First instant to ask for, "2026-09-30T00:00:00Z". */
  readonly askFrom: string;
  /** The instant asking ends before, "2026-11-02T00:00:00Z". */
  readonly askUntil: string;
  /** The provider's day of an instant. */
  dayOf(stamp: string): Day;
  /** The day of a field that means a day: midnight UTC is a date as it stands, in every zone. */
  dateOf(stamp: string): Day;
  holds(day: Day): boolean;
}

export function psaMonth(period: BillingPeriod, zone: string): PsaMonth {
  const days = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const dayOf = (text: string): Day => days.format(Date.parse(withOffset(text))) as Day;
  const [first, last] = [firstDay(period), lastDay(period)];
  return {
    firstDay: first,
    lastDay: last,
    askFrom: midnight(first, -1),
    askUntil: midnight(last, 2),
    dayOf,
    dateOf: (text) => (isMidnight(text) ? (text.slice(0, 10) as Day) : dayOf(text)),
    holds: (day) => first <= day && day <= last,
  };
}

/** From a day to a day, both counted; null where it has no end. */
export interface Span {
  readonly from: Day | null;
  readonly until: Day | null;
}

/**
 * Whether something was in effect on the last day of the month. What ended before it is seen as
 * gone, what begins on it as there, as with every other count at the end of a month.
 */
export const isOn = ({ from, until }: Span, { lastDay: last }: PsaMonth): boolean =>
  (from === null || from <= last) && (until === null || until >= last);

/** Whether it was in effect on any day of the month. */
export const touches = ({ from, until }: Span, month: PsaMonth): boolean =>
  (from === null || from <= month.lastDay) && (until === null || until >= month.firstDay);

/**
 * Began and ended inside the month: the vendors' way of charging once. It is no part of the count
 * on the last day and must not vanish either, so it is reported as a SKU of its own.
 */
export const isOnce = ({ from, until }: Span, month: PsaMonth): boolean =>
  from !== null && until !== null && from >= month.firstDay && until < month.lastDay;

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en-CA', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const withOffset = (text: string): string => (/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
const isMidnight = (text: string): boolean => /T00:00(:00(\.0+)?)?Z?$/.test(text);
const midnight = (day: Day, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().replace('.000Z', 'Z');
