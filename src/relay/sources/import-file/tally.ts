// Adds up the rows of a file by client and product, as its profile counts.

import { unusable } from '../../tables/csv-text.ts';
import type { VendorCount } from '../source.ts';
import { countCells, type CellReader, type TallyQuestion } from './cells.ts';
import type { Chosen } from './choose.ts';
import { newDistinct, type Distinct } from './distinct.ts';
import { newMonthCheck } from './month-check.ts';
import { newJudge } from './row-rules.ts';
import { newSum, addTo, totalOf, type Sum } from './sum.ts';

/** A client's product that is listed more than once: "163 rows, 95 devices". */
export interface Doubled {
  readonly clientRef: string;
  readonly clientName: string;
  readonly sku: string;
  readonly rows: number;
  readonly counted: number;
}

export interface Tally {
  readonly onRow: (values: readonly string[], row: number) => void;
  /** Refuses a closing row whose sum or number of rows is not that of the rows above it. */
  readonly onTrailer: (sum: string | null, rows: number | null, row: number) => void;
  readonly result: () => TallyResult;
}

export interface TallyResult {
  readonly counts: readonly VendorCount[];
  readonly doubled: readonly Doubled[];
  readonly rows: number;
  readonly left: number;
  /** Midnight of the newest day in the file; null when it carries none. */
  readonly asOf: string | null;
}

interface Group {
  /** Counted from zero over the whole file. */
  readonly index: number;
  readonly sums: Sum[];
  rows: number;
  counted: number;
  /** Of each subscription the row that starts last: its day and its texts. */
  readonly newest: Map<string, { readonly start: string; readonly amounts: readonly string[] }>;
  unitCost: string | null | undefined;
}

interface Client {
  readonly name: string;
  readonly groups: Map<string, Group>;
}

const TOTAL_MAX = 999_999_999;
/** Every client gets a row for every product: beyond this it is no file of an MSP's clients. */
const PAIRS_MAX = 250_000;

export function newTally(question: TallyQuestion): Tally {
  const { name, chosen, forms, period } = question;
  const { profile, roles } = chosen;
  const cells = countCells(question);
  const judge = newJudge(profile, roles, question.own);
  const months = newMonthCheck(period, roles, forms.days);
  const clients = new Map<string, Client>();
  const skus = new Map<string, string>();
  const [counted, all] = [newSum(), newSum()];
  const devices = newDistinct();
  let [rows, left, groups] = [0, 0, 0];
  let allKnown = true;

  const groupOf = (client: Client, sku: string): Group => {
    const known = client.groups.get(sku);
    if (known) return known;
    const group: Group = {
      index: groups,
      sums: profile.measures.map(newSum),
      rows: 0,
      counted: 0,
      newest: new Map(),
      unitCost: undefined,
    };
    client.groups.set(sku, group);
    groups += 1;
    return group;
  };

  return {
    onRow(values, row) {
      rows += 1;
      const fail = (words: string): Error => unusable(name, `row ${String(row)}: ${words}`);
      const ageTrouble = months.hearAge(values);
      if (ageTrouble !== null) throw fail(ageTrouble);
      const client = findClient(clients, cells, values);
      const sku = cells.sku(values);
      if (!skus.has(sku)) skus.set(sku, cells.skuName(values) || sku);
      const stated = cells.stated(values);
      if (stated === null) allKnown = false;
      else addTo(all, stated);
      const verdict = judge(values);
      if (typeof verdict === 'object') throw fail(verdict.unknown);
      const trouble = verdict === 'count' ? months.rowTrouble(values) : null;
      if (trouble !== null) throw fail(trouble);
      if (verdict === 'leave' || !months.isCurrent(values)) {
        left += 1;
        return;
      }
      const amounts = cells.amounts(values, fail);
      addTo(counted, amounts[0] ?? '0');
      const group = groupOf(client, sku);
      group.rows += 1;
      hearCost(group, cells.unitCost(values, fail));
      if (!isNewDevice(devices, group, cells.serial(values))) return;
      if (!isNewest(group, cells, values, amounts, fail)) return;
      group.counted += 1;
      for (const [index, sum] of group.sums.entries()) addTo(sum, amounts[index] ?? '0');
      if ((group.sums[0]?.whole ?? 0) > TOTAL_MAX) throw fail(`more than a billion ${sku}`);
    },
    onTrailer(sum, stated, row) {
      const at = `its closing row ${String(row)} says`;
      if (stated !== null && stated !== rows) {
        const words = `${at} ${String(stated)} rows, but there are ${String(rows)}: it was cut or filtered`;
        throw unusable(name, words);
      }
      const sums = [totalOf(counted), ...(allKnown ? [totalOf(all)] : [])];
      if (sum === null || sums.some((one) => one === sum)) return;
      const words = `${at} ${sum}, but the rows above it add up to ${sums[0] ?? '0'}: it was cut or filtered`;
      throw unusable(name, words);
    },
    result() {
      const trouble = months.fileTrouble();
      if (trouble !== null) throw unusable(name, trouble);
      if (clients.size * skus.size > PAIRS_MAX) {
        throw unusable(name, 'it has more than 250,000 pairs of client and product');
      }
      const newest = months.newest();
      const ids = profile.once ? devices.ids() : null;
      return {
        counts: [...clients].flatMap(([ref, client]) => toCounts(ref, client, skus, chosen, ids)),
        doubled: [...clients].flatMap(([ref, client]) => toDoubled(ref, client)),
        rows,
        left,
        asOf: newest === null ? null : `${newest}T00:00:00.000Z`,
      };
    },
  };
}

function findClient(
  clients: Map<string, Client>,
  cells: CellReader,
  values: readonly string[],
): Client {
  const ref = cells.clientRef(values);
  const known = clients.get(ref);
  if (known) return known;
  const client: Client = { name: cells.clientName(values), groups: new Map() };
  clients.set(ref, client);
  return client;
}

/** Where rows are not told apart by a serial number, each is one of its own. */
const isNewDevice = (devices: Distinct, { index }: Group, serial: string | null): boolean =>
  serial === null || devices.add(index, serial);

/** False for a subscription's row that starts no later than another. */
function isNewest(
  group: Group,
  cells: CellReader,
  values: readonly string[],
  amounts: readonly string[],
  fail: (words: string) => Error,
): boolean {
  const subscription = cells.subscription(values);
  if (subscription === null) return true;
  const start = cells.start(values);
  const before = group.newest.get(subscription);
  if (before && start < before.start) return false;
  if (before?.start === start) {
    if (before.amounts.join() === amounts.join()) return false;
    throw fail(`subscription ${subscription.slice(0, 40)} has two counts from ${start} on`);
  }
  if (before) takeBack(group, before.amounts);
  group.newest.set(subscription, { start, amounts });
  return true;
}

function takeBack(group: Group, amounts: readonly string[]): void {
  group.counted -= 1;
  for (const [index, sum] of group.sums.entries()) {
    const amount = amounts[index] ?? '0';
    addTo(sum, amount === '0' ? amount : `-${amount}`);
  }
}

/** Two prices for one product of one client are no price. */
function hearCost(group: Group, cost: string | null): void {
  if (cost === null) return;
  if (group.unitCost === undefined) group.unitCost = cost;
  else if (group.unitCost !== cost) group.unitCost = null;
}

function toCounts(
  clientRef: string,
  client: Client,
  skus: ReadonlyMap<string, string>,
  { profile, roles }: Chosen,
  known: ReadonlyMap<number, readonly string[]> | null,
): VendorCount[] {
  const isKnown = profile.measures.map(({ of }) => of === 'rows' || roles.includes(of));
  return [...skus].flatMap(([sku, skuName]) => {
    const group = client.groups.get(sku);
    return profile.measures.flatMap(({ basis }, index): VendorCount[] => {
      if (!isKnown[index]) return [];
      const quantity = totalOf(group?.sums[index]);
      const ids = known ? { ids: known.get(group?.index ?? -1) ?? [] } : {};
      const cost = group?.unitCost ? { unitCost: group.unitCost } : {};
      return [{ clientRef, clientName: client.name, sku, skuName, basis, quantity, ...ids, ...cost }];
    });
  });
} // prettier-ignore

const toDoubled = (clientRef: string, client: Client): Doubled[] =>
  [...client.groups].flatMap(([sku, { rows, counted }]) =>
    rows > counted ? [{ clientRef, clientName: client.name, sku, rows, counted }] : [],
  );
