/** Gives every cell that no reader took its reason: titles, headers, headings, footnotes, other columns. */
import { columnLetters } from './address.ts';
import type { ReadingNotes, TableReading } from './reading-notes.ts';
import type { SheetIndex } from './sheet-index.ts';
import type { Cell } from './workbook.ts';
import { hasNumber, type Table } from './table.ts';

export function skipTheRest(
  index: SheetIndex,
  tables: readonly Table[],
  readings: readonly TableReading[],
  notes: ReadingNotes,
): void {
  const rows = new Set(readings.flatMap((reading) => reading.rows.map(({ row }) => row)));
  for (const cell of index.sheet.cells) {
    if (cell.value.kind === 'blank' && cell.formula === null) continue;
    if (notes.isSettled(cell)) continue;
    const reason = reasonFor(cell, tables, rows);
    if (reason !== null) notes.skip(cell, reason);
  }
}

/** Words beside a client's quantities (a plan, a technician) belong to the row and are not listed. */
function reasonFor(cell: Cell, tables: readonly Table[], rows: ReadonlySet<number>): string | null {
  const table = tables.find((one) => one.headerTop <= cell.row && cell.row <= one.lastRow);
  const [first] = tables;
  if (!table)
    return first && cell.row < first.headerTop
      ? 'above the table: a title or a note'
      : 'outside the table';
  if (cell.row <= table.headerBottom) return 'header';
  const column = table.columns.find((one) => one.column === cell.column);
  const title = column?.path.at(-1)?.replace(/\s+/g, ' ').trim();
  if (rows.has(cell.row)) {
    if (!hasNumber(cell) && cell.value.kind !== 'date' && cell.value.kind !== 'error') return null;
    return title === undefined
      ? `column ${columnLetters(cell.column)} has no header`
      : `column "${title}" is not billed`;
  }
  const last = Math.max(0, ...rows);
  if (cell.row > last) return hasNumber(cell) ? 'below the table' : 'below the table: a note';
  return hasNumber(cell)
    ? 'a row without a client and quantities'
    : 'a heading, or a row without quantities';
}
