// The engine under seeded faults: every schedule of every regime on books of every class (R1, R5).
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAudit } from '../../src/relay/store/audit.ts';
import { openMemoryStore, type Store } from '../../src/relay/store/database.ts';
import { createPostingStore } from '../../src/relay/store/posting-store.ts';
import { runInChildren } from './children.ts';
import { runCrowd } from './crowd.ts';
import { CLASSES } from './ledger.ts';
import type { MemoryDirectory } from './memory-store.ts';
import { mirror } from './mirror.ts';
import { REGIMES } from './regimes.ts';
import { runSchedule } from './schedule.ts';
import { SEEDS } from './seeds.ts';

/** Seeds of each regime and class; MCC_SIMULATION="seeds" asks for another number of both. */
const [SEEDS_MIN, SEEDS_MAX] = [2_000, 10_000];
const asked = process.env['MCC_SIMULATION'];
/** The whole of npm test has ten minutes; MCC_SIMULATION=10000 takes the time it needs. */
const BUDGET_MS = 60_000;
/** Seeds of crowds; `npm run test:deep` runs a hundred times as many. */
const CROWDS = 20;
const DAY_MS = 86_400_000;
/** Every day begins elsewhere, so that a week of runs has seen other seeds than a day. */
const FIRST = (Math.floor(Date.now() / DAY_MS) % 10_000) * SEEDS_MAX;

const pairs = REGIMES.flatMap((regime) => CLASSES.map((kind) => ({ regime, kind })));

describe('the posting engine', () => {
  it('makes no duplicate, loses nothing, and says nothing false, under any weather', async () => {
    const [min, max] =
      asked === undefined ? [SEEDS_MIN, SEEDS_MAX] : [Number(asked), Number(asked)];
    const report = await runInChildren({ first: FIRST, min, max, budgetMs: BUDGET_MS });
    const { seeds, schedules, crashes, sends, failure } = report;
    process.stdout.write(
      `simulation: ${schedules} schedules (${seeds} seeds from ${FIRST} × ${REGIMES.length} regimes × ${CLASSES.length} classes), ${crashes} crashes, ${sends} creates\n`,
    );
    // A failing seed becomes a line of seeds.ts.
    expect(failure).toBeNull();
    expect(schedules).toBe(seeds * pairs.length);
    expect(seeds).toBeGreaterThanOrEqual(min);
  }, 1_800_000);

  it("holds for many invoices and several persons at once, however they get in each other's way", async () => {
    const wish = { first: FIRST, min: CROWDS, max: CROWDS, budgetMs: 0, crowd: true };
    const { schedules, crashes, failure } = await runInChildren(wish);
    process.stdout.write(`simulation: ${schedules} crowds, ${crashes} crashes\n`);
    expect(failure).toBeNull();
    expect(schedules).toBe(CROWDS * pairs.length);
  }, 1_800_000);

  it.each(SEEDS)('holds at $seed, $regime, $kind', async ({ seed, regime, kind, isCrowd }) => {
    const [weather, books] = [
      REGIMES.find(({ name }) => name === regime),
      CLASSES.find(({ name }) => name === kind),
    ];
    if (!weather || !books) throw new Error(`no such regime or class: ${regime}, ${kind}`);
    await (isCrowd ? runCrowd : runSchedule)(seed, weather, books);
  });

  it('runs the same way twice: 210 schedules, byte for byte', async () => {
    for (const { regime, kind } of pairs) {
      for (let seed = 0; seed < 6; seed += 1) {
        const first = await runSchedule(seed, regime, kind);
        expect(await runSchedule(seed, regime, kind)).toEqual(first);
        expect(first.trace.length).toBeGreaterThan(0);
      }
    }
  });

  it('meets every kind of end, so that no invariant holds for want of a case', async () => {
    const { states, crashes } = await runInChildren({ first: 0, min: 40, max: 40, budgetMs: 0 });
    for (const state of ['POSTED', 'BLOCKED', 'CONFLICT', 'MISMATCH', 'CANCELLED']) {
      expect(states[state] ?? 0).toBeGreaterThan(0);
    }
    expect(crashes).toBeGreaterThan(100);
  });
});

describe('the store in memory', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openMemoryStore();
  });
  afterAll(() => store.destroy());

  it.each(pairs)('answers as SQLite does: $regime.name, $kind.name', async ({ regime, kind }) => {
    for (let seed = 0; seed < 2; seed += 1) {
      const own = await openMemoryStore();
      // Nobody meddles here: who changes rows behind the relay would have to change both.
      const quiet = { ...regime, meddling: 0 };
      const alone = await runSchedule(seed, quiet, kind);
      const mirrored = await runSchedule(seed, quiet, kind, {
        storeOn: (memory, clock, directory) =>
          mirror(
            memory,
            createPostingStore({ store: own, clock, directory: directoryOf(directory) }),
          ),
      });
      expect(mirrored).toEqual(alone);
      expect(await verifyAudit(own, null)).toEqual({ verified: true, reason: null });
      await own.destroy();
    }
  });
});

const directoryOf = ({ links, items }: MemoryDirectory) => ({
  clientIds: () => Promise.resolve([...links.keys()]),
  customer: (_store: unknown, id: string) => Promise.resolve(links.get(id) ?? null),
  item: (_store: unknown, id: string) =>
    Promise.resolve({ id: items.get(id) ?? '', name: items.get(id) ?? '' }),
  taxCode: () => Promise.resolve(null),
  snapshot: () => Promise.resolve(null),
});
