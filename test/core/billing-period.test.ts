import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  daysBetween, daysIn, firstDay, hasStarted, lastDay, nextPeriod, parsePeriod, periodOfSerial, periodTitle, previousPeriod, readPeriod, shiftPeriod,
} from '../../src/core/billing-period.ts'; // prettier-ignore
import type { BillingPeriod, Day, Instant } from '../../src/core/billing-period.ts';
import { property } from './property.ts';

const periods = fc
  .tuple(fc.integer({ min: 2001, max: 2098 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}` as BillingPeriod);
const DAY_MS = 86_400_000;

describe("reading a month in a person's words", () => {
  test.each([
    ['2026-10'],
    ['2026/10'],
    ['2026.10'],
    ['202610'],
    ['2026-10-31'],
    ['Oct 2026'],
    ['October 2026'],
    ['OCT 2026'],
    ['oct. 2026'],
    ['Oct-26'],
    ["Oct '26"],
    ['Oct 26'],
    ['Oct-2026'],
    ['2026 October'],
    ['10/2026'],
    ['10.2026'],
    ['10-2026'],
    ['31 October 2026'],
    ['October 31, 2026'],
    ['10/31/2026'],
    ['31.10.2026'],
    ['10/10/2026'],
    [' Billing Oct 2026 (final) '],
    ['MRR 2026-10 v2'],
    ['As of 31 Oct 2026, Oct 2026'],
    ['Invoices_202610'],
  ])('%j is October 2026', (text) => expect(readPeriod(text)).toBe('2026-10'));

  test('every month is found by long and short name', () => {
    const names = [
      'January',
      'Feb',
      'March',
      'Apr',
      'May',
      'Jun',
      'July',
      'Aug',
      'Sept',
      'Oct',
      'Nov',
      'December',
    ];
    expect(names.map((name) => readPeriod(`${name} 2026`)?.slice(5))).toEqual([
      '01',
      '02',
      '03',
      '04',
      '05',
      '06',
      '07',
      '08',
      '09',
      '10',
      '11',
      '12',
    ]);
  });

  test.each([
    [''],
    ['Oct'],
    ['October'],
    ['2026'],
    ['Sheet1'],
    ['Price List'],
    ['Sep to Oct 2026'],
    ['Sep 2026 / Oct 2026'],
    ['Oct 2025 vs 2026'],
    ['05/10/2026'],
    ['13/2026'],
    ['2026-13'],
    ['2026-00'],
    ['Marcus 2026'],
    ['ARCHIVE 2024'],
    ['Oct 31'],
    ['12026-10'],
    ['2026-10-31-7'],
    ['1999-10'],
    ['Decoy 2026'],
  ])('%j is no one month', (text) => expect(readPeriod(text)).toBeNull());

  property('a title is read back as its month', [periods], (period) => {
    expect(readPeriod(periodTitle(period))).toBe(period);
    expect(readPeriod(`Tab ${period}`)).toBe(period);
    expect(readPeriod(lastDay(period))).toBe(period);
  });

  property('any text gives a month or nothing, never an error', [fc.string()], (text) => {
    const period = readPeriod(text);
    expect(period === null || parsePeriod(period) === period).toBe(true);
  });
});

describe('calendar', () => {
  property('agrees with the calendar of the machine', [periods], (period) => {
    const [year, month] = [Number(period.slice(0, 4)), Number(period.slice(5))];
    const last = new Date(Date.UTC(year, month, 0));
    expect(daysIn(period)).toBe(last.getUTCDate());
    expect(lastDay(period)).toBe(last.toISOString().slice(0, 10));
    expect(nextPeriod(period)).toBe(new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7));
    expect(previousPeriod(nextPeriod(period))).toBe(period);
  });

  property(
    'a serial is the month Excel shows',
    [fc.integer({ min: 36526, max: 73050 }), fc.double({ min: 0, max: 0.999, noNaN: true })],
    (serial, time) => {
      const day = new Date(Date.UTC(1899, 11, 30) + serial * DAY_MS);
      expect(periodOfSerial(serial + time)).toBe(day.toISOString().slice(0, 7));
    },
  );

  test.each([0, 60, -1, 36525, 73051, 1e9, Number.NaN, Number.POSITIVE_INFINITY])(
    'serial %d is no month',
    (serial) => expect(periodOfSerial(serial)).toBeNull(),
  );

  property(
    'days between are those of the machine',
    [
      fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
    ],
    (a, b) => {
      const [from, to] = [a.toISOString() as Instant, b.toISOString().slice(0, 10) as Day];
      const days = (Date.parse(to) - Date.parse(from.slice(0, 10))) / DAY_MS;
      expect(daysBetween(from, to)).toBe(days);
    },
  );

  property(
    'shifting by n months and back is the same month',
    [periods, fc.integer({ min: -11, max: 11 })],
    (period, n) => {
      expect(shiftPeriod(shiftPeriod(period, n), -n)).toBe(period);
    },
  );

  test('a month has started on its first day in UTC', () => {
    expect(hasStarted('2026-10' as BillingPeriod, '2026-09-30T23:59:59.999Z' as Instant)).toBe(
      false,
    );
    expect(hasStarted('2026-10' as BillingPeriod, '2026-10-01T00:00:00.000Z' as Instant)).toBe(
      true,
    );
    expect(firstDay('2026-10' as BillingPeriod)).toBe('2026-10-01');
  });

  test.each(['2026-13', '2026-1', '26-10', '2026-10-01', '1999-10', ''])(
    'parsePeriod refuses %j and says how to write it',
    (text) =>
      expect(() => parsePeriod(text)).toThrow(
        `Month not understood: "${text}". Use 2026-09 or a date.`,
      ),
  );
});
