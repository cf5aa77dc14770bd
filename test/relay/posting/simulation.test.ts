import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAudit } from '../../../src/relay/store/audit.ts';
import { openMemoryStore, type Store } from '../../../src/relay/store/database.ts';
import { CLASSES, REGIMES, simulate } from './simulation.ts';

/** A thousand schedules in all; MCC_SEEDS asks for more per pair, MCC_SEED for one alone. */
const SEEDS = Number(process.env['MCC_SEEDS'] ?? '25');
const ONLY = process.env['MCC_SEED'];

let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(() => store.destroy());

describe('the posting engine under seeded faults', () => {
  const seeds =
    ONLY === undefined ? Array.from({ length: SEEDS }, (_, seed) => seed) : [Number(ONLY)];
  const pairs = CLASSES.flatMap((kind) => REGIMES.map((regime) => ({ kind, regime })));

  it.each(pairs)('$regime.name on books of class $kind.name', async ({ regime, kind }) => {
    let crashes = 0;
    for (const seed of seeds) {
      try {
        crashes += (await simulate(store, seed, regime, kind)).crashes;
      } catch (error) {
        const words = `seed ${String(seed)}, ${regime.name}, ${kind.name}: run it alone with MCC_SEED=${String(seed)}`;
        throw new Error(`${words}: ${error instanceof Error ? error.message : ''}`, { cause: error });
      }
    }
    expect(regime.crash === 0 || ONLY !== undefined || crashes > 0).toBe(true);
  }, 60_000); // prettier-ignore

  it('gives the same trace for the same seed', async () => {
    const [regime, kind] = [REGIMES[4]!, CLASSES[1]!];
    const first = await simulate(await openMemoryStore(), 11, regime, kind);
    const second = await simulate(await openMemoryStore(), 11, regime, kind);
    expect(second).toEqual(first);
    expect(first.trace.length).toBeGreaterThan(0);
  });

  it('leaves an audit chain that verifies', async () => {
    expect(await verifyAudit(store, null)).toEqual({ verified: true, reason: null });
  });
});
