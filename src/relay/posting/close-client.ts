/** A client that gets no invoice for a month, because a person said so (rulings 16). */
import type { PostingState } from '../../contract/contract.ts';
import { periodTitle, type BillingPeriod, type Instant } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { PostingRow } from '../store/posting.ts';
import { cancelIfEmpty, refuseLate, requireBatch } from './approve.ts';
import { lostOf } from './approval-seal.ts';
import { draftOf } from './batch-content.ts';
import { checkCompany } from './company.ts';
import { refuse } from './draft.ts';
import { holdFence, moveWithin, settleBatch, type Engine } from './engine.ts';
import { findForgotten } from './in-books.ts';
import type { Asker } from './ports.ts';
import { lookForStanding, nameOf } from './standing.ts';
import { CLOSED, REPLACEABLE } from './states.ts';
import type { PostingReader, PostingTransaction } from './store-port.ts';

interface ClientOfMonth {
  readonly clientId: string;
  readonly clientName: string;
  readonly customerId: string;
  readonly period: BillingPeriod;
}

export async function closeClient(
  engine: Engine,
  of: { readonly period: BillingPeriod; readonly clientId: string },
  reason: string,
  asker: Asker,
): Promise<void> {
  const { connection } = engine.books;
  const link = await engine.store.customer(of.clientId);
  if (!link) refuse(`Client ${of.clientId} is not known.`);
  const client = { ...of, clientName: link.clientName, customerId: link.customerId };
  const looked = await refuseStanding(engine, client, asker);
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    await refuseSentIn(engine, transaction, client);
    await closeInvoices(engine, transaction, client, { asker, reason, looked });
    const { period, clientId, clientName } = client;
    const { person, requestId } = asker;
    await transaction.insertClosure({ connection, period, client_id: clientId, person, at: engine.clock.now(), reason });
    await transaction.appendAudit({
      person,
      requestId,
      action: 'closed without invoice',
      object: clientId,
      words: `${clientName} gets no invoice for ${periodTitle(period)}: ${reason}`,
      period,
    });
  });
} // prettier-ignore

/** Approved later, it would be an invoice after all. */
async function refuseSentIn(
  engine: Engine,
  transaction: PostingTransaction,
  { clientId, clientName, period }: ClientOfMonth,
): Promise<void> {
  const waiting = await transaction.batchHeadsInStates(engine.books.connection, ['SUBMITTED']);
  for (const head of waiting.filter((one) => one.period === period)) {
    const { invoices } = draftOf(await requireBatch(transaction, head.id));
    if (!invoices.some((invoice) => invoice.clientId === clientId)) continue;
    const words = `its invoice of ${periodTitle(period)} was sent in by ${head.prepared_by} and waits for approval`;
    throw new AppError('LEDGER_CONFLICT', `${clientName}: ${words}. Withdraw that first.`);
  }
}

/**
 * Looked for in the books themselves: what was replaced or withdrawn may stand there all the same.
 * Its postings as they were looked for; no answer refuses too, for nothing is guessed.
 */
async function refuseStanding(
  engine: Engine,
  client: ClientOfMonth,
  asker: Asker,
): Promise<readonly PostingRow[]> {
  await refuseLost(engine, client);
  const own = await postingsOf(engine, engine.store, client);
  refuseOpen(own, client, engine.clock.now());
  const { clientName, customerId: customer_id, period } = client;
  const forgotten = await engine.store.allForgotten(engine.books.connection);
  if (own.length === 0 && forgotten.length === 0) return own;
  await checkCompany(engine, asker);
  const found = await findForgotten(engine, { customer_id, period, marker: '' });
  const standing = found ? { document: nameOf(found) } : await lookForStanding(engine, own);
  if (!standing) return own;
  if ('failed' in standing) {
    const words = `${engine.books.system.title} could not be searched for ${standing.ref}: ${standing.failed}`;
    throw new AppError('SOURCE_DOWN', `${clientName}: ${words}. Nothing was closed.`);
  }
  const words = `${standing.document} of ${periodTitle(period)} is in the books`;
  const what = 'Void it there first, then close the client';
  throw new AppError('LEDGER_CONFLICT', `${clientName}: ${words}. ${what}.`);
}

/** Nobody can look for an invoice whose number and mark are gone from the database. */
async function refuseLost({ books, store }: Engine, client: ClientOfMonth): Promise<void> {
  const { clientId, clientName, period } = client;
  const postings = await store.postingsOfPeriod(books.connection, period);
  const batches = await store.batchesOf(books.connection, { period });
  const isLost = batches
    .filter(({ state }) => state !== 'CANCELLED')
    .flatMap((batch) => lostOf(batch, postings))
    .some((invoice) => invoice.clientId === clientId);
  if (!isLost) return;
  const words = `its invoice of ${periodTitle(period)} was approved and is no longer stored`;
  throw new AppError('LEDGER_CONFLICT', `${clientName}: ${words}. Find out what happened first.`);
}

const postingsOf = async (
  { books }: Engine,
  at: PostingReader,
  { clientId, period }: ClientOfMonth,
): Promise<readonly PostingRow[]> =>
  (await at.postingsOfPeriod(books.connection, period)).filter(
    ({ client_id: id }) => id === clientId,
  );

/** What may give way to another approval may give way to none, if the books hold none of it. */
function refuseOpen(
  own: readonly PostingRow[],
  { clientName, period }: ClientOfMonth,
  now: Instant,
): void {
  const open = own.find(({ state }) => ![...REPLACEABLE, ...CLOSED].includes(state));
  if (open) throw new AppError('LEDGER_CONFLICT', `${clientName}: ${whyOpen(open, period)}`);
  for (const posting of own) refuseLate(posting, now);
}

interface Closing {
  readonly asker: Asker;
  readonly reason: string;
  readonly looked: readonly PostingRow[];
}

async function closeInvoices(
  engine: Engine,
  transaction: PostingTransaction,
  client: ClientOfMonth,
  { asker, reason, looked }: Closing,
): Promise<void> {
  const own = await postingsOf(engine, transaction, client);
  refuseOpen(own, client, engine.clock.now());
  if (stateWords(own) !== stateWords(looked)) {
    const words = 'something has moved while the books were searched';
    throw new AppError('VERSION_STALE', `${client.clientName}: ${words}. Nothing was closed.`);
  }
  const at = engine.clock.now();
  for (const posting of own) {
    const { key, epoch } = posting;
    const seen = `No document of ours stands in the books for ${client.clientName}.`;
    await transaction.addEvidence({ posting: key, epoch, at, kind: 'not standing', words: seen });
    if (CLOSED.includes(posting.state)) continue;
    const words = `${asker.person} closed the client without invoice: ${reason}`;
    await moveWithin(engine, transaction, posting, 'SUPERSEDED', { asker, reason: words });
    await settleBatch(engine, transaction, posting.batch, asker);
    const batch = await requireBatch(transaction, posting.batch);
    await cancelIfEmpty(engine, transaction, batch, { asker, reason: words });
  }
}

const stateWords = (postings: readonly PostingRow[]): string =>
  postings.map(({ key, transition }) => `${key} ${transition}`).join();

function whyOpen({ ref, state }: PostingRow, period: BillingPeriod): string {
  const words =
    WHY_OPEN[state] ?? 'nobody is sure yet whether # is in the books. Settle that first.';
  return words.replace('#', `invoice ${ref} of ${periodTitle(period)}`);
}

const APPROVED = '# is approved and waits to be posted. Post it, or withdraw what was approved.';
const WHY_OPEN: Partial<Readonly<Record<PostingState, string>>> = {
  POSTED: '# is in the books. Void it there first if there is to be none.',
  PLANNED: APPROVED,
  READY: APPROVED,
  DUPLICATE_IN_LEDGER: '# is in the books more than once. Void them there first.',
};
