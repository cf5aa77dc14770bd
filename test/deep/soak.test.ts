// R11: fifty hours in minutes: every quarter of an hour the sources are asked and 50 invoices are
// posted, one of them into trouble. Memory, handles and the database are held against the hours.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import type { Batch } from '../../src/contract/contract.ts';
import { shiftPeriod } from '../../src/core/billing-period.ts';
import { verifyAudit } from '../../src/relay/store/audit.ts';
import { databasePath } from '../../src/relay/store/database.ts';
import { sampleBooks, sampleConfig } from '../../src/sample/config.ts';
import { startStandIns } from '../../src/start/parts.ts';
import { plainConfig, startTestRelay, type TestRelay } from '../relay/fixture.ts';
import { draftFor, idOf, OCTOBER, SERVICES, SOON, SUNDAY, type BooksTruth } from '../relay/small-month.ts'; // prettier-ignore
import { chanceOf } from '../simulation/random.ts';

const STEPS = Number(process.env['MCC_SOAK_STEPS'] ?? 200);
const STEP_MINUTES = 15;
const CLIENTS = 50;
const CODE = 'K1NGF1SHER';
const SAMPLE_EVERY = 10;
const WARM_UP = 0.25;
const HEAP_MB_PER_HOUR = 1;
const HANDLES_MORE = 6;
const SEED = Number(process.env['MCC_SEED'] ?? Date.now() % 1_000_000);
const TROUBLES = [
  { fault: 'drop-request' },
  { fault: 'drop-answer' },
  { fault: 'reset' },
  { fault: 'truncate' },
  { fault: 'status', status: 500 },
  { fault: 'status', status: 500, work: true },
];
const CUSTOMERS = Array.from({ length: CLIENTS }, (_, index) => ({
  id: idOf(index + 1),
  name: `Client ${String(index + 1)}`,
}));

interface Sample {
  readonly hour: number;
  readonly heapMb: number;
  readonly handles: number;
  readonly databaseMb: number;
}

interface Soak {
  readonly relay: TestRelay;
  readonly batches: Batch[];
  sim(method: string, path: string, body?: unknown): Promise<unknown>;
  good<T>(method: string, path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

it(`fifty hours leave nothing behind but what was posted (MCC_SEED=${String(SEED)})`, async () => {
  const chance = chanceOf(SEED);
  const soak = await open();
  const samples: Sample[] = [];
  try {
    for (let step = 0; step < STEPS; step += 1) {
      await soak.good('POST', '/_test/clock', { advanceMinutes: STEP_MINUTES });
      await soak.good('POST', `/api/periods/${OCTOBER}/refresh`, {});
      const match = { method: 'POST', path: '*/invoices' };
      const nth = 1 + chance.below(CLIENTS);
      await soak.sim('POST', 'faults', { system: 'conductor', match, nth, ...chance.pick(TROUBLES) }); // prettier-ignore
      await postMonth(soak, step);
      await soak.sim('DELETE', 'faults');
      await decideWhatWaits(soak);
      if (step % SAMPLE_EVERY === SAMPLE_EVERY - 1) samples.push(measure(soak, step));
    }
    await comeToRest(soak);
    const truth = (await soak.sim('GET', 'books')) as BooksTruth;
    const refs = new Set(truth.invoices.map(({ refNumber }) => refNumber));
    expect([refs.size, truth.invoices.length]).toEqual([STEPS * CLIENTS, STEPS * CLIENTS]);
    expect(await verifyAudit(soak.relay.core.store, null)).toEqual({
      verified: true,
      reason: null,
    });
    console.info(`R11 ${JSON.stringify({ seed: SEED, samples })}`);
    checkSamples(samples.slice(Math.floor(samples.length * WARM_UP)));
  } finally {
    await soak.stop();
  }
}, 1_800_000);

async function open(): Promise<Soak> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-soak-'));
  const standIns = await startStandIns({ state: join(folder, 'books'), world: 'quiet' });
  const { url } = standIns.ready;
  const sim = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url}/_sim/${path}`, { method, ...text });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const items = SERVICES.map(({ item }) => ({ name: item, price: '1.00' }));
  await sim('POST', 'world', { customers: CUSTOMERS, items });
  await sim('POST', 'options', { rateLimits: false, recordExchanges: false });
  const connections = sampleConfig(url).connections.map((one) => ({ ...one, services: {} }));
  const books = { adapter: 'conductor', settings: sampleBooks(url) };
  const config = {
    ...plainConfig(),
    lab: { pairingCode: CODE },
    connections,
    services: SERVICES,
    books,
  };
  const relay = await startTestRelay(config, { patience: SOON, reads: { max: 1_000_000, windowMs: 1_000 } }); // prettier-ignore
  const good = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await relay.asked({ method, path, body });
    if (answer.status !== 200) throw new Error(`${path}: ${String(answer.status)} ${answer.text}`);
    return answer.json as T;
  };
  await good('POST', '/_test/clock', { now: SUNDAY });
  return {
    relay, sim, good, batches: [],
    async stop() {
      await relay.remove();
      await standIns.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  }; // prettier-ignore
}

/** A month of its own for each step, by a person of its own: ten effects a minute are allowed to one. */
async function postMonth(soak: Soak, step: number): Promise<void> {
  const pairing = { code: CODE, person: `Person ${String(step)}` };
  const paired = await soak.relay.ask({ method: 'POST', path: '/api/pair', body: pairing });
  const headers = { authorization: `Bearer ${String(paired.json.token)}` };
  const ask = async (path: string, body: object): Promise<Batch> => {
    const answer = await soak.relay.ask({ method: 'POST', path, body, headers });
    if (answer.status !== 200) throw new Error(`${path}: ${String(answer.status)} ${answer.text}`);
    return answer.json as Batch;
  };
  const period = shiftPeriod(OCTOBER, -step);
  const draft = { ...draftFor(CUSTOMERS, `${period}.xlsx`), period };
  const batch = await ask('/api/batches', { key: period, draft });
  const { id, digest, version } = batch;
  await ask(`/api/batches/${id}/approve`, { digest, version });
  await ask(`/api/batches/${id}/post`, { key: `post-${id}`, digest });
  await soak.relay.core.posting.settled(id);
  soak.batches.push(batch);
}

/** Of the months that are not through yet; those are forgotten that are. */
async function decideWhatWaits(soak: Soak): Promise<void> {
  for (const { id } of [...soak.batches]) {
    const { state, postings } = await soak.good<Batch>('GET', `/api/batches/${id}`);
    if (state === 'COMPLETED') {
      soak.batches.splice(soak.batches.findIndex((one) => one.id === id), 1);
    }
    for (const { key, state: now } of postings) {
      if (now !== 'NEEDS_PERSON') continue;
      const path = `/api/batches/${id}/postings/${key}/decide`;
      // Too early is an answer too: it is asked again in a quarter of an hour.
      await soak.relay.asked({ method: 'POST', path, body: { choice: 'send again' } });
    }
  }
} // prettier-ignore

async function comeToRest(soak: Soak): Promise<void> {
  for (let round = 0; round < 60 && soak.batches.length > 0; round += 1) {
    await soak.good('POST', '/_test/clock', { advanceMinutes: STEP_MINUTES });
    // The worker sees the moved clock at its next nap.
    await setTimeout(1_100);
    await decideWhatWaits(soak);
  }
  expect(soak.batches).toEqual([]);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function measure({ relay }: Soak, step: number): Sample {
  collect();
  return {
    hour: ((step + 1) * STEP_MINUTES) / 60,
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    handles: process.getActiveResourcesInfo().length,
    databaseMb: statSync(databasePath(relay.data)).size / 2 ** 20,
  };
}

function checkSamples(samples: readonly Sample[]): void {
  expect(slope(samples.map(({ hour, heapMb }) => [hour, heapMb]))).toBeLessThan(HEAP_MB_PER_HOUR);
  const handles = samples.map((sample) => sample.handles);
  expect(Math.max(...handles) - (handles[0] ?? 0)).toBeLessThanOrEqual(HANDLES_MORE);
  const middle = Math.floor(samples.length / 2);
  const grown = slope(samples.slice(0, middle).map(({ hour, databaseMb }) => [hour, databaseMb]));
  const grows = slope(samples.slice(middle).map(({ hour, databaseMb }) => [hour, databaseMb]));
  expect(grows).toBeLessThan(grown * 1.5);
}

/** Of the straight line nearest to the points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [x, y] = [mean(points.map(([one]) => one)), mean(points.map(([, two]) => two))];
  const above = points.reduce((sum, [one, two]) => sum + (one - x) * (two - y), 0);
  return above / points.reduce((sum, [one]) => sum + (one - x) ** 2, 0);
}
