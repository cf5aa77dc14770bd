/**
 * Which vendor account is which client, which SKU is which service, and who said so. Linked
 * without a person only by id, by the configuration, or by an equal name that is nobody else's;
 * everything else waits for a person (product D7).
 */
import type { Mapping } from '../../contract/contract.ts';
import type { Instant } from '../../core/billing-period.ts';
import type { Clock } from '../clock.ts';
import { SHEET_SOURCE } from '../config-rules.ts';
import type { RelayConfig } from '../config.ts';
import type { Store, StoreTransaction } from '../store/database.ts';
import type { MappingTable } from '../store/schema-counts.ts';
import { readServices } from './catalogue.ts';
import { readClients } from './clients.ts';
import { createGuesser, createMatcher, type Guesser } from './matcher.ts';
import type { KeptGap } from './partial.ts';
import type { KeptCount } from './vendor-counts.ts';
import { parseSplit } from './split-rules.ts';
import { plainWords } from './words.ts';

type Kind = Mapping['kind'];

/** States that a person gave. */
const ANSWERED: ReadonlySet<string> = new Set(['confirmed', 'never', 'split']);

export interface MappingWorld {
  readonly config: RelayConfig;
  readonly clock: Clock;
}

interface Named {
  readonly kind: Kind;
  readonly ref: string;
  readonly name: string;
}

/** A person's answer never changes by itself; open questions are asked again at every sync. */
export async function linkNew(
  transaction: StoreTransaction,
  world: MappingWorld,
  source: string,
  counts: readonly KeptCount[],
  gaps: readonly KeptGap[] = [],
): Promise<void> {
  const rows = await transaction
    .selectFrom('mapping')
    .selectAll()
    .where('source', '=', source)
    .execute();
  const known = new Map(rows.map((row) => [`${row.kind} ${row.ref}`, row]));
  const matcher = createMatcher(
    await readClients(transaction),
    await readServices(transaction, world.config),
  );
  const skus = world.config.connections.find(({ id }) => id === source)?.services ?? {};
  for (const named of namesIn(counts, gaps)) {
    const row = known.get(`${named.kind} ${named.ref}`);
    if (row && ANSWERED.has(row.state)) continue;
    const configured = named.kind === 'service' ? (skus[named.ref] ?? null) : null;
    const found = matcher(named.kind, named.ref, named.name);
    // A link once made by an equal name stays when the account is renamed: ids before names.
    const target = configured ?? row?.target ?? found;
    await keepLink(transaction, world.clock, source, { named, row, target });
  }
}

interface Link {
  readonly named: Named;
  readonly row: MappingTable | undefined;
  readonly target: string | null;
}

async function keepLink(
  transaction: StoreTransaction,
  clock: Clock,
  source: string,
  { named, row, target }: Link,
): Promise<void> {
  if (!row) {
    const state = target === null ? 'open' : 'automatic';
    const values = {
      ...{ source, ...named, target, state, version: 1 },
      ...{ person: null, at: clock.now(), split: null },
    };
    await transaction.insertInto('mapping').values(values).execute();
    return;
  }
  if (row.name === named.name && row.target === target) return;
  await transaction
    .updateTable('mapping')
    .set({
      name: named.name,
      target,
      state: target === null ? 'open' : 'automatic',
      version: row.version + (row.target === target ? 0 : 1),
    })
    .where('source', '=', source)
    .where('kind', '=', named.kind)
    .where('ref', '=', named.ref)
    .execute();
}

/** An account in a gap has an owner too: whose counts are missing must be known. */
function namesIn(counts: readonly KeptCount[], gaps: readonly KeptGap[]): Named[] {
  const accounts = [...counts, ...gaps];
  const clients = new Map(accounts.map(({ clientRef, clientName }) => [clientRef, clientName]));
  const services = new Map(counts.map(({ sku, skuName }) => [sku, skuName]));
  return [
    ...[...clients].map(([ref, name]) => ({ kind: 'client' as const, ref, name })),
    ...[...services].map(([ref, name]) => ({ kind: 'service' as const, ref, name })),
  ];
}

/** Open ones first, each with its best guesses. */
export async function listMappings(
  store: Store,
  world: MappingWorld,
  source: string | undefined,
): Promise<Mapping[]> {
  const all = await store
    .selectFrom('mapping')
    .selectAll()
    .orderBy('source')
    .orderBy('kind')
    .orderBy('name')
    .execute();
  const wanted = all.filter((row) => source === undefined || row.source === source);
  const suggest = await guesserOf(store, world);
  const open = wanted.filter(({ state }) => state === 'open');
  const rest = wanted.filter(({ state }) => state !== 'open');
  return [...open, ...rest].map((row) => toMapping(row, row.state === 'open' ? suggest : noGuess));
}

/** For spellings of the sheet that are no known client or service. */
export async function suggestFor(
  store: Store,
  world: MappingWorld,
  kind: Kind,
  names: readonly string[],
): Promise<Mapping[]> {
  const suggest = await guesserOf(store, world);
  return names.map((name) => ({
    source: SHEET_SOURCE,
    kind,
    ref: plainWords(name),
    name: plainWords(name),
    target: null,
    state: 'open',
    by: null,
    at: null,
    suggestions: suggest(kind, name),
  }));
}

const noGuess: Guesser = () => [];

const guesserOf = async (store: Store, world: MappingWorld): Promise<Guesser> =>
  createGuesser(await readClients(store), await readServices(store, world.config));

export const toMapping = (row: MappingTable, suggest: Guesser = noGuess): Mapping => ({
  source: row.source,
  kind: row.kind as Kind,
  ref: row.ref,
  name: row.name,
  target: row.target,
  state: row.state as Mapping['state'],
  by: row.person,
  at: row.at as Instant | null,
  ...(row.split === null ? {} : { split: parseSplit(row.split) }),
  suggestions: suggest(row.kind as Kind, row.name),
});
