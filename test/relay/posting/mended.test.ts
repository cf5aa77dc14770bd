// What was found wrong and is right again: by a person in the books, or because it was a false reading.
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainDraft, startEngine, type Running, type World } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted, stateOf, type Batch } from './world.ts';
import { asked, decide, movesOf, sent, sweep, thereAlready, waiting, type Walk } from './walk.ts';

afterEach(closeWorlds);

const OCTOBER = '2026-10' as never;
const states = async ({ running, batch }: Walk) => stateOf(await actions(running).look(batch));
const spotCheck = ({ running, batch }: Walk) =>
  running.posting.handlers.spotCheck({ ...asked, params: { batch: batch.id }, body: {} });

const close = ({ running }: Walk) =>
  running.posting.handlers.closeClient({
    ...asked,
    params: { period: OCTOBER, client: 'c1' },
    body: { reason: 'paid by cheque' },
  });

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

  it('are one again when the one we knew is voided: the copy is the invoice now', async () => {
    const walk = await sent();
    await thereAlready(walk);
    await sweep(walk);
    walk.world.books.edit('1', { voided: true });
    expect((await sweep(walk)).findings).toEqual([]);
    const one = only(await actions(walk.running).look(walk.batch));
    expect(one).toMatchObject({ state: 'POSTED', invoiceId: '2', reason: '' });
    expect((await spotCheck(walk)).readBack).toMatchObject({ compared: 1, equal: 1 });
    expect(await walk.running.posting.isSealed(OCTOBER)).toBe(true);
  });

  it('are a voided one where the copy that stands differs: it is named, and in the way', async () => {
    const walk = await sent();
    await thereAlready(walk);
    await sweep(walk);
    walk.world.books.edit('1', { voided: true });
    walk.world.books.edit('2', { subtotal: '1.00' as never });
    const { findings } = await sweep(walk);
    const words = 'MC2610-0001 was voided in the books; they hold it as 2';
    expect(findings).toMatchObject([{ kind: 'voided', words }]);
    const one = only(await actions(walk.running).look(walk.batch));
    expect(one).toMatchObject({ state: 'VOIDED', invoiceId: '1', reason: words });
    await expect(close(walk)).rejects.toThrow('(2) of October 2026 is in the books');
  });

  it('are closed without invoice once both are voided', async () => {
    const walk = await sent();
    await thereAlready(walk);
    await sweep(walk);
    await expect(close(walk)).rejects.toThrow(/is in the books more than once. Void them there/);
    for (const id of ['1', '2']) walk.world.books.edit(id, { voided: true });
    await sweep(walk);
    expect(await states(walk)).toEqual(['VOIDED']);
    await close(walk);
    expect(await walk.running.posting.isSealed(OCTOBER)).toBe(true);
  });
});

it('another difference than before is said in its words', async () => {
  const walk = await sent();
  const reasonNow = async () => only(await actions(walk.running).look(walk.batch)).reason;
  walk.world.books.edit('1', { subtotal: '1.00' as never });
  await sweep(walk);
  expect(await reasonNow()).toMatch(/1\.00/);
  walk.world.books.edit('1', { subtotal: '2.00' as never });
  await sweep(walk);
  expect(await reasonNow()).toMatch(/2\.00/);
  const moves = await movesOf(walk.world);
  expect(moves.posting.at(-1)).toBe('POSTED MISMATCH');
});

it('an invoice that a person pointed at keeps its number in a spot check too', async () => {
  const walk = await waiting();
  await thereAlready(walk);
  walk.world.books.edit('1', { marker: null, ref: '4711' });
  await decide(walk, 'it is there', '1');
  expect((await spotCheck(walk)).readBack).toMatchObject({ compared: 1, equal: 1 });
  expect(await states(walk)).toEqual(['POSTED']);
});
