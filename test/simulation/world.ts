/** One world of one seed: clock, books, store and the engine that runs on them just now. */
import { AppError } from '../../src/core/errors.ts';
import type { Instant } from '../../src/core/billing-period.ts';
import { nameFingerprint } from '../../src/relay/counts/clients.ts';
import { createPostingOn } from '../../src/relay/posting/posting.ts';
import type { Machine } from '../../src/relay/posting/ports.ts';
import { openCompany, replyOf, systemOf, type Reply, type Wire } from './adapter.ts';
import { draftFor } from './drafts.ts';
import { checkCreate } from './invariants.ts';
import { createLedger, type Arrival, type Ledger, type LedgerClass } from './ledger.ts';
import { createMemoryStore, type MemoryDirectory } from './memory-store.ts';
import { chanceOf, seedOf, type Chance } from './random.ts';
import { FAULTS, type Fault, type Regime } from './regimes.ts';
import type { Running, SimulatedClock, World, WorldOptions } from './world-model.ts';

export const CONNECTION = 'books';
export const ANNA = { person: 'Anna', requestId: 'a' };
export const BEN = { person: 'Ben', requestId: 'b' };
const START = Date.parse('2026-10-31T10:00:00.000Z');
const DAY = 86_400_000;

export async function openWorld(
  seed: number,
  regime: Regime,
  kind: LedgerClass,
  { storeOn = (memory) => memory, clients: wanted }: WorldOptions = {},
): Promise<World> {
  const chance = chanceOf(seedOf(seed, `${regime.name} ${kind.name}`));
  const clock = createClock();
  const ledger = createLedger(kind, clock, chance);
  ledger.extraLagMs = regime.extraLagMs;
  const clients = wanted ?? chance.pick([1, 1, 1, 1, 1, 2, 2, 3]);
  const directory = directoryFor(ledger, clients);
  const memory = createMemoryStore(directory);
  const machine = { skewMs: 0, isFull: false };
  const world: World = {
    seed, regime, chance, clock, ledger, directory, memory,
    machine,
    store: storeOn(memory, clock, directory, machine),
    policy: {
      twoPersons: chance.is(0.3),
      approvalHours: 72,
      invoicesPerBatchMax: 500,
      amountPerInvoiceMax: '100000',
      amountPerBatchMax: '2000000',
      changePercentMax: 50,
      postingEnabled: true,
    },
    draft: draftFor(clients, chance),
    drafts: new Map(),
    trace: [], sent: [], doubled: new Set(), touched: new Set(), hung: [],
    running: undefined as unknown as Running,
    crashed: Promise.resolve(),
    crashes: 0, calm: false, batch: '', script: null, broken: null,
  }; // prettier-ignore
  await start(world);
  return world;
}

function createClock(): SimulatedClock {
  let ms = START;
  let [shownMs, shown] = [Number.NaN, ''];
  return {
    now() {
      if (shownMs !== ms) [shownMs, shown] = [ms, new Date(ms).toISOString()];
      return shown as Instant;
    },
    nowMs: () => ms,
    advance: (by) => void (ms += Math.round(by)),
  };
}

function directoryFor(ledger: Ledger, clients: number): MemoryDirectory {
  const directory: MemoryDirectory = { links: new Map(), items: new Map([['WS', 'item-ws']]) };
  // Where a wrong mapping leads: a customer that is nobody of ours.
  ledger.customers.set('elsewhere', {
    id: 'elsewhere',
    name: 'Somebody Else',
    code: null,
    active: true,
    currency: null,
  });
  for (let index = 1; index <= clients; index += 1) {
    const id = `c${String(index)}`;
    const name = `Client ${String(index)}`;
    ledger.customers.set(id, { id, name, code: null, active: true, currency: null });
    directory.links.set(id, { clientId: id, clientName: name, customerId: id, fingerprint: nameFingerprint(name), version: 1, currency: 'USD', active: true }); // prettier-ignore
  }
  return directory;
}

/** A new process: it takes the connection over, and what was being sent is in doubt. */
export async function start(world: World): Promise<void> {
  let crash: () => void = () => undefined;
  world.crashed = new Promise((resolve) => (crash = resolve));
  let ids = 0;
  const me: { running: Running | null } = { running: null };
  const holder = `p${String(world.crashes)}`;
  me.running = createPostingOn({
    store: world.store,
    clock: relayClockOf(world),
    ids: { uuid: () => `${holder}-${String((ids += 1))}`, seed: () => 1 },
    scheduler: { wait: () => new Promise(() => undefined), wake: () => undefined },
    machine: machineOf(world),
    failpoints: { reach: (name) => reach(world, name, crash) },
    books: {
      system: systemOf(world.ledger),
      company: openCompany(
        world.ledger,
        wireOf(world, () => me.running),
        () => world.clock.now(),
      ),
      connection: CONNECTION,
    },
    services: [{ id: 'WS', name: 'Workstation', members: [] }],
    policy: world.policy,
    tenant: 'local',
    instance: 'simu',
    fingerprint: nameFingerprint,
    // What is put off for a defect ends the schedule; a refusal is an answer.
    warn: (_words, { reason }) => {
      if (/unexpected trouble/.test(reason ?? '')) world.broken ??= new Error(reason);
    },
  });
  world.running = me.running;
  // On a full disk no relay starts: somebody has made room.
  world.machine.isFull = false;
  await me.running.worker.recover();
}

const toInstant = (ms: number): Instant => new Date(ms).toISOString() as Instant;

/** What the relay takes for the time. */
const relayClockOf = ({ clock, machine }: World): { now(): Instant } => ({
  now: () => (machine.skewMs === 0 ? clock.now() : toInstant(clock.nowMs() + machine.skewMs)),
});

const machineOf = ({ clock, machine }: World): Machine => ({
  nowMs: () => clock.nowMs() + machine.skewMs,
  freeBytes: () => (machine.isFull ? 0 : 1e12),
});

/** Where a process may die, or stand still while the world goes on. */
function reach(world: World, name: string, crash: () => void): Promise<void> {
  const { chance, regime } = world;
  world.trace.push(`${String(world.clock.nowMs() - START)} ${name}`);
  if (world.calm) return Promise.resolve();
  if (chance.is(regime.pause)) world.clock.advance(chance.next() ** 2 * 3_600_000);
  const dies = world.script ? world.script.crashAt === name : chance.is(regime.crash);
  if (!dies) return Promise.resolve();
  world.crashes += 1;
  return new Promise((resolve) => {
    world.hung.push({ go: resolve, work: Promise.resolve() });
    world.memory.crash();
    crash();
  });
}

/** One piece of work, or as far as it comes before the process dies; then a new one takes over. */
export async function work(world: World, action: (running: Running) => Promise<unknown>): Promise<void> {
  const before = world.hung.length;
  const working = action(world.running).catch(onlyAppErrors);
  await Promise.race([working, world.crashed]);
  const hung = world.hung[before];
  if (!hung) return;
  world.hung[before] = { ...hung, work: working };
  await start(world);
} // prettier-ignore

/** Processes that were taken for dead go on, or never do. */
export async function wakeTheDead(world: World): Promise<void> {
  const wasCalm = world.calm;
  world.calm = true;
  for (const { go, work: working } of world.hung.splice(0)) {
    if (!world.chance.is(world.regime.zombie)) continue;
    go();
    await working;
  }
  world.calm = wasCalm;
}

/** A refusal is an answer; anything but an AppError is a defect. */
export function onlyAppErrors(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

function wireOf(world: World, running: () => Running | null): Wire {
  const { chance, ledger, clock, regime } = world;
  const isDown = (): boolean => clock.nowMs() < ledger.downUntil;
  return {
    ask(what) {
      clock.advance(chance.next() * 1_000);
      const flaky = what === 'lookup' ? ledger.kind.lookupFails : 0;
      const fails = world.script?.readFails ?? chance.is(regime.readFails + flaky);
      if (isDown() || (!world.calm && fails)) {
        throw new AppError('SOURCE_DOWN', 'The books are away.');
      }
    },
    send(wanted) {
      // The engine takes a throw of an adapter for an unknown outcome; the finding is kept beside it.
      try {
        checkCreate(world, running(), wanted);
      } catch (broken) {
        world.broken ??= broken;
      }
      clock.advance(chance.next() * 2_000);
      const reply = isDown() ? NOT_SENT : weather(world, wanted);
      const { keys, content } = wanted;
      world.sent.push({ postingKey: keys.postingKey, providerKey: keys.providerKey, body: JSON.stringify(content), left: mayStandThere(reply) }); // prettier-ignore
      if (reply.kind !== 'not sent' && !world.calm && chance.is(regime.down)) {
        ledger.downUntil = clock.nowMs() + chance.next() * 4 * DAY;
      }
      return Promise.resolve(reply);
    },
  };
}

/** All but what never left, and what the books themselves turned away at the door. */
const mayStandThere = (reply: Reply): boolean =>
  reply.kind === 'lost' ||
  (reply.kind === 'answer' && !(reply.body === 'own error' && [401, 429].includes(reply.status)));

const NOT_SENT: Reply = { kind: 'not sent', reason: 'ECONNREFUSED' };
const LOST: Reply = { kind: 'lost', reason: 'no answer within 150 seconds' };
const error = (status: number, body: 'own error' | 'html'): Reply => ({ kind: 'answer', status, body, id: null, code: null }); // prettier-ignore

/** What the network and the books do with one create. */
function weather(world: World, wanted: Omit<Arrival, 'at' | 'changedBy'>): Reply {
  const { chance, regime, ledger, clock } = world;
  const changedBy = !world.calm && chance.is(ledger.kind.changesTotal) ? 7 : 0;
  const arrival: Arrival = { ...wanted, at: clock.nowMs(), changedBy };
  if (world.calm) return replyOf(ledger.arrive(arrival));
  const fault = world.script?.fault ?? faultOf(regime, chance);
  world.trace.push(`create ${wanted.keys.ref} ${fault}`);
  switch (fault) {
    case 'requestLost':
      return LOST;
    case 'answerLost':
      ledger.arrive(arrival);
      return LOST;
    case 'landsLate':
      ledger.later({ ...arrival, at: arrival.at + chance.next() * ledger.kind.landsWithinMs });
      return LOST;
    case 'errorBefore':
      return error(500, 'own error');
    case 'errorAfter':
      ledger.arrive(arrival);
      return error(500, 'own error');
    case 'busy':
      return error(429, 'own error');
    case 'busyByProxy':
      ledger.arrive(arrival);
      return error(429, 'html');
    case 'cutAnswer':
      ledger.arrive(arrival);
      return { kind: 'answer', status: 201, body: 'cut', id: null, code: null };
    case 'tokenRanOut':
      return error(401, 'own error');
    case 'refused':
      ledger.closed = true;
      return replyOf(ledger.arrive(arrival));
    case 'deliveredTwice':
      return deliverTwice(world, arrival);
    case 'none':
      return replyOf(ledger.arrive(arrival));
  }
}

/** No client can stop this where the books take copies: it has to be found (F16). */
function deliverTwice(world: World, arrival: Arrival): Reply {
  const first = world.ledger.arrive(arrival);
  if (first.kind === 'created' && world.ledger.kind.takesCopies) world.doubled.add(arrival.keys.postingKey); // prettier-ignore
  world.ledger.arrive(arrival);
  return replyOf(first);
}

function faultOf(regime: Regime, chance: Chance): Fault {
  let dice = chance.next();
  for (const fault of FAULTS) {
    if (dice < regime[fault]) return fault;
    dice -= regime[fault];
  }
  return 'none';
}
