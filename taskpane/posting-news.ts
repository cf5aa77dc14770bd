/** How invoices stand, counted from themselves and never from the state of their batch. */
import type { Batch, Posting, PostingState } from '../src/contract/contract.ts';
import { capital, type BooksWords } from './books-words.ts';
import type { CloseState } from './close-state.ts';
import { isGivenUpUnseen } from './shown-postings.ts';

/** Nobody knows whether the books have it; what is on its way is not in doubt (rulings 5). */
export const isDoubt = ({ state }: Posting): boolean =>
  state === 'UNKNOWN' || state === 'NEEDS_PERSON';

const TO_GO: readonly PostingState[] = ['PLANNED', 'READY', 'SENDING', 'UNKNOWN', 'NEEDS_PERSON'];

/** It may still get into the books by itself or by a decision. */
export const isToGo = ({ state }: Posting): boolean => TO_GO.includes(state);

/** In the books, or perhaps: what changes in the sheet does not reach it any more. */
export const isSent = ({ outcome }: Pick<Posting, 'outcome'>): boolean => outcome !== 'not_created';

/** In the order a person has to know them. */
const NOT_POSTED: readonly (readonly [string, readonly PostingState[]])[] = [
  ['in doubt', ['UNKNOWN', 'NEEDS_PERSON']],
  ['refused', ['REJECTED']],
  ['blocked', ['BLOCKED', 'CONFLICT']],
  ['not as approved', ['MISMATCH']],
  ['gone from the books', ['MISSING_IN_LEDGER']],
  ['voided', ['VOIDED']],
  ['there more than once', ['DUPLICATE_IN_LEDGER']],
  ['on the way', ['SENDING', 'READY']],
  ['waiting for approval', ['PLANNED']],
];
const CLOSED: readonly (readonly [string, readonly PostingState[]])[] = [
  ['given up', ['CANCELLED']],
  ['replaced', ['SUPERSEDED']],
];

function counts(postings: readonly Posting[], groups: typeof NOT_POSTED): readonly string[] {
  return groups.flatMap(([word, states]) => {
    const own = postings.filter(({ state }) => states.includes(state)).length;
    return own === 0 ? [] : [`${own} ${word}`];
  });
}

/** "38 of 40 posted, 1 in doubt, 1 refused" */
export function tally(postings: readonly Posting[], { done }: Pick<BooksWords, 'done'>): string {
  const posted = postings.filter(({ state }) => state === 'POSTED').length;
  const unseen = postings.filter(isGivenUpUnseen).length;
  const rest = [
    ...counts(postings, NOT_POSTED),
    ...(unseen === 0 ? [] : [`${unseen} given up and not known`]),
    ...counts(postings.filter((one) => !isGivenUpUnseen(one)), CLOSED),
  ]; // prettier-ignore
  return [`${posted} of ${postings.length} ${done}`, ...rest].join(', ');
}

/** What keeps the month open, with what its other batches left; empty when nothing is known of. */
export function stillOpen({ batch, statuses }: Pick<CloseState, 'batch' | 'statuses'>): string {
  if (!batch) return '';
  const held = statuses.filter(({ word }) => word === 'held').length;
  const open = counts([...batch.postings, ...batch.openElsewhere], NOT_POSTED);
  return [...open, ...(held === 0 ? [] : [`${held} held`])].join(', ');
}

/** What became of one invoice by a decision, as the answer has it: the last look may have found it. */
export function became(
  batch: Batch,
  key: string,
  { name, done }: Pick<BooksWords, 'name' | 'done'>,
): string {
  const posting = [...batch.postings, ...batch.openElsewhere].find((one) => one.key === key);
  const doubt = `Not found in ${name} so far: it stays in doubt.`;
  const words: Readonly<Partial<Record<PostingState, string>>> = {
    READY: 'It is sent again.',
    SENDING: 'It is sent again.',
    POSTED: `Found in ${name}: it is ${done}.`,
    MISMATCH: `Found in ${name}, but not as approved.`,
    CONFLICT: `${capital(name)} holds something else in its place: it is blocked.`,
    UNKNOWN: doubt,
    NEEDS_PERSON: doubt,
    CANCELLED: posting && isGivenUpUnseen(posting) ? `Given up. Nobody knows whether it is in ${name}.` : 'Given up.',
  };
  return words[posting?.state ?? 'POSTED'] ?? 'This is how it stands now.';
} // prettier-ignore
