// R10: the data folder is put back as it was eight hours ago, under the real relay and real HTTP,
// and Post is pressed on everything: nothing is there twice, and recovery was shown meanwhile.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import type { Batch, Draft } from '../../src/contract/contract.ts';
import { databasePath } from '../../src/relay/store/database.ts';
import { sampleBooks } from '../../src/sample/config.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import { makeFolder, plainConfig, startTestRelay, type TestRelay } from '../relay/fixture.ts';
import { draftFor, expectOnce, idOf, OCTOBER, SERVICES, SOON, SUNDAY, type BooksTruth } from '../relay/small-month.ts'; // prettier-ignore

jest.setTimeout(600_000);

const CUSTOMERS = Array.from({ length: 30 }, (_, index) => ({
  id: idOf(index + 1),
  name: `Client ${String(index + 1)}`,
}));
const [POSTED, APPROVED, UNKNOWN_TO_IT] = [0, 10, 20].map((from) =>
  draftFor(CUSTOMERS.slice(from, from + 10), `From ${String(from)}.xlsx`),
) as [Draft, Draft, Draft];

let sim: RunningSim;
let data: string;
let backup: string;
let relay: TestRelay;
afterEach(async () => {
  await relay.stop();
  await sim.close();
  for (const folder of [data, backup]) rmSync(folder, { recursive: true, force: true });
});

it.each([
  { what: 'the database alone', files: ['relay.sqlite'], isNoticed: true },
  { what: 'the whole folder', files: ['relay.sqlite', 'audit.anchor'], isNoticed: false },
])('an eight hours old copy of $what', async ({ files, isNoticed }) => {
  await openMonth();
  const first = await approved(POSTED);
  await post(first);
  const second = await approved(APPROVED);
  await settle();
  await sql.raw(`vacuum into '${join(backup, 'relay.sqlite')}'`).execute(relay.core.store);
  // The anchor follows a commit a moment later; stopping writes what is due.
  await relay.stop();
  copyFileSync(join(data, 'audit.anchor'), join(backup, 'audit.anchor'));
  relay = await start();
  for (let hour = 0; hour < 8; hour += 1)
    await good('POST', '/_test/clock', { advanceMinutes: 60 });
  await post(second);
  await post(await approved(UNKNOWN_TO_IT));
  const before = await truth();
  expect(before.invoices.length).toBe(30);
  await relay.stop();

  for (const end of ['-wal', '-shm']) rmSync(`${databasePath(data)}${end}`, { force: true });
  for (const file of files) copyFileSync(join(backup, file), join(data, file));
  relay = await start();
  const { json } = await relay.ask({ path: '/health' });
  if (isNoticed) expect((json as { status: string }).status).toBe('recovery');
  await untilLookedUp();
  expect((await truth()).invoices.length).toBe(before.invoices.length);
  // Everything once more: what it knows as approved, and what it has never heard of.
  if (!isNoticed) await expect(post(second)).rejects.toThrow(/a backup was put back/);
  const third = await approved(UNKNOWN_TO_IT);
  await pressUntilPosted(second);
  await pressUntilPosted(third);
  await pressUntilPosted(first);
  const after = await truth();
  expectOnce(after, { ...POSTED, invoices: [POSTED, APPROVED, UNKNOWN_TO_IT].flatMap(({ invoices }) => invoices) }); // prettier-ignore
  expect(after.invoices.map(({ refNumber }) => refNumber).sort()).toEqual(before.invoices.map(({ refNumber }) => refNumber).sort()); // prettier-ignore
  expect((await relay.ask({ path: '/health' })).json).toMatchObject({ uncertainTotal: 0 });
});

async function openMonth(): Promise<void> {
  sim = await startSim({ options: { rateLimits: false } });
  data = makeFolder();
  backup = mkdtempSync(join(tmpdir(), 'mcc-backup-'));
  const items = SERVICES.map(({ item }) => ({ name: item, price: '1.00' }));
  await fetch(`${sim.url}/_sim/world`, { method: 'POST', body: JSON.stringify({ customers: CUSTOMERS, items }) }); // prettier-ignore
  relay = await start();
  await good('POST', '/_test/clock', { now: SUNDAY });
  await good('POST', `/api/periods/${OCTOBER}/refresh`, {});
}

function start(): Promise<TestRelay> {
  const books = { adapter: 'conductor', settings: sampleBooks(sim.url) };
  const config = { ...plainConfig(), services: SERVICES, books };
  return startTestRelay(config, { data, patience: SOON });
}

async function good<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await relay.asked({ method, path, body });
  if (answer.status !== 200) throw new Error(`${path}: ${String(answer.status)} ${answer.text}`);
  return answer.json as T;
}

const truth = async (): Promise<BooksTruth> =>
  (await (await fetch(`${sim.url}/_sim/books`)).json()) as BooksTruth;

async function approved(draft: Draft): Promise<Batch> {
  const key = `k-${draft.workbook}`;
  const { id, digest, version } = await good<Batch>('POST', '/api/batches', { key, draft });
  return good('POST', `/api/batches/${id}/approve`, { digest, version });
}

async function post({ id, digest }: Batch): Promise<void> {
  await good('POST', `/api/batches/${id}/post`, { key: `post-${id}`, digest });
  await relay.core.posting.settled(id);
  expect((await good<Batch>('GET', `/api/batches/${id}`)).state).toBe('COMPLETED');
}

/** What is due is written: the audit trail and its anchor agree. */
const settle = (): Promise<void> => setTimeout(1_000);

/** Recovery ends by itself when every invoice was looked up; nothing is sent before. */
async function untilLookedUp(): Promise<void> {
  for (let look = 0; look < 400; look += 1) {
    const { json } = await relay.ask({ path: '/health' });
    if ((json as { status: string }).status !== 'recovery') return;
    await setTimeout(250);
  }
  throw new Error('The recovery never ended.');
}

/** A person who presses Post again whenever it was refused. */
async function pressUntilPosted({ id, digest }: Batch): Promise<void> {
  const refusals: string[] = [];
  for (let press = 0; press < 60; press += 1) {
    const answer = await relay.asked({ method: 'POST', path: `/api/batches/${id}/post`, body: { key: `post-${id}`, digest } }); // prettier-ignore
    if (answer.status === 200) await relay.core.posting.settled(id);
    else refusals.push(answer.text);
    if ((await good<Batch>('GET', `/api/batches/${id}`)).state === 'COMPLETED') return;
    await good('POST', '/_test/clock', { advanceMinutes: 5 });
    await setTimeout(200);
  }
  throw new Error(`It was never posted: ${refusals.at(-1) ?? 'nothing was refused'}`);
}
