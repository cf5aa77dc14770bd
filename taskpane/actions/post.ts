/** Posting is started once, after the sheet was held against the approval. */
import type { Batch, Draft } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { booksWords } from '../books-words.ts';
import { isSent } from '../posting-news.ts';
import { progress, type Pane } from '../pane.ts';
import { learnConflict, seenIn } from './in-books.ts';
import { learnBatch, workAndLook } from './on-batch.ts';
import { reading } from './reading.ts';
import { currentSnapshot, readNow } from './review.ts';

/**
 * Before anything leaves, the sheet is held against the approval; lapsed clients are named. What
 * may stand in the books already stops it until the person has seen it and posts once more.
 */
export async function post(pane: Pane, withoutLapsed: boolean): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  const seen = seenIn(pane);
  await workAndLook(pane, 'Holding the sheet against the approval', async () => {
    const { client } = pane.outside;
    const params = { batch: batch.id };
    const draft = await draftNow(pane, batch);
    const compared = await client.call(routes.compare, { params, body: { draft } });
    learnBatch(pane, compared.batch);
    pane.tell({ type: 'learned', news: { lapsed: compared.lapsed } });
    const sent = compared.batch.postings.filter(isSent);
    const stopped = compared.lapsed.filter((one) =>
      sent.every(({ clientId }) => clientId !== one.clientId),
    );
    if (stopped.length > 0 && !withoutLapsed) {
      return `The sheet changed after the approval: ${stopped.map((one) => one.words).join(' ')}`;
    }
    const { doing } = booksWords(pane.get().session);
    progress(pane, doing);
    const body = { key: `post-${batch.id}-${batch.version}`, digest: batch.digest, seen };
    const started = await client
      .call(routes.post, { params, body })
      .catch(async (error: unknown) => {
        await learnConflict(pane, error);
        throw error;
      });
    learnBatch(pane, started);
    pane.tell({ type: 'learned', news: { alike: [], foreignMarks: [] } });
    // Paused meanwhile: what was pressed on an older screen resumes nothing.
    return started.state === 'PAUSED' ? 'It is paused. Nothing was sent.' : `${doing} has started.`;
  });
}

/** What the sheet says now of the clients in the approval, blocked or not: the relay names what differs. */
async function draftNow(pane: Pane, batch: Batch): Promise<Draft> {
  const { draftOfClients } = await reading();
  const review = await readNow(pane, await approvedSnapshot(pane, batch));
  // What is reviewed next is reviewed with the newest counts.
  if (pane.get().review?.snapshot.id === review.snapshot.id)
    pane.tell({ type: 'learned', news: { review } });
  const approved = new Set(batch.postings.map((posting) => posting.clientId));
  const { decisions } = pane.get();
  return {
    ...draftOfClients(review, pane.outside.workbook.title(), decisions, approved),
    held: batch.held,
  };
}

/** A newer snapshot does not touch an approval (rulings 15). */
async function approvedSnapshot(pane: Pane, batch: Batch): Promise<Snapshot> {
  const { snapshotId, period } = batch;
  const known = pane.get().review?.snapshot ?? null;
  if (snapshotId === null) return known ?? currentSnapshot(pane);
  if (known?.id === snapshotId) return known;
  const params = { period, snapshot: snapshotId };
  return pane.outside.client.call(routes.snapshot, { params });
}
