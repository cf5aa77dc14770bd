/** Ports of the engine under the hand of a test: clock, ids, waiting, failpoints, directory. */
import { lineAmount, parseQuantity, parseUnitPrice, sumAmounts, type Currency } from '../../../src/core/money.ts'; // prettier-ignore
import type { BillingPeriod } from '../../../src/core/billing-period.ts';
import type { Draft, DraftInvoice } from '../../../src/contract/contract.ts';
import type { CustomerLink, Directory } from '../../../src/relay/handlers.ts';
import { AppError } from '../../../src/core/errors.ts';
import { createPostingOn } from '../../../src/relay/posting/posting.ts';
import { NO_MACHINE, type PostingPolicy, type PostingPorts } from '../../../src/relay/posting/ports.ts'; // prettier-ignore
import { nameFingerprint } from '../../../src/relay/counts/clients.ts';
import type { PostingStore } from '../../../src/relay/posting/store-port.ts';
import type { Failpoints } from '../../../src/relay/failpoints.ts';
import type { Store } from '../../../src/relay/store/database.ts';
import { createPostingStore } from '../../../src/relay/store/posting-store.ts';
import { customer, type FakeBooks } from './fake-books.ts';
import type { FakeClock } from './fake-clock.ts';

export const USD = 'USD' as Currency;
export const OCTOBER = '2026-10' as BillingPeriod;

/** Ids that are the same in every run. */
export function createFakeIds(prefix = 'id'): PostingPorts['ids'] {
  let count = 0;
  return { uuid: () => `${prefix}-${String((count += 1))}`, seed: () => 48213 };
}

/** Hangs at a name when told to; `crashed` resolves then, and `release` lets a zombie go on. */
export interface CrashingFailpoints extends Failpoints {
  arm(name: string, nth?: number): void;
  disarm(): void;
  crashed(): Promise<string>;
  release(): void;
  readonly reached: string[];
}

export function createCrashingFailpoints(): CrashingFailpoints {
  let armed: { name: string; left: number } | null = null;
  let tell: (name: string) => void = () => undefined;
  let free: (() => void)[] = [];
  let crash = new Promise<string>((resolve) => (tell = resolve));
  const reached: string[] = [];
  return {
    reached,
    arm(name, nth = 1) {
      armed = { name, left: nth };
      crash = new Promise<string>((resolve) => (tell = resolve));
    },
    disarm: () => void (armed = null),
    crashed: () => crash,
    release() {
      for (const go of free) go();
      free = [];
    },
    reach(name) {
      reached.push(name);
      if (armed?.name !== name) return Promise.resolve();
      armed.left -= 1;
      if (armed.left > 0) return Promise.resolve();
      armed = null;
      return new Promise((resolve) => {
        free.push(resolve);
        tell(name);
      });
    },
  };
}

export interface FakeDirectory {
  readonly links: Map<string, CustomerLink>;
  readonly items: Map<string, string>;
  /** By customer, or "default"; empty: tax is left to the books. */
  readonly taxCodes?: Map<string, string>;
}

export function createFakeDirectory(books: FakeBooks, clients: number): FakeDirectory {
  const links = new Map<string, CustomerLink>();
  for (let index = 1; index <= clients; index += 1) {
    const id = `c${index}`;
    const name = `Client ${index}`;
    books.customers.set(id, customer(id, name));
    const fingerprint = nameFingerprint(name);
    links.set(id, { clientId: id, clientName: name, customerId: id, fingerprint, version: 1, currency: 'USD', active: true }); // prettier-ignore
  }
  return { links, items: new Map([['WS', 'item-ws'], ['EDR', 'item-edr']]), taxCodes: new Map() }; // prettier-ignore
}

export const POLICY: PostingPolicy = {
  twoPersons: false,
  approvalHours: 72,
  invoicesPerBatchMax: 500,
  amountPerInvoiceMax: '100000',
  amountPerBatchMax: '2000000',
  changePercentMax: 50,
  postingEnabled: true,
};

export interface World {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly books: FakeBooks;
  readonly directory: FakeDirectory;
  readonly connection: string;
}

export interface Running extends ReturnType<typeof createPostingOn> {
  readonly failpoints: CrashingFailpoints;
}

/** What counts/ would answer. */
export const directoryOf = ({ links, items, taxCodes }: FakeDirectory): Directory => ({
  clientIds: () => Promise.resolve([...links.keys()]),
  customer: (_store, id) => Promise.resolve(links.get(id) ?? null),
  item(_store, id) {
    const item = items.get(id);
    if (item === undefined) throw new AppError('SETUP_MISSING', `${id} has no item.`);
    return Promise.resolve({ id: item, name: item });
  },
  taxCode(_store, { customerId }) {
    const code = taxCodes?.get(customerId) ?? taxCodes?.get('default');
    return Promise.resolve(code === undefined ? null : { id: code, name: code });
  },
  snapshot: () => Promise.resolve(null),
});

/** Without a store where the engine is given one by itself. */
type EngineParts = Omit<World, 'books' | 'store'> & {
  readonly books: Pick<FakeBooks, 'system' | 'company'>;
  readonly store?: Store;
};

/** A new engine on a world that may have seen others; taken over before it is given back. */
export async function startEngine(
  world: EngineParts,
  more: Partial<PostingPorts> & { readonly holder?: string } = {},
): Promise<Running> {
  const failpoints = createCrashingFailpoints();
  const running = createPostingOn({
    store: more.store ?? storeOf(world),
    clock: world.clock,
    ids: createFakeIds(`${world.connection}-${more.holder ?? String(world.clock.nowMs())}`),
    scheduler: { wait: () => new Promise(() => undefined), wake: () => undefined },
    failpoints,
    machine: NO_MACHINE,
    books: {
      system: world.books.system,
      company: world.books.company,
      connection: world.connection,
    },
    services: [
      { id: 'WS', name: 'Workstation', members: [] },
      { id: 'EDR', name: 'EDR agent', members: [] },
      { id: 'NEW', name: 'Service without an item', members: [] },
      { id: 'ALL', name: 'Everything', members: ['WS', 'EDR'] },
    ],
    policy: POLICY,
    tenant: 'local',
    instance: 'test',
    fingerprint: nameFingerprint,
    warn: () => undefined,
    ...more,
  });
  await running.worker.recover();
  return { ...running, failpoints };
}

function storeOf({ store, clock, directory }: EngineParts): PostingStore {
  if (!store) throw new Error('this world has no store');
  return createPostingStore({ store, clock, directory: directoryOf(directory) });
}

export interface LineWish {
  readonly service?: string;
  readonly quantity: string;
  readonly price: string;
  readonly kind?: DraftInvoice['lines'][number]['kind'];
  readonly cell?: string;
}

export function invoiceOf(clientId: string, wishes: readonly LineWish[]): DraftInvoice {
  const lines = wishes.map(
    ({ service = 'WS', quantity, price, kind = 'recurring', cell }, index) => ({
      lineId: `${clientId}-${service}-${kind}-${String(index + 1)}`,
      serviceId: service,
      kind,
      description: `${service} of ${clientId}`,
      quantity: parseQuantity(quantity),
      unitPrice: parseUnitPrice(price),
      amount: lineAmount(parseQuantity(quantity), parseUnitPrice(price), USD),
      cell: cell ?? `Oct 2026!C${String(index + 2)}`,
      source: null,
    }),
  );
  return { clientId, currency: USD, lines, total: sumAmounts(lines.map(({ amount }) => amount), USD) }; // prettier-ignore
}

export const draftOf = (invoices: readonly DraftInvoice[], more: Partial<Draft> = {}): Draft => ({
  period: OCTOBER,
  snapshotId: null,
  workbook: 'billing.xlsx',
  invoices: [...invoices],
  held: [],
  decisions: [],
  ...more,
});

/** As many ordinary invoices as asked for, each with two lines. */
export const plainDraft = (clients: number): Draft =>
  draftOf(
    Array.from({ length: clients }, (_, index) =>
      invoiceOf(`c${index + 1}`, [
        { quantity: String(10 + index), price: '22' },
        { service: 'EDR', quantity: '3', price: '4.125' },
      ]),
    ),
  );
