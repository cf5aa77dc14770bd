/** The workbook behind the emulated host: plain mutable records; edit.ts and sheets.ts change them. */
import type { Rect } from './a1.ts';

/** An error is its own text ("#N/A"), as on the wire; an empty cell is ''. */
export type Scalar = string | number | boolean;

export interface Cell {
  value: Scalar;
  /** With the leading "=", or null for a constant. */
  formula: string | null;
  numberFormat: string;
  fill: string | null;
  fontColor: string | null;
  bold: boolean;
  italic: boolean;
  align: 'left' | 'center' | 'right' | null;
  wrap: boolean;
  /** The note of the file, shown as the cell's title; Office.js of this version cannot read it. */
  note: string | null;
  /** What a custom function said when it threw; goes with the next value. */
  message: string | null;
}

export interface ConditionalFormat {
  readonly id: string;
  rects: Rect[];
  formula: string;
  fill: string | null;
  fontColor: string | null;
  bold: boolean | null;
  stopIfTrue: boolean;
}

/** Shown rows of a filter are the file's or the add-in's business; we keep which it hides. */
export interface AutoFilter {
  readonly rect: Rect;
  readonly criteria: readonly unknown[];
}

export type Visibility = 'Visible' | 'Hidden' | 'VeryHidden';

export interface Sheet {
  readonly id: string;
  name: string;
  visibility: Visibility;
  readonly cells: Map<number, Cell>;
  readonly hiddenRows: Set<number>;
  readonly hiddenColumns: Set<number>;
  /** In pixels; a column not named has the standard width. */
  readonly columnWidths: Map<number, number>;
  /** In pixels; only rows whose height the file names. */
  readonly rowHeights: Map<number, number>;
  merges: Rect[];
  conditionalFormats: ConditionalFormat[];
  autoFilter: AutoFilter | null;
  frozenRows: number;
  frozenColumns: number;
}

/** A name stands for cells of one sheet, or for a formula text that is no reference. */
export interface DefinedName {
  readonly name: string;
  formula: string;
  comment: string;
  visible: boolean;
  target: { readonly sheetId: string; readonly rect: Rect } | null;
}

export type Source = 'person' | 'add-in' | 'file' | 'calculation';

export type Change =
  | { kind: 'cells'; sheet: Sheet; rect: Rect; source: Source; before: Scalar | null }
  | { kind: 'format'; sheet: Sheet; rect: Rect }
  | { kind: 'structure'; sheet: Sheet }
  | { kind: 'sheets' }
  | { kind: 'active' }
  | { kind: 'selection' }
  | { kind: 'names' }
  | { kind: 'recalculate'; sheet: Sheet | null; rect: Rect | null }
  | { kind: 'settings' };

export interface Workbook {
  name: string;
  readonly sheets: Sheet[];
  activeSheetId: string;
  selection: { sheetId: string; rect: Rect };
  readonly names: Map<string, DefinedName>;
  readonly settings: Map<string, unknown>;
  readonly listeners: Set<(change: Change) => void>;
  /** Who is writing now: the add-in while a request runs, otherwise the person. */
  source: Source;
  sequence: number;
}

export function createWorkbook(name = 'Book1.xlsx'): Workbook {
  const workbook: Workbook = {
    name,
    sheets: [],
    activeSheetId: '',
    selection: { sheetId: '', rect: { row: 0, column: 0, rows: 1, columns: 1 } },
    names: new Map(),
    settings: new Map(),
    listeners: new Set(),
    source: 'person',
    sequence: 0,
  };
  return workbook;
}

export function announce(workbook: Workbook, change: Change): void {
  for (const listener of [...workbook.listeners]) listener(change);
}

export function nextId(workbook: Workbook): string {
  workbook.sequence += 1;
  return `{00000000-0001-0000-0000-${String(workbook.sequence).padStart(12, '0')}}`;
}

export function emptyCell(): Cell {
  return {
    value: '',
    formula: null,
    numberFormat: 'General',
    fill: null,
    fontColor: null,
    bold: false,
    italic: false,
    align: null,
    wrap: false,
    note: null,
    message: null,
  };
}

export const BLANK: Readonly<Cell> = Object.freeze(emptyCell());

export const cellKey = (row: number, column: number): number => row * 16_384 + column;
export const keyRow = (key: number): number => Math.floor(key / 16_384);
export const keyColumn = (key: number): number => key % 16_384;

/** The cell as it is, for reading only. */
export function peek(sheet: Sheet, row: number, column: number): Readonly<Cell> {
  return sheet.cells.get(cellKey(row, column)) ?? BLANK;
}

/** The cell to be changed; made when it was never touched. */
export function touch(sheet: Sheet, row: number, column: number): Cell {
  const key = cellKey(row, column);
  const found = sheet.cells.get(key);
  if (found) return found;
  const made = emptyCell();
  sheet.cells.set(key, made);
  return made;
}
