import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { verifyAudit } from '../../../src/relay/store/audit.ts';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { PLAIN_WEAK, type CreateFault } from './fake-books.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, POLICY } from './fake-ports.ts';
import { actions, BEN, closeWorlds, makeWorld, only, posted, stateOf } from './world.ts';

afterEach(closeWorlds);

const once = (fault: CreateFault): (() => CreateFault) => {
  let left = 1;
  return () => (left-- > 0 ? fault : 'none');
};

describe('a batch on the way into the books', () => {
  it('posts every approved invoice once, with numbers that people can read', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running);
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect(done.state).toBe('COMPLETED');
    expect(done.postings.map(({ ref }) => ref)).toEqual([
      'MC2610-0001',
      'MC2610-0002',
      'MC2610-0003',
    ]);
    expect(stateOf(done)).toEqual(['POSTED', 'POSTED', 'POSTED']);
    expect(world.books.invoices().map(({ subtotal }) => subtotal)).toEqual([
      '232.38',
      '254.38',
      '276.38',
    ]);
    expect(await verifyAudit(world.store, null)).toEqual({ verified: true, reason: null });
  });

  it('answers a repeated submit, approve and post with the same batch', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(3));
    expect((await act.submit(plainDraft(3))).id).toBe(batch.id);
    await expect(act.submit(plainDraft(2))).rejects.toMatchObject({ code: 'KEY_REUSED' });
    const approved = await act.approve(batch);
    expect(await act.approve(batch)).toEqual(approved);
    await act.post(batch);
    await running.worker.tick();
    const again = await act.post(batch, 'another-key');
    expect(again.state).toBe('COMPLETED');
    expect(world.books.creates).toHaveLength(3);
  });

  it('gives 1,000 concurrent posts of one batch one run, on a real file', async () => {
    const world = await makeWorld({ onDisk: true });
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(3));
    await act.approve(batch);
    const calls = Array.from({ length: 1000 }, (_, index) => act.post(batch, `key-${index % 2}`));
    const answers = await Promise.allSettled([
      ...calls,
      running.worker.tick(),
      running.worker.tick(),
    ]);
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    await running.worker.tick();
    expect(world.books.creates).toHaveLength(3);
    const runs = await world.store.selectFrom('batch_transition').selectAll().where('to_state', '=', 'POSTING').execute(); // prettier-ignore
    expect(runs).toHaveLength(1);
  });

  it('posts a negative total as a credit memo and keeps the signs of the sheet in history', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const credit = invoiceOf('c1', [{ quantity: '-2', price: '22', kind: 'credit' }, { quantity: '1', price: '4' }]); // prettier-ignore
    const batch = await posted(running, draftOf([credit]));
    await running.worker.tick();
    expect(world.books.invoices()[0]).toMatchObject({ document: 'credit memo', subtotal: '40.00' });
    const [month] = await running.posting.postedMonths(null, 12);
    expect(month?.lines.map(({ amount }) => amount).sort()).toEqual(['-44.00', '4.00']);
    expect((await actions(running).look(batch)).postings[0]?.total.amount).toBe('-40.00');
  });

  it('refuses a state change that no transition stands for', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running);
    const { key } = only(batch);
    const change = (statement: string) => sql.raw(statement).execute(world.store);
    await expect(change(`update posting set state = 'POSTED'`)).rejects.toThrow(/transition only/);
    await expect(change(`update posting set content = '{}'`)).rejects.toThrow(/never changes/);
    await expect(change(`update batch set state = 'DRAFT'`)).rejects.toThrow(/transition only/);
    await expect(change('delete from posting')).rejects.toThrow(/never deleted/);
    await expect(change('delete from posting_transition')).rejects.toThrow(/append-only/);
    const row = (to: string, fence: number) => `insert into posting_transition
      (posting, from_state, to_state, fence, actor, at, reason, request_id)
      values ('${key}', 'READY', '${to}', ${fence}, 'x', 'x', '', '')`;
    await expect(change(row('MISMATCH', 1))).rejects.toThrow(/no such transition/);
    await expect(change(row('SENDING', 0))).rejects.toThrow(/fence is old/);
    expect(stateOf(await actions(running).look(batch))).toEqual(['READY', 'READY', 'READY']);
  });
});

describe('what a draft is refused for', () => {
  const cases: [string, (draft: ReturnType<typeof plainDraft>) => unknown, RegExp][] = [
    ['a wrong product', (d) => ({ ...d, invoices: [{ ...d.invoices[0], total: '9.99' }] }), /Client 1.*lines sum to 232.38/],
    ['an unknown client', (d) => ({ ...d, invoices: [{ ...d.invoices[0], clientId: 'zz' }] }), /Client zz is not known/],
    ['a client twice', (d) => ({ ...d, invoices: [d.invoices[0], d.invoices[0]] }), /c1 comes twice/],
    ['a held client that is also billed', (d) => ({ ...d, held: [{ clientId: 'c1', reason: 'x' }] }), /c1 comes twice/],
    ['a hold without a reason', (d) => ({ ...d, invoices: [d.invoices[1]], held: [{ clientId: 'c1', reason: ' ' }] }), /without a reason/],
    ['a month that has not begun', (d) => ({ ...d, period: '2026-11' }), /November 2026 has not begun/],
    ['another currency', (d) => ({ ...d, invoices: [{ ...d.invoices[0], currency: 'EUR' }] }), /Client 1: billed in USD/],
    ['a snapshot nobody has', (d) => ({ ...d, snapshotId: 'nope' }), /Snapshot nope/],
    ['a group', (d) => withLine(d, { serviceId: 'ALL' }), /Client 1.*Oct 2026!C2.*group/],
    ['an unknown service', (d) => withLine(d, { serviceId: 'XX' }), /service XX is not known/],
    ['a service without item', (d) => withLine(d, { serviceId: 'NEW' }), /NEW has no item/],
    ['a product that is off by a cent', (d) => withLine(d, { amount: '220.01' }), /220.00, not 220.01|sum/],
    ['more decimals than the currency', (d) => withLine(d, { amount: '220.001' }), /decimals/],
    ['a second spelling of a number', (d) => withLine(d, { quantity: '010' }), /write 10 instead of 010/],
    ['half a character', (d) => withLine(d, { description: 'a\ud800' }), /half a character/],
    ['a negative recurring quantity', () => draftOf([invoiceOf('c1', [{ quantity: '-1', price: '5' }])]), /never negative/],
    ['an invoice of nothing', () => draftOf([invoiceOf('c1', [{ quantity: '1', price: '5' }, { quantity: '-1', price: '5', kind: 'credit' }])]), /comes to 0.00/],
    ['a runaway amount', () => draftOf([invoiceOf('c1', [{ quantity: '100000', price: '22' }])]), /allows 100000/],
  ]; // prettier-ignore
  const withLine = (draft: ReturnType<typeof plainDraft>, change: object) => {
    const [first, ...rest] = draft.invoices[0]?.lines ?? [];
    return {
      ...draft,
      invoices: [{ ...draft.invoices[0], lines: [{ ...first, ...change }, ...rest] }],
    };
  };

  it.each(cases)('%s', async (_name, change, words) => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const draft = change(plainDraft(3)) as ReturnType<typeof plainDraft>;
    await expect(actions(running).submit(draft)).rejects.toThrow(words);
    expect(await world.store.selectFrom('batch').select('id').execute()).toEqual([]);
  });
});

describe('approval', () => {
  it('is refused for another digest or version, and for the preparer under four eyes', async () => {
    const world = await makeWorld();
    const running = await startEngine(world, { policy: { ...POLICY, twoPersons: true } });
    const act = actions(running);
    const batch = await act.submit(plainDraft(1));
    await expect(act.approve(batch)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await expect(act.approve({ ...batch, digest: '0'.repeat(64) }, BEN)).rejects.toMatchObject({ code: 'VERSION_STALE' }); // prettier-ignore
    await expect(act.approve({ ...batch, version: 7 }, BEN)).rejects.toMatchObject({ code: 'VERSION_STALE' }); // prettier-ignore
    await expect(act.post(batch)).rejects.toMatchObject({ code: 'APPROVAL_STALE' });
    const approved = await act.approve(batch, BEN);
    expect(approved).toMatchObject({ state: 'APPROVED', approvedBy: 'Ben', singleOperator: false });
  });

  it('ends after 72 hours', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(1));
    expect(await act.approve(batch)).toMatchObject({ singleOperator: true });
    world.clock.advance(72 * 3_600_000);
    await expect(act.post(batch)).rejects.toThrow(/approval ended/);
    expect((await act.look(batch)).state).toBe('STALE');
    const next = await act.submit(plainDraft(1), 'key-2');
    await act.approve(next);
    await act.post(next);
    await running.worker.tick();
    expect((await act.look(next)).state).toBe('COMPLETED');
    expect((await act.look(batch)).state).toBe('CANCELLED');
  });

  it('lapses for the changed client only, and names the line and its cell', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(3));
    await act.approve(batch);
    const changed = plainDraft(3);
    changed.invoices[1] = invoiceOf('c2', [{ quantity: '31', price: '22', cell: 'Oct 2026!C3' }, { service: 'EDR', quantity: '3', price: '4.125' }]); // prettier-ignore
    const { lapsed, batch: compared } = await act.compare(batch, changed);
    expect(lapsed).toEqual([{ clientId: 'c2', cell: 'Oct 2026!C3', words: expect.stringMatching(/quantity was 11, now 31/) }]); // prettier-ignore
    expect(compared.state).toBe('APPROVED');
    await act.post(batch);
    await running.worker.tick();
    const done = await act.look(batch);
    expect(stateOf(done)).toEqual(['POSTED', 'BLOCKED', 'POSTED']);
    expect(done.state).toBe('COMPLETED_WITH_EXCEPTIONS');
    expect(only(done, 'c2').reason).toMatch(/Oct 2026!C3.*quantity was 11, now 31/);
    await expect(act.decide(done, only(done, 'c2').key, 'retry')).rejects.toMatchObject({ code: 'APPROVAL_STALE' }); // prettier-ignore
    // Only the client that lapsed can be approved again.
    await expect(act.submit(changed, 'key-2')).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
    const second = await act.submit({ ...changed, invoices: [changed.invoices[1]] }, 'key-3');
    await act.approve(second);
    await act.post(second);
    await running.worker.tick();
    expect(world.books.invoices()).toHaveLength(3);
    expect(stateOf(await act.look(batch))).toEqual(['POSTED', 'SUPERSEDED', 'POSTED']);
    expect(await running.posting.isSealed('2026-10' as never)).toBe(true);
  });

  it('stands when the sheet was only sorted', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(3));
    await act.approve(batch);
    const sorted = { ...plainDraft(3), invoices: [...plainDraft(3).invoices].reverse() };
    expect((await act.compare(batch, sorted)).lapsed).toEqual([]);
  });
});

describe('a customer that is not what it was', () => {
  const tampers: [string, (world: Awaited<ReturnType<typeof makeWorld>>) => unknown, RegExp][] = [
    ['inactive', (w) => w.books.customers.set('c1', { ...w.books.customers.get('c1')!, active: false }), /inactive/],
    ['gone', (w) => w.books.customers.delete('c1'), /no longer in the books/],
    ['renamed', (w) => w.books.customers.set('c1', { ...w.books.customers.get('c1')!, name: 'Somebody else' }), /Somebody else/],
    ['of another currency', (w) => w.books.customers.set('c1', { ...w.books.customers.get('c1')!, currency: 'EUR' as never }), /EUR/],
    ['mapped elsewhere', (w) => w.directory.links.set('c1', { ...w.directory.links.get('c1')!, customerId: 'c2' }), /mapping of Client 1/],
    ['confirmed anew', (w) => w.directory.links.set('c1', { ...w.directory.links.get('c1')!, version: 2 }), /mapping of Client 1/],
    ['billed with another item', (w) => w.directory.items.set('WS', 'item-other'), /item in the books was changed/],
  ]; // prettier-ignore

  it.each(tampers)('blocks the invoice: %s', async (_name, tamper, words) => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    tamper(world);
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect(only(done)).toMatchObject({ state: 'BLOCKED', reason: expect.stringMatching(words) });
    expect(done.state).toBe('COMPLETED_WITH_EXCEPTIONS');
    expect(world.books.creates).toEqual([]);
  });

  it('is refused when the stored invoice was changed behind the relay', async () => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    await sql.raw('drop trigger posting_content_is_sealed').execute(world.store);
    await sql.raw(`update posting set content = replace(content, '"customerId":"c1"', '"customerId":"c2"'), customer_id = 'c2'`).execute(world.store); // prettier-ignore
    await running.worker.tick();
    expect(only(await actions(running).look(batch))).toMatchObject({ state: 'BLOCKED', reason: expect.stringMatching(/changed behind the relay/) }); // prettier-ignore
    expect(world.books.creates).toEqual([]);
  });

  it('can be retried once it is active again', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const c1 = world.books.customers.get('c1')!;
    world.books.customers.set('c1', { ...c1, active: false });
    await running.worker.tick();
    world.books.customers.set('c1', c1);
    await actions(running).decide(batch, only(batch).key, 'retry');
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
  });
});

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
    expect(only(waiting)).toMatchObject({ state: 'NEEDS_PERSON', decideFrom: '2026-10-31T10:30:00.300Z' });
    expect(await running.posting.doubt()).toMatchObject({ uncertainTotal: 1 });
    await expect(act.decide(batch, key, 'send again')).rejects.toMatchObject({ code: 'TOO_EARLY' });
    await expect(act.decide(batch, key, 'retry')).rejects.toMatchObject({ code: 'VERSION_STALE' });
    world.clock.advance(31 * 60_000);
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
    world.clock.advance(31 * 60_000);
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
    expect(only(await act.decide(batch, other, 'it is there', '2'), 'c2')).toMatchObject({ state: 'CONFLICT', invoiceId: null, outcome: 'not_created' });
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
    world.clock.advance(31 * 60_000);
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
    world.clock.advance(31 * 60_000);
    await act.decide(batch, only(batch).key, 'give up');
    const second = await act.submit(plainDraft(1), 'key-2');
    await act.approve(second);
    world.clock.advance(60 * 60_000);
    await act.post(second);
    await running.worker.tick();
    const blocked = only(await act.look(second));
    expect(blocked).toMatchObject({ state: 'BLOCKED', ref: 'MC2610-0002', retriable: true });
    expect(blocked.reason).toMatch(/MC2610-0001 of an earlier approval is still in the books/);
    expect(world.books.creates).toHaveLength(1);
    world.books.edit('1', { voided: true });
    await act.decide(second, blocked.key, 'retry');
    await running.worker.tick();
    expect((await act.look(second)).state).toBe('COMPLETED');
  });
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
    await actions(restarted).post(second);
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

describe('spot check', () => {
  it('reads all back, draws five by the seed and keeps the verdicts', async () => {
    const world = await makeWorld({ clients: 8 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(8));
    await running.worker.tick();
    const ask = { person: 'Anna', requestId: 'r', query: {}, params: { batch: batch.id } };
    const check = await running.posting.handlers.spotCheck({ ...ask, body: { seed: 7 } });
    const again = await running.posting.handlers.spotCheck({ ...ask, body: { seed: 7 } });
    expect(check.readBack).toMatchObject({ compared: 8, equal: 8 });
    expect(check.invoices).toHaveLength(5);
    expect(again.invoices.map(({ key }) => key)).toEqual(check.invoices.map(({ key }) => key));
    const key = check.invoices[0]!.key;
    const said = await running.posting.handlers.spotVerdict({
      ...ask,
      params: { batch: batch.id, check: check.id },
      body: { key, verdict: 'matches' },
    });
    expect(said.invoices.map(({ verdict }) => verdict)).toEqual([
      'matches',
      null,
      null,
      null,
      null,
    ]);
  });

  it('finds what was changed, voided or deleted in the books afterwards', async () => {
    const world = await makeWorld({ clients: 4 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(4));
    await running.worker.tick();
    world.books.edit('1', { subtotal: '1.00' as never });
    world.books.edit('2', { voided: true });
    world.books.remove('3');
    const ask = { person: 'Anna', requestId: 'r', query: {}, params: { batch: batch.id } };
    const check = await running.posting.handlers.spotCheck({ ...ask, body: {} });
    expect(check.readBack).toMatchObject({ compared: 4, equal: 1 });
    const states = stateOf(await actions(running).look(batch));
    expect(states).toEqual(['MISMATCH', 'VOIDED', 'MISSING_IN_LEDGER', 'POSTED']);
  });
});
