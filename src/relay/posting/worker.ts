/**
 * The one worker of a books connection: looks for what is in doubt, then sends what is ready, one
 * invoice at a time. tick() does all that is due now and says when there is more; the loop around
 * it only waits. A simulator calls tick() itself.
 */
import type { Instant } from '../../core/billing-period.ts';
import { AppError, type ErrorCode } from '../../core/errors.ts';
import { addMinutes, millisecondsBetween } from '../clock.ts';
import type { BatchHead, PostingRow } from '../store/posting.ts';
import { doubtAfterRestart } from './answer.ts';
import { checkCompany, isParked } from './company.ts';
import { lookAndSend } from './doubt.ts';
import { heldBecause, holdFence, instant, quietUntil, wordsOf, type Engine } from './engine.ts';
import { backOff } from './evidence.ts';
import { refuseForeignIn } from './in-books.ts';
import { checkRoom } from './machine.ts';
import { RELAY } from './ports.ts';
import { refuseSwitchedOff } from './post.ts';
import { isEnd, orPutOff } from './put-off.ts';
import { beginRecovery } from './recovery.ts';
import { workOnRecovery } from './recovery-looks.ts';
import { sendOne } from './send.ts';
import { pauseWithin } from './stop.ts';
import { expireApproval } from './staleness.ts';
import { sweep } from './sweep.ts';

export interface Worker {
  /** Takes the connection over; what was being sent is in doubt from now on. */
  recover(): Promise<void>;
  /** Everything that is due now; the next time something is due, null when nothing waits. */
  tick(): Promise<Instant | null>;
  start(): void;
  stop(): Promise<void>;
}

/** After so many tries in a row a person has to start it again (I18). */
const ATTEMPTS_MAX = 60;
/** A tick ends by itself long before; more steps would be a loop that makes no progress. */
const STEPS_MAX = 100_000;
/** A batch can take hours; so long the company is taken to be the one that answered. */
const COMPANY_MINUTES = 10;
/** The clock of sample and lab can be moved, so waiting never relies on one long timer. */
const NAP_MS = 1_000;
const IDLE_NAP_MS = 30_000;
const SWEEP_OPEN_MINUTES = 15;
const SWEEP_MINUTES = 24 * 60;

/** What the worker remembers between two steps; all of it can be forgotten safely. */
interface Memory {
  /** Batches under way, and when their company was checked since the books last failed. */
  readonly checked: Map<string, Instant>;
  awayUntil: Instant | null;
  awayTries: number;
  stopped: boolean;
  /** The recovery of this start was begun: it begins once, however often it is taken over. */
  begun: boolean;
}

export function createWorker(engine: Engine): Worker {
  const memory: Memory = {
    checked: new Map(),
    awayUntil: null,
    awayTries: 0,
    stopped: false,
    begun: false,
  };
  let running: Promise<Instant | null> = Promise.resolve(null);
  let loop: Promise<void> | null = null;
  const tick = (): Promise<Instant | null> => {
    running = running.catch(() => null).then(() => tickOnce(engine, memory));
    return running;
  };
  return {
    async recover() {
      await recover(engine);
      if (engine.restored && !memory.begun) await beginRecovery(engine, engine.restored);
      memory.begun = true;
    },
    tick,
    start() {
      loop ??= runLoop(engine, memory, tick);
    },
    async stop() {
      memory.stopped = true;
      engine.scheduler.wake();
      await loop;
      await running.catch(() => null);
    },
  };
}

async function recover(engine: Engine): Promise<void> {
  const { connection } = engine.books;
  engine.lease.fence = await engine.store.transaction((transaction) =>
    transaction.takeOverConnection(connection, engine.lease.holder),
  );
  await doubtEverythingSending(engine);
}

async function runLoop(
  engine: Engine,
  memory: Memory,
  tick: () => Promise<Instant | null>,
): Promise<void> {
  while (!memory.stopped) {
    let waitMs = NAP_MS;
    try {
      const next = await tick();
      await sweepIfDue(engine);
      waitMs = next === null ? IDLE_NAP_MS : napUntil(engine, next);
    } catch (cause) {
      if (isEnd(cause)) memory.stopped = true;
      engine.warn('posting stopped for a moment', { reason: wordsOf(cause) });
    }
    if (!memory.stopped) await engine.scheduler.wait(waitMs);
  }
}

/** Every quarter of an hour while anything is open, else once a day (posting-safety 1.7). */
async function sweepIfDue(engine: Engine): Promise<void> {
  if (quietUntil(engine) !== null) return;
  const { connection } = engine.books;
  const open = await openWork(engine);
  const isOpen = open.postings.length > 0 || open.batches.some(({ state }) => state === 'POSTING');
  const posted = await engine.store.latestPostedPeriods(connection, null, 1);
  if (!isOpen && posted.length === 0) return;
  const last = await engine.store.latestSweep(connection);
  const dueAt = last && addMinutes(instant(last.at), isOpen ? SWEEP_OPEN_MINUTES : SWEEP_MINUTES);
  if (dueAt === null || dueAt <= engine.clock.now()) await sweep(engine);
}

const napUntil = (engine: Engine, next: Instant): number =>
  Math.max(10, Math.min(NAP_MS, millisecondsBetween(engine.clock.now(), next)));

async function tickOnce(engine: Engine, memory: Memory): Promise<Instant | null> {
  const until = await recoverOn(engine, memory);
  if (until !== null) return until;
  for (let step = 0; step < STEPS_MAX && !memory.stopped; step += 1) {
    const seen = await openWork(engine);
    for (const batch of seen.batches) {
      if (batch.state === 'APPROVED') await expireApproval(engine, batch);
    }
    forgetChecked(engine, memory, seen);
    const job = nextJob(engine, memory, seen);
    if (job.kind === 'nothing') return job.until;
    const { posting } = job;
    await orPutOff(engine, posting, () => perform(engine, memory, posting));
  }
  return engine.clock.now();
}

/** The looking of a recovery, if one is under way; when to go on with it, null when it is over. */
async function recoverOn(engine: Engine, memory: Memory): Promise<Instant | null> {
  const connection = await engine.store.findConnection(engine.books.connection);
  if (connection?.recovery == null) return null;
  const quiet = quietUntil(engine);
  if (quiet !== null) return quiet;
  const now = engine.clock.now();
  if (memory.awayUntil !== null && now < memory.awayUntil) return memory.awayUntil;
  const step = await workOnRecovery(engine, connection.recovery);
  memory.awayTries = step === 'later' ? memory.awayTries + 1 : 0;
  memory.awayUntil = step === 'later' ? backOff(engine.clock.now(), memory.awayTries) : null;
  return memory.awayUntil;
}

/** Of a batch that ended or was stopped the company is asked again, should anything of it be sent. */
function forgetChecked(engine: Engine, { checked }: Memory, { batches }: OpenWork): void {
  const running = new Set(batches.flatMap(({ id, state }) => (state === 'POSTING' ? [id] : [])));
  const now = engine.clock.now();
  for (const [batch, at] of checked) {
    const age = Math.abs(millisecondsBetween(at, now));
    if (!running.has(batch) || age >= COMPANY_MINUTES * 60_000) checked.delete(batch);
  }
}

interface OpenWork {
  /** Nothing may be sent just now; what is in doubt is looked up all the same. */
  readonly isHeld: boolean;
  readonly postings: readonly PostingRow[];
  readonly batches: readonly BatchHead[];
}

async function openWork(engine: Engine): Promise<OpenWork> {
  const { connection } = engine.books;
  const states = ['SENDING', 'UNKNOWN', 'NEEDS_PERSON', 'READY'] as const;
  return {
    isHeld: (await heldBecause(engine)) !== null,
    postings: await engine.store.postingsInStates(connection, states),
    batches: await engine.store.batchHeadsInStates(connection, ['POSTING', 'APPROVED']),
  };
}

type Job =
  | { readonly kind: 'do'; readonly posting: PostingRow }
  | { readonly kind: 'nothing'; readonly until: Instant | null };

/** What was left SENDING first, then what is in doubt, then what is ready in its order. */
function nextJob(engine: Engine, memory: Memory, { isHeld, postings, batches }: OpenWork): Job {
  const now = engine.clock.now();
  const running = new Set(batches.flatMap(({ id, state }) => (state === 'POSTING' ? [id] : [])));
  const sending = postings.filter(({ state }) => state === 'SENDING');
  const left = sending.find((one) => isDue(one, now));
  if (left) return { kind: 'do', posting: left };
  const doubts = postings.filter((one) => isInDoubt(one) && one.next_at !== null);
  const ready = isHeld
    ? []
    : postings.filter((one) => one.state === 'READY' && running.has(one.batch));
  const quiet = quietUntil(engine);
  const isAway = memory.awayUntil !== null && now < memory.awayUntil;
  const due = [...doubts, ...(isAway ? [] : ready)].find((one) => isDue(one, now));
  if (due && quiet === null) return { kind: 'do', posting: due };
  const times = [...sending, ...doubts, ...ready].map((one) => one.next_at ?? now);
  return { kind: 'nothing', until: earliest(times, quiet ?? (isAway ? memory.awayUntil : null)) };
}

const isInDoubt = ({ state }: PostingRow): boolean =>
  state === 'UNKNOWN' || state === 'NEEDS_PERSON';

const isDue = (posting: PostingRow, now: Instant): boolean =>
  posting.next_at === null || posting.next_at <= now;

function earliest(times: readonly string[], notBefore: Instant | null): Instant | null {
  const first = [...times].sort()[0];
  if (first === undefined) return null;
  return instant(notBefore !== null && first < notBefore ? notBefore : first);
}

async function perform(engine: Engine, memory: Memory, posting: PostingRow): Promise<void> {
  // Only this worker sends, and it is not sending now: such a row was left behind by a stop.
  if (posting.state === 'SENDING') return doubtAfterRestart(engine, posting.key);
  if (posting.state !== 'READY') {
    await lookAndSend(engine, posting);
    return;
  }
  if (!(await isRightCompany(engine, memory, posting.batch))) return;
  const result = await sendOne(engine, posting);
  if (result === 'moved') {
    memory.awayTries = 0;
    return;
  }
  // Whether it is this invoice or the whole connection is seen by asking who the books are.
  memory.checked.delete(posting.batch);
  if (posting.attempts + 1 >= ATTEMPTS_MAX) {
    await pause(engine, posting.batch, `${posting.ref} could not be sent ${ATTEMPTS_MAX} times`);
  }
}

/** What no waiting mends: a person has to do something, then post again. */
const STOPPING: readonly ErrorCode[] = ['LEDGER_CONFLICT', 'SETUP_MISSING'];

/**
 * Before the first send of a batch, every ten minutes of it, and again after a start and whenever
 * the books failed or were parked: the right company (F29), and nobody else posting there (F34).
 */
async function isRightCompany(engine: Engine, memory: Memory, batch: string): Promise<boolean> {
  if (memory.checked.has(batch) && !(await isParked(engine))) return true;
  try {
    refuseSwitchedOff(engine);
    checkRoom(engine);
    await checkCompany(engine, RELAY);
    const head = await engine.store.findBatchHead(batch);
    if (head) await refuseForeignIn(engine, head.period);
    memory.checked.set(batch, engine.clock.now());
    memory.awayUntil = null;
    await engine.reach('posting.batch-started');
    return true;
  } catch (cause) {
    if (cause instanceof AppError && STOPPING.includes(cause.code)) {
      await pause(engine, batch, cause.message);
      return false;
    }
    if (isEnd(cause)) throw cause;
    memory.awayTries += 1;
    memory.awayUntil = backOff(engine.clock.now(), memory.awayTries);
    if (memory.awayTries >= ATTEMPTS_MAX) await pause(engine, batch, wordsOf(cause));
    return false;
  }
}

async function pause(engine: Engine, id: string, reason: string): Promise<void> {
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const batch = await transaction.findBatchHead(id);
    if (batch?.state !== 'POSTING') return;
    await pauseWithin(engine, transaction, batch, { asker: RELAY, reason });
  });
}

async function doubtEverythingSending(engine: Engine): Promise<void> {
  const left = await engine.store.postingsInStates(engine.books.connection, ['SENDING']);
  for (const posting of left) await doubtAfterRestart(engine, posting.key);
}
