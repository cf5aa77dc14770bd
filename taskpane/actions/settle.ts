/** What rests is written down: the audit rows, the results in the sheet, one announcement. */
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { booksWords } from '../books-words.ts';
import type { Pane } from '../pane.ts';
import { isToGo, tally } from '../posting-news.ts';
import { fetchBatch } from './around.ts';
import { auditPosted } from './audit.ts';
import { keepResults } from './results.ts';
import { learnStatuses } from './review.ts';

/** How it stood when it was last written down, and which other batches were open then. */
interface Settled {
  readonly ends: string;
  readonly elsewhere: readonly string[];
}

const settledOf = new WeakMap<Pane, Settled>();

/** Once for each change; a pane that was closed meanwhile makes up for it. */
export async function settle(pane: Pane): Promise<void> {
  const { batch, started, session } = pane.get();
  pane.outside.runtime.snapshots.forgetStatus();
  // The rows belong into the workbook of the month and into no other.
  if (!batch || !started) return;
  const item = `mcc.settled.${batch.id}`;
  const before = settledOf.get(pane) ?? keptIn(pane.outside.storage.getItem(item));
  const ends = await pane.outside.sha256(endsOf(batch));
  if (before?.ends === ends) return;
  // Who may be billed next changes with what became of an invoice.
  await learnStatuses(pane);
  const now = { ends, elsewhere: [...new Set(batch.openElsewhere.map(({ batchId }) => batchId))] };
  const isAudited = await auditAll(pane, batch, [...now.elsewhere, ...(before?.elsewhere ?? [])]);
  const isKept = await keepResults(pane);
  settledOf.set(pane, now);
  if (isAudited && isKept) pane.outside.storage.setItem(item, JSON.stringify(now));
  if (!batch.state.startsWith('COMPLETED')) return;
  const announced = `${tally(batch.postings, booksWords(session))}.`;
  pane.tell({ type: 'learned', news: { announced } });
}

/** Of other batches all that is open: what is not there any more has come to an end. */
const endsOf = ({ postings, openElsewhere }: Batch): string =>
  [...postings.filter(isAtRest), ...openElsewhere]
    .map(({ key, state }) => `${key} ${state}`)
    .join();

/** An invoice of an older batch that turned up is no longer open there: its batch is asked. */
async function auditAll(pane: Pane, batch: Batch, elsewhere: readonly string[]): Promise<boolean> {
  let isWritten = await auditPosted(pane, batch);
  for (const id of new Set(elsewhere)) {
    if (id !== batch.id) isWritten = (await auditPosted(pane, await fetchBatch(pane, id))) && isWritten; // prettier-ignore
  }
  return isWritten;
}

const isAtRest = (posting: Posting): boolean => !isToGo(posting);

function keptIn(text: string | null): Settled | null {
  return text === null ? null : (JSON.parse(text) as Settled);
}
