/** A table as it was found on a sheet: its header, its rows, and what each column is for. */
import type { BillingPeriod } from '../core/billing-period.ts';
import type { Cell } from './workbook.ts';
import type { SheetIndex } from './sheet-index.ts';
import type { MonthMark, Role } from './header-words.ts';

export interface Column {
  readonly column: number;
  /** The header texts over it, top to bottom, as the sheet spells them. */
  readonly path: readonly string[];
  readonly role: Role;
  /** What the column counts, where its header names something beside a role: "EDR". */
  readonly name: string | null;
  readonly month: MonthMark | null;
}

export interface Table {
  /** 0 for the first table of the sheet; tables beside each other have the same. */
  readonly order: number;
  readonly headerTop: number;
  readonly headerBottom: number;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly left: number;
  readonly right: number;
  readonly columns: readonly Column[];
}

/** Everything the readers of one sheet share. */
export interface ReadingScope {
  readonly index: SheetIndex;
  readonly others: ReadonlyMap<string, SheetIndex>;
  readonly period: BillingPeriod | null;
}

export const columnsOf = (table: Table, role: Role): readonly Column[] =>
  table.columns.filter((column) => column.role === role);

/** Of a header cell: its text, or the month a date stands for. */
export function headerText(cell: Cell | null): string | null {
  if (!cell) return null;
  const { value } = cell;
  if (value.kind === 'text') return value.text.trim() === '' ? null : value.text;
  if (value.kind === 'date') return dateText(value.serial);
  if (
    value.kind === 'number' &&
    Number.isInteger(value.number) &&
    value.number >= 2000 &&
    value.number < 2100
  ) {
    return String(value.number);
  }
  return null;
}

/** A header "Oct 2026" typed into Excel becomes the first of that month. */
function dateText(serial: number): string {
  const day = new Date((serial - 25_569) * 86_400_000);
  return Number.isFinite(day.getTime()) ? day.toISOString().slice(0, 7) : '';
}

export const hasNumber = (cell: Cell): boolean =>
  cell.value.kind === 'number' || (cell.value.kind === 'blank' && cell.formula !== null);
