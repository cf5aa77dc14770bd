/** Which month it is, by the clock of the place that bills. */
import { describe, expect, it } from '@jest/globals';
import { periodAt } from '../../src/relay/clock.ts';

describe('the month of an instant', () => {
  it.each([
    ['2026-11-01T04:59:59.000Z', 'America/Chicago', '2026-10'],
    ['2026-11-01T05:00:00.000Z', 'America/Chicago', '2026-11'],
    ['2026-10-31T10:30:00.000Z', 'Pacific/Kiritimati', '2026-11'],
  ])('%s in %s is %s', (now, zone, period) => {
    expect(periodAt(now, zone)).toBe(period);
  });
});
