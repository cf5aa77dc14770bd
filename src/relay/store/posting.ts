/** Reads and writes of batches and postings. Callers decide; nothing here judges a transition. */
import { sql, type Updateable } from 'kysely';
import type { BatchState, PostingState } from '../../contract/contract.ts';
import type { InvoiceContent } from '../../core/model.ts';
import type { Store, StoreTransaction } from './database.ts';
import type { BatchPostTable } from './schema-batch-post.ts';
import type { BatchTable, PostingTable } from './schema-posting.ts';

export type Reader = Store | StoreTransaction;
export type BatchRow = Omit<BatchTable, 'state'> & { readonly state: BatchState };
/** A batch without its long texts: what it is and where it stands. */
export type BatchHead = Omit<BatchRow, 'draft' | 'invoices' | 'totals'>;
export type PostingRow = Omit<PostingTable, 'state'> & { readonly state: PostingState };

/** The columns that change while a posting lives; its state moves by a transition only. */
export type PostingChange = Pick<
  Updateable<PostingTable>,
  | 'epoch'
  | 'provider_key'
  | 'request_hash'
  | 'sent_at'
  | 'attempts'
  | 'next_at'
  | 'reason'
  | 'block'
  | 'uncertain_since'
  | 'person_from'
  | 'decide_from'
  | 'lookups'
  | 'last_lookup_at'
  | 'invoice_id'
  | 'adopted'
>;
export type BatchChange = Pick<
  Updateable<BatchTable>,
  'version' | 'approved_by' | 'approved_at' | 'expires_at' | 'single_operator' | 'reason'
>;

/** Ids of the books are unique for one kind of document only. */
export interface BooksDocument {
  readonly document: InvoiceContent['document'];
  readonly id: string;
}

export interface TransitionFacts {
  readonly fence: number;
  readonly actor: string;
  readonly at: string;
  readonly reason: string;
  readonly requestId: string;
}

/** All but the draft, the invoices and the totals: a month of them is read at every step. */
const HEAD_COLUMNS = [
  'id', 'connection', 'period', 'series', 'digest', 'snapshot_id', 'prepared_by', 'prepared_at', 'client_key', 'body_digest', 'policy_version', 'state', 'transition', 'version', 'approved_by', 'approved_at', 'expires_at', 'single_operator', 'reason',
] as const; // prettier-ignore

// Batches -------------------------------------------------------------------------------------

export async function findBatch(store: Reader, id: string): Promise<BatchRow | null> {
  const row = await store.selectFrom('batch').selectAll().where('id', '=', id).executeTakeFirst();
  return (row as BatchRow | undefined) ?? null;
}

export async function findBatchHead(store: Reader, id: string): Promise<BatchHead | null> {
  const query = store.selectFrom('batch').select(HEAD_COLUMNS).where('id', '=', id);
  return ((await query.executeTakeFirst()) as BatchHead | undefined) ?? null;
}

/** The batches in these states, in the order they were prepared. */
export async function batchHeadsInStates(
  store: Reader,
  connection: string,
  states: readonly BatchState[],
): Promise<BatchHead[]> {
  const query = store
    .selectFrom('batch')
    .select(HEAD_COLUMNS)
    .where('connection', '=', connection)
    .where('state', 'in', [...states]);
  return (await query.orderBy('prepared_at').orderBy('transition').execute()) as BatchHead[];
}

export async function findBatchByKey(store: Reader, clientKey: string): Promise<BatchRow | null> {
  const query = store.selectFrom('batch').selectAll().where('client_key', '=', clientKey);
  return ((await query.executeTakeFirst()) as BatchRow | undefined) ?? null;
}

/** The batches of a connection, in the order they were prepared. */
export async function batchesOf(
  store: Reader,
  connection: string,
  filter: { readonly period: string },
): Promise<BatchRow[]> {
  const query = store
    .selectFrom('batch')
    .selectAll()
    .where('connection', '=', connection)
    .where('period', '=', filter.period);
  return (await query.orderBy('prepared_at').orderBy('transition').execute()) as BatchRow[];
}

export async function insertBatch(transaction: StoreTransaction, row: BatchRow): Promise<void> {
  await transaction.insertInto('batch').values(row).execute();
}

export async function moveBatch(
  transaction: StoreTransaction,
  batch: Pick<BatchRow, 'id' | 'state'>,
  to: BatchState,
  facts: TransitionFacts,
): Promise<void> {
  await transaction
    .insertInto('batch_transition')
    .values({ batch: batch.id, from_state: batch.state, to_state: to, ...columnsOf(facts) })
    .execute();
}

export async function changeBatch(
  transaction: StoreTransaction,
  id: string,
  change: BatchChange,
): Promise<void> {
  await transaction.updateTable('batch').set(change).where('id', '=', id).execute();
}

/** Every press of Post for a batch, the first one first. */
export async function postsOf(store: Reader, batch: string): Promise<BatchPostTable[]> {
  const query = store.selectFrom('batch_post').selectAll().where('batch', '=', batch);
  return query.orderBy('at').orderBy('key').execute();
}

export async function insertPost(
  transaction: StoreTransaction,
  row: BatchPostTable,
): Promise<void> {
  await transaction.insertInto('batch_post').values(row).execute();
}

// Postings ------------------------------------------------------------------------------------

export async function findPosting(store: Reader, key: string): Promise<PostingRow | null> {
  const query = store.selectFrom('posting').selectAll().where('key', '=', key);
  return ((await query.executeTakeFirst()) as PostingRow | undefined) ?? null;
}

export async function postingsOf(store: Reader, batch: string): Promise<PostingRow[]> {
  const query = store.selectFrom('posting').selectAll().where('batch', '=', batch);
  return (await query.orderBy('position').execute()) as PostingRow[];
}

/** Where each invoice of a batch stands. */
export async function statesOfPostings(store: Reader, batch: string): Promise<PostingState[]> {
  const query = store.selectFrom('posting').select('state').where('batch', '=', batch);
  return (await query.execute()).map(({ state }) => state as PostingState);
}

/** Every revision of every client of a month, oldest revision first, then by number. */
export async function postingsOfPeriod(
  store: Reader,
  connection: string,
  period: string,
): Promise<PostingRow[]> {
  const rows = await store
    .selectFrom('posting')
    .selectAll()
    .where('connection', '=', connection)
    .where('period', '=', period)
    .orderBy('revision')
    .orderBy('ref')
    .execute();
  return rows as PostingRow[];
}

/** All revisions of one client's month, oldest first. */
export async function revisionsOf(
  store: Reader,
  of: Pick<PostingRow, 'connection' | 'client_id' | 'period' | 'series'>,
): Promise<PostingRow[]> {
  const rows = await store
    .selectFrom('posting')
    .selectAll()
    .where('connection', '=', of.connection)
    .where('client_id', '=', of.client_id)
    .where('period', '=', of.period)
    .where('series', '=', of.series)
    .orderBy('revision')
    .execute();
  return rows as PostingRow[];
}

export async function postingsInStates(
  store: Reader,
  connection: string,
  states: readonly PostingState[],
): Promise<PostingRow[]> {
  const rows = await store
    .selectFrom('posting')
    .selectAll()
    .where('connection', '=', connection)
    .where('state', 'in', [...states])
    .orderBy('batch')
    .orderBy('position')
    .execute();
  return rows as PostingRow[];
}

/** The months with a posted invoice, newest first. */
export async function latestPostedPeriods(
  store: Reader,
  connection: string,
  before: string | null,
  limit: number,
): Promise<readonly string[]> {
  let query = store.selectFrom('posting').select('period').distinct();
  query = query.where('connection', '=', connection).where('state', '=', 'POSTED');
  if (before !== null) query = query.where('period', '<', before);
  const rows = await query.orderBy('period', 'desc').limit(limit).execute();
  return rows.map((row) => row.period);
}

/** The posting that already stands for an invoice of the books. */
export async function findPostingOfInvoice(
  store: Reader,
  connection: string,
  { document, id }: BooksDocument,
): Promise<PostingRow | null> {
  const query = store.selectFrom('posting').selectAll().where('connection', '=', connection);
  const row = await query
    .where(sql`json_extract(content, '$.document')`, '=', document)
    .where('invoice_id', '=', id)
    .executeTakeFirst();
  return (row as PostingRow | undefined) ?? null;
}

export async function insertPosting(transaction: StoreTransaction, row: PostingRow): Promise<void> {
  await transaction.insertInto('posting').values(row).execute();
}

export async function movePosting(
  transaction: StoreTransaction,
  posting: Pick<PostingRow, 'key' | 'state'>,
  to: PostingState,
  facts: TransitionFacts,
): Promise<void> {
  await transaction
    .insertInto('posting_transition')
    .values({ posting: posting.key, from_state: posting.state, to_state: to, ...columnsOf(facts) })
    .execute();
}

export async function changePosting(
  transaction: StoreTransaction,
  key: string,
  change: PostingChange,
): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await transaction.updateTable('posting').set(change).where('key', '=', key).execute();
}

/** The next number of a month on a connection; given out once, never again. */
export async function nextRefSequence(
  transaction: StoreTransaction,
  connection: string,
  period: string,
): Promise<number> {
  const row = await transaction
    .insertInto('posting_ref')
    .values({ connection, period, last: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['connection', 'period'])
        .doUpdateSet((set) => ({ last: set('posting_ref.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return row.last;
}

const columnsOf = (facts: TransitionFacts) => ({
  fence: facts.fence,
  actor: facts.actor,
  at: facts.at,
  reason: facts.reason,
  request_id: facts.requestId,
});
