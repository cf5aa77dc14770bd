import type { Answer } from './answer.ts';

/** A service that asks for a longer pause is left alone until the next sync. */
const WAIT_MAX_MS = 60_000;
const FIRST_WAIT_MS = 500;

interface Patience {
  /** After a 429, however short a pause it asks for. */
  readonly quietMsMin: number;
  readonly now: () => number;
  readonly random: () => number;
}

/** How long to wait before the next try (null: no answer); null when it makes no sense. */
export function waitBeforeRetry(
  answer: Answer | null,
  attempt: number,
  patience: Patience,
): number | null {
  if (answer && answer.status !== 429 && answer.status !== 408 && answer.status < 500) return null;
  const leastMs = answer?.status === 429 ? patience.quietMsMin : 0;
  const askedMs = parseRetryAfter(answer?.headers['retry-after'], patience.now());
  if (askedMs !== null && askedMs > WAIT_MAX_MS) return null;
  // Jitter, so that several connections do not knock in step.
  const ownMs = FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 + patience.random());
  return Math.max(askedMs ?? ownMs, leastMs);
}

/** Seconds or a date that lies ahead; null for nothing and for nonsense ("never", a past date). */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2},? /.test(text)) return null;
  const ahead = Date.parse(text) - now;
  return ahead > 0 ? ahead : null;
}
