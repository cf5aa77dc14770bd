// Absent is what two looks after the settle time did not find, at least a minute apart (F19, 1.5).
import { afterEach, describe, expect, it } from '@jest/globals';
import { PLAIN_WEAK, once } from './fake-books.ts';
import { plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted } from './world.ts';
import { decide, later, sent, type Walk } from './walk.ts';

afterEach(closeWorlds);

const one = async ({ running, batch }: Walk) => only(await actions(running).look(batch));

describe('one look after the settle time', () => {
  it('is too few to send again: what landed late was not yet to be found', async () => {
    const kind = { ...PLAIN_WEAK, landsWithinMs: 60 * 60_000, lookupLagMs: 60_000 };
    const world = await makeWorld({ kind });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const walk = { world, running, batch };
    world.books.faults.create = once('lands late');
    world.books.lateMs = () => 29 * 60_000 + 50_000;
    await running.worker.tick();
    world.clock.advance(61_000);
    await running.worker.tick();
    world.clock.advance(29 * 60_000);
    expect(world.books.invoices()).toHaveLength(1);
    await expect(decide(walk, 'send again')).rejects.toThrow(/one look at .* is too few: look once more from/); // prettier-ignore
    world.clock.advance(61_000);
    await decide(walk, 'send again');
    expect(await one(walk)).toMatchObject({ state: 'POSTED', adopted: true });
    expect(world.books.creates).toHaveLength(1);
  });

  it('is followed by the second of the worker a minute later, and what is shown is true', async () => {
    const walk = await sent('request lost');
    const { world } = walk;
    await later(walk, 2);
    const { decideFrom } = await one(walk);
    // The minute in which it is called possible comes, and so do both looks before it is over.
    while (world.clock.now() < (decideFrom ?? '')) await later(walk, 0.1);
    await expect(decide(walk, 'send again')).resolves.toBeUndefined();
    expect((await one(walk)).state).toBe('READY');
  });

  it('does not last: after two the relay looks as rarely as before', async () => {
    const walk = await sent('request lost');
    for (let minute = 0; minute < 40; minute += 1) await later(walk, 1);
    const evidence = (await one(walk)).evidence.filter(({ words }) =>
      words.startsWith('No MC2610'),
    );
    const late = evidence.filter(({ at }) => at >= '2026-10-31T10:30:00');
    expect(late).toHaveLength(2);
    expect((await one(walk)).nextStep).toMatch(/If it is not there, send it again/);
  });
});
