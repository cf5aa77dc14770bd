// R7: on the real process and the real disk, as strace sees it: no create leaves the relay before
// its intent is synced. A relay that leaves syncing to the checkpoint turns the same test red.
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Batch } from '../../../src/contract/contract.ts';
import { shiftPeriod } from '../../../src/core/billing-period.ts';
import { draftFor, expectOnce, OCTOBER } from '../small-month.ts';
import { openRealMonth, type RealMonth, type RealRelay } from './real-month.ts';
import { readWireOrder, straceLine, type WireOrder } from './wire-order.ts';

jest.setTimeout(300_000);

const POSTS = 50;
const STRACE = process.env['MCC_STRACE'] ?? '/usr/bin/strace';
const describeTraced = ((): typeof describe | typeof describe.skip => {
  if (existsSync(STRACE)) return describe;
  writeSync(2, 'SKIPPED: "the intent before the wire" needs strace, which is not there.\n');
  return describe.skip;
})();

describeTraced('the intent before the wire, as strace sees it', () => {
  let month: RealMonth;
  beforeAll(async () => {
    month = await openRealMonth(POSTS);
  });
  afterAll(() => month.stop());

  /** Fifty invoices of one month, posted by a relay of this tree under strace. */
  const watch = async (monthsBack: number, root = '.'): Promise<WireOrder> => {
    const output = join(month.folder, `strace-${String(monthsBack)}.txt`);
    const relay = await month.start({ under: straceLine(STRACE, output), root });
    const period = shiftPeriod(OCTOBER, -monthsBack);
    const draft = { ...draftFor(month.customers, `${period}.xlsx`), period };
    await post(relay, draft);
    await relay.stop();
    return readWireOrder(output);
  };

  it('50 of 50 creates leave after a sync, with nothing unsynced in the log', async () => {
    expect(await watch(0)).toEqual({ creates: POSTS, synced: POSTS, durable: POSTS });
    expectOnce(await month.truth(), draftFor(month.customers));
  });

  it('a relay that does not sync each commit is seen', async () => {
    const root = join(month.folder, 'careless');
    for (const folder of ['src/core', 'src/contract', 'src/matching', 'src/relay']) {
      cpSync(folder, join(root, folder), { recursive: true });
    }
    cpSync('package.json', join(root, 'package.json'));
    symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'), 'junction');
    const path = join(root, 'src/relay/store/database.ts');
    const careful = readFileSync(path, 'utf8');
    const careless = careful.replace("'synchronous = full'", "'synchronous = normal'");
    expect(careless).not.toBe(careful);
    writeFileSync(path, careless);
    const { creates, synced } = await watch(1, root);
    expect(creates).toBe(POSTS);
    expect(synced).toBeLessThan(POSTS / 2);
  });
});

async function post(relay: RealRelay, draft: ReturnType<typeof draftFor>): Promise<void> {
  const batch = await relay.good<Batch>('POST', '/api/batches', { key: draft.period, draft });
  const { id, digest, version } = batch;
  await relay.good('POST', `/api/batches/${id}/approve`, { digest, version });
  await relay.good('POST', `/api/batches/${id}/post`, { key: `post-${id}`, digest });
  const look = (): Promise<Batch> => relay.good('GET', `/api/batches/${id}`);
  while ((await look()).state === 'POSTING') await setTimeout(100);
  expect((await look()).state).toBe('COMPLETED');
}
