/** What an approval has sealed: of each posting of its batch, and in the audit trail. */
import { firstEntry } from './audit.ts';
import type { PostingRow, Reader } from './posting.ts';

/** What the audit entry of the approval holds; without `approval` where it is of before this seal. */
export interface ApprovalDigests {
  readonly batch?: string | undefined;
  readonly approval?: string | undefined;
}

export type SealedPosting = Pick<
  PostingRow,
  'key' | 'digest' | 'ref' | 'marker' | 'client_name' | 'fingerprint'
>;

export async function sealedPostingsOf(store: Reader, batch: string): Promise<SealedPosting[]> {
  return store
    .selectFrom('posting')
    .select(['key', 'digest', 'ref', 'marker', 'client_name', 'fingerprint'])
    .where('batch', '=', batch)
    .orderBy('key')
    .execute();
}

export async function approvalOf(store: Reader, batch: string): Promise<ApprovalDigests | null> {
  const entry = await firstEntry(store, { action: 'batch APPROVED', object: batch });
  return entry && (JSON.parse(entry.digests) as ApprovalDigests);
}
