/**
 * A token bucket for each service and holder of credentials, shared by everything that asks it.
 * A token comes back one period after the answer to its request: by then the service has seen the
 * request for at least as long, so no window of that length, fixed or sliding, holds more than
 * the documented number and a 429 of the service is never our doing.
 */
import { createHash } from 'node:crypto';
import type { Headers } from './answer.ts';

export interface Rate {
  readonly calls: number;
  readonly perSeconds: number;
  /** Whose limit it is where signing in hides it (a client id); absent: everybody's at the address. */
  readonly holder?: string;
}

/** Resolves when one more request may leave; what it gives is called when the answer is there. */
export type TakeToken = () => Promise<() => void>;

export interface RateLimits {
  of(baseUrl: string, headers: Headers, rate: Rate | undefined): TakeToken;
}

interface Time {
  readonly now: () => number;
  readonly delay: (ms: number) => Promise<void>;
}

const unlimited: TakeToken = () => Promise.resolve(() => undefined);

export function createRateLimits(time: Time): RateLimits {
  const buckets = new Map<string, TakeToken>();
  return {
    of(baseUrl, headers, rate) {
      if (!rate) return unlimited;
      const key = keyOf(baseUrl, headers, rate);
      const bucket = buckets.get(key) ?? createBucket(rate, time);
      buckets.set(key, bucket);
      return bucket;
    },
  };
}

/** The key is kept in memory for long, so it holds no credential but its hash. */
function keyOf(baseUrl: string, headers: Headers, { calls, perSeconds, holder }: Rate): string {
  const named = JSON.stringify([baseUrl, headers, calls, perSeconds, holder ?? null]);
  return createHash('sha256').update(named).digest('base64');
}

function createBucket({ calls, perSeconds }: Rate, { now, delay }: Time): TakeToken {
  /** When each token that is not under way may be used again, soonest first. */
  const tokens: number[] = Array.from({ length: calls }, () => -Infinity);
  const waiting: ((usableAt: number) => void)[] = [];
  const giveBack = (): void => {
    const usableAt = now() + perSeconds * 1000;
    const next = waiting.shift();
    if (next) next(usableAt);
    else tokens.push(usableAt);
  };
  const nextToken = (): Promise<number> => {
    const token = tokens.shift();
    return token === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(token);
  };
  return async () => {
    const wait = (await nextToken()) - now();
    if (wait > 0) await delay(wait);
    return giveBack;
  };
}
