// A batch on its way into the books: once, whoever asks how often.
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { verifyAudit } from '../../../src/relay/store/audit.ts';
import { draftOf, invoiceOf, plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted, stateOf } from './world.ts';

afterEach(closeWorlds);

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
