/** Each state of an invoice in plain words: what happened, what is certain, what not to do. */
import type { Posting, PostingState } from '../src/contract/contract.ts';
import { capital, type BooksWords } from './books-words.ts';
import { isGivenUpUnseen } from './shown-postings.ts';
import { moment, readable, sentence } from './words.ts';

export interface Advice {
  readonly happened: string;
  /** What is certain, and what a person does and leaves. */
  readonly now: string;
}

type Words = (about: {
  readonly posting: Posting;
  readonly reason: string;
  readonly books: string;
  readonly done: string;
}) => Advice;

const sentOn = ({ sentAt }: Posting): string => (sentAt ? ` on ${moment(sentAt)}` : '');

const BLOCKED: Readonly<Partial<Record<NonNullable<Posting['block']>, Words>>> = {
  books: ({ reason, books }) => ({
    happened: `Not sent. ${reason}`,
    now: `Nothing of it is in ${books}. Mend it there, then retry.`,
  }),
  tampered: ({ reason }) => ({
    happened: `Not sent. ${reason}`,
    now: 'Find out who changed the database of MCC before anything else is posted. Then review the client and approve it again.',
  }),
};

const lapsed: Words = ({ reason, books }) => ({
  happened: `Not sent. ${reason}`,
  now: `Nothing of it is in ${books}. Review the client and approve it again; the others are not touched.`,
});

/** By cause: whoever does not tell them apart voids a stranger's invoice, or bills a client twice. */
const CONFLICTS: Readonly<Partial<Record<NonNullable<Posting['block']>, string>>> = {
  'ours in books':
    'It is an invoice of MCC for this client and month. Void it there first, every copy of it, then approve the client again.',
  'number taken':
    'Is the one below this very invoice? Enter no other: void it there, then approve the client again, so that it bears our mark. Is it another one? Change its number there, then approve the client again. If none is to be billed, say that no invoice is due.',
  tampered:
    'Find out who changed the database of MCC before anything else is posted. Void the one below there, then approve the client again.',
};

/** An older relay did not name the cause. */
const ANY_CONFLICT =
  'Has the one below our mark? Void it there first. Is it without? Change its number there. Then approve the client again.';

/** Of what is gone or voided; the relay gives it a new number then. */
const AGAIN =
  'Is it to be billed again? Review it and approve it again: MCC never sends it by itself.';
const OR_NONE = 'If not, say that no invoice is due.';

/** Doubt has a card of its own (steps/Doubt.tsx); ready, sending and posted say enough. */
const WORDS: Readonly<Partial<Record<PostingState, Words>>> = {
  REJECTED: ({ reason, books }) => ({
    happened: `${books} refused it. ${reason}`,
    now: `It is certain that it is not in ${books}. Correct what is named, then retry.`,
  }),
  BLOCKED: (about) => (BLOCKED[about.posting.block ?? 'approval lapsed'] ?? lapsed)(about),
  CONFLICT: ({ posting, reason }) => ({
    happened: reason,
    now: `Nothing more is sent for it. ${CONFLICTS[causeOf(posting) ?? 'books'] ?? ANY_CONFLICT}`,
  }),
  MISMATCH: ({ reason, books }) => ({
    happened: `It is in ${books}, but not as approved. ${reason}`,
    now: `It is never sent again. Do not enter it by hand: correct it in ${books}, or void it there first and then approve the client again. If none is to be billed, void it there and say that no invoice is due.`,
  }),
  MISSING_IN_LEDGER: ({ posting, reason, books, done }) => ({
    happened: `It was ${done}${sentOn(posting)} and is not in ${books} any more. ${reason}`,
    now: `Find out who deleted it and why. ${AGAIN} ${OR_NONE}`,
  }),
  VOIDED: ({ posting, reason, books, done }) => ({
    happened: `It was ${done}${sentOn(posting)} and voided in ${books}. ${reason}`,
    now: `Find out who voided it and why. ${AGAIN} ${OR_NONE}`,
  }),
  DUPLICATE_IN_LEDGER: ({ reason, books }) => ({
    happened: `${books} holds it more than once. ${reason}`,
    now: `Void all but one of them in ${books}; MCC goes on with the one that stands and changes nothing there.`,
  }),
  CANCELLED: ({ posting, reason, books }) => ({
    happened: reason,
    now: isGivenUpUnseen(posting)
      ? `Nobody knows whether it is in ${books}: look there before the client is billed again, by MCC or by hand.`
      : '',
  }),
  SUPERSEDED: ({ reason }) => ({ happened: reason, now: '' }),
};

/** With an id it is ours, whatever else is said. */
const causeOf = ({ block, invoiceId }: Posting): NonNullable<Posting['block']> | null =>
  block ?? (invoiceId === null ? null : 'ours in books');

/** Null where there is nothing to explain. */
export function adviceOf(posting: Posting, { name: books, done }: BooksWords): Advice | null {
  const reason = sentence(readable(posting.reason));
  const advice = WORDS[posting.state]?.({ posting, reason, books, done }) ?? null;
  if (advice === null || advice.happened === '') return null;
  return { ...advice, happened: capital(advice.happened) };
}
