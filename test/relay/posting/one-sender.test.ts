// Only the worker sends: whatever a person presses meanwhile, one create per invoice is under way.
import { afterEach, describe, expect, it } from '@jest/globals';
import { actions, closeWorlds, only, stateOf } from './world.ts';
import { later, sent, STRONG, type Walk } from './walk.ts';

afterEach(closeWorlds);

/** Until everything that can go on has; no timer is involved. */
async function untilIdle(): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) await new Promise((done) => setImmediate(done));
}

async function press(walk: Walk): Promise<void> {
  const { running, batch } = walk;
  const { key } = only(await actions(running).look(batch));
  await actions(running).decide(batch, key, 'look again');
}

describe('"Look again" at an invoice that the books would take once more', () => {
  it('looks and sends nothing; the worker is woken and sends', async () => {
    const walk = await sent('request lost', STRONG);
    const { world, running, batch } = walk;
    let wakes = 0;
    Object.assign(running.engine.scheduler, { wake: () => (wakes += 1) });
    world.clock.advance(61_000);
    await press(walk);
    expect(only(await actions(running).look(batch))).toMatchObject({
      state: 'UNKNOWN',
      lookups: 2,
    });
    expect(world.books.creates).toHaveLength(1);
    expect(wakes).toBeGreaterThan(0);
    await running.worker.tick();
    expect(stateOf(await actions(running).look(batch))).toEqual(['POSTED']);
    expect(world.books.creates).toHaveLength(2);
  });

  it('never puts a second create beside one that is under way', async () => {
    const walk = await sent('request lost', STRONG);
    const { world, running, batch } = walk;
    world.clock.advance(61_000);
    let release = (): void => undefined;
    const answered = new Promise<void>((done) => (release = done));
    let starts = 0;
    world.books.onCreate = async () => {
      starts += 1;
      if (starts === 1) await answered;
    };
    const pressed = press(walk);
    await untilIdle();
    const ticked = running.worker.tick();
    await untilIdle();
    expect(starts).toBe(1);
    release();
    await Promise.allSettled([pressed, ticked]);
    await later(walk, 2);
    expect(stateOf(await actions(running).look(batch))).toEqual(['POSTED']);
    expect(world.books.overlapping).toEqual([]);
  });
});
