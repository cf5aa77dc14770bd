/** When an invoice may be called absent (posting-safety 1.5): all of it, or a person waits. */
import { addMinutes, millisecondsBetween } from '../clock.ts';
import type { Facility } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import type { EvidenceKind, EvidenceRow } from '../store/posting-evidence.ts';
import { instant } from './engine.ts';
import type { Instant } from '../../core/billing-period.ts';

/** Two looks closer together than this are one: a search may lag behind (F19). */
export const LOOKS_APART_MS = 60_000;

/** What makes a second look of the worker's own: a little more than a minute after the first. */
const SECOND_LOOK_MINUTES = 65 / 60;

/**
 * Null when the evidence is complete; else what is missing, in words. Complete: the settle time is
 * over, and after it the books were healthy, the same company and twice, at least a minute apart,
 * without our invoice. What was not there before the settle time may have been on its way.
 */
export function missingEvidence(
  posting: PostingRow,
  evidence: readonly EvidenceRow[],
  now: Instant,
): string | null {
  const decideFrom = posting.decide_from;
  if (decideFrom === null || posting.sent_at === null) return 'it was never sent';
  if (now < decideFrom) return `a late answer may still come until ${decideFrom}`;
  const own = evidence.filter((row) => row.epoch === posting.epoch);
  const after = (kind: EvidenceKind): boolean =>
    own.some((row) => row.kind === kind && row.at >= decideFrom);
  if (!after('healthy')) return 'the books were not seen healthy since then';
  if (!after('same company')) return 'the company of the books was not checked since then';
  // Whatever was seen last counts: something found after an empty look takes it back.
  const looks = own.filter((row) => row.kind === 'none found' || row.kind === 'found');
  if (looks.at(-1)?.kind === 'found') return 'the last look found something';
  const [first, ...more] = emptyLooks(posting, own);
  if (!first) return 'the books were not searched since then';
  const last = more.at(-1) ?? first;
  if (millisecondsBetween(instant(first.at), instant(last.at)) >= LOOKS_APART_MS) return null;
  const latest = own.at(-1);
  if (latest?.kind === 'look-up failed') return latest.words.replace(/\.$/, '');
  const from = addMinutes(instant(first.at), LOOKS_APART_MS / 60_000);
  return `one look at ${first.at} is too few: look once more from ${from} on`;
}

/** Those that count: from the settle time on, and after whatever was found last. */
function emptyLooks(
  { decide_from: decideFrom }: PostingRow,
  own: readonly EvidenceRow[],
): readonly EvidenceRow[] {
  const looks = own.filter((row) => row.kind === 'none found' || row.kind === 'found');
  return looks
    .slice(looks.findLastIndex((row) => row.kind === 'found') + 1)
    .filter((row) => decideFrom !== null && row.at >= decideFrom);
}

/** Since the settle time, and nothing else was seen after it. */
export const isFoundLast = (
  { decide_from: decideFrom, epoch }: PostingRow,
  evidence: readonly EvidenceRow[],
): boolean => {
  const last = evidence.findLast((row) => row.epoch === epoch);
  return last?.kind === 'found' && decideFrom !== null && last.at >= decideFrom;
};

/** Asked twice since the settle time, at least a minute apart, and the books said nothing of it. */
export function isSilent(
  { decide_from: decideFrom, epoch }: PostingRow,
  evidence: readonly EvidenceRow[],
): boolean {
  const own = evidence.filter((row) => row.epoch === epoch);
  const failed = own.filter(
    ({ kind, at }) => kind === 'look-up failed' && decideFrom !== null && at >= decideFrom,
  );
  const [first, last] = [failed[0], failed.at(-1)];
  if (!first || !last || last !== own.at(-1)) return false;
  return millisecondsBetween(instant(first.at), instant(last.at)) >= LOOKS_APART_MS;
}

/** When the look that makes two is due, the one of `now` being empty; null when none is needed. */
export function secondLook(
  posting: PostingRow,
  evidence: readonly EvidenceRow[],
  now: Instant,
): Instant | null {
  if (posting.decide_from === null || now < posting.decide_from) return null;
  const own = evidence.filter((row) => row.epoch === posting.epoch);
  const first = instant(emptyLooks(posting, own)[0]?.at ?? now);
  if (millisecondsBetween(first, now) >= LOOKS_APART_MS) return null;
  return addMinutes(first, SECOND_LOOK_MINUTES);
}

/** That a person deleted it in the books, in the words of the look that saw it; null: nobody did. */
export const deletionOf = (
  { epoch }: PostingRow,
  evidence: readonly EvidenceRow[],
): string | null =>
  evidence.findLast((row) => row.epoch === epoch && row.kind === 'deleted')?.words ?? null;

/** The earliest moment at which a person may decide: two looks after the settle time. */
export const decidableFrom = ({ decide_from: from }: PostingRow): Instant | null =>
  from === null ? null : addMinutes(instant(from), LOOKS_APART_MS / 60_000);

/** The sends of an epoch that may have arrived: those turned away unread count for nothing. */
export function arrivals(own: readonly EvidenceRow[]): readonly EvidenceRow[] {
  const steps = own.filter(({ kind }) => kind === 'sent' || kind === 'not sent');
  return steps.filter(({ kind }, at) => kind === 'sent' && steps[at + 1]?.kind !== 'not sent');
}

/** How long to wait after a failed try: 5 s, 10 s, 20 s ... at most 10 minutes. */
export function backOff(now: Instant, attempts: number): Instant {
  const seconds = Math.min(5 * 2 ** Math.min(attempts, 10), 600);
  return addMinutes(now, seconds / 60);
}

/** When to look again for an invoice in doubt: often at first, at the settle time, then rarely. */
export function nextLook(
  posting: PostingRow,
  now: Instant,
  { resend }: Pick<Facility, 'resend'>,
): Instant | null {
  const isForPerson = resend === 'never' || posting.state === 'NEEDS_PERSON';
  if (isForPerson && posting.lookups >= LOOKS_MAX) return null;
  const sinceSent = millisecondsBetween(instant(posting.sent_at ?? now), now);
  const minutes = Math.max(1, Math.min(sinceSent / 60_000 / 2, isForPerson ? 60 : 10));
  const next = addMinutes(now, minutes);
  const decideFrom = posting.decide_from;
  return decideFrom !== null && now < decideFrom && decideFrom < next ? instant(decideFrom) : next;
}

/** After so many looks by itself the relay leaves it to the person and the sweep (I18). */
const LOOKS_MAX = 60;
