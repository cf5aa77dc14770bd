/** What stands around a batch: the books themselves, each client's state, one invoice beside them. */
import type { Batch } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import { toAppError, type Pane } from '../pane.ts';
import { shownPostings } from '../shown-postings.ts';
import { currentSnapshot, learnStatuses } from './review.ts';

export const fetchBatch = (pane: Pane, id: string): Promise<Batch> =>
  pane.outside.client.call(routes.batch, { params: { batch: id } });

/** Read when the step opens and when the batch comes to rest; what was known stays when it fails. */
export async function lookAround(pane: Pane): Promise<void> {
  const { period, batch, snapshot } = pane.get();
  if (!period) return;
  try {
    const books = await pane.outside.client.call(routes.books, {});
    pane.tell({ type: 'learned', news: { books } });
    await learnStatuses(pane);
    // Held clients are known by their id alone; the snapshot has their names.
    if (batch && batch.held.length > 0 && !snapshot) await currentSnapshot(pane);
  } catch (error) {
    // A relay that is away is shown by the header, and an action that failed by its own trouble.
    if (toAppError(error).code === 'SOURCE_DOWN' || pane.get().trouble) return;
    pane.tell({ type: 'failed', error: toAppError(error) });
  }
}

/** What the books hold now for one posting; what they did not say is words, never "nothing". */
export async function lookBeside(pane: Pane, key: string): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  const posting = shownPostings(batch).find((one) => one.key === key);
  const params = { batch: posting?.batchId ?? batch.id, key };
  const seen = await pane.outside.client
    .call(routes.beside, { params })
    .catch((error: unknown) => toAppError(error).message);
  pane.tell({ type: 'learned', news: { beside: { ...pane.get().beside, [key]: seen } } });
}
