// A later revision is in the books and the database, put back from a backup, knows nothing of it.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { markerOf, postingKey } from '../../../src/relay/posting/keys.ts';
import { startEngine } from './fake-ports.ts';
import { actions, closeWorlds, only } from './world.ts';
import { approved, approveAnew, asked, decide, later, sent, STRONG, type Walk } from './walk.ts';

afterEach(closeWorlds);

const KEY_2 = postingKey({
  tenant: 'local',
  connection: 'books',
  customerId: 'c1',
  period: '2026-10' as never,
  series: 'main',
  revision: 2,
});
const REASON = /the books hold invoice MC2610-0002 of 2026-10-31 over 154.00 with a mark of ours/;

/** Approved with other lines and sent after the backup that is put back now. */
async function restored(walk: Walk, instance = 'test'): Promise<Walk & { readonly id: string }> {
  const { world } = walk;
  const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
  const marker = markerOf(KEY_2, instance);
  const keys = { postingKey: KEY_2, providerKey: KEY_2, ref: 'MC2610-0002', marker };
  const made = await world.books.company.create(JSON.parse(row.content) as InvoiceContent, keys);
  const id = made.verdict === 'created' ? made.invoiceId : '';
  world.books.edit(id, { subtotal: '154.00' as never });
  world.books.creates.length = 0;
  const ended = () => Promise.resolve();
  const older = { reason: 'Entries 5 to 9 are missing.', needsPerson: false, ended };
  const running = await startEngine(world, { restored: older, holder: 'restored' });
  await running.worker.tick();
  return { ...walk, running, id };
}

const shown = async ({ running, batch }: Walk) => only(await actions(running).look(batch));

describe('a later revision that the database forgot', () => {
  it('holds back what is ready, and no longer once it is voided', async () => {
    const walk = await approved();
    await actions(walk.running).post(walk.batch);
    const back = await restored(walk);
    await later(back, 2);
    const state = { state: 'BLOCKED', block: 'books', retriable: true };
    expect(await shown(back)).toMatchObject({ ...state, reason: expect.stringMatching(REASON) });
    expect(back.world.books.creates).toEqual([]);

    back.world.books.edit(back.id, { voided: true });
    await decide(back, 'retry');
    await later(back, 1);
    expect(await shown(back)).toMatchObject({ state: 'POSTED' });
  });

  it('is taken over by a new approval of the same', async () => {
    const walk = await approved();
    await actions(walk.running).post(walk.batch);
    const back = await restored(walk);
    await later(back, 2);
    const anew = await approveAnew(back);
    const row = await back.world.store.selectFrom('posting').selectAll().where('batch', '=', anew.id).executeTakeFirstOrThrow();
    back.world.books.edit(back.id, { lines: (JSON.parse(row.content) as InvoiceContent).lines });
    await actions(back.running).post(anew, 'post-2');
    await later(back, 1);
    expect(only(await actions(back.running).look(anew))).toMatchObject({
      ref: 'MC2610-0002',
      state: 'POSTED',
      adopted: true,
    });
    expect(back.world.books.creates).toEqual([]);
  }); // prettier-ignore

  it('holds back the retry of what was refused', async () => {
    const back = await restored(await sent('rejected'));
    await expect(decide(back, 'retry')).rejects.toThrow(/invoice 1 \(number MC2610-0002\)/);
    await later(back, 1);
    expect(await shown(back)).toMatchObject({ state: 'REJECTED' });
    expect(back.world.books.creates).toEqual([]);
  });

  it('holds back the second send of what is in doubt', async () => {
    const back = await restored(await sent('request lost', STRONG));
    for (let round = 0; round < 12; round += 1) await later(back, 10);
    expect(back.world.books.creates).toEqual([]);
    expect(await shown(back)).toMatchObject({ state: 'BLOCKED' });
  });

  it('of another relay is not in the way once a person knows its mark', async () => {
    const walk = await approved();
    await actions(walk.running).post(walk.batch);
    const back = await restored(walk, 'abcd');
    await later(back, 2);
    const { handlers } = back.running.posting;
    const params = { batch: back.batch.id };
    expect((await actions(back.running).look(back.batch)).state).toBe('PAUSED');
    const marker = markerOf(KEY_2, 'abcd');
    await handlers.knowMark({ ...asked, body: { marker, reason: 'the branch office' } });
    const body = { key: 'post-2', digest: back.batch.digest, seen: [back.id] };
    await handlers.post({ ...asked, params, body });
    await later(back, 1);
    expect(await shown(back)).toMatchObject({ state: 'POSTED' });
  });

  it('is waited for where the books cannot be listed', async () => {
    const walk = await approved();
    await actions(walk.running).post(walk.batch);
    const back = await restored(walk);
    const { company } = back.world.books;
    const list = company.list.bind(company);
    back.world.books.edit(back.id, { voided: true });
    expect(await shown(back)).toMatchObject({ state: 'BLOCKED' });
    await decide(back, 'retry');
    Object.assign(company, { list: () => Promise.reject(new Error('no answer')) });
    await later(back, 1);
    expect(back.world.books.creates).toEqual([]);
    Object.assign(company, { list });
    await later(back, 20);
    expect(await shown(back)).toMatchObject({ state: 'POSTED' });
  });
});
