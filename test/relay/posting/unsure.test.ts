// What the books hold with our mark while nobody is sure of it is told by the sweep (I20).
import { afterEach, describe, expect, it } from '@jest/globals';
import { actions, closeWorlds, only } from './world.ts';
import { decide, stranger, sweep, thereAlready, waiting } from './walk.ts';

afterEach(closeWorlds);

describe('the sweep of what nobody is sure of', () => {
  it('tells of an invoice with our mark, and only of that', async () => {
    const walk = await waiting();
    expect((await sweep(walk)).findings).toEqual([]);
    await thereAlready(walk);
    const held = { kind: 'unexpected', clientName: 'Client 1' };
    expect((await sweep(walk)).findings).toMatchObject([
      { ...held, words: 'it is in doubt and waits for a person, and the books hold it as 1' },
    ]);
    walk.world.books.edit('1', { voided: true });
    expect((await sweep(walk)).findings).toEqual([]);
  });

  it('tells of it also where a stranger under our number made it a conflict', async () => {
    const walk = await waiting();
    await stranger(walk);
    await decide(walk, 'it is there', '1');
    expect(only(await actions(walk.running).look(walk.batch))).toMatchObject({ state: 'CONFLICT' });
    const before = (await sweep(walk)).findings.length;
    await thereAlready(walk);
    const { findings } = await sweep(walk);
    expect(findings).toHaveLength(before + 1);
    expect(findings[0]).toMatchObject({
      kind: 'unexpected',
      words: expect.stringMatching(/it is blocked.*, and the books hold it as 2/),
    });
  });
});
