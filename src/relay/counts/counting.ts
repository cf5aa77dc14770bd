/** Counts of the relay, as the rest of it sees them: refresh, publish, read, link. */
import type { BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { periodAt } from '../clock.ts';
import type { Count, Snapshot, SourceHealth, SourceId } from '../../core/model.ts';
import { inTransaction, type StoreTransaction } from '../store/database.ts';
import { sealedSnapshot } from './sealed.ts';
import { storeBooks } from './clients.ts';
import { confirm, type Answer } from './answers.ts';
import { linkNew } from './mappings.ts';
import {
  contentById,
  healthOf,
  latestContent,
  publish,
  type SnapshotContent,
} from './snapshots.ts';
import { keepFact, readFact } from './facts.ts';
import type { CountingPorts } from './ports.ts';
import { plainWords } from './words.ts';
import { parseGaps } from './partial.ts';
import { readSync, type Connection } from './sync.ts';
import { createSyncs, type RunningSync, type SyncWish } from './syncs.ts';
import { parseKept } from './vendor-counts.ts';
import type { MappingTable } from '../store/schema-counts.ts';

export interface RefreshRequest {
  readonly period: BillingPeriod;
  /** All when absent. */
  readonly sources?: readonly SourceId[];
  /** Sources whose empty answer a person has confirmed. */
  readonly confirmEmpty?: readonly SourceId[];
  /** Sources whose files are of another kind from now on, as a person has confirmed. */
  readonly confirmProfile?: readonly SourceId[];
  /** A file has come: a sync under way does not know it. */
  readonly anew?: boolean;
  /** A person wants to know now: a source that is left alone for a while is asked all the same. */
  readonly insist?: boolean;
  /** The customers of the books are read again first. */
  readonly withBooks?: boolean;
}

export interface Refreshed {
  readonly snapshotId: string;
  /** How many counts differ from the snapshot before. */
  readonly changed: number;
  readonly sources: readonly SourceHealth[];
  /** Why the customers of the books are those of before. */
  readonly books?: string;
}

export interface Counting {
  refresh(request: RefreshRequest): Promise<Refreshed>;
  /** "latest", or one id of this month. */
  snapshot(period: BillingPeriod, id: string): Promise<Snapshot>;
  latestId(period: BillingPeriod): Promise<string | null>;
  health(period: BillingPeriod): Promise<SourceHealth[]>;
  /** The syncs under way, of any month. */
  running(): readonly RunningSync[];
  confirm(answer: Answer, periods: readonly BillingPeriod[]): Promise<MappingTable>;
  /** Customers and items of the books, taken over as they are now. */
  syncBooks(): Promise<void>;
  /** As the books named themselves last; null before the first answer. */
  companyName(): Promise<string | null>;
  /** Links what is new and publishes what stands; the seed and the routes use it alike. */
  publish(period: BillingPeriod): Promise<SnapshotContent>;
}

const COMPANY = 'company name';
/** A refresh answers after this long; a source that still works is published later. */
const REFRESH_MAX_MS = 60_000;
/** A refresh waits no longer for the books: the vendors are asked after them. */
const BOOKS_MAX_MS = 15_000;

export function createCounting(ports: CountingPorts): Counting {
  const syncs = createSyncs(ports);

  const publishNow = (period: BillingPeriod): Promise<SnapshotContent> =>
    inTransaction(ports.store, async (transaction) => {
      for (const connection of ports.connections)
        await linkSource(transaction, ports, connection, period);
      return publish(transaction, ports, period);
    });

  /** A source that took longer than anybody waits is published when it has answered. */
  const publishAfter = (period: BillingPeriod, work: Promise<unknown>): void => {
    const publishing = work.then(async () => {
      if (!(await ports.closed.isSealed(period))) await publishNow(period);
    });
    publishing.catch((error: unknown) => {
      ports.log.error({ event: 'counts not published', period, err: error });
    });
  };

  let reading: Promise<void> | null = null;
  /** Whoever asks while the books are read waits for that. */
  const syncBooks = (): Promise<void> =>
    (reading ??= takeOverBooks(ports).finally(() => (reading = null)));

  /** Null when they were read; else why not, for a refresh goes on without them. */
  const readBooks = async (): Promise<string | null> => {
    try {
      if (await within(BOOKS_MAX_MS, syncBooks())) return null;
      return 'The books are still being read: refresh again in a minute for their newest customers.';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return plainWords(`The customers of the books are those of before: ${error.message}`, 500);
    }
  };

  return {
    async refresh(request) {
      const { period } = request;
      await refuseFuture(ports, period);
      if (await ports.closed.isSealed(period)) return refreshSealed(ports, period);
      const books = request.withBooks ? await readBooks() : null;
      const before = await latestContent(ports.store, period);
      const chosen = chooseConnections(ports.connections, request.sources);
      const work = Promise.all(
        chosen.map((connection) => syncs.start(connection, wishFor(connection, request))),
      );
      const isDone = await within(ports.refreshMaxMs ?? REFRESH_MAX_MS, work);
      if (!isDone) publishAfter(period, work);
      const now = await publishNow(period);
      const changed = countChanges(before?.counts ?? [], now.counts);
      const refreshed = { snapshotId: now.id, changed, sources: now.sources };
      return books === null ? refreshed : { ...refreshed, books };
    },
    snapshot: (period, id) => readSnapshot(ports, period, id),
    async latestId(period) {
      if (await ports.closed.isSealed(period)) return (await sealedOf(ports, period)).id;
      return (await latestContent(ports.store, period))?.id ?? null;
    },
    health: (period) => healthOf(ports.store, ports, period),
    running: () => syncs.running(),
    async confirm(answer, periods) {
      const row = await inTransaction(ports.store, (transaction) =>
        confirm(transaction, ports, answer),
      );
      for (const period of periods) {
        if (!(await ports.closed.isSealed(period))) await publishNow(period);
      }
      return row;
    },
    syncBooks,
    companyName: () => readFact(ports.store, COMPANY),
    publish: publishNow,
  };
}

async function takeOverBooks({
  books,
  config,
  store,
  clock,
  closed,
}: CountingPorts): Promise<void> {
  const { company } = books;
  const identity = await company.identity();
  const customers = await company.customers();
  const items = await company.items();
  const taxCodes = config.books.tax ? await company.taxCodes?.() : undefined;
  await closed.pinCompany(identity);
  await inTransaction(store, async (transaction) => {
    await storeBooks(transaction, clock, { customers, items, taxCodes }, config.currency);
    await keepFact(transaction, COMPANY, plainWords(identity.name));
  });
}

async function linkSource(
  transaction: StoreTransaction,
  ports: CountingPorts,
  connection: Connection,
  period: BillingPeriod,
): Promise<void> {
  const { id } = connection.config;
  const row = await readSync(transaction, id, period);
  if (row?.counts) {
    await linkNew(transaction, ports, id, parseKept(row.counts), parseGaps(row));
  }
}

function chooseConnections(
  connections: readonly Connection[],
  wanted: readonly SourceId[] | undefined,
): readonly Connection[] {
  if (!wanted) return connections;
  const unknown = wanted.find((id) => !connections.some(({ config }) => config.id === id));
  if (unknown !== undefined) {
    throw new AppError('INPUT_INVALID', `There is no source "${unknown}" in the configuration.`);
  }
  return connections.filter(({ config }) => wanted.includes(config.id));
}

async function refuseFuture(
  { clock, config }: CountingPorts,
  period: BillingPeriod,
): Promise<void> {
  const current = periodAt(clock.now(), config.timeZone);
  if (period > current) throw new AppError('INPUT_INVALID', `${period} has not started yet.`);
  await Promise.resolve();
}

async function readSnapshot(
  ports: CountingPorts,
  period: BillingPeriod,
  id: string,
): Promise<Snapshot> {
  const sealed = await ports.closed.isSealed(period);
  const [previous = null] = await ports.closed.postedMonths(period, 1);
  if (id === 'latest' && sealed) return { ...(await sealedOf(ports, period)), sealed, previous };
  const content =
    id === 'latest' ? await latestContent(ports.store, period) : await contentById(ports.store, id);
  if (content?.period === period) return { ...content, sealed, previous };
  const words =
    id === 'latest'
      ? `There are no counts of ${period} yet.`
      : `There is no snapshot "${id}" of ${period}.`;
  throw new AppError('NOT_FOUND', words);
}

/** What a sealed month says is what its batch was made from (rulings 16). */
async function sealedOf(ports: CountingPorts, period: BillingPeriod): Promise<SnapshotContent> {
  const batch = await ports.closed.batchOf(period);
  const own = batch?.snapshotId ? await contentById(ports.store, batch.snapshotId) : null;
  return own ?? (await latestContent(ports.store, period)) ?? sealedSnapshot(ports, period);
}

async function refreshSealed(ports: CountingPorts, period: BillingPeriod): Promise<Refreshed> {
  const content = await sealedOf(ports, period);
  return { snapshotId: content.id, changed: 0, sources: content.sources };
}

function countChanges(before: readonly Count[], after: readonly Count[]): number {
  const keyOf = ({ clientId, serviceId, basis, source }: Count): string =>
    JSON.stringify([clientId, serviceId, basis, source]);
  const old = new Map(before.map((count) => [keyOf(count), count.quantity]));
  const differing = after.filter((count) => old.get(keyOf(count)) !== count.quantity).length;
  const now = new Set(after.map(keyOf));
  return differing + before.filter((count) => !now.has(keyOf(count))).length;
}

const wishFor = (
  { config }: Connection,
  { period, confirmEmpty, confirmProfile, insist = false, anew = false }: RefreshRequest,
): SyncWish => ({
  period,
  insist,
  anew,
  confirmEmpty: confirmEmpty?.includes(config.id) ?? false,
  confirmProfile: confirmProfile?.includes(config.id) ?? false,
});

/** Waits no longer than this; false when the work still runs. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const isDone = await Promise.race([work.then(() => true), limit]);
  clearTimeout(timer);
  return isDone;
}
