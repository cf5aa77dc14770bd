/** A draft comes in: checked, sealed by digest and stored. Nothing is approved by this. */
import type { Draft } from '../../contract/contract.ts';
import { AppError, assert } from '../../core/errors.ts';
import { invoiceDigest } from '../../core/digest.ts';
import type { Snapshot } from '../../core/model.ts';
import { canonicalJson } from '../canonical.ts';

import type { BatchRow } from '../store/posting.ts';
import {
  batchSealOf,
  SUBMITTED_VERSION,
  totalsOfContents,
  type BatchInvoice,
} from './batch-content.ts';
import { breachOfContents, parkWithin } from './caps.ts';
import { checkCustomers, checkDraft, checkInvoice, MAIN_SERIES, refuse, type CheckedInvoice } from './draft.ts'; // prettier-ignore
import { holdFence, moveBatchWithin, type Engine } from './engine.ts';
import { markerOf, postingKey, refOf, SEQUENCE_MAX, sha256 } from './keys.ts';
import type { Asker } from './ports.ts';
import { policyVersion } from './staleness.ts';
import type { PostingTransaction } from './store-port.ts';

/** The same key and body get the same answer; the same key with another body is refused (I15). */
export async function submit(
  engine: Engine,
  request: { readonly key: string; readonly draft: Draft },
  asker: Asker,
): Promise<BatchRow> {
  const bodyDigest = sha256(canonicalJson(request.draft));
  const id = engine.ids.uuid();
  const outcome = await engine.store.transaction(async (transaction) => {
    const known = await transaction.findBatchByKey(request.key);
    if (known) return sameRequest(known, bodyDigest);
    await holdFence(engine, transaction);
    checkDraft(engine, request.draft);
    await checkReferences(transaction, request.draft);
    const checked = await checkInvoices(engine, transaction, request.draft);
    const breach = breachOfContents(engine, checked.map((one) => one.content)); // prettier-ignore
    if (breach !== null) {
      await parkWithin(engine, transaction, breach, asker);
      return breach;
    }
    const batch = newBatch(engine, { ...request, id, bodyDigest, checked, asker });
    await transaction.insertBatch(batch);
    await moveBatchWithin(engine, transaction, batch, 'VALIDATED', { asker, reason: '' });
    const validated = { ...batch, state: 'VALIDATED' as const };
    await moveBatchWithin(engine, transaction, validated, 'SUBMITTED', { asker, reason: '' });
    const stored = await transaction.findBatch(id);
    assert(stored, 'a batch is there after it was stored');
    return stored;
  });
  if (typeof outcome !== 'string') return outcome;
  const parked = 'The books are parked: nothing is sent until somebody lifts that with a reason';
  return refuse(`${outcome}. Nothing was stored. ${parked}.`);
}

function sameRequest(known: BatchRow, bodyDigest: string): BatchRow {
  if (known.body_digest === bodyDigest) return known;
  throw new AppError(
    'KEY_REUSED',
    'This key was sent before with another draft. Nothing was stored.',
  );
}

async function checkReferences(transaction: PostingTransaction, draft: Draft): Promise<void> {
  if (draft.snapshotId !== null) {
    const snapshot = await transaction.snapshot(draft.snapshotId);
    if (snapshot?.period !== draft.period) {
      refuse(`Snapshot ${draft.snapshotId} is not one of ${draft.period}. Refresh the counts.`);
    }
    checkLateSources(draft, snapshot);
  }
  for (const { clientId } of draft.held) {
    const link = await transaction.customer(clientId);
    if (!link) refuse(`Held client ${clientId} is not known. Map it to a customer first.`);
  }
}

/** Old counts never slide through: a person has said so for each source that is billed by (I19). */
function checkLateSources(draft: Draft, snapshot: Snapshot): void {
  const used = new Set(draft.invoices.flatMap(({ lines }) => lines.map((line) => line.source)));
  for (const { id, title, state, lastGoodAt } of snapshot.sources) {
    if (state === 'fresh' || lastGoodAt === null || !used.has(id)) continue;
    const isDecided = draft.decisions.some(
      ({ choice, source }) =>
        choice === 'use late counts' && (source === undefined || source === id),
    );
    if (isDecided) continue;
    const words = `${title} is ${state}: its counts are of ${lastGoodAt} and bill lines of this batch`;
    refuse(`${words}. Refresh it, or decide to use its late counts.`);
  }
}

async function checkInvoices(
  engine: Engine,
  transaction: PostingTransaction,
  draft: Draft,
): Promise<readonly CheckedInvoice[]> {
  const postings = await transaction.postingsOfPeriod(engine.books.connection, draft.period);
  const earlier = Map.groupBy(postings, (posting) => posting.client_id);
  const checked: CheckedInvoice[] = [];
  for (const invoice of draft.invoices) {
    checked.push(await checkInvoice(engine, transaction, draft, invoice, earlier));
  }
  checkCustomers(checked, postings);
  for (const one of checked) checkBooksLimits(engine, one);
  return checked;
}

/** The books' own limits, with a number of the length it will have. */
function checkBooksLimits(engine: Engine, { content, link }: CheckedInvoice): void {
  const key = keyOf(engine, content);
  const keys = {
    postingKey: key,
    providerKey: key,
    ref: refOf(content.period, SEQUENCE_MAX),
    marker: markerOf(key, engine.instance),
  };
  const limit = engine.books.company.checkLimits(content, keys);
  if (limit !== null) refuse(`${link.clientName}: ${limit}`);
}

const keyOf = (engine: Engine, content: CheckedInvoice['content']): string => {
  const { customerId, period, series, revision } = content;
  const { connection } = engine.books;
  return postingKey({ tenant: engine.tenant, connection, customerId, period, series, revision });
};

function newBatch(
  engine: Engine,
  from: {
    readonly id: string;
    readonly key: string;
    readonly draft: Draft;
    readonly bodyDigest: string;
    readonly checked: readonly CheckedInvoice[];
    readonly asker: Asker;
  },
): BatchRow {
  const invoices: readonly BatchInvoice[] = from.checked.map(({ content, link }) => ({
    key: keyOf(engine, content),
    digest: invoiceDigest(content, sha256),
    clientName: link.clientName,
    fingerprint: link.fingerprint,
    content,
  }));
  const contents = from.checked.map((one) => one.content);
  const unsealed = {
    id: from.id,
    connection: engine.books.connection,
    period: from.draft.period,
    series: MAIN_SERIES,
    snapshot_id: from.draft.snapshotId,
    draft: JSON.stringify(from.draft),
    invoices: JSON.stringify(invoices),
    totals: JSON.stringify(totalsOfContents(contents)),
    policy_version: policyVersion(engine.policy),
    digest: '',
  };
  return {
    ...unsealed,
    digest: batchSealOf(unsealed).digest,
    prepared_by: from.asker.person,
    prepared_at: engine.clock.now(),
    client_key: from.key,
    body_digest: from.bodyDigest,
    state: 'DRAFT',
    transition: 0,
    version: SUBMITTED_VERSION,
    approved_by: null,
    approved_at: null,
    expires_at: null,
    single_operator: 0,
    reason: '',
  };
}
