/**
 * One invoice on its way into the books: check, look, write the intent down, send once, read back.
 * Whatever is not certain becomes UNKNOWN; nothing here ever sends twice (posting-safety 2.2).
 */
import { addMinutes, millisecondsBetween } from '../clock.ts';
import { AppError } from '../../core/errors.ts';
import type { CreateOutcome } from '../accounting/accounting.ts';
import type { BatchRow, PostingRow } from '../store/posting.ts';
import { batchSealOf } from './batch-content.ts';
import { breachOfContents, park } from './caps.ts';
import { checkCompany, isParked } from './company.ts';
import { checkApproval, checkCustomer, checkSeal, type Check } from './checks.ts';
import { compareFields, differenceWords, isEqual } from './differences.ts';
import {
  contentOf,
  hasFence,
  heldBecause,
  instant,
  keysOf,
  move,
  note,
  wordsOf,
  type Engine,
} from './engine.ts';
import { backOff } from './evidence.ts';
import { providerKey } from './keys.ts';
import { look, lookForEarlier } from './look.ts';
import { RELAY } from './ports.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';

/** An intent older than this is not sent any more: another worker may have taken over (I13). */
const INTENT_AGE_MAX_MS = 30_000;
/** Doubt in a running relay is shown to a person once a late answer had a minute to turn up. */
const PERSON_AFTER_MINUTES = 1;

/** What happened to a READY posting: it moved, or the books were not to be reached. */
export type SendResult = 'moved' | 'books away';

export async function sendOne(engine: Engine, posting: PostingRow): Promise<SendResult> {
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
  const intent = await writeIntent(engine, posting);
  return intent ? sendIntent(engine, intent) : 'moved';
}

/**
 * Sends what is in doubt once more, under the same key, to books that meet it with the same
 * document. False: something has changed since the approval, nothing was sent and the doubt stays.
 */
export async function sendSame(engine: Engine, posting: PostingRow): Promise<boolean> {
  const batch = await engine.store.findBatch(posting.batch);
  if (!batch || (await firstCheck(engine, posting, batch))) return false;
  if (!(await isSameCompany(engine))) return false;
  const intent = await writeIntent(engine, posting);
  if (!intent) return false;
  await sendIntent(engine, intent);
  return true;
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

/** Resolves to null when nothing stands in the way of sending. */
async function firstObstacle(
  engine: Engine,
  posting: PostingRow,
  batch: BatchRow,
): Promise<SendResult | null> {
  // Looked for before anything may block it: what is there already is posted, whatever changed.
  const seen = await lookFirst(engine, posting, batch);
  await engine.reach('posting.looked-up');
  if (seen) return seen;
  const obstacle = await firstCheck(engine, posting, batch);
  return obstacle && stopAt(engine, posting, obstacle);
}

/** What may be in the books already is adopted, or shown as a conflict; null when nothing is. */
export function lookFirst(
  engine: Engine,
  posting: PostingRow,
  batch: BatchRow,
): Promise<SendResult | null> {
  const seal = checkSeal(posting, batch);
  return seal.ok ? lookBefore(engine, posting) : stopTampered(engine, posting, seal);
}

/** What is stored cannot be believed, so nothing is adopted; a mark of ours in the books is told. */
async function stopTampered(
  engine: Engine,
  posting: PostingRow,
  seal: Exclude<Check, { ok: true }>,
): Promise<SendResult> {
  const sight = await look(engine, posting);
  if (sight.seen === 'failed') return retryLater(engine, posting, sight.reason);
  if (sight.seen !== 'ours' && sight.seen !== 'several') return stopAt(engine, posting, seal);
  const reason = `${seal.reason}, and the books hold ${posting.ref} with our mark`;
  await move(engine, posting, 'CONFLICT', { asker: RELAY, reason });
  return 'moved';
}

async function firstCheck(
  engine: Engine,
  posting: PostingRow,
  batch: BatchRow,
): Promise<Exclude<Check, { ok: true }> | null> {
  const approval = await checkApproval(engine, posting, batch);
  if (!approval.ok) return approval;
  const customer = await checkCustomer(engine, posting);
  return customer.ok ? null : customer;
}

async function stopAt(
  engine: Engine,
  posting: PostingRow,
  check: Exclude<Check, { ok: true }>,
): Promise<SendResult> {
  if (check.block === null) return retryLater(engine, posting, check.reason);
  const change = { block: check.block, next_at: null };
  await move(engine, posting, 'BLOCKED', { asker: RELAY, reason: check.reason, change });
  return 'moved';
}

/** Read before write: what a forgotten intent, a restored backup or a person left in the books. */
async function lookBefore(engine: Engine, posting: PostingRow): Promise<SendResult | null> {
  const earlier = await lookForEarlier(engine, posting);
  if (earlier && 'failed' in earlier) return retryLater(engine, posting, earlier.failed);
  if (earlier) {
    const reason = `${earlier.ref} of an earlier approval is still in the books: void it there first`;
    return stopAt(engine, posting, { ok: false, block: 'books', reason });
  }
  const sight = await look(engine, posting);
  if (sight.seen === 'none') return null;
  if (sight.seen === 'failed') return retryLater(engine, posting, sight.reason);
  if (sight.seen === 'ours') return adopt(engine, posting, sight.invoice);
  await move(engine, posting, 'CONFLICT', { asker: RELAY, reason: sight.words });
  return 'moved';
}

async function adopt(
  engine: Engine,
  posting: PostingRow,
  invoice: BooksInvoice,
): Promise<SendResult> {
  const fields = compareFields(contentOf(posting), posting, invoice);
  const evidence = [{ kind: 'found', words: `Invoice ${invoice.id} was there already.` }] as const;
  const change = { invoice_id: invoice.id, adopted: 1, next_at: null };
  const [to, reason] = isEqual(fields)
    ? (['POSTED', ''] as const)
    : (['CONFLICT', `invoice ${invoice.id} differs: ${differenceWords(fields)}`] as const);
  await move(engine, posting, to, { asker: RELAY, reason, change, evidence });
  return 'moved';
}

async function retryLater(
  engine: Engine,
  posting: PostingRow,
  reason: string,
): Promise<SendResult> {
  const attempts = posting.attempts + 1;
  const next_at = backOff(engine.clock.now(), attempts);
  await note(engine, posting, { attempts, next_at, reason: `Not sent yet: ${reason}` }, []);
  return 'books away';
}

/** The write-ahead: on disk, synchronous=FULL, before a byte leaves the building (I6). */
async function writeIntent(engine: Engine, posting: PostingRow): Promise<PostingRow | null> {
  if (!engine.policy.postingEnabled || (await isParked(engine))) return null;
  if ((await heldBecause(engine)) !== null) return null;
  const now = engine.clock.now();
  const intent = await move(engine, posting, 'SENDING', {
    asker: RELAY,
    reason: '',
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

async function sendIntent(engine: Engine, intent: PostingRow): Promise<SendResult> {
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

async function settle(
  engine: Engine,
  intent: PostingRow,
  outcome: CreateOutcome,
): Promise<SendResult> {
  switch (outcome.verdict) {
    case 'created':
      await readBack(engine, intent, outcome.invoiceId);
      return 'moved';
    // Not a second copy: whose the first one is, the look-up tells.
    case 'exists':
    case 'unknown':
      await doubt(engine, intent, outcome.reason);
      return 'moved';
    case 'rejected':
    case 'not sent':
      // A certain no says nothing of an earlier send of this epoch that is still in doubt.
      if (intent.uncertain_since !== null) await doubt(engine, intent, outcome.reason);
      else if (outcome.verdict === 'rejected') await reject(engine, intent, outcome.reason);
      else return giveBack(engine, intent, outcome);
      return 'moved';
  }
}

/** A 200 is not a creation: what the books hold is read and compared (posting-safety 1.3). */
async function readBack(engine: Engine, intent: PostingRow, invoiceId: string): Promise<void> {
  const content = contentOf(intent);
  let invoice: BooksInvoice | null = null;
  try {
    invoice = await engine.books.company.read(content.document, invoiceId);
  } catch (cause) {
    return doubt(engine, intent, `created as ${invoiceId}, but not read back: ${wordsOf(cause)}`);
  }
  await engine.reach('posting.read-back');
  if (!invoice) return doubt(engine, intent, `created as ${invoiceId}, but not found there`);
  const fields = compareFields(content, intent, invoice);
  const change = { invoice_id: invoice.id };
  const answer = `The books answered with invoice ${invoice.id}.`;
  const evidence = [{ kind: 'answer', words: answer }] as const;
  const [to, reason] = isEqual(fields)
    ? (['POSTED', ''] as const)
    : (['MISMATCH', `invoice ${invoice.id} differs: ${differenceWords(fields)}`] as const);
  await move(engine, intent, to, { asker: RELAY, reason, change, evidence });
}

async function reject(engine: Engine, intent: PostingRow, reason: string): Promise<void> {
  const evidence = [{ kind: 'answer', words: `The books refused it: ${reason}` }] as const;
  await move(engine, intent, 'REJECTED', { asker: RELAY, reason, evidence });
}

async function giveBack(
  engine: Engine,
  intent: PostingRow,
  { reason, retryAfterSeconds = 0 }: Extract<CreateOutcome, { verdict: 'not sent' }>,
): Promise<SendResult> {
  const now = engine.clock.now();
  const attempts = intent.attempts + 1;
  const next = backOff(now, attempts);
  const asked = addMinutes(now, retryAfterSeconds / 60);
  const change = { attempts, next_at: next < asked ? asked : next };
  const evidence = [{ kind: 'answer', words: `It did not leave the relay: ${reason}` }] as const;
  const words = `Not sent yet: ${reason}`;
  await move(engine, intent, 'READY', { asker: RELAY, reason: words, change, evidence });
  return 'books away';
}

/** Nobody knows: looked up at once and then until it is found or a person decides. */
async function doubt(engine: Engine, intent: PostingRow, reason: string): Promise<void> {
  const now = engine.clock.now();
  await move(engine, intent, 'UNKNOWN', {
    asker: RELAY,
    reason,
    change: {
      uncertain_since: intent.uncertain_since ?? now,
      next_at: now,
      attempts: 0,
      person_from: addMinutes(instant(intent.sent_at ?? now), PERSON_AFTER_MINUTES),
    },
    evidence: [{ kind: 'answer', words: `No certain answer: ${reason}` }],
  });
}

/** What a start of the relay finds on its way: never READY, for it may have left (F8 to F10). */
export async function doubtAfterRestart(engine: Engine, key: string): Promise<void> {
  const posting = await engine.store.findPosting(key);
  if (posting?.state !== 'SENDING') return;
  const now = engine.clock.now();
  const reason = 'the relay stopped while it was sending';
  await move(engine, posting, 'UNKNOWN', {
    asker: RELAY,
    reason,
    change: {
      uncertain_since: posting.uncertain_since ?? now,
      next_at: now,
      attempts: 0,
      person_from: now,
    },
    evidence: [{ kind: 'answer', words: `No certain answer: ${reason}` }],
  });
}
