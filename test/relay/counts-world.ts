/** One month of one source and its books, in a real store; each test changes what they answer. */
import { rmSync } from 'node:fs';
import type { BillingPeriod, Instant } from '../../src/core/billing-period.ts';
import type { PostedMonth } from '../../src/core/model.ts';
import type { Currency, Quantity } from '../../src/core/money.ts';
import type { BooksCustomer } from '../../src/relay/accounting/accounting.ts';
import { conductor } from '../../src/relay/accounting/conductor.ts';
import { startMovableClock, type MovableClock } from '../../src/relay/clock.ts';
import { parseConfig } from '../../src/relay/config.ts';
import { createCounting, type Counting } from '../../src/relay/counts/counting.ts';
import type { CountingPorts } from '../../src/relay/counts/ports.ts';
import type { Books } from '../../src/relay/handlers.ts';
import { createLog } from '../../src/relay/log.ts';
import type { CountSource, VendorCount, VendorCounts } from '../../src/relay/sources/source.ts';
import { openStore, type Store } from '../../src/relay/store/database.ts';
import { makeFolder } from './fixture.ts';

export const OCTOBER = '2026-10' as BillingPeriod;
export const ACME = 'C-1';
export const BETA = 'C-2';

export interface Month {
  folder: string;
  store: Store;
  clock: MovableClock;
  ports: CountingPorts;
  counting: Counting;
  /** What the vendor would answer now. */
  answer: () => Promise<VendorCounts>;
  customers: BooksCustomer[];
  sealed: Set<string>;
  posted: PostedMonth[];
  batches: Map<string, { id: string; snapshotId: string | null }>;
}

/** Filled by `startMonth`. */
export const month = {} as Month;

const answerAtFirst = (): Promise<VendorCounts> =>
  Promise.resolve(
    rows(
      ['7', 'ACME, Ltd.', 'WKS', '12'],
      ['8', 'Beta Dental', 'WKS', '3'],
      ['8', 'Beta Dental', 'SVR', '1'],
    ),
  );

export async function startMonth(): Promise<void> {
  const folder = makeFolder();
  const store = await openStore(folder);
  const clock = startMovableClock(folder, '2026-10-31T10:00:00.000Z' as Instant);
  const ports = portsOf(store, clock);
  Object.assign(month, {
    folder, store, clock, ports,
    answer: answerAtFirst,
    customers: [customer(ACME, 'Acme Limited', 'A01'), customer(BETA, 'Beta Dental', 'B02')],
    sealed: new Set(),
    posted: [],
    batches: new Map(),
    counting: createCounting(ports),
  }); // prettier-ignore
  await month.counting.syncBooks();
}

export async function endMonth(): Promise<void> {
  month.clock.stop();
  await month.store.destroy();
  rmSync(month.folder, { recursive: true, force: true });
}

function portsOf(store: Store, clock: MovableClock): CountingPorts {
  const { config } = parseConfig(
    {
      profile: 'lab', currency: 'USD', timeZone: 'America/Chicago',
      connections: [{ id: 'rmm', adapter: 'rmm', services: { WKS: 'WS' } }],
      books: { adapter: 'conductor' },
      services: [
        { id: 'WS', name: 'Managed workstation', basis: 'active', unit: 'device', item: 'Workstation' },
        { id: 'SRV', name: 'Managed server', basis: 'active', unit: 'device', item: 'Server' },
      ],
    },
    {},
  ); // prettier-ignore
  const adapter: CountSource = {
    id: 'rmm', title: 'Acme RMM', kind: 'api', skus: {},
    parseSettings: (settings) => settings,
    destinations: () => [],
    takesFiles: () => false,
    count: () => month.answer(),
  }; // prettier-ignore
  const [connection] = config.connections;
  return {
    config, store, clock, log: createLog('/dev/null', []),
    http: { service: () => { throw new Error('not asked'); } },
    connections: [{ config: connection!, adapter, title: 'Acme RMM' }],
    books: booksOf(),
    closed: {
      postedMonths: (before, limit) =>
        Promise.resolve(month.posted.filter(({ period }) => before === null || period < before).slice(0, limit)),
      isSealed: (period) => Promise.resolve(month.sealed.has(period)),
      pinCompany: () => Promise.resolve(),
      batchOf: (period) => Promise.resolve(month.batches.get(period) ?? null),
    },
  }; // prettier-ignore
}

export const refresh = () => month.counting.refresh({ period: OCTOBER });
export const latest = () => month.counting.snapshot(OCTOBER, 'latest');
export const health = async () => (await month.counting.health(OCTOBER))[0]!;
export const link = (kind: 'client' | 'service', ref: string, target: string | null) =>
  month.counting.confirm({ source: 'rmm', kind, ref, target, person: 'Dana', requestId: 'r1' }, [
    OCTOBER,
  ]);

export async function countOf(clientId: string, serviceId: string): Promise<string | undefined> {
  const { counts } = await latest();
  return counts.find((count) => count.clientId === clientId && count.serviceId === serviceId)
    ?.quantity;
}

export const asked = { params: {}, query: {}, body: {}, person: 'Dana', requestId: '' };

export const count = (clientRef: string, clientName: string, sku: string, quantity: string, ids?: string[]): VendorCount => ({
  clientRef, clientName, sku, skuName: sku, basis: 'active', quantity: quantity as Quantity,
  ...(ids ? { ids } : {}),
}); // prettier-ignore

export const rows = (...of: [string, string, string, string][]): VendorCounts => ({
  asOf: null,
  counts: of.map(([ref, name, sku, quantity]) => count(ref, name, sku, quantity)),
});

export const customer = (id: string, name: string, code: string): BooksCustomer => ({
  id, name, code, active: true, currency: 'USD' as Currency,
}); // prettier-ignore

function booksOf(): Books {
  const refuse = (): never => {
    throw new Error('not asked here');
  };
  return {
    connection: 'books',
    system: {
      ...conductor, id: 'ledger', title: 'Acme Books', promise: 'none',
      parseSettings: (settings) => settings,
      connect: refuse,
    },
    company: {
      identity: () => Promise.resolve({ id: 'company-1', name: 'Alder Street IT' }),
      customers: () => Promise.resolve([...month.customers]),
      items: () => Promise.resolve([
        { id: 'I-1', name: 'Workstation', active: true },
        { id: 'I-2', name: 'Server', active: false },
      ]),
      checkHealth: refuse, customer: refuse, checkLimits: refuse, create: refuse, lookup: refuse,
      read: refuse, list: refuse,
    },
  }; // prettier-ignore
}
