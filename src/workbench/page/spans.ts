/** Merged areas as row and column spans of what is in the document. */
import type { Rect } from '../model/a1.ts';
import { cellKey, type Sheet } from '../model/workbook.ts';
import type { Line } from './layout.ts';

export type Span =
  | {
      readonly kind: 'first';
      readonly merge: Rect;
      readonly rows: number;
      readonly columns: number;
    }
  | { readonly kind: 'covered' };

/** By cell; a merge whose first row is out of view begins at the first row shown. */
export function spansOf(
  sheet: Sheet,
  rows: readonly Line[],
  columns: readonly Line[],
): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>();
  for (const merge of sheet.merges) {
    const inRows = rows.filter((row) => within(row.index, merge.row, merge.rows));
    const inColumns = columns.filter((column) => within(column.index, merge.column, merge.columns));
    inRows.forEach((row, i) =>
      inColumns.forEach((column, j) => {
        const first = i === 0 && j === 0;
        const size = { rows: inRows.length, columns: inColumns.length };
        const span: Span = first ? { kind: 'first', merge, ...size } : { kind: 'covered' };
        spans.set(cellKey(row.index, column.index), span);
      }),
    );
  }
  return spans;
}

const within = (index: number, first: number, count: number): boolean =>
  index >= first && index < first + count;
