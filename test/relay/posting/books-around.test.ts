// What stands around a batch: documents typed by hand, other relays, pauses, closed clients, sweeps.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { plainDraft, startEngine, draftOf, type Running } from './fake-ports.ts';
import { actions, ANNA, BEN, closeWorlds, makeWorld, only, posted, stateOf, type Batch } from './world.ts'; // prettier-ignore

afterEach(closeWorlds);

const OCTOBER = { period: '2026-10' as never };
const asked = { ...ANNA, query: {}, params: {}, body: {} };
const more = ({ posting: { handlers } }: Running) => ({
  pause: (batch: Batch, reason = 'lunch') =>
    handlers.pause({ ...asked, params: { batch: batch.id }, body: { reason } }),
  cancel: (batch: Batch, reason = 'a mistake') =>
    handlers.cancel({ ...asked, ...BEN, params: { batch: batch.id }, body: { reason } }),
  close: (client: string, reason = 'paid by cheque') =>
    handlers.closeClient({ ...asked, params: { ...OCTOBER, client }, body: { reason } }),
  post: (batch: Batch, seen: string[]) =>
    handlers.post({ ...asked, params: { batch: batch.id }, body: { key: 'p', digest: batch.digest, seen } }),
  inBooks: () => handlers.inBooks({ ...asked, params: OCTOBER }),
  status: () => handlers.status({ ...asked, params: OCTOBER }),
  sweep: () => handlers.sweep(asked),
  books: () => handlers.books(asked),
  knowMark: (marker: string) =>
    handlers.knowMark({ ...asked, body: { marker, reason: 'the old relay' } }),
}); // prettier-ignore

const byHand = async (
  world: Awaited<ReturnType<typeof makeWorld>>,
  content: InvoiceContent,
  ref: string,
  marker: string,
): Promise<string> => {
  const keys = { postingKey: ref, providerKey: ref, ref, marker };
  const made = await world.books.company.create(content, keys);
  world.books.creates.length = 0;
  return made.verdict === 'created' ? made.invoiceId : '';
};

const approved = async (running: Running, clients = 1): Promise<Batch> => {
  const act = actions(running);
  const batch = await act.submit(plainDraft(clients));
  await act.approve(batch);
  return act.look(batch);
};

async function contentOf(world: Awaited<ReturnType<typeof makeWorld>>): Promise<InvoiceContent> {
  const row = await world.store.selectFrom('posting').select('content').executeTakeFirstOrThrow();
  return JSON.parse(row.content) as InvoiceContent;
}

describe('before the first send', () => {
  it('an invoice of the same customer, month and total is in the way until a person has seen it', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await approved(running);
    const id = await byHand(world, await contentOf(world), '4711', 'x');
    world.books.edit(id, { marker: null });
    expect((await more(running).inBooks()).invoices).toMatchObject([
      {
        clientId: 'c1',
        invoiceId: id,
        ref: '4711',
        total: '232.38',
        ours: false,
        alikeTo: [batch.postings[0]?.key],
      },
    ]);
    await expect(actions(running).post(batch)).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
    await expect(actions(running).post(batch)).rejects.toThrow(
      /Client 1: invoice 1 \(number 4711\)/,
    );
    expect(world.books.creates).toEqual([]);
    await more(running).post(batch, [id]);
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
    expect((await more(running).inBooks()).invoices.map(({ ours }) => ours)).toEqual([false, true]);
  });

  it('a mark of another relay stops posting until somebody knows whose it is', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await approved(running);
    await byHand(world, { ...(await contentOf(world)), customerId: 'c2' }, 'MC2610-0009', '[rly:ffffffffffff]'); // prettier-ignore
    await expect(actions(running).post(batch)).rejects.toThrow(
      /\[rly:ffffffffffff\] of another relay/,
    );
    expect((await more(running).sweep()).findings).toMatchObject([{ kind: 'foreign', key: null }]);
    expect((await more(running).inBooks()).foreignMarks).toMatchObject([
      { marker: '[rly:ffffffffffff]', words: expect.stringMatching(/number MC2610-0009/) },
    ]);
    await more(running).knowMark('[rly:ffffffffffff]');
    expect((await more(running).inBooks()).foreignMarks).toEqual([]);
    await actions(running).post(batch);
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
    expect((await more(running).sweep()).findings).toEqual([]);
  });

  it('a full disk and a wrong clock stop it, with what to do', async () => {
    const world = await makeWorld();
    const machine = { free: 50 * 1024 * 1024, now: world.clock.nowMs() };
    const ports = { machine: { nowMs: () => machine.now, freeBytes: () => machine.free } };
    const running = await startEngine(world, ports);
    const batch = await approved(running);
    await expect(actions(running).post(batch)).rejects.toThrow(/Only 50 MB/);
    machine.free = 10 ** 9;
    const { company } = world.books;
    const identity = () => company.identity();
    Object.assign(running.engine.books.company, {
      identity: () => Promise.resolve({ id: 'company-1', name: 'x', answeredAt: new Date(machine.now - 360_000).toUTCString() }),
    });
    await expect(actions(running).post(batch)).rejects.toThrow(/clock of this machine is 6 minutes off/);
    Object.assign(running.engine.books.company, { identity });
    expect(world.books.creates).toEqual([]);
  }); // prettier-ignore
});

describe('a batch that is stopped', () => {
  it('is paused after what is under way, and resumed by posting again', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running);
    await more(running).pause(batch);
    await running.worker.tick();
    expect(await actions(running).look(batch)).toMatchObject({ state: 'PAUSED', reason: 'lunch' });
    expect(world.books.creates).toEqual([]);
    await actions(running).post(batch, 'resumed');
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
    await expect(more(running).pause(batch)).rejects.toMatchObject({ code: 'VERSION_STALE' });
  });

  it('is paused while a turn at the books is waited for: nothing leaves after it', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running);
    const returned: string[] = [];
    Object.assign(running.engine.books.company, {
      async reserve() {
        await more(running).pause(batch);
        return () => returned.push('place');
      },
    });
    await running.worker.tick();
    expect(await actions(running).look(batch)).toMatchObject({ state: 'PAUSED' });
    expect(world.books.creates).toEqual([]);
    expect(returned).toEqual(['place']);
  });

  it('is withdrawn before anything was sent, and its clients are free again', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const sentIn = await act.submit(plainDraft(2));
    expect((await more(running).cancel(sentIn)).state).toBe('CANCELLED');
    const second = await act.submit(plainDraft(2), 'key-2');
    await act.approve(second);
    const cancelled = await more(running).cancel(second);
    expect(stateOf(cancelled)).toEqual(['SUPERSEDED', 'SUPERSEDED']);
    await expect(act.post(second)).rejects.toMatchObject({ code: 'APPROVAL_STALE' });
    const third = await act.submit(plainDraft(2), 'key-3');
    await act.approve(third);
    await act.post(third);
    await expect(more(running).cancel(third)).rejects.toMatchObject({ code: 'VERSION_STALE' });
    await running.worker.tick();
    expect(world.books.creates).toHaveLength(2);
  });

  it('a client that a person closed without invoice seals the month', async () => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const act = actions(running);
    const held = [{ clientId: 'c2', reason: 'in dispute' }];
    const batch = await act.submit({ ...draftOf(plainDraft(1).invoices), held });
    await act.approve(batch);
    await act.post(batch);
    await running.worker.tick();
    expect(await running.posting.isSealed('2026-10' as never)).toBe(false);
    await expect(more(running).close('c1')).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
    const { clients } = await more(running).close('c2');
    expect(clients.map(({ word }) => word)).toEqual(['posted', 'closed without invoice']);
    expect(await running.posting.isSealed('2026-10' as never)).toBe(true);
  });
});

describe('the sweep', () => {
  it('finds what is missing, voided, changed or there twice, and nothing else', async () => {
    const world = await makeWorld({ clients: 5 });
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(5));
    await running.worker.tick();
    expect((await more(running).sweep()).findings).toEqual([]);
    world.books.remove('1');
    world.books.edit('2', { voided: true });
    world.books.edit('3', { customerId: 'c1' });
    const fourth = await world.store.selectFrom('posting').selectAll().where('client_id', '=', 'c4').executeTakeFirstOrThrow();
    const keys = { postingKey: fourth.key, providerKey: 'copy', ref: fourth.ref, marker: fourth.marker };
    await world.books.company.create(JSON.parse(fourth.content) as InvoiceContent, keys);
    const { findings, compared, failed } = await more(running).sweep();
    expect({ compared, failed }).toEqual({ compared: 5, failed: null });
    expect(findings.map(({ kind, clientName }) => `${clientName ?? ''} ${kind}`)).toEqual(['Client 1 missing', 'Client 2 voided', 'Client 3 mismatch', 'Client 4 duplicate']);
    expect(stateOf(await act.look(batch))).toEqual(['MISSING_IN_LEDGER', 'VOIDED', 'MISMATCH', 'DUPLICATE_IN_LEDGER', 'POSTED']);
    expect((await more(running).sweep()).findings).toEqual(findings);
    expect(only(await act.look(batch), 'c5').state).toBe('POSTED');
  }); // prettier-ignore

  it('says that it failed, and is late after 26 hours', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    await posted(running, plainDraft(1));
    await running.worker.tick();
    expect((await more(running).books()).sweep).toBeNull();
    expect(await more(running).sweep()).toMatchObject({ failed: null, late: false });
    world.clock.advance(27 * 3_600_000);
    expect((await more(running).books()).sweep).toMatchObject({ late: true });
    world.books.faults.read = () => 'failed';
    expect(await more(running).sweep()).toMatchObject({
      failed: 'The books are away.',
      late: true,
    });
  });
});

it('books that are files export: the status says so, and the month is sealed all the same', async () => {
  const world = await makeWorld();
  Object.assign(world.books, { system: { ...world.books.system, kind: 'file' } });
  const running = await startEngine(world);
  const batch = await approved(running);
  await more(running).post(batch, []);
  await running.worker.tick();
  const [client] = (await more(running).status()).clients;
  expect(client).toMatchObject({ clientId: 'c1', word: 'exported' });
  expect(await running.posting.isSealed(OCTOBER.period)).toBe(true);
});
