// What posting one invoice costs: commits of the relay's database and time, while the quiet month
// goes through the real relay into the stand-in of the books.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../src/client/client.ts';
import { routes, type Batch } from '../src/contract/contract.ts';
import { parsePeriod } from '../src/core/billing-period.ts';
import { startRelay } from '../src/start/parts.ts';
import { closeWithCounts, readWorkbook } from '../src/terminal/close-sheet.ts';
import { approveMonth } from '../src/terminal/post-month.ts';
import { openClient } from '../test/e2e/support/client.ts';
import { startMcc, type Mcc } from '../test/e2e/support/mcc.ts';
import { measure, type Measure } from './report.ts';

const PERIOD = parsePeriod('2026-10');
const LOOK_MS = 50;
const LOOKS_MAX = 6_000;

export async function measureCommits(): Promise<readonly Measure[]> {
  const mcc = await startMcc('quiet');
  try {
    const commits = await countCommitsOf(mcc);
    const client = await openClient(mcc.relay.ready);
    const batch = await approve(client, mcc.files.workbook);
    const before = commits();
    const start = performance.now();
    const posted = await post(client, batch);
    const ms = performance.now() - start;
    const many = posted.postings.filter(({ state }) => state === 'POSTED').length;
    if (many === 0 || many !== batch.postings.length) {
      throw new Error(`Only ${String(many)} of ${String(batch.postings.length)} were posted.`);
    }
    return [
      measure('commits', 'invoices posted', many, 'invoices'),
      measure('commits', 'commits per posted invoice', (commits() - before) / many, 'commits'),
      measure('commits', 'time per posted invoice', ms / many, 'ms'),
    ];
  } finally {
    await mcc.stop();
  }
}

/** The same relay on the same data, with the counter in its process. */
async function countCommitsOf(mcc: Mcc): Promise<() => number> {
  const file = join(mcc.data, 'commits');
  const counter = new URL('commit-counter.ts', import.meta.url).href;
  await mcc.relay.stop();
  mcc.relay = await startRelay({
    config: mcc.files.config,
    data: mcc.data,
    port: 0,
    env: { ...process.env, NODE_OPTIONS: `--import=${counter}`, MCC_COMMIT_COUNT: file },
  });
  return () => Number(readFileSync(file).readBigUInt64LE());
}

async function approve(client: Client, file: string): Promise<Batch> {
  const params = { period: PERIOD };
  const { snapshotId } = await client.call(routes.refresh, { params, body: {} });
  const asked = { params: { ...params, snapshot: snapshotId } };
  const snapshot = await client.call(routes.snapshot, asked);
  const { months } = await client.call(routes.history, { params });
  const reading = await readWorkbook(file, PERIOD, null);
  const { dryRun } = closeWithCounts(reading, PERIOD, snapshot, months);
  return approveMonth(client, dryRun, basename(file));
}

async function post(client: Client, batch: Batch): Promise<Batch> {
  const params = { batch: batch.id };
  const body = { key: `bench-${batch.id}`, digest: batch.digest };
  let seen = await client.call(routes.post, { params, body });
  for (let looks = 0; looks < LOOKS_MAX && seen.state === 'POSTING'; looks += 1) {
    await delay(LOOK_MS);
    seen = await client.call(routes.batch, { params });
  }
  return seen;
}
