// An answer that is not certain: found, or a person decides; never sent again by itself.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { once, PLAIN_WEAK } from './fake-books.ts';
import { plainDraft, startEngine } from './fake-ports.ts';
import { settle } from './walk.ts';
import { actions, closeWorlds, makeWorld, only, posted } from './world.ts';

afterEach(closeWorlds);

describe('an answer that is not certain', () => {
  it.each(['answer lost', '500 after', 'lands late'] as const)('%s: found and adopted, never sent again', async (fault) => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    world.books.faults.create = once(fault);
    for (let minute = 0; minute < 40; minute += 1) {
      await running.worker.tick();
      world.clock.advance(60_000);
    }
    const done = await actions(running).look(batch);
    expect(only(done)).toMatchObject({ state: 'POSTED', adopted: true, outcome: 'created' });
    expect(world.books.creates).toHaveLength(1);
    expect(world.books.invoices()).toHaveLength(1);
  }); // prettier-ignore

  it.each(['request lost', '500 before', 'throws'] as const)('%s: a person decides, not before the settle time', async (fault) => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(1));
    const { key } = only(batch);
    world.books.faults.create = once(fault);
    await running.worker.tick();
    expect(only(await act.look(batch))).toMatchObject({ state: 'UNKNOWN', outcome: 'uncertain', retriable: false });
    world.clock.advance(61_000);
    await running.worker.tick();
    const waiting = await act.look(batch);
    expect(waiting.state).toBe('COMPLETED_WITH_DOUBT');
    expect(only(waiting)).toMatchObject({ state: 'NEEDS_PERSON', decideFrom: '2026-10-31T10:31:00.300Z' });
    expect(await running.posting.doubt()).toMatchObject({ uncertainTotal: 1 });
    await expect(act.decide(batch, key, 'send again')).rejects.toMatchObject({ code: 'TOO_EARLY' });
    await expect(act.decide(batch, key, 'retry')).rejects.toMatchObject({ code: 'VERSION_STALE' });
    await settle({ world, running });
    const again = await act.decide(batch, key, 'send again');
    expect(again.state).toBe('POSTING');
    await running.worker.tick();
    expect((await act.look(batch)).state).toBe('COMPLETED');
    expect(world.books.invoices()).toHaveLength(1);
    expect(new Set(world.books.creates.map(({ providerKey }) => providerKey)).size).toBe(2);
  }); // prettier-ignore

  it('does not send again when the last look before it finds the invoice', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(1));
    world.books.faults.create = once('lands late');
    world.books.lateMs = () => 15 * 60_000;
    await running.worker.tick();
    world.clock.advance(61_000);
    await running.worker.tick();
    world.clock.advance(31 * 60_000);
    const decided = await act.decide(batch, only(batch).key, 'send again');
    expect(only(decided)).toMatchObject({ state: 'POSTED', adopted: true });
    expect(world.books.creates).toHaveLength(1);
  });

  it('does not count a look-up that failed, nor one in another company', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(1));
    world.books.faults.create = once('request lost');
    await running.worker.tick();
    world.clock.advance(61_000);
    await running.worker.tick();
    await settle({ world, running });
    world.books.faults.read = () => 'failed';
    await expect(act.decide(batch, only(batch).key, 'send again')).rejects.toMatchObject({ code: 'TOO_EARLY' }); // prettier-ignore
    world.books.faults.read = () => 'none';
    world.books.companyId = 'company-2';
    await expect(act.decide(batch, only(batch).key, 'send again')).rejects.toThrow(/company/);
    world.books.companyId = 'company-1';
    expect((await act.decide(batch, only(batch).key, 'send again')).state).toBe('POSTING');
  });

  it('sends nothing while the search fails: no answer is not an empty answer', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(1));
    world.books.faults.lookup = () => 'failed';
    for (let round = 0; round < 3; round += 1) {
      await running.worker.tick();
      world.clock.advance(600_000);
    }
    expect(only(await act.look(batch))).toMatchObject({ state: 'READY', outcome: 'not_created' });
    expect(world.books.creates).toEqual([]);
    world.books.faults.lookup = () => 'none';
    world.books.faults.create = once('request lost');
    await running.worker.tick();
    world.clock.advance(61_000);
    await running.worker.tick();
    world.clock.advance(31 * 60_000);
    world.books.faults.lookup = () => 'failed';
    await expect(act.decide(batch, only(batch).key, 'send again')).rejects.toThrow(/not searched/);
    expect(world.books.creates).toHaveLength(1);
  });

  it('never sends again while an equal invoice without our mark is there, and takes the word of a person for it', async () => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(2));
    world.books.faults.create = () => 'lands late';
    await running.worker.tick();
    // Both landed; somebody edited the memos, and the amount of the second.
    world.clock.advance(16 * 60_000);
    for (const { id } of world.books.invoices()) world.books.edit(id, { marker: null });
    world.books.edit('2', { subtotal: '1.00' as never });
    await running.worker.tick();
    world.clock.advance(20 * 60_000);
    await running.worker.tick();
    const { key } = only(await act.look(batch), 'c1');
    await expect(act.decide(batch, key, 'send again')).rejects.toThrow(/not searched|found something/);
    expect(only(await act.decide(batch, key, 'it is there', '1'), 'c1')).toMatchObject({ state: 'POSTED', invoiceId: '1' });
    const other = only(await act.look(batch), 'c2').key;
    expect(only(await act.decide(batch, other, 'it is there', '2'), 'c2')).toMatchObject({ state: 'CONFLICT', block: 'ours in books', invoiceId: '2', outcome: 'created' });
    expect(world.books.creates).toHaveLength(2);
  }); // prettier-ignore

  it('lets a person point at the invoice, and give up', async () => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(2));
    world.books.faults.create = () => 'request lost';
    await running.worker.tick();
    world.clock.advance(61_000);
    await running.worker.tick();
    const [first, second] = (await act.look(batch)).postings;
    // Typed by hand under a number of its own, for the first client, equal to the cent.
    const { company } = world.books;
    world.books.faults.create = () => 'none';
    const content = JSON.parse(world.books.creates[0]!.body) as InvoiceContent;
    const byHand = await company.create(content, {
      postingKey: 'hand',
      providerKey: 'hand',
      ref: '4711',
      marker: 'x',
    });
    const id = byHand.verdict === 'created' ? byHand.invoiceId : '';
    world.books.edit(id, { marker: null });
    await expect(act.decide(batch, first!.key, 'it is there', '999')).rejects.toThrow(/no invoice with the id 999/); // prettier-ignore
    expect(only(await act.decide(batch, first!.key, 'it is there', id), 'c1')).toMatchObject({ state: 'POSTED', invoiceId: id }); // prettier-ignore
    await expect(act.decide(batch, second!.key, 'it is there', id)).rejects.toThrow(/MC2610-0001/);
    await expect(act.decide(batch, second!.key, 'give up')).rejects.toMatchObject({ code: 'TOO_EARLY' }); // prettier-ignore
    await settle({ world, running });
    const done = await act.decide(batch, second!.key, 'give up');
    expect(only(done, 'c2').state).toBe('CANCELLED');
    expect(done.state).toBe('COMPLETED_WITH_EXCEPTIONS');
  });
});

describe('an invoice that was given up and landed all the same', () => {
  it('holds back the next approval of its client until it is voided in the books', async () => {
    const world = await makeWorld({ kind: { ...PLAIN_WEAK, landsWithinMs: 90 * 60_000 } });
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(1));
    world.books.faults.create = once('lands late');
    await running.worker.tick();
    world.clock.advance(61_000);
    await running.worker.tick();
    await settle({ world, running });
    await act.decide(batch, only(batch).key, 'give up');
    const second = await act.submit(plainDraft(1), 'key-2');
    await act.approve(second);
    world.clock.advance(60 * 60_000);
    await act.post(second);
    await running.worker.tick();
    const blocked = only(await act.look(second));
    expect(blocked).toMatchObject({ state: 'BLOCKED', ref: 'MC2610-0002', retriable: true });
    expect(blocked.reason).toMatch(
      /invoice MC2610-0001 \(1\) of an earlier approval is still in the books/,
    );
    expect(world.books.creates).toHaveLength(1);
    world.books.edit('1', { voided: true });
    await act.decide(second, blocked.key, 'retry');
    await running.worker.tick();
    expect((await act.look(second)).state).toBe('COMPLETED');
  });
});
