/** The relay without an address: store, clock, connections, counts and posting, put together. */
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../core/billing-period.ts';
import { createBooksTools } from './books-tools.ts';
import { startMovableClock, systemClock, type Clock, type MovableClock } from './clock.ts';
import { isPlayground, type LoadedConfig, type RelayConfig } from './config.ts';
import { destinationsOf, openConnections, type Patience } from './connections.ts';
import { itemOf } from './counts/catalogue.ts';
import { customerOf, readClients } from './counts/clients.ts';
import { createCounting, type Counting } from './counts/counting.ts';
import { countHandlers } from './counts/handlers.ts';
import { inboxOf } from './counts/inbox.ts';
import type { CountingPorts } from './counts/ports.ts';
import { contentById } from './counts/snapshots.ts';
import type { Connection } from './counts/sync.ts';
import { holdDataFolder } from './data-folder.ts';
import { createFailpoints, type ArmableFailpoints } from './failpoints.ts';
import type { Directory, Handlers, Posting } from './handlers.ts';
import { createLog, type Log } from './log.ts';
import { createPosting } from './posting/posting.ts';
import { guardRecovery } from './recovery.ts';
import { openAnchor } from './store/audit-anchor.ts';
import { appendAudit } from './store/audit.ts';
import { inTransaction, openStore, type Store } from './store/database.ts';
import { systemHandlers } from './system-handlers.ts';

export interface CoreOptions {
  readonly loaded: LoadedConfig;
  readonly data: string;
  readonly version: string;
  /** A person has looked at a restored database and goes on with it. */
  readonly acceptRestore?: boolean;
  readonly patience?: Patience;
}

export interface RelayCore {
  readonly config: RelayConfig;
  readonly store: Store;
  readonly clock: Clock;
  /** The same clock where it can be moved: in sample and lab. */
  readonly movable: MovableClock | null;
  readonly failpoints: ArmableFailpoints;
  readonly log: Log;
  readonly counting: Counting;
  readonly posting: Posting;
  /** Why nothing may be sent; null in ordinary life. */
  readonly recovery: string | null;
  readonly handlers: Omit<Handlers, 'pair'>;
  stop(): Promise<void>;
}

const SAMPLE_START = '2026-10-31T10:00:00.000Z' as Instant;

export async function openCore(options: CoreOptions): Promise<RelayCore> {
  const { config, secrets, warnings } = options.loaded;
  const booksTools = createBooksTools(options.data, config.books.id);
  const { tools } = booksTools;
  const connections = openConnections(config, { ...options.patience, secrets, tools });
  const folder = holdDataFolder(options.data);
  const log = createLog(join(options.data, 'relay.log'), secrets);
  for (const words of warnings) log.warn({ event: 'configuration', words });
  for (const named of destinationsOf(connections.sources))
    log.info({ event: 'destination', ...named });
  const movable = isPlayground(config.profile) ? playClock(options) : null;
  const clock = movable ?? systemClock;
  const store = await openStore(options.data).catch((error: unknown) => {
    movable?.stop();
    folder.release();
    throw error;
  });
  booksTools.open({ store, clock });
  const anchor = openAnchor(store, options.data);
  const recovery = await checkTrail(anchor, { store, clock, log }, options.acceptRestore ?? false);
  const failpoints = createFailpoints(config.lab?.failpoints);
  const { books, http, sources } = connections;
  const directory = directoryOf(config);
  const posting = createPosting({
    config,
    store,
    clock,
    log,
    books,
    directory,
    failpoints,
    machine: machineAt(options.data, movable === null),
    recovery,
  });
  const ports: CountingPorts = {
    config,
    store,
    clock,
    log,
    http,
    books,
    connections: withInboxes(sources, options.data),
    closed: posting,
  };
  const counting = createCounting(ports);
  const system = systemHandlers({
    ...ports,
    posting,
    counting,
    anchor,
    recovery,
    version: options.version,
  });
  return {
    config, store, clock, movable, failpoints, log, counting, posting, recovery,
    handlers: { ...system, ...countHandlers(ports, counting), ...guardRecovery(posting.handlers, recovery) },
    async stop() {
      await posting.stop();
      await anchor.stop();
      await store.destroy();
      movable?.stop();
      folder.release();
    },
  }; // prettier-ignore
}

/** Those that take files from a person get a folder for each month. */
const withInboxes = (sources: readonly Connection[], data: string): readonly Connection[] =>
  sources.map((source) => {
    const { id, settings } = source.config;
    if (!source.adapter.takesFiles(settings)) return source;
    return { ...source, inbox: (period) => inboxOf(data, id, period) };
  });

/** The sample's clock stands at the sample month; a lab begins today. */
const playClock = ({ data, loaded }: CoreOptions): MovableClock =>
  startMovableClock(data, loaded.config.profile === 'sample' ? SAMPLE_START : systemClock.now());

/** A moved clock is held against nobody's; the disk is the same for all. */
const machineAt = (directory: string, isRealTime: boolean) => ({
  nowMs: () => (isRealTime ? Date.now() : null),
  freeBytes() {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  },
});

const directoryOf = (config: RelayConfig): Directory => ({
  clientIds: async (store) => (await readClients(store)).map(({ id }) => id),
  customer: customerOf,
  item: (store, serviceId) => itemOf(store, config, serviceId),
  async snapshot(store, id) {
    const content = await contentById(store, id);
    return content ? { ...content, sealed: false, previous: null } : null;
  },
});

interface Trail {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Null when the trail is whole; else why the relay goes into recovery mode (F12). */
async function checkTrail(
  anchor: ReturnType<typeof openAnchor>,
  { store, clock, log }: Trail,
  accept: boolean,
): Promise<string | null> {
  const { verified, reason } = await anchor.verify();
  if (!verified && !accept) {
    log.error({ event: 'recovery mode', words: reason });
    return reason ?? 'The audit trail does not verify.';
  }
  await anchor.follow();
  if (!verified) await noteAccepted(store, clock, reason ?? '');
  return null;
}

const noteAccepted = (store: Store, clock: Clock, reason: string): Promise<void> =>
  inTransaction(store, (transaction) =>
    appendAudit(transaction, clock, {
      person: 'relay',
      action: 'accepted restored database',
      object: 'audit trail',
      words: `The relay was started with --accept-restore. Before: ${reason}`,
    }),
  );
