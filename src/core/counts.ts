/** What a snapshot answers for one client and service. Unknown is never zero. */
import type {
  Basis,
  ClientId,
  Count,
  Service,
  ServiceId,
  Snapshot,
  SourceHealth,
  UnreadAccount,
} from './model.ts';
import { groupBy } from './lists.ts';
import { addQuantities } from './money.ts';

export type CountAnswer =
  | { readonly kind: 'count'; readonly count: Count; readonly source: SourceHealth | null }
  | {
      readonly kind: 'unknown';
      readonly reason:
        'no source' | 'not linked' | 'no answer yet' | 'not read' | 'not reported' | 'other basis';
      readonly source: SourceHealth | null;
      /** A whole sentence with what to do. */
      readonly text: string;
    };

export interface CountIndex {
  readonly snapshot: Snapshot;
  readonly counts: ReadonlyMap<string, readonly Count[]>;
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly clientNames: ReadonlyMap<ClientId, string>;
  readonly sourcesOf: ReadonlyMap<ServiceId, readonly SourceHealth[]>;
}

export function indexCounts(snapshot: Snapshot): CountIndex {
  const counts = groupBy(snapshot.counts, (count) => `${count.clientId}|${count.serviceId}`);
  const pairs = snapshot.sources.flatMap((source) => source.services.map((id) => ({ id, source })));
  const grouped = groupBy(pairs, ({ id }) => id);
  return {
    snapshot,
    counts,
    services: new Map(snapshot.services.map((service) => [service.id, service])),
    clientNames: new Map(snapshot.clients.map((client) => [client.id, client.name])),
    sourcesOf: new Map([...grouped].map(([id, of]) => [id, of.map(({ source }) => source)])),
  };
}

/**
 * The count on the basis asked for, else on the service's own. Several sources of one service add
 * up. A group is the sum of those members that have a count; it is unknown when none has, or when
 * a member's source owes its answer.
 */
export function countOf(
  index: CountIndex,
  clientId: ClientId,
  serviceId: ServiceId,
  basis: Basis | null = null,
): CountAnswer {
  const { members = [], bundle: [lead] = [] } = index.services.get(serviceId) ?? {};
  if (lead !== undefined) return countOfBundle(index, clientId, serviceId, lead, basis);
  if (members.length === 0) return countOfMember(index, clientId, serviceId, basis);
  const answers = members.map((id) => countOfMember(index, clientId, id, basis));
  const owed = answers.find((answer) => answer.kind === 'unknown' && isOwed(answer.reason));
  if (owed) return owed;
  const known = answers.flatMap((answer) => (answer.kind === 'count' ? [answer] : []));
  const [first, ...more] = known.map(({ count }) => ({ ...count, serviceId }));
  if (!first) return answers[0] ?? noSource(index, serviceId);
  return { kind: 'count', count: more.reduce(addCounts, first), source: known[0]?.source ?? null };
}

/** What the first of a bundle counts is what the bundle bills. */
function countOfBundle(
  index: CountIndex,
  clientId: ClientId,
  serviceId: ServiceId,
  first: ServiceId,
  basis: Basis | null,
): CountAnswer {
  const answer = countOfMember(index, clientId, first, basis);
  return answer.kind === 'count' ? { ...answer, count: { ...answer.count, serviceId } } : answer;
}

function countOfMember(
  index: CountIndex,
  clientId: ClientId,
  serviceId: ServiceId,
  basis: Basis | null,
): CountAnswer {
  const wanted = basis ?? index.services.get(serviceId)?.basis ?? 'billable';
  const sources = index.sourcesOf.get(serviceId) ?? [];
  const owing = sources.find(({ lastGoodAt }) => lastGoodAt === null);
  if (owing) return unknown('no answer yet', owing, owedText(owing, serviceName(index, serviceId)));
  // Another source's count of the same service would not be the whole of it.
  const unread = sources.flatMap((source) => unreadBy(source, clientId));
  if (unread[0]) return notRead(index, unread[0], clientId, serviceId);
  const all = index.counts.get(`${clientId}|${serviceId}`) ?? [];
  const stateOf = ({ source }: Count): SourceHealth | undefined =>
    sources.find(({ id }) => id === source);
  // The count carries the name of a source that is not fresh, if one of several is not.
  const isFresh = (count: Count): number => (stateOf(count)?.state === 'fresh' ? 1 : 0);
  const counts = all
    .filter((count) => count.basis === wanted)
    .sort((a, b) => isFresh(a) - isFresh(b));
  const [first, ...more] = counts;
  if (!first) return missing(index, clientId, serviceId, wanted, all);
  return { kind: 'count', count: more.reduce(addCounts, first), source: stateOf(first) ?? null };
}

function addCounts(a: Count, b: Count): Count {
  const asOf = a.asOf < b.asOf ? a.asOf : b.asOf;
  const quantity = addQuantities([a.quantity, b.quantity]);
  return { ...a, quantity, asOf, parts: [...a.parts, ...b.parts] };
}

function missing(
  index: CountIndex,
  clientId: ClientId,
  serviceId: ServiceId,
  wanted: Basis,
  [other]: readonly Count[],
): CountAnswer {
  const sources = index.sourcesOf.get(serviceId) ?? [];
  const service = serviceName(index, serviceId);
  const client = index.clientNames.get(clientId) ?? clientId;
  const [source] = sources;
  if (!source) return noSource(index, serviceId);
  if (other) {
    const text = `${source.title} reports ${service} as ${other.basis}, not as ${wanted}.`;
    return unknown('other basis', source, `${text} Leave the basis out or name that one.`);
  }
  if (!sources.some(({ clients }) => clients.includes(clientId))) {
    const text = `${client} is not linked to an account in ${source.title}.`;
    return unknown('not linked', source, `${text} Map it in the MCC pane.`);
  }
  const text = `${source.title} reports no ${service} for ${client}.`;
  const remedy = 'Type 0 when there is none, or map its SKU in the MCC pane.';
  return unknown('not reported', source, `${text} ${remedy}`);
}

interface Unread {
  readonly source: SourceHealth;
  readonly account: UnreadAccount;
}

const unreadBy = (source: SourceHealth, clientId: ClientId): Unread[] =>
  (source.gaps ?? [])
    .filter((account) => account.clientId === clientId && account.since === null)
    .map((account) => ({ source, account }));

function notRead(
  index: CountIndex,
  { source, account }: Unread,
  clientId: ClientId,
  serviceId: ServiceId,
): CountAnswer {
  const what = `${serviceName(index, serviceId)} of ${index.clientNames.get(clientId) ?? clientId}`;
  const why = `${source.title} could not read its account ${account.name}: ${ended(account.reason)}`;
  const text = `No count of ${what} yet. ${why} Sync it in the MCC pane, or type the quantity.`;
  return unknown('not read', source, text);
}

function owedText(source: SourceHealth, service: string): string {
  const why = source.error ? ` ${source.error.message}` : '';
  return `No count of ${service} from ${source.title} yet.${why} Sync it in the MCC pane.`;
}

function noSource(index: CountIndex, serviceId: ServiceId): CountAnswer {
  const text = `No connected source counts ${serviceName(index, serviceId)}.`;
  return unknown('no source', null, `${text} Connect one, or type the quantity.`);
}

function unknown(
  reason: (CountAnswer & { readonly kind: 'unknown' })['reason'],
  source: SourceHealth | null,
  text: string,
): CountAnswer {
  return { kind: 'unknown', reason, source, text };
}

const serviceName = (index: CountIndex, serviceId: ServiceId): string =>
  index.services.get(serviceId)?.name ?? serviceId;

const isOwed = (reason: string): boolean => reason === 'no answer yet' || reason === 'not read';

const ended = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
