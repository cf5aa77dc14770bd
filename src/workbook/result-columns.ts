/**
 * Where results go in a person's own sheet (W5): beside each client's row its invoice number, its
 * state and the day it was posted. Columns of these headings are used again; else three new ones
 * are made right of the table. A cell that holds anything else is named and left alone.
 */
import { localAddress, cellAddress } from './address.ts';
import { cellText } from './cell-text.ts';
import { findTables } from './find-tables.ts';
import { roleOf, wordsOf } from './header-words.ts';
import { indexSheet, isBlank, type SheetIndex } from './sheet-index.ts';
import { headerText, type Table } from './table.ts';
import type { CellWrite, Sheet } from './workbook.ts';

/** What is known of one client of the month. */
export interface Result {
  readonly clientId: string;
  readonly clientName: string;
  readonly invoice: string;
  readonly status: string;
  /** Null: not known here, and what stands in the cell is left as it is. */
  readonly posted: string | null;
}

export interface ResultColumn {
  readonly title: string;
  readonly letters: string;
  readonly isNew: boolean;
}

export interface ResultsPlan {
  readonly sheet: string;
  readonly columns: readonly ResultColumn[];
  readonly clients: number;
  /** Into free cells, and cells that hold an earlier result. */
  readonly writes: readonly CellWrite[];
  /** Cells that hold something else: written only when a person says so. */
  readonly occupied: readonly { readonly write: CellWrite; readonly holds: string }[];
  /** Clients of the month that the sheet does not name any more. */
  readonly missing: readonly string[];
}

type Field = 'invoice' | 'status' | 'posted';

type Done = 'posted' | 'exported';

const TITLES: Readonly<Record<Field, (done: Done) => string>> = {
  invoice: () => 'Invoice no.',
  status: () => 'MCC status',
  posted: (done) => `MCC ${done}`,
};
const FIELDS: readonly Field[] = ['invoice', 'status', 'posted'];
const FITS: Readonly<Record<Field, (header: string) => boolean>> = {
  invoice: (header) => roleOf(header) === 'invoice',
  status: (header) => wordsOf(header) === 'mcc status',
  posted: (header) => /^mcc (posted|exported)$/.test(wordsOf(header)),
};

/**
 * `rows` holds every row of a client, as the sheet was read a moment ago; `done` is what becomes of
 * an invoice in these books.
 */
export function planResultCells(
  sheet: Sheet,
  rows: readonly { readonly clientId: string; readonly row: number }[],
  results: readonly Result[],
  done: Done = 'posted',
): ResultsPlan {
  const index = indexSheet(sheet);
  const placed = results.flatMap((result) =>
    rows.filter(({ clientId }) => clientId === result.clientId).map(({ row }) => ({ row, result })),
  );
  const tables = tablesOf(index, placed.map(({ row }) => row)); // prettier-ignore
  const spots = tables.map((table) => ({ table, columns: columnsIn(index, table) }));
  const heads = spots.flatMap(({ table, columns }) =>
    columns.filter(({ isNew }) => isNew).map(({ field, column }): CellWrite => ({
      cell: cellAddress(sheet.name, { row: table.headerBottom, column }),
      value: TITLES[field](done),
      as: 'value',
    })),
  );
  const cells = placed.flatMap(({ row, result }) => {
    const spot = spots.find(({ table }) => holds(table, row));
    return (spot?.columns ?? []).flatMap(({ field, column }) =>
      cellOf(index, { row, column }, field, result),
    );
  });
  const seen = new Set(placed.map(({ result }) => result.clientId));
  return {
    sheet: sheet.name,
    columns: (spots[0]?.columns ?? []).map(({ field, column, isNew }) => ({
      title: headerAt(index, spots[0]?.table, column) ?? TITLES[field](done),
      letters: localAddress({ row: 1, column }).slice(0, -1),
      isNew,
    })),
    clients: seen.size,
    writes: [...heads, ...cells.filter(({ holds: text }) => text === null).map(({ write }) => write)],
    occupied: cells.flatMap(({ write, holds: text }) => (text === null ? [] : [{ write, holds: text }])),
    missing: results.filter(({ clientId }) => !seen.has(clientId)).map(({ clientName }) => clientName),
  };
} // prettier-ignore

const holds = (table: Table, row: number): boolean => table.firstRow <= row && row <= table.lastRow;

const tablesOf = (index: SheetIndex, rows: readonly number[]): readonly Table[] =>
  findTables(index).filter((table) => rows.some((row) => holds(table, row)));

interface Spot {
  readonly field: Field;
  readonly column: number;
  readonly isNew: boolean;
}

function columnsIn(index: SheetIndex, table: Table): readonly Spot[] {
  const known = FIELDS.map((field) => ({ field, column: columnOf(index, table, FITS[field]) }));
  const missing = known.filter(({ column }) => column === null).length;
  let next = freeFrom(index, table, missing);
  return known.map(({ field, column }) =>
    column === null ? { field, column: next++, isNew: true } : { field, column, isNew: false },
  );
}

function columnOf(
  index: SheetIndex,
  table: Table,
  fits: (header: string) => boolean,
): number | null {
  for (let column = table.left; column <= table.right; column += 1) {
    const header = headerAt(index, table, column);
    if (header !== null && fits(header)) return column;
  }
  return null;
}

const headerAt = (index: SheetIndex, table: Table | undefined, column: number): string | null =>
  table ? headerText(index.at(table.headerBottom, column)) : null;

/** Right of the table where all rows are free, else right of everything on the sheet. */
function freeFrom(index: SheetIndex, table: Table, count: number): number {
  const start = table.right + 1;
  for (let row = table.headerTop; row <= table.lastRow; row += 1) {
    for (let column = start; column < start + count; column += 1) {
      if (!isBlank(index.at(row, column))) return index.lastColumn + 1;
    }
  }
  return start;
}

/** Nothing where the cell says it already. */
function cellOf(
  index: SheetIndex,
  at: { readonly row: number; readonly column: number },
  field: Field,
  result: Result,
): readonly { readonly write: CellWrite; readonly holds: string | null }[] {
  const cell = index.at(at.row, at.column);
  const text = isBlank(cell) ? '' : (cell?.formula ?? cellText(cell) ?? '');
  const value = result[field];
  if (value === null || text === value) return [];
  const write: CellWrite = { cell: cellAddress(index.name, at), value, as: 'value' };
  return [{ write, holds: text === '' || isOurs(field, text, result) ? null : text }];
}

/** An earlier result, of this month or of the month whose tab was copied. */
function isOurs(field: Field, text: string, { invoice }: Result): boolean {
  switch (field) {
    case 'invoice': {
      const shape = /^([A-Z][A-Z0-9]*?)\d{4}-\d{4,}$/;
      const own = shape.exec(invoice)?.[1];
      return own !== undefined && shape.exec(text)?.[1] === own;
    }
    case 'status':
      return STATUS_WORDS.has(text);
    case 'posted':
      return /^\d{4}-\d\d-\d\d$/.test(text);
  }
}

/** Rulings 5, and what stands beside them. */
const STATUS_WORDS: ReadonlySet<string> = new Set([
  'ready', 'sending', 'checking', 'needs you', 'posted', 'exported', 'rejected', 'blocked', 'held', 'given up', 'replaced', 'no invoice', 'waiting for approval',
]); // prettier-ignore
