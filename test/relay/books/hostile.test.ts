/** Every set of books under the hostile mix, through the real engine and the real adapter. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AppError } from '../../../src/core/errors.ts';
import { missingEvidence } from '../../../src/relay/posting/evidence.ts';
import { sweep, type Finding } from '../../../src/relay/posting/sweep.ts';
import type { PostingRow } from '../../../src/relay/store/posting.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { chanceOf, seedOf, type Chance } from '../../simulation/random.ts';
import type { Running } from '../posting/fake-ports.ts';
import { actions } from '../posting/world.ts';
import { openEngineWorld, postSample, type EngineWorld } from './engine-world.ts';
import type { BooksCase } from './case.ts';
import { CRASH, hostileMix, isOpen, REVOKED } from './hostile-mix.ts';
import { CASES } from './registry.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

/** Another one every day; MCC_HOSTILE_SEED repeats one, MCC_HOSTILE_RUNS takes more of them. */
const FIRST_SEED = Number(process.env['MCC_HOSTILE_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const RUNS = Number(process.env['MCC_HOSTILE_RUNS'] ?? 1);
const SEEDS = Array.from({ length: RUNS }, (_, index) => FIRST_SEED + index);
const ROUNDS_MAX = 60;
const MINUTE_MS = 60_000;
const CALM_MINUTES = 60;

interface Storm {
  readonly world: EngineWorld;
  readonly chance: Chance;
  /** Keys of what was being sent when a process died. */
  readonly died: Set<string>;
  running: Running;
  crashed: Promise<void>;
  rages: boolean;
}

const opened: EngineWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

async function openStorm(one: BooksCase, seed: number): Promise<Storm> {
  const world = await openEngineWorld(one, { recordExchanges: true });
  opened.push(world);
  const chance = chanceOf(seedOf(seed, one.system.id));
  const running = await world.start();
  const never = new Promise<void>(() => undefined);
  const storm = { world, chance, died: new Set<string>(), running, crashed: never, rages: false };
  await postSample(world, running);
  for (const fault of hostileMix(one, String(seed))) world.sim.standIns.faults.add(fault);
  storm.rages = true;
  await startAgain(storm);
  return storm;
}

/** A process that may die at every step. */
async function startAgain(storm: Storm): Promise<void> {
  let crash: () => void = () => undefined;
  storm.crashed = new Promise((resolve) => (crash = resolve));
  const reach = (): Promise<void> => {
    if (!storm.rages || !storm.chance.is(CRASH)) return Promise.resolve();
    crash();
    return new Promise(() => undefined);
  };
  storm.running = await storm.world.start({ failpoints: { reach } });
}

/** One round of the worker, or as far as it comes before the process dies. */
async function round(storm: Storm): Promise<void> {
  const working = storm.running.worker.tick().then(() => 'alive' as const);
  const end = await Promise.race([working, storm.crashed]);
  if (end === 'alive') return;
  const left = (await storm.world.rows()).filter(({ state }) => state === 'SENDING');
  for (const { key } of left) storm.died.add(key);
  await startAgain(storm);
}

/** Ends when nothing waits to be sent for the first time. */
async function rage(storm: Storm): Promise<void> {
  const { world, chance } = storm;
  for (let count = 0; count < ROUNDS_MAX; count += 1) {
    await round(storm);
    await expectOpenOnly(storm);
    if ((await world.rows()).every(({ state }) => !['READY', 'SENDING'].includes(state))) break;
    if (chance.is(REVOKED)) world.sim.standIns.revokeTokens();
    world.clock.advanceMs(chance.next() * 2 * MINUTE_MS);
  }
  storm.rages = false;
  world.sim.standIns.faults.clear();
}

const IN_DOUBT: readonly string[] = ['UNKNOWN', 'NEEDS_PERSON'];

/** Uncertain is only what the stand-in's own truth left open. */
async function expectOpenOnly(storm: Storm): Promise<void> {
  for (const row of await storm.world.rows()) {
    if (!IN_DOUBT.includes(row.state) || storm.died.has(row.key)) continue;
    const { ref, state, reason } = row;
    const isLeftOpen = createsOf(storm.world, row).some(isOpen) || wasReadBackSpoiled(storm, row);
    expect({ ref, state, reason, isLeftOpen }).toMatchObject({ isLeftOpen: true });
  }
}

function createsOf({ one, sim }: EngineWorld, { ref }: PostingRow): readonly Exchange[] {
  const path = new RegExp(`^(/v1)?${one.create.path.split('*').join('.*')}$`);
  return sim.standIns
    .exchanges()
    .filter((exchange) => exchange.method === one.create.method && path.test(exchange.path))
    .filter(({ requestBody }) => JSON.stringify(requestBody).includes(ref));
}

/** It is there and its id is known, but what the books hold could not be read and compared. */
const wasReadBackSpoiled = ({ world }: Storm, { reason }: PostingRow): boolean =>
  reason.startsWith('created as') &&
  world.sim.standIns.exchanges().some(({ method, fault }) => method === 'GET' && fault !== null);

const wasDoubled = (world: EngineWorld, row: PostingRow): boolean =>
  createsOf(world, row).some(({ fault }) => fault === 'twice');

/** The worker goes on, and a careful person does what the screen says where one is asked. */
async function calmDown(storm: Storm, withPerson: boolean): Promise<void> {
  const { world } = storm;
  for (let minute = 0; minute < CALM_MINUTES; minute += 1) {
    await round(storm);
    const rows = await world.rows();
    if (rows.every(isSettled)) return;
    if (withPerson) for (const row of rows) await careFor(storm, row);
    world.clock.advanceMs(MINUTE_MS);
  }
}

const isSettled = ({ state }: PostingRow): boolean => ['POSTED', 'CONFLICT'].includes(state);

async function careFor(storm: Storm, row: PostingRow): Promise<void> {
  if (row.state !== 'NEEDS_PERSON') return;
  try {
    await actions(storm.running).decide({ id: row.batch }, row.key, 'send again');
  } catch (error) {
    // The screen says from when on; the person comes back.
    if (!(error instanceof AppError) || error.code !== 'TOO_EARLY') throw error;
  }
}

/** Nothing lost, nothing twice, to the cent and the line. */
function expectEachOnce({ one, sim }: EngineWorld, rows: readonly PostingRow[], isDoubled: (row: PostingRow) => boolean): void {
  const truth = one.truth(sim);
  for (const row of rows) {
    const { lines, total } = JSON.parse(row.content) as { lines: { quantity: string; amount: string }[]; total: string };
    const own = truth.filter(({ customerId }) => customerId === row.customer_id);
    const wanted = { subtotal: Number(total), lines: lines.map(({ quantity, amount }) => [Number(quantity), Number(amount)]) };
    const found = own.map((document) => ({ subtotal: Number(document.subtotal), lines: document.lines.map(({ quantity, amount }) => [Number(quantity), Number(amount)]) }));
    expect({ ref: row.ref, found }).toEqual({ ref: row.ref, found: isDoubled(row) ? [wanted, wanted] : [wanted] });
  }
} // prettier-ignore

describe.each(CASES.map((one) => [one.system.id, one] as const))('%s', (_id, one) => {
  it.each(SEEDS)('settles under the hostile mix, MCC_HOSTILE_SEED=%i', async (seed) => {
    const storm = await openStorm(one, seed);
    const { world } = storm;
    await rage(storm);
    const before = await world.rows();
    expect(before).toHaveLength(40);
    const isStrong = world.system.facility.resend === 'after evidence';
    await calmDown(storm, false);
    const calm = await world.rows();
    for (const row of calm.filter((each) => !isSettled(each))) await expectWaits(storm, row, isStrong);
    await calmDown(storm, true);
    const rows = await world.rows();
    const isDoubled = (row: PostingRow): boolean => world.system.facility.kind === 'none' && wasDoubled(world, row);
    expect(rows.filter((row) => row.state !== (isDoubled(row) ? row.state : 'POSTED'))).toEqual([]);
    expectEachOnce(world, rows, isDoubled);
    await expectSweptAway(storm, rows.filter(isDoubled));
    await expectKeptUnderEmptyLists(storm);
  });
}); // prettier-ignore

/** Where a person has to decide, the evidence is complete; elsewhere nobody has to. */
async function expectWaits({ running }: Storm, row: PostingRow, isStrong: boolean): Promise<void> {
  const { ref, state, reason } = row;
  expect({ ref, state, reason, mayWait: !isStrong }).toMatchObject({ state: 'NEEDS_PERSON', mayWait: true });
  const evidence = await running.engine.store.evidenceOf([row.key]);
  expect({ ref, missing: missingEvidence(row, evidence, running.engine.clock.now()) }).toEqual({ ref, missing: null });
} // prettier-ignore

/** What the network doubled in books that take copies is found; nothing else is reported. */
async function expectSweptAway({ running }: Storm, doubled: readonly PostingRow[]): Promise<void> {
  const swept = await sweep(running.engine);
  expect(swept.failed).toBeNull();
  const findings = JSON.parse(swept.findings) as readonly Finding[];
  const expected = doubled.filter(({ state }) => state === 'POSTED').map(({ ref }) => `duplicate ${ref}`);
  expect(findings.map(({ kind, ref }) => `${kind} ${String(ref)}`)).toEqual(expected);
} // prettier-ignore

/** A list that is suddenly empty takes nothing away: what is gone is asked for by its own address. */
async function expectKeptUnderEmptyLists({ world, running }: Storm): Promise<void> {
  const before = (await world.rows()).map(({ state }) => state);
  const system = world.one.standIn;
  world.sim.standIns.faults.add(FaultSchema.parse({ system, fault: 'empty-list' }));
  await sweep(running.engine);
  expect((await world.rows()).map(({ state }) => state)).toEqual(before);
}
