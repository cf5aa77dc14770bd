// The head of the trail outside the database: what it notices, and what happens when it fails.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../src/relay/clock.ts';
import { createLog } from '../../src/relay/log.ts';
import { appendAudit, auditHead, verifyAudit } from '../../src/relay/store/audit.ts';
import { openAnchor } from '../../src/relay/store/audit-anchor.ts';
import { databasePath, inTransaction, openStore, type Store } from '../../src/relay/store/database.ts'; // prettier-ignore
import { append, forge, tamper } from './audit-trail.ts';
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

describe('the anchor outside the database', () => {
  it('notices that the last entries were cut off', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(store, 5);
    await anchor.stop();
    store = await tamper(folder, store, 'delete from audit where seq > 3');
    const reason = 'Entries 4 to 5 are missing.';
    expect(await openAnchor(store, folder).verify()).toEqual({ verified: false, reason, isOlder: true }); // prettier-ignore
  });

  it.each([
    ['the last entry', 5, 'Entry 5 was written anew.'],
    ['the last entry, with another behind it', 5, 'Entry 5 was written anew.'],
  ])('takes a trail whose tail was made anew for no older copy: %s', async (name, seq, reason) => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(store, 5);
    await anchor.stop();
    await forge(store, seq);
    await store.destroy();
    store = await openStore(folder);
    if (name.endsWith('behind it')) await append(store, 1);
    expect(await verifyAudit(store, null)).toMatchObject({ verified: true });
    expect(await openAnchor(store, folder).verify()).toEqual({ verified: false, reason, isOlder: false }); // prettier-ignore
  });

  it('takes a trail that was cut and edited for no older copy', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(store, 5);
    await anchor.stop();
    store = await tamper(folder, store, 'delete from audit where seq > 3');
    await forge(store, 2);
    expect(await openAnchor(store, folder).verify()).toMatchObject({ verified: false, isOlder: false }); // prettier-ignore
  });

  it('notices a database put back from a backup, even when it grew again', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(store, 3);
    await anchor.stop();
    await store.destroy();
    copyFileSync(databasePath(folder), join(folder, 'backup'));
    store = await openStore(folder);
    const later = openAnchor(store, folder);
    await later.follow();
    await append(store, 2);
    await later.stop();
    await store.destroy();
    rmSync(`${databasePath(folder)}-wal`, { force: true });
    copyFileSync(join(folder, 'backup'), databasePath(folder));
    store = await openStore(folder);
    await append(store, 4);
    const { verified, reason } = await openAnchor(store, folder).verify();
    expect(verified).toBe(false);
    expect(reason).toBe('Entry 5 was written anew.');
  });

  it('notices that it was written by somebody else', async () => {
    const anchor = openAnchor(store, folder);
    await anchor.follow();
    await append(store, 1);
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

describe('an anchor that cannot be written', () => {
  const doNotFake = ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] as const;
  afterEach(() => void jest.useRealTimers());
  /** A folder of the name that the file is written under. */
  const inTheWay = (): string => join(folder, 'audit.anchor.new');
  const anchored = (): number =>
    (JSON.parse(readFileSync(join(folder, 'audit.anchor'), 'utf8')) as { seq: number }).seq;
  const pass = async (milliseconds: number): Promise<void> => {
    await jest.advanceTimersByTimeAsync(milliseconds);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
  };

  it('is said, and written with the next entry or by itself as soon as it can be', async () => {
    jest.useFakeTimers({ doNotFake: [...doNotFake] });
    const heard: (string | null)[] = [];
    const anchor = openAnchor(store, folder, (words) => void heard.push(words));
    await anchor.follow();
    await append(store, 1);
    await pass(300);
    expect([anchored(), anchor.trouble()]).toEqual([1, null]);

    mkdirSync(inTheWay());
    await append(store, 1);
    await pass(300);
    expect(anchor.trouble()).toMatch(/cannot be written \(\w+\)/);
    await append(store, 1);
    await pass(300);
    expect([anchored(), heard.length]).toEqual([1, 1]);
    rmdirSync(inTheWay());
    await append(store, 1);
    await pass(300);
    expect([anchored(), anchor.trouble()]).toEqual([4, null]);

    mkdirSync(inTheWay());
    await append(store, 1);
    await pass(6_000);
    expect([anchored(), anchor.trouble()]).toEqual([4, expect.anything()]);
    rmdirSync(inTheWay());
    await pass(6_000);
    expect([anchored(), anchor.trouble()]).toEqual([5, null]);
    expect(heard).toEqual([expect.any(String), null, expect.any(String), null]);
    await anchor.stop();
  });

  it('makes health degraded and ends nothing, also where the relay stops meanwhile', async () => {
    const relay = await startTestRelay();
    type Health = { readonly status: string; readonly troubles?: string[] };
    const health = async () => (await relay.ask({ path: '/health' })).json as Health;
    const until = async (status: string) => {
      for (let turn = 0; (await health()).status !== status && turn < 500; turn += 1);
      return health();
    };
    expect(await health()).toMatchObject({ status: 'ok' });
    mkdirSync(join(relay.data, 'audit.anchor.new'));
    await note(relay.core.store);
    const troubles = [expect.stringMatching(/^The anchor of the audit trail cannot be written/)];
    expect(await until('degraded')).toMatchObject({ status: 'degraded', troubles });
    rmdirSync(join(relay.data, 'audit.anchor.new'));
    await note(relay.core.store);
    const mended = await until('ok');
    expect(mended).toMatchObject({ status: 'ok' });
    expect(mended.troubles).toBeUndefined();
    const log = readFileSync(join(relay.data, 'relay.log'), 'utf8');
    expect(log).toMatch(/"event":"anchor","words":"The anchor.*"event":"anchor","words":"It is/s);

    mkdirSync(join(relay.data, 'audit.anchor.new'));
    await note(relay.core.store);
    await relay.stop();
    rmdirSync(join(relay.data, 'audit.anchor.new'));
    const again = await startTestRelay(plainConfig(), { data: relay.data });
    expect((await again.ask({ path: '/health' })).json.status).toBe('ok');
    await again.remove();
  });

  const FULL = '/dev/full';
  (existsSync(FULL) ? it : it.skip)('a full disk also stops the log, which ends nothing either', () => {
    const log = createLog(FULL, []);
    for (const event of ['first', 'second']) expect(() => log.error({ event })).not.toThrow();
  }); // prettier-ignore
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
    expect(json.entries[0].words).toMatch(
      /--accept-restore .*Before: Entries 2 to 2 are missing. Later: Entry 2 was written anew/,
    );
    await fourth.remove();
  });

  it('waits for a person where the last entry was edited and hashed anew', async () => {
    const first = await startTestRelay();
    await note(first.core.store);
    await first.stop();
    const own = store;
    store = await openStore(first.data);
    await forge(store, (await auditHead(store))?.seq ?? 0);
    await store.destroy();
    store = own;
    const second = await startTestRelay(plainConfig(), { data: first.data });
    expect((await second.ask({ path: '/health' })).json).toMatchObject({
      status: 'recovery',
      recovery: { needsPerson: true, reason: expect.stringMatching(/was written anew/) },
    });
    await second.remove();
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
