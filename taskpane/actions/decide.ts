/** What a person decides about invoices one by one, and the look at how all of it stands. */
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import type { AppError } from '../../src/core/errors.ts';
import { booksWords } from '../books-words.ts';
import { toAppError, type Pane } from '../pane.ts';
import { became, isDoubt } from '../posting-news.ts';
import { canRetry, shownPostings } from '../shown-postings.ts';
import { plural } from '../words.ts';
import { fetchBatch, lookAround } from './around.ts';
import { forgetAlike, learnAlike, learnConflict, seenIn } from './in-books.ts';
import { learnBatch, workAndLook } from './on-batch.ts';

type Choice = 'look again' | 'send again' | 'it is there' | 'give up' | 'retry';
/** Refused while the books may hold the same: unless the person has seen it there. */
const SENDS: readonly Choice[] = ['send again', 'retry'];

interface Said {
  readonly choice: Choice;
  readonly invoiceId?: string;
  readonly reason?: string;
  /** Documents in the books that the person has looked at. */
  readonly seen?: string[];
}

/** A person decides about one invoice, with the evidence on screen. */
export async function decidePosting(
  pane: Pane,
  key: string,
  choice: Choice,
  more: Omit<Said, 'choice' | 'seen'>,
): Promise<void> {
  const posting = shownNow(pane).find((one) => one.key === key);
  if (!posting) return;
  const seen = seenIn(pane);
  await workAndLook(pane, 'One moment', async () => {
    const decided = SENDS.includes(choice)
      ? await decide(pane, posting, { choice, ...more, seen }).catch(async (error: unknown) => {
          await learnConflict(pane, error);
          throw error;
        })
      : await decide(pane, posting, { choice, ...more });
    return became(decided, key, booksWords(pane.get().session));
  });
}

/** One of them that is refused does not keep the others from being tried. */
export async function retryFailed(pane: Pane): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  const seen = seenIn(pane);
  await workAndLook(pane, 'Trying again', async () => {
    learnBatch(pane, await fetchBatch(pane, batch.id));
    const refusals: AppError[] = [];
    let tried = 0;
    for (const { key } of shownNow(pane).filter(canRetry)) {
      const posting = shownNow(pane).find((one) => one.key === key && canRetry(one));
      if (!posting) continue;
      try {
        await decide(pane, posting, { choice: 'retry', seen });
        tried += 1;
      } catch (error) {
        const refusal = toAppError(error);
        // A relay that is away answers the next one no better.
        if (refusal.code === 'SOURCE_DOWN') throw refusal;
        refusals.push(refusal);
      }
    }
    const [first] = refusals;
    const conflict = refusals.find(({ code }) => code === 'LEDGER_CONFLICT');
    if (conflict) await learnConflict(pane, conflict);
    if (first) throw first;
    return `${plural(tried, 'invoice')} tried again.`;
  });
}

export async function lookAgain(pane: Pane): Promise<void> {
  await workAndLook(pane, 'Looking', async () => {
    const { batch } = pane.get();
    if (batch) learnBatch(pane, await fetchBatch(pane, batch.id));
    await lookAround(pane);
    const { alike, foreignMarks } = pane.get();
    if (alike.length + foreignMarks.length > 0) await learnAlike(pane);
    return 'This is how it stands now.';
  });
}

/** Where it was approved; the batch on screen may be a newer one. */
async function decide(pane: Pane, { key, batchId }: Posting, body: Said): Promise<Batch> {
  const { batch } = pane.get();
  const params = { batch: batchId, key };
  const decided = await pane.outside.client.call(routes.decide, { params, body });
  if (batch && decided.id !== batch.id) learnBatch(pane, await fetchBatch(pane, batch.id));
  else learnBatch(pane, decided);
  // What is in doubt still may be sent again: what is like it is still to be seen.
  if (!decided.postings.some((one) => one.key === key && isDoubt(one))) forgetAlike(pane, [key]);
  return decided;
}

function shownNow(pane: Pane): readonly Posting[] {
  const { batch } = pane.get();
  return batch ? shownPostings(batch) : [];
}
