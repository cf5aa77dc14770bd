/** From an empty pane to the month: pairing, session, where the month stands, which sheet. */
import { readPeriod, type BillingPeriod } from '../../src/core/billing-period.ts';
import { AppError } from '../../src/core/errors.ts';
import { routes } from '../../src/contract/contract.ts';
import type { CloseState } from '../close-state.ts';
import { toAppError, work, type Pane } from '../pane.ts';
import { pair } from '../session.ts';
import { parseAddress } from '../../functions/arguments.ts';
import { keptDecisions } from './keep.ts';

const SHEET_SETTING = 'mcc.sheet';

export async function begin(pane: Pane): Promise<void> {
  const { outside, tell } = pane;
  await work(pane, 'Signing in', async () => {
    await pairWhenAsked(pane);
    if (!outside.keeper.token()) {
      tell({ type: 'learned', news: { phase: 'signed out' } });
      return '';
    }
    return load(pane);
  });
  if (pane.get().trouble?.code === 'NOT_ALLOWED') {
    outside.keeper.keep(null);
    tell({ type: 'learned', news: { phase: 'signed out' } });
  }
  if (pane.get().phase === 'starting') tell({ type: 'learned', news: { phase: 'signed out' } });
  watchBeside(pane);
}

/** The person typed a code that the relay printed. */
export async function pairWith(pane: Pane, code: string): Promise<void> {
  await work(pane, 'Signing in', async () => {
    pane.outside.keeper.keep(await pair(pane.outside.client, code));
    return load(pane);
  });
  watchBeside(pane);
}

/** Start: MCC_Period is written (W1) and the sheet remembered in the workbook (W8). */
export async function startMonth(pane: Pane, sheet: string): Promise<void> {
  const { period } = pane.get();
  if (!period) return;
  await work(pane, 'Starting the month', async () => {
    const { workbook } = pane.outside;
    await workbook.writeSettings({
      ...(await workbook.readSettings()),
      [SHEET_SETTING]: `${period}|${sheet}`,
    });
    await workbook.writeName('MCC_Period', period);
    await workbook.show(sheet);
    pane.tell({ type: 'learned', news: { sheet, started: true } });
    return `${period} is started on sheet ${sheet}.`;
  });
  watchBeside(pane);
}

/** Another month than the one the clock or the workbook says: its own state, its own sheet. */
export async function chooseMonth(pane: Pane, period: BillingPeriod): Promise<void> {
  await work(pane, 'Looking at the month', () => load(pane, period));
  watchBeside(pane);
}

/** What ended while no pane was open is written down too; nothing waits for it. */
function watchBeside(pane: Pane): void {
  if (!pane.get().batch) return;
  import('./watch.ts')
    .then(({ watch }) => watch(pane))
    .catch((error: unknown) => pane.tell({ type: 'failed', error: toAppError(error) }));
}

export async function load(pane: Pane, chosen: BillingPeriod | null = null): Promise<string> {
  const { client, workbook, runtime } = pane.outside;
  const session = await client.call(routes.session, {});
  const names = {
    asOf: await workbook.readName('MCC_AsOf'),
    period: await workbook.readName('MCC_Period'),
  };
  const stamped = addressIn(names.asOf);
  const started = addressIn(names.period).period;
  const period = chosen ?? started ?? stamped.period ?? session.currentPeriod;
  runtime.setWorkbook({
    period,
    snapshotId: stamped.period === period ? stamped.snapshotId : null,
  });
  const month = await client.call(routes.period, { params: { period } });
  const { sources } = await client.call(routes.sources, {});
  const batch = month.batchId
    ? await client.call(routes.batch, { params: { batch: month.batchId } })
    : null;
  const kept = keptDecisions(pane, period);
  const { sheets, sheet } = await sheetOf(pane, period);
  const news: Partial<CloseState> = {
    phase: 'ready', session, period, month, sources, batch, sheets, sheet, ...kept,
    started: started === period && sheet !== null, review: null, history: [], spotCheck: null, released: [], lapsed: [], alike: [], foreignMarks: [], beside: {}, statuses: [], results: null,
    step: batch && batch.state !== 'DRAFT' && batch.state !== 'CANCELLED' ? 'posting' : 'home',
  }; // prettier-ignore
  pane.tell({ type: 'learned', news });
  return `Signed in as ${session.person}.`;
}

/** The sheet chosen before, else the one whose name says the month, else the one in front. */
async function sheetOf(
  pane: Pane,
  period: BillingPeriod,
): Promise<{ sheets: readonly string[]; sheet: string | null }> {
  const { workbook } = pane.outside;
  const all = await workbook.sheetNames();
  const sheets = all
    .filter((sheet) => sheet.visible && !sheet.name.startsWith('MCC'))
    .map((sheet) => sheet.name);
  const [ofPeriod, chosen] = ((await workbook.readSettings())[SHEET_SETTING] ?? '|').split('|');
  if (ofPeriod === period && chosen && sheets.includes(chosen)) return { sheets, sheet: chosen };
  const named = sheets.find((name) => readPeriod(name) === period);
  const active = await workbook.activeSheet();
  return { sheets, sheet: named ?? (sheets.includes(active) ? active : (sheets[0] ?? null)) };
}

async function pairWhenAsked(pane: Pane): Promise<void> {
  const { keeper, pairingCode, client } = pane.outside;
  if (!pairingCode) return;
  try {
    keeper.keep(await pair(client, pairingCode));
  } catch (error) {
    // A code works once; whoever reloads the page has the token of the first time.
    if (!(error instanceof AppError) || !keeper.token()) throw error;
  }
}

function addressIn(value: unknown): { period: BillingPeriod | null; snapshotId: string | null } {
  try {
    return parseAddress(value);
  } catch {
    return { period: null, snapshotId: null };
  }
}
