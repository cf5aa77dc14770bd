/** When an invoice may be called absent (posting-safety 1.5): all of it, or a person waits. */
import { addMinutes, millisecondsBetween } from '../clock.ts';
import type { Facility } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import type { EvidenceKind, EvidenceRow } from '../store/posting-evidence.ts';
import { instant } from './engine.ts';
import type { Instant } from '../../core/billing-period.ts';

/** Two looks closer together than this are one: a search may lag behind (F19). */
export const LOOKS_APART_MS = 60_000;

/**
 * Null when the evidence is complete; else what is missing, in words. Complete: the settle time is
 * over, and after it the books were healthy, the same company and without our invoice; an earlier
 * look, at least a minute before, found nothing either.
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
  if (!after('none found')) return 'the books were not searched since then';
  // Whatever was seen last counts: something found after an empty look takes it back.
  const looks = own.filter((row) => row.kind === 'none found' || row.kind === 'found');
  if (looks.at(-1)?.kind !== 'none found') return 'the last look found something';
  return areApart(looks) ? null : 'two looks at least a minute apart are needed';
}

function areApart(looks: readonly EvidenceRow[]): boolean {
  const empty = looks.slice(looks.findLastIndex((row) => row.kind === 'found') + 1);
  const [first, last] = [empty[0], empty.at(-1)];
  if (!first || !last) return false;
  return millisecondsBetween(instant(first.at), instant(last.at)) >= LOOKS_APART_MS;
}

/** That a person deleted it in the books, in the words of the look that saw it; null: nobody did. */
export const deletionOf = (
  { epoch }: PostingRow,
  evidence: readonly EvidenceRow[],
): string | null =>
  evidence.findLast((row) => row.epoch === epoch && row.kind === 'deleted')?.words ?? null;

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
