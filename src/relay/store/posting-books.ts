/** What was seen in the books and said about them: sweeps, closed clients, known marks of others. */
import type { Selectable } from 'kysely';
import type { StoreTransaction } from './database.ts';
import type { Reader } from './posting.ts';
import type { ClosureTable, KnownMarkTable, SweepTable } from './schema-posting.ts';

export type SweepRow = Omit<Selectable<SweepTable>, 'seq'>;

export async function latestSweep(store: Reader, connection: string): Promise<SweepRow | null> {
  const query = store.selectFrom('sweep').selectAll().where('connection', '=', connection);
  const row = await query.orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row ?? null;
}

export async function insertSweep(transaction: StoreTransaction, row: SweepRow): Promise<void> {
  await transaction.insertInto('sweep').values(row).execute();
}

export function closuresOf(
  store: Reader,
  connection: string,
  period: string,
): Promise<readonly ClosureTable[]> {
  const query = store.selectFrom('closure').selectAll().where('connection', '=', connection);
  return query.where('period', '=', period).orderBy('client_id').execute();
}

/** Said twice is said once. */
export async function insertClosure(
  transaction: StoreTransaction,
  row: ClosureTable,
): Promise<void> {
  await transaction
    .insertInto('closure')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Of these marks, the ones that are our own postings' or that a person knows of. */
export async function knownMarks(
  store: Reader,
  connection: string,
  markers: readonly string[],
): Promise<ReadonlySet<string>> {
  if (markers.length === 0) return new Set();
  const wanted = [...markers];
  const own = await store
    .selectFrom('posting')
    .select('marker')
    .where('connection', '=', connection)
    .where('marker', 'in', wanted)
    .execute();
  const others = await store
    .selectFrom('known_mark')
    .select('marker')
    .where('connection', '=', connection)
    .where('marker', 'in', wanted)
    .execute();
  return new Set([...own, ...others].map(({ marker }) => marker));
}

export async function insertKnownMark(
  transaction: StoreTransaction,
  row: KnownMarkTable,
): Promise<void> {
  await transaction
    .insertInto('known_mark')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
