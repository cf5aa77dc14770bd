/** One decision: the sheet is read once more, and exactly what was on screen is approved. */
import type { Batch, Draft } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import { progress, work, type Pane } from '../pane.ts';
import { mustLook } from '../shown-postings.ts';
import { auditApproval } from './audit.ts';
import { learnBatch, workAndLook } from './on-batch.ts';
import { reading } from './reading.ts';
import { learnStatuses, readNow } from './review.ts';
import { watch } from './watch.ts';

export async function approve(pane: Pane): Promise<void> {
  const shown = pane.get().review;
  if (!shown || pane.get().busy) return;
  const isDone = await work(pane, 'Reading the sheet once more', async () => {
    const { draftOf, differences } = await reading();
    const before = draftOf(shown, pane.outside.workbook.title(), pane.get().decisions);
    await learnStatuses(pane);
    const now = await readNow(pane, shown.snapshot);
    const changes = differences(shown.dryRun, now.dryRun);
    if (changes.length > 0) {
      pane.tell({ type: 'learned', news: { review: now, changedSince: changes } });
      return `The sheet changed: ${changes.length} ${changes.length === 1 ? 'line' : 'lines'}. Look at it again.`;
    }
    return seal(pane, before);
  });
  // The answer may be lost, or another person has to approve: how it goes on is looked at.
  if (!isDone || pane.get().batch?.state === 'SUBMITTED') void watch(pane);
}

async function seal(pane: Pane, draft: Draft): Promise<string> {
  const { client, runtime } = pane.outside;
  progress(pane, 'Approving');
  const stored = await submit(pane, draft);
  const billed = new Set(stored.postings.map(({ clientId }) => clientId));
  pane.tell({
    type: 'learned',
    news: {
      batch: stored,
      // Asked for this approval: what is voided later waits for a person anew.
      released: pane.get().released.filter((clientId) => !billed.has(clientId)),
      lapsed: [],
      alike: [],
      foreignMarks: [],
      beside: {},
      results: null,
      spotCheck: null,
    },
  });
  const mayApprove =
    stored.state === 'SUBMITTED' && pane.get().session?.twoPersons !== true && !mustLook(stored);
  const body = { digest: stored.digest, version: stored.version };
  const batch = mayApprove
    ? await client.call(routes.approve, { params: { batch: stored.id }, body })
    : stored;
  learnBatch(pane, batch);
  runtime.snapshots.forgetStatus();
  pane.tell({ type: 'went', step: 'posting' });
  await auditApproval(pane, batch);
  if (batch.approvedBy)
    return `Approved by ${batch.approvedBy}: ${batch.postings.length} invoices.`;
  return mustLook(batch)
    ? 'Submitted. Look at the big changes, then approve.'
    : 'Submitted. A second person approves it.';
}

/**
 * The key is made of the content: pressing twice is one approval, a changed line is another. The
 * same lines as in a batch that came to nothing are an approval anew, after that one.
 */
async function submit(pane: Pane, draft: Draft): Promise<Batch> {
  const { client, sha256 } = pane.outside;
  const text = JSON.stringify(draft);
  for (let after = ''; ;) {
    const key = `draft-${(await sha256(`${after}${text}`)).slice(0, 32)}`;
    const stored = await client.call(routes.submit, { body: { key, draft } });
    if (!cameToNothing(stored)) return stored;
    after = stored.id;
  }
}

/** Withdrawn, lapsed, or ended with none of its invoices in the books or in doubt. */
const cameToNothing = ({ state, postings }: Batch): boolean =>
  state === 'CANCELLED' ||
  state === 'STALE' ||
  (state.startsWith('COMPLETED') && postings.every(({ outcome }) => outcome === 'not_created'));

/** The other of two persons, or the same one after a look at what must be seen: the very same digest. */
export async function approveSubmitted(pane: Pane): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  await workAndLook(pane, 'Approving', async () => {
    const changeSeen = mustLook(batch) ? { changeSeen: true } : {};
    const body = { digest: batch.digest, version: batch.version, ...changeSeen };
    const approved = await pane.outside.client.call(routes.approve, {
      params: { batch: batch.id },
      body,
    });
    learnBatch(pane, approved);
    pane.outside.runtime.snapshots.forgetStatus();
    await auditApproval(pane, approved);
    return `Approved: ${approved.postings.length} invoices.`;
  });
}
