/**
 * The one clock of the relay. Real profiles use the machine's; in sample and lab it can be moved,
 * is kept in the data folder and runs while the relay runs (rulings 26).
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { BillingPeriod, Instant } from '../core/billing-period.ts';
import { AppError } from '../core/errors.ts';

export interface Clock {
  now(): Instant;
}

export interface MovableClock extends Clock {
  set(instant: Instant): void;
  /** Writes down what it shows, so that the next start goes on from there. */
  stop(): void;
}

/** After a kill the clock goes on at most this much later, and never earlier. */
const AHEAD_MS = 10_000;

/** More is no drift that was corrected: somebody has set the clock. */
const SET_MS = 5 * 60_000;

export interface Ticking {
  /** What the machine's clock shows. */
  readonly wallMs: () => number;
  /** Goes on at the same pace whatever the clock is set to, also while the machine sleeps. */
  readonly steadyMs: () => number;
}

/**
 * A clock that nobody sets while the relay runs (F31): it goes on as before when the machine's
 * jumps, and follows small corrections. Which of the two is right the books say (posting/machine).
 */
export function createSteadyClock({ wallMs, steadyMs }: Ticking): Clock {
  let last = { wall: wallMs(), steady: steadyMs() };
  return {
    now() {
      const seen = { wall: wallMs(), steady: steadyMs() };
      const expected = last.wall + seen.steady - last.steady;
      if (Math.abs(seen.wall - expected) > SET_MS) return toInstant(expected);
      last = seen;
      return toInstant(seen.wall);
    },
  };
}

export const systemClock: Clock = createSteadyClock({
  wallMs: () => Date.now(),
  steadyMs: () => uptime() * 1000,
});

/** Making one takes longer than anything it is asked. */
const months = new Map<string, Intl.DateTimeFormat>();

/** The month that a clock in this time zone shows. */
export function periodAt(now: string, timeZone: string): BillingPeriod {
  const month =
    months.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
  months.set(timeZone, month);
  return month.format(new Date(now)).slice(0, 7) as BillingPeriod;
}

export const toInstant = (timeMs: number): Instant => new Date(timeMs).toISOString() as Instant;

export const addMinutes = (instant: Instant, minutes: number): Instant =>
  toInstant(Date.parse(instant) + minutes * 60_000);

export const millisecondsBetween = (earlier: Instant, later: Instant): number =>
  Date.parse(later) - Date.parse(earlier);

export function startMovableClock(directory: string, first: Instant): MovableClock {
  const path = join(directory, 'clock.json');
  let base = Date.parse(readKept(path) ?? first);
  let started = performance.now();
  const nowMs = (): number => base + performance.now() - started;
  const keep = (timeMs: number): void => {
    writeFileSync(`${path}.new`, JSON.stringify({ now: toInstant(timeMs) }));
    renameSync(`${path}.new`, path);
  };
  const keepAhead = (): void => keep(nowMs() + AHEAD_MS);
  keepAhead();
  const timer = setInterval(keepAhead, AHEAD_MS / 2).unref();
  return {
    now: () => toInstant(nowMs()),
    set(instant) {
      base = Date.parse(instant);
      started = performance.now();
      keepAhead();
    },
    stop() {
      clearInterval(timer);
      keep(nowMs());
    },
  };
}

function readKept(path: string): string | null {
  if (!existsSync(path)) return null;
  const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof kept === 'object' && kept !== null && 'now' in kept && typeof kept.now === 'string') {
    return kept.now;
  }
  throw new AppError('SETUP_MISSING', `${path} holds no time. Delete it and start again.`);
}
