/** What stands around a batch: the books themselves, each client's state, one invoice beside them. */
import { routes } from '../../src/contract/contract.ts';
import { toAppError, type Pane } from '../pane.ts';
import { currentSnapshot } from './review.ts';

/** Read when the step opens and when the batch comes to rest; what was known stays when it fails. */
export async function lookAround(pane: Pane): Promise<void> {
  const { period, batch, snapshot } = pane.get();
  if (!period) return;
  const { client } = pane.outside;
  try {
    const books = await client.call(routes.books, {});
    const { clients: statuses } = await client.call(routes.status, { params: { period } });
    pane.tell({ type: 'learned', news: { books, statuses } });
    // Held clients are known by their id alone; the snapshot has their names.
    if (batch && batch.held.length > 0 && !snapshot) await currentSnapshot(pane);
  } catch (error) {
    // A relay that is away is shown by the header; anything else must be seen.
    if (toAppError(error).code === 'SOURCE_DOWN') return;
    pane.tell({ type: 'failed', error: toAppError(error) });
  }
}

/** What the books hold now for one posting; what they did not say is words, never "nothing". */
export async function lookBeside(pane: Pane, key: string): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  const params = { batch: batch.id, key };
  const seen = await pane.outside.client
    .call(routes.beside, { params })
    .catch((error: unknown) => toAppError(error).message);
  pane.tell({ type: 'learned', news: { beside: { ...pane.get().beside, [key]: seen } } });
}
