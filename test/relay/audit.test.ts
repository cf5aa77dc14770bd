import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/relay/clock.ts';
import { appendAudit, auditHead, verifyAudit } from '../../src/relay/store/audit.ts';
import { openAnchor } from '../../src/relay/store/audit-anchor.ts';
import {
  databasePath,
  inTransaction,
  openStore,
  type Store,
} from '../../src/relay/store/database.ts';
import { makeFolder, plainConfig, startTestRelay } from './fixture.ts';

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

async function append(count: number): Promise<void> {
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

/** As somebody with the file and no regard for triggers would. */
async function tamper(statement: string): Promise<void> {
  await store.destroy();
  const file = new Sqlite(databasePath(folder));
  file.exec('drop trigger audit_is_not_edited; drop trigger audit_is_not_deleted');
  expect(file.prepare(statement).run().changes).toBeGreaterThan(0);
  file.close();
  store = await openStore(folder);
}

describe('the audit chain', () => {
  it('verifies, empty and with entries', async () => {
    expect(await verifyAudit(store, null)).toEqual({ verified: true, reason: null });
    await append(30);
    expect(await verifyAudit(store, await auditHead(store))).toEqual({
      verified: true,
      reason: null,
    });
  });

  it.each(['ts', 'person', 'action', 'object', 'words', 'digests', 'request_id', 'hash', 'prev'])(
    'fails when one character of %s is changed',
    async (column) => {
      await append(5);
      await tamper(
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
    await append(5);
    await tamper(statement);
    const { verified, reason } = await verifyAudit(store, null);
    expect(verified).toBe(false);
    expect(reason).toMatch(words);
  });

  it('refuses to be changed or cut by anything that goes through the store', async () => {
    await append(2);
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

describe('the anchor outside the database', () => {
  it('notices that the last entries were cut off', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(5);
    await anchor.stop();
    await tamper('delete from audit where seq > 3');
    const { verified, reason } = await openAnchor(store, folder).verify();
    expect(verified).toBe(false);
    expect(reason).toBe('Entries 4 to 5 are missing.');
  });

  it('notices a database put back from a backup, even when it grew again', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(3);
    await anchor.stop();
    await store.destroy();
    copyFileSync(databasePath(folder), join(folder, 'backup'));
    store = await openStore(folder);
    const later = openAnchor(store, folder);
    await later.follow();
    await append(2);
    await later.stop();
    await store.destroy();
    rmSync(`${databasePath(folder)}-wal`, { force: true });
    copyFileSync(join(folder, 'backup'), databasePath(folder));
    store = await openStore(folder);
    await append(4);
    const { verified, reason } = await openAnchor(store, folder).verify();
    expect(verified).toBe(false);
    expect(reason).toBe('Entry 5 was written anew.');
  });

  it('notices that it was written by somebody else', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(1);
    await anchor.stop();
    const head = await auditHead(store);
    writeFileSync(join(folder, 'audit.anchor'), JSON.stringify({ ...head, mac: 'f'.repeat(64) }));
    expect((await openAnchor(store, folder).verify()).reason).toMatch(/not written by this relay/);
    rmSync(join(folder, 'audit.anchor'));
    expect((await openAnchor(store, folder).verify()).reason).toMatch(/is gone/);
    writeFileSync(join(folder, 'audit.anchor'), '{');
    expect((await openAnchor(store, folder).verify()).reason).toMatch(/cannot be read/);
  });
});

describe('a relay on a restored database', () => {
  it('says recovery until a person accepts it', async () => {
    const first = await startTestRelay();
    expect((await first.ask({ path: '/health' })).json.status).toBe('ok');
    await note(first.core.store);
    await first.stop();
    copyFileSync(databasePath(first.data), join(folder, 'backup'));
    const second = await startTestRelay(plainConfig(), { data: first.data });
    await note(second.core.store);
    await second.stop();
    copyFileSync(join(folder, 'backup'), databasePath(first.data));

    const third = await startTestRelay(plainConfig(), { data: first.data });
    expect((await third.ask({ path: '/health' })).json.status).toBe('recovery');
    expect((await third.asked({ path: '/api/audit' })).json.verified).toBe(false);
    const post = {
      method: 'POST',
      path: '/api/batches/b1/post',
      body: { key: 'k', digest: 'a'.repeat(64) },
    };
    const refused = await third.asked(post);
    expect([refused.status, refused.json.code]).toEqual([409, 'RECOVERY']);
    expect(refused.json.message).toMatch(/Entries 2 to 2 are missing/);
    expect((await third.asked({ path: '/api/periods/2026-10/status' })).status).toBe(200);
    await third.stop();

    const fourth = await startTestRelay(plainConfig(), { data: first.data, acceptRestore: true });
    expect((await fourth.ask({ path: '/health' })).json.status).toBe('ok');
    const { json } = await fourth.asked({ path: '/api/audit' });
    expect(json.verified).toBe(true);
    expect(json.entries[0].words).toMatch(/--accept-restore .*Before: Entries 2 to 2 are missing/);
    await fourth.remove();
  });
});

const note = (store: Store): Promise<void> =>
  inTransaction(store, (transaction) =>
    appendAudit(transaction, systemClock, {
      person: 'x',
      action: 'noted',
      object: 'o',
      words: 'A note.',
    }),
  );
