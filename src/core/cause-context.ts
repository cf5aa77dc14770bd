/** Gathers, once for a whole month, who had which accounts, ids and plans before and now. */
import type { CauseContext, QuantityCause } from './count-causes.ts';
import { idKey } from './ids.ts';
import { groupBy } from './lists.ts';
import type { ClientId, Count, PostedLine, Service, ServiceId, SourceHealth } from './model.ts';
import { addQuantities, compareDecimals, isNegative, isZero, negateQuantity, subtractQuantities, ZERO_QUANTITY } from './money.ts'; // prettier-ignore
import type { Currency, Quantity } from './money.ts';

/** How far one client's service moved. */
export interface MovedCount {
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
  readonly moved: Quantity;
}

export interface CauseSources {
  readonly currency: Currency;
  readonly sources: readonly SourceHealth[];
  readonly services: readonly Service[];
  readonly counts: readonly Count[];
  readonly previous: readonly PostedLine[];
  readonly moved: readonly MovedCount[];
}

export function causeContext(given: CauseSources): CauseContext {
  const before = given.previous.filter((line) => line.source !== null || line.parts.length > 0);
  return {
    currency: given.currency,
    sources: new Map(given.sources.map((source) => [source.id, source])),
    accountsBefore: accountOwners(before),
    accountsNow: accountOwners(given.counts),
    idsBefore: idOwners(before),
    idsNow: idOwners(given.counts),
    swaps: findSwaps(given.moved, given.services),
  };
}

type Owned = Pick<Count, 'clientId' | 'serviceId' | 'parts'> & { readonly source: string | null };

function accountOwners(owned: readonly Owned[]): ReadonlyMap<string, ReadonlySet<ClientId>> {
  const owners = new Map<string, Set<ClientId>>();
  for (const { source, clientId, parts } of owned) {
    for (const { account } of parts) {
      const key = `${source ?? ''}|${account}`;
      owners.set(key, (owners.get(key) ?? new Set()).add(clientId));
    }
  }
  return owners;
}

function idOwners(owned: readonly Owned[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { source, clientId, serviceId, parts } of owned) {
    for (const part of parts) {
      for (const id of part.ids ?? [])
        owners.set(`${source ?? ''}|${idKey(id)}`, `${clientId}|${serviceId}`);
    }
  }
  return owners;
}

/** Within a client and a group of services: what some lost, as far as others gained it. */
function findSwaps(
  moved: readonly MovedCount[],
  services: readonly Service[],
): ReadonlyMap<string, QuantityCause> {
  const swaps = new Map<string, QuantityCause>();
  const byClient = groupBy(
    moved.filter((line) => !isZero(line.moved)),
    (line) => line.clientId,
  );
  for (const group of services.filter(({ members }) => members.length > 1)) {
    const members = new Set(group.members);
    for (const lines of byClient.values()) {
      const own = lines.filter((line) => members.has(line.serviceId));
      if (own.length > 1) swapWithin(own, group.name, swaps);
    }
  }
  return swaps;
}

function swapWithin(
  lines: readonly MovedCount[],
  group: string,
  swaps: Map<string, QuantityCause>,
): void {
  const ups = lines.filter((line) => !isNegative(line.moved));
  const downs = lines.filter((line) => isNegative(line.moved));
  const up = addQuantities(ups.map((line) => line.moved));
  const down = negateQuantity(addQuantities(downs.map((line) => line.moved)));
  const both = compareDecimals(up, down) < 0 ? up : down;
  if (isZero(both)) return;
  share(ups, both, (quantity) => ({
    kind: 'SKU changed', quantity, text: `${quantity} came from another service of ${group}.`,
  }), swaps); // prettier-ignore
  share(downs, both, (quantity) => ({
    kind: 'SKU changed', quantity: negateQuantity(quantity), text: `${quantity} went to another service of ${group}.`,
  }), swaps); // prettier-ignore
}

function share(
  lines: readonly MovedCount[],
  total: Quantity,
  cause: (quantity: Quantity) => QuantityCause,
  swaps: Map<string, QuantityCause>,
): void {
  let left = total;
  for (const { clientId, serviceId, moved } of lines) {
    const size = isNegative(moved) ? negateQuantity(moved) : moved;
    const taken = compareDecimals(size, left) < 0 ? size : left;
    if (compareDecimals(taken, ZERO_QUANTITY) > 0)
      swaps.set(`${clientId}|${serviceId}`, cause(taken));
    left = subtractQuantities(left, taken);
  }
}
