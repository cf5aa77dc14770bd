/** One invoice that cannot be worked on waits with the reason, and the others go on. */
import { AppError, type ErrorCode } from '../../core/errors.ts';
import type { PostingRow } from '../store/posting.ts';
import { note, wordsOf, type Engine } from './engine.ts';
import { backOff } from './evidence.ts';

/** Another relay works on these books now; or the trail was cut, which the next start looks into. */
const ENDING: readonly ErrorCode[] = ['VERSION_STALE', 'RECOVERY'];

export const isEnd = (cause: unknown): boolean =>
  cause instanceof AppError && ENDING.includes(cause.code);

export async function orPutOff(
  engine: Engine,
  { key }: PostingRow,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (isEnd(cause)) throw cause;
    await putOff(engine, key, `Trouble in the relay: ${wordsOf(cause)}`);
  }
}

/** What is on its way stays so, and is in doubt when its turn comes again. */
async function putOff(engine: Engine, key: string, reason: string): Promise<void> {
  const posting = await engine.store.findPosting(key);
  if (!posting) return;
  const attempts = posting.attempts + 1;
  const next_at = backOff(engine.clock.now(), attempts);
  await note(engine, posting, { attempts, next_at, reason }, []);
  engine.warn('an invoice is put off', { posting: key, reason });
}
