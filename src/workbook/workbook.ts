/**
 * The port: what the close needs of a workbook, in our words. Three adapters: Office.js (the
 * add-in), an .xlsx file (the terminal) and memory (tests). Reading is by whole sheets; writing
 * is the short list of the pane's "What MCC writes" and nothing else.
 */
import type { CellAddress } from '../core/model.ts';

/** What a cell holds. An error keeps its text, for example "#N/A". Dates are serials. */
export type CellValue =
  | { readonly kind: 'blank' }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'date'; readonly serial: number }
  | { readonly kind: 'error'; readonly error: string };

export interface Cell {
  /** One-based. */
  readonly row: number;
  readonly column: number;
  readonly value: CellValue;
  /** With the leading "=", in English, or null for a constant. */
  readonly formula: string | null;
  readonly numberFormat: string;
  /** Text of the note or comment on the cell. */
  readonly note: string | null;
  readonly bold: boolean;
}

export interface MergedArea {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** One worksheet as it was at the moment of reading. Blank cells may be left out. */
export interface Sheet {
  readonly name: string;
  readonly visible: boolean;
  readonly cells: readonly Cell[];
  readonly merged: readonly MergedArea[];
  /** Hidden by hand; rows hidden by a filter are in filteredRows. */
  readonly hiddenRows: readonly number[];
  readonly filteredRows: readonly number[];
  readonly hiddenColumns: readonly number[];
}

export interface CellWrite {
  readonly cell: CellAddress;
  readonly value: string | number;
  /** A text that looks like a formula is written as text unless this says "formula". */
  readonly as: 'value' | 'formula';
}

export interface Highlight {
  readonly cell: CellAddress;
  readonly kind: 'changed' | 'flagged';
}

export interface WorkbookReader {
  sheetNames(): Promise<readonly { readonly name: string; readonly visible: boolean }[]>;
  readSheet(name: string): Promise<Sheet>;
  /** The value of a defined name that is one cell, for example MCC_AsOf; null when absent. */
  readName(name: string): Promise<string | number | null>;
}

export interface Workbook extends WorkbookReader {
  activeSheet(): Promise<string>;
  select(cell: CellAddress): Promise<void>;
  /** W1: one named cell on the sheet MCC (made when absent). */
  writeName(name: 'MCC_Period' | 'MCC_AsOf', value: string): Promise<void>;
  /** W2 and W5: formulas into cells the person chose, results into mapped columns. */
  writeCells(writes: readonly CellWrite[]): Promise<void>;
  /** W3 and W4: rewrites the sheet "MCC Review" and at most two rules on the block. */
  highlight(block: string, highlights: readonly Highlight[]): Promise<void>;
  clearHighlights(): Promise<void>;
  /** W6: appends rows to the sheet "MCC Audit". */
  appendAudit(rows: readonly (readonly string[])[]): Promise<void>;
  /** W8: what the person confirmed about the sheet; no numbers, approvals or tokens. */
  readSettings(): Promise<Readonly<Record<string, string>>>;
  writeSettings(settings: Readonly<Record<string, string>>): Promise<void>;
  /** Calls back with the changed address after each edit by a person; returns the way to stop. */
  onEdited(listener: (cell: CellAddress) => void): Promise<() => Promise<void>>;
}
