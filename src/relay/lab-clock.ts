/** The clock of a lab: another program's, so that whoever attacks the relay holds its time too. */
import * as z from 'zod';
import type { Instant } from '../core/billing-period.ts';
import { AppError } from '../core/errors.ts';
import type { MovableClock } from './clock.ts';

const Reading = z.strictObject({ now: z.iso.datetime() });
const EVERY_MS = 200;
const TIMEOUT_MS = 2000;

/** Follows until what it resolves with is called; throws SETUP_MISSING when it cannot be read. */
export async function followClock(
  url: string,
  clock: MovableClock,
  failed: (words: string) => void,
): Promise<() => void> {
  clock.set(await read(url));
  let timer: NodeJS.Timeout | null = null;
  let isFollowing = true;
  const next = (): void => {
    if (isFollowing) timer = setTimeout(() => void look(), EVERY_MS).unref();
  };
  const look = async (): Promise<void> => {
    try {
      const now = await read(url);
      if (isFollowing) clock.set(now);
    } catch (error) {
      // The clock runs on by itself; whoever holds the other one sees it in the log.
      failed(error instanceof Error ? error.message : 'it cannot be read');
    }
    next();
  };
  next();
  return () => {
    isFollowing = false;
    if (timer) clearTimeout(timer);
  };
}

async function read(url: string): Promise<Instant> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(url, { redirect: 'error', signal });
    return Reading.parse(await answer.json()).now as Instant;
  } catch (cause) {
    const words = `lab.clockUrl: ${url} does not answer with {"now": "2026-10-31T10:00:00.000Z"}. Start that clock first.`;
    throw new AppError('SETUP_MISSING', words, { cause });
  }
}
