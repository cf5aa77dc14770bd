// A pause stops everything that could still leave, until a person resumes; looking goes on.
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainDraft, POLICY, startEngine, type Running } from './fake-ports.ts';
import { actions, ANNA, BEN, closeWorlds, makeWorld, only, posted, stateOf, type Batch } from './world.ts'; // prettier-ignore
import { once } from './fake-books.ts';
import { asked, decide, later, sent, STRONG, thereAlready, waiting } from './walk.ts';

afterEach(closeWorlds);

const pause = ({ posting }: Running, { id }: Pick<Batch, 'id'>): Promise<Batch> =>
  posting.handlers.pause({ ...asked, ...BEN, params: { batch: id }, body: { reason: 'stop!' } });
const keyOf = ({ id, version }: Batch): string => `post-${id}-${String(version)}`;

describe('a paused batch', () => {
  it('sends nothing of what is in doubt again, and looks for it all the same', async () => {
    const walk = await sent('request lost', STRONG);
    const { world, running, batch } = walk;
    const paused = await pause(running, batch);
    expect(paused).toMatchObject({ state: 'PAUSED', reason: 'stop!' });
    const looked = world.books.lookups.length;
    for (let minute = 0; minute < 50; minute += 1) await later(walk, 1);
    expect(world.books.creates).toHaveLength(1);
    expect(world.books.lookups.length).toBeGreaterThan(looked);
    await actions(running).post(paused, keyOf(paused));
    await later(walk, 2);
    expect(await actions(running).look(batch)).toMatchObject({ state: 'COMPLETED' });
    expect(world.books.creates).toHaveLength(2);
  });

  it('was under way with others in doubt, or had nothing left but doubt', async () => {
    const world = await makeWorld({ kind: STRONG });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(2));
    const faults = ['request lost', 'none'] as const;
    world.books.faults.create = () => faults[world.books.creates.length] ?? 'none';
    world.books.onCreate = async () => {
      if (world.books.creates.length === 0) await pause(running, batch);
    };
    await running.worker.tick();
    world.clock.advance(120_000);
    await running.worker.tick();
    const seen = await actions(running).look(batch);
    expect([seen.state, ...stateOf(seen)]).toEqual(['PAUSED', 'UNKNOWN', 'READY']);
    expect(world.books.creates).toHaveLength(1);
  });

  it('finds what is there, and is over once it is resumed', async () => {
    const walk = await sent('request lost', STRONG);
    const { world, running, batch } = walk;
    await pause(running, batch);
    await thereAlready(walk);
    await later(walk, 2);
    const seen = await actions(running).look(batch);
    expect([seen.state, ...stateOf(seen)]).toEqual(['PAUSED', 'POSTED']);
    const over = await actions(running).post(seen, keyOf(seen));
    expect(over.state).toBe('COMPLETED');
    expect(world.books.creates).toHaveLength(2);
  });

  it('goes back to its doubt when it is resumed', async () => {
    const { running, batch } = await waiting();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED_WITH_DOUBT');
    const paused = await pause(running, batch);
    const resumed = await actions(running).post(paused, keyOf(paused));
    expect([resumed.state, ...stateOf(resumed)]).toEqual(['COMPLETED_WITH_DOUBT', 'NEEDS_PERSON']);
  });

  it('counts also when it comes between the last check and the intent', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(2));
    const { store } = running.engine;
    const before = { ...store };
    let isPaused = false;
    const transaction: typeof store.transaction = async (work) => {
      if (!isPaused && running.failpoints.reached.includes('posting.looked-up')) {
        isPaused = true;
        await pause(running, batch);
      }
      return before.transaction(work);
    };
    Object.assign(store, { transaction });
    await running.worker.tick();
    const seen = await actions(running).look(batch);
    expect([isPaused, seen.state, ...stateOf(seen)]).toEqual([true, 'PAUSED', 'READY', 'READY']);
    expect(world.books.creates).toEqual([]);
  });
});

describe('a post that comes once more after a pause', () => {
  it('resumes nothing, whichever of the earlier posts it repeats', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(2));
    const approved = await act.approve(batch);
    const first = keyOf(approved);
    await act.post(approved, first);
    const paused = await pause(running, batch);
    expect(paused.version).toBeGreaterThan(approved.version);
    expect((await act.post(batch, first)).state).toBe('PAUSED');
    expect((await act.post(batch, keyOf(paused))).state).toBe('POSTING');
    await pause(running, batch);
    for (const key of [first, keyOf(paused)]) {
      expect(await act.post(batch, key, BEN)).toMatchObject({ state: 'PAUSED', reason: 'stop!' });
    }
    await running.worker.tick();
    expect(world.books.creates).toEqual([]);
  });

  it('with another digest is refused under each of the keys', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(1));
    await act.post(await pause(running, batch), 'resumed');
    for (const key of ['post-1', 'resumed']) {
      await expect(act.post({ ...batch, digest: 'other' }, key)).rejects.toMatchObject({ code: 'KEY_REUSED' }); // prettier-ignore
    }
  });

  it('leaves an approval that is sent once more what it was: answered', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(1));
    await act.post(await act.approve(batch));
    await pause(running, batch);
    expect((await act.approve(batch)).state).toBe('PAUSED');
  });

  it('is sent after the decisions of a pause as before', async () => {
    const walk = await waiting();
    const { world, running, batch } = walk;
    const paused = await pause(running, batch);
    await later(walk, 2);
    await decide(walk, 'send again');
    await running.worker.tick();
    expect(only(await actions(running).look(batch)).state).toBe('READY');
    expect(world.books.creates).toHaveLength(1);
    await actions(running).post(paused, keyOf(paused));
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
  });
});

describe('under the two-person rule', () => {
  it('neither who posted first nor who resumed says alone that it never arrived', async () => {
    const world = await makeWorld();
    const running = await startEngine(world, { policy: { ...POLICY, twoPersons: true } });
    const act = actions(running);
    const batch = await act.submit(plainDraft(1), 'key-1', BEN);
    const approved = await act.approve(batch, ANNA);
    await act.post(approved, keyOf(approved), BEN);
    const paused = await pause(running, batch);
    world.books.faults.create = once('request lost');
    await act.post(paused, keyOf(paused), ANNA);
    await running.worker.tick();
    const walk = { world, running, batch };
    for (const minutes of [2, 31, 2]) await later(walk, minutes);
    const { key } = only(await act.look(batch));
    const params = { batch: batch.id, key };
    const sendAgain = (person: string) =>
      running.posting.handlers.decide({ ...asked, person, params, body: { choice: 'send again' } });
    for (const person of ['Anna', 'Ben']) {
      await expect(sendAgain(person)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    }
    expect(only(await sendAgain('Carla')).state).toBe('READY');
  });
});
