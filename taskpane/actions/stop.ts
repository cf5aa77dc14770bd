/** What stops a batch or leaves it: a pause, a withdrawal, a client without invoice, a known mark. */
import { routes } from '../../src/contract/contract.ts';
import type { ClientId } from '../../src/core/model.ts';
import type { Pane } from '../pane.ts';
import { shownPostings } from '../shown-postings.ts';
import { plural } from '../words.ts';
import { forgetAlike, learnAlike } from './in-books.ts';
import { learnBatch, workAndLook } from './on-batch.ts';
import { learnStatuses } from './review.ts';

/** One press and no question: nothing is lost by it, and it may be urgent. */
export async function pause(pane: Pane): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  await workAndLook(pane, 'Pausing', async () => {
    const paused = await pane.outside.client.call(routes.pause, {
      params: { batch: batch.id },
      body: { reason: 'Paused in the pane.' },
    });
    learnBatch(pane, paused);
    const left = paused.postings.filter(({ state }) => state === 'READY').length;
    return `Paused. ${plural(left, 'invoice')} not sent.`;
  });
}

export async function withdraw(pane: Pane, reason: string): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  await workAndLook(pane, 'Withdrawing', async () => {
    const withdrawn = await pane.outside.client.call(routes.cancel, {
      params: { batch: batch.id },
      body: { reason },
    });
    learnBatch(pane, withdrawn);
    pane.outside.runtime.snapshots.forgetStatus();
    pane.tell({ type: 'learned', news: { lapsed: [], alike: [], foreignMarks: [] } });
    return 'Withdrawn. Nothing was sent.';
  });
}

export async function closeClient(pane: Pane, client: ClientId, reason: string): Promise<void> {
  const { period } = pane.get();
  if (!period) return;
  await workAndLook(pane, 'Closing the client', async () => {
    const { client: relay, runtime } = pane.outside;
    const { batch } = pane.get();
    const own = batch ? shownPostings(batch).filter(({ clientId }) => clientId === client) : [];
    await relay.call(routes.closeClient, { params: { period, client }, body: { reason } });
    runtime.snapshots.forgetStatus();
    const month = await relay.call(routes.period, { params: { period } });
    const released = pane.get().released.filter((id) => id !== client);
    pane.tell({ type: 'learned', news: { month, released } });
    forgetAlike(pane, own.map(({ key }) => key)); // prettier-ignore
    await learnStatuses(pane);
    return 'Closed without invoice.';
  });
}

/** A person has found out whose mark it is; posting is tried again by hand. */
export async function knowMark(pane: Pane, marker: string, reason: string): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  await workAndLook(pane, 'Saving', async () => {
    const body = { marker, reason };
    const books = await pane.outside.client.call(routes.knowMark, { body });
    pane.tell({ type: 'learned', news: { books } });
    // One mark known is every mark of that installation known.
    await learnAlike(pane);
    const { foreignMarks } = pane.get();
    return foreignMarks.length === 0
      ? 'Saved. Post again.'
      : `Saved. ${plural(foreignMarks.length, 'mark')} left.`;
  });
}

/** A person has looked at why nothing may be sent and lifts it; what waits goes on by itself. */
export async function unpark(pane: Pane, reason: string): Promise<void> {
  await workAndLook(pane, 'Lifting', async () => {
    const books = await pane.outside.client.call(routes.unpark, { body: { reason } });
    pane.tell({ type: 'learned', news: { books } });
    return 'Invoices may be sent again.';
  });
}

export async function endRecovery(pane: Pane, reason: string): Promise<void> {
  await workAndLook(pane, 'Ending the recovery', async () => {
    const books = await pane.outside.client.call(routes.endRecovery, { body: { reason } });
    pane.tell({ type: 'learned', news: { books } });
    return 'The recovery is over. Invoices may be sent again.';
  });
}
