// What was replaced or withdrawn while the books held it: its client and month are not over.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { startEngine } from './fake-ports.ts';
import { actions, closeWorlds, only, type Batch } from './world.ts';
import { approveAnew, approved, asked, sent, thereAlready, type Walk } from './walk.ts';

afterEach(closeWorlds);

const OCTOBER = '2026-10' as never;

const close = ({ running }: Walk) =>
  running.posting.handlers.closeClient({
    ...asked,
    params: { period: OCTOBER, client: 'c1' },
    body: { reason: 'paid by cheque' },
  });
const withdraw = ({ running }: Walk, { id }: Batch) =>
  running.posting.handlers.cancel({ ...asked, params: { batch: id }, body: { reason: 'no' } });
const statusOf = async ({ running }: Walk) => {
  const { clients } = await running.posting.handlers.status({ ...asked, params: { period: OCTOBER } });
  return clients.find(({ clientId }) => clientId === 'c1');
}; // prettier-ignore
const isSealed = ({ running }: Walk) => running.posting.isSealed(OCTOBER);

/** In the books with another total, replaced by a new approval, and that one withdrawn. */
async function leftBehind(): Promise<Walk> {
  const walk = await sent('other total');
  await withdraw(walk, await approveAnew(walk));
  return walk;
}

it('a client whose corrected approval was withdrawn keeps the month open', async () => {
  const walk = await sent('rejected');
  await withdraw(walk, await approveAnew(walk));
  expect(await statusOf(walk)).toMatchObject({ word: 'not started', free: true });
  expect(await isSealed(walk)).toBe(false);
  await close(walk);
  expect(await isSealed(walk)).toBe(true);
});

describe('an invoice under our number with our content and without our mark', () => {
  /** A restored database has not sent it, and somebody has cleared the memo in the books. */
  async function unmarked(): Promise<Walk> {
    const walk = await approved();
    await thereAlready(walk);
    walk.world.books.edit('1', { marker: null });
    const restored = { reason: 'older', needsPerson: false, ended: () => Promise.resolve() };
    const running = await startEngine(walk.world, { restored, holder: 'restored' });
    await running.worker.tick();
    expect(only(await actions(running).look(walk.batch))).toMatchObject({
      state: 'CONFLICT',
      block: 'number taken',
      invoiceId: null,
    });
    return { ...walk, running };
  }

  it('holds its client open, and back what was approved anew', async () => {
    const walk = await unmarked();
    await expect(close(walk)).rejects.toThrow('invoice MC2610-0001 (1) of October 2026 is in the books');
    const anew = await approveAnew(walk);
    await actions(walk.running).post(anew, 'post-2');
    await walk.running.worker.tick();
    expect(only(await actions(walk.running).look(anew))).toMatchObject({
      state: 'BLOCKED',
      reason: 'invoice MC2610-0001 (1) of an earlier approval is still in the books: void it there first',
    });
    expect(walk.world.books.creates).toHaveLength(1);
    walk.world.books.edit('1', { voided: true });
    await actions(walk.running).decide(anew, only(await actions(walk.running).look(anew)).key, 'retry');
    await walk.running.worker.tick();
    expect(only(await actions(walk.running).look(anew))).toMatchObject({ state: 'POSTED' });
  });
}); // prettier-ignore

describe('an invoice that was replaced while the books hold it', () => {
  it('stays created, and its client neither closed nor free of it', async () => {
    const walk = await leftBehind();
    const old = only(await actions(walk.running).look(walk.batch));
    expect(old).toMatchObject({ state: 'SUPERSEDED', outcome: 'created', invoiceId: '1' });
    expect(await statusOf(walk)).toMatchObject({ word: 'blocked', ref: 'MC2610-0001', free: true });
    expect(await isSealed(walk)).toBe(false);
    await expect(close(walk)).rejects.toThrow(
      'Client 1: invoice MC2610-0001 (1) of October 2026 is in the books. Void it there first, then close the client.',
    );
    expect(await isSealed(walk)).toBe(false);
    expect((await statusOf(walk))?.word).toBe('blocked');
  });

  it.each([
    ['voided', (walk: Walk) => walk.world.books.edit('1', { voided: true })],
    ['deleted', (walk: Walk) => walk.world.books.remove('1')],
  ])('is over once it was %s there and the client closed', async (_name, mend) => {
    const walk = await leftBehind();
    mend(walk);
    expect(await isSealed(walk)).toBe(false);
    const { clients } = await close(walk);
    expect(clients.find(({ clientId }) => clientId === 'c1')?.word).toBe('closed without invoice');
    expect(await isSealed(walk)).toBe(true);
  });

  it('is over once a newer one is posted', async () => {
    const walk = await sent('other total');
    const anew = await approveAnew(walk);
    walk.world.books.edit('1', { voided: true });
    await actions(walk.running).post(anew, 'post-2');
    await walk.running.worker.tick();
    expect((await statusOf(walk))?.word).toBe('posted');
    expect(await isSealed(walk)).toBe(true);
  });

  it('is known by its id without mark and number, and by its mark without its id', async () => {
    const walk = await leftBehind();
    walk.world.books.edit('1', { marker: null, ref: '4711' });
    await expect(close(walk)).rejects.toThrow('invoice 4711 (1) of October 2026 is in the books');
    const refused = await sent('rejected');
    const row = await refused.world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow(); // prettier-ignore
    const keys = { postingKey: row.key, providerKey: 'p', ref: 'MC2610-0009', marker: row.marker };
    await refused.world.books.company.create(JSON.parse(row.content) as InvoiceContent, keys);
    await expect(close(refused)).rejects.toThrow('invoice MC2610-0009 (1) of October 2026');
  });

  it.each([
    ['do not answer', (walk: Walk) => void (walk.world.books.faults.read = () => 'failed'), 'SOURCE_DOWN'],
    ['cannot be searched', (walk: Walk) => void (walk.world.books.faults.lookup = () => 'failed'), 'SOURCE_DOWN'],
    ['are those of another company', (walk: Walk) => void (walk.world.books.companyId = 'other'), 'LEDGER_CONFLICT'],
  ])('is not closed while the books %s', async (_name, fault, code) => {
    const walk = await leftBehind();
    walk.world.books.remove('1');
    fault(walk);
    await expect(close(walk)).rejects.toMatchObject({ code });
    expect((await statusOf(walk))?.word).toBe('blocked');
  }); // prettier-ignore

  it('holds its client open while a document that the database forgot stands there', async () => {
    const walk = await sent('rejected');
    const row = await walk.world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
    const keys = { postingKey: 'k', providerKey: 'k', ref: 'MC2610-0005', marker: '[rly:test-0123456789ab]' }; // prettier-ignore
    await walk.world.books.company.create(JSON.parse(row.content) as InvoiceContent, keys);
    const restored = { reason: 'older', needsPerson: false, ended: () => Promise.resolve() };
    const running = await startEngine(walk.world, { restored, holder: 'restored' });
    await running.worker.tick();
    await expect(close({ ...walk, running })).rejects.toThrow('invoice MC2610-0005 (1) of October');
    walk.world.books.edit('1', { voided: true });
    await close({ ...walk, running });
  });

  it('is told by the number that the books show, where the row has another one', async () => {
    const walk = await sent('other total');
    walk.world.books.edit('1', { ref: 'MC2610-0003' });
    const anew = await approveAnew(walk);
    await actions(walk.running).post(anew, 'post-2');
    await walk.running.worker.tick();
    expect(only(await actions(walk.running).look(anew))).toMatchObject({
      state: 'BLOCKED',
      reason: 'invoice MC2610-0003 (1) of an earlier approval is still in the books: void it there first',
    });
  }); // prettier-ignore
});
