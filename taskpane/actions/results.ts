/** W5: what became of each client, written beside its row; nothing of the person's is overwritten. */
import type { Batch } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Result, ResultsPlan } from '../../src/workbook/result-columns.ts';
import { booksWords } from '../books-words.ts';
import type { CloseState } from '../close-state.ts';
import { toAppError, work, workBeside, type Pane } from '../pane.ts';
import { NO_INVOICE } from '../standing.ts';
import { plural } from '../words.ts';
import { reading } from './reading.ts';
import { currentSnapshot, learnStatuses, needed, readNow } from './review.ts';

const SETTING = 'mcc.results';
/** The relay's word for a client in no batch of the month. */
const NOT_STARTED = 'not started';

/** Reads the sheet as it is now and says what would be written where. */
export async function planResults(pane: Pane): Promise<void> {
  await work(pane, 'Reading the sheet', async () => {
    await learnStatuses(pane);
    const plan = await makePlan(pane);
    pane.tell({ type: 'learned', news: { results: plan } });
    return `${plural(plan.writes.length, 'cell')} to write, ${plan.occupied.length} in use.`;
  });
}

/** The plan is made once more: a row that moved meanwhile would else get another client's number. */
export async function writeResults(pane: Pane, overOccupied: boolean): Promise<void> {
  const shown = pane.get().results;
  if (!shown) return;
  await work(pane, 'Writing the results', async () => {
    const plan = await makePlan(pane);
    if (JSON.stringify(plan) !== JSON.stringify(shown)) {
      pane.tell({ type: 'learned', news: { results: plan } });
      throw new AppError('INPUT_INVALID', 'The sheet changed meanwhile. Nothing was written: look at the list again.'); // prettier-ignore
    }
    const over = overOccupied ? plan.occupied.map(({ write }) => write) : [];
    const { workbook } = pane.outside;
    await workbook.writeCells([...plan.writes, ...over]);
    const settings = await workbook.readSettings();
    await workbook.writeSettings({ ...settings, [SETTING]: settingOf(pane) });
    pane.tell({ type: 'learned', news: { results: null } });
    return `${plural(plan.writes.length + over.length, 'cell')} written.`;
  });
}

/** Once a person has chosen it for this sheet, later results follow by themselves. */
export async function keepResults(pane: Pane): Promise<boolean> {
  if (!(await isChosen(pane))) return true;
  return workBeside(pane, 'Writing the results', async () => {
    // Another month may have been chosen while this waited.
    if (!(await isChosen(pane))) return;
    try {
      await learnStatuses(pane);
      const { writes } = await makePlan(pane);
      if (writes.length > 0) await pane.outside.workbook.writeCells(writes);
    } catch (cause) {
      const words = `The results are not in the sheet: ${toAppError(cause).message} MCC has them all.`;
      throw new AppError('INPUT_INVALID', words, { cause });
    }
  });
}

async function isChosen(pane: Pane): Promise<boolean> {
  const { period, sheet } = pane.get();
  const settings = await pane.outside.workbook.readSettings();
  return settings[SETTING] === `${String(period)}|${String(sheet)}`;
}

function settingOf(pane: Pane): string {
  const { period, sheet } = needed(pane);
  return `${period}|${sheet}`;
}

async function makePlan(pane: Pane): Promise<ResultsPlan> {
  const { batch } = pane.get();
  if (!batch) throw new AppError('NOT_FOUND', 'Nothing is approved yet.');
  const snapshot = await currentSnapshot(pane);
  const review = await readNow(pane, snapshot);
  const { planResultCells } = await reading();
  const sheet = await pane.outside.workbook.readSheet(review.reading.sheet);
  const rows = rowsOf(review.lines);
  const nameOf = (id: string): string => snapshot.clients.find((one) => one.id === id)?.name ?? id;
  return planResultCells(
    sheet,
    rows,
    resultsOf(pane.get(), batch, nameOf),
    booksWords(pane.get().session).done,
  );
}

/** Each row of each client, once; a client's lines may stand in several rows. */
function rowsOf(
  lines: readonly { readonly clientId: string | null; readonly cell: string }[],
): readonly { readonly clientId: string; readonly row: number }[] {
  const rows = lines.flatMap(({ clientId, cell }) => {
    const row = Number(/(\d+)$/.exec(cell)?.[1] ?? '0');
    return clientId === null || row === 0 ? [] : [{ clientId, row }];
  });
  return [...new Map(rows.map((one) => [`${one.clientId}|${one.row}`, one])).values()];
}

/** What the relay says of each client comes first: a client left out of this batch may be posted. */
function resultsOf(
  { session, statuses }: CloseState,
  { postings }: Batch,
  nameOf: (id: string) => string,
): readonly Result[] {
  const { done } = booksWords(session);
  return statuses
    .filter(({ word }) => word !== NOT_STARTED)
    .map(({ clientId, word, ref }): Result => {
      const isDone = word === done;
      const posting = postings.find((one) => one.clientId === clientId && one.ref === ref);
      return {
        clientId,
        clientName: posting?.clientName ?? nameOf(clientId),
        invoice: isDone ? (ref ?? '') : '',
        status: word === NO_INVOICE ? 'no invoice' : word,
        // Of an invoice of an earlier batch the day stands in the sheet, and is left as it is.
        posted: isDone ? (posting ? dayOf(posting.sentAt ?? null) : null) : '',
      };
    });
}

/** "2026-10-31" on the person's own calendar. */
function dayOf(instant: string | null): string {
  if (instant === null) return '';
  const at = new Date(instant);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
