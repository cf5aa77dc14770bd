/**
 * The two state machines (posting-safety 2.1 and 2.2 with rulings 15 to 17) as data. The engine,
 * the triggers of the store and the tests all read these tables, so that they cannot disagree.
 */
import type { BatchState, PostingState } from '../../contract/contract.ts';

type Moves<State extends string> = Readonly<Record<State, readonly State[]>>;

export const POSTING_MOVES: Moves<PostingState> = {
  PLANNED: ['READY'],
  READY: ['SENDING', 'POSTED', 'CONFLICT', 'BLOCKED', 'SUPERSEDED'],
  SENDING: ['READY', 'REJECTED', 'POSTED', 'MISMATCH', 'UNKNOWN'],
  // Back to READY only where the books refuse a second copy (posting/doubt.ts).
  UNKNOWN: ['SENDING', 'READY', 'POSTED', 'MISMATCH', 'NEEDS_PERSON', 'CONFLICT'],
  NEEDS_PERSON: ['READY', 'POSTED', 'MISMATCH', 'CONFLICT', 'CANCELLED'],
  // A retry with the same digest (rulings 17), or closed by a newer approval.
  REJECTED: ['READY', 'SUPERSEDED'],
  // Back to READY only for what a person mends in the books; never sent in this state.
  BLOCKED: ['READY', 'SUPERSEDED'],
  CONFLICT: ['SUPERSEDED'],
  // Back to POSTED where a person has mended it in the books (posting/read-back.ts).
  // From one trouble to another as the books show it.
  MISMATCH: ['POSTED', 'SUPERSEDED', 'MISSING_IN_LEDGER', 'VOIDED', 'DUPLICATE_IN_LEDGER'],
  // Found by reading back later; nothing of this ever touches the books.
  POSTED: ['MISSING_IN_LEDGER', 'VOIDED', 'MISMATCH', 'DUPLICATE_IN_LEDGER'],
  CANCELLED: [],
  SUPERSEDED: [],
  // Superseded also by a person who closes the client without invoice.
  MISSING_IN_LEDGER: ['POSTED', 'SUPERSEDED', 'VOIDED', 'MISMATCH', 'DUPLICATE_IN_LEDGER'],
  VOIDED: ['POSTED', 'SUPERSEDED', 'MISSING_IN_LEDGER', 'MISMATCH', 'DUPLICATE_IN_LEDGER'],
  DUPLICATE_IN_LEDGER: ['POSTED', 'MISSING_IN_LEDGER', 'VOIDED', 'MISMATCH'],
};

export const BATCH_MOVES: Moves<BatchState> = {
  DRAFT: ['VALIDATED'],
  VALIDATED: ['DRAFT', 'SUBMITTED'],
  // Withdrawn: the sheet is the draft, and the next one is sent in as a batch of its own.
  SUBMITTED: ['APPROVED', 'DRAFT', 'CANCELLED'],
  APPROVED: ['STALE', 'POSTING', 'CANCELLED'],
  STALE: ['CANCELLED'],
  POSTING: ['PAUSED', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'COMPLETED_WITH_DOUBT'],
  PAUSED: ['POSTING'],
  COMPLETED: [],
  COMPLETED_WITH_EXCEPTIONS: ['POSTING'],
  COMPLETED_WITH_DOUBT: ['POSTING', 'PAUSED', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS'],
  CANCELLED: [],
};

export const BATCH_STATES = Object.keys(BATCH_MOVES) as readonly BatchState[];

/** Of a batch in these something may still leave; a pause ends both. */
export const RUNNING: readonly BatchState[] = ['POSTING', 'COMPLETED_WITH_DOUBT'];

/** Nobody knows whether the books have it: never sent again by itself, outcome "uncertain". */
export const UNCERTAIN: readonly PostingState[] = ['SENDING', 'UNKNOWN', 'NEEDS_PERSON'];
const DOUBT: readonly PostingState[] = ['UNKNOWN', 'NEEDS_PERSON', 'CONFLICT', 'MISMATCH'];
const OPEN: readonly PostingState[] = ['PLANNED', 'READY', 'SENDING'];

/** Not over: nobody sure, or something left to do. */
export const UNSETTLED: readonly PostingState[] = [...OPEN, ...DOUBT, 'REJECTED', 'BLOCKED'];

/** For certain nothing of these is in the books, nor on its way there. */
export const ABSENT: readonly PostingState[] = ['REJECTED', 'BLOCKED'];
/** A newer approval may take the place of these; of all others the client is not free yet. */
export const REPLACEABLE: readonly PostingState[] = [
  ...ABSENT,
  'CONFLICT',
  'MISMATCH',
  // Void and replace: never by itself, and what is in the books after all is in the way (F24).
  'MISSING_IN_LEDGER',
  'VOIDED',
];
/** Closed for good: the client may be approved again under a new revision. */
export const CLOSED: readonly PostingState[] = ['CANCELLED', 'SUPERSEDED'];

/** The books hold one of ours, or held it when it was last seen, whatever became of the posting. */
export const isKnownInBooks = (row: {
  readonly invoice_id: string | null;
  readonly block: string | null;
}): boolean => row.invoice_id !== null || row.block === 'ours in books';

/** Where a batch under way ends, from the states of its postings; null while there is work left. */
export function endOfBatch(states: readonly PostingState[]): BatchState | null {
  if (states.some((state) => OPEN.includes(state))) return null;
  if (states.some((state) => DOUBT.includes(state))) return 'COMPLETED_WITH_DOUBT';
  return states.every((state) => state === 'POSTED') ? 'COMPLETED' : 'COMPLETED_WITH_EXCEPTIONS';
}

/** Given up while the books did not answer: closed by a person, and still not known. */
export const isGivenUpUnseen = (row: {
  readonly state: PostingState;
  readonly uncertain_since: string | null;
}): boolean => row.state === 'CANCELLED' && row.uncertain_since !== null;
export const GIVEN_UP_UNSEEN = 'given up, not known';

export const mayMove = (from: PostingState, to: PostingState): boolean =>
  POSTING_MOVES[from].includes(to);

/** The words of rulings 5, for MCC.STATUS; a file takes nothing in by itself. */
export const wordOf = (state: PostingState, kind?: 'file'): string =>
  state === 'POSTED' && kind === 'file' ? 'exported' : WORDS[state];

const WORDS: Readonly<Record<PostingState, string>> = {
  PLANNED: 'waiting for approval',
  READY: 'ready',
  SENDING: 'sending',
  UNKNOWN: 'checking',
  NEEDS_PERSON: 'needs you',
  POSTED: 'posted',
  REJECTED: 'rejected',
  BLOCKED: 'blocked',
  CONFLICT: 'blocked',
  MISMATCH: 'blocked',
  CANCELLED: 'closed without invoice',
  SUPERSEDED: 'replaced',
  MISSING_IN_LEDGER: 'blocked',
  VOIDED: 'blocked',
  DUPLICATE_IN_LEDGER: 'blocked',
};
