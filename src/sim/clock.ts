/** The stand-ins' clocks: one that runs on from an instant, one that moves only when it is told. */

export interface SimClock {
  nowMs(): number;
  set(instant: string): void;
  advance(minutes: number): void;
  /** What a slow answer waits for. */
  sleep(ms: number): Promise<void>;
  /** Does the work so much later, whoever still runs then. */
  after(ms: number, work: () => unknown): void;
}

export function createSimClock(start: string): SimClock {
  let offset = Date.parse(start) - Date.now();
  return {
    nowMs: () => Date.now() + offset,
    set: (instant) => {
      offset = Date.parse(instant) - Date.now();
    },
    advance: (minutes) => {
      offset += minutes * 60_000;
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    after: (ms, work) => {
      setTimeout(work, ms).unref();
    },
  };
}

export interface StillClock extends SimClock {
  advanceMs(ms: number): void;
}

const MINUTE_MS = 60_000;

/**
 * Time as a test makes it. Whoever waits moves it on alone, so it is right as long as one waits at
 * a time, as the worker of a books connection does.
 */
export function createStillClock(start: string): StillClock {
  let now = Date.parse(start);
  let waiting: { readonly atMs: number; readonly work: () => unknown }[] = [];
  const goTo = (end: number): void => {
    for (let next = dueBefore(waiting, end); next; next = dueBefore(waiting, end)) {
      waiting = waiting.filter((one) => one !== next);
      now = Math.max(now, next.atMs);
      next.work();
    }
    now = end;
  };
  const advanceMs = (ms: number): void => goTo(now + Math.round(ms));
  return {
    nowMs: () => now,
    set: (instant) => goTo(Date.parse(instant)),
    advance: (minutes) => advanceMs(minutes * MINUTE_MS),
    advanceMs,
    sleep: (ms) => {
      advanceMs(ms);
      return Promise.resolve();
    },
    after: (ms, work) => {
      waiting.push({ atMs: now + ms, work });
    },
  };
}

const dueBefore = <One extends { readonly atMs: number }>(
  waiting: readonly One[],
  end: number,
): One | undefined =>
  waiting.filter(({ atMs }) => atMs <= end).toSorted((a, b) => a.atMs - b.atMs)[0];
