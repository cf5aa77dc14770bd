/**
 * Vendor counts to ours, by the links that stand now. Unknown is never zero: an account or SKU
 * without a link gives no count but a finding; a linked client without a row has a true zero. A
 * client with an account that was never read has no count at all: the others do not make a whole.
 */
import type { Instant } from '../../core/billing-period.ts';
import type {
  Basis,
  ClientId,
  Count,
  ServiceId,
  SourceId,
  UnmappedAccount,
  UnreadAccount,
} from '../../core/model.ts';
import { ZERO_QUANTITY, addQuantities, isZero } from '../../core/money.ts';
import type { MappingTable } from '../store/schema-counts.ts';
import { assign, ownersOf, type Assigned, type Overdrawn } from './assign.ts';
import type { Links } from './links.ts';
import type { KeptGap } from './partial.ts';
import type { KeptCount } from './vendor-counts.ts';

export interface Mapped {
  readonly counts: readonly Count[];
  readonly unmapped: readonly UnmappedAccount[];
  readonly clients: readonly ClientId[];
  readonly services: readonly ServiceId[];
  readonly gaps: readonly UnreadAccount[];
}

interface Sourced {
  readonly source: SourceId;
  readonly asOf: Instant;
  readonly gaps: readonly KeptGap[];
  /** The basis of a service when no row of the source says it. */
  readonly basisOf: (serviceId: ServiceId) => Basis;
}

export function toCounts(kept: readonly KeptCount[], links: Links, sourced: Sourced): Mapped {
  const clients = distinct([...links.clients.values()].flatMap(ownersOf));
  const services = distinct([...links.services.values()].flatMap(({ target }) => target ?? []));
  const { assigned, overdrawn } = assign(kept, links);
  const cells = Map.groupBy(assigned, ({ clientId, serviceId, basis }) =>
    cellKey(clientId, serviceId, basis),
  );
  const gaps = [...gapsOf(sourced.gaps, links), ...overdrawn.flatMap(toGaps)];
  const unread = new Set(gaps.flatMap(({ clientId, since }) => (since === null ? clientId : [])));
  const known = clients.filter((clientId) => !unread.has(clientId));
  const counts = known.flatMap((clientId) =>
    services.flatMap((serviceId) =>
      basesOf(serviceId, assigned, sourced).map((basis) =>
        toCount(
          { clientId, serviceId, basis },
          cells.get(cellKey(clientId, serviceId, basis)) ?? [],
          { ...sourced, asOf: ageOf(clientId, gaps, sourced.asOf) },
        ),
      ),
    ),
  );
  return { counts, unmapped: unmappedOf(kept, links, sourced.source), clients, services, gaps };
}

/** An account of several clients leaves a gap for each of them. */
function gapsOf(gaps: readonly KeptGap[], links: Links): UnreadAccount[] {
  return gaps
    .filter(({ clientRef }) => links.clients.get(clientRef)?.state !== 'never')
    .flatMap(({ clientRef, clientName: name, reason, since }) => {
      const owners = ownersOf(links.clients.get(clientRef));
      const named = owners.length === 0 ? [null] : owners;
      return named.map((clientId) => ({ clientId, name, reason, since }));
    });
}

const toGaps = ({ clients, name, reason }: Overdrawn): UnreadAccount[] =>
  clients.map((clientId) => ({ clientId, name, reason, since: null }));

/** Every count of a client is as old as the oldest of its accounts. */
function ageOf(clientId: ClientId, gaps: readonly UnreadAccount[], asOf: Instant): Instant {
  const own = gaps.flatMap((gap) => (gap.clientId === clientId ? (gap.since ?? []) : []));
  return [asOf, ...own].reduce((oldest, age) => (age < oldest ? age : oldest));
}

const cellKey = (clientId: ClientId, serviceId: ServiceId, basis: Basis): string =>
  JSON.stringify([clientId, serviceId, basis]);

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)].sort();

/** A source that knows a service on two bases has a true zero on both. */
function basesOf(
  serviceId: ServiceId,
  assigned: readonly Assigned[],
  { basisOf }: Sourced,
): Basis[] {
  const seen = assigned.filter((one) => one.serviceId === serviceId).map(({ basis }) => basis);
  return seen.length === 0 ? [basisOf(serviceId)] : [...new Set(seen)].sort();
}

function toCount(
  cell: { clientId: ClientId; serviceId: ServiceId; basis: Basis },
  rows: readonly Assigned[],
  { source, asOf }: Sourced,
): Count {
  const parts = rows
    .map(({ part }) => part)
    .sort((a, b) => compare(a.account, b.account) || compare(a.sku, b.sku));
  const quantity =
    parts.length === 0 ? ZERO_QUANTITY : addQuantities(parts.map((part) => part.quantity));
  return { ...cell, quantity, source, asOf, parts };
}

/** Where nothing is counted, or the other half is never billed, there is nobody to ask. */
function unmappedOf(kept: readonly KeptCount[], links: Links, source: SourceId): UnmappedAccount[] {
  const isOpen = (row: MappingTable | undefined): boolean => !row || row.state === 'open';
  const isNever = (row: MappingTable | undefined): boolean => row?.state === 'never';
  const counted = kept.filter(({ quantity }) => !isZero(quantity));
  const find = (kind: 'client' | 'service'): UnmappedAccount[] => {
    const refOf = (count: KeptCount): string => (kind === 'client' ? count.clientRef : count.sku);
    const rowOf = (count: KeptCount): MappingTable | undefined =>
      kind === 'client' ? links.clients.get(count.clientRef) : links.services.get(count.sku);
    const otherOf = (count: KeptCount): MappingTable | undefined =>
      kind === 'client' ? links.services.get(count.sku) : links.clients.get(count.clientRef);
    const open = counted.filter((count) => isOpen(rowOf(count)) && !isNever(otherOf(count)));
    return [...Map.groupBy(open, refOf)].map(([ref, rows]) => ({
      source,
      kind,
      ref,
      name: (kind === 'client' ? rows[0]?.clientName : rows[0]?.skuName) ?? ref,
      quantity: addQuantities(rows.map(({ quantity }) => quantity)),
    }));
  };
  return [...find('client'), ...find('service')];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
