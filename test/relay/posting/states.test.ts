// Every row of the two state machines (posting-safety 2.1 and 2.2) is walked by the engine itself.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { BooksInvoice } from '../../../src/relay/accounting/accounting.ts';
import { BATCH_MOVES, POSTING_MOVES } from '../../../src/relay/posting/states.ts';
import { draftOf, plainDraft, POLICY, startEngine } from './fake-ports.ts';
import { actions, BEN, closeWorlds } from './world.ts';
import { approveAnew, approved, asked, decide, later, movesOf, sent, stranger, STRONG, sweep, thereAlready, waiting, type Walk } from './walk.ts'; // prettier-ignore

afterEach(closeWorlds);

type Row = readonly [moves: string, event: string, walk: () => Promise<Walk>];
const then = async (first: Promise<Walk>, next: (walk: Walk) => unknown): Promise<Walk> => {
  const walk = await first;
  await next(walk);
  return walk;
};
const postNow = async (walk: Walk): Promise<void> => {
  await actions(walk.running).post(walk.batch);
  await walk.running.worker.tick();
};
const byBatch = { ...asked, body: { reason: 'as agreed' } };
const pause = ({ running, batch }: Walk) =>
  running.posting.handlers.pause({ ...byBatch, params: { batch: batch.id } });
const cancel = ({ running, batch }: Walk) =>
  running.posting.handlers.cancel({ ...byBatch, params: { batch: batch.id } });
const customerGone = ({ world }: Walk): void => void world.books.customers.delete('c1');
const customerBack = ({ world }: Walk): void =>
  void world.books.customers.set('c1', { id: 'c1', name: 'Client 1', code: null, active: true, currency: null }); // prettier-ignore

/** Out of sight, as a deleted one is, and to be shown again. */
const hidden = (invoice: BooksInvoice, id: string): BooksInvoice => ({
  ...invoice,
  id,
  marker: null,
  ref: id,
  customerId: 'c2',
});

/** What the books show of one invoice that was posted and of its copy. */
const SHOWN = {
  MISSING_IN_LEDGER: ([one, two]: Pair) => [hidden(one, 'x1'), hidden(two, 'x2')],
  VOIDED: ([one, two]: Pair) => [{ ...one, voided: true }, hidden(two, 'x2')],
  MISMATCH: ([one, two]: Pair) => [{ ...one, subtotal: '1.00' as never }, hidden(two, 'x2')],
  DUPLICATE_IN_LEDGER: (pair: Pair) => pair,
};
type Pair = readonly [BooksInvoice, BooksInvoice];
type Trouble = keyof typeof SHOWN;

async function fromTrouble(from: Trouble, to: Trouble): Promise<Walk> {
  const walk = await sent();
  const { books } = walk.world;
  await thereAlready(walk);
  const pair = books.invoices() as unknown as Pair;
  for (const shown of [from, to]) {
    const ids = books.invoices().map(({ id }) => id);
    SHOWN[shown](pair).forEach((invoice, at) => books.edit(ids[at] ?? '', invoice));
    await sweep(walk);
  }
  return walk;
}

const TROUBLES = Object.keys(SHOWN) as Trouble[];
const TROUBLE_ROWS = TROUBLES.flatMap((from) =>
  TROUBLES.filter((to) => to !== from).map((to): Row => [`${from} ${to}`, 'sweep: otherwise wrong', () => fromTrouble(from, to)]),
); // prettier-ignore

const POSTING_ROWS: readonly Row[] = [
  ...TROUBLE_ROWS,
  ['PLANNED READY', 'batch approved', () => approved()],
  ['READY SENDING', 'look-up finds none', () => sent()],
  ['READY POSTED', 'look-up finds ours and equal', () => then(approved(), async (walk) => { await thereAlready(walk); await postNow(walk); })],
  ['READY CONFLICT', 'look-up finds what is not ours', () => then(approved(), async (walk) => { await stranger(walk); await postNow(walk); })],
  ['READY BLOCKED', 'the live customer is gone', () => then(approved(), async (walk) => { customerGone(walk); await postNow(walk); })],
  ['READY SUPERSEDED', 'a newer approval', () => then(approved(), approveAnew)],
  ['SENDING READY', 'not sent', () => sent('busy')],
  ['SENDING REJECTED', 'rejected', () => sent('rejected')],
  ['SENDING POSTED', 'created, read back equal', () => sent()],
  ['SENDING MISMATCH', 'created, read back differs', () => sent('other total')],
  ['SENDING UNKNOWN', 'anything else', () => sent('answer lost')],
  ['UNKNOWN POSTED', 'look-up finds ours', () => then(sent('answer lost'), (walk) => later(walk, 2))],
  ['UNKNOWN MISMATCH', 'look-up finds ours, changed', () => then(sent('lands late'), async (walk) => { walk.world.clock.advance(16 * 60_000); walk.world.books.edit('1', { subtotal: '1.00' as never }); await walk.running.worker.tick(); })],
  ['UNKNOWN CONFLICT', 'a stranger has our number, which is unique there', () => then(sent('request lost', STRONG), async (walk) => { await stranger(walk); await later(walk, 1); })],
  ['UNKNOWN SENDING', 'strong books: the same key again', () => then(sent('request lost', STRONG), (walk) => later(walk, 2))],
  ['UNKNOWN READY', 'strong books, evidence complete, the key not to be used', () => then(sent('request lost', STRONG), async (walk) => { customerGone(walk); for (let round = 0; round < 8; round += 1) await later(walk, 10); })],
  ['UNKNOWN NEEDS_PERSON', 'weak books, nothing found', () => waiting()],
  ['NEEDS_PERSON READY', 'not there, send again', () => then(waiting(), (walk) => decide(walk, 'send again'))],
  ['NEEDS_PERSON POSTED', 'it is there, id X', () => then(waiting(), async (walk) => { await thereAlready(walk); await decide(walk, 'it is there', '1'); })],
  ['NEEDS_PERSON MISMATCH', 'found after all, changed', () => then(waiting(), async (walk) => { await thereAlready(walk); walk.world.books.edit('1', { subtotal: '1.00' as never }); await decide(walk, 'look again'); })],
  ['NEEDS_PERSON CONFLICT', 'id X is something else', () => then(waiting(), async (walk) => { await stranger(walk); await decide(walk, 'it is there', '1'); })],
  ['NEEDS_PERSON CANCELLED', 'give up', () => then(waiting(), (walk) => decide(walk, 'give up'))],
  ['REJECTED READY', 'retry of the same (rulings 17)', () => then(sent('rejected'), (walk) => decide(walk, 'retry'))],
  ['REJECTED SUPERSEDED', 'new approval', () => then(sent('rejected'), approveAnew)],
  ['BLOCKED READY', 'mended in the books, retry', () => then(approved(), async (walk) => { customerGone(walk); await postNow(walk); customerBack(walk); await decide(walk, 'retry'); })],
  ['BLOCKED SUPERSEDED', 'new approval', () => then(approved(), async (walk) => { customerGone(walk); await postNow(walk); await approveAnew(walk); })],
  ['CONFLICT SUPERSEDED', 'new approval', () => then(approved(), async (walk) => { await stranger(walk); await postNow(walk); await approveAnew(walk); })],
  ['MISMATCH SUPERSEDED', 'new approval', () => then(sent('other total'), approveAnew)],
  ['POSTED MISSING_IN_LEDGER', 'sweep: gone', () => then(sent(), async (walk) => { walk.world.books.remove('1'); await sweep(walk); })],
  ['POSTED VOIDED', 'sweep: voided', () => then(sent(), async (walk) => { walk.world.books.edit('1', { voided: true }); await sweep(walk); })],
  ['VOIDED SUPERSEDED', 'closed without invoice', () => then(sent(), async (walk) => { walk.world.books.edit('1', { voided: true }); await sweep(walk); await walk.running.posting.handlers.closeClient({ ...byBatch, params: { period: '2026-10' as never, client: 'c1' } }); })],
  ['POSTED MISMATCH', 'sweep: changed', () => then(sent(), async (walk) => { walk.world.books.edit('1', { customerId: 'c2' }); await sweep(walk); })],
  ['MISSING_IN_LEDGER SUPERSEDED', 'new approval', () => then(sent(), async (walk) => { walk.world.books.remove('1'); await sweep(walk); await approveAnew(walk); })],
  ['MISSING_IN_LEDGER POSTED', 'sweep: there again', () => then(sent(), async (walk) => { const [one] = walk.world.books.invoices(); walk.world.books.edit('1', { id: 'hidden', marker: null, ref: 'x' }); await sweep(walk); walk.world.books.edit('hidden', one!); await sweep(walk); })],
  ['VOIDED POSTED', 'sweep: voided no more', () => then(sent(), async (walk) => { walk.world.books.edit('1', { voided: true }); await sweep(walk); walk.world.books.edit('1', { voided: false }); await sweep(walk); })],
  ['MISMATCH POSTED', 'sweep: corrected in the books', () => then(sent('other total'), async (walk) => { walk.world.books.edit('1', { subtotal: '232.38' as never }); await sweep(walk); })],
  ['DUPLICATE_IN_LEDGER POSTED', 'sweep: the copy was voided', () => then(sent(), async (walk) => { await thereAlready(walk); await sweep(walk); walk.world.books.edit('2', { voided: true }); await sweep(walk); })],
  ['POSTED DUPLICATE_IN_LEDGER', 'sweep: two of them', () => then(sent(), async (walk) => { await thereAlready(walk); await sweep(walk); })],
]; // prettier-ignore

const BATCH_ROWS: readonly Row[] = [
  ['DRAFT VALIDATED', 'validate', () => approved()],
  ['VALIDATED SUBMITTED', 'submit', () => approved()],
  ['SUBMITTED APPROVED', 'approve', () => approved()],
  ['SUBMITTED CANCELLED', 'withdraw', () => then(approved(), async (walk) => { const [, second] = plainDraft(2).invoices; const next = await actions(walk.running).submit(draftOf([second!]), 'next'); await cancel({ ...walk, batch: next }); })],
  ['APPROVED STALE', 'expired', () => then(approved(), async (walk) => { walk.world.clock.advance(72 * 3_600_000); await walk.running.worker.tick(); })],
  ['APPROVED POSTING', 'post', () => sent()],
  ['APPROVED CANCELLED', 'cancel', () => then(approved(), cancel)],
  ['STALE CANCELLED', 'cancel', () => then(approved(), async (walk) => { walk.world.clock.advance(72 * 3_600_000); await walk.running.worker.tick(); await cancel(walk); })],
  ['POSTING PAUSED', 'pause', () => then(approved(), async (walk) => { await actions(walk.running).post(walk.batch); await pause(walk); })],
  ['PAUSED POSTING', 'resume', () => then(approved(), async (walk) => { await actions(walk.running).post(walk.batch); await pause(walk); await actions(walk.running).post(walk.batch, 'resumed'); })],
  ['POSTING COMPLETED', 'all posted', () => sent()],
  ['POSTING COMPLETED_WITH_EXCEPTIONS', 'all settled, some rejected', () => sent('rejected')],
  ['POSTING COMPLETED_WITH_DOUBT', 'only doubt left', () => waiting()],
  ['COMPLETED_WITH_EXCEPTIONS POSTING', 'retry (rulings 17)', () => then(sent('rejected'), (walk) => decide(walk, 'retry'))],
  ['COMPLETED_WITH_DOUBT POSTING', 'send again', () => then(waiting(), (walk) => decide(walk, 'send again'))],
  ['COMPLETED_WITH_DOUBT PAUSED', 'pause', () => then(waiting(), pause)],
  ['COMPLETED_WITH_DOUBT COMPLETED', 'last doubt settled: it is there', () => then(waiting(), async (walk) => { await thereAlready(walk); await decide(walk, 'look again'); })],
  ['COMPLETED_WITH_DOUBT COMPLETED_WITH_EXCEPTIONS', 'last doubt settled: given up', () => then(waiting(), (walk) => decide(walk, 'give up'))],
]; // prettier-ignore

/** The sheet is the draft: an edit is a new batch, so nothing leads back to DRAFT. */
const NEVER = ['VALIDATED DRAFT', 'SUBMITTED DRAFT'];
const pairsOf = (moves: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(moves).flatMap(([from, targets]) => targets.map((to) => `${from} ${to}`));

describe('every row of the posting machine', () => {
  it.each(POSTING_ROWS)('%s: %s', async (move, _event, walk) => {
    const { world } = await walk();
    expect((await movesOf(world)).posting).toContain(move);
  });

  it('and there is no row that nobody walks', () => {
    expect(POSTING_ROWS.map(([move]) => move).sort()).toEqual(pairsOf(POSTING_MOVES).sort());
  });
});

describe('every row of the batch machine', () => {
  it.each(BATCH_ROWS)('%s: %s', async (move, _event, walk) => {
    const { world } = await walk();
    expect((await movesOf(world)).batch).toContain(move);
  });

  it('and there is no row that nobody walks', () => {
    expect([...BATCH_ROWS.map(([move]) => move), ...NEVER].sort()).toEqual(pairsOf(BATCH_MOVES).sort()); // prettier-ignore
  });
});

describe('rows that stay where they are', () => {
  it('POSTED: any call is answered and nothing moves', async () => {
    const walk = await sent();
    const before = await movesOf(walk.world);
    await actions(walk.running).post(walk.batch, 'again');
    await actions(walk.running).approve(walk.batch);
    await expect(decide(walk, 'retry')).rejects.toMatchObject({ code: 'VERSION_STALE' });
    await expect(decide(walk, 'send again')).rejects.toMatchObject({ code: 'VERSION_STALE' });
    await expect(cancel(walk)).rejects.toMatchObject({ code: 'VERSION_STALE' });
    expect(await movesOf(walk.world)).toEqual(before);
    expect(walk.world.books.creates).toHaveLength(1);
  });

  it('READY: a look-up that failed is tried again later', async () => {
    const walk = await approved();
    walk.world.books.faults.lookup = () => 'failed';
    await postNow(walk);
    expect((await movesOf(walk.world)).posting).toEqual(['PLANNED READY']);
  });

  it('NEEDS_PERSON: under the two-person rule not who pressed Post says "send it again"', async () => {
    const walk = await waiting();
    const policy = { ...POLICY, twoPersons: true };
    const running = await startEngine(walk.world, { policy });
    await expect(decide({ ...walk, running }, 'send again')).rejects.toMatchObject({ code: 'NOT_ALLOWED' }); // prettier-ignore
    const [posting] = (await actions(running).look(walk.batch)).postings;
    const params = { batch: walk.batch.id, key: posting?.key ?? '' };
    await running.posting.handlers.decide({ ...asked, ...BEN, params, body: { choice: 'send again' } }); // prettier-ignore
    expect((await movesOf(walk.world)).posting).toContain('NEEDS_PERSON READY');
  });

  it('POSTING: a disk that is full at a start pauses the batch, with what to do', async () => {
    const walk = await approved();
    await actions(walk.running).post(walk.batch);
    const machine = { nowMs: () => null, freeBytes: () => 1024 };
    const running = await startEngine(walk.world, { machine });
    await running.worker.tick();
    const paused = await actions(running).look(walk.batch);
    expect(paused).toMatchObject({ state: 'PAUSED', reason: expect.stringMatching(/Make room/) });
    expect(walk.world.books.creates).toEqual([]);
  });
});
