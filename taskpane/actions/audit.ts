/** Rows for the sheet MCC Audit; a workbook that takes none stops nothing, for the relay has it all. */
import type { Batch } from '../../src/contract/contract.ts';
import type { PaneWorkbook } from '../../src/workbook/pane-workbook.ts';
import { AUDIT_COLUMNS, auditRow, postedRows } from '../audit.ts';
import { booksWords, capital } from '../books-words.ts';
import { toAppError, type Pane } from '../pane.ts';

const AUDIT_SHEET = 'MCC Audit';

export async function auditApproval(pane: Pane, batch: Batch): Promise<void> {
  const { workbook } = pane.outside;
  const what = batch.approvedBy ? 'Approved' : 'Submitted';
  await written(pane, what, () => workbook.appendAudit([auditRow(pane.get(), batch)]));
}

/** Each invoice once: not what this browser has written, and not what a colleague's pane has. */
export async function auditPosted(pane: Pane, batch: Batch): Promise<boolean> {
  const { storage, workbook } = pane.outside;
  const { done } = booksWords(pane.get().session);
  const item = `mcc.audited.${batch.id}`;
  const marked = keysIn(storage.getItem(item));
  const posted = batch.postings.filter(({ key, state }) => state === 'POSTED' && !marked.has(key));
  if (posted.length === 0) return true;
  const isWritten = await written(pane, capital(done), async () => {
    const standing = await refsInSheet(workbook, done);
    const missing = posted.filter(({ ref }) => !standing.has(ref ?? ''));
    if (missing.length > 0) await workbook.appendAudit(postedRows(batch, missing, done));
  });
  if (!isWritten) return false;
  storage.setItem(item, JSON.stringify([...marked, ...posted.map(({ key }) => key)]));
  return true;
}

/** What was done stands; only the sheet does not say so. */
async function written(pane: Pane, what: string, write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (cause) {
    const { message, code } = toAppError(cause);
    const trouble = {
      message: `${what}. MCC Audit could not be written: ${message}`,
      remedy: `What was ${what.toLowerCase()} stands, and MCC has the record.`,
      code,
    };
    pane.tell({ type: 'learned', news: { trouble } });
    return false;
  }
}

async function refsInSheet(workbook: PaneWorkbook, done: string): Promise<ReadonlySet<string>> {
  const sheets = await workbook.sheetNames();
  if (!sheets.some(({ name }) => name === AUDIT_SHEET)) return new Set();
  const { cells } = await workbook.readSheet(AUDIT_SHEET);
  const textsIn = (column: number): Map<number, string> =>
    new Map(
      cells.flatMap(({ value, row, column: at }) =>
        at === column && value.kind === 'text' ? [[row, value.text] as const] : [],
      ),
    );
  const words = textsIn(AUDIT_COLUMNS.what);
  const refs = [...textsIn(AUDIT_COLUMNS.ref)].filter(([row]) => words.get(row) === done);
  return new Set(refs.map(([, ref]) => ref));
}

/** Marks of before were a number. */
function keysIn(text: string | null): ReadonlySet<string> {
  const kept: unknown = JSON.parse(text ?? '[]');
  return new Set(Array.isArray(kept) ? (kept as string[]) : []);
}
