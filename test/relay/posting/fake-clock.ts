/** A clock that moves when it is told to. */
import type { Instant } from '../../../src/core/billing-period.ts';

export interface FakeClock {
  now(): Instant;
  nowMs(): number;
  advance(ms: number): void;
}

export function createFakeClock(start = '2026-10-31T10:00:00.000Z'): FakeClock {
  let ms = Date.parse(start);
  return {
    now: () => new Date(ms).toISOString() as Instant,
    nowMs: () => ms,
    advance(by) {
      ms += by;
    },
  };
}
