// The books never answer a look-up: a person may give the invoice up, and it stays not known.
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainDraft } from './fake-ports.ts';
import { once } from './fake-books.ts';
import { approved, asked, decide, later, sent, STRONG, thereAlready, type Walk } from './walk.ts';
import { actions, closeWorlds, only } from './world.ts';

afterEach(closeWorlds);

/** In doubt, and the settle time is over, without one answer since. */
async function silent(): Promise<Walk> {
  const walk = await sent('request lost');
  await later(walk, 2);
  walk.world.books.faults.lookup = () => 'failed';
  return walk;
}

async function say(walk: Walk, choice: 'give up' | 'send again', reason?: string) {
  const { running, batch } = walk;
  const params = { batch: batch.id, key: only(await actions(running).look(batch)).key };
  const body = { choice, ...(reason === undefined ? {} : { reason }) };
  return running.posting.handlers.decide({ ...asked, params, body });
}

describe('an invoice in doubt in books that never answer', () => {
  it('is given up with a reason, once the settle time is over and two looks have failed', async () => {
    const walk = await silent();
    await expect(say(walk, 'give up', 'gone')).rejects.toMatchObject({ code: 'TOO_EARLY' });
    walk.world.clock.advance(31 * 60_000);
    await expect(say(walk, 'give up', 'gone')).rejects.toMatchObject({ code: 'TOO_EARLY' });
    walk.world.clock.advance(61_000);
    await expect(say(walk, 'give up')).rejects.toThrow(/nobody knows .* Say why/);
    await expect(say(walk, 'give up', ' ')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const { nextStep } = only(await actions(walk.running).look(walk.batch));
    expect(nextStep).toMatch(/If Fake Books goes on giving no answer, it can be given up with a reason/); // prettier-ignore
    const reason = 'the company file is lost';
    const given = only(await say(walk, 'give up', reason));
    expect(given).toMatchObject({ state: 'CANCELLED', outcome: 'uncertain', retriable: false });
    expect(given.reason).toBe(`given up by Anna, not known whether it is in the books: ${reason}`);
    expect(given.nextStep).toMatch(/^Nobody knows whether MC2610-0001 is in Fake Books/);
    const { clients } = await walk.running.posting.handlers.status({ ...asked, params: { period: '2026-10' as never } }); // prettier-ignore
    expect(clients[0]).toMatchObject({ word: 'given up, not known' });
    expect(walk.world.books.creates).toHaveLength(1);
    await expect(actions(walk.running).submit(plainDraft(1), 'anew')).resolves.toBeDefined();
  });

  it('is never sent again, however long they say nothing', async () => {
    const walk = await silent();
    for (let hour = 0; hour < 24; hour += 1) await later(walk, 60);
    await expect(say(walk, 'send again', 'gone')).rejects.toMatchObject({ code: 'TOO_EARLY' });
    expect(walk.world.books.creates).toHaveLength(1);
  });

  it('is found instead when they answer the last look', async () => {
    const walk = await approved();
    const { books } = walk.world;
    books.faults.create = once('answer lost');
    books.onCreate = () => void (books.faults.lookup = () => 'failed');
    await actions(walk.running).post(walk.batch);
    for (let hour = 0; hour < 80; hour += 1) await later(walk, 60);
    walk.world.books.faults.lookup = () => 'none';
    expect(only(await say(walk, 'give up', 'gone'))).toMatchObject({ state: 'POSTED' });
  });
});

describe('an invoice in doubt in books that refuse a second copy and never answer again', () => {
  const lookNow = async (walk: Walk): Promise<void> => decide(walk, 'look again');

  it('is a person\'s to decide once the person has looked for it in vain', async () => {
    const walk = await sent('request lost', STRONG);
    const dead = walk.world.books.faults;
    Object.assign(dead, { lookup: () => 'failed', read: () => 'failed' });
    await lookNow(walk);
    expect(only(await actions(walk.running).look(walk.batch))).toMatchObject({ state: 'UNKNOWN' });
    for (let hour = 0; hour < 24; hour += 1) await later(walk, 60);
    expect(only(await actions(walk.running).look(walk.batch))).toMatchObject({ state: 'UNKNOWN' });
    await lookNow(walk);
    const asking = only(await actions(walk.running).look(walk.batch));
    expect(asking).toMatchObject({ state: 'NEEDS_PERSON' });
    expect(asking.reason).toMatch(/the books do not answer/);
    const given = only(await say(walk, 'give up', 'they went to other books'));
    expect(given).toMatchObject({ state: 'CANCELLED', outcome: 'uncertain' });
  });

  it('is still found by itself when they answer after all', async () => {
    const walk = await approved(STRONG);
    const { books } = walk.world;
    books.faults.create = once('answer lost');
    books.onCreate = () => void (books.faults.lookup = () => 'failed');
    await actions(walk.running).post(walk.batch);
    for (let hour = 0; hour < 24; hour += 1) await later(walk, 60);
    await lookNow(walk);
    expect(only(await actions(walk.running).look(walk.batch))).toMatchObject({ state: 'NEEDS_PERSON' });
    books.faults.lookup = () => 'none';
    await later(walk, 60);
    expect(only(await actions(walk.running).look(walk.batch))).toMatchObject({ state: 'POSTED' });
  });
}); // prettier-ignore

it('an invoice whose mark was cleared is a person\'s to name once its approval has ended', async () => {
  const walk = await sent('request lost', STRONG);
  await thereAlready(walk);
  walk.world.books.edit('1', { marker: null });
  await decide(walk, 'look again');
  expect(only(await actions(walk.running).look(walk.batch))).toMatchObject({ state: 'UNKNOWN' });
  walk.world.clock.advance(73 * 3_600_000);
  await decide(walk, 'look again');
  const asking = only(await actions(walk.running).look(walk.batch));
  expect(asking).toMatchObject({ state: 'NEEDS_PERSON' });
  expect(asking.reason).toMatch(/one without our mark has its number and content/);
  await decide(walk, 'it is there', '1');
  expect(only(await actions(walk.running).look(walk.batch))).toMatchObject({ state: 'POSTED' });
  expect(walk.world.books.creates).toHaveLength(2);
}); // prettier-ignore

describe('an invoice that two looks did not find', () => {
  it('is given up as not created, as before', async () => {
    const walk = await sent('request lost');
    for (const minutes of [2, 31, 2]) await later(walk, minutes);
    expect(only(await say(walk, 'give up'))).toMatchObject({ state: 'CANCELLED', outcome: 'not_created', nextStep: '' }); // prettier-ignore
  });
});
