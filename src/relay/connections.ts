/** The configured connections, each with its adapter; what does not fit stops the start by name. */
import { AppError } from '../core/errors.ts';
import type { AccountingSystem, BooksTools } from './accounting/accounting.ts';
import * as accountingRegistry from './accounting/registry.ts';
import { isPlayground, refused, type ConnectionConfig, type RelayConfig } from './config.ts';
import type { Connection } from './counts/sync.ts';
import type { Books } from './handlers.ts';
import { createHttp, type Http, type HttpOptions } from './http.ts';
import * as sourceRegistry from './sources/registry.ts';
import type { CountSource } from './sources/source.ts';

/** How long and how patiently to ask; tests and labs shorten it. */
export type Patience = Pick<HttpOptions, 'delay' | 'timeoutMaxMs'>;
interface Asking extends Patience, Pick<HttpOptions, 'secrets'> {
  /** What the books need beside http; a connection that needs none does without. */
  readonly tools?: BooksTools;
}

export interface Connections {
  readonly http: Http;
  readonly sources: readonly Connection[];
  readonly books: Books;
  /** Where credentials go because the configuration says so, for a person to read at the start. */
  readonly destinations: readonly Destination[];
}

interface Destination {
  /** Id of the connection or of the books. */
  readonly connection: string;
  readonly host: string;
}

const SOURCES: readonly CountSource[] = Object.values(sourceRegistry);
const SYSTEMS: readonly AccountingSystem[] = Object.values(accountingRegistry);

/** Collects every trouble before it refuses, so that one look at the file mends them all. */
export function openConnections(config: RelayConfig, asking: Asking = {}): Connections {
  const troubles: string[] = [];
  const sources = config.connections.flatMap((connection, index): Connection[] => {
    const key = `connections.${String(index)}`;
    const adapter = choose(SOURCES, connection.adapter, `${key}.adapter`, troubles);
    if (!adapter) return [];
    checkSettings(adapter, connection.settings, `${key}.settings`, troubles);
    refuseRealHost(
      config,
      adapter.kind === 'api',
      connection.settings,
      `${key}.settings`,
      troubles,
    );
    return [{ config: connection, adapter, title: connection.title ?? adapter.title }];
  });
  const system = choose(SYSTEMS, config.books.adapter, 'books.adapter', troubles);
  if (system) {
    checkSettings(system, config.books.settings, 'books.settings', troubles);
    refuseRealHost(
      config,
      system.kind !== 'file',
      config.books.settings,
      'books.settings',
      troubles,
    );
  }
  if (troubles.length > 0 || !system) throw refused('configuration', troubles);
  const http = createHttp({ ...asking, allowLoopback: isPlayground(config.profile) });
  const company = system.connect(config.books.settings, http, asking.tools);
  const configured = system.configured(config.books.settings);
  return {
    http,
    sources,
    books: { system: configured, company, connection: config.books.id },
    destinations: [
      ...sources.flatMap((source) => destinationsOf(source.config, source.adapter)),
      ...destinationsOf(config.books, system),
    ],
  };
}

const destinationsOf = (
  { id, settings }: Pick<ConnectionConfig, 'id' | 'settings'>,
  adapter: Pick<CountSource | AccountingSystem, 'destinations'>,
): readonly Destination[] =>
  adapter.destinations(settings).map((host) => ({ connection: id, host }));

function choose<Adapter extends { readonly id: string }>(
  adapters: readonly Adapter[],
  id: string,
  key: string,
  troubles: string[],
): Adapter | null {
  const adapter = adapters.find((each) => each.id === id);
  if (adapter) return adapter;
  troubles.push(
    `${key}: "${id}" is not known. Known: ${adapters.map((each) => each.id).join(', ')}.`,
  );
  return null;
}

function checkSettings(
  adapter: { parseSettings(settings: unknown): unknown },
  settings: unknown,
  key: string,
  troubles: string[],
): void {
  try {
    adapter.parseSettings(settings);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    troubles.push(`${key}: ${error.message}`);
  }
}

/** Sample and lab talk to this machine alone, so every service there has its own address. */
function refuseRealHost(
  { profile }: RelayConfig,
  isRemote: boolean,
  settings: Readonly<Record<string, unknown>>,
  key: string,
  troubles: string[],
): void {
  if (!isRemote || !isPlayground(profile) || typeof settings['baseUrl'] === 'string') return;
  troubles.push(
    `${key}.baseUrl: the ${profile} profile never talks to real services. Set http://127.0.0.1:PORT.`,
  );
}
