/** The real engine, a real adapter and its stand-in over real HTTP, on one clock that stands still. */
import type { Draft } from '../../../src/contract/contract.ts';
import { nameFingerprint } from '../../../src/relay/counts/clients.ts';
import { createHttp } from '../../../src/relay/http.ts';
import type { PostingPorts } from '../../../src/relay/posting/ports.ts';
import { openMemoryStore, type Store } from '../../../src/relay/store/database.ts';
import { postingsOfPeriod, type PostingRow } from '../../../src/relay/store/posting.ts';
import { sampleSeed } from '../../../src/sample/seed.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { createStillClock, type StillClock } from '../../../src/sim/clock.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import type { SimOptions } from '../../../src/sim/options.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import type { FakeClock } from '../posting/fake-clock.ts';
import { startEngine, type FakeDirectory, type Running } from '../posting/fake-ports.ts';
import { posted } from '../posting/world.ts';
import { PERIOD, type BooksCase } from './case.ts';
import { addClients } from './more-clients.ts';

export interface EngineWorld {
  readonly one: BooksCase;
  readonly system: BooksCase['system'];
  readonly sim: RunningSim;
  /** Of the relay and of the stand-in. */
  readonly clock: StillClock;
  readonly draft: Draft;
  /** A new process on the same store and the same connection. */
  start(more?: Partial<PostingPorts>): Promise<Running>;
  rows(): Promise<readonly PostingRow[]>;
  close(): Promise<void>;
}

interface WorldOptions extends SimOptions {
  readonly store?: Store;
  /** So many clients more than the sample has, each with an invoice as one of the sample's. */
  readonly more?: number;
}

const CONNECTION = 'books';
const START = '2026-10-31T10:00:00.000Z';

/** The sample's last posted month, ready to be submitted. */
export async function openEngineWorld(
  one: BooksCase,
  { store: given, more: moreClients = 0, ...options }: WorldOptions = {},
): Promise<EngineWorld> {
  const clock = createStillClock(START);
  const sim = await startSim({ clock, options: { rateLimits: false, ...options } });
  const names = addClients(sim, one.standIn, moreClients);
  const settings = one.settings(sim.url);
  const system = one.system.configured(settings);
  const tools = one.tools && { ...one.tools(), now: () => clock.nowMs() };
  // What a process that died kept of the books' limit is free again: each has its own connection.
  const connect = (): Connected => {
    const now = (): number => clock.nowMs();
    const delay = (ms: number): Promise<void> => clock.sleep(ms);
    const http = createHttp({ allowLoopback: true, now, delay, random: () => 0 });
    return { system, company: one.system.connect(settings, http, tools) };
  };
  const store = given ?? (await openMemoryStore());
  const first = connect();
  const directory = await directoryOf(first.company);
  let starts = 0;
  const world = { store, clock: wordsOf(clock), directory, connection: CONNECTION };
  return {
    one,
    system,
    sim,
    clock,
    draft: withMore(draftOfSample(), names),
    start: (more = {}) => startEngine({ ...world, books: starts++ === 0 ? first : connect() }, { services: sampleWorld('planted').services, ...more }),
    rows: () => postingsOfPeriod(store, CONNECTION, PERIOD),
    async close() {
      await store.destroy();
      await sim.close();
    },
  };
} // prettier-ignore

/** Submitted, approved and posted; the worker sends at its first tick. */
export async function postSample({ draft }: EngineWorld, running: Running): Promise<void> {
  await posted(running, draft);
}

/** The first invoice of the sample alone. */
export async function postOne({ draft }: EngineWorld, running: Running): Promise<void> {
  await posted(running, { ...draft, invoices: draft.invoices.slice(0, 1) });
}

/** The next create meets this fault. */
export const strikeCreate = ({ sim, one }: EngineWorld, fault: string): void =>
  sim.standIns.faults.add(
    FaultSchema.parse({ system: one.standIn, match: one.create, times: 1, fault }),
  );

/** So many minutes go by, the worker awake in each. */
export async function minutes(
  { clock }: EngineWorld,
  { worker }: Running,
  count: number,
): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    await worker.tick();
    clock.advanceMs(60_000);
  }
}

const wordsOf = (clock: StillClock): FakeClock => ({
  now: () => new Date(clock.nowMs()).toISOString() as ReturnType<FakeClock['now']>,
  nowMs: () => clock.nowMs(),
  advance: (ms) => clock.advanceMs(ms),
});

function draftOfSample(): Draft {
  const draft = sampleSeed('planted').months.find(({ period }) => period === PERIOD)?.draft;
  if (!draft) throw new Error(`The sample has no ${PERIOD}`);
  return draft as unknown as Draft;
}

/** A new client is called by its name. */
function withMore(draft: Draft, names: readonly string[]): Draft {
  const { invoices } = draft;
  const more = names.flatMap((clientId, index) => {
    const like = invoices[index % invoices.length];
    return like ? [{ ...like, clientId }] : [];
  });
  return { ...draft, invoices: [...invoices, ...more] };
}

interface Connected {
  readonly system: BooksCase['system'];
  readonly company: ReturnType<BooksCase['system']['connect']>;
}

type Company = Pick<
  ReturnType<BooksCase['system']['connect']>,
  'customers' | 'items'
>; // prettier-ignore

/** Every client of the sample is the customer of its name in these books, every service its item. */
async function directoryOf(company: Company): Promise<FakeDirectory> {
  const { customers, services } = sampleWorld('planted');
  const clientIds = new Map(customers.map(({ name, id }) => [name, id]));
  const itemIds = new Map((await company.items()).map(({ name, id }) => [name, id]));
  const links = (await company.customers()).map(({ id: customerId, name }) => {
    const clientId = clientIds.get(name) ?? name;
    const fingerprint = nameFingerprint(name);
    return [clientId, { clientId, clientName: name, customerId, fingerprint, version: 1, currency: 'USD', active: true }] as const; // prettier-ignore
  });
  const items = services.flatMap(({ id, item }) => {
    const itemId = item && itemIds.get(item.name);
    return itemId ? [[id, itemId] as const] : [];
  });
  return { links: new Map(links), items: new Map(items), taxCodes: new Map() };
}
