/**
 * Asks one source for one month and keeps the answer: all of it or nothing, accounts in a gap
 * apart (partial.ts). The last good counts stay when a sync fails, with the time and the reason
 * beside them.
 */
import type { BillingPeriod, Instant } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { toInstant, type Clock } from '../clock.ts';
import type { ConnectionConfig } from '../config.ts';
import type { Http } from '../http.ts';
import type { Log } from '../log.ts';
import type { CountSource, ImportedFile, VendorCounts } from '../sources/source.ts';
import { inTransaction, type Store, type StoreTransaction } from '../store/database.ts';
import type { SyncTable } from '../store/schema-counts.ts';
import { isSkipped, type Circuit } from './circuit.ts';
import { refuseFile, writeFile } from './imported.ts';
import { fillGaps, type KeptGap } from './partial.ts';
import { plainWords } from './words.ts';
import { clean, refuseSuddenlyEmpty, type KeptCount } from './vendor-counts.ts';

export interface Connection {
  readonly config: ConnectionConfig;
  readonly adapter: CountSource;
  readonly title: string;
  /** The folder of a month's imported file; absent: no file is imported here. */
  readonly inbox?: (period: BillingPeriod) => string;
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
  /** A person has said that the files are of another kind from now on. */
  readonly confirmProfile: boolean;
  readonly circuit: Circuit;
  /** A person wants to know now: the circuit is tried even while it is open. */
  readonly insist: boolean;
}

/** A failure is kept as the state of the source, never thrown. */
export async function syncSource(syncing: Syncing, request: SyncRequest): Promise<void> {
  const { connection, period, circuit, insist } = request;
  const { id: source } = connection.config;
  try {
    const answer = await circuit.run(insist, () => countIn(connection, period, syncing.http));
    const rows = await takeOver(syncing, request, answer);
    syncing.log.info({ event: 'synced', source, period, rows, gaps: answer.gaps?.length ?? 0 });
  } catch (error) {
    if (isSkipped(error)) {
      syncing.log.info({ event: 'sync skipped', source, period });
      return;
    }
    const trouble = asTrouble(error, connection.title, circuit.words());
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
  }
}

/** A number of a service that can be no quantity of ours is its mistake, not one of a person. */
async function countIn(
  { adapter, config, title, inbox }: Connection,
  period: BillingPeriod,
  http: Http,
): Promise<VendorCounts> {
  try {
    return await adapter.count(config.settings, period, http, inbox?.(period));
  } catch (error) {
    const isOurs = adapter.kind !== 'api' || !(error instanceof AppError);
    if (isOurs || error.code !== 'INPUT_INVALID') throw error;
    throw new AppError('SOURCE_MALFORMED', `${title}: ${error.message}`, { cause: error });
  }
}

async function takeOver(
  { store, clock }: Syncing,
  { connection, period, confirmEmpty, confirmProfile }: SyncRequest,
  answer: VendorCounts,
): Promise<number> {
  const { title, config } = connection;
  const cleaned = clean(config.id, title, answer.counts, config.ids);
  return inTransaction(store, async (transaction) => {
    const { file } = answer;
    if (file) {
      const question = { source: config.id, title, period, file, confirmProfile };
      await refuseFile(transaction, question);
    }
    const before = await readSync(transaction, config.id, period);
    const merged = fillGaps(title, { counts: cleaned, gaps: answer.gaps ?? [] }, before);
    if (!confirmEmpty) refuseSuddenlyEmpty(title, merged.fresh, merged.replaced);
    const at = clock.now();
    const asOf = answer.asOf === null ? null : ageOf(answer.asOf, at, title);
    const { counts, gaps } = merged;
    await storeGood(transaction, config.id, {
      period,
      counts,
      gaps,
      asOf,
      at,
      ...(file ? { file } : {}),
    });
    return counts.length;
  });
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

/** A day, or a moment with its zone: a local time is that of nobody knows whom. */
const DATED = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** A source that dates its answer in our future is not fresher for it. */
function ageOf(text: string, now: Instant, title: string): Instant {
  const timeMs = DATED.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(timeMs)) {
    const words = `${title} dates its counts "${plainWords(text, 40)}", which is no day and no moment with a time zone.`;
    throw new AppError('SOURCE_MALFORMED', words);
  }
  const asOf = toInstant(timeMs);
  return asOf < now ? asOf : now;
}

interface GoodAnswer {
  readonly period: BillingPeriod;
  readonly counts: readonly KeptCount[];
  readonly gaps?: readonly KeptGap[];
  readonly asOf: string | null;
  readonly at: Instant;
  readonly file?: ImportedFile;
}

export async function storeGood(
  transaction: StoreTransaction,
  source: string,
  { period, counts, gaps = [], asOf, at, file }: GoodAnswer,
): Promise<void> {
  const values = {
    good_at: at,
    as_of: asOf,
    counts: JSON.stringify(counts),
    tried_at: at,
    error: null,
    gaps: gaps.length > 0 ? JSON.stringify(gaps) : null,
    file: file ? writeFile(file) : null,
  };
  await transaction
    .insertInto('sync')
    .values({ source, period, ...values })
    .onConflict((conflict) => conflict.columns(['source', 'period']).doUpdateSet(values))
    .execute();
}

const NOTHING_GOOD = { good_at: null, as_of: null, counts: null, gaps: null, file: null } as const;

async function storeFailure(
  { store, clock }: Syncing,
  source: string,
  period: BillingPeriod,
  trouble: Trouble,
): Promise<void> {
  const values = { tried_at: clock.now(), error: JSON.stringify(trouble) };
  await store
    .insertInto('sync')
    .values({ source, period, ...NOTHING_GOOD, ...values })
    .onConflict((conflict) => conflict.columns(['source', 'period']).doUpdateSet(values))
    .execute();
}

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What an adapter throws beside AppError is a defect of ours; the source is not blamed for it. */
function asTrouble(error: unknown, title: string, more: string): Trouble {
  const known =
    error instanceof AppError
      ? error
      : new AppError('INTERNAL', `${title}: its counts could not be taken over.`, { cause: error });
  const message = `${known.message.slice(0, 1800)}${more}`;
  return { code: known.code, message, remedy: known.remedy };
}
