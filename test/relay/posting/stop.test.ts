// What ends without being posted: a batch withdrawn, outrun by a newer one or too old; a client closed.
import { afterEach, describe, expect, it } from '@jest/globals';
import { draftOf, invoiceOf, plainDraft, startEngine, POLICY, type Running } from './fake-ports.ts'; // prettier-ignore
import { actions, BEN, closeWorlds, makeWorld, only, stateOf, type Batch } from './world.ts';
import { approved, asked, decide, later, sent, stranger, STRONG, sweep, thereAlready, waiting, type Walk } from './walk.ts'; // prettier-ignore

afterEach(closeWorlds);

const OCTOBER = '2026-10' as never;
const HOURS = 3_600_000;

const cancel = ({ posting }: Running, { id }: Batch) =>
  posting.handlers.cancel({ ...asked, params: { batch: id }, body: { reason: 'a mistake' } });
const close = ({ posting }: Running, client = 'c1') =>
  posting.handlers.closeClient({
    ...asked,
    params: { period: OCTOBER, client },
    body: { reason: 'paid by cheque' },
  });
const look = ({ running, batch }: Walk) => actions(running).look(batch);
const auditWords = async ({ world }: Walk, action: string): Promise<string[]> => {
  const rows = await world.store.selectFrom('audit').selectAll().where('action', '=', action).execute(); // prettier-ignore
  return rows.map(({ words }) => words);
};

/** Approved, and a recovery has found the first of two invoices in the books. */
async function halfAdopted(): Promise<Walk> {
  const world = await makeWorld({ clients: 2 });
  const first = await startEngine(world);
  const batch = await actions(first).submit(plainDraft(2));
  await actions(first).approve(batch);
  await thereAlready({ world, running: first, batch });
  const restored = { reason: 'older', needsPerson: false, ended: () => Promise.resolve() };
  const running = await startEngine(world, { restored, holder: 'restored' });
  await running.worker.tick();
  const walk = { world, running, batch };
  expect(await look(walk)).toMatchObject({ state: 'APPROVED' });
  expect(stateOf(await look(walk))).toEqual(['POSTED', 'READY']);
  return walk;
}

describe('a batch of which a recovery found one in the books', () => {
  it.each([
    ['approved', 0, 'APPROVED'],
    ['too old to be posted', 73, 'STALE'],
  ])('is withdrawn all the same, %s: that one stays, and it is said', async (_name, hours, state) => {
    const walk = await halfAdopted();
    walk.world.clock.advance(hours * HOURS);
    await walk.running.worker.tick();
    expect((await look(walk)).state).toBe(state);
    const withdrawn = await cancel(walk.running, walk.batch);
    expect(withdrawn.state).toBe('CANCELLED');
    expect(stateOf(withdrawn)).toEqual(['POSTED', 'SUPERSEDED']);
    const stays = /a mistake \(not withdrawn, .*: MC2610-0001 for Client 1 is posted\)$/;
    expect(withdrawn.reason).toMatch(stays);
    expect((await auditWords(walk, 'batch CANCELLED'))[0]).toMatch(stays);
    expect(await cancel(walk.running, walk.batch)).toMatchObject({ state: 'CANCELLED' });
    // The one that was withdrawn is free, the one in the books is not.
    const again = { ...plainDraft(2), invoices: plainDraft(2).invoices.slice(1) };
    await actions(walk.running).approve(await actions(walk.running).submit(again, 'again'));
    await expect(actions(walk.running).submit(plainDraft(1), 'third')).rejects.toThrow(/in the books already/); // prettier-ignore
  }); // prettier-ignore

  it('a number that somebody else has in the books stays in sight when the batch is withdrawn', async () => {
    const walk = await approved();
    await stranger(walk);
    const restored = { reason: 'older', needsPerson: false, ended: () => Promise.resolve() };
    const running = await startEngine(walk.world, { restored, holder: 'restored' });
    await running.worker.tick();
    const withdrawn = await cancel(running, walk.batch);
    expect(stateOf(withdrawn)).toEqual(['CONFLICT']);
    expect(withdrawn.reason).toMatch(/MC2610-0001 for Client 1 is blocked/);
    const changed = draftOf([invoiceOf('c1', [{ quantity: '1', price: '5' }])]);
    await actions(running).approve(await actions(running).submit(changed, 'again'));
    expect(stateOf(await look(walk))).toEqual(['SUPERSEDED']);
  }); // prettier-ignore
});

describe('what was sent in and not approved', () => {
  it('is approved for as long as an approval lives, then it is sent in again', async () => {
    const world = await makeWorld();
    const running = await startEngine(world, { policy: { ...POLICY, twoPersons: true } });
    const act = actions(running);
    const batch = await act.submit(plainDraft(1));
    world.clock.advance(72 * HOURS);
    await expect(act.approve(batch, BEN)).rejects.toMatchObject({
      code: 'APPROVAL_STALE',
      message: expect.stringMatching(/72 hours ago.*Nothing was approved: review and send it in again/),
    });
    const again = await act.submit(plainDraft(1), 'again');
    world.clock.advance(71 * HOURS);
    expect(await act.approve(again, BEN)).toMatchObject({ state: 'APPROVED' });
  }); // prettier-ignore

  it('gives way to what was sent in later and approved, so that the month can be sealed', async () => {
    const walk = await approved();
    const { running } = walk;
    const act = actions(running);
    await cancel(running, walk.batch);
    const first = await act.submit(plainDraft(1), 'first');
    const september = { ...plainDraft(1), period: '2026-09' as never };
    const earlierMonth = await act.submit(september, 'september');
    const second = await act.submit(plainDraft(1), 'second');
    const third = await act.submit(plainDraft(1), 'third');
    await act.approve(second);
    expect(await act.look(first)).toMatchObject({ state: 'CANCELLED', reason: 'a newer approval took its place' }); // prettier-ignore
    expect((await act.look(earlierMonth)).state).toBe('SUBMITTED');
    expect((await act.look(third)).state).toBe('SUBMITTED');
    expect(await auditWords(walk, 'batch CANCELLED')).toContain('Batch of 2026-10: SUBMITTED to CANCELLED: a newer approval took its place'); // prettier-ignore
    await cancel(running, third);
    await act.post(second);
    await running.worker.tick();
    expect(await running.posting.isSealed(OCTOBER)).toBe(true);
  });
});

describe('a client is closed without invoice', () => {
  const gone = ({ world }: Walk): void => void world.books.customers.delete('c1');
  const voided = async (walk: Walk): Promise<void> => {
    walk.world.books.edit('1', { voided: true });
    await sweep(walk);
  };
  const backAgain = async (): Promise<Walk> => {
    const walk = await sent();
    const [invoice] = walk.world.books.invoices();
    walk.world.books.edit('1', { id: 'hidden', marker: null, ref: 'x' });
    await sweep(walk);
    expect(stateOf(await look(walk))).toEqual(['MISSING_IN_LEDGER']);
    walk.world.books.edit('hidden', invoice!);
    return walk;
  };
  const postNow = async (walk: Walk): Promise<Walk> => {
    await actions(walk.running).post(walk.batch);
    await walk.running.worker.tick();
    return walk;
  };

  it.each([
    ['refused by the books', 'REJECTED', () => sent('rejected')],
    ['stopped before it was sent', 'BLOCKED', async () => { const walk = await approved(); gone(walk); return postNow(walk); }],
    ['voided in the books', 'VOIDED', async () => { const walk = await sent(); await voided(walk); return walk; }],
    ['stopped by another one with its number', 'CONFLICT', async () => { const walk = await approved(); await stranger(walk); return postNow(walk); }],
    ['of other content and voided since', 'MISMATCH', async () => { const walk = await sent('other total'); walk.world.books.edit('1', { voided: true }); return walk; }],
    ['gone from the books', 'MISSING_IN_LEDGER', async () => { const walk = await sent(); walk.world.books.remove('1'); await sweep(walk); return walk; }],
  ])('whose invoice was %s, and the month can be sealed', async (_name, state, walkTo) => {
    const walk = await walkTo();
    expect(stateOf(await look(walk))).toEqual([state]);
    const { clients } = await close(walk.running);
    expect(clients.find(({ clientId }) => clientId === 'c1')?.word).toBe('closed without invoice');
    const one = only(await look(walk));
    expect(one).toMatchObject({ state: 'SUPERSEDED', reason: 'Anna closed the client without invoice: paid by cheque' });
    expect((await look(walk)).state).toMatch(/^COMPLETED/);
    expect((await look(walk)).state).not.toBe('COMPLETED_WITH_DOUBT');
    expect(await running(walk).isSealed(OCTOBER)).toBe(true);
    const { findings } = await sweep(walk);
    expect(findings.filter(({ kind }) => kind !== 'foreign')).toEqual([]);
    await expect(decide(walk, 'retry')).rejects.toMatchObject({ code: 'VERSION_STALE' });
  }); // prettier-ignore

  it('whose approval lapsed before anything was posted: nothing is left of the batch', async () => {
    const walk = await approved();
    const changed = draftOf([invoiceOf('c1', [{ quantity: '7', price: '22' }])]);
    await actions(walk.running).compare(walk.batch, changed);
    expect(stateOf(await look(walk))).toEqual(['BLOCKED']);
    await close(walk.running);
    expect((await look(walk)).state).toBe('CANCELLED');
  });

  it.each([
    ['in doubt', () => waiting(), /nobody is sure yet whether invoice MC2610-0001 of October 2026 is in the books/],
    ['of other content in the books', () => sent('other total'), /is in the books. Void it there first/],
    ['in the books', () => sent(), /is in the books. Void it there first/],
    ['approved', () => approved(), /is approved and waits to be posted/],
    ['in the books again, unseen since', backAgain, /is in the books. Void it there first/],
  ])('not while its invoice is %s', async (_name, walkTo, words) => {
    const walk = await walkTo();
    const before = stateOf(await look(walk));
    const refused = close(walk.running);
    await expect(refused).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.not.toThrow(new RegExp(`${before.join()}|${walk.batch.id}`));
    expect(stateOf(await look(walk))).toEqual(before);
  }); // prettier-ignore

  it('not while its invoice may still land, whatever has taken its number', async () => {
    const walk = await sent('request lost', STRONG);
    await stranger(walk);
    await later(walk, 1);
    expect(stateOf(await look(walk))).toEqual(['CONFLICT']);
    await expect(close(walk.running)).rejects.toMatchObject({ code: 'TOO_EARLY' });
    walk.world.clock.advance(HOURS);
    await close(walk.running);
    expect(stateOf(await look(walk))).toEqual(['SUPERSEDED']);
  });

  it('not while its invoice was sent in and waits for approval', async () => {
    const world = await makeWorld({ clients: 2 });
    const engine = await startEngine(world);
    const batch = await actions(engine).submit(plainDraft(1));
    await expect(close(engine)).rejects.toThrow(
      'Client 1: its invoice of October 2026 was sent in by Anna and waits for approval. Withdraw that first.',
    );
    await close(engine, 'c2');
    await cancel(engine, batch);
    await close(engine);
  });
});

const running = ({ running: { posting } }: Walk) => posting;
