/**
 * A month with many invoices and several persons at once (R2): each edits, sends in, approves,
 * posts, pauses, withdraws, decides and comes too late, while machine, network and books fail.
 */
import type { Draft, DraftInvoice } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import { sweep } from '../../src/relay/posting/sweep.ts';
import type { BatchRow, PostingRow } from '../../src/relay/store/posting.ts';
import { draftFor } from './drafts.ts';
import { checkEnd, checkNow, checkSwept, hold } from './invariants.ts';
import type { LedgerClass } from './ledger.ts';
import { meddle, WAYS } from './meddling.ts';
import type { Regime } from './regimes.ts';
import { careFor, outcomeOf, stateOf, type Outcome } from './schedule.ts';
import { openWorld, wakeTheDead, work } from './world.ts';
import type { World } from './world-model.ts';

/** Mostly a few, for what goes wrong between two goes wrong between forty; and forty at times. */
const CLIENTS = [3, 3, 4, 3, 5, 3, 4, 8, 3, 40, 3, 4, 3, 5, 3, 4, 3, 6, 3, 12] as const;
const PERSONS = ['Anna', 'Ben', 'Carla', 'Deniz'] as const;
const STEPS = 24;
const HOUR = 3_600_000;
/** Machines are set wrong by hand, by a zone and by summer time. */
const SKEWS_MS = [0, 0, 2 * HOUR, -2 * HOUR, HOUR, -HOUR] as const;

interface Crowd {
  readonly world: World;
  readonly persons: readonly string[];
  /** The sheet they all look at. */
  readonly sheet: Map<string, DraftInvoice>;
  /** What was sent in under each key, and the batch that came of it. */
  readonly sentIn: Map<string, { readonly body: string; readonly batch: string }>;
}

export async function runCrowd(seed: number, regime: Regime, kind: LedgerClass): Promise<Outcome> {
  const clients = CLIENTS[seed % CLIENTS.length] ?? 3;
  const world = await openWorld(seed, regime, kind, {
    clients,
    storeOn: (memory, _clock, _directory, machine) => failing(memory, machine),
  });
  const { chance } = world;
  const crowd: Crowd = {
    world,
    persons: PERSONS.slice(0, 2 + chance.below(3)),
    sheet: new Map(world.draft.invoices.map((invoice) => [invoice.clientId, invoice])),
    sentIn: new Map(),
  };
  // So that something is under way; whatever follows is chance.
  await sendIn(crowd, 'Anna');
  for (const batch of world.memory.tables.batches.values()) await approve(world, batch, 'Ben');
  for (let step = 0; step < STEPS; step += 1) await doSomething(crowd);
  await comeToRest(crowd);
  return outcomeOf(world);
}

const ACTIONS = ['edit', 'send in', 'approve', 'approve', 'post', 'post', 'tick', 'tick', 'tick', 'tick', 'decide', 'pause', 'withdraw', 'close', 'wake', 'meddle', 'machine'] as const; // prettier-ignore

async function doSomething(crowd: Crowd): Promise<void> {
  const { world } = crowd;
  const { chance, clock } = world;
  const action = chance.pick(ACTIONS);
  world.trace.push(`- ${action}`);
  await act(crowd, action);
  clock.advance(chance.next() ** 3 * 20 * 60_000);
  check(crowd);
}

async function act(crowd: Crowd, action: (typeof ACTIONS)[number]): Promise<void> {
  const { world } = crowd;
  const { chance, memory, machine } = world;
  const person = chance.pick(crowd.persons);
  const batch = pickOr(world, [...memory.tables.batches.values()]);
  const row = pickOr(world, [...memory.tables.postings.values()]);
  switch (action) {
    case 'edit':
      edit(crowd);
      return;
    case 'send in':
      return sendIn(crowd, person);
    case 'tick':
      return attempt(world, ({ worker }) => worker.tick());
    case 'approve':
      if (batch) await approve(world, batch, person);
      return;
    case 'post':
      if (batch) await post(world, batch, person, chance.pick(['one key', `${person} ${String(world.trace.length)}`])); // prettier-ignore
      return;
    case 'pause':
    case 'withdraw':
      if (batch) await stop(world, batch, person, action);
      return;
    case 'decide':
      if (row) await decide(world, row, person);
      return;
    case 'close':
      return close(world, chance.pick([...crowd.sheet.keys()]), person);
    case 'wake':
      return wakeTheDead(world);
    case 'meddle':
      if (row) meddle(world, chance.pick(WAYS));
      return;
    case 'machine':
      machine.skewMs = chance.pick(SKEWS_MS);
      machine.isFull = chance.is(0.3);
  }
}

/** One client's lines change on the sheet, as they do until the last minute. */
function edit({ world, sheet }: Crowd): void {
  const drawn = world.chance.pick(draftFor(sheet.size, world.chance).invoices);
  sheet.set(drawn.clientId, drawn);
}

/** The whole month or a part; at times under a key that was used before (I15). */
async function sendIn(crowd: Crowd, person: string): Promise<void> {
  const { world, sheet, sentIn } = crowd;
  const { chance } = world;
  const isPart = chance.is(0.4);
  const invoices = [...sheet.values()].filter(() => !isPart || chance.is(0.5));
  const used = pickOr(world, [...sentIn.keys()]);
  const key = used !== null && chance.is(0.2) ? used : `${person} ${String(world.trace.length)}`;
  const draft: Draft = { ...world.draft, invoices };
  const known = sentIn.get(key);
  await attempt(world, async ({ posting }) => {
    const body = JSON.stringify(draft);
    try {
      const batch = await posting.handlers.submit({ ...asked(person), body: { key, draft } });
      hold(!known || (known.body === body && known.batch === batch.id), 'I15: a key was taken for two drafts');
      sentIn.set(key, { body, batch: batch.id });
      world.drafts.set(batch.id, draft);
    } catch (refused) {
      hold(!known || known.body !== body || !(refused instanceof AppError), 'I15: a repeated draft was refused');
      throw refused;
    }
  });
} // prettier-ignore

/** As the person saw the batch; at times that was a moment ago. */
function approve(world: World, batch: BatchRow, person: string): Promise<void> {
  const version = batch.version - (world.chance.is(0.1) ? 1 : 0);
  const digest = world.chance.is(0.05) ? batch.digest.toUpperCase() : batch.digest;
  return attempt(world, ({ posting }) =>
    posting.handlers.approve({
      ...asked(person),
      params: { batch: batch.id },
      body: { digest, version },
    }),
  );
}

function post(world: World, batch: BatchRow, person: string, key: string): Promise<void> {
  const call = { ...asked(person), params: { batch: batch.id }, body: { key, digest: batch.digest } }; // prettier-ignore
  const times = 1 + world.chance.below(3);
  return attempt(world, async ({ posting }) => {
    const answers = await Promise.allSettled(
      Array.from({ length: times }, () => posting.handlers.post(call)),
    );
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason;
  });
}

function stop(world: World, batch: BatchRow, person: string, how: 'pause' | 'withdraw') {
  const call = { ...asked(person), params: { batch: batch.id }, body: { reason: 'a question' } };
  return attempt(world, ({ posting }) =>
    how === 'pause' ? posting.handlers.pause(call) : posting.handlers.cancel(call),
  );
}

function decide(world: World, row: PostingRow, person: string): Promise<void> {
  const choice = world.chance.pick(['look again', 'send again', 'retry', 'give up'] as const);
  const params = { batch: row.batch, key: row.key };
  return attempt(world, ({ posting }) =>
    posting.handlers.decide({ ...asked(person), params, body: { choice } }),
  );
}

function close(world: World, client: string, person: string): Promise<void> {
  const params = { period: world.draft.period, client };
  return attempt(world, ({ posting }) =>
    posting.handlers.closeClient({ ...asked(person), params, body: { reason: 'nothing to bill' } }),
  );
}

const asked = (person: string) => ({ query: {}, params: {}, person, requestId: person });

const pickOr = <Value>({ chance }: World, values: readonly Value[]): Value | null =>
  values.length === 0 ? null : chance.pick(values);

/** A refusal is an answer, also that of a full disk; whatever else is thrown is a defect. */
const attempt = (
  world: World,
  action: (running: World['running']) => Promise<unknown>,
): Promise<void> =>
  work(world, (running) => action(running).catch((error: unknown) => {
    if (!(error instanceof AppError)) onlyFull(world)(error);
  })); // prettier-ignore

class DiskFull extends Error {}

const onlyFull = (world: World) => (error: unknown): null => {
  if (error instanceof DiskFull) return null;
  world.broken ??= error;
  return null;
}; // prettier-ignore

/** Nothing is written on a full disk, and nothing of it half. */
const failing = (memory: World['memory'], machine: World['machine']): World['store'] => ({
  ...memory,
  transaction: (todo) =>
    machine.isFull ? Promise.reject(new DiskFull('no space left')) : memory.transaction(todo),
});

function check({ world }: Crowd): void {
  checkNow(world);
  const ours = new Map<string, Set<string>>();
  for (const { client_id: client, marker, key } of world.memory.tables.postings.values()) {
    if (!world.doubled.has(key)) ours.set(client, (ours.get(client) ?? new Set()).add(marker));
  }
  const standing = world.ledger.truth().filter(({ voided }) => !voided);
  for (const [client, markers] of ours) {
    const held = standing.filter(({ marker }) => marker !== null && markers.has(marker)).length;
    hold(held <= 1, `I1: ${client} has ${String(held)} invoices for one month`);
  }
}

/** Everything works again: what is approved is posted, a careful person looks after the rest. */
async function comeToRest(crowd: Crowd): Promise<void> {
  const { world } = crowd;
  const { clock, ledger, machine, memory } = world;
  machine.skewMs = 0;
  machine.isFull = false;
  await wakeTheDead(world);
  world.calm = true;
  ledger.downUntil = 0;
  ledger.closed = false;
  const end = clock.nowMs() + 4 * HOUR;
  while (clock.nowMs() < end && !isAtRest(world)) {
    for (const batch of memory.tables.batches.values()) await finish(world, batch);
    await work(world, ({ worker }) => worker.tick());
    voidReplaced(world);
    for (const row of memory.tables.postings.values()) await careFor(world, row);
    check(crowd);
    clock.advance(9 * 60_000);
  }
  clock.advance(ledger.kind.landsWithinMs + ledger.kind.lookupLagMs + ledger.extraLagMs);
  check(crowd);
  checkEnd(world);
  const before = stateOf(world);
  await sweep(world.running.engine);
  checkSwept(world, before);
}

/** An approval that ended is withdrawn, so that its clients are free. */
async function finish(world: World, batch: BatchRow): Promise<void> {
  if (batch.state === 'APPROVED' || batch.state === 'PAUSED')
    await post(world, batch, 'Anna', `rest ${String(batch.version)}`);
  const now = world.memory.tables.batches.get(batch.id);
  if (now?.state === 'STALE' || now?.state === 'APPROVED') await stop(world, now, 'Anna', 'withdraw'); // prettier-ignore
}

/** "Void it there first": what a newer approval has replaced, and the books still hold. */
function voidReplaced({ memory, ledger, touched }: World): void {
  for (const { state, marker } of memory.tables.postings.values()) {
    if (state !== 'SUPERSEDED') continue;
    for (const { id } of ledger.truth().filter((one) => one.marker === marker && !one.voided)) {
      touched.add(id);
      ledger.edit(id, { voided: true });
    }
  }
}

const AT_REST: readonly string[] = ['POSTED', 'SUPERSEDED', 'MISMATCH', 'CONFLICT', 'CANCELLED'];

const isAtRest = ({ memory }: World): boolean =>
  [...memory.tables.postings.values()].every(
    ({ state, block }) => AT_REST.includes(state) || (state === 'BLOCKED' && block !== 'books'),
  ) &&
  [...memory.tables.batches.values()].every(
    ({ state }) => state === 'SUBMITTED' || state === 'CANCELLED' || state.startsWith('COMPLETED'),
  );
