/** What the postings say of a month: posted lines, status words, doubt, and whether it is sealed. */
import type { Draft, PostingState } from '../../contract/contract.ts';
import { periodTitle, type BillingPeriod, type Instant } from '../../core/billing-period.ts';
import type { Count, InvoiceContent, InvoiceLine, PostedLine, PostedMonth, Snapshot } from '../../core/model.ts'; // prettier-ignore
import { negateAmount, negateQuantity } from '../../core/money.ts';
import type { BatchRow, PostingRow } from '../store/posting.ts';
import { CHANGED, lostOf, sealTrouble } from './approval-seal.ts';
import { draftOf } from './batch-content.ts';
import { contentOf, instant, type Engine } from './engine.ts';
import {
  CLOSED,
  GIVEN_UP_UNSEEN,
  isGivenUpUnseen,
  isKnownInBooks,
  REPLACEABLE,
  wordOf,
} from './states.ts';

export interface ClientStatus {
  readonly clientId: string;
  readonly word: string;
  readonly ref: string | null;
  /** Another approval may bill the client. */
  readonly free: boolean;
  /** It was billed before, or perhaps: no approval of others takes it along (F24). */
  readonly again: boolean;
}

/** Posted months before `before` (all when null), newest first, with the signs of the sheet. */
export async function postedMonths(
  engine: Engine,
  before: BillingPeriod | null,
  limit: number,
): Promise<readonly PostedMonth[]> {
  const { connection } = engine.books;
  const periods = await engine.store.latestPostedPeriods(connection, before, limit);
  const months: PostedMonth[] = [];
  for (const period of periods) months.push(await postedMonth(engine, period as BillingPeriod));
  return months;
}

/** Rulings 16: every client of the month is posted or closed without invoice, and none is held. */
export async function isSealed(engine: Engine, period: BillingPeriod): Promise<boolean> {
  const statuses = await statusOf(engine, period, []);
  const batches = await engine.store.batchesOf(engine.books.connection, { period });
  const isUnderWay = batches.some(({ state }) =>
    ['DRAFT', 'VALIDATED', 'SUBMITTED'].includes(state),
  );
  const { kind } = engine.books.system;
  const done = [wordOf('POSTED', kind), wordOf('CANCELLED'), GIVEN_UP_UNSEEN];
  return !isUnderWay && statuses.length > 0 && statuses.every(({ word }) => done.includes(word));
}

/** The newest batch of a month that was not cancelled. */
export async function batchOf(engine: Engine, period: BillingPeriod): Promise<BatchRow | null> {
  const batches = await engine.store.batchesOf(engine.books.connection, { period });
  return batches.filter(({ state }) => state !== 'CANCELLED').at(-1) ?? null;
}

/** Certainly not in the books, now or ever. */
const NEVER_BILLED: readonly PostingState[] = ['PLANNED', 'READY', 'REJECTED', 'BLOCKED'];

/** The words of rulings 5, for `clients` and whoever else is in a batch of the month. */
export async function statusOf(
  engine: Engine,
  period: BillingPeriod,
  clients: readonly string[],
): Promise<readonly ClientStatus[]> {
  const { connection, system } = engine.books;
  const words = new Map<string, ClientStatus>();
  const say = (
    clientId: string,
    word: string,
    ref: string | null,
    { free, again } = { free: true, again: false },
  ): void => void words.set(clientId, { clientId, word, ref, free, again });
  const waiting = new Set<string>();
  const postings = await engine.store.postingsOfPeriod(connection, period);
  // Whose approval was withdrawn is neither posted nor closed, and keeps the month open.
  const known = [...clients, ...postings.map(({ client_id: id }) => id)];
  for (const clientId of known) say(clientId, 'not started', null);
  const lost = new Set<string>();
  for (const batch of await engine.store.batchesOf(connection, { period })) {
    if (batch.state === 'APPROVED' || batch.state === 'STALE') waiting.add(batch.id);
    if (batch.state === 'CANCELLED') continue;
    const draft = draftOf(batch);
    for (const { clientId } of draft.held) say(clientId, 'held', null);
    if (batch.approved_at === null) {
      for (const { clientId } of draft.invoices) say(clientId, wordOf('PLANNED'), null);
    }
    for (const { clientId } of lostOf(batch, postings)) {
      lost.add(clientId);
      say(clientId, wordOf('BLOCKED'), null, { free: false, again: true });
    }
  }
  const left = await leftInBooks(engine, postings);
  for (const posting of postings) {
    if (left.has(posting.key)) {
      say(posting.client_id, wordOf('MISMATCH'), posting.ref, { free: true, again: true });
    }
    if (posting.state === 'SUPERSEDED') continue;
    const mayReplace = [...REPLACEABLE, ...CLOSED].includes(posting.state);
    const free = mayReplace || (posting.state === 'READY' && waiting.has(posting.batch));
    const word = isGivenUpUnseen(posting) ? GIVEN_UP_UNSEEN : wordOf(posting.state, system.kind);
    say(posting.client_id, word, posting.ref, {
      free,
      again: !NEVER_BILLED.includes(posting.state),
    });
  }
  // Said by a person, and true as long as no invoice of the client is under way.
  for (const { client_id: id } of await engine.store.closuresOf(connection, period)) {
    const ref = words.get(id)?.ref ?? null;
    if (ref === null && !lost.has(id)) say(id, wordOf('CANCELLED'), null);
  }
  return [...words.values()];
}

/** Replaced or withdrawn while the books held it, and not known to be gone from there since. */
async function leftInBooks(
  engine: Engine,
  postings: readonly PostingRow[],
): Promise<ReadonlySet<string>> {
  const closed = postings.filter((row) => row.state === 'SUPERSEDED' && isKnownInBooks(row));
  const left = new Set(closed.map(({ key }) => key));
  for (const { kind, posting } of await engine.store.evidenceOf([...left])) {
    if (kind === 'not standing') left.delete(posting);
  }
  return left;
}

/** For /health: how many invoices nobody is sure of, and since when. */
export async function doubt(
  engine: Engine,
): Promise<{ uncertainTotal: number; oldestSince: Instant | null }> {
  const { connection } = engine.books;
  const rows = await engine.store.postingsInStates(connection, ['UNKNOWN', 'NEEDS_PERSON']);
  const since = rows.flatMap((row) => row.uncertain_since ?? []).sort()[0];
  return { uncertainTotal: rows.length, oldestSince: since === undefined ? null : instant(since) };
}

/** For /health, which anybody may ask, so it names nobody: what is stored otherwise than approved. */
export async function troubles(engine: Engine): Promise<readonly string[]> {
  const { connection } = engine.books;
  const words: string[] = [];
  for (const { id } of await engine.store.batchHeadsInStates(connection, APPROVED)) {
    const batch = await engine.store.findBatch(id);
    if (batch && (await sealTrouble(engine.store, batch)) !== null) {
      words.push(`The batch of ${periodTitle(batch.period as BillingPeriod)}: ${CHANGED}.`);
    }
  }
  const blocked = await engine.store.postingsInStates(connection, ['BLOCKED', 'CONFLICT']);
  const tampered = blocked.filter(({ block }) => block === 'tampered');
  return [...words, ...tampered.map(({ ref }) => `Invoice ${ref}: ${CHANGED}.`)];
}

const APPROVED = ['APPROVED', 'POSTING', 'PAUSED', 'COMPLETED_WITH_DOUBT'] as const;

async function postedMonth(engine: Engine, period: BillingPeriod): Promise<PostedMonth> {
  const postings = await engine.store.postingsOfPeriod(engine.books.connection, period);
  const posted = postings.filter(({ state }) => state === 'POSTED');
  const lines: PostedLine[] = [];
  for (const [batchId, own] of Map.groupBy(posted, (posting) => posting.batch)) {
    const batch = await engine.store.findBatch(batchId);
    if (batch) lines.push(...(await linesOfBatch(engine, batch, own)));
  }
  return { period, origin: 'posted', lines };
}

async function linesOfBatch(
  engine: Engine,
  batch: BatchRow,
  postings: readonly PostingRow[],
): Promise<readonly PostedLine[]> {
  const draft = draftOf(batch);
  const snapshot =
    batch.snapshot_id === null ? null : await engine.store.snapshot(batch.snapshot_id);
  return postings.flatMap((posting) => {
    const content = contentOf(posting);
    return content.lines.map((line) => toPostedLine(content, line, { draft, snapshot }));
  });
}

/** A credit memo shows its lines positive; the sheet had them negative (rulings 9). */
function toPostedLine(
  content: InvoiceContent,
  line: InvoiceLine,
  sealed: { readonly draft: Draft; readonly snapshot: Snapshot | null },
): PostedLine {
  const isTurned = content.document === 'credit memo';
  const source = sourceOf(sealed.draft, content.clientId, line.lineId);
  return {
    clientId: content.clientId,
    serviceId: line.serviceId,
    kind: line.kind,
    description: line.description,
    quantity: isTurned ? negateQuantity(line.quantity) : line.quantity,
    unitPrice: line.unitPrice,
    amount: isTurned ? negateAmount(line.amount) : line.amount,
    source,
    parts: countOf(sealed.snapshot, content.clientId, line, source)?.parts ?? [],
  };
}

function sourceOf(draft: Draft, clientId: string, lineId: string): string | null {
  const invoice = draft.invoices.find((one) => one.clientId === clientId);
  return invoice?.lines.find((line) => line.lineId === lineId)?.source ?? null;
}

/**
 * The count behind a recurring line, from the sealed snapshot. Where the line was typed, the count
 * of the same client and service is still what it was compared with.
 */
function countOf(
  snapshot: Snapshot | null,
  clientId: string,
  line: InvoiceLine,
  source: string | null,
): Count | null {
  if (!snapshot || line.kind !== 'recurring') return null;
  const serviceOf = (id: string) => snapshot.services.find((service) => service.id === id);
  // A bundle is billed by the first of what it counts.
  const counted = serviceOf(line.serviceId)?.bundle?.[0] ?? line.serviceId;
  const basis = serviceOf(counted)?.basis;
  const counts = snapshot.counts.filter(
    (count) =>
      count.clientId === clientId &&
      count.serviceId === counted &&
      (source === null || count.source === source),
  );
  return counts.find((count) => count.basis === basis) ?? counts[0] ?? null;
}
