// A 429 is no send that may have arrived: it neither counts as one nor ages the key.
import { afterEach, expect, it } from '@jest/globals';
import { later, sent, STRONG } from './walk.ts';
import { actions, closeWorlds, only } from './world.ts';

afterEach(closeWorlds);

it('ten 429s and one lost request are one send: the same goes out again, and nobody is asked', async () => {
  const walk = await sent('busy', STRONG);
  const { world, running, batch } = walk;
  let calls = 1;
  world.books.faults.create = () => ((calls += 1) <= 10 ? 'busy' : calls === 11 ? 'request lost' : 'none'); // prettier-ignore
  for (let minute = 0; minute < 120 && calls < 12; minute += 1) await later(walk, 1);
  await later(walk, 1);
  expect(only(await actions(running).look(batch))).toMatchObject({ state: 'POSTED' });
  expect(world.books.creates).toHaveLength(2);
});

it('after a lost request, twenty 429s leave the doubt a doubt and end no try', async () => {
  const walk = await sent('request lost', STRONG);
  const { world, running, batch } = walk;
  let calls = 0;
  world.books.faults.create = () => ((calls += 1) <= 20 ? 'busy' : 'none');
  for (let minute = 0; minute < 29; minute += 1) {
    await later(walk, 1);
    expect(only(await actions(running).look(batch)).state).toMatch(/UNKNOWN|POSTED/);
  }
  expect(only(await actions(running).look(batch)).state).toBe('POSTED');
});

it('sixty tries of which hardly any arrives are for a person', async () => {
  const walk = await sent('request lost', STRONG);
  walk.world.books.faults.create = () => 'busy';
  for (let minute = 0; minute < 200; minute += 1) await later(walk, 1);
  const seen = only(await actions(walk.running).look(walk.batch));
  expect(seen).toMatchObject({ state: 'NEEDS_PERSON', outcome: 'uncertain' });
  expect(seen.reason).toMatch(/turned away most of 60 tries/);
});
