/** Whose a vendor's row is: one client's, or, where a person split the account, several clients'. */
import type { Instant } from '../../core/billing-period.ts';
import { assert } from '../../core/errors.ts';
import type { Basis, ClientId, CountPart, ServiceId, Split } from '../../core/model.ts';
import { addQuantities } from '../../core/money.ts';
import { clientsOfSplit, splitQuantity } from '../../core/split.ts';
import type { MappingTable } from '../store/schema-counts.ts';
import type { Links } from './links.ts';
import { parseSplit } from './split-rules.ts';
import type { KeptCount } from './vendor-counts.ts';

/** A row, or its part of one, with its owner. */
export interface Assigned {
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
  readonly basis: Basis;
  readonly part: CountPart;
}

/** An account whose rule gives away more than was counted: nobody's part of it is known. */
export interface Overdrawn {
  readonly clients: readonly ClientId[];
  readonly name: string;
  readonly reason: string;
}

export interface Assignment {
  readonly assigned: readonly Assigned[];
  readonly overdrawn: readonly Overdrawn[];
}

/** The clients an account belongs to: none, one, or those of its rule. */
export function ownersOf(link: MappingTable | undefined): ClientId[] {
  if (!link) return [];
  if (link.state === 'split' && link.split !== null) return clientsOfSplit(parseSplit(link.split));
  return link.target === null ? [] : [link.target];
}

export function assign(kept: readonly KeptCount[], links: Links): Assignment {
  const accounts = Map.groupBy(kept, ({ clientRef }) => clientRef);
  const parts = [...accounts].map(([ref, rows]) => {
    const link = links.clients.get(ref);
    const billed = rows.filter(({ sku }) => links.services.get(sku)?.target);
    if (link?.state === 'split') return splitAccount(billed, link, links);
    const clientId = link?.target;
    if (clientId == null) return { assigned: [], overdrawn: [] };
    return { assigned: billed.map((row) => whole(row, clientId, links)), overdrawn: [] };
  });
  return {
    assigned: parts.flatMap((part) => part.assigned),
    overdrawn: parts.flatMap((part) => part.overdrawn),
  };
}

const serviceOf = ({ sku }: KeptCount, links: Links): ServiceId =>
  links.services.get(sku)?.target ?? '';

/** The account is named by its own id: a renamed account is still the same one. */
function whole(row: KeptCount, clientId: ClientId, links: Links): Assigned {
  const { clientRef: account, sku, basis, quantity, ids } = row;
  const part = { account, sku, quantity, ...(ids ? { ids: [...ids].sort() } : {}) };
  return { clientId, serviceId: serviceOf(row, links), basis, part };
}

/**
 * All rows of one SKU and basis together, so that nothing is rounded twice. Whose single device
 * or seat it is nobody said, so the parts carry no ids.
 */
function splitAccount(rows: readonly KeptCount[], link: MappingTable, links: Links): Assignment {
  assert(link.split !== null, 'an account in state "split" has its rule');
  const split = parseSplit(link.split);
  const groups = Map.groupBy(rows, ({ sku, basis }) => JSON.stringify([sku, basis]));
  const given = { by: link.person ?? 'unknown', at: (link.at ?? '') as Instant };
  const portions = [...groups.values()].map((group) => portion(group, split, given, links));
  const short = portions.find((one) => 'reason' in one);
  if (!short) return { assigned: portions.flatMap((one) => one.assigned ?? []), overdrawn: [] };
  const overdrawn = { clients: clientsOfSplit(split), name: link.name, reason: short.reason ?? '' };
  return { assigned: [], overdrawn: [overdrawn] };
}

interface Portioned {
  readonly assigned?: readonly Assigned[];
  readonly reason?: string;
}

function portion(
  group: readonly KeptCount[],
  split: Split,
  given: { readonly by: string; readonly at: Instant },
  links: Links,
): Portioned {
  const [row] = group;
  assert(row, 'a group of rows has a row');
  const { clientRef: account, sku, basis } = row;
  const sum = addQuantities(group.map(({ quantity }) => quantity));
  const portions = splitQuantity(split, sku, sum);
  if (!portions) {
    return { reason: `its split gives away more ${row.skuName} than the ${sum} counted` };
  }
  return {
    assigned: portions.map(({ clientId, quantity, rule }) => ({
      ...{ clientId, serviceId: serviceOf(row, links), basis },
      part: { account, sku, quantity, split: { whole: sum, rule, ...given } },
    })),
  };
}
