/** Rows of a described list to counts: by client, SKU and basis, and a zero for who has none. */
import { AppError } from '../../core/errors.ts';
import type { Basis } from '../../core/model.ts';
import { addQuantities, parseQuantity, type Quantity } from '../../core/money.ts';
import type { Account } from './accounts.ts';
import {
  costAt, isWanted, malformedAt, quantityAt, textAt, toId, type Row,
} from '../described/rows.ts'; // prettier-ignore
import type { ItemSettings, MeasureSettings } from './generic-http-settings.ts';
import type { VendorCount } from './source.ts';

/** A row and, where each client was asked for by itself, whose answer it stood in. */
export interface Item {
  readonly row: Row;
  readonly asked: Account | null;
}

interface Measured {
  readonly client: Account;
  readonly sku: string;
  readonly skuName: string;
  readonly basis: Basis;
  readonly quantity: Quantity;
  readonly distinct: string | null;
  readonly id: string | null;
  readonly cost: string | null;
}

interface Tallying {
  readonly title: string;
  readonly items: ItemSettings;
  readonly skus: Readonly<Record<string, string>>;
  /** Clients of the list of clients; empty where there is none. */
  readonly clients: readonly Account[];
  /** Names of clients that the list of clients has but leaves out. */
  readonly names: ReadonlyMap<string, string>;
}

const ONE = parseQuantity('1');
const TOTAL_DIGITS_MAX = 9;

/** One row per client for every SKU and basis of the configuration or met anywhere. */
export function tally(tallying: Tallying, rows: readonly Item[]): VendorCount[] {
  const { items } = tallying;
  const met = new Map(tallying.clients.map((client) => [client.ref, client]));
  const measured = rows.flatMap(({ row, asked }) => {
    const client = clientOf(tallying, row, asked);
    // A client whose rows are all filtered out has none, which is not silence.
    if (!met.has(client.ref)) met.set(client.ref, client);
    if (!isWanted(row, items.where)) return [];
    return items.counts.flatMap((measure) => measureRow(tallying, measure, row, client));
  });
  const kinds = Map.groupBy([...knownKinds(tallying), ...measured], kindOf);
  const own = Map.groupBy(measured, (one) => JSON.stringify([one.client.ref, kindOf(one)]));
  return [...met.values()].flatMap((client) =>
    [...kinds].flatMap(([kind, [sample]]) =>
      sample ? [toCount(tallying, client, sample, own.get(JSON.stringify([client.ref, kind])) ?? [])] : [],
    ),
  );
} // prettier-ignore

interface Kind {
  readonly sku: string;
  readonly skuName: string;
  readonly basis: Basis;
}

const kindOf = ({ sku, basis }: Kind): string => JSON.stringify([sku, basis]);

/** SKUs that are known beforehand, with the basis that they would be counted on. */
function knownKinds({ items, skus }: Tallying): Kind[] {
  return items.counts.flatMap(({ sku, skuAt, skuName, basis }) => {
    const known = sku === undefined ? (skuAt === undefined ? [] : Object.keys(skus)) : [sku];
    return known.flatMap((one) =>
      basesOf(basis, one).map((of) => ({ sku: one, skuName: skuName ?? ownOf(skus, one) ?? one, basis: of })),
    );
  });
} // prettier-ignore

function basesOf(rule: MeasureSettings['basis'], sku: string): readonly Basis[] {
  if (typeof rule === 'string') return [rule];
  if ('ofSku' in rule) return [ownOf(rule.ofSku, sku) ?? rule.otherwise];
  return [...new Set(Object.values(rule.values))];
}

function clientOf({ items, clients, names }: Tallying, row: Row, asked: Account | null): Account {
  const ref = items.client ? textAt(row, items.client.id) : (asked?.ref ?? '');
  if (asked && ref !== asked.ref) {
    const words = `is another client than the one asked for (${asked.ref}): the filter is overlooked`;
    throw malformedAt(row.place, items.client?.id ?? '', words);
  }
  const known = names.get(ref);
  if (known !== undefined) return { ref, name: known };
  if (items.client?.name !== undefined) return { ref, name: textAt(row, items.client.name) };
  // Not in the list of clients, and still somebody's.
  return { ref, name: clients.length > 0 ? `client ${ref}` : ref };
}

function measureRow(
  { items, skus }: Tallying,
  measure: MeasureSettings,
  row: Row,
  client: Account,
): Measured[] {
  if (!isWanted(row, measure.where)) return [];
  const sku = measure.sku ?? textAt(row, measure.skuAt ?? '');
  const basis = basisOf(measure.basis, sku, row);
  const { quantityAs: as, quantityAt: pointer } = measure;
  const isWhole = basis !== 'billable';
  return [
    {
      client,
      sku,
      skuName: skuNameOf(measure, sku, skus, row),
      basis,
      quantity: pointer === undefined ? ONE : quantityAt(row, pointer, { as, isWhole }),
      distinct: items.distinct === undefined ? null : textAt(row, items.distinct),
      id: items.ids === undefined ? null : textAt(row, items.ids),
      cost: items.unitCost === undefined ? null : costAt(row, items.unitCost),
    },
  ];
}

function skuNameOf(
  { skuName, skuNameAt }: MeasureSettings,
  sku: string,
  skus: Readonly<Record<string, string>>,
  row: Row,
): string {
  const known = skuName ?? ownOf(skus, sku);
  return known ?? (skuNameAt === undefined ? sku : textAt(row, skuNameAt));
}

/** A value that was not foreseen is no guess: it may be sold on another basis. */
function basisOf(rule: MeasureSettings['basis'], sku: string, row: Row): Basis {
  if (typeof rule === 'string') return rule;
  if ('ofSku' in rule) return ownOf(rule.ofSku, sku) ?? rule.otherwise;
  const value = textAt(row, rule.at);
  const basis = ownOf(rule.values, value);
  if (basis) return basis;
  throw malformedAt(row.place, rule.at, `is "${value.slice(0, 40)}", which "values" does not name`);
}

/** A SKU may be called "constructor". */
const ownOf = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

function toCount(
  { title, items }: Tallying,
  client: Account,
  { sku, skuName, basis }: Kind,
  rows: readonly Measured[],
): VendorCount {
  const seen = new Set<string>();
  const counted = rows.filter(({ distinct }) => {
    const isNew = distinct === null || !seen.has(distinct);
    if (distinct !== null) seen.add(distinct);
    return isNew;
  });
  const quantity = addQuantities(counted.map((row) => row.quantity));
  if (quantity.replace(/\..*/, '').length > TOTAL_DIGITS_MAX) {
    throw new AppError(
      'SOURCE_MALFORMED',
      `${title}: ${client.name} has more than a billion of ${sku}.`,
    );
  }
  const costs = new Set(counted.map(({ cost }) => cost));
  const [cost] = costs;
  const ids = counted.flatMap(({ id }) => (id === null ? [] : [toId(id)]));
  return {
    clientRef: client.ref,
    clientName: client.name,
    sku,
    skuName,
    basis,
    quantity,
    ...(items.ids === undefined ? {} : { ids: [...new Set(ids)].sort() }),
    ...(costs.size === 1 && cost ? { unitCost: cost } : {}),
  };
}
