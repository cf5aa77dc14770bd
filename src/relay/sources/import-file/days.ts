// Days as files write them. 01/02/2026 is two days; which one is told from the other rows.

import type { Day } from '../../../core/billing-period.ts';

export const DAY_FORMS = ['mdy', 'dmy'] as const;
/** How a day with slashes is to be read. */
export type DayForm = (typeof DAY_FORMS)[number];

const TIME = String.raw`(?:[T ,]+\d{1,2}:\d\d.*)?`;
const ISO = new RegExp(String.raw`^(\d{4})[-/](\d\d?)[-/](\d\d?)${TIME}$`);
const SLASHES = new RegExp(String.raw`^(\d\d?)/(\d\d?)/(\d{4})${TIME}$`);
const DOTS = new RegExp(String.raw`^(\d\d?)\.(\d\d?)\.(\d{4})${TIME}$`);
const NAMED_FIRST = new RegExp(String.raw`^([a-z]{3,9})\.? (\d\d?),? (\d{4})${TIME}$`, 'i');
const NAMED_SECOND = new RegExp(String.raw`^(\d\d?)[- ]([a-z]{3,9})\.?[-, ]+(\d{4})${TIME}$`, 'i');
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What one text says of the form of its file: nothing, one of the two, or that it fits both. */
export function dayForm(text: string): DayForm | 'either' | null {
  const [, a, b] = SLASHES.exec(text) ?? [];
  if (a === undefined || a === b) return null;
  const [isMdy, isDmy] = [readDay(text, 'mdy') !== null, readDay(text, 'dmy') !== null];
  if (isMdy && isDmy) return 'either';
  if (isMdy) return 'mdy';
  return isDmy ? 'dmy' : null;
}

/** Null when it is no day in that form. */
export function readDay(text: string, form: DayForm): Day | null {
  const [, year, month, day] = ISO.exec(text) ?? [];
  if (year) return toDay(year, month, day);
  const [, a, b, ofSlashes] = SLASHES.exec(text) ?? [];
  if (ofSlashes) return form === 'mdy' ? toDay(ofSlashes, a, b) : toDay(ofSlashes, b, a);
  const [, first, second, ofDots] = DOTS.exec(text) ?? [];
  if (ofDots) return toDay(ofDots, second, first);
  const [, nameFirst, dayAfter, yearAfter] = NAMED_FIRST.exec(text) ?? [];
  if (nameFirst && yearAfter) return toDay(yearAfter, monthOf(nameFirst), dayAfter);
  const [, dayBefore, nameSecond = '', yearLast] = NAMED_SECOND.exec(text) ?? [];
  return yearLast ? toDay(yearLast, monthOf(nameSecond), dayBefore) : null;
}

const monthOf = (name: string): string =>
  String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1);

function toDay(year: string, month = '', day = ''): Day | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const instant = Date.parse(`${text}T00:00:00.000Z`);
  if (Number.isNaN(instant)) return null;
  return new Date(instant).toISOString().startsWith(text) ? (text as Day) : null;
}
