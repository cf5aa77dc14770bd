import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../src/relay/config.ts';
import { openCore, type RelayCore } from '../../src/relay/core.ts';
import { seedStore, type Seed } from '../../src/relay/seed.ts';
import { sampleBooks, sampleConfig } from '../../src/sample/config.ts';
import { PERSON, sampleSeed } from '../../src/sample/seed.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import { makeFolder } from './fixture.ts';

let sim: RunningSim;
let core: RelayCore;
const data = makeFolder();

const seed = sampleSeed('planted') as unknown as Seed;

async function open(): Promise<RelayCore> {
  const config = {
    ...sampleConfig(sim.url),
    person: PERSON,
    books: { adapter: 'conductor', settings: sampleBooks(sim.url) },
  };
  return openCore({ loaded: parseConfig(config, {}), data, version: '0' });
}

beforeAll(async () => {
  sim = await startSim();
  core = await open();
  await seedStore(core, seed);
}, 120_000);
afterAll(async () => {
  await core.stop();
  await sim.close();
  rmSync(data, { recursive: true, force: true });
});

describe('the sample, seeded', () => {
  it('has twelve posted months', async () => {
    expect((await core.posting.postedMonths(null, 24)).length).toBe(12);
  });
});
