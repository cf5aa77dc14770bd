/** One decision over a whole batch: this digest, now, by this person. Numbers are given out here. */
import { periodTitle, type BillingPeriod, type Instant } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { addMinutes } from '../clock.ts';

import type { BatchRow, PostingRow } from '../store/posting.ts';
import { approvalDigest } from './approval-seal.ts';
import { batchSealOf, draftOf, invoicesOf, SUBMITTED_VERSION, type BatchInvoice } from './batch-content.ts'; // prettier-ignore
import { bigChanges } from './caps.ts';
import { itemIdsOf, linkOf, refuse } from './draft.ts';
import {
  holdFence,
  instant,
  moveBatchWithin,
  moveWithin,
  settleBatch,
  type Engine,
} from './engine.ts';
import { markerOf, refOf, SEQUENCE_MAX } from './keys.ts';
import { plannedPosting, type Names } from './planned-posting.ts';
import { LEAVE_OUT, OTHER_PERSON, type Asker } from './ports.ts';
import { policyVersion } from './staleness.ts';
import { BATCH_WORDS, POSTING_WORDS } from './state-words.ts';
import { CLOSED, REPLACEABLE } from './states.ts';
import type { PostingReader, PostingTransaction } from './store-port.ts';

export interface ApproveRequest {
  readonly digest: string;
  readonly version: number;
  /** The approver has looked at a big change against last month. */
  readonly changeSeen?: boolean | undefined;
}

export async function approve(
  engine: Engine,
  id: string,
  request: ApproveRequest,
  asker: Asker,
): Promise<BatchRow> {
  return engine.store.transaction(async (transaction) => {
    const batch = await requireBatch(transaction, id);
    if (isApprovedAlready(batch, request)) return batch;
    await holdFence(engine, transaction);
    checkDecision(engine, batch, request, asker);
    await checkStillTrue(engine, transaction, batch);
    await checkChanges(engine, transaction, batch, { asker, seen: request.changeSeen === true });
    await freezePostings(engine, transaction, batch, asker);
    await withdrawEarlier(engine, transaction, batch, asker);
    const now = engine.clock.now();
    const facts = {
      approved_by: asker.person,
      approved_at: now,
      expires_at: addMinutes(now, engine.policy.approvalHours * 60),
      single_operator: asker.person === batch.prepared_by ? 1 : 0,
    };
    const rows = await transaction.sealedPostingsOf(id);
    await moveBatchWithin(engine, transaction, batch, 'APPROVED', {
      asker,
      reason: '',
      change: { version: batch.version + 1, ...facts },
      digests: { approval: approvalDigest({ ...batch, ...facts }, rows) },
    });
    return requireBatch(transaction, id);
  });
}

export async function requireBatch(store: PostingReader, id: string): Promise<BatchRow> {
  const batch = await store.findBatch(id);
  if (batch) return batch;
  throw new AppError('NOT_FOUND', `There is no batch ${id}.`);
}

/** An approval that is sent again because its answer was lost is answered, not refused. */
const isApprovedAlready = (batch: BatchRow, request: ApproveRequest): boolean =>
  batch.approved_at !== null &&
  batch.digest === request.digest &&
  request.version === SUBMITTED_VERSION &&
  !['STALE', 'CANCELLED'].includes(batch.state);

function checkDecision(
  engine: Engine,
  batch: BatchRow,
  request: ApproveRequest,
  asker: Asker,
): void {
  if (batch.version !== request.version || batch.digest !== request.digest) {
    const words = 'The batch is no longer the one on your screen';
    throw new AppError('VERSION_STALE', `${words}. Nothing was approved.`);
  }
  if (batch.state !== 'SUBMITTED') {
    const what = `The batch of ${periodTitle(batch.period as BillingPeriod)}`;
    throw new AppError('VERSION_STALE', `${what} ${BATCH_WORDS[batch.state]}: nothing to approve.`);
  }
  const { approvalHours } = engine.policy;
  if (engine.clock.now() >= addMinutes(instant(batch.prepared_at), approvalHours * 60)) {
    throw stale(`It was sent in ${approvalHours} hours ago or earlier, and is out of date`);
  }
  if (engine.policy.twoPersons && asker.person === batch.prepared_by) {
    const words = `${asker.person} prepared this batch. Another person has to approve it`;
    throw new AppError('NOT_ALLOWED', `${words} (the two-person rule is on).`, OTHER_PERSON);
  }
  if (batch.policy_version !== policyVersion(engine.policy)) {
    throw stale('The rules of approving were changed since this batch was sent in');
  }
  if (!batchSealOf(batch).holds) throw stale('The stored batch is not the one that was sealed');
}

/** Customers and items may have changed between submit and approve. */
async function checkStillTrue(
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchRow,
): Promise<void> {
  const drafts = new Map(draftOf(batch).invoices.map((invoice) => [invoice.clientId, invoice]));
  for (const { content, clientName, fingerprint } of invoicesOf(batch)) {
    const link = await linkOf(transaction, content.clientId);
    const isSame =
      link.active &&
      link.customerId === content.customerId &&
      link.version === content.mappingVersion &&
      link.fingerprint === fingerprint;
    if (!isSame) throw stale(`${clientName}: its customer in the books was changed`);
    const taxCodeId = (await transaction.taxCode(link))?.id;
    if (content.lines.some((line) => line.taxCodeId !== taxCodeId)) {
      throw stale(`${clientName}: its tax code was changed`);
    }
    const draft = drafts.get(content.clientId);
    const items = draft ? await itemIdsOf(engine, transaction, draft, clientName) : new Map();
    const moved = content.lines.find((line) => items.get(line.serviceId) !== line.itemId);
    if (moved)
      throw stale(`${clientName}, ${moved.description}: its item in the books was changed`);
  }
}

/** More change than the configuration lets pass unseen (F32): who has seen it is kept. */
async function checkChanges(
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchRow,
  { asker, seen }: { readonly asker: Asker; readonly seen: boolean },
): Promise<void> {
  const changes = await bigChanges(engine, transaction, batch);
  if (changes.length === 0) return;
  const words = changes.join(' ');
  if (!seen) {
    const what = 'Look at it, say that you have seen it, and approve again. Nothing was approved';
    throw new AppError('APPROVAL_STALE', `${words} ${what}.`);
  }
  const { person, requestId } = asker;
  const entry = { person, requestId, action: 'saw change', object: batch.id, words };
  await transaction.appendAudit({ ...entry, digests: { batch: batch.digest } });
}

async function freezePostings(
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchRow,
  asker: Asker,
): Promise<void> {
  for (const [position, invoice] of invoicesOf(batch).entries()) {
    await replaceEarlier(engine, transaction, batch, invoice, asker);
    const posting = plannedPosting(
      batch,
      invoice,
      position,
      await namesFor(engine, transaction, batch, invoice),
    );
    await transaction.insertPosting(posting);
    await moveWithin(engine, transaction, posting, 'READY', { asker, reason: '' });
  }
}

/** A new number; or the one under which a forgotten document of this very key is in the books. */
async function namesFor(
  engine: Engine,
  transaction: PostingTransaction,
  { connection }: BatchRow,
  { key, content: { period } }: BatchInvoice,
): Promise<Names> {
  const marker = markerOf(key, engine.instance);
  const [forgotten] = await transaction.forgottenOf(connection, [marker]);
  if (forgotten) return { ref: forgotten.ref, marker };
  const sequence = await transaction.nextRefSequence(connection, period);
  if (sequence > SEQUENCE_MAX) {
    const words = `No invoice number is left for ${periodTitle(period)}: ${SEQUENCE_MAX} are taken`;
    refuse(`${words}. Nothing was approved.`);
  }
  return { ref: refOf(period, sequence), marker };
}

/** A newer approval closes what the older one left open; what may be in the books forbids it. */
async function replaceEarlier(
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchRow,
  invoice: BatchInvoice,
  asker: Asker,
): Promise<void> {
  const { clientId, period, series, revision } = invoice.content;
  const of = { connection: batch.connection, client_id: clientId, period, series };
  const earlier = await transaction.revisionsOf(of);
  const newest = earlier.at(-1);
  if (newest && newest.revision >= revision) {
    throw stale(`${invoice.clientName}: another approval came first (${newest.ref})`);
  }
  for (const posting of earlier.filter(({ state }) => !CLOSED.includes(state))) {
    const old = await requireBatch(transaction, posting.batch);
    checkReplaceable(posting, old, engine.clock.now());
    const reason = `replaced by a newer approval of ${asker.person}`;
    await moveWithin(engine, transaction, posting, 'SUPERSEDED', { asker, reason });
    await settleBatch(engine, transaction, old.id, asker);
    const empty = 'every invoice of it was replaced by a newer approval';
    await cancelIfEmpty(engine, transaction, old, { asker, reason: empty });
  }
}

function checkReplaceable(posting: PostingRow, old: BatchRow, now: Instant): void {
  const isIdle = posting.state === 'READY' && ['APPROVED', 'STALE'].includes(old.state);
  if (!isIdle && !REPLACEABLE.includes(posting.state)) {
    const words = `invoice ${posting.ref} of an earlier approval ${POSTING_WORDS[posting.state]}`;
    throw new AppError(
      'LEDGER_CONFLICT',
      `${posting.client_name}: ${words}. Leave the client out.`,
      LEAVE_OUT,
    );
  }
  refuseLate(posting, now);
}

/** What stands in its way ends no doubt about what was sent: it may still land late (F15). */
export function refuseLate(posting: PostingRow, now: Instant): void {
  const { decide_from: decideFrom } = posting;
  if (posting.state !== 'CONFLICT' || decideFrom === null || now >= decideFrom) return;
  const words = `invoice ${posting.ref} of an earlier approval may still turn up in the books`;
  throw new AppError(
    'TOO_EARLY',
    `${posting.client_name}: ${words}: decide from ${decideFrom} on.`,
  );
}

/** Sent in before and never approved: nobody would find it again, and it would keep the month open. */
async function withdrawEarlier(
  engine: Engine,
  transaction: PostingTransaction,
  { id, connection, period }: BatchRow,
  asker: Asker,
): Promise<void> {
  const waiting = await transaction.batchHeadsInStates(connection, ['SUBMITTED']);
  const own = waiting.findIndex((one) => one.id === id);
  const earlier = waiting.slice(0, own);
  for (const batch of earlier.filter((one) => one.period === period)) {
    const reason = 'a newer approval took its place';
    await moveBatchWithin(engine, transaction, batch, 'CANCELLED', { asker, reason });
  }
}

/** An approved batch of which nothing is left to be posted. */
export async function cancelIfEmpty(
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchRow,
  how: { readonly asker: Asker; readonly reason: string },
): Promise<void> {
  if (!['APPROVED', 'STALE'].includes(batch.state)) return;
  const postings = await transaction.postingsOf(batch.id);
  if (postings.some(({ state }) => !CLOSED.includes(state))) return;
  await moveBatchWithin(engine, transaction, batch, 'CANCELLED', how);
}

const stale = (words: string): AppError =>
  new AppError('APPROVAL_STALE', `${words}. Nothing was approved: review and send it in again.`);
