/**
 * Asks one source for one month and keeps the answer: all of it or nothing. The last good counts
 * stay when a sync fails, with the time and the reason beside them.
 */
import type { BillingPeriod, Instant } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { toInstant, type Clock } from '../clock.ts';
import type { ConnectionConfig } from '../config.ts';
import type { Http } from '../http.ts';
import type { Log } from '../log.ts';
import type { CountSource } from '../sources/source.ts';
import { inTransaction, type Store, type StoreTransaction } from '../store/database.ts';
import type { SyncTable } from '../store/schema-counts.ts';
import { clean, parseKept, refuseSuddenlyEmpty, type KeptCount } from './vendor-counts.ts';

export interface Connection {
  readonly config: ConnectionConfig;
  readonly adapter: CountSource;
  readonly title: string;
}

export interface Syncing {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly http: Http;
}

export interface SyncRequest {
  readonly connection: Connection;
  readonly period: BillingPeriod;
  /** A person has said that the empty list is true. */
  readonly confirmEmpty: boolean;
}

/** True when the source answered; a failure is kept as the state of the source, never thrown. */
export async function syncSource(syncing: Syncing, request: SyncRequest): Promise<boolean> {
  const { connection, period } = request;
  const source = connection.config.id;
  try {
    const { adapter, config, title } = connection;
    const answer = await adapter.count(config.settings, period, syncing.http);
    const counts = clean(source, title, answer.counts);
    await inTransaction(syncing.store, async (transaction) => {
      const before = await readSync(transaction, source, period);
      if (!request.confirmEmpty) {
        refuseSuddenlyEmpty(title, counts, before?.counts ? parseKept(before.counts) : []);
      }
      const at = syncing.clock.now();
      const asOf = answer.asOf === null ? null : ageOf(answer.asOf, at, title);
      await storeGood(transaction, source, { period, counts, asOf, at });
    });
    syncing.log.info({ event: 'synced', source, period, rows: counts.length });
    return true;
  } catch (error) {
    const trouble = asTrouble(error, connection.title);
    await storeFailure(syncing, source, period, trouble);
    const defect = error instanceof AppError ? {} : { err: error };
    syncing.log.warn({
      event: 'sync failed',
      source,
      period,
      problem: trouble.code,
      words: trouble.message,
      ...defect,
    });
    return false;
  }
}

export function readSync(
  store: Store | StoreTransaction,
  source: string,
  period: BillingPeriod,
): Promise<SyncTable | undefined> {
  return store
    .selectFrom('sync')
    .selectAll()
    .where('source', '=', source)
    .where('period', '=', period)
    .executeTakeFirst();
}

/** A source that dates its answer in our future is not fresher for it. */
function ageOf(text: string, now: Instant, title: string): Instant {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) {
    throw new AppError('SOURCE_MALFORMED', `${title} dates its counts "${text.slice(0, 40)}".`);
  }
  const asOf = toInstant(timeMs);
  return asOf < now ? asOf : now;
}

interface GoodAnswer {
  readonly period: BillingPeriod;
  readonly counts: readonly KeptCount[];
  readonly asOf: string | null;
  readonly at: Instant;
}

export async function storeGood(
  transaction: StoreTransaction,
  source: string,
  { period, counts, asOf, at }: GoodAnswer,
): Promise<void> {
  const values = {
    good_at: at,
    as_of: asOf,
    counts: JSON.stringify(counts),
    tried_at: at,
    error: null,
  };
  await transaction
    .insertInto('sync')
    .values({ source, period, ...values })
    .onConflict((conflict) => conflict.columns(['source', 'period']).doUpdateSet(values))
    .execute();
}

async function storeFailure(
  { store, clock }: Syncing,
  source: string,
  period: BillingPeriod,
  trouble: Trouble,
): Promise<void> {
  const values = { tried_at: clock.now(), error: JSON.stringify(trouble) };
  await store
    .insertInto('sync')
    .values({ source, period, good_at: null, as_of: null, counts: null, ...values })
    .onConflict((conflict) => conflict.columns(['source', 'period']).doUpdateSet(values))
    .execute();
}

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What an adapter throws beside AppError is a defect of ours; the source is not blamed for it. */
function asTrouble(error: unknown, title: string): Trouble {
  const known =
    error instanceof AppError
      ? error
      : new AppError('INTERNAL', `${title}: its counts could not be taken over.`, { cause: error });
  return { code: known.code, message: known.message.slice(0, 2000), remedy: known.remedy };
}
