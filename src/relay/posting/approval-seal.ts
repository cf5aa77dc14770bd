/**
 * That what is stored of a batch is what was approved: its invoices are its postings, one for one,
 * and numbers, marks, names, approver and end are those that the audit trail sealed (I9, I10).
 */
import { canonicalJson } from '../canonical.ts';
import type { Draft } from '../../contract/contract.ts';
import type { BatchRow, PostingRow } from '../store/posting.ts';
import type { ApprovalDigests, SealedPosting } from '../store/posting-seal.ts';
import { batchSealOf, draftOf } from './batch-content.ts';
import { sha256 } from './keys.ts';
import type { PostingReader } from './store-port.ts';

type ApprovalFacts = Pick<
  BatchRow,
  'id' | 'prepared_by' | 'approved_by' | 'approved_at' | 'expires_at' | 'single_operator'
>;

export const CHANGED = 'what is stored is not what was approved: it was changed behind the relay';

/** Over all that an approval decides beside the content that the digest of the batch covers. */
export function approvalDigest(batch: ApprovalFacts, rows: readonly SealedPosting[]): string {
  const postings = rows
    .map(({ key, ref, marker, client_name, fingerprint }) => [key, ref, marker, client_name, fingerprint])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return sha256(
    canonicalJson({
      v: 1,
      batch: batch.id,
      preparedBy: batch.prepared_by,
      approvedBy: batch.approved_by,
      approvedAt: batch.approved_at,
      expiresAt: batch.expires_at,
      singleOperator: batch.single_operator,
      postings,
    }),
  );
} // prettier-ignore

/** The invoices of an approved batch of which no posting is stored. */
export function lostOf(
  { id, approved_at: approvedAt, draft }: BatchRow,
  month: readonly PostingRow[],
): readonly Draft['invoices'][number][] {
  if (approvedAt === null) return [];
  const stored = new Set(month.flatMap((row) => (row.batch === id ? [row.client_id] : [])));
  return draftOf({ draft }).invoices.filter(({ clientId }) => !stored.has(clientId));
}

/** In words, what of an approved batch is not what was approved; null while all of it is. */
export async function sealTrouble(at: PostingReader, batch: BatchRow): Promise<string | null> {
  const rows = await at.sealedPostingsOf(batch.id);
  const approval = await at.approvalOf(batch.id);
  try {
    return troubleOfSeal(batch, rows, approval);
  } catch {
    // Cut short: what cannot be read is not what was approved.
    return CHANGED;
  }
}

export function troubleOfSeal(
  batch: BatchRow,
  rows: readonly SealedPosting[],
  approval: ApprovalDigests | null,
): string | null {
  const { invoices, holds } = batchSealOf(batch);
  if (!holds) return CHANGED;
  const stored = new Map(rows.map(({ key, digest }) => [key, digest]));
  const gone = invoices.find(({ key, digest }) => stored.get(key) !== digest);
  if (gone || rows.length !== invoices.length) {
    const name = gone ? `, and that of ${gone.clientName} is not among them` : '';
    return `${CHANGED}. ${invoices.length} invoices were approved, ${rows.length} are stored${name}`;
  }
  if (!approval) return `${CHANGED}. The audit trail has no such approval`;
  const isSealed =
    approval.batch === batch.digest &&
    (approval.approval === undefined || approval.approval === approvalDigest(batch, rows));
  return isSealed ? null : `${CHANGED}. Its number, name, approver or end is another one`;
}
