// What must hold back a send though nothing of this invoice is in the books yet.
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainDraft, POLICY, startEngine, type Running, type World } from './fake-ports.ts';
import { once } from './fake-books.ts';
import { actions, ANNA, closeWorlds, makeWorld, only, posted } from './world.ts';

afterEach(closeWorlds);

const asked = { ...ANNA, query: {}, params: {}, body: {} };

/** The first invoice has another total in the books, and the next approval is posted. */
async function mismatched(world: World, running: Running) {
  const act = actions(running);
  world.books.faults.create = once('other total');
  const first = await posted(running, plainDraft(1));
  await running.worker.tick();
  expect(only(await act.look(first))).toMatchObject({ state: 'MISMATCH', invoiceId: '1' });
  const second = await act.submit(plainDraft(1), 'key-2');
  await act.approve(second);
  return second;
}

describe('an earlier invoice of the same month', () => {
  it('is known by its id when a person took our mark and number out of it', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const second = await mismatched(world, running);
    world.books.edit('1', { marker: null, ref: '4711' });
    await act.post(second);
    await running.worker.tick();
    const blocked = only(await act.look(second));
    expect(blocked).toMatchObject({ state: 'BLOCKED', retriable: true });
    expect(blocked.reason).toMatch(
      /invoice 4711 \(1\) of an earlier approval is still in the books/,
    );
    expect(world.books.creates).toHaveLength(1);

    world.books.edit('1', { voided: true });
    await act.decide(second, blocked.key, 'retry');
    await running.worker.tick();
    expect((await act.look(second)).state).toBe('COMPLETED');
  });

  it('that a network delivered twice is out of the way when both copies are voided', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const { company } = world.books;
    let copy = (): Promise<unknown> => Promise.resolve();
    world.books.onCreate = (content, keys) => {
      copy = () => company.create(content, keys);
    };
    const second = await mismatched(world, running);
    await copy();
    await act.post(second);
    await running.worker.tick();
    const { key } = only(await act.look(second));
    for (const [id, state] of [['1', 'BLOCKED'], ['2', 'POSTED']] as const) {
      world.books.edit(id, { voided: true });
      await act.decide(second, key, 'retry');
      await running.worker.tick();
      expect(only(await act.look(second))).toMatchObject({ state });
    }
  }); // prettier-ignore
});

describe('a batch under way', () => {
  it('stops when the sweep meets another company between two sends', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(3));
    world.books.onCreate = async () => {
      if (world.books.companyId === 'company-2') return;
      world.books.companyId = 'company-2';
      await running.posting.handlers.sweep(asked);
    };
    await running.worker.tick();
    expect(world.books.creates).toHaveLength(1);
    expect(await actions(running).look(batch)).toMatchObject({
      state: 'PAUSED',
      reason: expect.stringMatching(/now Company company-2 answers/),
    });
    world.books.companyId = 'company-1';
    world.books.onCreate = null;
    await actions(running).post(batch, 'resumed');
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
  });

  it('does not go on after a start with posting switched off', async () => {
    const world = await makeWorld();
    const batch = await posted(await startEngine(world), plainDraft(3));
    const off = await startEngine(world, { policy: { ...POLICY, postingEnabled: false } });
    await off.worker.tick();
    expect(world.books.creates).toEqual([]);
    expect(await actions(off).look(batch)).toMatchObject({
      state: 'PAUSED',
      reason: expect.stringMatching(/switched off/),
    });
    const on = await startEngine(world);
    await actions(on).post(batch, 'resumed');
    await on.worker.tick();
    expect((await actions(on).look(batch)).state).toBe('COMPLETED');
  });
});
