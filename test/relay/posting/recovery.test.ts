// A database put back from a backup, on a real file (F12): nothing is sent before it was looked up.
import { afterEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { databasePath, openStore } from '../../../src/relay/store/database.ts';
import { verifyAudit } from '../../../src/relay/store/audit.ts';
import { once } from './fake-books.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, type Running, type World } from './fake-ports.ts'; // prettier-ignore
import { actions, ANNA, only, posted, stateOf, worldOn, type Batch } from './world.ts';

const folders: string[] = [];
const worlds: World[] = [];
afterEach(async () => {
  for (const { store } of worlds.splice(0)) await store.destroy();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Place {
  readonly folder: string;
  readonly world: World;
}

async function open(clients = 3): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-restore-'));
  folders.push(folder);
  const world = worldOn(await openStore(folder), 'books', { clients });
  worlds.push(world);
  return { folder, world };
}

/** Everything that is committed, in one file beside the database. */
async function backUp({ folder, world }: Place): Promise<void> {
  await sql.raw('pragma wal_checkpoint(truncate)').execute(world.store);
  copyFileSync(databasePath(folder), join(folder, 'backup'));
}

/** The older file takes the place of the database; books, customers and clock stand as they are. */
async function restore({ folder, world }: Place): Promise<World> {
  await world.store.destroy();
  worlds.splice(worlds.indexOf(world), 1);
  for (const end of ['-wal', '-shm']) rmSync(`${databasePath(folder)}${end}`, { force: true });
  copyFileSync(join(folder, 'backup'), databasePath(folder));
  const again = { ...world, store: await openStore(folder) };
  worlds.push(again);
  return again;
}

interface Started extends Running {
  readonly anchored: string[];
}

async function startRestored(
  world: World,
  needsPerson = false,
  reason = 'Entries 5 to 9 are missing.',
): Promise<Started> {
  const anchored: string[] = [];
  const ended = () => Promise.resolve(void anchored.push('anchored'));
  const restored = { reason, needsPerson, ended };
  const running = await startEngine(world, { restored, holder: 'restored' });
  return { ...running, anchored };
}

const asked = { ...ANNA, query: {}, params: {}, body: {} };
const booksOf = ({ posting }: Running) => posting.handlers.books(asked);
const endIt = ({ posting }: Running, reason: string) =>
  posting.handlers.endRecovery({ ...asked, body: { reason } });

async function auditOf({ store }: World, action: string): Promise<string[]> {
  const rows = await store.selectFrom('audit').selectAll().where('action', '=', action).execute();
  return rows.map(({ person, words }) => `${person}: ${words}`);
}

/** Approved, and a copy of the database is made before anything of it is sent. */
async function approvedAndBackedUp(place: Place): Promise<Batch> {
  const running = await startEngine(place.world);
  const act = actions(running);
  const batch = await act.submit(plainDraft(3));
  await act.approve(batch);
  await backUp(place);
  await act.post(batch);
  await running.worker.tick();
  expect(stateOf(await act.look(batch))).toEqual(['POSTED', 'POSTED', 'POSTED']);
  return batch;
}

describe('an older copy of the database', () => {
  it('makes no second invoice, however often post is pressed, and looks before anything', async () => {
    const place = await open();
    const batch = await approvedAndBackedUp(place);
    const world = await restore(place);
    const before = world.books.lookups.length;
    const running = await startRestored(world);
    const act = actions(running);
    for (let press = 0; press < 20; press += 1) {
      await expect(act.post(batch, `key-${press}`)).rejects.toMatchObject({ code: 'RECOVERY' });
    }
    await expect(act.submit(plainDraft(1), 'other')).rejects.toThrow(/0 of 3 invoices were looked up/);
    expect(await act.look(batch)).toMatchObject({ state: 'APPROVED', waiting: expect.stringMatching(/Nothing is sent before all are/) });
    expect((await booksOf(running)).recovery).toMatchObject({ looked: 0, total: 3, needsPerson: false });
    expect(world.books.creates).toHaveLength(3);

    await running.worker.tick();
    expect(world.books.lookups.length - before).toBe(3);
    expect((await booksOf(running)).recovery).toBeUndefined();
    expect(running.anchored).toEqual(['anchored']);
    const done = await act.look(batch);
    expect(stateOf(done)).toEqual(['POSTED', 'POSTED', 'POSTED']);
    expect(done.postings.every(({ adopted }) => adopted)).toBe(true);
    expect(done.waiting).toBeUndefined();
    for (let press = 0; press < 20; press += 1) await act.post(batch, `again-${press}`);
    await running.worker.tick();
    expect((await act.look(batch)).state).toBe('COMPLETED');
    expect(world.books.invoices()).toHaveLength(3);
    expect(world.books.creates).toHaveLength(3);
    expect(await auditOf(world, 'recovery began')).toEqual(['relay: Entries 5 to 9 are missing. Nothing is sent before 3 invoices were looked up in the books.']);
    expect(await auditOf(world, 'recovery ended')).toEqual([expect.stringMatching(/^relay: 3 invoices were looked up, and the books were swept/)]);
    expect(await verifyAudit(world.store, null)).toMatchObject({ verified: true });
  }); // prettier-ignore

  it('adopts under its old number what it knows nothing of, and gives no number twice', async () => {
    const place = await open(5);
    const first = await startEngine(place.world);
    await backUp(place);
    await posted(first, plainDraft(3));
    await first.worker.tick();
    const world = await restore(place);
    const running = await startRestored(world);
    await running.worker.tick();
    expect((await booksOf(running)).recovery).toBeUndefined();

    // The forgotten month in another order, with one client changed and one that is new.
    const act = actions(running);
    const again = plainDraft(4);
    const [one, two, , four] = again.invoices;
    const changed = invoiceOf('c3', [{ quantity: '1', price: '5' }]);
    const batch = await act.submit(draftOf([four!, changed, two!, one!]), 'again');
    await act.approve(batch);
    await act.post(batch);
    await running.worker.tick();
    const done = await act.look(batch);
    const shown = done.postings.map(({ clientId, ref, state, adopted }) => [clientId, ref, state, adopted]);
    expect(shown).toEqual([
      ['c4', 'MC2610-0004', 'POSTED', false],
      ['c3', 'MC2610-0003', 'CONFLICT', true],
      ['c2', 'MC2610-0002', 'POSTED', true],
      ['c1', 'MC2610-0001', 'POSTED', true],
    ]);
    expect(only(done, 'c3').reason).toMatch(/differs: Lines: approved 1, in the books 2/);
    expect(world.books.creates).toHaveLength(4);
    expect(world.books.invoices()).toHaveLength(4);
  }); // prettier-ignore

  it('a forgotten later revision is in the way of the first one, whatever it comes to', async () => {
    const place = await open();
    const first = await startEngine(place.world);
    await backUp(place);
    place.world.books.faults.create = once('rejected');
    const refused = await posted(first, plainDraft(1));
    await first.worker.tick();
    expect(stateOf(await actions(first).look(refused))).toEqual(['REJECTED']);
    const revised = await actions(first).submit(plainDraft(1), 'key-2');
    await actions(first).approve(revised);
    await actions(first).post(revised, 'post-2');
    await first.worker.tick();
    expect(place.world.books.invoices()).toHaveLength(1);

    const running = await startRestored(await restore(place));
    await running.worker.tick();
    expect((await booksOf(running)).recovery).toBeUndefined();
    const act = actions(running);
    const changed = draftOf([invoiceOf('c1', [{ quantity: '1', price: '5' }])]);
    const batch = await act.submit(changed, 'again');
    await act.approve(batch);
    await expect(act.post(batch)).rejects.toThrow(/may be the same already: Client 1: invoice 1 \(number MC2610-0002\)/);
    const { invoices } = await running.posting.handlers.inBooks({ ...ANNA, query: {}, body: {}, params: { period: '2026-10' as never } });
    expect(invoices.map(({ alikeTo }) => alikeTo)).toEqual([(await act.look(batch)).postings.map(({ key }) => key)]);
    await running.worker.tick();
    expect(place.world.books.invoices()).toHaveLength(1);
  }); // prettier-ignore

  it('keeps what every look has seen, also of what was in doubt or refused', async () => {
    const place = await open();
    const first = await startEngine(place.world);
    const act = actions(first);
    const faults = ['lands late', 'rejected', 'none'] as const;
    let call = 0;
    place.world.books.faults.create = () => faults[call++] ?? 'none';
    const batch = await posted(first, plainDraft(3));
    await first.worker.tick();
    expect(stateOf(await act.look(batch))).toEqual(['UNKNOWN', 'REJECTED', 'POSTED']);
    await backUp(place);
    // Meanwhile the late one landed and was found, and the refused one went in at the second try.
    place.world.clock.advance(16 * 60_000);
    await act.decide(batch, only(await act.look(batch), 'c2').key, 'retry');
    await first.worker.tick();
    expect(stateOf(await act.look(batch))).toEqual(['POSTED', 'POSTED', 'POSTED']);

    const world = await restore(place);
    const running = await startRestored(world);
    await running.worker.tick();
    const now = await actions(running).look(batch);
    expect(stateOf(now)).toEqual(['POSTED', 'REJECTED', 'POSTED']);
    const kept = await world.store.selectFrom('posting_evidence').selectAll().where('kind', '=', 'recovery').orderBy('posting').execute();
    expect(kept).toHaveLength(3);
    const refused = only(now, 'c2');
    expect(refused.evidence.at(-1)?.words).toMatch(/The books hold invoice MC2610-0002 \(\d\) with our mark/);
    const { sweep } = await booksOf(running);
    expect(sweep?.findings).toMatchObject([{ kind: 'unexpected', clientName: 'Client 2' }]);
    // Retried, it is found and adopted: nothing is sent.
    const creates = world.books.creates.length;
    await actions(running).decide(batch, refused.key, 'retry');
    await running.worker.tick();
    expect(only(await actions(running).look(batch), 'c2')).toMatchObject({ state: 'POSTED', adopted: true });
    expect(world.books.creates).toHaveLength(creates);
  }); // prettier-ignore

  it('does not bring back what was deleted in the books meanwhile', async () => {
    const place = await open();
    const batch = await approvedAndBackedUp(place);
    const world = await restore(place);
    const [gone] = world.books.invoices();
    if (!gone) throw new Error('nothing is in the books');
    world.books.remove(gone.id);
    Object.assign(world.books.company, {
      findDeleted: (_document: string, ref: string) =>
        Promise.resolve(
          ref === gone.ref ? { id: gone.id, deletedAt: '2026-10-31T12:00:00Z' } : null,
        ),
    });
    const running = await startRestored(world);
    await running.worker.tick();
    await actions(running).post(batch, 'again');
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect(stateOf(done)).toEqual(['BLOCKED', 'POSTED', 'POSTED']);
    expect(done.postings[0]?.reason).toMatch(/was deleted in Fake Books on 2026-10-31/);
    expect(world.books.creates).toHaveLength(3);
  });
});

describe('a recovery that cannot end', () => {
  it('goes on where it stopped when the books were away, and begins again when the relay was', async () => {
    const place = await open();
    const batch = await approvedAndBackedUp(place);
    const world = await restore(place);
    const first = await startRestored(world);
    let left = 2;
    world.books.faults.lookup = () => (left-- > 0 ? 'none' : 'failed');
    const next = await first.worker.tick();
    expect(next).not.toBeNull();
    const words = (await booksOf(first)).recovery?.words;
    expect(words).toMatch(
      /2 of 3 invoices were looked up.*no answer to the look-up of MC2610-000\d/,
    );
    await expect(actions(first).post(batch)).rejects.toMatchObject({ code: 'RECOVERY' });

    const lookups = world.books.lookups.length;
    world.clock.advance(3_600_000);
    await first.worker.tick();
    expect(world.books.lookups.length - lookups).toBe(1);

    // Nobody can tell whether the database is still the one that was looked at.
    const second = await startRestored(world);
    expect((await booksOf(second)).recovery).toMatchObject({
      looked: 0,
      total: 3,
      needsPerson: false,
    });
    world.books.faults.lookup = () => 'none';
    await second.worker.tick();
    expect(world.books.lookups.length - lookups).toBe(4);
    expect((await booksOf(second)).recovery).toBeUndefined();
    expect(await auditOf(world, 'recovery began')).toHaveLength(1);
    expect(await auditOf(world, 'recovery began again')).toHaveLength(1);
    expect(world.books.creates).toHaveLength(3);
  });

  it('looks at all the others where a few never have an answer', async () => {
    const place = await open(6);
    const running = await startEngine(place.world);
    const batch = await actions(running).submit(plainDraft(6));
    await actions(running).approve(batch);
    const { postings } = await actions(running).look(batch);
    await backUp(place);
    const world = await restore(place);
    const after = await startRestored(world);
    const lookup = world.books.company.lookup.bind(world.books.company);
    const silent = new Set(postings.slice(0, 3).map(({ ref }) => ref));
    Object.assign(world.books.company, {
      lookup: (...[content, keys]: Parameters<typeof lookup>) =>
        silent.has(keys.ref)
          ? Promise.resolve({ verdict: 'failed', reason: 'no answer' })
          : lookup(content, keys),
    });
    await after.worker.tick();
    expect((await booksOf(after)).recovery).toMatchObject({ looked: 0, total: 6 });
    world.clock.advance(3_600_000);
    await after.worker.tick();
    expect((await booksOf(after)).recovery).toMatchObject({ looked: 3, total: 6 });
  });

  it('waits for a person when a later start finds the trail itself broken, and stays so', async () => {
    const place = await open();
    const batch = await approvedAndBackedUp(place);
    const world = await restore(place);
    const first = await startRestored(world);
    world.books.faults.lookup = () => 'failed';
    await first.worker.tick();
    expect((await booksOf(first)).recovery).toMatchObject({ needsPerson: false });
    world.books.faults.lookup = () => 'none';

    await startRestored(world, true, 'Entry 3 was written anew.');
    const third = await startRestored(world);
    world.clock.advance(3_600_000);
    await third.worker.tick();
    await third.worker.tick();
    expect((await booksOf(third)).recovery).toMatchObject({ looked: 3, total: 3, needsPerson: true, words: expect.stringMatching(/Entry 3 was written anew/) });
    expect(third.anchored).toEqual([]);
    await expect(actions(third).post(batch)).rejects.toMatchObject({ code: 'RECOVERY' });
    expect((await auditOf(world, 'recovery began again'))[0]).toMatch(/missing. Later: Entry 3 was written anew/);
    await endIt(third, 'the file was repaired by hand');
    expect(third.anchored).toEqual(['anchored']);
  }); // prettier-ignore

  it('waits for a person where the trail itself was rewritten', async () => {
    const place = await open();
    const batch = await approvedAndBackedUp(place);
    const world = await restore(place);
    const running = await startRestored(world, true);
    await running.worker.tick();
    await running.worker.tick();
    expect((await booksOf(running)).recovery).toMatchObject({ looked: 3, total: 3, needsPerson: true, words: expect.stringMatching(/then end the recovery/) });
    await expect(actions(running).post(batch)).rejects.toMatchObject({ code: 'RECOVERY' });
    expect(running.anchored).toEqual([]);
    expect((await endIt(running, 'the disk was exchanged')).recovery).toBeUndefined();
    expect(running.anchored).toEqual(['anchored']);
    expect(await auditOf(world, 'recovery ended')).toEqual(['Anna: Ended by Anna: the disk was exchanged (3 of 3 invoices were looked up). Before: Entries 5 to 9 are missing.']);
  }); // prettier-ignore

  it('ended by a person before anything was looked up, it still sends nothing twice', async () => {
    const place = await open();
    const batch = await approvedAndBackedUp(place);
    const world = await restore(place);
    const running = await startRestored(world);
    await endIt(running, 'the books are right');
    await actions(running).post(batch);
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
    expect(world.books.creates).toHaveLength(3);
  });
});
