/** A state in the middle of a sentence that a person reads: "MB2610-0012 was refused by the books". */
import type { BatchState, PostingState } from '../../contract/contract.ts';

export const POSTING_WORDS: Readonly<Record<PostingState, string>> = {
  PLANNED: 'waits for approval',
  READY: 'is about to be sent',
  SENDING: 'is on its way into the books',
  UNKNOWN: 'is in doubt: it is being looked for',
  NEEDS_PERSON: 'is in doubt and waits for a person',
  POSTED: 'is in the books',
  REJECTED: 'was refused by the books',
  BLOCKED: 'is blocked',
  CONFLICT: 'is blocked: the books hold something else in its place',
  MISMATCH: 'is in the books, but not as approved',
  CANCELLED: 'was given up',
  SUPERSEDED: 'was replaced by a newer approval',
  MISSING_IN_LEDGER: 'is gone from the books',
  VOIDED: 'was voided in the books',
  DUPLICATE_IN_LEDGER: 'is in the books more than once',
};

export const BATCH_WORDS: Readonly<Record<BatchState, string>> = {
  DRAFT: 'is not sent in yet',
  VALIDATED: 'is not sent in yet',
  SUBMITTED: 'waits for approval',
  APPROVED: 'is approved already',
  STALE: 'has lapsed',
  POSTING: 'is being posted',
  PAUSED: 'is paused',
  COMPLETED: 'is posted already',
  COMPLETED_WITH_EXCEPTIONS: 'is through already, with exceptions',
  COMPLETED_WITH_DOUBT: 'is through already, with doubt',
  CANCELLED: 'was withdrawn',
};
