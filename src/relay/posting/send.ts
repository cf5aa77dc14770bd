/**
 * One invoice on its way into the books: check, look, write the intent down, send once, read back.
 * Whatever is not certain becomes UNKNOWN; nothing here ever sends twice (posting-safety 2.2).
 */
import { addMinutes, millisecondsBetween } from '../clock.ts';
import { AppError } from '../../core/errors.ts';
import type { CreateOutcome } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import { doubt, settle, type StepResult } from './answer.ts';
import { batchSealOf } from './batch-content.ts';
import { firstCheck, firstObstacle } from './before-send.ts';
import { breachOfContents, park } from './caps.ts';
import { mayLeave } from './checks.ts';
import { checkCompany } from './company.ts';
import { contentOf, hasFence, instant, keysOf, move, wordsOf, type Engine } from './engine.ts';
import { providerKey } from './keys.ts';
import { RELAY } from './ports.ts';
import { RUNNING } from './states.ts';

/** An intent older than this is not sent any more: another worker may have taken over (I13). */
const INTENT_AGE_MAX_MS = 30_000;

export async function sendOne(engine: Engine, posting: PostingRow): Promise<StepResult> {
  await engine.reach('posting.picked');
  const batch = await engine.store.findBatch(posting.batch);
  if (batch?.state !== 'POSTING') return 'moved';
  const contents = batchSealOf(batch).invoices.map(({ content }) => content);
  const breach = breachOfContents(engine, contents);
  if (breach !== null) {
    await park(engine, breach, RELAY);
    return 'moved';
  }
  const obstacle = await firstObstacle(engine, posting, batch);
  if (obstacle) return obstacle;
  return (await sendInTurn(engine, posting)) ?? 'moved';
}

/**
 * Sends what is in doubt once more, under the same key, to books that meet it with the same
 * document. False: something has changed since the approval, nothing was sent and the doubt stays.
 */
export async function sendSame(engine: Engine, posting: PostingRow): Promise<boolean> {
  const batch = await engine.store.findBatch(posting.batch);
  if (!batch || !RUNNING.includes(batch.state)) return false;
  if (await firstCheck(engine, posting, batch)) return false;
  if (!(await isSameCompany(engine))) return false;
  return (await sendInTurn(engine, posting)) !== null;
}

/** Another company since the last look would take it as new (F29); books that are away, perhaps. */
async function isSameCompany(engine: Engine): Promise<boolean> {
  try {
    await checkCompany(engine, RELAY);
    return true;
  } catch (cause) {
    if (cause instanceof AppError && cause.code !== 'VERSION_STALE') return false;
    throw cause;
  }
}

/**
 * The limit of the books is waited out before the intent, so that what is written down leaves at
 * once: a stop while waiting leaves no doubt behind (I13). Null: something held it back, unsent.
 */
async function sendInTurn(engine: Engine, posting: PostingRow): Promise<StepResult | null> {
  const giveBack = await engine.books.company.reserve?.();
  try {
    const intent = await writeIntent(engine, posting);
    return intent && (await sendIntent(engine, intent));
  } finally {
    giveBack?.();
  }
}

/** The write-ahead: on disk, synchronous=FULL, before a byte leaves the building (I6). */
async function writeIntent(engine: Engine, posting: PostingRow): Promise<PostingRow | null> {
  const now = engine.clock.now();
  const intent = await move(engine, posting, 'SENDING', {
    asker: RELAY,
    reason: '',
    mayMove: (at) => mayLeave(engine, at, posting),
    change: {
      provider_key: providerKey(posting.key, posting.epoch),
      request_hash: posting.digest,
      sent_at: now,
      decide_from: addMinutes(now, engine.books.system.facility.settleMinutes),
      next_at: null,
      block: null,
      lookups: 0,
      last_lookup_at: null,
    },
    evidence: [
      { kind: 'sent', words: `Going out to ${engine.books.system.title} as ${posting.ref}.` },
    ],
  });
  await engine.reach('posting.intent-written');
  return intent;
}

async function sendIntent(engine: Engine, intent: PostingRow): Promise<StepResult> {
  await engine.reach('posting.before-send');
  const sentAt = instant(intent.sent_at ?? '');
  if (!(await hasFence(engine, engine.store))) return 'moved';
  if (Math.abs(millisecondsBetween(sentAt, engine.clock.now())) > INTENT_AGE_MAX_MS) {
    await doubt(engine, intent, 'the relay stood still between writing it down and sending it');
    return 'moved';
  }
  const outcome = await createOnce(engine, intent);
  await engine.reach('posting.after-send');
  const result = await settle(engine, intent, outcome);
  await engine.reach('posting.result-stored');
  return result;
}

async function createOnce(engine: Engine, intent: PostingRow): Promise<CreateOutcome> {
  try {
    return await engine.books.company.create(contentOf(intent), keysOf(intent));
  } catch (cause) {
    // An adapter reports trouble as a verdict; a throw is a defect and says nothing of the books.
    return { verdict: 'unknown', reason: wordsOf(cause) };
  }
}
