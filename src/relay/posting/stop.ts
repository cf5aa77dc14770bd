/** What stops a batch before it is through: a pause, a withdrawal, a client left without invoice. */
import { periodTitle, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { BatchHead, BatchRow } from '../store/posting.ts';
import { requireBatch } from './approve.ts';
import { refuse } from './draft.ts';
import { holdFence, moveBatchWithin, moveWithin, type Engine } from './engine.ts';
import { statusOf } from './months.ts';
import type { Asker } from './ports.ts';
import { CLOSED, RUNNING } from './states.ts';
import type { PostingTransaction } from './store-port.ts';

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

/** Withdrawn before anything of it was sent; its clients are free for another batch. */
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
    for (const posting of await transaction.postingsOf(id)) {
      if (CLOSED.includes(posting.state)) continue;
      const why = `withdrawn by ${asker.person}: ${reason}`;
      await moveWithin(engine, transaction, posting, 'SUPERSEDED', { asker, reason: why });
    }
    await moveBatchWithin(engine, transaction, batch, 'CANCELLED', { asker, reason });
    return requireBatch(transaction, id);
  });
}

/** Rulings 16: a month is sealed when every client is posted or closed without invoice. */
export async function closeClient(
  engine: Engine,
  of: { readonly period: BillingPeriod; readonly clientId: string },
  reason: string,
  asker: Asker,
): Promise<void> {
  const { period, clientId } = of;
  const { connection } = engine.books;
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const link = await transaction.customer(clientId);
    if (!link) refuse(`Client ${clientId} is not known.`);
    const own = (await transaction.postingsOfPeriod(connection, period)).filter(
      (posting) => posting.client_id === clientId && !CLOSED.includes(posting.state),
    );
    const [open] = own;
    if (open) {
      const words = `${link.clientName}: invoice ${open.ref} of ${periodTitle(period)} is ${open.state}`;
      throw new AppError('LEDGER_CONFLICT', `${words}. Settle it or withdraw its batch first.`);
    }
    const { person, requestId } = asker;
    await transaction.insertClosure({ connection, period, client_id: clientId, person, at: engine.clock.now(), reason });
    await transaction.appendAudit({
      person,
      requestId,
      action: 'closed without invoice',
      object: clientId,
      words: `${link.clientName} gets no invoice for ${periodTitle(period)}: ${reason}`,
      period,
    });
  });
} // prettier-ignore

export const statusesOf = async (engine: Engine, period: BillingPeriod) => ({
  period,
  clients: [...(await statusOf(engine, period, await engine.store.clientIds()))],
});

const notNow = (batch: BatchRow, what: string): AppError =>
  new AppError('VERSION_STALE', `Batch ${batch.id} is ${batch.state}: it cannot be ${what}.`);
