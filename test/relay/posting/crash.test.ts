import { afterEach, describe, expect, it } from '@jest/globals';
import { FAILPOINTS } from '../../../src/relay/posting/ports.ts';
import { verifyAudit } from '../../../src/relay/store/audit.ts';
import { plainDraft, startEngine } from './fake-ports.ts';
import { settle } from './walk.ts';
import { actions, closeWorlds, makeWorld, posted, reopen, stateOf } from './world.ts';

afterEach(closeWorlds);

/** Reached while nothing is in doubt; the others need an answer that is lost first. */
const ON_THE_WAY = FAILPOINTS.filter(
  (name) => !['posting.doubt-looked-up', 'posting.decided'].includes(name),
);
const cases = ON_THE_WAY.flatMap((name) => [1, 2].map((nth) => ({ name, nth }))).filter(
  ({ name, nth }) => name !== 'posting.batch-started' || nth === 1,
);

describe('a process that dies while it posts, on a real file', () => {
  it.each(cases)('at $name, time $nth', async ({ name, nth }) => {
    const world = await makeWorld({ clients: 3, onDisk: true });
    const first = await startEngine(world);
    const batch = await posted(first, plainDraft(3));
    first.failpoints.arm(name, nth);
    await Promise.race([first.worker.tick(), first.failpoints.crashed()]);

    const after = await reopen(world);
    const second = await startEngine(after);
    await second.worker.tick();
    const seen = await actions(second).look(batch);
    const waiting = seen.postings.filter(({ state }) => state === 'NEEDS_PERSON');
    expect(waiting.length).toBeLessThanOrEqual(1);
    await settle({ world, running: second });
    for (const { key } of waiting) await actions(second).decide(batch, key, 'send again');
    await second.worker.tick();

    expect(stateOf(await actions(second).look(batch))).toEqual(['POSTED', 'POSTED', 'POSTED']);
    expect(world.books.invoices().map(({ ref }) => ref).sort()).toEqual(['MC2610-0001', 'MC2610-0002', 'MC2610-0003']); // prettier-ignore
    expect(await verifyAudit(after.store, null)).toMatchObject({ verified: true });
  });

  it('asks a person only when nothing tells whether the invoice left', async () => {
    const needs: string[] = [];
    for (const name of ON_THE_WAY) {
      const world = await makeWorld({ clients: 1 });
      const first = await startEngine(world);
      const batch = await posted(first, plainDraft(1));
      first.failpoints.arm(name);
      await Promise.race([first.worker.tick(), first.failpoints.crashed()]);
      const second = await startEngine(world);
      await second.worker.tick();
      const [state] = stateOf(await actions(second).look(batch));
      if (state === 'NEEDS_PERSON') needs.push(name);
      else expect([name, state]).toEqual([name, 'POSTED']);
    }
    expect(needs).toEqual(['posting.intent-written', 'posting.before-send']);
  });

  it('nothing is written down while the limit of the books is waited for', async () => {
    const world = await makeWorld({ clients: 1 });
    const first = await startEngine(world);
    let waiting = (): void => undefined;
    const reached = new Promise<void>((resolve) => (waiting = resolve));
    Object.assign(world.books.company, {
      reserve: () => {
        waiting();
        return new Promise(() => undefined);
      },
    });
    const batch = await posted(first, plainDraft(1));
    await Promise.race([first.worker.tick(), reached]);
    expect(stateOf(await actions(first).look(batch))).toEqual(['READY']);

    Object.assign(world.books.company, { reserve: undefined });
    const second = await startEngine(world);
    await second.worker.tick();
    expect(stateOf(await actions(second).look(batch))).toEqual(['POSTED']);
    expect(world.books.creates).toHaveLength(1);
  });

  it('a worker that was replaced writes and sends nothing any more', async () => {
    const world = await makeWorld({ clients: 2 });
    const first = await startEngine(world);
    const batch = await posted(first, plainDraft(2));
    first.failpoints.arm('posting.before-send');
    const ticking = first.worker.tick();
    await Promise.race([ticking, first.failpoints.crashed()]);
    const second = await startEngine(world);
    await second.worker.tick();
    const before = stateOf(await actions(second).look(batch));
    first.failpoints.release();
    await ticking;
    expect(stateOf(await actions(second).look(batch))).toEqual(before);
    expect(world.books.creates.map(({ ref }) => ref)).toEqual(['MC2610-0002']);
    await expect(actions(first).decide(batch, batch.postings[0]!.key, 'look again')).rejects.toMatchObject({ code: 'VERSION_STALE' }); // prettier-ignore
  });

  it('does not send an intent after the machine stood still for longer than half a minute', async () => {
    const world = await makeWorld({ clients: 1 });
    const first = await startEngine(world, {
      failpoints: {
        reach(name) {
          if (name === 'posting.before-send') world.clock.advance(31_000);
          return Promise.resolve();
        },
      },
    });
    const batch = await posted(first, plainDraft(1));
    await first.worker.tick();
    expect(world.books.creates).toEqual([]);
    expect((await actions(first).look(batch)).postings[0]).toMatchObject({ outcome: 'uncertain' });
  });
});
