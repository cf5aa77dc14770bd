/** What all steps of the posting engine share: the ports, the lease, and how a state is moved. */
import type { BatchState, PostingState } from '../../contract/contract.ts';
import type { Instant } from '../../core/billing-period.ts';
import { AppError, assert } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import type { InvoiceKeys } from '../accounting/accounting.ts';

import type { BatchChange, BatchHead, PostingChange, PostingRow } from '../store/posting.ts';

import type { EvidenceKind } from '../store/posting-evidence.ts';
import { sealTrouble } from './approval-seal.ts';
import { providerKey } from './keys.ts';
import type { Asker, FailpointName, PostingPorts } from './ports.ts';
import { endOfBatch } from './states.ts';
import type { PostingReader, PostingTransaction } from './store-port.ts';

export interface Engine extends PostingPorts {
  /** Held by one worker per connection; a newer one makes every write of an older one fail. */
  readonly lease: { fence: number; holder: string };
  /** Until when the books asked to be left alone; forgotten at a stop, and then asked for again. */
  readonly quiet: { until: Instant | null };
  readonly reach: (name: FailpointName) => Promise<void>;
}

/** Null when nobody asked for quiet, or it is over. */
export const quietUntil = ({ quiet: { until }, clock }: Engine): Instant | null =>
  until !== null && clock.now() < until ? until : null;

/** The books and whoever answers for them: the store, or a transaction on it. */
export type OnBooks = Pick<Engine, 'books'> & { readonly store: PostingReader };

export interface Evidence {
  readonly kind: EvidenceKind;
  readonly words: string;
}

export interface PostingMove {
  readonly asker: Asker;
  /** Shown to persons as the reason of the new state. */
  readonly reason: string;
  /** Asked in the same transaction; false: nothing is moved. */
  readonly mayMove?: (transaction: PostingReader) => Promise<boolean>;
  readonly change?: PostingChange;
  readonly evidence?: readonly Evidence[];
}

/**
 * Moves a posting if it still is where the caller saw it, in one transaction with its row of
 * transition, evidence, audit entry and the state of its batch. Null: somebody was faster, or it
 * may not move any more.
 */
export function move(
  engine: Engine,
  posting: PostingRow,
  to: PostingState,
  how: PostingMove,
): Promise<PostingRow | null> {
  return engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const current = await transaction.findPosting(posting.key);
    if (!isUnmoved(current, posting)) return null;
    if (how.mayMove && !(await how.mayMove(transaction))) return null;
    await moveWithin(engine, transaction, current, to, how);
    await settleBatch(engine, transaction, current.batch, how.asker);
    return transaction.findPosting(posting.key);
  });
}

/** As move, without a change of state: evidence and working columns only. */
export function note(
  engine: Engine,
  posting: PostingRow,
  change: PostingChange,
  evidence: readonly Evidence[],
): Promise<PostingRow | null> {
  return engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const current = await transaction.findPosting(posting.key);
    if (!isUnmoved(current, posting)) return null;
    await addAllEvidence(engine, transaction, current, evidence);
    await transaction.changePosting(posting.key, change);
    return transaction.findPosting(posting.key);
  });
}

/** The same inside a transaction that does more, for example an approval. */
export async function moveWithin(
  engine: Engine,
  transaction: PostingTransaction,
  posting: PostingRow,
  to: PostingState,
  how: PostingMove,
): Promise<void> {
  const { asker, reason } = how;
  await transaction.movePosting(posting, to, transitionFacts(engine, asker, reason));
  await transaction.changePosting(posting.key, { reason, ...how.change });
  await addAllEvidence(engine, transaction, posting, how.evidence ?? []);
  const said = reason === '' ? '' : `: ${reason}`;
  await transaction.appendAudit({
    person: asker.person,
    requestId: asker.requestId,
    action: `posting ${to}`,
    object: posting.key,
    words: `${posting.ref} for ${posting.client_name}: ${posting.state} to ${to}${said}`,
    period: posting.period as InvoiceContent['period'],
    digests: { invoice: posting.digest },
  });
}

export interface BatchMove {
  readonly asker: Asker;
  readonly reason: string;
  readonly change?: BatchChange;
  /** What the audit entry seals beside the digest of the batch. */
  readonly digests?: Readonly<Record<string, string>>;
}

export async function moveBatchWithin(
  engine: Engine,
  transaction: PostingTransaction,
  batch: BatchHead,
  to: BatchState,
  how: BatchMove,
): Promise<void> {
  await transaction.moveBatch(batch, to, transitionFacts(engine, how.asker, how.reason));
  await transaction.changeBatch(batch.id, { reason: how.reason, ...how.change });
  const said = how.reason === '' ? '' : `: ${how.reason}`;
  await transaction.appendAudit({
    person: how.asker.person,
    requestId: how.asker.requestId,
    action: `batch ${to}`,
    object: batch.id,
    words: `Batch of ${batch.period}: ${batch.state} to ${to}${said}`,
    period: batch.period as InvoiceContent['period'],
    digests: { batch: batch.digest, ...how.digests },
  });
}

/** A batch under way follows its postings; every other state is left by a decision only. */
export async function settleBatch(
  engine: Engine,
  transaction: PostingTransaction,
  id: string,
  asker: Asker,
): Promise<void> {
  const batch = await transaction.findBatchHead(id);
  assert(batch, `batch ${id} of a posting exists`);
  const states = await transaction.statesOfPostings(id);
  const to = nextStateOfBatch(batch.state, endOfBatch(states));
  if (to) await endBatch(engine, transaction, { batch, to }, asker);
}

/** It is over only with every invoice that was approved: else it stands still, and says why. */
async function endBatch(
  engine: Engine,
  transaction: PostingTransaction,
  { batch, to }: { readonly batch: BatchHead; readonly to: BatchState },
  asker: Asker,
): Promise<void> {
  const whole = to === 'POSTING' ? null : await transaction.findBatch(batch.id);
  const trouble = whole && (await sealTrouble(transaction, whole));
  if (trouble === null) {
    return moveBatchWithin(engine, transaction, batch, to, { asker, reason: '' });
  }
  const change = { version: batch.version + 1 };
  return moveBatchWithin(engine, transaction, batch, 'PAUSED', { asker, reason: trouble, change });
}

function nextStateOfBatch(state: BatchState, end: BatchState | null): BatchState | null {
  if (end === state) return null;
  if (state === 'POSTING') return end;
  if (state === 'COMPLETED_WITH_DOUBT') return end ?? 'POSTING';
  return state === 'COMPLETED_WITH_EXCEPTIONS' && end === null ? 'POSTING' : null;
}

/** Refuses to write for a worker that was replaced (I13). */
export async function holdFence(engine: Engine, transaction: PostingTransaction): Promise<void> {
  if (await hasFence(engine, transaction)) return;
  throw new AppError(
    'VERSION_STALE',
    'Another relay has taken over these books: this one stopped.',
  );
}

export async function hasFence(engine: Engine, store: PostingReader): Promise<boolean> {
  const connection = await store.findConnection(engine.books.connection);
  return connection?.fence === engine.lease.fence;
}

/** Why nothing may be sent on this connection just now; null when it may. */
export async function heldBecause({ store, books }: OnBooks): Promise<string | null> {
  const row = await store.findConnection(books.connection);
  if (!row) return null;
  if (row.recovery !== null) return 'the relay is in recovery';
  return row.park_kind === 'caps' ? row.parked : null;
}

let lastContent: { readonly text: string; readonly content: InvoiceContent } | null = null;

/** Asked a dozen times while one posting is at work, and parsed once. */
export function contentOf({ content: text }: Pick<PostingRow, 'content'>): InvoiceContent {
  if (lastContent?.text !== text) lastContent = { text, content: parseContent(text) };
  return lastContent.content;
}

function parseContent(text: string): InvoiceContent {
  try {
    return JSON.parse(text) as InvoiceContent;
  } catch (cause) {
    const words = 'What is stored of an invoice cannot be read: it was changed behind the relay.';
    throw new AppError('APPROVAL_STALE', words, { cause });
  }
}

export const keysOf = (posting: PostingRow): InvoiceKeys => ({
  postingKey: posting.key,
  providerKey: providerKey(posting.key, posting.epoch),
  earlierProviderKeys: Array.from({ length: posting.epoch - 1 }, (_, index) =>
    providerKey(posting.key, index + 1),
  ),
  ref: posting.ref,
  marker: posting.marker,
  batch: posting.batch,
});

export const instant = (text: string): Instant => text as Instant;

export const wordsOf = (cause: unknown): string =>
  cause instanceof AppError ? cause.message : `unexpected trouble (${String(cause)})`;

const transitionFacts = (engine: Engine, asker: Asker, reason: string) => ({
  fence: engine.lease.fence,
  actor: asker.person,
  at: engine.clock.now(),
  reason,
  requestId: asker.requestId,
});

const isUnmoved = (current: PostingRow | null, seen: PostingRow): current is PostingRow =>
  current?.transition === seen.transition && current.state === seen.state;

async function addAllEvidence(
  engine: Engine,
  transaction: PostingTransaction,
  posting: PostingRow,
  evidence: readonly Evidence[],
): Promise<void> {
  for (const { kind, words } of evidence) {
    const { key, epoch } = posting;
    const at = engine.clock.now();
    await transaction.addEvidence({ posting: key, epoch, at, kind, words: words.slice(0, 500) });
  }
}
