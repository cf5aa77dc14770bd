/**
 * kill -9 of the real relay again and again on one data folder, at places and at random moments,
 * while the books of another process count what arrived (posting-safety 3.1 R6).
 */
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Batch, Draft } from '../../../src/contract/contract.ts';
import { shiftPeriod } from '../../../src/core/billing-period.ts';
import { FAILPOINTS, type FailpointName } from '../../../src/relay/posting/ports.ts';
import { chanceOf } from '../../simulation/random.ts';
import { draftFor, expectOnce, OCTOBER } from '../small-month.ts';
import { openRealMonth, type RealMonth, type RealRelay } from './real-month.ts';

export interface KillPlan {
  /** How often each failpoint of the posting path strikes. */
  readonly perFailpoint: number;
  readonly atRandom: number;
  readonly seed: number;
}

export interface KillReport {
  readonly atFailpoints: Readonly<Record<string, number>>;
  readonly atRandom: number;
  /** Invoices of which a restart found that nobody knew whether they had left. */
  readonly inDoubt: number;
  readonly invoices: number;
}

type Posting = Batch['postings'][number];

const CLIENTS = 25;
/** Fewer than this are left: the next month is approved and posted too. */
const READY_MIN = 12;
const TRIES_MAX = 3_000;
const STRIKES_WITHIN_MS = 200;
/** Reached once in the life of a process, or once for each doubt. */
const ONCE: readonly FailpointName[] = [
  'posting.batch-started',
  'posting.doubt-looked-up',
  'posting.decided',
];
/** In this order each place finds what it needs: a doubt to look up, a doubt to decide. */
const ORDER: readonly FailpointName[] = [
  'posting.batch-started',
  'posting.picked',
  'posting.looked-up',
  'posting.intent-written',
  'posting.doubt-looked-up',
  'posting.before-send',
  'posting.decided',
  'posting.after-send',
  'posting.read-back',
  'posting.result-stored',
];

interface Run {
  readonly month: RealMonth;
  readonly batches: { readonly id: string; readonly digest: string; readonly draft: Draft }[];
  readonly done: Set<string>;
  /** What was true when the process was killed. */
  sending: ReadonlySet<string>;
  posted: ReadonlySet<string>;
  inBooks: ReadonlySet<string>;
  inDoubt: number;
}

export async function killAgainAndAgain(plan: KillPlan): Promise<KillReport> {
  expect([...ORDER].sort()).toEqual([...FAILPOINTS].sort());
  const none: ReadonlySet<string> = new Set();
  const month = await openRealMonth(CLIENTS);
  const run: Run = { month, batches: [], done: new Set(), sending: none, posted: none, inBooks: none, inDoubt: 0 }; // prettier-ignore
  const atFailpoints: Record<string, number> = {};
  try {
    for (let round = 1; round <= plan.perFailpoint; round += 1) {
      for (const name of ORDER) {
        await killAt(run, name, ONCE.includes(name) ? 1 : ((round - 1) % 3) + 1);
        atFailpoints[name] = (atFailpoints[name] ?? 0) + 1;
      }
    }
    await killAtRandom(run, plan);
    await comeToRest(run);
    const drafts = run.batches.map(({ draft }) => draft);
    const invoices = drafts.flatMap((draft) => draft.invoices);
    expectOnce(await month.truth(), { ...draftFor([]), invoices });
    return { atFailpoints, atRandom: plan.atRandom, inDoubt: run.inDoubt, invoices: invoices.length };
  } finally {
    await month.stop();
  }
} // prettier-ignore

async function killAt(run: Run, name: FailpointName, nth: number): Promise<void> {
  const relay = await run.month.start({ failpoints: { [name]: nth } });
  await checkRestart(run, relay);
  if (name === 'posting.decided') await decideOne(run, relay);
  else await provideWork(run, relay);
  const isHanging = async (): Promise<boolean> => {
    const { hanging } = await relay.good<{ hanging: string[] }>('GET', '/_test/failpoints');
    return hanging.includes(name);
  };
  await until(`the relay hangs at ${name}`, isHanging, 20);
  const postings = await postingsOf(run, relay);
  run.sending = keysIn(postings, ['SENDING']);
  run.posted = keysIn(postings, ['POSTED']);
  run.inDoubt += run.sending.size;
  await relay.kill();
  await checkTruth(run);
}

async function killAtRandom(run: Run, { atRandom, seed }: KillPlan): Promise<void> {
  const chance = chanceOf(seed);
  let startMs = 1_000;
  for (let kill = 0; kill < atRandom; kill += 1) {
    run.sending = new Set();
    if (kill % 5 === 4) {
      await run.month.startAndKill(chance.next() * startMs);
    } else {
      const before = performance.now();
      const relay = await run.month.start();
      startMs = performance.now() - before;
      await checkRestart(run, relay);
      await provideWork(run, relay);
      run.posted = keysIn(await postingsOf(run, relay), ['POSTED']);
      await setTimeout(chance.next() * STRIKES_WITHIN_MS);
      await relay.kill();
    }
    await checkTruth(run);
  }
}

/** Nothing is there twice, dead or alive. */
async function checkTruth(run: Run): Promise<void> {
  const { invoices } = await run.month.truth();
  const refs = invoices.map(({ refNumber }) => refNumber);
  expect(new Set(refs).size).toBe(refs.length);
  run.inBooks = new Set(refs);
}

/** What was in the air is in doubt or found; what is in the books is not said to be missing. */
async function checkRestart(run: Run, relay: RealRelay): Promise<void> {
  const postings = await postingsOf(run, relay);
  const shown = (posting: Posting): string => `${posting.ref ?? ''} ${posting.state}`;
  const isKnown = ({ state }: Posting): boolean => /^(UNKNOWN|NEEDS_PERSON|POSTED)$/.test(state);
  const inTheAir = postings.filter(({ key }) => run.sending.has(key));
  expect(inTheAir.length).toBe(run.sending.size);
  expect(inTheAir.filter((one) => !isKnown(one)).map(shown)).toEqual([]);
  const there = postings.filter(({ ref }) => ref !== null && run.inBooks.has(ref));
  expect(there.filter((one) => !isKnown(one)).map(shown)).toEqual([]);
  const kept = postings.filter(({ key }) => run.posted.has(key));
  expect(kept.filter(({ state }) => state !== 'POSTED').map(shown)).toEqual([]);
}

async function provideWork(run: Run, relay: RealRelay): Promise<void> {
  const open = await openBatches(run, relay);
  for (const { id, digest, state, version } of open) {
    if (state === 'PAUSED') await relay.good('POST', `/api/batches/${id}/post`, { key: `post-${id}-${String(version)}`, digest });
  }
  const ready = keysIn(open.flatMap(({ postings }) => postings), ['READY']);
  if (ready.size >= READY_MIN) return;
  const period = shiftPeriod(OCTOBER, -run.batches.length);
  const draft = { ...draftFor(run.month.customers, `${period}.xlsx`), period };
  const { id, digest, version } = await relay.good<Batch>('POST', '/api/batches', { key: period, draft });
  run.batches.push({ id, digest, draft });
  await relay.good('POST', `/api/batches/${id}/approve`, { digest, version });
  await relay.good('POST', `/api/batches/${id}/post`, { key: `post-${id}`, digest });
} // prettier-ignore

/** A person waits until it may be decided and says that it is not there; the answer never comes. */
async function decideOne(run: Run, relay: RealRelay): Promise<void> {
  for (const { id, state } of await openBatches(run, relay)) {
    if (state === 'POSTING')
      await relay.ask('POST', `/api/batches/${id}/pause`, { reason: 'wait' });
  }
  const find = async (): Promise<Posting | undefined> =>
    (await postingsOf(run, relay)).find(({ state }) => state === 'NEEDS_PERSON');
  await until('somebody has to decide', async () => (await find()) !== undefined);
  await relay.good('POST', '/_test/clock', { advanceMinutes: 31 });
  await until('it was looked for again', async () => {
    const { lastLookupAt, decideFrom } = (await find()) ?? {};
    return lastLookupAt != null && decideFrom != null && lastLookupAt >= decideFrom;
  });
  // The decision's own look is the second that counts.
  await relay.good('POST', '/_test/clock', { advanceMinutes: 2 });
  const { key = '' } = (await find()) ?? {};
  const batch = (await openBatches(run, relay)).find(({ postings }) => postings.some((one) => one.key === key)); // prettier-ignore
  const path = `/api/batches/${batch?.id ?? ''}/postings/${key}/decide`;
  relay.ask('POST', path, { choice: 'send again' }).catch(() => undefined);
}

/** The last start: everything is finished, by itself or by a person who looks. */
async function comeToRest(run: Run): Promise<void> {
  const relay = await run.month.start();
  await checkRestart(run, relay);
  await until('every invoice is posted', async () => {
    const open = await openBatches(run, relay);
    for (const batch of open) await careFor(relay, batch);
    return open.length === 0;
  });
  await relay.stop();
}

async function careFor(relay: RealRelay, batch: Batch): Promise<void> {
  const path = `/api/batches/${batch.id}`;
  if (batch.state === 'PAUSED') {
    const key = `post-${batch.id}-${String(batch.version)}`;
    await relay.good('POST', `${path}/post`, { key, digest: batch.digest });
  }
  const waiting = batch.postings.filter(({ state }) => state === 'NEEDS_PERSON');
  if (waiting.length === 0) return;
  const answers = waiting.map(({ key }) =>
    relay.ask('POST', `${path}/postings/${key}/decide`, { choice: 'send again' }),
  );
  const tooEarly = (await Promise.all(answers)).some(({ status }) => status !== 200);
  if (tooEarly) await relay.good('POST', '/_test/clock', { advanceMinutes: 16 });
}

/** Those that are not completed; a completed one never opens again. */
async function openBatches(run: Run, relay: RealRelay): Promise<Batch[]> {
  const ids = run.batches.map(({ id }) => id).filter((id) => !run.done.has(id));
  const seen = await Promise.all(ids.map((id) => relay.good<Batch>('GET', `/api/batches/${id}`)));
  for (const { id, state } of seen) if (state === 'COMPLETED') run.done.add(id);
  return seen.filter(({ state }) => state !== 'COMPLETED');
}

const postingsOf = async (run: Run, relay: RealRelay): Promise<Posting[]> => {
  const ids = run.batches.map(({ id }) => id).filter((id) => !run.done.has(id));
  const seen = await Promise.all(ids.map((id) => relay.good<Batch>('GET', `/api/batches/${id}`)));
  return seen.flatMap(({ postings }) => postings);
};

const keysIn = (postings: readonly Posting[], states: readonly string[]): ReadonlySet<string> =>
  new Set(postings.filter(({ state }) => states.includes(state)).map(({ key }) => key));

/** Fifty reads a second are allowed to a person; places to hang are no reads. */
async function until(what: string, isSo: () => Promise<boolean>, everyMs = 150): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (await isSo()) return;
    await setTimeout(everyMs);
  }
  throw new Error(`It never came to this: ${what}.`);
}
