/** What the pane shows and asks of a batch: no newer approval of the month hides an older doubt. */
import type { Batch, Posting } from '../src/contract/contract.ts';
import type { CloseState } from './close-state.ts';

/** Its own invoices, then what the other batches of the month leave open. */
export const shownPostings = ({ postings, openElsewhere }: Batch): readonly Posting[] => [
  ...postings,
  ...openElsewhere,
];

/** Only what is certainly not in the books is tried again: never what is in doubt. */
export const canRetry = ({ retriable, outcome }: Posting): boolean =>
  retriable && outcome === 'not_created';

/** It was in the books and is worth nothing there any more. */
export const isGone = ({ state }: Posting): boolean =>
  state === 'VOIDED' || state === 'MISSING_IN_LEDGER';

/** Closed by a person while the books did not answer: the doubt stays. */
export const isGivenUpUnseen = ({ state, outcome }: Posting): boolean =>
  state === 'CANCELLED' && outcome === 'uncertain';

/** The books hold what may be this one; a person who has looked says that it is another. */
export const isAlike = ({ alike }: Pick<CloseState, 'alike'>, key: string): boolean =>
  alike.some(({ keys }) => keys.includes(key));

/** Changes beyond the caps are approved by a press of their own. */
export const mustLook = ({ mustSee = [] }: Batch): boolean => mustSee.length > 0;
