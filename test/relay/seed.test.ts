import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BillingPeriod } from '../../src/core/billing-period.ts';
import { parseConfig } from '../../src/relay/config.ts';
import { openCore, type RelayCore } from '../../src/relay/core.ts';
import { seedStore, type Seed } from '../../src/relay/seed.ts';
import { sampleBooks, sampleConfig } from '../../src/sample/config.ts';
import { PERSON, sampleSeed } from '../../src/sample/seed.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import { makeFolder } from './fixture.ts';

const OCTOBER = '2026-10' as BillingPeriod;
const SEPTEMBER = '2026-09' as BillingPeriod;
/** The last three of the twelve: the seed treats all alike, and a test has to be quick. */
const whole = sampleSeed('planted') as unknown as Seed;
const seed: Seed = { ...whole, months: whole.months.slice(-3) };

let sim: RunningSim;
let core: RelayCore;
const data = makeFolder();

function open(): Promise<RelayCore> {
  const books = { adapter: 'conductor', settings: sampleBooks(sim.url) };
  const config = { ...sampleConfig(sim.url), person: PERSON, books };
  return openCore({ loaded: parseConfig(config, {}), data, version: '0' });
}

beforeAll(async () => {
  sim = await startSim();
  core = await open();
  await seedStore(core, { ...seed, months: seed.months.slice(0, 2) });
  // Cut short after two months; a second start goes on.
  await core.stop();
  core = await open();
  await seedStore(core, seed);
}, 120_000);
afterAll(async () => {
  await core.stop();
  await sim.close();
  rmSync(data, { recursive: true, force: true });
});

describe("the sample, seeded through the relay's own code", () => {
  it('has every month posted and sealed, each invoice once in the books', async () => {
    const months = await core.posting.postedMonths(null, 24);
    expect(months.map(({ period }) => period)).toEqual(['2026-09', '2026-08', '2026-07']);
    for (const { period } of months) expect(await core.posting.isSealed(period)).toBe(true);
    const postings = await core.store
      .selectFrom('posting')
      .select(['state', 'ref', 'adopted'])
      .execute();
    expect(postings.length).toBe(seed.months.flatMap(({ draft }) => draft.invoices).length);
    expect(new Set(postings.map(({ state }) => state))).toEqual(new Set(['POSTED']));
    expect(new Set(postings.map(({ ref }) => ref)).size).toBe(postings.length);
    const sent = seed.months.flatMap(({ draft }) => draft.invoices.flatMap(({ lines }) => lines));
    expect(months.flatMap(({ lines }) => lines).length).toBe(sent.length);
    const inBooks = sim.standIns.books.documents('invoice');
    expect(inBooks.length).toBe(postings.length);
  });

  it("stands at the sample's clock, with each month approved at its own time", async () => {
    expect(core.clock.now()).toMatch(/^2026-10-31T10:00/);
    const batches = await core.store
      .selectFrom('batch')
      .select(['period', 'approved_at', 'approved_by'])
      .execute();
    for (const { period, approved_at, approved_by } of batches) {
      expect([approved_at?.slice(0, 7), approved_by]).toEqual([period, PERSON]);
    }
  });

  it("has last month's counts with ids, and what was posted as previous", async () => {
    const september = await core.counting.snapshot(SEPTEMBER, 'latest');
    expect(september.sealed).toBe(true);
    expect(
      september.counts.some(({ parts }) => parts.some(({ ids }) => (ids?.length ?? 0) > 0)),
    ).toBe(true);
    const october = await core.counting.snapshot(OCTOBER, 'latest');
    expect(october.previous?.period).toBe(SEPTEMBER);
    expect(october.previous?.lines.some(({ parts }) => parts.length > 0)).toBe(true);
  });

  it('has one unmapped account and no unmapped SKU', async () => {
    const { sources } = await core.counting.snapshot(OCTOBER, 'latest');
    expect(sources.map(({ id, state }) => [id, state])).toEqual([
      ['ninjaone', 'fresh'],
      ['pax8', 'fresh'],
      ['huntress', 'fresh'],
    ]);
    expect(sources.flatMap(({ unmapped }) => unmapped)).toMatchObject([
      { source: 'pax8', kind: 'client' },
    ]);
  });

  it('leaves a trail that verifies', async () => {
    const asked = { params: {}, query: {}, body: {}, person: PERSON, requestId: '' };
    expect(await core.handlers.audit(asked)).toMatchObject({ verified: true });
  });

  it('changes nothing when it is run once more', async () => {
    const before = await core.store.selectFrom('posting').selectAll().execute();
    await seedStore(core, seed);
    expect(await core.store.selectFrom('posting').selectAll().execute()).toEqual(before);
  });
});
