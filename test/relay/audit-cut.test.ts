// Entries that somebody cuts off the end of the trail, or writes anew, while the relay runs.
import Sqlite from 'better-sqlite3';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/relay/clock.ts';
import { openAnchor } from '../../src/relay/store/audit-anchor.ts';
import { appendAudit, auditHead } from '../../src/relay/store/audit.ts';
import { databasePath, inTransaction, openStore, type Store } from '../../src/relay/store/database.ts'; // prettier-ignore
import { verifyFolder } from '../../src/relay/audit/verify.ts';
import { append, forge } from './audit-trail.ts';
import { plainDraft, startEngine } from './posting/fake-ports.ts';
import { actions, closeWorlds, makeWorld, posted, stateOf } from './posting/world.ts';
import { makeFolder, plainConfig, startTestRelay, type TestRelay } from './fixture.ts';

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

/** From another process, as somebody with the file would. */
function cut(data: string, entries: number): void {
  const file = new Sqlite(databasePath(data));
  file.exec('drop trigger audit_is_not_deleted');
  file.exec(`delete from audit where seq > (select max(seq) - ${entries} from audit)`);
  file.close();
}

const anchored = (data: string): unknown =>
  (JSON.parse(readFileSync(join(data, 'audit.anchor'), 'utf8')) as { seq: number }).seq;

describe('a trail that is cut while it is written', () => {
  it('takes nothing more, and the anchor stays on what is gone', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(store, 5);
    await anchor.stop();
    await anchor.follow();
    cut(folder, 2);
    await expect(append(store, 1)).rejects.toMatchObject({
      code: 'RECOVERY',
      message: expect.stringMatching(/^Entry 5 of the audit trail is missing/),
    });
    await anchor.stop();
    expect([anchored(folder), (await auditHead(store))?.seq]).toEqual([5, 3]);
    expect(await openAnchor(store, folder).verify()).toMatchObject({ verified: false });
  });

  it('is noticed by the anchor where another process wrote over the cut', async () => {
    const heard: unknown[] = [];
    const anchor = openAnchor(store, folder, (words) => void heard.push(words));
    await anchor.follow();
    await append(store, 5);
    await anchor.stop();
    await anchor.follow();
    cut(folder, 2);
    const other = await openStore(folder);
    await append(other, 4);
    await other.destroy();
    await anchor.stop();
    expect([anchored(folder), anchor.trouble()]).toEqual([5, expect.stringMatching(/Entry 5 .*anew/)]); // prettier-ignore
    expect(heard).toEqual([expect.stringMatching(/Entry 5 .*anew/)]);
    await expect(append(store, 1)).rejects.toThrow(/written anew/);
  });

  it('is noticed before the anchor has moved, and the anchor tells the next start', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(store, 5);
    cut(folder, 2);
    await anchor.stop();
    expect([anchored(folder), anchor.trouble()]).toEqual([5, expect.stringMatching(/Entry 5 .*missing/)]); // prettier-ignore
    expect((await verifyFolder(store, folder, null)).verified).toBe(false);
  });

  it('is noticed where its last entry was edited and hashed anew', async () => {
    await append(store, 3);
    await forge(store, 3);
    await expect(append(store, 1)).rejects.toThrow(/^Entry 3 of the audit trail was written anew/);
  });

  it('takes what follows an act that was taken back', async () => {
    await append(store, 1);
    const broken = inTransaction(store, async (transaction) => {
      await appendAudit(transaction, systemClock, { person: 'x', action: 'a', object: 'o', words: 'w' }); // prettier-ignore
      throw new Error('taken back');
    });
    await expect(broken).rejects.toThrow('taken back');
    await append(store, 2);
    expect(await openAnchor(store, folder).verify()).toMatchObject({ reason: 'The anchor of the audit trail is gone.' }); // prettier-ignore
  });
});

describe('a running relay whose trail was cut', () => {
  let relay: TestRelay;
  it('says so, writes nothing more, and starts into recovery', async () => {
    relay = await startTestRelay();
    await append(relay.core.store, 3);
    expect((await relay.ask({ path: '/health' })).json.status).toBe('ok');
    cut(relay.data, 1);
    const { json } = await relay.ask({ path: '/health' });
    expect(json).toMatchObject({ status: 'degraded', troubles: [expect.stringMatching(/is missing/)] }); // prettier-ignore
    await expect(append(relay.core.store, 1)).rejects.toMatchObject({ code: 'RECOVERY' });
    expect((await relay.asked({ path: '/api/audit' })).json.verified).toBe(false);
    await relay.stop();
    relay = await startTestRelay(plainConfig(), { data: relay.data });
    expect((await relay.ask({ path: '/health' })).json.status).toBe('recovery');
    await relay.remove();
  });
});

describe('posting on a trail that was cut', () => {
  afterEach(closeWorlds);

  it('sends nothing, neither at Post nor in the middle of a batch', async () => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(2));
    world.books.onCreate = async () => {
      await sql.raw('drop trigger if exists audit_is_not_deleted').execute(world.store);
      await sql
        .raw('delete from audit where seq = (select max(seq) from audit)')
        .execute(world.store);
    };
    await expect(running.worker.tick()).rejects.toMatchObject({ code: 'RECOVERY' });
    await expect(running.worker.tick()).rejects.toMatchObject({ code: 'RECOVERY' });
    expect(world.books.creates).toHaveLength(1);
    const anew = actions(running).submit(
      { ...plainDraft(1), period: '2026-09' as never },
      'september',
    );
    await expect(anew).rejects.toMatchObject({ code: 'RECOVERY' });
    expect(stateOf(await actions(running).look(batch))).toEqual(['SENDING', 'READY']);
  });
});
