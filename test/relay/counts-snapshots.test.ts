/** Which counts a month shows, and that they never change. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BillingPeriod } from '../../src/core/billing-period.ts';
import type { PostedMonth } from '../../src/core/model.ts';
import {
  ACME,
  OCTOBER,
  countOf,
  endMonth,
  latest,
  link,
  month,
  refresh,
  rows,
  startMonth,
} from './counts-world.ts';

beforeEach(startMonth);
afterEach(endMonth);

describe('snapshots', () => {
  it('keep their id while nothing changes but are new when a count is', async () => {
    const first = await refresh();
    expect(first.changed).toBe(2);
    const again = await month.counting.publish(OCTOBER);
    expect(again.id).toBe(first.snapshotId);
    month.answer = () =>
      Promise.resolve(rows(['7', 'ACME, Ltd.', 'WKS', '13'], ['8', 'Beta Dental', 'WKS', '3']));
    const second = await refresh();
    expect(second.changed).toBe(1);
    expect(second.snapshotId).not.toBe(first.snapshotId);
    const old = await month.counting.snapshot(OCTOBER, first.snapshotId);
    expect(old.counts.find(({ clientId }) => clientId === ACME)?.quantity).toBe('12');
  });

  it('never change, not even by hand', async () => {
    const { snapshotId } = await refresh();
    const change = month.store
      .updateTable('snapshot')
      .set({ content: '{}' })
      .where('id', '=', snapshotId)
      .execute();
    await expect(change).rejects.toThrow(/never changes/);
  });

  it('of a sealed month are those its batch was made from, whatever is refreshed', async () => {
    const { snapshotId } = await refresh();
    month.answer = () => Promise.resolve(rows(['7', 'ACME, Ltd.', 'WKS', '99']));
    await refresh();
    month.batches.set(OCTOBER, { id: 'b1', snapshotId });
    month.sealed.add(OCTOBER);
    expect(await latest()).toMatchObject({ id: snapshotId, sealed: true });
    expect(await refresh()).toMatchObject({ snapshotId, changed: 0 });
    await link('client', '7', null);
    expect(await countOf(ACME, 'WS')).toBe('12');
  });

  it('of a month posted without counts say what was billed', async () => {
    const line = {
      clientId: ACME,
      serviceId: 'WS',
      kind: 'recurring',
      description: 'x',
      quantity: '4',
      unitPrice: '1',
      amount: '4.00',
      source: null,
      parts: [],
    };
    month.posted = [
      {
        period: '2026-09',
        origin: 'posted',
        lines: [line, { ...line, quantity: '2' }],
      } as unknown as PostedMonth,
    ];
    month.sealed.add('2026-09');
    const september = await month.counting.snapshot('2026-09' as BillingPeriod, 'latest');
    expect(september.counts).toMatchObject([{ clientId: ACME, quantity: '6' }]);
    await refresh();
    expect((await latest()).previous?.period).toBe('2026-09');
  });

  it('of another month, a future month or nobody are refused by name', async () => {
    const { snapshotId } = await refresh();
    await expect(month.counting.snapshot('2026-09' as BillingPeriod, snapshotId)).rejects.toThrow(
      /no snapshot .* of 2026-09/,
    );
    await expect(month.counting.snapshot('2026-08' as BillingPeriod, 'latest')).rejects.toThrow(
      /no counts of 2026-08 yet/,
    );
    await expect(month.counting.refresh({ period: '2026-11' as BillingPeriod })).rejects.toThrow(
      /2026-11 has not started/,
    );
    await expect(month.counting.refresh({ period: OCTOBER, sources: ['nope'] })).rejects.toThrow(
      /no source "nope"/,
    );
  });

  it('come from one sync however many ask at once', async () => {
    let asked = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    month.answer = async () => {
      asked += 1;
      await held;
      return rows(['7', 'Acme Limited', 'WKS', '1']);
    };
    const refreshes = Array.from({ length: 20 }, () => refresh());
    release();
    const ids = new Set((await Promise.all(refreshes)).map(({ snapshotId }) => snapshotId));
    expect(asked).toBe(1);
    expect(ids.size).toBe(1);
  });
});
