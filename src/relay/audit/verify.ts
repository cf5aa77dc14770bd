/**
 * Looks at the audit trail of a data folder without its relay, and changes nothing: the chain, the
 * anchor outside the database, and that each batch still has the content that was approved.
 */
import type { AuditHead } from '../store/audit-head.ts';
import type { ApprovalDigests } from '../store/posting-seal.ts';
import { auditEntries, auditHead, verifyChain } from '../store/audit.ts';
import { readAnchor } from '../store/audit-anchor.ts';
import type { Store } from '../store/database.ts';
import { troubleOfSeal } from '../posting/approval-seal.ts';
import { batchSealOf } from '../posting/batch-content.ts';
import type { BatchRow } from '../store/posting.ts';
import { sealedPostingsOf } from '../store/posting-seal.ts';

export interface AuditFinding {
  readonly verified: boolean;
  /** What does not hold, one sentence each; empty when all holds. */
  readonly reasons: readonly string[];
  readonly entries: number;
  readonly head: AuditHead | null;
  /** The head that is kept beside the database; null when there is none to believe. */
  readonly anchor: AuditHead | null;
  readonly batches: number;
}

/** `kept` is a head written down elsewhere: on a report, in a letter to the controller. */
export async function verifyFolder(
  store: Store,
  directory: string,
  kept: AuditHead | null,
): Promise<AuditFinding> {
  const anchor = readAnchor(directory);
  const head = await auditHead(store);
  const rows = await store.selectFrom('batch').selectAll().orderBy('prepared_at').execute();
  const batches = rows as BatchRow[];
  const approved = await approvedDigests(store);
  const reasons = [
    anchor.trouble,
    head && !anchor.head && !anchor.trouble ? 'The anchor of the audit trail is gone.' : null,
    (await verifyChain(auditEntries(store), anchor.head)).reason,
    kept ? (await verifyChain(auditEntries(store), kept)).reason : null,
    ...(await Promise.all(batches.map((batch) => batchReason(store, batch, approved)))),
  ].filter((reason) => reason !== null);
  return {
    verified: reasons.length === 0,
    reasons: [...new Set(reasons)],
    entries: head?.seq ?? 0,
    head,
    anchor: anchor.head,
    batches: batches.length,
  };
}

async function batchReason(
  store: Store,
  batch: BatchRow,
  approved: ReadonlyMap<string, ApprovalDigests>,
): Promise<string | null> {
  const name = `The batch of ${batch.period} (${batch.id})`;
  if (!batchSealOf(batch).holds) return `${name} has another content than its digest says.`;
  const approval = approved.get(batch.id);
  if (approval?.batch !== batch.digest) {
    const isApproved = batch.approved_at !== null || approval !== undefined;
    return isApproved ? `${name} was approved, and the trail has no such approval.` : null;
  }
  const trouble = troubleOfSeal(batch, await sealedPostingsOf(store, batch.id), approval);
  return trouble && `${name}: ${trouble}.`;
}

async function approvedDigests(store: Store): Promise<ReadonlyMap<string, ApprovalDigests>> {
  const rows = await store
    .selectFrom('audit')
    .select(['object', 'digests'])
    .where('action', '=', 'batch APPROVED')
    .orderBy('seq', 'desc')
    .execute();
  return new Map(
    rows.map(({ object, digests }) => [object, JSON.parse(digests) as ApprovalDigests]),
  );
}
