/**
 * The sample month as a person reviews it: sheet, counts and last month through the functions of
 * the pane. (The same through the whole relay is the end-to-end test's.)
 */
import { expect, it } from '@jest/globals';
import type { Instant } from '../../src/core/billing-period.ts';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { dryRun } from '../../src/core/dry-run.ts';
import type {
  Client,
  Count,
  CountPart,
  DryRun,
  PostedMonth,
  Service,
  Snapshot,
  SourceHealth,
} from '../../src/core/model.ts';
import { parseAmount, parseCurrency, parseQuantity, parseUnitPrice } from '../../src/core/money.ts';
import { resolveReading } from '../../src/matching/resolve.ts';
import type { SampleMonth, SampleVariant, SampleWorld } from '../../src/sample/model.ts';
import { UNMAPPED_COMPANY } from '../../src/sample/pax8-view.ts';
import { sampleWorld, LAST_GOOD_SYNC, NOW } from '../../src/sample/world.ts';
import { buildSampleWorkbook } from '../../src/start/sample-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';
import { openXlsx } from '../../src/workbook/xlsx-workbook.ts';

const OCTOBER = parsePeriod('2026-10');
const USD = parseCurrency('USD');
const SOURCES = ['ninjaone', 'pax8', 'huntress'] as const;
type Parts = ReadonlyMap<string, readonly CountPart[]>;

it('has exactly four cards and two notices in the planted month', async () => {
  const { cards, notices, flags } = await review('planted');
  expect(
    cards.map(({ clientName, reasons }) => [clientName, ...reasons.map(({ rule }) => rule)]),
  ).toEqual([
    ['Copper Basin Credit Union', 'dropped'],
    ['Kestrel Haulage', 'doubled'],
    ['Bayside Forwarding Holdings, Inc.', 'plan swapped'],
    ['Castell Build Co.', 'formula typed over'],
  ]);
  expect(notices.map(({ rule, source }) => [rule, source])).toEqual([
    ['source late', 'huntress'],
    ['source unmapped', 'pax8'],
  ]);
  expect(flags).toEqual([]);
});

it('explains every planted event to the last unit', async () => {
  const { invoices, cards } = await review('planted');
  const flagged = new Set(cards.map(({ clientId }) => clientId));
  const causes = invoices
    .filter(({ clientId }) => flagged.has(clientId))
    .flatMap(({ lines }) => lines.flatMap((line) => line.causes.map(({ kind }) => kind)));
  expect(new Set(causes)).toEqual(
    new Set(['left', 'joined', 'SKU changed', 'override', 'source stale']),
  );
});

it('has no card and no notice in the quiet month', async () => {
  const { cards, notices, flags } = await review('quiet');
  expect([cards, notices, flags]).toEqual([[], [], []]);
});

it.each(['planted', 'quiet'] as const)('ties in the %s month', async (variant) => {
  const { rollForward, totals, previousTotals } = await review(variant);
  expect(rollForward.map(({ difference }) => difference)).toEqual(['0.00']);
  expect(previousTotals).toEqual([{ amount: '94384.00', currency: 'USD' }]);
  expect(totals[0]?.amount).toBe(rollForward[0]?.closing);
});

async function review(variant: SampleVariant): Promise<DryRun> {
  const world = sampleWorld(variant);
  const bytes = Buffer.from(await buildSampleWorkbook(variant).xlsx.writeBuffer());
  const reading = await readSheet(await openXlsx(bytes, 'sample.xlsx'), { period: OCTOBER });
  const [clients, services] = [clientsOf(world), servicesOf(world)];
  const posted = world.months.map((month) => postedMonth(world, month));
  const previous = posted.at(-1) ?? null;
  const snapshot: Snapshot = {
    id: '2026-10.test',
    period: OCTOBER,
    publishedAt: NOW as Instant,
    sealed: false,
    clients,
    services,
    sources: SOURCES.map((id) => healthOf(world, id)),
    counts: countsOf(world),
    previous,
  };
  const lines = resolveReading(reading, clients, services, []);
  return dryRun({
    period: OCTOBER,
    reading,
    lines,
    clients,
    services,
    snapshot,
    previous,
    history: posted,
  });
}

const clientsOf = (world: SampleWorld): Client[] =>
  world.customers.map(({ id, code, name }) => ({
    id,
    code,
    name,
    currency: USD,
    active: true,
    aliases: [],
  }));

const servicesOf = (world: SampleWorld): Service[] =>
  world.services.map(({ id, name, basis, unit, members, aliases, heading }) => ({
    id, name, basis, unit, members, aliases: [...aliases, ...(heading ? [heading] : [])],
  })); // prettier-ignore

function healthOf(world: SampleWorld, id: (typeof SOURCES)[number]): SourceHealth {
  const isLate = world.variant === 'planted' && id === 'huntress';
  const isOpen = world.variant === 'planted' && id === 'pax8';
  const services = world.services.filter(
    ({ source, members }) => source === id && members.length === 0,
  );
  return {
    id,
    title: id,
    state: isLate ? 'late' : 'fresh',
    lastGoodAt: (isLate ? LAST_GOOD_SYNC : NOW) as Instant,
    lastTriedAt: NOW as Instant,
    error: isLate ? { code: 'SOURCE_REFUSED', message: 'Refused.', remedy: 'Renew them.' } : null,
    services: services.map((service) => service.id),
    clients: world.customers.map((customer) => customer.id),
    unmapped: isOpen
      ? [
          {
            source: id,
            kind: 'client',
            ref: UNMAPPED_COMPANY.id,
            name: UNMAPPED_COMPANY.name,
            quantity: parseQuantity('6'),
          },
        ]
      : [],
  };
}

function countsOf(world: SampleWorld): Count[] {
  return [...partsOf(world, OCTOBER)].map(([key, parts]) => {
    const [clientId = '', serviceId = ''] = key.split(' ');
    const service = world.services.find(({ id }) => id === serviceId);
    const total = parts.reduce((sum, part) => sum + Number(part.quantity), 0);
    return {
      clientId,
      serviceId,
      basis: service?.basis ?? 'active',
      quantity: parseQuantity(String(total)),
      source: service?.source ?? '',
      asOf: NOW as Instant,
      parts,
    };
  });
}

/** A service that a client had and that is gone at the vendor is counted as zero. */
function partsOf(world: SampleWorld, period: string): Parts {
  const now = accountParts(world, period);
  const before = accountParts(world, '2026-09');
  const gone = [...before.keys()].filter((key) => !now.has(key));
  const zero = { account: '', sku: '', quantity: parseQuantity('0'), ids: [] };
  return new Map([...now, ...gone.map((key): [string, CountPart[]] => [key, [zero]])]);
}

function accountParts(world: SampleWorld, period: string): Parts {
  const parts = new Map<string, CountPart[]>();
  const add = (
    source: string,
    ref: string,
    name: string,
    sku: string,
    count: number,
    ids?: string[],
  ): void => {
    const clientId = clientOf(world, source, ref, name);
    const serviceId = world.skus.find((one) => one.source === source && one.sku === sku)?.serviceId;
    if (!clientId || !serviceId || count === 0) return;
    const part = {
      account: name,
      sku,
      quantity: parseQuantity(String(count)),
      ...(ids ? { ids } : {}),
    };
    const key = `${clientId} ${serviceId}`;
    parts.set(key, [...(parts.get(key) ?? []), part]);
  };
  const { ninjaone, pax8, huntress } = world.vendors(period);
  for (const { id, name } of ninjaone.organisations) {
    const own = ninjaone.devices.filter((one) => one.organisationId === id && one.approved);
    for (const [sku, devices] of Map.groupBy(own, (one) => one.nodeClass)) {
      add(
        'ninjaone',
        String(id),
        name,
        sku,
        devices.length,
        devices.map(({ uid }) => uid),
      );
    }
  }
  for (const { companyId, productId, quantity, status } of pax8.subscriptions) {
    const name = pax8.companies.find(({ id }) => id === companyId)?.name ?? '';
    if (status === 'Active' || status === 'PendingCancel')
      add('pax8', companyId, name, productId, quantity);
  }
  for (const { id, name } of huntress.organisations) {
    const own = huntress.agents.filter((one) => one.organisationId === id);
    add('huntress', String(id), name, 'agents', own.length);
  }
  return parts;
}

/** As confirmed, else by the words of the name without marks and legal forms. */
function clientOf(world: SampleWorld, source: string, ref: string, name: string): string | null {
  const confirmed = world.mappings.find((one) => one.source === source && one.ref === ref);
  if (confirmed) return confirmed.target;
  return world.customers.find((customer) => words(customer.name) === words(name))?.id ?? null;
}

const words = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('&', 'and')
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/ (llc|inc|llp|l l p|ltd|co|gmbh|pc) ?$/, '')
    .trim();

function postedMonth(world: SampleWorld, month: SampleMonth): PostedMonth {
  const parts = accountParts(world, month.period);
  return {
    period: parsePeriod(month.period),
    origin: 'posted',
    lines: month.lines.map(({ clientId, serviceId, quantity, unitPrice, amount }) => ({
      clientId,
      serviceId,
      kind: 'recurring',
      description: serviceId,
      quantity: parseQuantity(String(quantity)),
      unitPrice: parseUnitPrice(unitPrice),
      amount: parseAmount(amount, USD),
      source: world.services.find(({ id }) => id === serviceId)?.source ?? null,
      parts: parts.get(`${clientId} ${serviceId}`) ?? [],
    })),
  };
}
