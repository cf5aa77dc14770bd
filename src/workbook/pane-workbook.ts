/** What the pane needs beyond the port: only Excel itself recalculates and has a selection. */
import type { CellAddress } from '../core/model.ts';
import type { Workbook } from './workbook.ts';

export interface PaneWorkbook extends Workbook {
  /** Name of the file, for the approval; "this workbook" while it was never saved. */
  title(): string;
  /** Brings a sheet to the front and leaves the selection where it was. */
  show(sheet: string): Promise<void>;
  /** Formulas without a snapshot in their arguments do not notice a refresh by themselves. */
  recalculate(cells: readonly CellAddress[]): Promise<void>;
  onSelected(listener: (cell: CellAddress) => void): Promise<() => Promise<void>>;
  /** True while a write waits because somebody types in a cell. */
  onWaiting(listener: (waits: boolean) => void): () => void;
}
