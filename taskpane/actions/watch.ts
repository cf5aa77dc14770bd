/** The relay posts by itself: the pane looks on until it rests, and keeps sheet and audit in step. */
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import type { CloseState } from '../close-state.ts';
import { toAppError, unlessAway, type Pane } from '../pane.ts';
import { shownPostings } from '../shown-postings.ts';
import { plural } from '../words.ts';
import { fetchBatch, lookAround } from './around.ts';
import { learnStatuses } from './review.ts';
import { settle } from './settle.ts';

const LOOK_MS = 700;
const ELSEWHERE_LOOK_MS = 3_000;
/** While the relay looks for a lost one or is away for long, or a second person has to approve. */
const SLOW_LOOK_MS = 30_000;
/** A restart is over within about a minute of soon looks. */
const AWAY_SOON_MAX = 90;
/** Answers in a row that bring nothing new; after these a person presses "Refresh this list". */
const QUIET_MAX = 1_500;

interface Watcher {
  /** How often it was asked to look; asked meanwhile, it looks once more before it rests. */
  asked: number;
  /** Answers in a row that brought nothing new. */
  quiet: number;
  wake: () => void;
  ended: Promise<void>;
}

const watchers = new WeakMap<Pane, Watcher>();

/** Looks at once; whoever watches already goes on with it. Troubles are shown and never thrown. */
export function watch(pane: Pane): Promise<void> {
  const known = watchers.get(pane);
  if (known) {
    known.asked += 1;
    known.quiet = 0;
    known.wake();
    return known.ended;
  }
  const watcher: Watcher = { asked: 0, quiet: 0, wake: () => undefined, ended: Promise.resolve() };
  watchers.set(pane, watcher);
  watcher.ended = lookOn(pane, watcher).catch((error: unknown) =>
    pane.tell({ type: 'failed', error: toAppError(error) }),
  );
  return watcher.ended;
}

/** A relay that is away is waited for without end: what it has begun goes on when it is back. */
async function lookOn(pane: Pane, watcher: Watcher): Promise<void> {
  try {
    let away = 0;
    while (watcher.quiet < QUIET_MAX || pane.get().busy) {
      const { asked } = watcher;
      const before = pane.get();
      const woken = new Promise<void>((done) => (watcher.wake = done));
      const next = await lookOnce(pane);
      away = next === 'away' ? away + 1 : 0;
      watcher.quiet = next !== 'away' && isSame(before, pane.get()) ? watcher.quiet + 1 : 0;
      const pauseMs = next === 'away' ? pauseAway(away) : next;
      if (pauseMs !== null) await Promise.race([pane.outside.delay(pauseMs), woken]);
      else if (watcher.asked === asked) return;
    }
    const words =
      'Nothing has changed for a long time, so the list is not refreshed by itself any more.';
    throw new AppError('VERSION_STALE', words, { remedy: 'Press "Refresh this list".' });
  } finally {
    watchers.delete(pane);
  }
}

const pauseAway = (looks: number): number => (looks < AWAY_SOON_MAX ? LOOK_MS : SLOW_LOOK_MS);

/** A relay that is back is news, also with the same batch. */
const isSame = (before: CloseState, now: CloseState): boolean =>
  before.online && JSON.stringify(before.batch) === JSON.stringify(now.batch);

/** Until the next look; null when nothing moves by itself any more. */
async function lookOnce(pane: Pane): Promise<number | 'away' | null> {
  const { batch, online } = pane.get();
  if (!batch) return null;
  const seen = await fetchUnlessAway(pane, batch.id);
  if (online !== (seen !== null)) pane.tell({ type: 'learned', news: { online: seen !== null } });
  if (!seen) return 'away';
  // An action was answered meanwhile, or another month chosen: this answer may be older.
  if (pane.get().batch !== batch) return 0;
  learn(pane, batch, seen);
  if (!online) await lookAround(pane);
  if (isRunning(seen)) return LOOK_MS;
  try {
    if (seen.openElsewhere.some(({ state }) => state === 'READY')) await learnStatuses(pane);
    await settle(pane);
  } catch (error) {
    unlessAway(error);
    return 'away';
  }
  return pauseOf(pane, seen);
}

function learn(pane: Pane, before: Batch, batch: Batch): void {
  const isNewlyApproved = before.state === 'SUBMITTED' && batch.state === 'APPROVED';
  const words = `Approved by ${batch.approvedBy ?? ''}: ${plural(batch.postings.length, 'invoice')}.`;
  pane.tell({ type: 'learned', news: { batch, ...(isNewlyApproved ? { announced: words } : {}) } });
}

/** Soon while invoices are on their way, rarely while the relay looks for one or a person is awaited. */
function pauseOf(pane: Pane, batch: Batch): number | null {
  const { session, statuses } = pane.get();
  const free = new Set(statuses.flatMap((one) => (one.free ? one.clientId : [])));
  const isOnItsWay = ({ state, clientId }: Posting): boolean =>
    state === 'SENDING' || (state === 'READY' && !free.has(clientId));
  if (batch.openElsewhere.some(isOnItsWay)) return ELSEWHERE_LOOK_MS;
  const isLookedFor = shownPostings(batch).some(({ state }) => state === 'UNKNOWN');
  const isAwaited = batch.state === 'SUBMITTED' && session?.twoPersons === true;
  return isLookedFor || isAwaited ? SLOW_LOOK_MS : null;
}

/** Paused, what is under way still ends. */
const isRunning = (batch: Batch): boolean =>
  batch.postings.some(
    ({ state }) =>
      (state === 'SENDING' && ['POSTING', 'PAUSED'].includes(batch.state)) ||
      (state === 'READY' && batch.state === 'POSTING'),
  );

/** A relay that is away for a moment (restart) is no trouble: it goes on where it was. */
async function fetchUnlessAway(pane: Pane, id: string): Promise<Batch | null> {
  try {
    return await fetchBatch(pane, id);
  } catch (error) {
    if (['NOT_ALLOWED', 'NOT_FOUND'].includes(toAppError(error).code)) throw error;
    return null;
  }
}
