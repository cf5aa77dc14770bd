// What was found wrong and is right again: by a person in the books, or because it was a false reading.
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainDraft, startEngine, type Running, type World } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, posted, stateOf, type Batch } from './world.ts';
import { asked, decide, sent, sweep, thereAlready, waiting, type Walk } from './walk.ts';

afterEach(closeWorlds);

const OCTOBER = '2026-10' as never;
const states = async ({ running, batch }: Walk) => stateOf(await actions(running).look(batch));
const spotCheck = ({ running, batch }: Walk) =>
  running.posting.handlers.spotCheck({ ...asked, params: { batch: batch.id }, body: {} });

async function threePosted(): Promise<{ world: World; running: Running; batch: Batch }> {
  const world = await makeWorld({ clients: 3 });
  const running = await startEngine(world);
  const batch = await posted(running, plainDraft(3));
  await running.worker.tick();
  return { world, running, batch };
}

/** Another company file is open in the same program: none of our invoices is in it. */
function openOther({ books }: World, from: 'now' | 'the first list'): () => void {
  const { company } = books;
  const [list, read] = [company.list.bind(company), company.read.bind(company)];
  if (from === 'now') books.companyId = 'company-2';
  Object.assign(company, {
    list() {
      books.companyId = 'company-2';
      return Promise.resolve([]);
    },
    read: () => Promise.resolve(null),
  });
  return () => {
    books.companyId = 'company-1';
    Object.assign(company, { list, read });
  };
}

const READERS = [
  ['a spot check', spotCheck],
  ['a sweep', async (walk: Walk) => {
    const { failed } = await sweep(walk);
    if (failed !== null) throw new Error(failed);
  }],
] as const; // prettier-ignore

describe.each(READERS)('%s in the books of another company', (_name, read) => {
  it.each(['now', 'the first list'] as const)('opened %s, changes nothing', async (from) => {
    const walk = await threePosted();
    const openOurs = openOther(walk.world, from);
    await expect(read(walk)).rejects.toThrow(/now Company company-2 answers/);
    openOurs();
    expect(await states(walk)).toEqual(['POSTED', 'POSTED', 'POSTED']);
    await read(walk);
    expect(await walk.running.posting.isSealed(OCTOBER)).toBe(true);
  });
});

describe.each(READERS)('%s of what was in trouble', (_name, read) => {
  it('says so while it is, and posted once it is right again, and sends nothing', async () => {
    const walk = await threePosted();
    const { books } = walk.world;
    const [first, , third] = books.invoices();
    books.edit('1', { id: 'hidden', marker: null, ref: 'x' });
    books.edit('2', { voided: true });
    books.edit('3', { subtotal: '1.00' as never });
    await read(walk);
    const wrong = ['MISSING_IN_LEDGER', 'VOIDED', 'MISMATCH'];
    expect(await states(walk)).toEqual(wrong);
    await read(walk);
    expect(await states(walk)).toEqual(wrong);
    books.edit('hidden', first ?? {});
    books.edit('2', { voided: false });
    books.edit('3', third ?? {});
    await read(walk);
    expect(await states(walk)).toEqual(['POSTED', 'POSTED', 'POSTED']);
    expect(books.creates).toHaveLength(3);
    expect((await sweep(walk)).findings).toEqual([]);
    expect((await actions(walk.running).look(walk.batch)).postings[0]?.reason).toBe('');
  });
});

describe('two of one invoice', () => {
  it('are one again when the copy is voided', async () => {
    const walk = await sent();
    await thereAlready(walk);
    expect((await spotCheck(walk)).readBack).toMatchObject({ compared: 1, equal: 0 });
    expect(await states(walk)).toEqual(['DUPLICATE_IN_LEDGER']);
    walk.world.books.edit('2', { voided: true });
    expect((await sweep(walk)).findings).toEqual([]);
    expect(await states(walk)).toEqual(['POSTED']);
  });

  it('stay two where the books list nothing, for silence mends nothing', async () => {
    const walk = await sent();
    await thereAlready(walk);
    await sweep(walk);
    const { company } = walk.world.books;
    Object.assign(company, { list: () => Promise.resolve([]) });
    expect((await sweep(walk)).findings).toMatchObject([{ kind: 'duplicate' }]);
    expect((await spotCheck(walk)).readBack).toMatchObject({ compared: 1, equal: 0 });
    expect(await states(walk)).toEqual(['DUPLICATE_IN_LEDGER']);
  });

  it('stay a trouble while only the other one stands, and it is named', async () => {
    const walk = await sent();
    await thereAlready(walk);
    await sweep(walk);
    walk.world.books.edit('1', { voided: true });
    const { findings } = await sweep(walk);
    expect(findings).toMatchObject([
      { kind: 'voided', words: 'MC2610-0001 was voided in the books; they hold it as 2' },
    ]);
    expect(await states(walk)).toEqual(['DUPLICATE_IN_LEDGER']);
  });
});

it('an invoice that a person pointed at keeps its number in a spot check too', async () => {
  const walk = await waiting();
  await thereAlready(walk);
  walk.world.books.edit('1', { marker: null, ref: '4711' });
  await decide(walk, 'it is there', '1');
  expect((await spotCheck(walk)).readBack).toMatchObject({ compared: 1, equal: 1 });
  expect(await states(walk)).toEqual(['POSTED']);
});
