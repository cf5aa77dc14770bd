/** A number posted a year ago, explained from the relay's store alone: no vendor is there to ask. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Client } from '../../src/client/client.ts';
import { routes } from '../../src/contract/contract.ts';
import type { BillingPeriod } from '../../src/core/billing-period.ts';
import { compareIds } from '../../src/core/explain-count.ts';
import type { PostedLine, PostedMonth } from '../../src/core/model.ts';
import { addQuantities } from '../../src/core/money.ts';
import { openClient } from './support/client.ts';
import { startMcc, type Mcc } from './support/mcc.ts';

const OCTOBER = '2026-10' as BillingPeriod;

let mcc: Mcc;
let client: Client;
let months: readonly PostedMonth[];

beforeAll(async () => {
  mcc = await startMcc('planted');
  client = await openClient(mcc.relay.ready);
  for (const system of ['ninjaone', 'pax8', 'huntress']) {
    await mcc.sim('POST', '/_sim/faults', { system, match: {}, fault: 'status', status: 500 });
  }
  const asked = { params: { period: OCTOBER }, query: { months: '12' } };
  months = (await client.call(routes.history, asked)).months;
}, 120_000);
afterAll(() => mcc.stop());

const counted = (month: PostedMonth | undefined): readonly PostedLine[] =>
  month?.lines.filter((line) => line.source !== null && line.kind === 'recurring') ?? [];

it('has every counted line of twelve months ago with the accounts and SKUs it was made of', () => {
  const oldest = months.at(-1);
  expect(oldest?.period).toBe('2025-10');
  const lines = counted(oldest);
  expect(lines.length).toBeGreaterThan(50);
  const differing = lines.filter(
    ({ parts, quantity }) => addQuantities(parts.map((part) => part.quantity)) !== quantity,
  );
  expect(differing).toEqual([]);
});

it('names the devices that joined and left between two months of a year ago, exactly', () => {
  const [now, before] = [months.at(-2), months.at(-1)];
  const explained = counted(now).flatMap((line) => {
    const previous = counted(before).find(
      (one) => one.clientId === line.clientId && one.serviceId === line.serviceId,
    );
    const comings = previous && compareIds(previous.parts, line.parts);
    return comings ? [{ line, previous, comings }] : [];
  });
  expect(explained.length).toBeGreaterThan(20);
  for (const { line, previous, comings } of explained) {
    const moved = comings.joined.length - comings.left.length;
    expect(Number(line.quantity) - Number(previous.quantity)).toBe(moved);
  }
  expect(explained.some(({ comings }) => comings.joined.length > 0)).toBe(true);
});

it('reads the sealed snapshot of that month as it was', async () => {
  const params = { period: '2025-10' as BillingPeriod, snapshot: 'latest' };
  const snapshot = await client.call(routes.snapshot, { params });
  expect(snapshot.sealed).toBe(true);
  const [line] = counted(months.at(-1));
  const count = snapshot.counts.find(
    ({ clientId, serviceId }) => clientId === line?.clientId && serviceId === line.serviceId,
  );
  expect(count?.parts).toEqual(line?.parts);
});
