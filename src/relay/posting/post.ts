/** Post: one compare-and-set starts the run; every repetition is answered with the same batch. */
import { periodTitle, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';

import type { BatchRow } from '../store/posting.ts';
import { requireBatch } from './approve.ts';
import { sealTrouble } from './approval-seal.ts';
import { refuseParked } from './caps.ts';
import { checkCompany } from './company.ts';
import { refuseAlike, type ToSend } from './in-books.ts';
import { checkRoom } from './machine.ts';
import { holdFence, moveBatchWithin, settleBatch, type Engine } from './engine.ts';
import type { Asker } from './ports.ts';
import { expireApproval } from './staleness.ts';
import { BATCH_WORDS } from './state-words.ts';
import type { PostingReader, PostingTransaction } from './store-port.ts';

export interface PostRequest {
  readonly key: string;
  readonly digest: string;
  /** Documents in the books that look alike and that a person has looked at. */
  readonly seen?: readonly string[] | undefined;
}

export type Post = (id: string, request: PostRequest, asker: Asker) => Promise<BatchRow>;

/** Keeps the company checks of concurrent calls together: a thousand clicks ask the books once. */
export function createPost(engine: Engine): Post {
  const asking = new Map<string, Promise<void>>();
  const askOnce = (batch: BatchRow, seen: readonly string[], asker: Asker): Promise<void> => {
    const key = JSON.stringify([batch.id, ...seen]);
    const running =
      asking.get(key) ?? checkReady(engine, batch, seen, asker).finally(() => asking.delete(key));
    asking.set(key, running);
    return running;
  };
  return async (id, request, asker) => {
    const batch = await requireBatch(engine.store, id);
    const isRepeated = await isKnown(engine.store, id, request);
    checkRequest(batch, request, isRepeated);
    if (isRepeated || isAnswered(batch)) return batch;
    await checkStartable(engine, batch);
    await askOnce(batch, request.seen ?? [], asker);
    const started = await start(engine, id, request, asker);
    engine.scheduler.wake();
    return started;
  };
}

async function checkReady(
  engine: Engine,
  batch: BatchRow,
  seen: readonly string[],
  asker: Asker,
): Promise<void> {
  const postings = await engine.store.postingsOf(batch.id);
  const ready = postings.filter(({ state }) => state === 'READY');
  await checkBooks(engine, { period: batch.period as BillingPeriod, postings: ready }, seen, asker);
}

/**
 * Whenever a person sends, a batch or one of it again: the right company, room on the disk, and
 * nothing in the month that may be the same already.
 */
export async function checkBooks(
  engine: Engine,
  toSend: ToSend,
  seen: readonly string[],
  asker: Asker,
): Promise<void> {
  checkRoom(engine);
  await checkCompany(engine, asker);
  await refuseAlike(engine, toSend, seen);
}

/** A post that was answered before resumes nothing, however late it comes. */
const isKnown = async (
  store: PostingReader,
  batch: string,
  request: PostRequest,
): Promise<boolean> => (await store.postsOf(batch)).some(({ key }) => key === request.key);

function checkRequest(batch: BatchRow, request: PostRequest, isRepeated: boolean): void {
  if (batch.digest === request.digest) return;
  if (isRepeated) {
    throw new AppError(
      'KEY_REUSED',
      'This key was sent before with another digest. Nothing was sent.',
    );
  }
  const words = 'What is stored is not what you approved: its digest differs';
  throw new AppError('APPROVAL_STALE', `${words}. Nothing was sent.`);
}

const nowWords = ({ period, state }: BatchRow): string =>
  `The batch of ${periodTitle(period as BillingPeriod)} ${BATCH_WORDS[state]}`;

/** Under way or over: posting again is answered, never repeated (rulings 19). */
const isAnswered = (batch: BatchRow): boolean =>
  batch.state === 'POSTING' || batch.state.startsWith('COMPLETED');

/** Also for what was under way when it was switched off. */
export function refuseSwitchedOff({ policy, books }: Engine): void {
  if (policy.postingEnabled) return;
  const words = `Posting to ${books.system.title} is switched off`;
  throw new AppError('SETUP_MISSING', `${words}: set books.postingEnabled to true.`);
}

async function checkStartable(engine: Engine, batch: BatchRow): Promise<void> {
  refuseSwitchedOff(engine);
  await refuseParked(engine);
  if (batch.state !== 'PAUSED') await checkApproved(engine, batch);
  const trouble = await sealTrouble(engine.store, batch);
  if (trouble !== null) throw new AppError('APPROVAL_STALE', `Nothing was sent: ${trouble}.`);
}

async function checkApproved(engine: Engine, batch: BatchRow): Promise<void> {
  if (batch.state !== 'APPROVED') {
    const why = batch.state === 'STALE' ? `: ${batch.reason}` : '';
    throw new AppError('APPROVAL_STALE', `${nowWords(batch)}${why}. Nothing was sent.`);
  }
  const reason = await expireApproval(engine, batch);
  if (reason !== null) throw new AppError('APPROVAL_STALE', `Nothing was sent: ${reason}.`);
}

/** The compare-and-set; the losers of a race get the batch that the winner started. */
function start(engine: Engine, id: string, request: PostRequest, asker: Asker): Promise<BatchRow> {
  return engine.store.transaction(async (transaction) => {
    const batch = await requireBatch(transaction, id);
    if (isAnswered(batch) || (await isKnown(transaction, id, request))) return batch;
    await holdFence(engine, transaction);
    await startWithin(engine, transaction, batch, request, asker);
    return requireBatch(transaction, id);
  });
}

async function startWithin(
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchRow,
  request: PostRequest,
  asker: Asker,
): Promise<void> {
  if (batch.state !== 'APPROVED' && batch.state !== 'PAUSED') {
    throw new AppError('VERSION_STALE', `${nowWords(batch)}. Nothing was sent.`);
  }
  const press = { batch: batch.id, key: request.key, person: asker.person, at: engine.clock.now() };
  await transaction.insertPost(press);
  await moveBatchWithin(engine, transaction, batch, 'POSTING', { asker, reason: '' });
  // All invoices may be blocked already: then the batch is over before it began.
  await settleBatch(engine, transaction, batch.id, asker);
}
