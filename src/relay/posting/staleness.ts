/** An approval ends: by time, by other rules, by other books (rulings 15, F26). */

import type { BatchHead } from '../store/posting.ts';
import { holdFence, moveBatchWithin, type Engine } from './engine.ts';
import { canonicalJson } from '../canonical.ts';
import { sha256 } from './keys.ts';
import { RELAY, type PostingPolicy } from './ports.ts';

/** Changes when the rules of approving do; postingEnabled is a switch, not a rule. */
export function policyVersion(policy: PostingPolicy): string {
  const { twoPersons, approvalHours, invoicesPerBatchMax } = policy;
  const { amountPerInvoiceMax, amountPerBatchMax, changePercentMax } = policy;
  const rules = {
    twoPersons,
    approvalHours,
    invoicesPerBatchMax,
    amountPerInvoiceMax,
    amountPerBatchMax,
    changePercentMax,
  };
  return sha256(canonicalJson(rules)).slice(0, 16);
}

/** Why an approved batch may not be posted any more; null while it stands. */
export function whyStale(engine: Engine, batch: BatchHead): string | null {
  if (batch.expires_at === null || engine.clock.now() >= batch.expires_at) {
    return `the approval ended at ${batch.expires_at ?? 'an unknown time'}`;
  }
  if (batch.policy_version !== policyVersion(engine.policy)) {
    return 'the rules of approving were changed in the configuration';
  }
  if (batch.connection !== engine.books.connection) return 'other books are connected now';
  return null;
}

/** The reason when it was, or already is, stale. */
export async function expireApproval(engine: Engine, seen: BatchHead): Promise<string | null> {
  const reason = whyStale(engine, seen);
  if (reason === null) return null;
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const batch = await transaction.findBatchHead(seen.id);
    if (batch?.state !== 'APPROVED') return;
    await moveBatchWithin(engine, transaction, batch, 'STALE', { asker: RELAY, reason });
  });
  return reason;
}
