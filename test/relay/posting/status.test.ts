// Whom another approval may bill: what was in the books, or may be, only when a person asks for it.
import { afterEach, expect, it } from '@jest/globals';
import { closeWorlds } from './world.ts';
import { approved, asked, sent, sweep, waiting } from './walk.ts';

afterEach(closeWorlds);

const statusOf = async (walk: Pick<Awaited<ReturnType<typeof sent>>, 'running'>) => {
  const params = { period: '2026-10' as never };
  const { clients } = await walk.running.posting.handlers.status({ ...asked, params, body: {} });
  return clients.find(({ clientId }) => clientId === 'c1');
};

it('is free before anything is sent, and taken once it is posted', async () => {
  expect(await statusOf(await approved())).toMatchObject({
    word: 'ready',
    free: true,
    again: false,
  });
  expect(await statusOf(await sent())).toMatchObject({ word: 'posted', free: false });
});

it('is taken while an invoice is in doubt', async () => {
  expect(await statusOf(await waiting())).toMatchObject({ word: 'needs you', free: false });
});

it('is free again, but only when asked for, once the invoice was voided in the books', async () => {
  const walk = await sent();
  walk.world.books.edit('1', { voided: true });
  await sweep(walk);
  expect(await statusOf(walk)).toMatchObject({ word: 'blocked', free: true, again: true });
});

it('is free with the others when the books refused it', async () => {
  const walk = await sent('rejected');
  expect(await statusOf(walk)).toMatchObject({ word: 'rejected', free: true, again: false });
});
