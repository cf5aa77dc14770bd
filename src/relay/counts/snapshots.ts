/**
 * Snapshots: the counts of one month as published, whole, under an id made from their content.
 * A published one never changes; of a sealed month nothing is published any more (rulings 16).
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { SnapshotSchema } from '../../contract/contract.ts';
import type { BillingPeriod, Instant } from '../../core/billing-period.ts';
import type { Count, ServiceId, Snapshot, SourceHealth } from '../../core/model.ts';
import { canonicalJson } from '../canonical.ts';
import type { Clock } from '../clock.ts';
import type { RelayConfig } from '../config.ts';
import type { Store, StoreTransaction } from '../store/database.ts';
import type { MappingTable } from '../store/schema-counts.ts';
import { readServices } from './catalogue.ts';
import { readClients } from './clients.ts';
import { stateOf, troubleOf } from './health.ts';
import { linksOf } from './links.ts';
import { describeFile } from './imported.ts';
import { ageOfRows, parseGaps } from './partial.ts';
import { readSync, type Connection } from './sync.ts';
import { toCounts } from './to-counts.ts';
import { parseKept } from './vendor-counts.ts';

type Reader = Store | StoreTransaction;

/** What is stored; the previous month and the seal are added when it is read. */
const Content = z.object(SnapshotSchema.shape).omit({ previous: true, sealed: true });
export type SnapshotContent = Omit<Snapshot, 'previous' | 'sealed'>;

export interface SnapshotWorld {
  readonly config: RelayConfig;
  readonly clock: Clock;
  readonly connections: readonly Connection[];
}

/** Unreferenced snapshots of a month beyond these are old news. */
const KEPT_PER_PERIOD = 200;

/** Publishes what stands now, unless just that was published already; resolves with the newest. */
export async function publish(
  transaction: StoreTransaction,
  world: SnapshotWorld,
  period: BillingPeriod,
): Promise<SnapshotContent> {
  const draft = await compose(transaction, world, period);
  const hash = createHash('sha256').update(canonicalJson(draft)).digest('hex').slice(0, 20);
  const newest = await latestContent(transaction, period);
  const id = `${period}.${hash}`;
  if (newest?.id === id) return newest;
  const again = await contentById(transaction, id);
  const content = { id, publishedAt: world.clock.now(), ...draft };
  if (again) return republish(transaction, content);
  await insert(transaction, content);
  await prune(transaction, period);
  return content;
}

/** The same content after another one: it gets an id of its own, so that "newest" stays clear. */
async function republish(
  transaction: StoreTransaction,
  content: SnapshotContent,
): Promise<SnapshotContent> {
  const renewed = { ...content, id: `${content.id}.${String(Date.parse(content.publishedAt))}` };
  await insert(transaction, renewed);
  return renewed;
}

async function insert(transaction: StoreTransaction, content: SnapshotContent): Promise<void> {
  await transaction
    .insertInto('snapshot')
    .values({
      id: content.id,
      period: content.period,
      published_at: content.publishedAt,
      content: JSON.stringify(content),
    })
    .execute();
}

export async function latestContent(
  store: Reader,
  period: BillingPeriod,
): Promise<SnapshotContent | null> {
  const row = await store
    .selectFrom('snapshot')
    .select('content')
    .where('period', '=', period)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? parseContent(row.content) : null;
}

export async function contentById(store: Reader, id: string): Promise<SnapshotContent | null> {
  const row = await store
    .selectFrom('snapshot')
    .select('content')
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? parseContent(row.content) : null;
}

const parseContent = (json: string): SnapshotContent => Content.parse(JSON.parse(json));

async function compose(
  store: Reader,
  world: SnapshotWorld,
  period: BillingPeriod,
): Promise<Omit<SnapshotContent, 'id' | 'publishedAt'>> {
  const mappings = await store.selectFrom('mapping').selectAll().execute();
  const parts = [];
  for (const connection of world.connections) {
    parts.push(await ofSource(store, world, { connection, period, mappings }));
  }
  return {
    period,
    clients: await readClients(store),
    services: await readServices(store, world.config),
    sources: parts.map(({ health }) => health),
    counts: parts.flatMap(({ counts }) => counts),
  };
}

/** Health of every source for a month, as it is this moment. */
export async function healthOf(
  store: Reader,
  world: SnapshotWorld,
  period: BillingPeriod,
): Promise<SourceHealth[]> {
  const mappings = await store.selectFrom('mapping').selectAll().execute();
  const parts = [];
  for (const connection of world.connections) {
    parts.push(await ofSource(store, world, { connection, period, mappings }));
  }
  return parts.map(({ health }) => health);
}

interface OneSource {
  readonly connection: Connection;
  readonly period: BillingPeriod;
  readonly mappings: readonly MappingTable[];
}

async function ofSource(
  store: Reader,
  { config, clock }: SnapshotWorld,
  { connection, period, mappings }: OneSource,
): Promise<{ counts: readonly Count[]; health: SourceHealth }> {
  const source = connection.config.id;
  const row = await readSync(store, source, period);
  const links = linksOf(mappings, source);
  const basisOf = (id: string) =>
    config.services.find((service) => service.id === id)?.basis ?? 'active';
  const asOf = (row ? ageOfRows(row) : null) ?? clock.now();
  const kept = row?.counts ? parseKept(row.counts) : [];
  const mapped = toCounts(kept, links, { source, asOf, gaps: parseGaps(row), basisOf });
  const file = describeFile(row);
  const health: SourceHealth = {
    id: source,
    title: connection.title,
    state: stateOf(row, clock.now(), config.lateAfterHours),
    lastGoodAt: (row?.good_at ?? null) as Instant | null,
    lastTriedAt: (row?.tried_at ?? null) as Instant | null,
    error: troubleOf(row, connection.title),
    services: row?.counts ? mapped.services : servicesExpected(connection, config),
    clients: mapped.clients,
    unmapped: mapped.unmapped,
    ...(mapped.gaps.length > 0 ? { gaps: mapped.gaps } : {}),
    ...(file ? { file } : {}),
    ...(connection.inbox ? { takesFiles: true } : {}),
  };
  return { counts: row?.counts ? mapped.counts : [], health };
}

/** Of a source without an answer: what it owes, as far as the configuration says it. */
const servicesExpected = (
  { config: { services } }: Connection,
  all: SnapshotWorld['config'],
): readonly ServiceId[] =>
  all.services.map(({ id }) => id).filter((id) => Object.values(services).includes(id));

/** A snapshot that a batch was made from stays as long as the batch: for ever. */
async function prune(transaction: StoreTransaction, period: BillingPeriod): Promise<void> {
  const old = await transaction
    .selectFrom('snapshot')
    .select('seq')
    .where('period', '=', period)
    .where('id', 'not in', (query) =>
      query
        .selectFrom('batch')
        .select('snapshot_id')
        .where('snapshot_id', 'is not', null)
        .$castTo<{ snapshot_id: string }>(),
    )
    .orderBy('seq', 'desc')
    .offset(KEPT_PER_PERIOD)
    .limit(KEPT_PER_PERIOD)
    .execute();
  if (old.length === 0) return;
  const numbers = old.map(({ seq }) => seq);
  await transaction.deleteFrom('snapshot').where('seq', 'in', numbers).execute();
}
