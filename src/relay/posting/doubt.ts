/** Looking for an invoice nobody is sure of: finding it ends the doubt, silence never does. */
import type { PostingChange, PostingRow } from '../store/posting.ts';

import { compareFields, differenceWords, isEqual } from './differences.ts';
import { contentOf, move, note, wordsOf, type Engine, type Evidence } from './engine.ts';
import { millisecondsBetween } from '../clock.ts';
import { isKeyTrusted } from '../accounting/facility.ts';
import type { EvidenceRow } from '../store/posting-evidence.ts';
import { skewWords } from './machine.ts';
import { sendSame } from './send.ts';
import { instant } from './engine.ts';
import { arrivals, backOff, missingEvidence, nextLook, secondLook } from './evidence.ts';
import { causeOf, look, type Sight } from './look.ts';
import type { Asker } from './ports.ts';
import { RELAY } from './ports.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';

/**
 * One look for a posting in UNKNOWN or NEEDS_PERSON; the posting as it stands afterwards. Nothing is
 * sent here: where the same should go out once more, the worker is told.
 */
export const lookAgain = (
  engine: Engine,
  posting: PostingRow,
  asker: Asker,
): Promise<PostingRow | null> => lookThen(engine, posting, { asker, resend: leaveToWorker });

/** The same by the worker, which alone sends. */
export const lookAndSend = (engine: Engine, posting: PostingRow): Promise<PostingRow | null> =>
  lookThen(engine, posting, { asker: RELAY, resend: sendSame });

/** What follows where the books would meet the same key with the same document; false: nothing. */
type Resend = (engine: Engine, posting: PostingRow) => Promise<boolean>;

async function leaveToWorker(engine: Engine, posting: PostingRow): Promise<boolean> {
  const left = await note(engine, posting, { next_at: engine.clock.now() }, []);
  engine.scheduler.wake();
  return left !== null;
}

async function lookThen(
  engine: Engine,
  posting: PostingRow,
  { asker, resend }: { readonly asker: Asker; readonly resend: Resend },
): Promise<PostingRow | null> {
  // Health and company first: an empty look counts only in books known to be well and the same.
  const seen = await seeBooks(engine, posting);
  const sight = await look(engine, posting);
  await engine.reach('posting.doubt-looked-up');
  if (sight.seen === 'ours') return found(engine, posting, sight.invoice, asker);
  if (sight.seen === 'several' || isInTheWay(engine, sight)) {
    const evidence = [{ kind: 'found', words: sight.words }] as const;
    const change = { next_at: null, block: causeOf(sight) };
    return move(engine, posting, 'CONFLICT', { asker, reason: sight.words, change, evidence });
  }
  const looked = await noteLook(engine, posting, asSeen(sight, seen), seen);
  if (!looked) return null;
  return sight.seen === 'deleted'
    ? tellDeleted(engine, looked, sight.words)
    : goOn(engine, looked, resend);
}

/** It arrived and is gone by a person's hand: another person hears of it before anything goes on. */
async function tellDeleted(
  engine: Engine,
  posting: PostingRow,
  words: string,
): Promise<PostingRow | null> {
  if (posting.state === 'UNKNOWN') return askPerson(engine, posting, words);
  return posting.reason.includes(words)
    ? posting
    : note(engine, posting, { reason: withWords(posting.reason, words) }, []);
}

/** Numbers are unique there, and a stranger has ours: ours is not there and never will be. */
const isInTheWay = (engine: Engine, sight: Sight): sight is Extract<Sight, { seen: 'stranger' }> =>
  sight.seen === 'stranger' &&
  !sight.alike &&
  engine.books.system.facility.kind === 'unique reference';

/** Ours by its mark: equal, it is posted; else it is a mismatch a person must look at. */
export async function found(
  engine: Engine,
  posting: PostingRow,
  invoice: BooksInvoice,
  asker: Asker,
): Promise<PostingRow | null> {
  const fields = compareFields(contentOf(posting), posting, invoice);
  const equal = isEqual(fields);
  return move(engine, posting, equal ? 'POSTED' : 'MISMATCH', {
    asker,
    reason: equal ? '' : `invoice ${invoice.id} differs: ${differenceWords(fields)}`,
    change: { invoice_id: invoice.id, adopted: 1, next_at: null },
    evidence: [{ kind: 'found', words: `Invoice ${invoice.id} was found in the books.` }],
  });
}

async function seeBooks(engine: Engine, posting: PostingRow): Promise<readonly Evidence[]> {
  const isSettled = posting.decide_from !== null && engine.clock.now() >= posting.decide_from;
  if (!isSettled) return [];
  try {
    await engine.books.company.checkHealth();
    const [company, pinned] = await Promise.all([
      engine.books.company.identity(),
      engine.store.findConnection(engine.books.connection),
    ]);
    const healthy = { kind: 'healthy', words: `${engine.books.system.title} is healthy.` } as const;
    const skew = skewWords(engine, company);
    if (skew !== null) return [{ kind: 'not healthy', words: skew }];
    if (company.id !== pinned?.company_id) {
      const words = `The books show another company: ${company.name}.`;
      return [healthy, { kind: 'not healthy', words }];
    }
    return [healthy, { kind: 'same company', words: `It is the company ${company.name}.` }];
  } catch (cause) {
    return [{ kind: 'not healthy', words: `The books are not healthy: ${wordsOf(cause)}` }];
  }
}

/** In books that are not well, or another company's, nothing found says nothing. */
function asSeen<Seen extends Sight>(
  sight: Seen,
  seen: readonly Evidence[],
): Seen | Extract<Sight, { seen: 'failed' }> {
  const trouble = seen.find(({ kind }) => kind === 'not healthy');
  const isEmpty = sight.seen === 'none' || (sight.seen === 'stranger' && !sight.alike);
  return trouble && isEmpty ? { seen: 'failed', reason: trouble.words } : sight;
}

async function noteLook(
  engine: Engine,
  posting: PostingRow,
  sight: Exclude<Sight, { seen: 'ours' | 'several' }>,
  seen: readonly Evidence[],
): Promise<PostingRow | null> {
  const now = engine.clock.now();
  if (sight.seen === 'failed') {
    const attempts = posting.attempts + 1;
    const words = `The look-up brought no answer: ${sight.reason}`;
    const evidence = [...seen, { kind: 'look-up failed', words } as const];
    // Where a person decides the relay stops asking; where it goes on by itself it asks for ever.
    const isLast = attempts > ATTEMPTS_MAX && engine.books.system.facility.resend === 'never';
    const next_at = isLast ? null : backOff(now, attempts);
    return note(engine, posting, { attempts, next_at }, evidence);
  }
  const lookups = posting.lookups + 1;
  const looked = lookEvidence(posting, sight);
  const earlier = await engine.store.evidenceOf([posting.key]);
  const next_at =
    (looked.some(({ kind }) => kind === 'none found') ? secondLook(posting, earlier, now) : null) ??
    nextLook({ ...posting, lookups }, now, engine.books.system.facility);
  const change: PostingChange = { attempts: 0, lookups, last_lookup_at: now, next_at };
  return note(engine, posting, change, [...seen, ...looked]);
}

function lookEvidence(
  posting: PostingRow,
  sight: Extract<Sight, { seen: 'none' | 'stranger' | 'deleted' }>,
): readonly Evidence[] {
  if (sight.seen === 'stranger') {
    return [{ kind: sight.alike ? 'found' : 'none found', words: `${sight.words}.` }];
  }
  const none = {
    kind: 'none found',
    words: `No ${posting.ref} with our mark in the books.`,
  } as const;
  return sight.seen === 'none'
    ? [none]
    : [none, { kind: 'deleted', words: `It is gone: ${sight.words}.` }];
}

/** After a look that found nothing of ours: what the books do against a second copy decides. */
async function goOn(
  engine: Engine,
  posting: PostingRow,
  resend: Resend,
): Promise<PostingRow | null> {
  if (posting.state !== 'UNKNOWN') return posting;
  const { facility } = engine.books.system;
  if (facility.resend === 'never') return goOnWeak(engine, posting);
  const evidence = await engine.store.evidenceOf([posting.key]);
  const own = evidence.filter((row) => row.epoch === posting.epoch);
  const sends = arrivals(own);
  if (sends.length >= SENDS_MAX) {
    return askPerson(engine, posting, `it was sent ${sends.length} times and never turned up`);
  }
  const tries = own.filter(({ kind }) => kind === 'sent').length;
  if (tries >= ATTEMPTS_MAX) {
    return askPerson(engine, posting, `the books turned away most of ${tries} tries`);
  }
  const isTrusted = isYoung(engine, sends[0]?.at);
  const mayResend = isTrusted && isDue(engine, posting, evidence);
  if (mayResend && (await resend(engine, posting))) return engine.store.findPosting(posting.key);
  if (facility.resend === 'while trusted') return isTrusted ? posting : goOnWeak(engine, posting);
  return goOnStrong(engine, posting, evidence);
}

function isYoung(engine: Engine, firstSent: string | undefined): boolean {
  if (firstSent === undefined) return false;
  const age = millisecondsBetween(instant(firstSent), engine.clock.now()) / 60_000;
  return isKeyTrusted(engine.books.system.facility, age);
}

/** A key that nobody has published is trusted less: only once it would be called absent anyway. */
function isDue(engine: Engine, posting: PostingRow, evidence: readonly EvidenceRow[]): boolean {
  if (posting.lookups === 0 || isBefore(engine, posting.person_from)) return false;
  if (engine.books.system.facility.resend !== 'while trusted') return true;
  return missingEvidence(posting, evidence, engine.clock.now()) === null;
}

async function goOnWeak(engine: Engine, posting: PostingRow): Promise<PostingRow | null> {
  if (posting.next_at === null) {
    return askPerson(engine, posting, `the books did not answer ${posting.attempts} look-ups`);
  }
  if (posting.lookups === 0 || isBefore(engine, posting.person_from)) return posting;
  return askPerson(engine, posting, 'the books do not show it so far');
}

/** No key to trust, but every late landing is over and nothing is there: the epoch unchanged. */
async function goOnStrong(
  engine: Engine,
  posting: PostingRow,
  evidence: readonly EvidenceRow[],
): Promise<PostingRow | null> {
  const missing = missingEvidence(posting, evidence, engine.clock.now());
  if (missing !== null) return posting;
  const reason = 'not in the books after the settle time: sent again under the same key';
  const change = { next_at: null, attempts: 0, uncertain_since: null };
  return move(engine, posting, 'READY', { asker: RELAY, reason, change });
}

/** The relay cannot end the doubt by itself, and says why. */
export function askPerson(
  engine: Engine,
  posting: PostingRow,
  why: string,
): Promise<PostingRow | null> {
  const reason = withWords(posting.reason, why);
  return move(engine, posting, 'NEEDS_PERSON', { asker: RELAY, reason });
}

const withWords = (reason: string, more: string): string => `${reason.replace(/\.$/, '')}; ${more}`;

const isBefore = (engine: Engine, time: string | null): boolean =>
  time === null || engine.clock.now() < time;

const ATTEMPTS_MAX = 60;
/**
 * So often one epoch is sent under one key; more would be a loop that makes no progress (I18). Five
 * were too few: where a third of all sends goes wrong, one invoice in 200 then waited for a person.
 * Twenty are too many: books that replay their first error keep a person waiting for hours.
 */
const SENDS_MAX = 10;
