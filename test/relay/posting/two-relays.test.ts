// Two relays on one set of books (F34): each knows its own marks, and stops at those of the other.
import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideInstance } from '../../../src/relay/installation.ts';
import { openMemoryStore } from '../../../src/relay/store/database.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, type Running, type World } from './fake-ports.ts'; // prettier-ignore
import { actions, ANNA, closeWorlds, makeWorld, only, posted, stateOf, type Batch } from './world.ts'; // prettier-ignore

const stores: World['store'][] = [];
afterEach(async () => {
  await closeWorlds();
  for (const store of stores.splice(0)) await store.destroy();
});

/** A database of its own on the books, customers and clock of another world. */
async function besides(world: World): Promise<World> {
  const store = await openMemoryStore();
  stores.push(store);
  return { ...world, store };
}

const asked = { ...ANNA, query: {}, params: {}, body: {} };
const know = ({ posting }: Running, marker: string) =>
  posting.handlers.knowMark({
    ...asked,
    body: { marker, reason: 'the relay of the other office' },
  });
const post = ({ posting }: Running, { id, digest }: Batch, seen: string[]) =>
  posting.handlers.post({ ...asked, params: { batch: id }, body: { key: 'p', digest, seen } });

async function twoRelays(): Promise<{ world: World; mine: Running; other: Running }> {
  const world = await makeWorld({ clients: 4 });
  const mine = await startEngine(world, { instance: 'mine' });
  const other = await startEngine(await besides(world), { instance: 'else' });
  return { world, mine, other };
}

describe('two relays on one set of books', () => {
  it('say in every mark whose it is', async () => {
    const { world, mine } = await twoRelays();
    await posted(mine, plainDraft(1));
    await mine.worker.tick();
    expect(world.books.invoices()[0]?.marker).toMatch(/^\[rly:mine-[0-9a-f]{12}\]$/);
    expect((await mine.posting.handlers.books(asked)).instance).toBe('mine');
  });

  it('the second refuses to post until a person knows the first, then all of its marks', async () => {
    const { world, mine, other } = await twoRelays();
    await posted(other, plainDraft(2));
    await other.worker.tick();
    const act = actions(mine);
    const batch = await act.submit(draftOf([invoiceOf('c4', [{ quantity: '1', price: '5' }])]));
    await act.approve(batch);
    await expect(act.post(batch)).rejects.toThrow(/\[rly:else-[0-9a-f]{12}\] of another relay \(else; this one is mine\)/); // prettier-ignore
    expect(world.books.creates).toHaveLength(2);
    await know(mine, world.books.invoices()[0]?.marker ?? '');
    await act.post(batch);
    await mine.worker.tick();
    // Both count from one: the number is the other's, and that is a person's affair.
    expect(only(await act.look(batch), 'c4')).toMatchObject({ state: 'CONFLICT', ref: 'MC2610-0001' }); // prettier-ignore
    expect((await mine.posting.handlers.sweep(asked)).findings.filter(({ kind }) => kind === 'foreign')).toEqual([]); // prettier-ignore
    expect(world.books.creates).toHaveLength(2);
  });

  it('never bill one client twice: what the other posted is in the way until it was seen', async () => {
    const { world, mine, other } = await twoRelays();
    await posted(other, draftOf([...plainDraft(2).invoices].reverse()));
    await other.worker.tick();
    const act = actions(mine);
    const batch = await act.submit(plainDraft(2));
    await act.approve(batch);
    await know(mine, world.books.invoices()[0]?.marker ?? '');
    await expect(act.post(batch)).rejects.toThrow(/may be the same already: Client 1: invoice 2 .*Client 2: invoice 1/); // prettier-ignore
    await post(mine, batch, ['1', '2']);
    await mine.worker.tick();
    expect(stateOf(await act.look(batch))).toEqual(['CONFLICT', 'CONFLICT']);
    expect(world.books.creates).toHaveLength(2);
  });

  it('a batch that was under way stops at the next start', async () => {
    const { world, mine, other } = await twoRelays();
    const batch = await posted(mine, plainDraft(1));
    await posted(other, draftOf([invoiceOf('c4', [{ quantity: '1', price: '5' }])]));
    await other.worker.tick();
    const again = await startEngine(world, { instance: 'mine' });
    await again.worker.tick();
    const stopped = await actions(again).look(batch);
    expect(stopped).toMatchObject({ state: 'PAUSED', reason: expect.stringMatching(/of another relay \(else/) }); // prettier-ignore
    expect(world.books.creates).toHaveLength(1);
  });

  it('a copy of the whole data folder is told by its own marks that the database does not know', async () => {
    const world = await makeWorld({ clients: 4 });
    const mine = await startEngine(world, { instance: 'mine' });
    const copy = await startEngine(await besides(world), { instance: 'mine' });
    await posted(copy, plainDraft(1));
    await copy.worker.tick();
    const act = actions(mine);
    const batch = await act.submit(draftOf([invoiceOf('c4', [{ quantity: '1', price: '5' }])]));
    await act.approve(batch);
    await expect(act.post(batch)).rejects.toThrow(/of this relay, whose database does not know it/);
    expect(world.books.creates).toHaveLength(1);
  });

  it('an existing database keeps its numbers and marks, and finds what it posted by them', async () => {
    const world = await makeWorld();
    const first = await startEngine(world, { instance: 'mine' });
    world.books.faults.create = () => 'lands late';
    const batch = await posted(first, plainDraft(1));
    await first.worker.tick();
    world.clock.advance(16 * 60_000);
    const moved = await startEngine(world, { instance: 'newm' });
    await moved.worker.tick();
    const [posting] = (await actions(moved).look(batch)).postings;
    expect(posting).toMatchObject({ state: 'POSTED', ref: 'MC2610-0001', adopted: true });
    expect(world.books.invoices()[0]?.marker).toMatch(/^\[rly:mine-/);
  });
});

describe('the name of an installation', () => {
  it('is made once, kept in the data folder, and refused when it was spoilt', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mcc-installation-'));
    const made = provideInstance(folder);
    expect(made).toMatch(/^[a-z2-7]{4}$/);
    expect(provideInstance(folder)).toBe(made);
    expect(readFileSync(join(folder, 'installation'), 'utf8')).toBe(`${made}\n`);
    writeFileSync(join(folder, 'installation'), 'Acme!');
    expect(() => provideInstance(folder)).toThrow(/"Acme!" is not the name of an installation/);
    rmSync(folder, { recursive: true });
  });
});
