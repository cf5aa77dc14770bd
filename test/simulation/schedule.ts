/** One schedule: approve, post, then chaos, then calm; whatever broke is thrown with its words. */
import { AppError } from '../../src/core/errors.ts';
import type { InvoiceContent } from '../../src/core/model.ts';
import type { PostingHandlers } from '../../src/relay/handlers.ts';
import { compareFields, isEqual } from '../../src/relay/posting/differences.ts';
import { keysOf } from '../../src/relay/posting/engine.ts';
import type { PostingRow } from '../../src/relay/store/posting.ts';
import { sweep } from '../../src/relay/posting/sweep.ts';
import { checkEnd, checkNow, checkSwept, hold } from './invariants.ts';
import { toInvoice, type LedgerClass } from './ledger.ts';
import { meddle, WAYS, type Meddling } from './meddling.ts';
import { SCRIPTED, type Regime } from './regimes.ts';
import { ANNA, BEN, onlyAppErrors, openWorld, wakeTheDead, work } from './world.ts';
import type { Script, World, WorldOptions } from './world-model.ts';

export interface Outcome {
  readonly states: readonly string[];
  readonly crashes: number;
  readonly sends: number;
  readonly trace: string;
}

type Batch = Awaited<ReturnType<PostingHandlers['batch']>>;
type Choice = 'look again' | 'send again' | 'it is there' | 'give up' | 'retry';

const STEPS = 8;
const HOUR = 3_600_000;
/** I18: with faults off everything settles in this time. */
const CALM_MS = 3 * HOUR;

export async function runSchedule(
  seed: number,
  regime: Regime,
  kind: LedgerClass,
  options: WorldOptions = {},
): Promise<Outcome> {
  const world = await openWorld(seed, regime, kind, options);
  const batch = await approve(world);
  putThereBefore(world);
  await work(world, () => post(world, batch));
  for (let step = 0; step < STEPS; step += 1) await chaos(world, batch);
  await comeToRest(world, batch);
  return outcomeOf(world);
}

export function outcomeOf(world: World): Outcome {
  const { postings } = world.memory.tables;
  return {
    states: [...postings.values()].map(({ state }) => state),
    crashes: world.crashes,
    sends: world.sent.length,
    trace: world.trace.join('\n'),
  };
}

/** One thing that happens in a scripted run; a property test makes these up and shrinks them. */
export type Action =
  | ({ readonly does: 'tick' } & Script)
  | { readonly does: 'wait'; readonly minutes: number }
  | { readonly does: 'decide'; readonly which: number; readonly choice: Choice }
  | { readonly does: 'post' }
  | { readonly does: 'wake the dead' }
  | { readonly does: 'meddle'; readonly way: Meddling };

/** The same invariants under a list of actions that somebody else thought of. */
export async function runScript(
  seed: number,
  kind: LedgerClass,
  script: readonly Action[],
): Promise<Outcome> {
  const world = await openWorld(seed, SCRIPTED, kind);
  const batch = await approve(world);
  await work(world, () => post(world, batch));
  for (const action of script) {
    await act(world, batch, action);
    world.clock.advance(1_000);
    checkNow(world);
  }
  await comeToRest(world, batch);
  return outcomeOf(world);
}

async function act(world: World, batch: Batch, action: Action): Promise<void> {
  switch (action.does) {
    case 'tick':
      world.script = action;
      await work(world, ({ worker }) => worker.tick());
      world.script = null;
      return;
    case 'wait':
      world.clock.advance(action.minutes * 60_000);
      return;
    case 'decide': {
      const rows = [...world.memory.tables.postings.values()];
      const row = rows[action.which % rows.length];
      return row && decide(world, row, action.choice);
    }
    case 'post':
      return work(world, () => post(world, batch));
    case 'wake the dead':
      return wakeTheDead(world);
    case 'meddle':
      meddle(world, action.way);
  }
}

const asked = { query: {}, params: {} };

async function approve(world: World): Promise<Batch> {
  const { handlers } = world.running.posting;
  const batch = await handlers.submit({ ...asked, ...ANNA, body: { key: 'key', draft: world.draft } });
  world.batch = batch.id;
  world.drafts.set(batch.id, world.draft);
  const decision = { ...asked, params: { batch: batch.id }, body: { digest: batch.digest, version: batch.version } };
  if (!world.policy.twoPersons) return handlers.approve({ ...decision, ...ANNA });
  const refused = await handlers.approve({ ...decision, ...ANNA }).catch(onlyAppErrors);
  hold(refused instanceof AppError && refused.code === 'NOT_ALLOWED', 'I10: who prepared it may approve it');
  return handlers.approve({ ...decision, ...BEN });
} // prettier-ignore

/** As the pane does: under a key that is a new one after every pause. */
const post = (world: World, batch: Batch): Promise<unknown> => {
  const { version = 0 } = world.memory.tables.batches.get(batch.id) ?? {};
  return world.running.posting.handlers.post({
    ...asked, ...ANNA, params: { batch: batch.id }, body: { key: `post-${String(version)}`, digest: batch.digest },
  });
}; // prettier-ignore

/** A forgotten intent, a restored backup, or a stranger's document under our number. */
function putThereBefore(world: World): void {
  const { chance, regime, ledger, clock } = world;
  for (const row of world.memory.tables.postings.values()) {
    if (!chance.is(regime.alreadyThere)) continue;
    const content = JSON.parse(row.content) as InvoiceContent;
    const keys = keysOf(row);
    if (chance.is(0.8)) ledger.arrive({ content, keys, at: clock.nowMs(), changedBy: 0, upsert: false });
    else ledger.typeByHand({ ...toInvoice(content, keys, 900), marker: null });
  }
  // A search that lags cannot show what landed a moment ago; no protocol could see that.
  clock.advance(ledger.kind.lookupLagMs + ledger.extraLagMs);
} // prettier-ignore

async function chaos(world: World, batch: Batch): Promise<void> {
  const { chance, clock } = world;
  const dice = chance.next();
  if (dice < 0.55) await work(world, ({ worker }) => worker.tick());
  else if (dice < 0.62) await work(world, () => post(world, batch));
  else if (dice < 0.72) await wakeTheDead(world);
  else await decideSomething(world);
  if (chance.is(world.regime.meddling)) meddle(world, chance.pick(WAYS));
  clock.advance(chance.next() ** 3 * 20 * 60_000);
  checkNow(world);
}

async function decideSomething(world: World): Promise<void> {
  const rows = [...world.memory.tables.postings.values()];
  const choice = world.chance.pick(['look again', 'send again', 'retry', 'give up'] as const);
  await decide(world, world.chance.pick(rows), choice);
}

function decide(world: World, row: PostingRow, choice: Choice, invoiceId?: string): Promise<void> {
  world.trace.push(`${choice} ${row.ref} (${row.state})`);
  return work(world, ({ posting }) => {
    const params = { batch: row.batch, key: row.key };
    const body = { choice, ...(invoiceId === undefined ? {} : { invoiceId }) };
    return posting.handlers.decide({ ...asked, ...BEN, params, body });
  });
}

/** The storm is over: the worker goes on, a careful person does what the screen says. */
async function comeToRest(world: World, batch: Batch): Promise<void> {
  const { clock, ledger } = world;
  await wakeTheDead(world);
  world.calm = true;
  ledger.downUntil = 0;
  ledger.closed = false;
  const end = clock.nowMs() + CALM_MS;
  while (clock.nowMs() < end && !isAtRest(world)) {
    await work(world, ({ worker }) => worker.tick());
    for (const row of world.memory.tables.postings.values()) await careFor(world, row);
    const state = world.memory.tables.batches.get(batch.id)?.state;
    if (state === 'PAUSED' || state === 'APPROVED') await work(world, () => post(world, batch));
    checkNow(world);
    clock.advance(9 * 60_000);
  }
  // What lands late has landed by now; nothing of it may be a second invoice.
  clock.advance(ledger.kind.landsWithinMs + ledger.kind.lookupLagMs + ledger.extraLagMs);
  checkNow(world);
  checkEnd(world);
  const before = stateOf(world);
  await sweep(world.running.engine);
  checkSwept(world, before);
}

export const stateOf = ({ memory }: World): ReadonlyMap<string, string> =>
  new Map([...memory.tables.postings.values()].map(({ key, state }) => [key, state]));

const isAtRest = ({ memory }: World): boolean =>
  [...memory.tables.postings.values()].every(({ state, block }) =>
    ['POSTED', 'MISMATCH', 'CONFLICT', 'CANCELLED'].includes(state) || (state === 'BLOCKED' && block !== 'books')); // prettier-ignore

/** What a careful person does about one invoice, by what the screen says. */
export async function careFor(world: World, row: PostingRow): Promise<void> {
  if (row.state === 'NEEDS_PERSON') await resolve(world, row);
  if (row.state === 'REJECTED') await decide(world, row, 'retry');
  if (row.state === 'BLOCKED' && row.block === 'books') {
    for (const [id, customer] of world.ledger.customers) world.ledger.customers.set(id, { ...customer, active: true }); // prettier-ignore
    await decide(world, row, 'retry');
  }
}

/** Looks for it in the books as a person would: by number and by eye. */
async function resolve(world: World, row: PostingRow): Promise<void> {
  const content = JSON.parse(row.content) as InvoiceContent;
  const seen = world.ledger.visible().find((one) => isEqual(compareFields(content, row, one)));
  if (seen) return decide(world, row, 'it is there', seen.id);
  await decide(world, row, 'send again');
  const now = world.memory.tables.postings.get(row.key);
  if (now?.state === 'NEEDS_PERSON') await decide(world, row, 'give up');
}
