/** A trail of some entries, and what somebody with the file may do to it. */
import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { expect } from '@jest/globals';
import { sql } from 'kysely';
import { canonicalJson } from '../../src/relay/canonical.ts';
import { systemClock } from '../../src/relay/clock.ts';
import type { AuditTable } from '../../src/relay/store/schema-audit.ts';
import { appendAudit } from '../../src/relay/store/audit.ts';
import { databasePath, inTransaction, openStore, type Store } from '../../src/relay/store/database.ts'; // prettier-ignore

export async function append(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await inTransaction(store, (transaction) =>
      appendAudit(transaction, systemClock, {
        person: 'Dana Whitfield',
        action: 'approved batch',
        object: `batch ${index}`,
        words: `Approved number ${index}.`,
        digests: { batch: 'a'.repeat(64) },
      }),
    );
  }
}

/** As somebody with the file and no regard for triggers would; opened again. */
export async function tamper(folder: string, store: Store, statement: string): Promise<Store> {
  await store.destroy();
  const file = new Sqlite(databasePath(folder));
  file.exec('drop trigger audit_is_not_edited; drop trigger audit_is_not_deleted');
  expect(file.prepare(statement).run().changes).toBeGreaterThan(0);
  file.close();
  return openStore(folder);
}

/** Changes an entry and makes its hash anew, so that the chain fits up to there. */
export async function forge(store: Store, seq: number): Promise<void> {
  const found = await store.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirstOrThrow(); // prettier-ignore
  const words = 'Other words.';
  const hash = hashOfEntry({ ...found, words });
  await sql.raw('drop trigger if exists audit_is_not_edited').execute(store);
  await store
    .updateTable('audit')
    .set({ words, hash } as never)
    .where('seq', '=', seq)
    .execute();
}

/** As the relay makes it. */
export function hashOfEntry(entry: AuditTable): string {
  const {
    seq,
    ts,
    person,
    action,
    object,
    words,
    period,
    digests,
    prev,
    request_id: requestId,
  } = entry;
  const sealed = { seq, ts, person, action, object, words, period, digests, requestId, prev };
  return createHash('sha256').update(canonicalJson(sealed)).digest('hex');
}
