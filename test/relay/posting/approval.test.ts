// Approval: of exactly this, by whom, for how long, and for which client it lapses.
import { afterEach, describe, expect, it } from '@jest/globals';
import { invoiceOf, plainDraft, startEngine, POLICY } from './fake-ports.ts';
import { actions, BEN, closeWorlds, makeWorld, only, stateOf } from './world.ts';

afterEach(closeWorlds);

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
