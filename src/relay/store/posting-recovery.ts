/** Reads and writes of a recovery: what has to be looked up, and what the database forgot. */
import type { Selectable } from 'kysely';
import type { StoreTransaction } from './database.ts';
import type { Reader } from './posting.ts';
import type { ForgottenTable, RecoveryLookTable, RecoveryTable } from './schema-recovery.ts';

export type RecoveryRow = Selectable<RecoveryTable>;
export type RecoveryLook = RecoveryLookTable;
export type ForgottenRow = ForgottenTable;
export type RecoveryChange = Partial<
  Pick<
    RecoveryRow,
    'reason' | 'needs_person' | 'listed_at' | 'done_at' | 'trouble' | 'ended_at' | 'ended_by'
  >
>;

export async function findRecovery(store: Reader, id: number): Promise<RecoveryRow | null> {
  const query = store.selectFrom('recovery').selectAll().where('id', '=', id);
  return (await query.executeTakeFirst()) ?? null;
}

export async function looksOf(store: Reader, recovery: number): Promise<readonly RecoveryLook[]> {
  const query = store.selectFrom('recovery_look').selectAll().where('recovery', '=', recovery);
  return query.orderBy('posting').execute();
}

/** Of these marks, the documents that a recovery found in the books and knew nothing of. */
export async function forgottenOf(
  store: Reader,
  connection: string,
  markers: readonly string[],
): Promise<readonly ForgottenRow[]> {
  if (markers.length === 0) return [];
  const query = store.selectFrom('forgotten').selectAll().where('connection', '=', connection);
  return query
    .where('marker', 'in', [...markers])
    .orderBy('marker')
    .execute();
}

export async function allForgotten(
  store: Reader,
  connection: string,
): Promise<readonly ForgottenRow[]> {
  const query = store.selectFrom('forgotten').selectAll().where('connection', '=', connection);
  return query.orderBy('marker').execute();
}

export async function insertRecovery(
  transaction: StoreTransaction,
  row: Omit<RecoveryRow, 'id'>,
): Promise<number> {
  const { id } = await transaction
    .insertInto('recovery')
    .values(row)
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function changeRecovery(
  transaction: StoreTransaction,
  id: number,
  change: RecoveryChange,
): Promise<void> {
  await transaction.updateTable('recovery').set(change).where('id', '=', id).execute();
}

/** Put down again, a look replaces the one before. */
export async function putLook(transaction: StoreTransaction, look: RecoveryLook): Promise<void> {
  const { looked_at, words } = look;
  await transaction
    .insertInto('recovery_look')
    .values(look)
    .onConflict((conflict) =>
      conflict.columns(['recovery', 'posting']).doUpdateSet({ looked_at, words }),
    )
    .execute();
}

export async function putForgotten(
  transaction: StoreTransaction,
  row: ForgottenRow,
): Promise<void> {
  await transaction
    .insertInto('forgotten')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Numbers up to this one are taken in the books: none of them is given out again. */
export async function raiseRefSequence(
  transaction: StoreTransaction,
  of: { readonly connection: string; readonly period: string },
  atLeast: number,
): Promise<void> {
  await transaction
    .insertInto('posting_ref')
    .values({ ...of, last: atLeast })
    .onConflict((conflict) =>
      conflict
        .columns(['connection', 'period'])
        .doUpdateSet({ last: atLeast })
        .where('posting_ref.last', '<', atLeast),
    )
    .execute();
}
