/** What stops a batch before it is through: a pause, a withdrawal. */
import type { PostingState } from '../../contract/contract.ts';
import type { BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { BatchHead, BatchRow, PostingRow } from '../store/posting.ts';
import { requireBatch } from './approve.ts';
import { holdFence, moveBatchWithin, moveWithin, type Engine } from './engine.ts';
import { statusOf } from './months.ts';
import type { Asker } from './ports.ts';
import { ABSENT, CLOSED, RUNNING, wordOf } from './states.ts';
import type { PostingTransaction } from './store-port.ts';

const WITHDRAWABLE: readonly PostingState[] = ['READY', ...ABSENT];
const NAMED_MAX = 5;

/**
 * Nothing is sent any more, nor sent again; what is under way ends, and what is in doubt is still
 * looked up. The version grows, so that a resume is told from a post that comes once more.
 */
export function pause(engine: Engine, id: string, reason: string, asker: Asker): Promise<BatchRow> {
  return engine.store.transaction(async (transaction) => {
    const batch = await requireBatch(transaction, id);
    if (batch.state === 'PAUSED') return batch;
    await holdFence(engine, transaction);
    if (!RUNNING.includes(batch.state)) throw notNow(batch, 'paused');
    await pauseWithin(engine, transaction, batch, { asker, reason });
    return requireBatch(transaction, id);
  });
}

export const pauseWithin = (
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchHead,
  why: { readonly asker: Asker; readonly reason: string },
): Promise<void> => {
  const change = { version: batch.version + 1 };
  return moveBatchWithin(engine, transaction, batch, 'PAUSED', { ...why, change });
};

/**
 * Withdrawn before anything of it was sent; its clients are free for another batch. What a recovery
 * has found in the books meanwhile stays as it is, and the reason says so.
 */
export function cancel(
  engine: Engine,
  id: string,
  reason: string,
  asker: Asker,
): Promise<BatchRow> {
  return engine.store.transaction(async (transaction) => {
    const batch = await requireBatch(transaction, id);
    if (batch.state === 'CANCELLED') return batch;
    await holdFence(engine, transaction);
    if (!['SUBMITTED', 'APPROVED', 'STALE'].includes(batch.state)) throw notNow(batch, 'withdrawn');
    const postings = await transaction.postingsOf(id);
    for (const posting of postings.filter(({ state }) => WITHDRAWABLE.includes(state))) {
      const why = `withdrawn by ${asker.person}: ${reason}`;
      await moveWithin(engine, transaction, posting, 'SUPERSEDED', { asker, reason: why });
    }
    const said = `${reason}${staysWords(postings)}`;
    await moveBatchWithin(engine, transaction, batch, 'CANCELLED', { asker, reason: said });
    return requireBatch(transaction, id);
  });
}

function staysWords(postings: readonly PostingRow[]): string {
  const left = postings.filter(({ state }) => ![...WITHDRAWABLE, ...CLOSED].includes(state));
  if (left.length === 0) return '';
  const named = left.slice(0, NAMED_MAX).map(({ ref, client_name: name, state }) => `${ref} for ${name} is ${wordOf(state)}`);
  const more = left.length > named.length ? `; and ${left.length - named.length} more` : '';
  return ` (not withdrawn, for the books hold something of it: ${named.join('; ')}${more})`;
} // prettier-ignore

export const statusesOf = async (engine: Engine, period: BillingPeriod) => ({
  period,
  clients: [...(await statusOf(engine, period, await engine.store.clientIds()))],
});

const notNow = (batch: BatchRow, what: string): AppError =>
  new AppError('VERSION_STALE', `Batch ${batch.id} is ${batch.state}: it cannot be ${what}.`);
