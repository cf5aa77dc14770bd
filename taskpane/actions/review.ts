/** Refresh, reading the sheet, and what a person decides about it. */
import { routes } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Decision, DryRun, Flag, PostedMonth, Snapshot } from '../../src/core/model.ts';
import type { Highlight } from '../../src/workbook/workbook.ts';
import type { Review } from '../close-state.ts';
import { decisionFor, isOpen } from '../obstacles.ts';
import { progress, toAppError, unlessAway, work, type Pane } from '../pane.ts';
import { countsOf } from '../review-rows.ts';
import { keepDecisions } from './keep.ts';
import { reading } from './reading.ts';
import { watchSyncs } from './watch-syncs.ts';
import { blockOf } from '../block.ts';
import { standingOf } from '../standing.ts';

const SETTLE_MAX_MS = 20_000;
const SETTLE_LOOK_MS = 100;
const MONTHS_BACK = '13';

/** One snapshot is fetched, ONE cell written; Excel recalculates what depends on it. */
export async function refresh(pane: Pane, sources?: readonly string[]): Promise<void> {
  await work(pane, 'Asking the sources', async () => {
    const { client, workbook, runtime } = pane.outside;
    const { period } = needed(pane);
    const body = sources ? { sources: [...sources] } : {};
    const asking = client.call(routes.refresh, { params: { period }, body });
    const asked = await watchSyncs(pane, asking);
    progress(pane, 'Fetching the counts');
    const params = { period, snapshot: asked.snapshotId };
    const snapshot: Snapshot = await client.call(routes.snapshot, { params });
    runtime.snapshots.put(snapshot);
    runtime.setWorkbook({ period, snapshotId: snapshot.id });
    pane.tell({ type: 'learned', news: { sources: asked.sources, snapshot } });
    await workbook.writeName('MCC_AsOf', `${period}|${snapshot.id}`);
    await workbook.recalculate(runtime.registry.unpinned());
    await settled(pane);
    await learnStatuses(pane);
    const review = await readAgain(pane, snapshot);
    await highlight(pane, review);
    await workbook.show(needed(pane).sheet);
    pane.tell({ type: 'went', step: 'review' });
    const late = asked.sources.filter((source) => source.state !== 'fresh').length;
    return [summary(review, late), asked.books].join(' ').trim();
  });
}

/** Reading without asking anybody: after an edit, a mapping, or when the pane opens again. */
export async function openReview(pane: Pane): Promise<void> {
  await work(pane, 'Reading the sheet', async () => {
    // Without the relay it is read as it stood last; approving asks again.
    await learnStatuses(pane).catch(unlessAway);
    const review = await readAgain(pane, await currentSnapshot(pane));
    pane.tell({ type: 'went', step: 'review' });
    return summary(review, 0);
  });
}

/** Who is taken is left out of the next approval, also in a review that stands already. */
export async function learnStatuses(pane: Pane): Promise<void> {
  const { period } = pane.get();
  if (!period) return;
  const { clients } = await pane.outside.client.call(routes.status, { params: { period } });
  pane.tell({ type: 'learned', news: { statuses: clients } });
  await redo(pane);
}

/** The sheet as it is now, with the decisions so far; replaces what the pane shows. */
async function readAgain(pane: Pane, snapshot: Snapshot): Promise<Review> {
  const review = await readNow(pane, snapshot);
  pane.tell({ type: 'learned', news: { review, changedSince: [] } });
  return review;
}

export async function readNow(pane: Pane, snapshot: Snapshot): Promise<Review> {
  const { period, sheet } = needed(pane);
  progress(pane, `Reading sheet ${sheet}`);
  const history = await historyOf(pane);
  const { readReview } = await reading();
  const { decisions } = pane.get();
  const standing = standingOf(pane.get());
  const { workbook } = pane.outside;
  return readReview({ workbook, sheet, period, snapshot, history, decisions, ...standing });
}

export async function currentSnapshot(pane: Pane): Promise<Snapshot> {
  const { runtime } = pane.outside;
  const { period } = needed(pane);
  const stamp = await runtime.workbook();
  const id = stamp.period === period ? stamp.snapshotId : null;
  const snapshot = await runtime.snapshots.get(period, id);
  pane.tell({ type: 'learned', news: { snapshot } });
  return snapshot;
}

export function decide(pane: Pane, flags: readonly Flag[], reason: string): void {
  pane.tell({
    type: 'decided',
    decisions: flags.filter(isOpen).map((flag) => decisionFor(flag, reason)),
  });
  void again(pane);
}

export function undecide(pane: Pane, decision: Decision): void {
  pane.tell({ type: 'undecided', decision });
  void again(pane);
}

export function hold(pane: Pane, clientId: string, reason: string): void {
  pane.tell({ type: 'held', clientId, reason });
  void again(pane);
}

export function release(pane: Pane, clientId: string): void {
  pane.tell({ type: 'released', clientId });
  void again(pane);
}

/** To the cell, in one key; the person comes back with F6. */
export async function goTo(pane: Pane, cell: string): Promise<void> {
  try {
    await pane.outside.workbook.select(cell);
  } catch (cause) {
    const error = new AppError('NOT_FOUND', `Cell ${cell} is not there any more.`, { cause });
    pane.tell({ type: 'failed', error });
  }
}

/** Cells refresh after the write; a pane that reads too early would read last month's numbers. */
async function settled(pane: Pane): Promise<void> {
  const { registry } = pane.outside.runtime;
  let quiet = 0;
  for (let waited = 0; waited < SETTLE_MAX_MS && quiet < 2; waited += SETTLE_LOOK_MS) {
    const open = registry.inFlight();
    quiet = open === 0 ? quiet + 1 : 0;
    if (open > 0) progress(pane, `Waiting for ${open} cells`);
    await pane.outside.delay(SETTLE_LOOK_MS);
  }
  if (quiet >= 2) return;
  const words = `${registry.inFlight()} cells have not settled. Recalculate the sheet and refresh again.`;
  throw new AppError('SOURCE_DOWN', words);
}

/** Every decision makes the dry-run anew: pure, and fast enough for a key press. */
async function again(pane: Pane): Promise<void> {
  keepDecisions(pane);
  try {
    await redo(pane);
  } catch (error) {
    pane.tell({ type: 'failed', error: toAppError(error) });
  }
}

async function redo(pane: Pane): Promise<void> {
  if (!pane.get().review) return;
  const { decideAgain } = await reading();
  const { review, period, history, decisions } = pane.get();
  if (!review || !period) return;
  const next = decideAgain(review, { period, history, decisions, ...standingOf(pane.get()) });
  pane.tell({ type: 'learned', news: { review: next } });
}

/** W3 and W4; a workbook that refuses (protected) is no reason to stop the review. */
async function highlight(pane: Pane, review: Review): Promise<void> {
  const block = blockOf(review.reading);
  if (!block) return;
  try {
    await pane.outside.workbook.highlight(block, highlightsOf(review.dryRun));
  } catch (cause) {
    const words = 'The highlights could not be written: the workbook is protected or filtered.';
    pane.tell({ type: 'failed', error: new AppError('INPUT_INVALID', words, { cause }) });
  }
}

function highlightsOf(dryRun: DryRun): readonly Highlight[] {
  return dryRun.invoices.flatMap(({ lines }) =>
    lines.flatMap((line): Highlight[] => {
      if (line.flags.length > 0) return [{ cell: line.cell, kind: 'flagged' }];
      return line.delta.movement === 'same' ? [] : [{ cell: line.cell, kind: 'changed' }];
    }),
  );
}

async function historyOf(pane: Pane): Promise<readonly PostedMonth[]> {
  const { history } = pane.get();
  const { period } = needed(pane);
  if (history.length > 0) return history;
  const input = { params: { period }, query: { months: MONTHS_BACK } };
  const { months } = await pane.outside.client.call(routes.history, input);
  pane.tell({ type: 'learned', news: { history: months } });
  return months;
}

function summary(review: Review, late: number): string {
  const counts = countsOf(review.dryRun);
  const cards = review.dryRun.cards.length;
  const words = `${counts.all} lines, ${counts.changed} changed, ${cards} ${cards === 1 ? 'client needs' : 'clients need'} a look.`;
  return late > 0 ? `${words} ${late} ${late === 1 ? 'source' : 'sources'} did not answer.` : words;
}

export function needed(pane: Pane): {
  readonly period: NonNullable<ReturnType<Pane['get']>['period']>;
  readonly sheet: string;
} {
  const { period, sheet } = pane.get();
  if (period && sheet !== null) return { period, sheet };
  throw new AppError('INPUT_INVALID', 'No month is started yet. Choose the sheet and press Start.');
}
