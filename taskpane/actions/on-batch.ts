/** Every action on a batch: what it shows afterwards is what the relay holds, also after a failure. */
import type { Batch } from '../../src/contract/contract.ts';
import { work, type Pane } from '../pane.ts';
import { lookAround } from './around.ts';
import { watch } from './watch.ts';

/** An answer may get lost while the relay has acted: look, never guess. */
export async function workAndLook(
  pane: Pane,
  words: string,
  action: () => Promise<string>,
): Promise<void> {
  if (pane.get().busy) return;
  const isDone = await work(pane, words, action);
  if (!isDone) await lookAround(pane);
  await watch(pane);
}

/** An answer about the batch on screen; of another one it says nothing. */
export function learnBatch(pane: Pane, batch: Batch): void {
  if (pane.get().batch?.id === batch.id) pane.tell({ type: 'learned', news: { batch } });
}
