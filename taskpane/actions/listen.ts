/** What the workbook tells by itself: edits, the selected cell, a write that waits. */
import { plainAddress } from '../../functions/registry.ts';
import { toAppError, type Pane } from '../pane.ts';
import { reading } from './reading.ts';
import { currentSnapshot, readNow } from './review.ts';

/** A paste reports cell by cell; the sheet is read once after the last of them. */
const CALM_MS = 500;

export async function listen(pane: Pane): Promise<void> {
  const { workbook, runtime } = pane.outside;
  let edits = 0;
  workbook.onWaiting((waitingForCell) => pane.tell({ type: 'learned', news: { waitingForCell } }));
  runtime.registry.onChange(() => showSelected(pane));
  await workbook.onSelected((cell) => {
    const plain = plainAddress(cell);
    pane.tell({
      type: 'learned',
      news: { selected: { cell: plain, answer: runtime.registry.at(plain) } },
    });
  });
  await workbook.onEdited((cell) => {
    edits += 1;
    const mine = edits;
    void pane.outside.delay(CALM_MS).then(() => (mine === edits ? reread(pane, cell) : undefined));
  });
}

/** An edit of the reviewed sheet: the dry-run follows; an approval is compared before posting. */
async function reread(pane: Pane, cell: string): Promise<void> {
  const { review, sheet, busy } = pane.get();
  if (!review || busy || cell.slice(0, cell.lastIndexOf('!')) !== sheet) return;
  try {
    const now = await readNow(pane, await currentSnapshot(pane));
    const { differences } = await reading();
    // Who is about to approve has looked at the old numbers: the change is named first.
    const isDeciding = pane.get().step === 'approve';
    const changes = isDeciding ? differences(review.dryRun, now.dryRun) : [];
    const changedSince = [...pane.get().changedSince, ...changes];
    pane.tell({ type: 'learned', news: { review: now, changedSince, busy: null } });
  } catch (error) {
    pane.tell({ type: 'failed', error: toAppError(error) });
  }
}

function showSelected(pane: Pane): void {
  const { selected } = pane.get();
  if (!selected) return;
  const answer = pane.outside.runtime.registry.at(selected.cell);
  pane.tell({ type: 'learned', news: { selected: { ...selected, answer } } });
}
