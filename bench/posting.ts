// What posting costs on every system: the real engine with its database on disk and the real adapter
// against the stand-in, which plays the system's documented limit; that waiting is simulated time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../src/relay/store/database.ts';
import type { BooksCase } from '../test/relay/books/case.ts';
import { openEngineWorld, postSample, type EngineWorld } from '../test/relay/books/engine-world.ts';
import { CASES } from '../test/relay/books/registry.ts';
import { POLICY } from '../test/relay/posting/fake-ports.ts';
import { countCommits } from './count-commits.ts';
import { measure, type Measure } from './report.ts';

const INVOICES = 500;
const OF_SAMPLE = 40;
/** Issue: four fifths of what the limit allows are used at least. */
const UNUSED_GOAL = 20;
/** What a request takes over the internet, and how many invoices are enough to see it. */
const LATENCY_MS = 250;
const OF_SLOW = 80;

const commits = { count: 0, ms: 0 };

export async function measurePosting(): Promise<readonly Measure[]> {
  countCommits((ms) => {
    commits.count += 1;
    commits.ms += ms;
  });
  const measures: Measure[] = [];
  for (const one of Map.groupBy(CASES, ({ system }) => system.id).values()) {
    if (one[0]) measures.push(...(await measureOne(one[0])));
  }
  return measures;
}

interface Run {
  readonly commits: number;
  readonly commitMs: number;
  readonly realMs: number;
  readonly simulatedMs: number;
  readonly requests: number;
  readonly refused: number;
}

async function measureOne(one: BooksCase): Promise<readonly Measure[]> {
  const { title } = one.system;
  const figure = (words: string, value: number, unit: string, goal: number | null = null) =>
    measure('posting', `${title}, ${words}`, value, unit, goal);
  const run = await postAll(one, INVOICES, 0);
  const own = [
    figure('postings a second, waiting aside', (INVOICES * 1000) / run.realMs, 'postings'),
    figure('commits an invoice', run.commits / INVOICES, 'commits'),
    figure('commits of an invoice take', run.commitMs / INVOICES, 'ms'),
    figure(`429 in ${String(INVOICES)} invoices`, run.refused, 'answers', 0),
  ];
  if (!one.pace) return own;
  const slow = await postAll(one, OF_SLOW, LATENCY_MS);
  return [
    ...own,
    figure(`${String(INVOICES)} invoices under its limit`, run.simulatedMs / 60_000, 'minutes'),
    figure('of its limit left unused', unused(one.pace, run), '%', UNUSED_GOAL),
    figure(`the same at ${String(LATENCY_MS)} ms an answer`, unused(one.pace, slow), '%'),
  ];
}

const unused = (pace: NonNullable<BooksCase['pace']>, run: Run): number =>
  100 * (1 - (run.requests * 1000 * pace.perSeconds) / (pace.calls * run.simulatedMs));

async function postAll(one: BooksCase, invoices: number, latencyMs: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-bench-posting-'));
  const world = await openEngineWorld(one, {
    store: await openStore(folder),
    more: invoices - OF_SAMPLE,
    rateLimits: true,
    recordExchanges: true,
    latencyMs,
  });
  try {
    return await runOn(world, invoices);
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOn(world: EngineWorld, invoices: number): Promise<Run> {
  const running = await world.start({ policy: { ...POLICY, amountPerBatchMax: null } });
  await postSample(world, running);
  const { clock, sim } = world;
  const before = { ...commits, requests: sim.standIns.exchanges().length, at: clock.nowMs() };
  const start = performance.now();
  await running.worker.tick();
  const realMs = performance.now() - start;
  const states = (await world.rows()).map(({ state }) => state);
  const posted = states.filter((state) => state === 'POSTED').length;
  if (posted !== invoices) {
    throw new Error(`Only ${String(posted)} of ${String(invoices)} were posted.`);
  }
  const exchanges = sim.standIns.exchanges();
  return {
    commits: commits.count - before.count,
    commitMs: commits.ms - before.ms,
    realMs,
    simulatedMs: clock.nowMs() - before.at,
    requests: exchanges.length - before.requests,
    refused: exchanges.filter(({ status }) => status === 429).length,
  };
}
