import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/relay/clock.ts';
import { appendAudit, auditHead, verifyAudit } from '../../src/relay/store/audit.ts';
import { inTransaction, openStore, type Store } from '../../src/relay/store/database.ts';
import { append, tamper } from './audit-trail.ts';
import { makeFolder } from './fixture.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = makeFolder();
  store = await openStore(folder);
});
afterEach(async () => {
  await store.destroy();
  rmSync(folder, { recursive: true, force: true });
});

describe('the audit chain', () => {
  it('verifies, empty and with entries', async () => {
    expect(await verifyAudit(store, null)).toEqual({ verified: true, reason: null });
    await append(store, 30);
    expect(await verifyAudit(store, await auditHead(store))).toEqual({
      verified: true,
      reason: null,
    });
  });

  it.each(['ts', 'person', 'action', 'object', 'words', 'digests', 'request_id', 'hash', 'prev'])(
    'fails when one character of %s is changed',
    async (column) => {
      await append(store, 5);
      store = await tamper(
        folder,
        store,
        `update audit set ${column} = case when substr(${column}, 1, 1) = 'b' then 'c' else 'b' end || substr(${column}, 2) where seq = 3`,
      );
      const { verified, reason } = await verifyAudit(store, null);
      expect(verified).toBe(false);
      expect(reason).toMatch(/Entry [34] /);
    },
  );

  it.each([
    ['an entry is taken out', 'delete from audit where seq = 3', /Entry 3 is missing/],
    [
      'two entries change places',
      'update audit set seq = case seq when 2 then -3 when 3 then 2 end where seq in (2, 3)',
      /missing|follow|changed/,
    ],
  ])('fails when %s', async (_name, statement, words) => {
    await append(store, 5);
    store = await tamper(folder, store, statement);
    const { verified, reason } = await verifyAudit(store, null);
    expect(verified).toBe(false);
    expect(reason).toMatch(words);
  });

  it('refuses to be changed or cut by anything that goes through the store', async () => {
    await append(store, 2);
    const change = store
      .updateTable('audit')
      .set({ words: 'other' } as never)
      .where('seq', '=', 1)
      .execute();
    await expect(change).rejects.toThrow(/append-only/);
    await expect(store.deleteFrom('audit').execute()).rejects.toThrow(/append-only/);
  });

  it('has no entry of what was rolled back', async () => {
    const work = inTransaction(store, async (transaction) => {
      await appendAudit(transaction, systemClock, {
        person: 'x',
        action: 'a',
        object: 'o',
        words: 'w',
      });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await auditHead(store)).toBeNull();
  });
});
