/** A client that gets no invoice for a month, because a person said so (rulings 16). */
import type { PostingState } from '../../contract/contract.ts';
import { periodTitle, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { PostingRow } from '../store/posting.ts';
import { cancelIfEmpty, requireBatch } from './approve.ts';
import { draftOf } from './batch-content.ts';
import { refuse } from './draft.ts';
import { holdFence, moveWithin, settleBatch, type Engine } from './engine.ts';
import type { Asker } from './ports.ts';
import { ABSENT, CLOSED } from './states.ts';
import type { PostingTransaction } from './store-port.ts';

/** Nothing valid is in the books, for certain: a person may leave it at that. */
const CLOSABLE: readonly PostingState[] = [...ABSENT, 'VOIDED'];

interface ClientOfMonth {
  readonly clientId: string;
  readonly clientName: string;
  readonly period: BillingPeriod;
}

export async function closeClient(
  engine: Engine,
  of: { readonly period: BillingPeriod; readonly clientId: string },
  reason: string,
  asker: Asker,
): Promise<void> {
  const { connection } = engine.books;
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const link = await transaction.customer(of.clientId);
    if (!link) refuse(`Client ${of.clientId} is not known.`);
    const client = { ...of, clientName: link.clientName };
    await refuseSentIn(engine, transaction, client);
    await closeInvoices(engine, transaction, client, { asker, reason });
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

async function closeInvoices(
  engine: Engine,
  transaction: PostingTransaction,
  { clientId, clientName, period }: ClientOfMonth,
  { asker, reason }: { readonly asker: Asker; readonly reason: string },
): Promise<void> {
  const all = await transaction.postingsOfPeriod(engine.books.connection, period);
  const own = all.filter((one) => one.client_id === clientId && !CLOSED.includes(one.state));
  const open = own.find(({ state }) => !CLOSABLE.includes(state));
  if (open) throw new AppError('LEDGER_CONFLICT', `${clientName}: ${whyOpen(open, period)}`);
  for (const posting of own) {
    const words = `${asker.person} closed the client without invoice: ${reason}`;
    await moveWithin(engine, transaction, posting, 'SUPERSEDED', { asker, reason: words });
    await settleBatch(engine, transaction, posting.batch, asker);
    const batch = await requireBatch(transaction, posting.batch);
    await cancelIfEmpty(engine, transaction, batch, { asker, reason: words });
  }
}

function whyOpen({ ref, state }: PostingRow, period: BillingPeriod): string {
  const words =
    WHY_OPEN[state] ?? 'nobody is sure yet whether # is in the books. Settle that first.';
  return words.replace('#', `invoice ${ref} of ${periodTitle(period)}`);
}

const OTHER = 'what the books hold for # is not what was approved. Settle that first.';
const APPROVED = '# is approved and waits to be posted. Post it, or withdraw what was approved.';
const WHY_OPEN: Partial<Readonly<Record<PostingState, string>>> = {
  POSTED: '# is in the books. Void it there first if there is to be none.',
  PLANNED: APPROVED,
  READY: APPROVED,
  CONFLICT: OTHER,
  MISMATCH: OTHER,
  DUPLICATE_IN_LEDGER: OTHER,
  MISSING_IN_LEDGER: '# was posted and is no longer found in the books. Find out why first.',
};
