// Numbers of the books: which are ours, how many a month has, and whose an id is.
import { afterEach, describe, expect, it } from '@jest/globals';
import { draftOf, invoiceOf, plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted, stateOf } from './world.ts';
import { asked, later } from './walk.ts';

afterEach(closeWorlds);

const typed = { postingKey: 'p', providerKey: 'p', marker: 'x' };
const restored = { reason: 'older', needsPerson: false, ended: () => Promise.resolve() };

/** A number that somebody typed into the books, and a recovery that lists them. */
async function afterRecovery(ref: string) {
  const world = await makeWorld();
  const first = await startEngine(world);
  const batch = await posted(first, plainDraft(1));
  await first.worker.tick();
  const body = world.books.creates[0]?.body ?? '';
  const made = await world.books.company.create(JSON.parse(body) as never, { ...typed, ref });
  if (made.verdict === 'created') world.books.edit(made.invoiceId, { marker: null, customerId: 'c9' }); // prettier-ignore
  const running = await startEngine(world, { restored, holder: 'restored' });
  await running.worker.tick();
  expect((await running.posting.handlers.books(asked)).recovery).toBeUndefined();
  const more = { ...plainDraft(2), invoices: plainDraft(2).invoices.slice(1) };
  return { world, running, batch, next: await actions(running).submit(more, 'more') };
}

describe('a number in the books', () => {
  it('of five digits is none of ours: the next invoice gets the next number', async () => {
    const { running, next } = await afterRecovery('MC2610-12345');
    await actions(running).approve(next);
    expect(only(await actions(running).look(next), 'c2').ref).toBe('MC2610-0002');
    expect((await running.posting.handlers.sweep(asked)).findings).toEqual([]);
  });

  it('that is the last of its month leaves none, which is said in words', async () => {
    const { running, next } = await afterRecovery('MC2610-9999');
    await expect(actions(running).approve(next)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'No invoice number is left for October 2026: 9999 are taken. Nothing was approved.',
    });
    expect((await actions(running).look(next)).state).toBe('SUBMITTED');
  });
});

it('an invoice and a credit memo may bear one id: each belongs to its own posting', async () => {
  const world = await makeWorld({ clients: 2 });
  const running = await startEngine(world);
  const credit = invoiceOf('c1', [{ quantity: '1', price: '-50', kind: 'credit' }]);
  const faults = ['none', 'request lost'] as const;
  world.books.faults.create = () => faults[world.books.creates.length] ?? 'none';
  const batch = await posted(running, draftOf([credit, ...plainDraft(2).invoices.slice(1)]));
  await running.worker.tick();
  expect(stateOf(await actions(running).look(batch))).toEqual(['POSTED', 'UNKNOWN']);
  await later({ world, running }, 2);
  const typedIn = JSON.parse(world.books.creates[1]?.body ?? '') as never;
  await world.books.company.create(typedIn, { ...typed, ref: '4711' });
  world.books.edit('2', { id: '1', marker: null });
  const { key } = only(await actions(running).look(batch), 'c2');
  await actions(running).decide(batch, key, 'it is there', '1');
  const done = await actions(running).look(batch);
  expect(done.postings.map(({ document, invoiceId }) => [document, invoiceId])).toEqual([
    ['credit memo', '1'],
    ['invoice', '1'],
  ]);
  expect(stateOf(done)).toEqual(['POSTED', 'POSTED']);
});
