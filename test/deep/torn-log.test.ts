// R8: the write-ahead log is cut at 500 random bytes, as a power cut leaves it. Each time the store
// opens, what it holds is a prefix of what was written, and posting goes on without a second copy.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { InvoiceContent } from '../../src/core/model.ts';
import type { InvoiceKeys } from '../../src/relay/accounting/accounting.ts';
import { verifyAudit } from '../../src/relay/store/audit.ts';
import { databasePath, openStore, type Store } from '../../src/relay/store/database.ts';
import { plainDraft, startEngine, type Running } from '../relay/posting/fake-ports.ts';
import type { CreateFault } from '../relay/posting/fake-books.ts';
import { actions, posted, worldOn } from '../relay/posting/world.ts';
import { chanceOf } from '../simulation/random.ts';

const CUTS = 500;
const CLIENTS = 8;
const SEED = Number(process.env['MCC_SEED'] ?? Date.now() % 1_000_000);
const FAULTS: readonly CreateFault[] = ['none', 'answer lost', 'none', 'rejected', 'request lost', 'none', '500 after', 'none']; // prettier-ignore
const JOURNALS = ['audit', 'batch_transition', 'posting_transition', 'posting_evidence'] as const;

type Rows = Readonly<Record<(typeof JOURNALS)[number], readonly object[]>>;

interface Whole {
  readonly folder: string;
  readonly log: Buffer;
  readonly rows: Rows;
  readonly landed: readonly (readonly [InvoiceContent, InvoiceKeys])[];
  readonly nowMs: number;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-torn-'));
  folders.push(folder);
  return folder;
};

it(`a log cut at 500 random bytes leaves a prefix and no second copy (MCC_SEED=${String(SEED)})`, async () => {
  const whole = await writeWhole();
  const chance = chanceOf(SEED);
  const lengths = new Set<number>();
  for (let cut = 0; cut < CUTS; cut += 1) {
    const folder = makeFolder();
    copyFileSync(databasePath(whole.folder), databasePath(folder));
    writeFileSync(`${databasePath(folder)}-wal`, whole.log.subarray(0, chance.below(whole.log.length + 1))); // prettier-ignore
    lengths.add(await checkCut(folder, whole));
    rmSync(folder, { recursive: true, force: true });
  }
  // The cuts fell into many different transactions, not only before the first or after the last.
  expect(lengths.size).toBeGreaterThan(15);
}, 1_800_000);

/** A month with every kind of trouble, all of it still in the log. */
async function writeWhole(): Promise<Whole> {
  const folder = makeFolder();
  const store = await openStore(folder);
  // The schema is in the database itself: every cut falls into what was posted.
  await sql.raw('pragma wal_checkpoint(truncate)').execute(store);
  await sql.raw('pragma wal_autocheckpoint = 0').execute(store);
  const world = worldOn(store, 'books', { clients: CLIENTS });
  const landed: [InvoiceContent, InvoiceKeys][] = [];
  let creates = 0;
  world.books.faults.create = () => FAULTS[creates] ?? 'none';
  world.books.onCreate = (content, keys) => {
    if (!['rejected', 'request lost'].includes(FAULTS[creates] ?? 'none')) landed.push([content, keys]); // prettier-ignore
    creates += 1;
  };
  const running = await startEngine(world);
  await posted(running, plainDraft(CLIENTS));
  await running.worker.tick();
  expect(world.books.invoices().length).toBe(landed.length);
  const log = readFileSync(`${databasePath(folder)}-wal`);
  const whole = { folder, log, rows: await rowsOf(store), landed, nowMs: world.clock.nowMs() };
  copyFileSync(databasePath(folder), join(folder, 'as it lies'));
  await store.destroy();
  // Closing has put the log into the database; the copy is as a power cut would leave it.
  copyFileSync(join(folder, 'as it lies'), databasePath(folder));
  return whole;
}

async function rowsOf(store: Store): Promise<Rows> {
  const all = JOURNALS.map(async (table) => {
    const { rows } = await sql<object>`select * from ${sql.table(table)} order by seq`.execute(store); // prettier-ignore
    return [table, rows] as const;
  });
  return Object.fromEntries(await Promise.all(all)) as unknown as Rows;
}

/** How many entries of the audit trail are left. */
async function checkCut(folder: string, whole: Whole): Promise<number> {
  const store = await openStore(folder);
  const rows = await rowsOf(store);
  for (const table of JOURNALS) {
    expect(rows[table]).toEqual(whole.rows[table].slice(0, rows[table].length));
  }
  expect(await verifyAudit(store, null)).toEqual({ verified: true, reason: null });
  await checkStates(store);

  const world = worldOn(store, 'books', { clients: CLIENTS });
  world.clock.advance(whole.nowMs - world.clock.nowMs());
  for (const [content, keys] of whole.landed) await world.books.company.create(content, keys);
  const running = await startEngine(world, { holder: 'after the cut' });
  await finish(running, store, () => world.clock.advance(31 * 60_000));
  const markers = world.books.invoices().map(({ marker }) => marker);
  expect(new Set(markers).size).toBe(markers.length);
  const open = await store.selectFrom('posting').select(['ref', 'state']).where('state', 'not in', ['POSTED', 'REJECTED']).execute(); // prettier-ignore
  expect(open).toEqual([]);
  expect(await verifyAudit(store, null)).toEqual({ verified: true, reason: null });
  await store.destroy();
  return rows.audit.length;
}

/** A state is where its last transition left it. */
async function checkStates(store: Store): Promise<void> {
  const { rows } = await sql`select p.ref from posting p where p.state is not coalesce((select t.to_state
    from posting_transition t where t.posting = p.key order by t.seq desc limit 1), 'PLANNED')`.execute(store); // prettier-ignore
  expect(rows).toEqual([]);
}

/** Post is pressed again, hours pass, a person decides what waits. */
async function finish(running: Running, store: Store, hourPasses: () => void): Promise<void> {
  const act = actions(running);
  const batches = await store.selectFrom('batch').selectAll().execute();
  for (const { id, state } of batches) {
    const batch = await act.look({ id });
    if (state === 'SUBMITTED') await act.approve(batch);
    if (state === 'SUBMITTED' || state === 'APPROVED') await act.post(batch);
    for (let round = 0; round < 5; round += 1) {
      await running.worker.tick();
      for (const { key, state: now } of (await act.look({ id })).postings) {
        if (now !== 'NEEDS_PERSON') continue;
        await act.decide({ id }, key, 'send again').catch(() => undefined);
      }
      hourPasses();
    }
  }
}
