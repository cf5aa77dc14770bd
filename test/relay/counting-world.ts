/** Counting with a real store in memory, a clock that is moved by hand, and any sources. */
import type { BillingPeriod, Instant } from '../../src/core/billing-period.ts';
import type { Snapshot, SourceHealth } from '../../src/core/model.ts';
import type { Currency, Quantity } from '../../src/core/money.ts';
import { conductor } from '../../src/relay/accounting/conductor.ts';
import { addMinutes } from '../../src/relay/clock.ts';
import { parseConfig } from '../../src/relay/config.ts';
import { createCounting, type Counting } from '../../src/relay/counts/counting.ts';
import type { CountingPorts } from '../../src/relay/counts/ports.ts';
import { createHttp } from '../../src/relay/http.ts';
import { createLog } from '../../src/relay/log.ts';
import type { AccountGap, CountSource, VendorCount, VendorCounts } from '../../src/relay/sources/source.ts'; // prettier-ignore
import { openMemoryStore } from '../../src/relay/store/database.ts';

export const OCTOBER = '2026-10' as BillingPeriod;
export const START = '2026-10-29T10:00:00.000Z' as Instant;

export interface WorldSource {
  readonly id: string;
  readonly adapter: CountSource;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The vendor's SKU to our service. */
  readonly services: Readonly<Record<string, string>>;
}

export interface CountingWorld {
  readonly counting: Counting;
  readonly ports: CountingPorts;
  readonly sealed: Set<string>;
  now(): Instant;
  later(minutes: number): void;
  latest(): Promise<Snapshot>;
  health(id: string): Promise<SourceHealth>;
  /** Null where there is no count. */
  quantity(clientId: string, serviceId: string): Promise<string | null>;
  stop(): Promise<void>;
}

const CUSTOMERS = [
  { id: 'C-1', name: 'Acme Limited', code: 'A01' },
  { id: 'C-2', name: 'Beta Dental', code: 'B02' },
  { id: 'C-3', name: 'Gamma Legal', code: 'G03' },
].map((one) => ({ ...one, active: true, currency: 'USD' as Currency }));

/** Accounts named as the customers are linked by their names. */
export async function startWorld(
  sources: readonly WorldSource[],
  more: Partial<Pick<CountingPorts, 'refreshMaxMs'>> & { readonly timeoutMaxMs?: number } = {},
): Promise<CountingWorld> {
  let now = START;
  const serviceIds = [...new Set(sources.flatMap(({ services }) => Object.values(services)))];
  const { config } = parseConfig(
    {
      profile: 'lab', currency: 'USD', timeZone: 'America/Chicago', books: { adapter: 'conductor' },
      connections: sources.map(({ id, adapter, settings = {}, services }) => ({ id, adapter: adapter.id, settings, services })),
      services: serviceIds.map((id) => ({ id, name: `Service ${id}`, basis: 'active', unit: 'device', item: id })),
    },
    {},
  ); // prettier-ignore
  const store = await openMemoryStore();
  const sealed = new Set<string>();
  const { timeoutMaxMs = 1000, ...patience } = more;
  const ports: CountingPorts = {
    config, store, clock: { now: () => now }, log: createLog('/dev/null', []), ...patience,
    http: createHttp({
      allowLoopback: true, timeoutMaxMs, random: () => 0, delay: () => Promise.resolve(), now: () => Date.parse(now),
    }),
    connections: sources.map(({ adapter }, index) => ({ config: config.connections[index]!, adapter, title: adapter.title })),
    books: {
      connection: 'books',
      system: { ...conductor, connect: refuse },
      company: {
        identity: () => Promise.resolve({ id: 'company-1', name: 'Alder Street IT' }),
        customers: () => Promise.resolve(CUSTOMERS),
        items: () => Promise.resolve([]),
        checkHealth: refuse, customer: refuse, checkLimits: refuse, create: refuse, lookup: refuse, read: refuse, list: refuse,
      },
    },
    closed: {
      postedMonths: () => Promise.resolve([]),
      isSealed: (period) => Promise.resolve(sealed.has(period)),
      pinCompany: () => Promise.resolve(),
      batchOf: () => Promise.resolve(null),
    },
  }; // prettier-ignore
  const counting = createCounting(ports);
  await counting.syncBooks();
  const latest = (): Promise<Snapshot> => counting.snapshot(OCTOBER, 'latest');
  return {
    counting,
    ports,
    sealed,
    latest,
    now: () => now,
    later: (minutes) => (now = addMinutes(now, minutes)),
    async health(id) {
      return (await counting.health(OCTOBER)).find((source) => source.id === id)!;
    },
    async quantity(clientId, serviceId) {
      const { counts } = await latest();
      const found = counts.find((one) => one.clientId === clientId && one.serviceId === serviceId);
      return found?.quantity ?? null;
    },
    stop: () => store.destroy(),
  };
}

const refuse = (): never => {
  throw new Error('not asked here');
};

/** A source that answers what the test says at each moment. */
export function sourceOf(id: string, answer: () => Promise<VendorCounts>): CountSource {
  return {
    id, title: `Vendor ${id}`, kind: 'api', skus: {},
    parseSettings: (settings) => settings,
    destinations: () => [],
    takesFiles: () => false,
    count: () => answer(),
  }; // prettier-ignore
}

export type Row = readonly [ref: string, name: string, sku: string, quantity: string];

export const answerOf = (rows: readonly Row[], gaps: readonly AccountGap[] = []): VendorCounts => ({
  asOf: null,
  counts: rows.map(
    ([clientRef, clientName, sku, quantity]): VendorCount => ({
      clientRef, clientName, sku, skuName: sku, basis: 'active', quantity: quantity as Quantity,
    }),
  ),
  ...(gaps.length > 0 ? { gaps } : {}),
}); // prettier-ignore
