import { describe, expect, it } from '@jest/globals';
import { CLIENTS } from '../../src/sample/clients.ts';
import type {
  SampleLine,
  SampleMonth,
  SampleVariant,
  SampleVendors,
  SampleWorld,
} from '../../src/sample/model.ts';
import { DOUBLE_COUNT, DROP_TO_ZERO, organisationId } from '../../src/sample/ninjaone-view.ts';
import { customerId } from '../../src/sample/billed.ts';
import { sampleSeed } from '../../src/sample/seed.ts';
import { sampleWorld as buildWorld } from '../../src/sample/world.ts';

const WORLDS = { planted: buildWorld('planted'), quiet: buildWorld('quiet') };
const sampleWorld = (variant: SampleVariant): SampleWorld => WORLDS[variant];
const VARIANTS: readonly SampleVariant[] = ['planted', 'quiet'];
const PLANS = ['M365BB', 'M365BS', 'M365BP', 'M365E3'];
const keyOf = (line: SampleLine): string => `${line.clientId} ${line.serviceId}`;
const linesOf = (month: SampleMonth): Map<string, SampleLine> =>
  new Map(month.lines.map((line) => [keyOf(line), line]));
const lastPosted = (variant: SampleVariant): SampleMonth => sampleWorld(variant).months[11]!;
const codeOf = (clientId: string): string =>
  sampleWorld('planted').customers.find(({ id }) => id === clientId)?.code ?? '';

describe.each(VARIANTS)('the %s world', (variant) => {
  const world = sampleWorld(variant);

  it('is the same in every run', () => {
    expect(JSON.stringify(sampleSeed(variant))).toBe(JSON.stringify(sampleSeed(variant)));
    expect(buildWorld(variant).vendors('2026-10')).toEqual(world.vendors('2026-10'));
  });

  it('has 40 clients, twelve posted months and 209 lines to close', () => {
    expect(world.customers).toHaveLength(40);
    expect(world.months.map(({ period }) => period)).toEqual([
      '2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09',
    ]); // prettier-ignore
    expect(world.current.lines).toHaveLength(209);
  });

  it('keeps every name within what the books allow, and every id and code its own', () => {
    for (const { name } of world.customers) {
      for (const level of name.split(':')) expect(level.length).toBeLessThanOrEqual(41);
    }
    for (const field of ['id', 'code', 'name'] as const) {
      expect(new Set(world.customers.map((customer) => customer[field])).size).toBe(40);
    }
    const items = world.services.flatMap(({ item }) => (item ? [item] : []));
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    for (const { name } of items) expect(name.length).toBeLessThanOrEqual(31);
  });

  it('adds up: quantity times price, and lines to the month', () => {
    for (const { lines, total } of [...world.months, world.current]) {
      const cents = (text: string): number => Math.round(Number(text) * 100);
      for (const line of lines) {
        expect(cents(line.amount)).toBe(line.quantity * cents(line.unitPrice));
        expect(line.quantity).toBeGreaterThan(0);
      }
      expect(cents(total)).toBe(lines.reduce((sum, line) => sum + cents(line.amount), 0));
    }
  });

  it('bills in every posted month what the vendors showed then', () => {
    for (const month of world.months) {
      for (const difference of differences(month, world.vendors(month.period))) {
        expect(`${month.period} ${difference}`).toBe('');
      }
    }
  });

  it('gives a device and an agent the same id as long as it lives', () => {
    const seen = new Map<number, string>();
    for (const { period } of world.months) {
      const { ninjaone, huntress } = world.vendors(period);
      expect(new Set(ninjaone.devices.map(({ id }) => id)).size).toBe(ninjaone.devices.length);
      expect(new Set(ninjaone.devices.map(({ uid }) => uid)).size).toBe(ninjaone.devices.length);
      for (const { id, uid } of ninjaone.devices) {
        expect(seen.get(id) ?? uid).toBe(uid);
        seen.set(id, uid);
      }
      expect(new Set(huntress.agents.map(({ serialNumber }) => serialNumber)).size).toBe(
        huntress.agents.length,
      );
    }
  });

  it('moves something at every vendor, so that no source looks frozen', () => {
    const changed = (serviceIds: readonly string[]): number =>
      changes(lastPosted(variant), world.current).filter(([, , id]) => serviceIds.includes(id))
        .length;
    expect(changed(['WS', 'SRV', 'FW'])).toBeGreaterThan(0);
    expect(changed([...PLANS, 'MAIL', 'BKP'])).toBeGreaterThan(0);
    expect(changed(['EDR'])).toBeGreaterThan(0);
  });

  it('has an answer for every vendor account but the one that is planted', () => {
    const { ninjaone, pax8, huntress } = world.vendors('2026-10');
    const names = new Set(CLIENTS.map(({ name }) => simple(name)));
    const open = [
      ...ninjaone.organisations.map(({ id, name }) => ({
        source: 'ninjaone',
        ref: String(id),
        name,
      })),
      ...pax8.companies.map(({ id, name }) => ({ source: 'pax8', ref: id, name })),
      ...huntress.organisations.map(({ id, name }) => ({
        source: 'huntress',
        ref: String(id),
        name,
      })),
    ].filter(
      ({ source, ref, name }) =>
        !names.has(simple(name)) &&
        !world.mappings.some((mapping) => mapping.source === source && mapping.ref === ref),
    );
    expect(open.map(({ name }) => name)).toEqual(
      variant === 'planted' ? ['Brightwater Pediatrics'] : [],
    );
  });
});

describe('October', () => {
  it('moves ten to sixteen clients in the planted month and three in the quiet one', () => {
    const clients = (variant: SampleVariant): number =>
      new Set(
        changes(lastPosted(variant), sampleWorld(variant).current).map(([clientId]) => clientId),
      ).size;
    expect(clients('planted')).toBeGreaterThanOrEqual(10);
    expect(clients('planted')).toBeLessThanOrEqual(16);
    expect(clients('quiet')).toBe(3);
  });

  it.each(VARIANTS)(
    'has only %s ordinary changes that stay under the limits of a flag',
    (variant) => {
      for (const [clientId, quantity, serviceId, before, price] of changes(
        lastPosted(variant),
        sampleWorld(variant).current,
      )) {
        const isSwap = variant === 'planted' && codeOf(clientId) === 'A1010';
        if (isSwap) continue;
        const money = Math.abs(quantity - before) * price;
        const units = Math.abs(quantity - before);
        const isJump = units >= 3 && units / before >= 0.2 && units >= 1.2 * Math.sqrt(before);
        expect({ clientId, serviceId, isFlagged: money >= 40 && (isJump || quantity === 2 * before) }).toEqual({
        clientId, serviceId, isFlagged: false,
      }); // prettier-ignore
      }
    },
  );

  it('has the lines of September, so that nothing is new and nothing is gone', () => {
    for (const variant of VARIANTS) {
      expect([...linesOf(sampleWorld(variant).current).keys()]).toEqual([
        ...linesOf(lastPosted(variant)).keys(),
      ]);
    }
  });

  it('shows the double count, the drop and the swap at the vendors', () => {
    const [before, now] = ['2026-09', '2026-10'].map((period) => sampleWorld('planted').vendors(period));
    const count = (vendors: SampleVendors, code: string, end: string): number =>
      vendors.ninjaone.devices.filter(
        ({ organisationId: id, nodeClass }) => id === organisationId(code) && nodeClass.endsWith(end),
      ).length;
    expect(count(now!, DOUBLE_COUNT.code, 'WORKSTATION')).toBe(2 * count(before!, DOUBLE_COUNT.code, 'WORKSTATION'));
    expect([count(before!, DROP_TO_ZERO.code, 'SERVER'), count(now!, DROP_TO_ZERO.code, 'SERVER')]).toEqual([4, 0]);
    const seats = (month: SampleMonth, plan: string): number =>
      linesOf(month).get(`${customerId('A1010')} ${plan}`)?.quantity ?? 0;
    const swap = [lastPosted('planted'), sampleWorld('planted').current].map((month) => [seats(month, 'M365BS'), seats(month, 'M365BP')]);
    expect(swap).toEqual([[14, 5], [4, 15]]);
  }); // prettier-ignore

  it('shows none of it in the quiet month', () => {
    const world = sampleWorld('quiet');
    expect(world.planted).toEqual([]);
    expect(world.typedOver).toEqual([]);
    expect(differences(world.current, world.vendors('2026-10'))).toEqual([]);
  });
});

/** [client, quantity, service, quantity before, unit price] of each line that moved. */
function changes(
  before: SampleMonth,
  now: SampleMonth,
): [string, number, string, number, number][] {
  const earlier = linesOf(before);
  return now.lines.flatMap((line) => {
    const quantity = earlier.get(keyOf(line))?.quantity ?? 0;
    return quantity === line.quantity
      ? []
      : [[line.clientId, line.quantity, line.serviceId, quantity, Number(line.unitPrice)]];
  });
}

/** Lines whose vendors show another number than is billed. */
function differences(month: SampleMonth, vendors: SampleVendors): string[] {
  const counted = countByName(vendors);
  return month.lines.flatMap((line) => {
    const code = codeOf(line.clientId);
    const isCounted = !['SITE', 'USR', 'FLAT'].includes(line.serviceId);
    const shown = counted(code, line.serviceId);
    return isCounted && shown !== line.quantity
      ? [`${code} ${line.serviceId}: billed ${String(line.quantity)}, shown ${String(shown)}`]
      : [];
  });
}

function countByName(vendors: SampleVendors): (code: string, serviceId: string) => number {
  const { mappings, skus, customers } = sampleWorld('planted');
  const totals = new Map<string, number>();
  const add = (source: string, ref: string, name: string, sku: string, count: number): void => {
    const confirmed = mappings.find((one) => one.source === source && one.ref === ref);
    const plain = customers.find((customer) => simple(customer.name) === simple(name))?.id;
    const clientId = confirmed ? confirmed.target : plain;
    const serviceId = skus.find((one) => one.source === source && one.sku === sku)?.serviceId;
    const key = `${clientId ?? 'nobody'} ${serviceId ?? 'nothing'}`;
    totals.set(key, (totals.get(key) ?? 0) + count);
  };
  const { ninjaone, pax8, huntress } = vendors;
  for (const { id, name } of ninjaone.organisations) {
    const own = ninjaone.devices.filter((one) => one.organisationId === id && one.approved);
    for (const [sku, devices] of Map.groupBy(own, (one) => one.nodeClass)) {
      add('ninjaone', String(id), name, sku, devices.length);
    }
  }
  for (const { id, name } of pax8.companies) {
    const own = pax8.subscriptions.filter((one) => one.companyId === id);
    for (const { productId, quantity, status } of own) {
      if (['Active', 'PendingCancel'].includes(status)) add('pax8', id, name, productId, quantity);
    }
  }
  for (const { id, name } of huntress.organisations) {
    const own = huntress.agents.filter((one) => one.organisationId === id);
    add('huntress', String(id), name, 'agents', own.length);
  }
  return (code, serviceId) => totals.get(`${customerId(code)} ${serviceId}`) ?? 0;
}

/** Case, punctuation, the form of accents and legal forms: what no matcher may stumble over. */
const simple = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/['’]/g, '')
    .replace(/[.,-]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (llc|inc|llp|l l p|ltd|co|gmbh|pc) ?$/, '')
    .trim();
