/**
 * Holds the sheet against an approval (rulings 15): a changed line, price or customer mapping
 * blocks its own client, named; every other invoice stands.
 */
import type { Draft, DraftInvoice } from '../../contract/contract.ts';
import { compareWithApproved, type Lapse } from '../../core/approval.ts';
import { AppError } from '../../core/errors.ts';
import { toInvoiceContent } from '../../core/invoices.ts';
import type { InvoiceContent } from '../../core/model.ts';

import type { BatchRow, PostingRow } from '../store/posting.ts';
import { requireBatch } from './approve.ts';
import { draftOf } from './batch-content.ts';
import { itemIdsOf, linkOf, refuse } from './draft.ts';
import { contentOf, holdFence, moveWithin, settleBatch, type Engine } from './engine.ts';
import type { Asker } from './ports.ts';
import type { PostingTransaction } from './store-port.ts';

export interface LapsedLine {
  readonly clientId: string;
  readonly words: string;
  readonly cell: string | null;
}

export interface Comparison {
  readonly batch: BatchRow;
  readonly lapsed: readonly LapsedLine[];
}

export async function compare(
  engine: Engine,
  id: string,
  draft: Draft,
  asker: Asker,
): Promise<Comparison> {
  return engine.store.transaction(async (transaction) => {
    const batch = await requireBatch(transaction, id);
    if (draft.period !== batch.period) {
      refuse(`The sheet is of ${draft.period}, the approval of ${batch.period}.`);
    }
    await holdFence(engine, transaction);
    const postings = await transaction.postingsOf(id);
    const lapsed = await lapsesOf(engine, transaction, { batch, postings, draft });
    for (const posting of postings) {
      const own = lapsed.filter((lapse) => lapse.clientId === posting.client_id);
      await blockIfLapsed(engine, transaction, posting, own, asker);
    }
    await settleBatch(engine, transaction, id, asker);
    return { batch: await requireBatch(transaction, id), lapsed };
  });
}

async function blockIfLapsed(
  engine: Engine,
  transaction: PostingTransaction,
  posting: PostingRow,
  lapses: readonly LapsedLine[],
  asker: Asker,
): Promise<void> {
  const [first, ...more] = lapses;
  // What was sent already cannot be taken back; it is told, and the state stays.
  if (!first || posting.state !== 'READY') return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const where = first.cell === null ? '' : ` in ${first.cell}`;
  const reason = `changed after the approval${where}: ${first.words}${others}`;
  const change = { block: 'approval lapsed', next_at: null };
  await moveWithin(engine, transaction, posting, 'BLOCKED', { asker, reason, change });
}

async function lapsesOf(
  engine: Engine,
  transaction: PostingTransaction,
  seen: {
    readonly batch: BatchRow;
    readonly postings: readonly PostingRow[];
    readonly draft: Draft;
  },
): Promise<readonly LapsedLine[]> {
  const broken: LapsedLine[] = [];
  const now: InvoiceContent[] = [];
  const approved = new Map(seen.postings.map((posting) => [posting.client_id, posting]));
  for (const invoice of seen.draft.invoices) {
    const content = await contentNow(engine, transaction, invoice, approved.get(invoice.clientId));
    if (typeof content !== 'string') now.push(content);
    else broken.push({ clientId: invoice.clientId, words: content, cell: null });
  }
  const unreadable = new Set(broken.map((lapse) => lapse.clientId));
  const contents = seen.postings.filter((one) => !unreadable.has(one.client_id)).map(contentOf);
  const cells = cellsOf([draftOf(seen.batch), seen.draft]);
  const lapses = compareWithApproved(contents, now);
  return [...broken, ...lapses.map((lapse) => toLapsedLine(lapse, cells))];
}

/** The invoice this sheet would give now, or in words why it gives none. */
async function contentNow(
  engine: Engine,
  transaction: PostingTransaction,
  invoice: DraftInvoice,
  posting: PostingRow | undefined,
): Promise<InvoiceContent | string> {
  try {
    const { period, series, revision } = posting
      ? contentOf(posting)
      : { period: undefined, series: 'main', revision: 1 };
    const link = await linkOf(transaction, invoice.clientId);
    if (period === undefined) return `${link.clientName}: this invoice was not approved.`;
    const { clientName, customerId, version } = link;
    const itemIds = await itemIdsOf(engine, transaction, invoice, clientName);
    const taxCodeId = (await transaction.taxCode(link))?.id;
    const target = { clientName, customerId, mappingVersion: version, itemIds, taxCodeId };
    return toInvoiceContent(invoice, target, { period, series, revision });
  } catch (cause) {
    if (cause instanceof AppError) return cause.message;
    throw cause;
  }
}

const toLapsedLine = (lapse: Lapse, cells: ReadonlyMap<string, string>): LapsedLine => ({
  clientId: lapse.clientId,
  words: lapse.words.slice(0, 500),
  cell: (lapse.lineId === null ? null : cells.get(`${lapse.clientId} ${lapse.lineId}`)) ?? null,
});

/** Where each line stands; the later draft knows better. */
const cellsOf = (drafts: readonly Draft[]): ReadonlyMap<string, string> =>
  new Map(
    drafts.flatMap((draft) =>
      draft.invoices.flatMap(({ clientId, lines }) =>
        lines.map((line) => [`${clientId} ${line.lineId}`, line.cell] as const),
      ),
    ),
  );
