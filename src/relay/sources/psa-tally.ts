/** Exact sums of what agreements and time entries say, one row for each client, SKU and basis. */
import { z } from 'zod';
import { add, format, parseExponent, roundTo, trim, ZERO, type Fixed } from '../../core/decimal.ts';
import { AppError } from '../../core/errors.ts';
import type { Basis } from '../../core/model.ts';
import { parseQuantity, type Quantity } from '../../core/money.ts';
import type { VendorCount, VendorCounts } from './source.ts';

/** As many as a quantity holds; text, null, negative and infinite numbers are refused. */
export const AMOUNT_MAX = 999_999_999;
export const amount = z.number().nonnegative().max(AMOUNT_MAX);

const SCALE_MAX = 4;

export interface PsaClient {
  readonly ref: string;
  readonly name: string;
}

/** One addition, service or time entry on one basis. */
export interface PsaPiece {
  readonly clientRef: string;
  readonly sku: string;
  readonly skuName: string;
  readonly basis: Basis;
  readonly quantity: Fixed;
  /** Kind and number, "addition 71": numbers of two kinds may be equal. */
  readonly id: string;
  /** What one costs the provider. */
  readonly unitCost?: number | undefined;
}

/** A SKU that every client gets a row for. */
export interface PsaSku {
  readonly sku: string;
  readonly name: string;
  readonly basis: Basis;
}

/** The decimal that the vendor wrote: the shortest text of a double is exact, its sums are not. */
export const exact = (value: number): Fixed => parseExponent(String(value));

/** a - b, never below none. */
export function beyond(a: Fixed, b: Fixed): Fixed {
  const rest = add(a, { units: -b.units, scale: b.scale });
  return rest.units < 0n ? ZERO : rest;
}

export const isEqual = (a: Fixed, b: Fixed): boolean =>
  add(a, { units: -b.units, scale: b.scale }).units === 0n;

/** For words: "12.5". */
export const inWords = (value: Fixed): string => format(trim(value));

/** A client whose figures contradict themselves, and where. */
export interface Doubt {
  readonly client: PsaClient;
  /** One sentence. */
  readonly reason: string;
}

/** What one list says: agreements, or time entries. */
export interface PsaFound {
  /** As they were met, so often. */
  readonly clients: readonly PsaClient[];
  readonly pieces: readonly PsaPiece[];
  readonly doubts: readonly Doubt[];
}

export interface PsaAnswer {
  readonly title: string;
  readonly always: readonly PsaSku[];
  readonly found: readonly PsaFound[];
}

/**
 * A row for every client and every SKU that was met anywhere or is always there. A client in doubt
 * must neither be billed by its figures nor keep the others from being billed: it gets no row but
 * a gap, so its last good counts stay. When all are in doubt, it is the vendor that changed.
 */
export function tallyPsa({ title, always, found }: PsaAnswer): VendorCounts {
  const doubts = found.flatMap((one) => one.doubts);
  const clients = found.flatMap((one) => one.clients);
  const pieces = found.flatMap((one) => one.pieces);
  const byClient = Map.groupBy(doubts, ({ client }) => client.ref);
  const all = new Map(clients.map((client) => [client.ref, client]));
  const sure = [...all.values()].filter(({ ref }) => !byClient.has(ref));
  const [first] = doubts;
  if (first && sure.length === 0) {
    throw new AppError('SOURCE_MALFORMED', `${title}: ${first.client.name}: ${first.reason}`);
  }
  const gaps = [...byClient].map(([clientRef, own]) => ({
    clientRef,
    clientName: own[0]?.client.name ?? clientRef,
    reason: own.map(({ reason }) => reason).join(' '),
  }));
  const counts = countAll(title, sure, pieces, always);
  return { counts, asOf: null, ...(gaps.length > 0 ? { gaps } : {}) };
}

/**
 * Sums are rounded once, at the end, to the four decimals of a quantity: three times a third of an
 * hour is an hour.
 */
function countAll(
  title: string,
  clients: readonly PsaClient[],
  pieces: readonly PsaPiece[],
  always: readonly PsaSku[],
): VendorCount[] {
  const met = pieces.map(({ sku, skuName, basis }) => ({ sku, name: skuName, basis }));
  const skus = new Map([...met, ...always].toReversed().map((one) => [keyOf(one), one]));
  const ordered = [...skus.values()].toSorted(bySku);
  const byClient = Map.groupBy(pieces, ({ clientRef }) => clientRef);
  return clients.flatMap((client) => {
    const own = Map.groupBy(byClient.get(client.ref) ?? [], keyOf);
    return ordered.map((sku) => countOf(title, client, sku, own.get(keyOf(sku)) ?? []));
  });
}

function countOf(
  title: string,
  client: PsaClient,
  { sku, name, basis }: PsaSku,
  pieces: readonly PsaPiece[],
): VendorCount {
  const counted = pieces.filter(({ quantity }) => quantity.units !== 0n);
  const costs = new Set(counted.map(({ unitCost }) => unitCost));
  const [cost] = costs;
  const total = counted.reduce((sum, { quantity }) => add(sum, quantity), ZERO);
  return {
    clientRef: client.ref,
    clientName: client.name,
    sku,
    skuName: name,
    basis,
    quantity: toQuantity(total, `${title}: ${client.name}: ${sku}`),
    ids: counted.map(({ id }) => id).sort(),
    ...(costs.size === 1 && cost !== undefined ? { unitCost: inWords(exact(cost)) } : {}),
  };
}

function toQuantity(total: Fixed, what: string): Quantity {
  if (total.units <= BigInt(AMOUNT_MAX) * 10n ** BigInt(total.scale)) {
    return parseQuantity(format(trim(roundTo(total, SCALE_MAX))));
  }
  throw new AppError('SOURCE_MALFORMED', `${what} is more than anybody has.`);
}

const keyOf = ({ sku, basis }: { readonly sku: string; readonly basis: Basis }): string =>
  JSON.stringify([sku, basis]);

const bySku = (a: PsaSku, b: PsaSku): number =>
  a.sku === b.sku ? compare(a.basis, b.basis) : compare(a.sku, b.sku);
const compare = (a: string, b: string): number => (a < b ? -1 : 1);
