// Caps against a runaway import (F32): beyond them the books are parked; a big change needs a tick.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Draft } from '../../../src/contract/contract.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, POLICY, type Running, type World } from './fake-ports.ts'; // prettier-ignore
import { actions, ANNA, BEN, closeWorlds, makeWorld, posted, stateOf, type Batch } from './world.ts'; // prettier-ignore

afterEach(closeWorlds);

const asked = { ...ANNA, query: {}, params: {}, body: {} };
const booksOf = ({ posting }: Running) => posting.handlers.books(asked);
const unpark = ({ posting }: Running, asker = ANNA, reason = 'the import was mended') =>
  posting.handlers.unpark({ ...asked, ...asker, body: { reason } });
const approveSeen = ({ posting }: Running, { id, digest, version }: Batch) =>
  posting.handlers.approve({
    ...asked,
    params: { batch: id },
    body: { digest, version, changeSeen: true },
  });

async function auditOf({ store }: World, action: string): Promise<string[]> {
  const rows = await store.selectFrom('audit').selectAll().where('action', '=', action).execute();
  return rows.map(({ person, words }) => `${person}: ${words}`);
}

describe('a batch beyond the caps', () => {
  const caps: [string, object, RegExp][] = [
    ['too many invoices', { invoicesPerBatchMax: 2 }, /3 invoices in one batch; the configuration allows 2 \(caps.invoicesMax\)/],
    ['too much money', { amountPerBatchMax: '500' }, /comes to 763.14 USD; the configuration allows 500 USD \(caps.batchMax\)/],
  ]; // prettier-ignore

  it.each(caps)('%s: refused, and nothing at all is sent until a person lifts it', async (_name, cap, words) => {
    const world = await makeWorld();
    const before = await startEngine(world);
    const act = actions(before);
    const small = await act.submit(plainDraft(1));
    await act.approve(small);
    const running = await startEngine(world, { policy: { ...POLICY, ...cap } });
    await expect(actions(running).submit(plainDraft(3), 'key-2')).rejects.toThrow(words);
    expect(await world.store.selectFrom('batch').select('id').execute()).toHaveLength(1);
    expect(await booksOf(running)).toMatchObject({ parked: expect.stringMatching(words), liftedBy: 'person' });

    // Under the rules it was approved by: the park holds for whatever is sent on this connection.
    const again = await startEngine(world);
    expect(await actions(again).look(small)).toMatchObject({ waiting: expect.stringMatching(words) });
    await expect(actions(again).post(small)).rejects.toThrow(/The books are parked: .*Lift that with a reason/);
    const state = await unpark(again, BEN);
    expect([state.parked, state.liftedBy]).toEqual([null, undefined]);
    await actions(again).post(small);
    await again.worker.tick();
    expect((await actions(again).look(small)).state).toBe('COMPLETED');
    expect(await auditOf(world, 'books parked')).toEqual([expect.stringMatching(/^Anna: /)]);
    expect(await auditOf(world, 'books unparked')).toEqual([expect.stringMatching(/^Ben: Ben: the import was mended. It was parked by Anna: /)]);
  }); // prettier-ignore

  it('counts credit memos as money, not against it', async () => {
    const world = await makeWorld();
    const running = await startEngine(world, { policy: { ...POLICY, amountPerBatchMax: '500' } });
    const kinds = { c1: '400', c2: '-300' };
    const invoices = Object.entries(kinds).map(([client, price]) => invoiceOf(client, [{ quantity: price.startsWith('-') ? '-1' : '1', price: price.replace('-', ''), kind: 'credit' }]));
    await expect(actions(running).submit(draftOf(invoices))).rejects.toThrow(/comes to 700.00 USD, credit memos added to it; the configuration allows 500/);
    expect((await booksOf(running)).liftedBy).toBe('person');
  }); // prettier-ignore

  it('stops a batch that is under way when the caps were lowered, and it goes on by itself', async () => {
    const world = await makeWorld();
    const first = await startEngine(world);
    const batch = await posted(first, plainDraft(3));
    const strict = await startEngine(world, { policy: { ...POLICY, amountPerBatchMax: '500' } });
    expect(await strict.worker.tick()).toBeNull();
    expect(world.books.creates).toEqual([]);
    expect(stateOf(await actions(strict).look(batch))).toEqual(['READY', 'READY', 'READY']);
    expect(await auditOf(world, 'books parked')).toEqual([expect.stringMatching(/^relay: The batch comes to/)]); // prettier-ignore
    const wide = await startEngine(world);
    await wide.worker.tick();
    expect(world.books.creates).toEqual([]);
    await unpark(wide);
    await wide.worker.tick();
    expect((await actions(wide).look(batch)).state).toBe('COMPLETED');
    expect(world.books.invoices()).toHaveLength(3);
  });

  it('is not lifted by whoever sent it in, under the two-person rule', async () => {
    const world = await makeWorld();
    const policy = { ...POLICY, twoPersons: true, invoicesPerBatchMax: 2 };
    const running = await startEngine(world, { policy });
    await expect(actions(running).submit(plainDraft(3))).rejects.toThrow(/3 invoices/);
    await expect(unpark(running)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    expect((await unpark(running, BEN)).parked).toBeNull();
  });

  it('is not lifted by a person where another company answers', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    await posted(running, plainDraft(1));
    await running.worker.tick();
    world.books.companyId = 'company-2';
    await running.posting.handlers.sweep(asked);
    expect(await booksOf(running)).toMatchObject({ liftedBy: 'company' });
    await expect(unpark(running)).rejects.toThrow(/Only the right company lifts this/);
  });
});

describe('one invoice per customer and month', () => {
  it('refuses two clients that are one customer of the books, in one batch or in two', async () => {
    const world = await makeWorld();
    world.directory.links.set('c2', { ...world.directory.links.get('c2')!, customerId: 'c1' });
    const running = await startEngine(world);
    const act = actions(running);
    await expect(act.submit(plainDraft(2))).rejects.toThrow(/Client 2 and Client 1 are one customer/); // prettier-ignore
    await act.approve(await act.submit(plainDraft(1)));
    const second = draftOf([invoiceOf('c2', [{ quantity: '1', price: '5' }])]);
    await expect(act.submit(second, 'key-2')).rejects.toThrow(/Client 2 and Client 1 are one/);
  });
});

describe('a big change against last month', () => {
  const september = (clients: number): Draft => ({
    ...plainDraft(clients),
    period: '2026-09' as Draft['period'],
  });

  async function withSeptember(clients = 3): Promise<{ world: World; running: Running }> {
    const world = await makeWorld({ clients: 5 });
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(september(clients), 'september');
    await act.approve(batch);
    await act.post(batch);
    await running.worker.tick();
    expect((await act.look(batch)).state).toBe('COMPLETED');
    return { world, running };
  }
  const one = (price: string): Draft =>
    draftOf([invoiceOf('c1', [{ quantity: '1', price }]), ...plainDraft(3).invoices.slice(1)]);

  it('passes unseen up to the percentage, to the cent', async () => {
    const { running } = await withSeptember();
    const act = actions(running);
    // September was 763.14; half as much more is 1144.71.
    const even = await act.submit(one('613.95'), 'even');
    expect([even.totals[0]?.amount, even.mustSee]).toEqual(['1144.71', undefined]);
    const more = await act.submit(one('613.96'), 'more');
    expect(more.mustSee).toHaveLength(2);
    expect((await act.approve(even)).state).toBe('APPROVED');
  });

  it('needs a tick of the approver above it, and the trail says what was seen', async () => {
    const { world, running } = await withSeptember();
    const act = actions(running);
    const batch = await act.submit(one('5000'), 'more');
    const words = /come to 5530.76 USD for October 2026; September 2026 was 763.14 USD \(\+625 %/;
    expect(batch.mustSee?.[0]).toMatch(words);
    await expect(act.approve(batch)).rejects.toMatchObject({ code: 'APPROVAL_STALE' });
    await expect(act.approve(batch)).rejects.toThrow(/say that you have seen it/);
    expect((await approveSeen(running, batch)).state).toBe('APPROVED');
    expect(await auditOf(world, 'saw change')).toEqual([expect.stringMatching(words)]);
  });

  it('is asked about a fall of the same clients, not about a month that comes in parts', async () => {
    const { running } = await withSeptember();
    const act = actions(running);
    const part = await act.submit(draftOf([plainDraft(1).invoices[0]!]), 'part');
    expect(part.mustSee).toBeUndefined();
    const fallen = await act.submit(draftOf([invoiceOf('c1', [{ quantity: '1', price: '9' }])]), 'fallen'); // prettier-ignore
    expect(fallen.mustSee).toEqual([
      expect.stringMatching(/come to 9.00 USD.*was 232.38 USD \(-97 %/),
    ]);
  });

  it('counts new clients, and what of the month is on its way already', async () => {
    const { running } = await withSeptember();
    const act = actions(running);
    await act.approve(await act.submit(plainDraft(3), 'same'));
    const more = [invoiceOf('c4', [{ quantity: '1', price: '400' }])];
    expect((await act.submit(draftOf(more), 'new')).mustSee).toEqual([
      expect.stringMatching(/With this batch the month comes to 1163.14 USD/),
    ]);
  });
});
