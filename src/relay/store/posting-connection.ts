/** Who works on a books connection, which company it is, and whether it is parked. */
import type { StoreTransaction } from './database.ts';
import type { Reader } from './posting.ts';
import type { PostingConnectionTable } from './schema-posting.ts';

export async function findConnection(
  store: Reader,
  connection: string,
): Promise<PostingConnectionTable | null> {
  const query = store.selectFrom('posting_connection').selectAll();
  return (await query.where('connection', '=', connection).executeTakeFirst()) ?? null;
}

/** Makes `holder` the one worker of a connection: every write of the one before is refused. */
export async function takeOverConnection(
  transaction: StoreTransaction,
  connection: string,
  holder: string,
): Promise<number> {
  const first = {
    connection,
    fence: 1,
    holder,
    company_id: null,
    company_name: null,
    parked: null,
    park_kind: null,
    parked_by: null,
    recovery: null,
  };
  const row = await transaction
    .insertInto('posting_connection')
    .values(first)
    .onConflict((conflict) =>
      conflict
        .column('connection')
        .doUpdateSet((set) => ({ fence: set('posting_connection.fence', '+', 1), holder })),
    )
    .returning('fence')
    .executeTakeFirstOrThrow();
  return row.fence;
}

export type ConnectionChange = Partial<
  Pick<
    PostingConnectionTable,
    'company_id' | 'company_name' | 'parked' | 'park_kind' | 'parked_by' | 'recovery'
  >
>;

export async function changeConnection(
  transaction: StoreTransaction,
  connection: string,
  change: ConnectionChange,
): Promise<void> {
  const query = transaction.updateTable('posting_connection').set(change);
  await query.where('connection', '=', connection).execute();
}
