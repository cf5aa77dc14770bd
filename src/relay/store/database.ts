/**
 * Opens the one database file. SQLite in WAL with synchronous=FULL: a commit is on disk before
 * anything leaves the building (posting-safety 0.5). One connection; Kysely queues its users, so
 * inside a transaction only the transaction may be used: asking the store would wait for ever.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { CompiledQuery, Kysely, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'; // prettier-ignore
import type { Dialect, SqliteDatabase, Transaction } from 'kysely';
import { AppError, assert } from '../../core/errors.ts';
import type { Migration } from './migration.ts';
import { auditMigrations, type AuditSchema } from './schema-audit.ts';
import { batchPostMigrations, type BatchPostSchema } from './schema-batch-post.ts';
import { booksMigrations, type BooksSchema } from './schema-books.ts';
import { countsMigrations, type CountsSchema } from './schema-counts.ts';
import { moveMigrations } from './schema-moves.ts';
import { postingMigrations, type PostingSchema } from './schema-posting.ts';
import { recoveryMigrations, type RecoverySchema } from './schema-recovery.ts';

export interface Schema
  extends CountsSchema, AuditSchema, PostingSchema, BatchPostSchema, BooksSchema, RecoverySchema {
  migration: { readonly id: string };
}
export type Store = Kysely<Schema>;
export type StoreTransaction = Transaction<Schema>;

const BUSY_TIMEOUT_MS = 10_000;
/** Lists of many lengths make many statements; all are forgotten past this. */
const STATEMENTS_MAX = 500;
const MIGRATIONS: readonly Migration[] = [
  ...auditMigrations,
  ...countsMigrations,
  ...postingMigrations,
  ...batchPostMigrations,
  ...booksMigrations,
  ...recoveryMigrations,
  ...moveMigrations,
];

const running = new AsyncLocalStorage<true>();
interface Opened {
  readonly store: Store;
  readonly after: (() => void)[];
}
const opened = new WeakMap<StoreTransaction, Opened>();
const listeners = new WeakMap<Store, () => void>();

export const databasePath = (directory: string): string => join(directory, 'relay.sqlite');

/** Opens or makes the database of a data folder and brings its schema up to date. */
export async function openStore(directory: string): Promise<Store> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return storeOn(openFile(databasePath(directory)));
}

function openFile(path: string): Sqlite.Database {
  try {
    const file = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
    file.pragma('journal_mode = wal');
    file.pragma('synchronous = full');
    if (process.platform === 'darwin') {
      // Plain fsync does not flush the drive there (SQLite documentation, read 2026-11-21).
      file.pragma('fullfsync = 1');
      file.pragma('checkpoint_fullfsync = 1');
    }
    return file;
  } catch (cause) {
    const code = (cause as { readonly code?: string }).code ?? 'unknown';
    const words = `--data: the database ${path} cannot be opened (${code}). Check its rights, or put a backup back.`;
    throw new AppError('SETUP_MISSING', words, { cause });
  }
}

/** The database of a data folder as it lies: nothing is written, also while its relay runs. */
export function openForReading(directory: string): Store {
  const path = databasePath(directory);
  try {
    const file = new Sqlite(path, {
      readonly: true,
      fileMustExist: true,
      timeout: BUSY_TIMEOUT_MS,
    });
    return new Kysely<Schema>({ dialect: immediateDialect(preparingOnce(file)) });
  } catch (cause) {
    const words = `There is no database ${path} that can be read. Name the data folder of a relay.`;
    throw new AppError('INPUT_INVALID', words, { cause });
  }
}

/** The same schema and triggers without a file, for simulations that cannot wait for a disk. */
export const openMemoryStore = (): Promise<Store> => storeOn(new Sqlite(':memory:'));

async function storeOn(file: Sqlite.Database): Promise<Store> {
  file.pragma('foreign_keys = on');
  const store = new Kysely<Schema>({ dialect: immediateDialect(preparingOnce(file)) });
  await migrate(store);
  return store;
}

/** Runs `work` in one `begin immediate` transaction; a throw rolls everything back. */
export async function inTransaction<T>(
  store: Store,
  work: (transaction: StoreTransaction) => Promise<T>,
): Promise<T> {
  assert(running.getStore() === undefined, 'a transaction is not opened inside another one');
  const after: (() => void)[] = [];
  const result = await running.run(true, () =>
    store.transaction().execute((transaction) => {
      opened.set(transaction, { store, after });
      return work(transaction);
    }),
  );
  for (const then of after) then();
  listeners.get(store)?.();
  return result;
}

/** The store of a transaction, and what runs once it is committed: nothing after a roll-back. */
export function openedOf(transaction: StoreTransaction): Opened {
  const known = opened.get(transaction);
  assert(known, 'a transaction is opened by inTransaction');
  return known;
}

/** `listener` runs after every commit of a transaction. */
export function onCommit(store: Store, listener: () => void): void {
  listeners.set(store, listener);
}

/** Preparing costs more than running: each statement is compiled once and kept. */
function preparingOnce(file: Sqlite.Database): SqliteDatabase {
  const prepared = new Map<string, Sqlite.Statement>();
  return {
    close: () => file.close(),
    prepare(sql) {
      const known = prepared.get(sql);
      if (known) return known;
      if (prepared.size >= STATEMENTS_MAX) prepared.clear();
      const statement = file.prepare(sql);
      prepared.set(sql, statement);
      return statement;
    },
  };
}

/** SQLite's dialect, but a transaction takes the write lock at once: no BUSY half way. */
function immediateDialect(database: SqliteDatabase): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => {
      const driver = new SqliteDriver({ database });
      driver.beginTransaction = async (connection) => {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
      };
      return driver;
    },
  };
}

async function migrate(store: Store): Promise<void> {
  await inTransaction(store, async (transaction) => {
    const run = (statement: string) => transaction.executeQuery(CompiledQuery.raw(statement));
    await run('create table if not exists migration (id text primary key)');
    const rows = await transaction.selectFrom('migration').select('id').execute();
    const applied = new Set(rows.map((row) => row.id));
    for (const migration of MIGRATIONS.filter(({ id }) => !applied.has(id))) {
      for (const statement of migration.statements) await run(statement);
      await transaction.insertInto('migration').values({ id: migration.id }).execute();
    }
  });
}
