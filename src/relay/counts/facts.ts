/** Small facts of the relay, each under its own name. */
import type { Store, StoreTransaction } from '../store/database.ts';

export async function keepFact(
  transaction: StoreTransaction,
  key: string,
  value: string,
): Promise<void> {
  await transaction
    .insertInto('fact')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

export async function readFact(
  store: Store | StoreTransaction,
  key: string,
): Promise<string | null> {
  const row = await store
    .selectFrom('fact')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.value ?? null;
}
