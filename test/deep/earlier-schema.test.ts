// R21: this version starts on the database of every earlier one, with invoices in the air: all of
// them survive with their keys, and each is posted once.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { databasePath, openStore } from '../../src/relay/store/database.ts';
import type { Migration } from '../../src/relay/store/migration.ts';
import { auditMigrations } from '../../src/relay/store/schema-audit.ts';
import { booksMigrations } from '../../src/relay/store/schema-books.ts';
import { countsMigrations } from '../../src/relay/store/schema-counts.ts';
import { postingMigrations } from '../../src/relay/store/schema-posting.ts';
import { plainDraft, startEngine, type World } from '../relay/posting/fake-ports.ts';
import { actions, closeWorlds, makeWorld, posted, stateOf } from '../relay/posting/world.ts';

const folders: string[] = [];
afterEach(async () => {
  await closeWorlds();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The first so many of an area, from the least that there ever was. */
const beginnings = (area: readonly Migration[], least: number): (readonly Migration[])[] =>
  Array.from({ length: area.length + 1 - least }, (_, more) => area.slice(0, least + more));
/** Every version there was is one of these. */
const VERSIONS: readonly (readonly Migration[])[] = [
  beginnings(auditMigrations, 1),
  beginnings(countsMigrations, 1),
  beginnings(postingMigrations, 1),
  beginnings(booksMigrations, 0),
].reduce((before, area) => before.flatMap((some) => area.map((own) => [...some, ...own])), [[]]);
const named = VERSIONS.map((migrations) => ({
  migrations,
  version: migrations.map(({ id }) => id).join(' '),
}));

const CLIENTS = 4;
const SENT = ['key', 'ref', 'marker', 'digest', 'epoch', 'provider_key', 'request_hash'] as const;

it.each(named)('on $version', async ({ migrations }) => {
  const world = await inTheAir();
  const before = await world.store.selectFrom('posting').selectAll().orderBy('position').execute();
  expect(before.map(({ state }) => state)).toEqual(['POSTED', 'UNKNOWN', 'SENDING', 'READY']);
  const folder = mkdtempSync(join(tmpdir(), 'mcc-earlier-'));
  folders.push(folder);
  await writeEarlier(world, migrations, folder);

  const store = await openStore(folder);
  const now = { ...world, store };
  const running = await startEngine(now, { holder: 'the new version' });
  const after = await store.selectFrom('posting').selectAll().orderBy('position').execute();
  expect(after.map(({ state }) => state)).toEqual(['POSTED', 'UNKNOWN', 'UNKNOWN', 'READY']);
  for (const column of SENT) {
    expect(after.map((row) => row[column])).toEqual(before.map((row) => row[column]));
  }
  const [first] = after;
  const batch = { id: first?.batch ?? '' };
  for (let round = 0; round < 4; round += 1) {
    await running.worker.tick();
    for (const { key, state } of (await actions(running).look(batch)).postings) {
      if (state !== 'NEEDS_PERSON') continue;
      await actions(running)
        .decide(batch, key, 'send again')
        .catch(() => undefined);
    }
    world.clock.advance(31 * 60_000);
  }
  expect(stateOf(await actions(running).look(batch))).toEqual(Array.from({ length: CLIENTS }, () => 'POSTED')); // prettier-ignore
  const refs = world.books.invoices().map(({ ref }) => ref);
  expect([...refs].sort()).toEqual(before.map(({ ref }) => ref));
  await store.destroy();
});

it('there are versions before this one', () => {
  expect(VERSIONS.length).toBeGreaterThan(4);
});

/** One posted, one in doubt, one being sent, one still to come: as a kill leaves them. */
async function inTheAir(): Promise<World> {
  const world = await makeWorld({ clients: CLIENTS });
  const running = await startEngine(world);
  await posted(running, plainDraft(CLIENTS));
  let looksOfDoubt = 0;
  world.books.faults = {
    create: () => (world.books.creates.length === 1 ? 'answer lost' : 'none'),
    read: () => 'none',
    lookup: () => (world.books.creates.length === 2 && (looksOfDoubt += 1) === 1 ? 'failed' : 'none'),
  }; // prettier-ignore
  running.failpoints.arm('posting.before-send', 3);
  await Promise.race([running.worker.tick(), running.failpoints.crashed()]);
  world.books.faults = { create: () => 'none', read: () => 'none' };
  return world;
}

/** In an order that the triggers of every version allow: a row is born, then it moves. */
const TABLES = ['audit', 'posting_connection', 'batch', 'posting', 'posting_ref', 'posting_evidence', 'batch_transition', 'posting_transition'] as const; // prettier-ignore
const BORN: Readonly<Record<string, object>> = {
  batch: { state: 'DRAFT', transition: 0 },
  posting: { state: 'PLANNED', transition: 0 },
};

async function writeEarlier(world: World, migrations: readonly Migration[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = new Sqlite(databasePath(folder));
  file.exec('create table migration (id text primary key)');
  for (const { id, statements } of migrations) {
    for (const statement of statements) file.exec(statement);
    file.prepare('insert into migration values (?)').run(id);
  }
  for (const table of TABLES) {
    const known = new Set((file.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name));
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)} order by rowid`.execute(world.store);
    for (const row of rows) {
      const fields = Object.entries({ ...row, ...BORN[table] }).filter(([name]) => known.has(name));
      const names = fields.map(([name]) => name);
      const places = names.map(() => '?');
      file.prepare(`insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`).run(fields.map(([, value]) => value));
    }
  }
  file.close();
} // prettier-ignore
