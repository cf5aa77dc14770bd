/** The relay without an address: store, clock, connections, counts and posting, put together. */
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../core/billing-period.ts';
import { createBooksTools } from './books-tools.ts';
import { startMovableClock, systemClock, type Clock, type MovableClock } from './clock.ts';
import { isPlayground, type LoadedConfig, type RelayConfig } from './config.ts';
import { openConnections, type Patience } from './connections.ts';
import { itemOf, taxCodeOf } from './counts/catalogue.ts';
import { customerOf, readClients } from './counts/clients.ts';
import { createCounting, type Counting } from './counts/counting.ts';
import { countHandlers } from './counts/handlers.ts';
import { inboxOf } from './counts/inbox.ts';
import type { CountingPorts } from './counts/ports.ts';
import { contentById } from './counts/snapshots.ts';
import type { Connection } from './counts/sync.ts';
import { holdDataFolder } from './data-folder.ts';
import { createFailpoints, type ArmableFailpoints } from './failpoints.ts';
import type { Directory, Handlers, Posting, Restored } from './handlers.ts';
import { provideInstance } from './installation.ts';
import { createLog, type Log } from './log.ts';
import { createPosting } from './posting/posting.ts';
import { openAnchor, type AuditAnchor } from './store/audit-anchor.ts';
import { openStore, type Store } from './store/database.ts';
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
  /** Why the database cannot be the one this relay wrote last; null in ordinary life. */
  readonly recovery: string | null;
  readonly handlers: Omit<Handlers, 'pair'>;
  stop(): Promise<void>;
}

/** Whoever starts the relay, by the command line. */
const STARTER = { person: 'relay', requestId: '' };
const SAMPLE_START = '2026-10-31T10:00:00.000Z' as Instant;

export async function openCore(options: CoreOptions): Promise<RelayCore> {
  const { config, secrets, warnings } = options.loaded;
  const booksTools = createBooksTools(options.data, config.books.id);
  const { tools } = booksTools;
  const connections = openConnections(config, { ...options.patience, secrets, tools });
  const folder = holdDataFolder(options.data);
  const log = createLog(join(options.data, 'relay.log'), secrets);
  for (const words of warnings) log.warn({ event: 'configuration', words });
  for (const named of connections.destinations) log.info({ event: 'destination', ...named });
  const movable = isPlayground(config.profile) ? playClock(options) : null;
  const clock = movable ?? systemClock;
  const store = await openStore(options.data).catch((error: unknown) => {
    movable?.stop();
    folder.release();
    throw error;
  });
  booksTools.open({ store, clock });
  const anchor = openAnchor(store, options.data, (words, err) => {
    if (words === null) log.info({ event: 'anchor', words: 'It is written again.' });
    else log.error({ event: 'anchor', words, err });
  });
  const restored = await checkTrail(anchor, log);
  const failpoints = createFailpoints(config.lab?.failpoints);
  const { books, http, sources } = connections;
  const directory = directoryOf(config);
  const machine = machineAt(options.data, movable ? null : clock);
  const posting = createPosting({
    config,
    store,
    clock,
    log,
    books,
    directory,
    failpoints,
    machine,
    instance: provideInstance(options.data),
    restored: restored ?? undefined,
  });
  if (options.acceptRestore) await posting.endRecovery('started with --accept-restore', STARTER);
  const recovery = (await posting.recovery())?.words ?? null;
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
    machine,
    version: options.version,
  });
  return {
    config, store, clock, movable, failpoints, log, counting, posting, recovery,
    handlers: { ...system, ...countHandlers(ports, counting), ...posting.handlers },
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
const machineAt = (directory: string, clock: Clock | null) => ({
  nowMs: () => clock && Date.parse(clock.now()),
  freeBytes() {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  },
});

const directoryOf = (config: RelayConfig): Directory => ({
  clientIds: async (store) => (await readClients(store)).map(({ id }) => id),
  customer: customerOf,
  item: (store, serviceId) => itemOf(store, config, serviceId),
  taxCode: (store, customer) => taxCodeOf(store, config, customer),
  async snapshot(store, id) {
    const content = await contentById(store, id);
    return content ? { ...content, sealed: false, previous: null } : null;
  },
});

/** Null when the trail is whole and followed from now on; else what the recovery is about (F12). */
async function checkTrail(anchor: AuditAnchor, log: Log): Promise<Restored | null> {
  const { verified, reason, isOlder } = await anchor.verify();
  if (verified) {
    await anchor.follow();
    return null;
  }
  log.error({ event: 'recovery mode', words: reason });
  return {
    reason: reason ?? 'The audit trail does not verify.',
    needsPerson: !isOlder,
    ended: () => anchor.follow(),
  };
}
