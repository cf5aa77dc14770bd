/**
 * Looks at the audit trail of a data folder without its relay, and changes nothing: the chain, the
 * anchor outside the database, and that each batch still has the content that was approved.
 */
import type { AuditHead } from '../store/audit.ts';
import { auditEntries, auditHead, verifyChain } from '../store/audit.ts';
import { readAnchor } from '../store/audit-anchor.ts';
import type { Store } from '../store/database.ts';
import { batchSealOf } from '../posting/batch-content.ts';

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
  const batches = await store.selectFrom('batch').selectAll().orderBy('prepared_at').execute();
  const approved = await approvedDigests(store);
  const reasons = [
    anchor.trouble,
    head && !anchor.head && !anchor.trouble ? 'The anchor of the audit trail is gone.' : null,
    (await verifyChain(auditEntries(store), anchor.head)).reason,
    kept ? (await verifyChain(auditEntries(store), kept)).reason : null,
    ...batches.map((batch) => {
      const name = `The batch of ${batch.period} (${batch.id})`;
      if (!batchSealOf(batch).holds) return `${name} has another content than its digest says.`;
      return batch.approved_at !== null && approved.get(batch.id) !== batch.digest
        ? `${name} was approved, and the trail has no such approval.`
        : null;
    }),
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

async function approvedDigests(store: Store): Promise<ReadonlyMap<string, string>> {
  const rows = await store
    .selectFrom('audit')
    .select(['object', 'digests'])
    .where('action', '=', 'batch APPROVED')
    .orderBy('seq')
    .execute();
  return new Map(
    rows.map(({ object, digests }) => [
      object,
      (JSON.parse(digests) as Readonly<Record<string, string>>)['batch'] ?? '',
    ]),
  );
}
