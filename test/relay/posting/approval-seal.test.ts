// What somebody with the database file changes between the approval and the last invoice.
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { verifyFolder } from '../../../src/relay/audit/verify.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, type Running, type World } from './fake-ports.ts'; // prettier-ignore
import { actions, closeWorlds, makeWorld, stateOf, type Batch } from './world.ts';
import { asked, decide } from './walk.ts';
import { hashOfEntry as hashOf } from '../audit-trail.ts';

afterEach(closeWorlds);

const OCTOBER = '2026-10' as never;
const NOT_APPROVED = /what is stored is not what was approved/;

interface Month {
  readonly world: World;
  readonly running: Running;
  readonly batch: Batch;
}

async function approvedThree(): Promise<Month> {
  const world = await makeWorld({ clients: 3 });
  const running = await startEngine(world);
  const batch = await actions(running).submit(plainDraft(3));
  await actions(running).approve(batch);
  return { world, running, batch };
}

/** As somebody with the file and no regard for triggers and foreign keys would. */
async function change({ store }: World, statement: string): Promise<void> {
  const triggers = await sql<{ name: string }>`select name from sqlite_master where type = 'trigger' and (name like '%_sealed' or name like '%_is_not_%')`.execute(store); // prettier-ignore
  for (const { name } of triggers.rows) await sql.raw(`drop trigger ${name}`).execute(store);
  await sql.raw('pragma foreign_keys = off').execute(store);
  await sql.raw(statement).execute(store);
}

/** The row of the second invoice, and all that stands on it. */
const FORGET = `delete from posting where client_id = 'c2'`;
const CHANGES = [
  ['a posting is gone', FORGET],
  ['the end of the approval is later', `update batch set expires_at = '2029-01-01T00:00:00.000Z'`],
  ['somebody else approved it', `update batch set approved_by = 'The CFO'`],
  ['it was approved at another time', `update batch set approved_at = '2026-10-30T10:00:00.000Z'`],
  ['one person did both', 'update batch set single_operator = 1 - single_operator'],
  ['a number is another one', `update posting set ref = 'MC2610-0077' where client_id = 'c2'`],
  ['a client is called otherwise', `update posting set client_name = 'X' where client_id = 'c2'`],
  ['a customer may be called otherwise', `update posting set fingerprint = 'x' where client_id = 'c2'`],
  ['the entry of the approval is gone', `delete from audit where action = 'batch APPROVED'`],
  ['the entry of the approval is edited', `update audit set digests = '{}' where action = 'batch APPROVED'`],
] as const; // prettier-ignore
const OF_ONE = [
  ['a mark is another one', `update posting set marker = '[rly:test-0123456789ab]' where client_id = 'c2'`],
  ['a key is another one', `update posting set provider_key = 'x' where client_id = 'c2'`],
  ['an epoch is another one', `update posting set epoch = 2 where client_id = 'c2'`],
  ['a month is another one', `update posting set period = '2026-09' where client_id = 'c2'`],
] as const; // prettier-ignore

const troublesOf = ({ running }: Month) => running.posting.troubles();
const verified = async ({ world }: Month): Promise<readonly string[]> =>
  (await verifyFolder(world.store, '/nowhere', null)).reasons;

describe('what was approved is held against what is stored', () => {
  it.each(CHANGES)('when it is posted: %s', async (_name, statement) => {
    const month = await approvedThree();
    const { world, running, batch } = month;
    expect(await troublesOf(month)).toEqual([]);
    expect((await verified(month)).filter((words) => !words.includes('key of'))).toEqual([]);
    await change(world, statement);
    expect(await troublesOf(month)).toEqual([expect.stringMatching(NOT_APPROVED)]);
    expect(await verified(month)).toContainEqual(expect.stringMatching(/^The batch of 2026-10/));
    await expect(actions(running).post(batch)).rejects.toMatchObject({ code: 'APPROVAL_STALE', message: expect.stringMatching(NOT_APPROVED) }); // prettier-ignore
    await running.worker.tick();
    expect(world.books.creates).toEqual([]);
  });

  it.each(CHANGES)('before each send, and the batch says so: %s', async (_name, statement) => {
    const month = await approvedThree();
    const { world, running, batch } = month;
    await actions(running).post(batch);
    world.books.onCreate = () => change(world, statement);
    await running.worker.tick();
    expect(world.books.creates).toHaveLength(1);
    const stopped = await actions(running).look(batch);
    expect(stopped).toMatchObject({ state: 'PAUSED', reason: expect.stringMatching(NOT_APPROVED) });
    const left = stopped.postings.slice(1);
    expect(left.map(({ state, block }) => ({ state, block }))).toEqual(left.map(() => ({ state: 'BLOCKED', block: 'tampered' }))); // prettier-ignore
    expect(await troublesOf(month)).toContainEqual(expect.stringMatching(NOT_APPROVED));
    await expect(actions(running).post(batch, 'resumed')).rejects.toThrow(NOT_APPROVED);
    await expect(decide(month, 'retry')).rejects.toThrow();
  });

  it.each(OF_ONE)('of one invoice, and the others go out: %s', async (_name, statement) => {
    const month = await approvedThree();
    const { world, running, batch } = month;
    const rows = await world.store.selectFrom('posting').select('ref').where('client_id', '=', 'c2').execute(); // prettier-ignore
    await change(world, statement);
    await actions(running)
      .post(batch)
      .catch(() => null);
    await running.worker.tick();
    expect(world.books.creates.filter(({ ref }) => ref === rows[0]?.ref)).toEqual([]);
    expect(await troublesOf(month)).toContainEqual(expect.stringMatching(NOT_APPROVED));
  });

  it('an invoice whose row is gone is named, and keeps its client and month open', async () => {
    const month = await approvedThree();
    const { world, running, batch } = month;
    await actions(running).post(batch);
    await running.worker.tick();
    await change(world, FORGET);
    expect(await verified(month)).toContainEqual(expect.stringMatching(/3 invoices were approved, 2 are stored, and that of Client 2 is not among them/)); // prettier-ignore
    expect(await running.posting.isSealed(OCTOBER)).toBe(false);
    const { clients } = await running.posting.handlers.status({ ...asked, params: { period: OCTOBER } }); // prettier-ignore
    expect(clients.find(({ clientId }) => clientId === 'c2')).toMatchObject({ word: 'blocked', ref: null }); // prettier-ignore
    const params = { period: OCTOBER, client: 'c2' };
    await expect(running.posting.handlers.closeClient({ ...asked, params, body: { reason: 'x' } })).rejects.toThrow(/was approved and is no longer stored/); // prettier-ignore
  });

  it('an approval of before this seal is judged as it was', async () => {
    const { world, running, batch } = await approvedThree();
    const body = { marker: '[rly:abcd-0123456789ab]', reason: 'the last entry is another one' };
    await running.posting.handlers.knowMark({ ...asked, body });
    const entry = await world.store.selectFrom('audit').selectAll().where('action', '=', 'batch APPROVED').executeTakeFirstOrThrow(); // prettier-ignore
    const digests = JSON.stringify({ batch: batch.digest });
    const hash = hashOf({ ...entry, digests });
    await change(world, `update audit set digests = '${digests}', hash = '${hash}' where seq = ${entry.seq}`); // prettier-ignore
    await actions(running).post(batch);
    await running.worker.tick();
    expect(stateOf(await actions(running).look(batch))).toEqual(['POSTED', 'POSTED', 'POSTED']);
  });

  it('and a withdrawn batch can be approved anew all the same', async () => {
    const { world, running, batch } = await approvedThree();
    await change(world, `update posting set ref = 'MC2610-0077' where client_id = 'c2'`);
    const params = { batch: batch.id };
    await running.posting.handlers.cancel({ ...asked, params, body: { reason: 'changed' } });
    const draft = draftOf([invoiceOf('c2', [{ quantity: '1', price: '22' }])]);
    const anew = await actions(running).submit(draft, 'anew');
    await actions(running).approve(anew);
    await actions(running).post(anew, 'post-2');
    await running.worker.tick();
    expect((await actions(running).look(anew)).state).toBe('COMPLETED');
  });
});
