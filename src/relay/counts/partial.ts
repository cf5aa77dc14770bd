/**
 * An answer with gaps: accounts that could not be read keep their last good rows, each with the
 * age it really has. What such an answer says of an account in a gap is never taken over.
 */
import * as z from 'zod';
import { InstantText } from '../../contract/values.ts';
import type { Instant } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { AccountGap } from '../sources/source.ts';
import type { SyncTable } from '../store/schema-counts.ts';
import { parseKept, type KeptCount } from './vendor-counts.ts';
import { plainWords } from './words.ts';

const REASON_MAX = 300;

const Gaps = z.array(
  z.strictObject({
    clientRef: z.string(),
    clientName: z.string(),
    reason: z.string(),
    /** How old the kept rows are; null: the account was never read, so there are none. */
    since: z.nullable(InstantText),
  }),
);
/** As kept beside the counts. */
export type KeptGap = z.infer<typeof Gaps>[number];

export const parseGaps = (row: SyncTable | undefined): KeptGap[] =>
  row?.gaps ? Gaps.parse(JSON.parse(row.gaps)) : [];

export interface Merged {
  readonly counts: readonly KeptCount[];
  readonly gaps: readonly KeptGap[];
  /** Rows of before that this answer replaces or drops. */
  readonly replaced: readonly KeptCount[];
  /** Rows of this answer that are taken over. */
  readonly fresh: readonly KeptCount[];
}

/** Throws SOURCE_DOWN when nothing but gaps was answered. */
export function fillGaps(
  title: string,
  answer: { readonly counts: readonly KeptCount[]; readonly gaps: readonly AccountGap[] },
  before: SyncTable | undefined,
): Merged {
  const missing = new Map(answer.gaps.map((gap) => [plainWords(gap.clientRef), gap]));
  const isMissing = ({ clientRef }: KeptCount): boolean => missing.has(clientRef);
  const fresh = answer.counts.filter((count) => !isMissing(count));
  if (missing.size > 0 && fresh.length === 0) throw nothingRead(title, [...missing.values()]);
  const rows = before?.counts ? parseKept(before.counts) : [];
  const age = before ? ageOfRows(before) : null;
  const old = rows
    .filter(isMissing)
    .map((row) => (row.asOf === undefined && age !== null ? { ...row, asOf: age } : row));
  return {
    counts: [...fresh, ...old],
    gaps: [...missing].map(([clientRef, { clientName, reason }]) => ({
      clientRef,
      clientName: plainWords(clientName),
      reason: plainWords(reason, REASON_MAX),
      since: oldest(old.filter((row) => row.clientRef === clientRef)),
    })),
    replaced: rows.filter((row) => !isMissing(row)),
    fresh,
  };
}

/** Of the rows that carry no age of their own. */
export const ageOfRows = (row: SyncTable): Instant | null =>
  (row.as_of ?? row.good_at) as Instant | null;

const oldest = (rows: readonly KeptCount[]): Instant | null =>
  rows
    .flatMap(({ asOf }) => asOf ?? [])
    .sort()
    .at(0) ?? null;

const NAMED_MAX = 3;

/** "Acme (the list broke off), Beta (no rights) and 2 more". */
export function gapsInWords(gaps: readonly Pick<AccountGap, 'clientName' | 'reason'>[]): string {
  const named = gaps
    .slice(0, NAMED_MAX)
    .map(({ clientName, reason }) => `${plainWords(clientName)} (${plainWords(reason, REASON_MAX).replace(/\.$/, '')})`); // prettier-ignore
  const more = gaps.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

const nothingRead = (title: string, gaps: readonly AccountGap[]): AppError =>
  new AppError('SOURCE_DOWN', `${title}: no account gave a count: ${gapsInWords(gaps)}.`);
