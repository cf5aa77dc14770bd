// Counts that are old or not whole (F27): a batch that bills by them needs a person's word (I19).
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DraftInvoice } from '../../../src/contract/contract.ts';
import type { Snapshot, SourceHealth } from '../../../src/core/model.ts';
import { createPostingStore } from '../../../src/relay/store/posting-store.ts';
import { directoryOf, draftOf, invoiceOf, startEngine, type Running } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld } from './world.ts';

afterEach(closeWorlds);

const GOOD = '2026-10-29T03:00:00.000Z';
const source = (state: SourceHealth['state'], lastGoodAt: string | null): SourceHealth =>
  ({ id: 'rmm', title: 'NinjaOne', state, lastGoodAt }) as unknown as SourceHealth;

async function start(seen: SourceHealth): Promise<Running> {
  const world = await makeWorld({ clients: 1 });
  const snapshot = { id: 'snap-1', period: '2026-10', sources: [seen] } as unknown as Snapshot;
  const directory = { ...directoryOf(world.directory), snapshot: () => Promise.resolve(snapshot) };
  return startEngine(world, { store: createPostingStore({ ...world, directory }) });
}

const billedBy = (id: string | null): DraftInvoice => {
  const invoice = invoiceOf('c1', [{ quantity: '3', price: '22' }]);
  const lines = invoice.lines.map((line) => ({ ...line, source: id }));
  return { ...invoice, lines };
};
const draft = (id: string | null, decisions: readonly object[] = []) =>
  draftOf([billedBy(id)], { snapshotId: 'snap-1', decisions } as never);
const used = { clientId: null, rule: 'source failed', choice: 'use late counts', reason: 'known' };

describe('a batch that bills by counts', () => {
  it.each([
    ['late', GOOD],
    ['failed', GOOD],
    ['partial', GOOD],
  ] as const)('that are %s is refused until a person decides to use them', async (state, lastGoodAt) => {
    const act = actions(await start(source(state, lastGoodAt)));
    await expect(act.submit(draft('rmm'))).rejects.toThrow(
      `NinjaOne is ${state}: its counts are of ${GOOD} and bill lines of this batch`,
    );
    await expect(act.submit(draft('rmm', [{ ...used, source: 'other' }]))).rejects.toThrow(/NinjaOne/);
    expect((await act.submit(draft('rmm', [{ ...used, source: 'rmm' }]))).state).toBe('SUBMITTED');
  });

  it('that are fresh, or of no source, is asked nothing', async () => {
    const fresh = actions(await start(source('fresh', GOOD)));
    expect((await fresh.submit(draft('rmm'))).state).toBe('SUBMITTED');
    const typed = actions(await start(source('failed', GOOD)));
    expect((await typed.submit(draft(null))).state).toBe('SUBMITTED');
  });
}); // prettier-ignore
