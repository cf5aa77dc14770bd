/** The work of a recovery: what the books hold is listed, every posting looked up, all of it swept. */
import { firstDay, lastDay, shiftPeriod, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import type { RecoveryRow } from '../store/posting-recovery.ts';
import { requireBatch } from './approve.ts';
import { lookFirst } from './before-send.ts';
import { checkCompany } from './company.ts';
import { lookAgain } from './doubt.ts';
import { holdFence, type Engine } from './engine.ts';
import { refParts } from './keys.ts';
import { look, type Sight } from './look.ts';
import { knownMarks } from './marks.ts';
import { RELAY } from './ports.ts';
import { finishRecovery, requireRecovery } from './recovery.ts';
import { nameOf } from './standing.ts';
import { POSTING_WORDS } from './state-words.ts';
import { sweep } from './sweep.ts';

/** So far back the books are listed for documents that the database forgot. */
const MONTHS_LISTED = 12;
/** So many look-ups without an answer, and the books are left alone for a while. */
const FAILURES_MAX = 3;

/** ended; or it goes on later, or by a person. */
export type RecoveryStep = 'ended' | 'later' | 'person';

export async function workOnRecovery(engine: Engine, id: number): Promise<RecoveryStep> {
  const row = await requireRecovery(engine.store, id);
  if (row.done_at !== null) return 'person';
  try {
    await checkCompany(engine, RELAY);
    if (row.listed_at === null) await listBooks(engine, row);
    const trouble = (await lookAll(engine, row)) ?? (await sweep(engine)).failed;
    if (trouble === null) return (await finishRecovery(engine, row)) ? 'ended' : 'person';
    return await later(engine, row, trouble);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'VERSION_STALE') throw cause;
    return later(engine, row, cause.message);
  }
}

async function later(engine: Engine, { id }: RecoveryRow, trouble: string): Promise<'later'> {
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    await transaction.changeRecovery(id, { trouble });
  });
  return 'later';
}

/** Documents with a mark that no posting has: kept, so that their numbers are not given out anew. */
async function listBooks(engine: Engine, { id }: RecoveryRow): Promise<void> {
  const { connection, company } = engine.books;
  const month = engine.clock.now().slice(0, 7) as BillingPeriod;
  const from = firstDay(shiftPeriod(month, -MONTHS_LISTED));
  const listed = await company.list({ from, to: lastDay(month) });
  const markers = listed.flatMap(({ marker }) => marker ?? []);
  const known = await knownMarks(engine, markers);
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    for (const { id: invoice_id, marker, ref } of listed) {
      if (marker === null || ref === null || known.has(marker)) continue;
      const found_at = engine.clock.now();
      await transaction.putForgotten({ connection, marker, ref, invoice_id, found_at });
    }
    for (const [period, last] of highestNumbers(listed)) {
      await transaction.raiseRefSequence({ connection, period }, last);
    }
    await transaction.changeRecovery(id, { listed_at: engine.clock.now() });
  });
}

function highestNumbers(listed: readonly BooksInvoice[]): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const { ref } of listed) {
    const parts = ref === null ? null : refParts(ref);
    if (!parts) continue;
    highest.set(parts.period, Math.max(parts.sequence, highest.get(parts.period) ?? 0));
  }
  return highest;
}

/**
 * Null when all were looked up; else why not, in words. What had no answer once comes last, so that
 * a few that never have one do not hold up the others.
 */
async function lookAll(engine: Engine, { id }: RecoveryRow): Promise<string | null> {
  const failed: string[] = [];
  const open = (await engine.store.looksOf(id)).filter(({ looked_at }) => looked_at === null);
  const [first, last] = [
    open.filter(({ words }) => words === ''),
    open.filter(({ words }) => words !== ''),
  ];
  for (const { posting: key } of [...first, ...last]) {
    const posting = await engine.store.findPosting(key);
    if (!posting) continue;
    const words = await see(engine, posting);
    if (words === null) {
      failed.push(posting.ref);
      await keepFailure(engine, id, posting);
    } else await keepLook(engine, id, { posting, words });
    if (failed.length >= FAILURES_MAX) break;
  }
  return failed.length === 0 ? null : `no answer to the look-up of ${failed.join(', ')}`;
}

/** What was seen, in words; null when the books gave no answer. Nothing here ever sends. */
async function see(engine: Engine, posting: PostingRow): Promise<string | null> {
  if (posting.state === 'READY') return seeReady(engine, posting);
  if (posting.state === 'UNKNOWN' || posting.state === 'NEEDS_PERSON') {
    return seeDoubt(engine, posting);
  }
  return wordsOfSight(posting, await look(engine, posting));
}

async function seeReady(engine: Engine, posting: PostingRow): Promise<string | null> {
  const batch = await requireBatch(engine.store, posting.batch);
  const seen = await lookFirst(engine, posting, batch);
  if (seen === 'books away') return null;
  return seen === 'moved' ? nowWords(engine, posting) : noneWords(posting);
}

async function seeDoubt(engine: Engine, posting: PostingRow): Promise<string | null> {
  const looked = await lookAgain(engine, posting, RELAY);
  if (!looked) return null;
  if (looked.state !== posting.state) return nowWords(engine, posting);
  return looked.lookups > posting.lookups ? noneWords(posting) : null;
}

async function nowWords(engine: Engine, { key, ref }: PostingRow): Promise<string> {
  const now = await engine.store.findPosting(key);
  const reason = now?.reason ? `: ${now.reason}` : '';
  return `Looked for ${ref}: it ${now ? POSTING_WORDS[now.state] : 'is gone'}${reason}.`;
}

function wordsOfSight(posting: PostingRow, sight: Sight): string | null {
  switch (sight.seen) {
    case 'failed':
      return null;
    case 'none':
      return noneWords(posting);
    case 'ours':
      return `The books hold ${nameOf(sight.invoice)} with our mark${sight.invoice.voided ? ', voided' : ''}.`;
    case 'several':
    case 'stranger':
    case 'deleted':
      return `${sight.words}.`;
  }
}

const noneWords = ({ ref }: PostingRow): string =>
  `No ${ref} with our mark in the books at the look-up of the recovery.`;

async function keepFailure(engine: Engine, recovery: number, { key }: PostingRow): Promise<void> {
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    await transaction.putLook({ recovery, posting: key, looked_at: null, words: 'no answer' });
  });
}

async function keepLook(
  engine: Engine,
  recovery: number,
  { posting, words }: { readonly posting: PostingRow; readonly words: string },
): Promise<void> {
  const { key, epoch } = posting;
  const at = engine.clock.now();
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const said = words.slice(0, 500);
    await transaction.addEvidence({ posting: key, epoch, at, kind: 'recovery', words: said });
    await transaction.putLook({ recovery, posting: key, looked_at: at, words: said });
  });
}
