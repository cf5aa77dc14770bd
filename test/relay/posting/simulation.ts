/**
 * One schedule of the real engine: real state machines and store, with books, clock, crashes and
 * persons driven by one seed. Throws with the broken invariant (posting-safety 2.3).
 */
import { AppError } from '../../../src/core/errors.ts';
import { invoiceDigest } from '../../../src/core/digest.ts';
import type { InvoiceContent } from '../../../src/core/model.ts';
import type { InvoiceKeys } from '../../../src/relay/accounting/accounting.ts';
import { compareFields, isEqual } from '../../../src/relay/posting/differences.ts';
import { keysOf } from '../../../src/relay/posting/engine.ts';
import { sha256 } from '../../../src/relay/posting/keys.ts';
import type { FailpointName } from '../../../src/relay/posting/ports.ts';
import type { Store } from '../../../src/relay/store/database.ts';
import { postingsOf, type PostingRow } from '../../../src/relay/store/posting.ts';
import { findConnection } from '../../../src/relay/store/posting-connection.ts';
import { PLAIN_WEAK, type BooksClass, type CreateFault } from './fake-books.ts';
import { plainDraft, startEngine, type Running, type World } from './fake-ports.ts';
import { actions, worldOn, type Batch } from './world.ts';

export interface Regime {
  readonly name: string;
  /** Chances of each create fault; the rest goes well. */
  readonly create: Partial<Record<CreateFault, number>>;
  readonly readFails: number;
  readonly crash: number;
  /** A stopped worker wakes up again after another one has taken over. */
  readonly zombie: number;
  /** The machine stands still at a failpoint, up to ten minutes. */
  readonly pause: number;
  /** The invoice is in the books before anything is sent: a forgotten intent. */
  readonly alreadyThere: number;
}

const CALM: Regime = { name: 'calm', create: {}, readFails: 0, crash: 0, zombie: 0, pause: 0, alreadyThere: 0 }; // prettier-ignore
const MIX: Regime['create'] = { 'request lost': 0.1, 'answer lost': 0.1, '500 before': 0.05, '500 after': 0.05, 'lands late': 0.08, busy: 0.05, rejected: 0.03 }; // prettier-ignore

export const REGIMES: readonly Regime[] = [
  { ...CALM, name: 'base', create: MIX, crash: 0.06 },
  { ...CALM, name: 'losses', create: { 'request lost': 0.35, 'answer lost': 0.35 }, crash: 0.02 },
  { ...CALM, name: 'late', create: { 'lands late': 0.6, busy: 0.1 }, crash: 0.05 },
  { ...CALM, name: 'crashes', create: MIX, crash: 0.25 },
  { ...CALM, name: 'two workers', create: MIX, crash: 0.15, zombie: 0.7 },
  { ...CALM, name: 'long pauses', create: MIX, crash: 0.05, pause: 0.2 },
  { ...CALM, name: 'already there', create: MIX, crash: 0.05, alreadyThere: 0.6 },
  { ...CALM, name: 'there, but reads fail', create: MIX, readFails: 0.3, alreadyThere: 0.7 },
  { ...CALM, name: 'flaky reads', create: { ...MIX, 'other total': 0.05, throws: 0.05 }, readFails: 0.15, crash: 0.05 }, // prettier-ignore
];

export const CLASSES: readonly BooksClass[] = [
  PLAIN_WEAK,
  { ...PLAIN_WEAK, name: 'weak, search lags', lookupLagMs: 2 * 60_000 },
  { ...PLAIN_WEAK, name: 'weak, never late', landsWithinMs: 1_000 },
  { ...PLAIN_WEAK, name: 'strong', facility: 'strong' },
  { ...PLAIN_WEAK, name: 'strong, search lags', facility: 'strong', lookupLagMs: 2 * 60_000 },
];

export interface Outcome {
  readonly states: readonly string[];
  readonly creates: number;
  readonly crashes: number;
  readonly trace: string;
}

/** One thing that happens in a scripted run; a property test makes these up and shrinks them. */
export type Action =
  | {
      readonly does: 'tick';
      readonly fault: CreateFault;
      readonly readFails: boolean;
      readonly crashAt: FailpointName | null;
    }
  | { readonly does: 'wait'; readonly minutes: number }
  | {
      readonly does: 'decide';
      readonly which: number;
      readonly choice: 'look again' | 'send again' | 'retry';
    }
  | { readonly does: 'post' }
  | { readonly does: 'wake the dead' };

const STEPS = 12;
const QUIET_ROUNDS = 50;
const DONE: readonly string[] = ['POSTED', 'CANCELLED', 'MISMATCH'];

export async function simulate(
  store: Store,
  seed: number,
  regime: Regime,
  kind: BooksClass,
): Promise<Outcome> {
  const run = await begin(store, seed, regime, kind);
  const batch = await approveAndPost(run);
  for (let step = 0; step < STEPS; step += 1) await chaosStep(run, batch);
  return comeToRest(run, batch);
}

/** The same invariants under a list of actions that somebody else thought of. */
export async function runScript(
  store: Store,
  name: string,
  script: readonly Action[],
  kind: BooksClass,
): Promise<Outcome> {
  const run = await begin(store, 1, { ...CALM, name, zombie: 1 }, kind);
  const batch = await approveAndPost(run);
  for (const action of script) {
    run.action = action;
    await act(run, batch, action);
    run.action = null;
    run.world.clock.advance(1_000);
    await checkNow(run, batch);
  }
  return comeToRest(run, batch);
}

function act(run: Run, batch: Batch, action: Action): Promise<void> {
  switch (action.does) {
    case 'tick':
      return tick(run);
    case 'wait':
      run.world.clock.advance(action.minutes * 60_000);
      return Promise.resolve();
    case 'decide':
      return decideOne(run, batch, action.which, action.choice);
    case 'post':
      return allowed(() => actions(run.running).post(batch));
    case 'wake the dead':
      return releaseZombies(run);
  }
}

/** Faults off: every posting must reach a settled state, and nothing may turn up twice. */
async function comeToRest(run: Run, batch: Batch): Promise<Outcome> {
  const { kind } = run;
  const { store } = run.world;
  await releaseZombies(run);
  run.calm = true;
  for (let round = 0; round < QUIET_ROUNDS && !(await isOver(run, batch)); round += 1) {
    run.world.clock.advance(10 * 60_000);
    await tick(run);
    for (const posting of await postingsOf(store, batch.id)) await careFor(run, posting);
    await checkNow(run, batch);
  }
  // What lands late lands now at the latest; nothing of it may be a second invoice.
  run.world.clock.advance(kind.landsWithinMs + kind.lookupLagMs);
  await checkNow(run, batch);
  return checkEnd(run, batch);
}

async function isOver(run: Run, batch: Batch): Promise<boolean> {
  const rows = await postingsOf(run.world.store, batch.id);
  return rows.every(({ state }) => DONE.includes(state));
}

interface Run {
  readonly world: World;
  readonly regime: Regime;
  readonly kind: BooksClass;
  readonly random: () => number;
  readonly trace: string[];
  action: Action | null;
  readonly hung: { go: () => void; tick: Promise<unknown> }[];
  calm: boolean;
  crashes: number;
  running: Running;
  crashed: Promise<void>;
}

async function begin(store: Store, seed: number, regime: Regime, kind: BooksClass): Promise<Run> {
  const random = randomOf(seed);
  const world = worldOn(store, `sim-${kind.name}-${regime.name}-${String(seed)}`, {
    clients: 3,
    kind,
  });
  const run: Run = {
    world,
    regime,
    kind,
    random,
    trace: [],
    action: null,
    hung: [],
    calm: false,
    crashes: 0,
    running: undefined as unknown as Running,
    crashed: Promise.resolve(),
  };
  world.books.callMs = () => Math.floor(random() * 2_000);
  world.books.lateMs = () => Math.floor(random() * kind.landsWithinMs);
  world.books.faults.create = () => {
    if (run.calm) return 'none';
    return run.action?.does === 'tick' ? run.action.fault : pick(regime.create, random);
  };
  world.books.faults.read = () => {
    const fails = run.action?.does === 'tick' ? run.action.readFails : random() < regime.readFails;
    return fails && !run.calm ? 'failed' : 'none';
  };
  await restart(run);
  return run;
}

async function restart(run: Run): Promise<void> {
  let crash: () => void = () => undefined;
  run.crashed = new Promise((resolve) => (crash = resolve));
  const me: { running?: Running } = {};
  const { company } = run.world.books;
  const guarded = {
    ...company,
    create: async (content: InvoiceContent, keys: InvoiceKeys) => {
      await checkCreate(run, me.running, content, keys);
      return company.create(content, keys);
    },
  };
  me.running = await startEngine(run.world, {
    holder: String(run.crashes),
    books: { system: run.world.books.system, company: guarded, connection: run.world.connection },
    failpoints: { reach: (name) => atFailpoint(run, name, crash) },
  });
  run.running = me.running;
}

function atFailpoint(run: Run, name: string, crash: () => void): Promise<void> {
  run.trace.push(`${run.world.clock.now()} ${name}`);
  if (run.calm) return Promise.resolve();
  if (run.random() < run.regime.pause) run.world.clock.advance(run.random() * 600_000);
  const isArmed = run.action?.does === 'tick' && run.action.crashAt === name;
  if (!isArmed && run.random() >= run.regime.crash) return Promise.resolve();
  run.crashes += 1;
  return new Promise((resolve) => {
    run.hung.push({ go: resolve, tick: Promise.resolve() });
    crash();
  });
}

/** One tick, or as far as it comes before the process dies; then a new process takes over. */
async function tick(run: Run): Promise<void> {
  const hungBefore = run.hung.length;
  const ticking = run.running.worker.tick().catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
  await Promise.race([ticking, run.crashed]);
  const hung = run.hung[hungBefore];
  if (!hung) return;
  run.hung[hungBefore] = { ...hung, tick: ticking };
  await restart(run);
}

async function releaseZombies(run: Run): Promise<void> {
  const wasCalm = run.calm;
  run.calm = true;
  for (const { go, tick: ticking } of run.hung.splice(0)) {
    if (run.random() >= run.regime.zombie) continue;
    go();
    await ticking;
  }
  run.calm = wasCalm;
}

async function approveAndPost(run: Run): Promise<Batch> {
  const { running, world, random, regime } = run;
  const act = actions(running);
  const batch = await act.submit(plainDraft(1 + Math.floor(random() ** 2 * 3)), world.connection);
  await act.approve(batch);
  run.calm = true;
  for (const row of await postingsOf(world.store, batch.id)) {
    if (random() >= regime.alreadyThere) continue;
    await world.books.company.create(JSON.parse(row.content) as InvoiceContent, keysOf(row));
  }
  run.calm = false;
  world.books.creates.length = 0;
  // A search that lags cannot show what landed a moment ago; no protocol could see that.
  world.clock.advance(run.kind.lookupLagMs);
  await retrying(() => act.post(batch));
  return batch;
}

/** A person presses again when the books were away just then. */
async function retrying<T>(action: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SOURCE_DOWN') throw error;
    }
  }
  throw new Error('the books were away fifty times');
}

async function chaosStep(run: Run, batch: Batch): Promise<void> {
  const { random, world } = run;
  const dice = random();
  if (dice < 0.6) await tick(run);
  else if (dice < 0.65) await allowed(() => actions(run.running).post(batch));
  else if (dice < 0.75) await releaseZombies(run);
  else await decideSomething(run, batch);
  world.clock.advance(Math.floor(random() ** 3 * 20 * 60_000));
  await checkNow(run, batch);
}

async function decideSomething(run: Run, batch: Batch): Promise<void> {
  const choices = ['look again', 'send again', 'retry'] as const;
  const choice = choices[Math.floor(run.random() * choices.length)] ?? 'look again';
  await decideOne(run, batch, Math.floor(run.random() * 3), choice);
}

async function decideOne(
  run: Run,
  batch: Batch,
  which: number,
  choice: 'look again' | 'send again' | 'retry',
): Promise<void> {
  const postings = await postingsOf(run.world.store, batch.id);
  const posting = postings[which % postings.length];
  if (!posting) return;
  const act = actions(run.running);
  run.trace.push(`${run.world.clock.now()} ${choice} ${posting.ref} (${posting.state})`);
  const deciding = allowed(() => act.decide(batch, posting.key, choice));
  const hungBefore = run.hung.length;
  await Promise.race([deciding, run.crashed]);
  const hung = run.hung[hungBefore];
  if (!hung) return;
  run.hung[hungBefore] = { ...hung, tick: deciding };
  await restart(run);
}

/** A refusal is an answer; anything but an AppError is a defect. */
async function allowed(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** What a careful person does once the storm is over. */
async function careFor(run: Run, posting: PostingRow): Promise<void> {
  const act = actions(run.running);
  const batch = { id: posting.batch };
  if (posting.state === 'NEEDS_PERSON') {
    await allowed(() => act.decide(batch, posting.key, 'send again'));
  }
  if (posting.state === 'REJECTED') await allowed(() => act.decide(batch, posting.key, 'retry'));
}

// Invariants ----------------------------------------------------------------------------------

/** I6, I7, I9, I13: intent first and durable, approved content only, no worker of an old fence. */
async function checkCreate(
  run: Run,
  running: Running | undefined,
  content: InvoiceContent,
  keys: InvoiceKeys,
): Promise<void> {
  const { store, connection, books } = run.world;
  const digest = invoiceDigest(content, sha256);
  const row = await store
    .selectFrom('posting')
    .selectAll()
    .where('connection', '=', connection)
    .where('ref', '=', keys.ref)
    .executeTakeFirstOrThrow();
  hold(row.state === 'SENDING', `I6: ${keys.ref} is ${row.state} while it is sent`);
  hold(row.request_hash === digest && row.digest === digest, 'I9: other content than approved');
  hold(row.provider_key === keys.providerKey, 'I7: another key than the intent');
  const fence = (await findConnection(store, connection))?.fence;
  hold(fence === running?.engine.lease.fence, 'I13: a create with an old fence');
  const sent = books.creates.filter(({ ref }) => ref === keys.ref);
  const same = sent.filter(({ providerKey }) => providerKey === keys.providerKey);
  hold(
    same.every(({ body }) => body === JSON.stringify(content)),
    'I7: another body',
  );
  hold(run.kind.facility === 'strong' || same.length === 0, 'I5: sent twice in one epoch');
}

/** I1, I3, I4 hold at every moment, not only at the end. */
async function checkNow(run: Run, batch: Batch): Promise<void> {
  const { store, books } = run.world;
  const invoices = books.invoices();
  for (const row of await postingsOf(store, batch.id)) {
    const ours = invoices.filter(({ marker }) => marker === row.marker);
    hold(ours.length <= 1, `I1: ${row.ref} is in the books ${String(ours.length)} times`);
    const content = JSON.parse(row.content) as InvoiceContent;
    if (row.state === 'POSTED') {
      const own = ours.find(({ id }) => id === row.invoice_id);
      hold(own && isEqual(compareFields(content, row, own)), `I3: ${row.ref} is not as posted`);
    }
    const isDenied = ['REJECTED', 'BLOCKED', 'CANCELLED'].includes(row.state);
    hold(!isDenied || ours.length === 0, `I4: ${row.ref} is ${row.state} and in the books`);
  }
}

/** I2, I8, I16, I18: nothing lost, nothing stuck. */
async function checkEnd(run: Run, batch: Batch): Promise<Outcome> {
  const { store, books } = run.world;
  const rows = await postingsOf(store, batch.id);
  const stuck = rows.find(({ state }) => !DONE.includes(state));
  hold(!stuck, `I18: ${stuck?.ref ?? ''} ends as ${stuck?.state ?? ''}: ${stuck?.reason ?? ''}`);
  for (const row of rows) {
    const decided = await store
      .selectFrom('posting_transition')
      .select(['from_state'])
      .where('posting', '=', row.key)
      .where('to_state', '=', 'READY')
      .where('from_state', 'in', ['NEEDS_PERSON', 'REJECTED'])
      .execute();
    hold(row.epoch === 1 + decided.length, 'I8: the epoch grew without a decision');
  }
  const posted = rows.filter(({ state }) => state === 'POSTED').length;
  const equal = books.invoices().filter(({ subtotal }) => String(subtotal) !== '1.23').length;
  hold(equal === posted, `I16: ${String(posted)} posted, ${String(equal)} in the books`);
  const shown = await actions(run.running).look(batch);
  const end = rows.every(({ state }) => state === 'POSTED') ? 'COMPLETED' : 'COMPLETED_WITH_DOUBT';
  hold(shown.state === end, `the batch ends as ${shown.state}, not ${end}`);
  const { trace, crashes } = run;
  const states = rows.map(({ state }) => state);
  return { states, creates: books.creates.length, crashes, trace: trace.join('\n') };
}

function hold(condition: unknown, words: string): asserts condition {
  if (!condition) throw new Error(words);
}

function pick(chances: Regime['create'], random: () => number): CreateFault {
  let dice = random();
  for (const [fault, chance] of Object.entries(chances)) {
    if (dice < chance) return fault as CreateFault;
    dice -= chance;
  }
  return 'none';
}

export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
