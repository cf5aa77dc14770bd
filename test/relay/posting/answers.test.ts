// Answers that are certain: refused, busy, another total, a stranger, another company.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { toInstant } from '../../../src/relay/clock.ts';
import { once, PLAIN_WEAK } from './fake-books.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, type World } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted, stateOf } from './world.ts';

afterEach(closeWorlds);

/** The next create meets a 429; when it did, 0 before. */
function busyOnce({ books, clock }: World, retryAfterSeconds: number): () => number {
  const create = books.company.create.bind(books.company);
  let atMs = 0;
  books.company.create = (...asked) => {
    if (atMs > 0) return create(...asked);
    atMs = clock.nowMs();
    return Promise.resolve({ verdict: 'not sent', reason: 'too many', retryAfterSeconds });
  };
  return () => atMs;
}

describe('an answer that is certain and wrong', () => {
  it('87: an invoice in another currency is a mismatch, and says so', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const read = world.books.company.read.bind(world.books.company);
    world.books.company.read = async (...asked) => {
      const found = await read(...asked);
      return found && { ...found, currency: 'EUR' as never };
    };
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect(only(done)).toMatchObject({ state: 'MISMATCH', reason: expect.stringMatching(/[Cc]urrency.*EUR/) });
    expect(done.state).not.toBe('COMPLETED');
    expect(world.books.creates).toHaveLength(1);
  }); // prettier-ignore

  it('88: two invoices under one number go to a person with both ids, and nothing is sent', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const lookup = world.books.company.lookup.bind(world.books.company);
    world.books.faults.create = once('answer lost');
    world.books.company.lookup = async (...asked) => {
      const outcome = await lookup(...asked);
      if (outcome.verdict !== 'found') return outcome;
      const [one] = outcome.invoices;
      return { verdict: 'found', invoices: one ? [one, { ...one, id: 'the-other' }] : [] };
    };
    for (let minute = 0; minute < 40; minute += 1) {
      await running.worker.tick();
      world.clock.advance(60_000);
    }
    const done = await actions(running).look(batch);
    expect(only(done)).toMatchObject({ state: 'CONFLICT', reason: expect.stringMatching(/2 invoices of ours: .*the-other/) });
    expect(world.books.creates).toHaveLength(1);
  }); // prettier-ignore
});

describe('answers that are certain', () => {
  it('rejected: retried by a person with a new epoch and the same content', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(2));
    world.books.faults.create = once('rejected');
    await running.worker.tick();
    const done = await act.look(batch);
    expect(stateOf(done)).toEqual(['REJECTED', 'POSTED']);
    expect(only(done)).toMatchObject({ retriable: true, reason: 'the period is closed' });
    expect((await act.decide(batch, only(done).key, 'retry')).state).toBe('POSTING');
    await running.worker.tick();
    expect((await act.look(batch)).state).toBe('COMPLETED');
    const keys = world.books.creates.filter(({ ref }) => ref === 'MC2610-0001');
    expect(new Set(keys.map(({ providerKey }) => providerKey)).size).toBe(2);
    expect(new Set(keys.map(({ body }) => body)).size).toBe(1);
  });

  it('busy: waits and sends the same again, each wait longer than the last', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    let left = 4;
    world.books.faults.create = () => (left-- > 0 ? 'busy' : 'none');
    const waits: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const before = world.clock.nowMs();
      const next = await running.worker.tick();
      if (next === null) break;
      waits.push(Date.parse(next) - before);
      world.clock.advance(Date.parse(next) - world.clock.nowMs());
    }
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
    expect(waits).toHaveLength(4);
    const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
    expect(row.epoch).toBe(1);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(world.books.invoices()).toHaveLength(1);
  });

  it('F17: a 429 quiets the whole connection for as long as the books say', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(3));
    const busyAt = busyOnce(world, 90);
    const next = await running.worker.tick();
    expect(next).toBe(toInstant(busyAt() + 90_000));
    const asked = world.books.lookups.length;
    world.clock.advance(busyAt() + 89_000 - world.clock.nowMs());
    await running.worker.tick();
    expect(world.books.creates).toEqual([]);
    expect(world.books.lookups).toHaveLength(asked);
    world.clock.advance(1_000);
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
  });

  it('F17: a second send that meets a 429 stays in doubt, and is not looked for meanwhile', async () => {
    const world = await makeWorld({ kind: { ...PLAIN_WEAK, facility: 'strong' } });
    const running = await startEngine(world);
    await posted(running, plainDraft(1));
    world.books.faults.create = once('request lost');
    await running.worker.tick();
    const busyAt = busyOnce(world, 90);
    for (let minute = 0; minute < 40 && busyAt() === 0; minute += 1) {
      world.clock.advance(60_000);
      await running.worker.tick();
    }
    const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
    expect(row.state).toBe('UNKNOWN');
    const asked = world.books.lookups.length;
    world.clock.advance(busyAt() + 89_000 - world.clock.nowMs());
    expect(await running.worker.tick()).toBe(toInstant(busyAt() + 90_000));
    expect(world.books.lookups).toHaveLength(asked);
  });

  it('another total in the books: a mismatch, never posted', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    world.books.faults.create = once('other total');
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect(only(done)).toMatchObject({ state: 'MISMATCH', reason: expect.stringMatching(/Total: approved 232.38, in the books 1.23/) }); // prettier-ignore
    expect(done.state).toBe('COMPLETED_WITH_DOUBT');
  });

  it('a stranger under our number: a conflict, nothing is sent', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const content = { ...JSON.parse(JSON.stringify(plainDraft(1).invoices[0])), document: 'invoice', invoiceDate: '2026-10-31', customerId: 'c9', lines: [], total: '1.00' } as InvoiceContent; // prettier-ignore
    await world.books.company.create(content, {
      postingKey: 'p',
      providerKey: 'p',
      ref: 'MC2610-0001',
      marker: 'x',
    });
    world.books.edit('1', { marker: null });
    world.books.creates.length = 0;
    await running.worker.tick();
    expect(only(await actions(running).look(batch)).state).toBe('CONFLICT');
    expect(world.books.creates).toEqual([]);
  });

  it('an invoice with our mark and another total: a conflict, not adopted', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
    world.books.faults.create = once('other total');
    await world.books.company.create(JSON.parse(row.content) as InvoiceContent, {
      postingKey: row.key,
      providerKey: row.provider_key,
      ref: row.ref,
      marker: row.marker,
    });
    world.books.creates.length = 0;
    await running.worker.tick();
    expect(only(await actions(running).look(batch))).toMatchObject({ state: 'CONFLICT' });
    expect(world.books.creates).toEqual([]);
  });

  it('another company behind the connection: parked before the first send', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const first = await posted(running, plainDraft(1));
    await running.worker.tick();
    expect((await act.look(first)).state).toBe('COMPLETED');
    const { clientId } = only(first);
    expect(clientId).toBe('c1');
    const second = await act.submit(draftOf([invoiceOf('c2', [{ quantity: '1', price: '5' }])]), 'key-2'); // prettier-ignore
    await act.approve(second);
    world.books.companyId = 'company-2';
    await expect(act.post(second)).rejects.toThrow(/company was Company company-1/);
    expect((await act.look(second)).state).toBe('APPROVED');
    world.books.companyId = 'company-1';
    await act.post(second);
    world.books.companyId = 'company-2';
    const restarted = await startEngine(world);
    await restarted.worker.tick();
    expect((await actions(restarted).look(second)).state).toBe('PAUSED');
    expect(world.books.invoices()).toHaveLength(1);
    world.books.companyId = 'company-1';
    await actions(restarted).post(second, 'resumed');
    await restarted.worker.tick();
    expect((await actions(restarted).look(second)).state).toBe('COMPLETED');
  });

  it('books that stay away for a while: nothing is lost, and it goes on by itself', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(3));
    await act.approve(batch);
    world.books.faults.read = () => 'failed';
    await expect(act.post(batch)).rejects.toMatchObject({ code: 'SOURCE_DOWN' });
    world.books.faults.read = () => 'none';
    await act.post(batch);
    world.books.faults.read = () => 'failed';
    for (let minute = 0; minute < 10; minute += 1) {
      await running.worker.tick();
      world.clock.advance(60_000);
    }
    expect(stateOf(await act.look(batch))).toEqual(['READY', 'READY', 'READY']);
    world.books.faults.read = () => 'none';
    world.clock.advance(600_000);
    await running.worker.tick();
    expect((await act.look(batch)).state).toBe('COMPLETED');
  });
});
