/** How batches and postings look on the wire, with the words a person needs. */
import type { Batch, Posting } from '../../contract/contract.ts';
import type { Day } from '../../core/billing-period.ts';
import type { Engine } from './engine.ts';
import { contentOf, instant } from './engine.ts';
import type { BatchRow, PostingRow } from '../store/posting.ts';
import type { EvidenceRow } from '../store/posting-evidence.ts';
import { draftOf, invoicesOf, moneyOf, totalsOf, type BatchInvoice } from './batch-content.ts';
import { bigChanges } from './caps.ts';
import { recoveryOf, recoveryWords } from './recovery.ts';
import { decidableFrom, deletionOf, isSilent, missingEvidence } from './evidence.ts';
import { CLOSED, isGivenUpUnseen, isKnownInBooks } from './states.ts';

/** The pane shows the newest; the whole trail stays in the store. */
const EVIDENCE_MAX = 40;

export async function toBatch(engine: Engine, batch: BatchRow): Promise<Batch> {
  const postings = await engine.store.postingsOf(batch.id);
  const elsewhere = await openElsewhere(engine, batch);
  const keys = [...postings, ...elsewhere].map((posting) => posting.key);
  const evidence = Map.groupBy(await engine.store.evidenceOf(keys), (row) => row.posting);
  const show = async (row: PostingRow): Promise<Posting> =>
    toPosting(engine, await readable(engine, row), evidence.get(row.key) ?? []);
  const isApproved = batch.approved_at !== null;
  const waiting = await waitingWords(engine, batch);
  const mustSee = batch.state === 'SUBMITTED' ? await bigChanges(engine, engine.store, batch) : [];
  return {
    id: batch.id,
    period: batch.period as Batch['period'],
    version: batch.version,
    state: batch.state,
    digest: batch.digest,
    snapshotId: batch.snapshot_id,
    totals: totalsOf(batch),
    held: draftOf(batch).held,
    preparedBy: batch.prepared_by,
    preparedAt: instant(batch.prepared_at),
    approvedBy: batch.approved_by,
    approvedAt: batch.approved_at === null ? null : instant(batch.approved_at),
    singleOperator: batch.single_operator === 1,
    ...(mustSee.length === 0 ? {} : { mustSee: [...mustSee] }),
    ...(waiting === null ? {} : { waiting }),
    ...(batch.reason === '' ? {} : { reason: batch.reason }),
    postings: isApproved
      ? await Promise.all(postings.map(show))
      : invoicesOf(batch).map((invoice) => toPlanned(batch.id, invoice)),
    openElsewhere: await Promise.all(elsewhere.map(show)),
  };
}

/** What was changed behind the relay is shown with the content that its batch was sealed with. */
async function readable(engine: Engine, row: PostingRow): Promise<PostingRow> {
  try {
    contentOf(row);
    return row;
  } catch {
    const batch = await engine.store.findBatch(row.batch);
    const sealed = batch && invoicesOf(batch).find(({ key }) => key === row.key);
    return sealed ? { ...row, content: JSON.stringify(sealed.content) } : row;
  }
}

/** A newer batch of the month hides no doubt and no refusal of an older one. */
async function openElsewhere(engine: Engine, { id, period }: BatchRow): Promise<PostingRow[]> {
  const postings = await engine.store.postingsOfPeriod(engine.books.connection, period);
  return postings.filter(
    ({ batch, state }) => batch !== id && state !== 'POSTED' && !CLOSED.includes(state),
  );
}

/** Nothing of it is wrong, and nothing of it is sent: a recovery, or parked books. */
async function waitingWords(engine: Engine, { state }: BatchRow): Promise<string | null> {
  if (!['SUBMITTED', 'APPROVED', 'POSTING', 'PAUSED'].includes(state)) return null;
  const recovery = await recoveryOf(engine);
  if (recovery) return recoveryWords(recovery);
  const connection = await engine.store.findConnection(engine.books.connection);
  return connection?.parked ?? null;
}

/** Before the approval there is no number and nothing to say. */
const toPlanned = (
  batchId: string,
  { key, digest, clientName, content }: BatchInvoice,
): Posting => ({
  key,
  batchId,
  clientId: content.clientId,
  clientName,
  ref: null,
  document: content.document,
  date: content.invoiceDate as Day,
  total: moneyOf(content),
  digest,
  state: 'PLANNED',
  reason: '',
  outcome: 'not_created',
  retriable: false,
  invoiceId: null,
  adopted: false,
  uncertainSince: null,
  lookups: 0,
  lastLookupAt: null,
  decideFrom: null,
  evidence: [],
  nextStep: 'Waiting for approval.',
});

function toPosting(engine: Engine, row: PostingRow, evidence: readonly EvidenceRow[]): Posting {
  const content = contentOf(row);
  return {
    key: row.key,
    batchId: row.batch,
    clientId: row.client_id,
    clientName: row.client_name,
    ref: row.ref,
    document: content.document,
    date: content.invoiceDate as Day,
    total: moneyOf(content),
    digest: row.digest,
    state: row.state,
    reason: row.reason,
    outcome: outcomeOf(row),
    block: isBlocked(row) ? (row.block as Posting['block']) : null,
    retriable: row.state === 'REJECTED' || (row.state === 'BLOCKED' && row.block === 'books'),
    invoiceId: row.invoice_id,
    adopted: row.adopted === 1,
    sentAt: toInstant(row.sent_at),
    uncertainSince: isDoubt(row) ? toInstant(row.uncertain_since) : null,
    lookups: row.lookups,
    lastLookupAt: toInstant(row.last_lookup_at),
    decideFrom: isDoubt(row) ? decidableFrom(row) : null,
    ...(isDoubt(row) && deletionOf(row, evidence) !== null ? { mayResend: false } : {}),
    evidence: evidence.slice(-EVIDENCE_MAX).map(({ at, words }) => ({ at: instant(at), words })),
    nextStep: nextStepOf(engine, row, evidence),
  };
}

const isBlocked = ({ state }: PostingRow): boolean => state === 'BLOCKED' || state === 'CONFLICT';
const isDoubt = ({ state }: PostingRow): boolean => state === 'UNKNOWN' || state === 'NEEDS_PERSON';
const toInstant = (text: string | null) => (text === null ? null : instant(text));

function outcomeOf(row: PostingRow): Posting['outcome'] {
  if (isGivenUpUnseen(row)) return 'uncertain';
  switch (row.state) {
    case 'SENDING':
    case 'UNKNOWN':
    case 'NEEDS_PERSON':
      return 'uncertain';
    case 'POSTED':
    case 'MISMATCH':
    case 'VOIDED':
    case 'DUPLICATE_IN_LEDGER':
    case 'MISSING_IN_LEDGER':
      return 'created';
    case 'CONFLICT':
    // Closing a posting takes nothing out of the books.
    case 'SUPERSEDED':
      return isKnownInBooks(row) ? 'created' : 'not_created';
    case 'PLANNED':
    case 'READY':
    case 'REJECTED':
    case 'BLOCKED':
    case 'CANCELLED':
      return 'not_created';
  }
}

function nextStepOf(engine: Engine, row: PostingRow, evidence: readonly EvidenceRow[]): string {
  const { title } = engine.books.system;
  if (isGivenUpUnseen(row)) {
    return `Nobody knows whether ${row.ref} is in ${title}: look there before the client is billed again.`;
  }
  switch (row.state) {
    case 'READY':
      return row.next_at === null ? '' : `Wait: it is tried again at ${row.next_at}.`;
    case 'SENDING':
      return `Waiting for the answer of ${title}.`;
    case 'UNKNOWN':
      return `We do not know whether ${row.ref} reached ${title}. Do not enter it by hand yet: ${nextLookWords(row)}`;
    case 'NEEDS_PERSON':
      return personWords(engine, row, evidence);
    case 'REJECTED':
      return `Correct what ${title} names, then retry.`;
    case 'BLOCKED':
      return row.block === 'books'
        ? `Mend it in ${title}, then retry.`
        : 'Refresh, review it and approve it again.';
    case 'CONFLICT':
    case 'MISMATCH':
      return `Look at it in ${title} and decide there; then approve it again, or leave it.`;
    case 'MISSING_IN_LEDGER':
    case 'VOIDED':
      return `Look at it in ${title} and ask who did that: approve it again if it is to be billed.`;
    case 'DUPLICATE_IN_LEDGER':
      return `Void in ${title} what is too many: the relay changes nothing there.`;
    case 'PLANNED':
    case 'POSTED':
    case 'CANCELLED':
    case 'SUPERSEDED':
      return '';
  }
}

function personWords(engine: Engine, row: PostingRow, evidence: readonly EvidenceRow[]): string {
  const { title } = engine.books.system;
  const { currency, total } = contentOf(row);
  const search = `Look in ${title} for ${row.ref}, ${row.client_name}, ${total} ${currency}.`;
  const missing = missingEvidence(row, evidence, engine.clock.now());
  const deletion = deletionOf(row, evidence);
  if (deletion !== null) {
    const now =
      missing === null ? 'Give it up' : `Do not enter it by hand yet: ${missing}. Then give it up`;
    return `${deletion} ${now}, and approve it anew if it is to go out again.`;
  }
  if (missing === null) return `${search} If it is not there, send it again.`;
  if (isSilent(row, evidence)) {
    return `${search} If ${title} goes on giving no answer, it can be given up with a reason; whether it is there stays not known.`;
  }
  return `${search} Do not enter it by hand yet: ${missing}.`;
}

const nextLookWords = (row: PostingRow): string =>
  row.next_at === null ? 'look again by hand.' : `next look at ${row.next_at}.`;
