/** The heading of the posting step: what became of the invoices, whatever their batch is called. */
import type { Batch } from '../../src/contract/contract.ts';
import { capital, type BooksWords } from '../books-words.ts';
import { isDoubt } from '../posting-news.ts';
import { isGivenUpUnseen } from '../shown-postings.ts';
import { plural } from '../words.ts';

export function titleOf(
  batch: Batch,
  twoPersons: boolean,
  words: Pick<BooksWords, 'done' | 'doing' | 'verb'>,
): string {
  const { done, doing, verb } = words;
  switch (batch.state) {
    case 'SUBMITTED':
      return twoPersons ? 'Waiting for a second person' : 'Look before you approve';
    case 'APPROVED':
      return `Approved: ${verb} ${plural(batch.postings.length, 'invoice')}?`;
    case 'POSTING':
      return doing;
    case 'PAUSED':
      return `${doing} is paused`;
    case 'COMPLETED':
    case 'COMPLETED_WITH_DOUBT':
    case 'COMPLETED_WITH_EXCEPTIONS':
      return endOf(batch, done);
    case 'STALE':
      return 'The approval has lapsed';
    case 'CANCELLED':
      return 'Withdrawn';
    case 'DRAFT':
    case 'VALIDATED':
      return 'Not approved yet';
  }
}

/** A batch that is over stays "completed" for ever; an invoice may be voided or gone since then. */
function endOf({ postings, openElsewhere }: Batch, done: BooksWords['done']): string {
  const posted = postings.filter(({ state }) => state === 'POSTED').length;
  const doubt = postings.filter((one) => isDoubt(one) || isGivenUpUnseen(one)).length;
  if (posted === postings.length) {
    return openElsewhere.length === 0
      ? `All invoices are ${done}`
      : `All invoices of this approval are ${done}`;
  }
  if (posted > 0) return `${capital(done)}, with ${doubt > 0 ? 'doubt' : 'exceptions'}`;
  return doubt > 0 ? `None is ${done} for certain` : `No invoice is ${done}`;
}
