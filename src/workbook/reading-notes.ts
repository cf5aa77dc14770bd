/** What was taken, and of everything else why not; flags in the words of the reader. */
import type { Amount } from '../core/money.ts';
import type { CellAddress, Flag, FlagRule, SheetLine, SkippedCell } from '../core/model.ts';
import { cellAddress, type Position } from './address.ts';
import type { CellRemark } from './quantity-cell.ts';

export interface ReadingNotes {
  take(at: Position): void;
  skip(at: Position, reason: string): void;
  isSettled(at: Position): boolean;
  skipped(): readonly SkippedCell[];
}

export function startNotes(sheet: string): ReadingNotes {
  const taken = new Set<string>();
  const reasons = new Map<string, { at: Position; reason: string }>();
  const key = (at: Position): string => cellAddress(sheet, at);
  return {
    take: (at) => void taken.add(key(at)),
    skip: (at, reason) => {
      if (!taken.has(key(at)) && !reasons.has(key(at))) reasons.set(key(at), { at, reason });
    },
    isSettled: (at) => taken.has(key(at)) || reasons.has(key(at)),
    skipped: () =>
      [...reasons]
        .filter(([cell]) => !taken.has(cell))
        .sort(([, a], [, b]) => a.at.row - b.at.row || a.at.column - b.at.column)
        .map(([cell, { reason }]) => ({ cell, reason })),
  };
}

export function makeFlag(
  rule: FlagRule,
  blocks: boolean,
  text: string,
  cell: CellAddress | null,
): Flag {
  return { rule, blocks, text, cell, clientId: null, serviceId: null, source: null, impact: null };
}

export const flagOfRemark = (remark: CellRemark, cell: CellAddress): Flag =>
  makeFlag(remark.rule, remark.blocks, remark.text, cell);

export const withFlag = (line: SheetLine, flag: Flag): SheetLine => ({
  ...line,
  flags: [...line.flags, flag],
});

/** The rows of one table with what their lines add up to and what the sheet shows for them. */
export interface RowReading {
  readonly row: number;
  /** Indexes into the lines of the table. */
  readonly lines: readonly number[];
  /** The row's own total in the sheet, with its cell; null where there is none. */
  readonly shown: {
    readonly at: Position;
    readonly amount: Amount;
    readonly isText: boolean;
  } | null;
  /** The lines that the row's own total leaves out or reads otherwise, where that is known. */
  readonly suspects: readonly { readonly line: number; readonly why: string }[];
  /** A quantity of the row was refused, so its total says nothing. */
  readonly isRefused: boolean;
}

/** A cell that adds up rows: a subtotal or the grand total. */
export interface TotalCell {
  readonly at: Position;
  readonly label: string;
  /** Null where the cell shows an error or its value is not stored. */
  readonly amount: Amount | null;
  readonly formula: string | null;
}

export interface TableReading {
  readonly lines: readonly SheetLine[];
  readonly rows: readonly RowReading[];
  readonly totals: readonly TotalCell[];
  readonly clientRows: readonly { readonly client: string; readonly row: number }[];
  readonly amountColumn: number | null;
}
