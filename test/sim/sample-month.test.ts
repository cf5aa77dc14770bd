/** The sample and the relay's own adapters: what was seeded is what a sync would have brought. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { createHttp } from '../../src/relay/http.ts';
import * as sources from '../../src/relay/sources/registry.ts';
import { sampleConfig } from '../../src/sample/config.ts';
import { sampleSeed, type SampleVendorCount } from '../../src/sample/seed.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import { keptId } from '../../src/start/sample-files.ts';

const ADAPTERS = { ninjaone: sources.ninjaone, pax8: sources.pax8, huntress: sources.huntress };
const SEED = sampleSeed('planted', keptId);
const http = createHttp({ allowLoopback: true });
let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim.close());

describe.each(['2025-10', '2026-03', '2026-09'])('the counts seeded for %s', (period) => {
  it.each(['ninjaone', 'pax8', 'huntress'] as const)('are those that %s gives', async (source) => {
    sim.standIns.clock.set(`${period}-28T16:00:00.000Z`);
    const connection = sampleConfig(sim.url).connections.find(({ id }) => id === source);
    const { counts } = await ADAPTERS[source].count(
      connection?.settings,
      parsePeriod(period),
      http,
    );
    const seeded = SEED.months.find((month) => month.period === period)?.counts ?? [];
    const fromSync = counts.filter(({ quantity }) => quantity !== '0');
    expect(keyed(fromSync)).toEqual(keyed(seeded.filter((count) => count.source === source)));
    expect(fromSync.length).toBeGreaterThan(30);
  });
});

type Count = Pick<SampleVendorCount, 'clientRef' | 'clientName' | 'sku' | 'basis' | 'ids'> & {
  readonly quantity: string;
};

const keyed = (counts: readonly (Omit<Count, 'basis'> & { readonly basis: string })[]): object =>
  Object.fromEntries(
    counts.map(({ clientRef, clientName, sku, basis, quantity, ids }) => [
      `${clientRef} ${sku}`,
      { clientName, basis, quantity, ids: [...(ids ?? [])].sort() },
    ]),
  );
