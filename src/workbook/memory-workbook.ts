/** A workbook in memory: for tests, the sample, and whatever has its cells at hand. */
import { assert } from '../core/errors.ts';
import type { CellAddress } from '../core/model.ts';
import { columnNumber, columnLetters, splitAddress, type Position } from './address.ts';
import type {
  Cell,
  CellValue,
  CellWrite,
  Highlight,
  MergedArea,
  Sheet,
  Workbook,
} from './workbook.ts';

/** A cell as one types it; a Date is a day, an object gives what a plain value cannot. */
export type CellInput = string | number | boolean | null | CellParts;

export interface CellParts {
  readonly value?: string | number | boolean | null;
  /** Days since 1899-12-30, shown as a date. */
  readonly date?: number;
  readonly error?: string;
  readonly formula?: string;
  readonly note?: string;
  readonly format?: string;
  readonly bold?: boolean;
}

export interface SheetInput {
  readonly name: string;
  /** Row by row from A1, or by address ("C8"). */
  readonly rows?: readonly (readonly CellInput[])[];
  readonly cells?: Readonly<Record<string, CellInput>>;
  /** "A1:P1" */
  readonly merged?: readonly string[];
  readonly hidden?: boolean;
  readonly hiddenRows?: readonly number[];
  readonly filteredRows?: readonly number[];
  readonly hiddenColumns?: readonly string[];
}

export interface WorkbookInput {
  readonly sheets: readonly SheetInput[];
  readonly names?: Readonly<Record<string, string | number>>;
}

/** The same workbook with what the add-in wrote laid open for tests. */
export interface MemoryWorkbook extends Workbook {
  readonly written: {
    readonly cells: readonly CellWrite[];
    readonly highlights: readonly Highlight[];
    readonly audit: readonly (readonly string[])[];
    readonly selected: CellAddress | null;
  };
  /** As if a person had typed into the cell. */
  edit(cell: CellAddress, input: CellInput): void;
}

export function memoryWorkbook(input: WorkbookInput): MemoryWorkbook {
  const sheets = new Map(input.sheets.map((sheet) => [sheet.name, toSheet(sheet)]));
  const names = new Map<string, string | number>(Object.entries(input.names ?? {}));
  const written = {
    cells: [] as CellWrite[],
    highlights: [] as Highlight[],
    audit: [] as (readonly string[])[],
    selected: null as CellAddress | null,
  };
  let settings: Readonly<Record<string, string>> = {};
  const listeners = new Set<(cell: CellAddress) => void>();
  const put = (address: CellAddress, cell: CellInput): void => putCell(sheets, address, cell);
  return {
    written,
    sheetNames: () =>
      Promise.resolve([...sheets.values()].map(({ name, visible }) => ({ name, visible }))),
    readSheet: (name) => Promise.resolve(sheetNamed(sheets, name)),
    readName: (name) => Promise.resolve(names.get(name) ?? null),
    activeSheet: () => Promise.resolve([...sheets.keys()][0] ?? ''),
    select: (cell) => Promise.resolve(void (written.selected = cell)),
    writeName: (name, value) => Promise.resolve(void names.set(name, value)),
    writeCells: (writes) => {
      written.cells.push(...writes);
      for (const { cell, value, as } of writes)
        put(cell, as === 'formula' ? { formula: String(value) } : value);
      return Promise.resolve();
    },
    highlight: (_block, highlights) =>
      Promise.resolve(void written.highlights.splice(0, Infinity, ...highlights)),
    clearHighlights: () => Promise.resolve(void written.highlights.splice(0)),
    appendAudit: (rows) => Promise.resolve(void written.audit.push(...rows)),
    readSettings: () => Promise.resolve(settings),
    writeSettings: (changed) => Promise.resolve(void (settings = { ...settings, ...changed })),
    onEdited: (listener) => {
      listeners.add(listener);
      return Promise.resolve(() => Promise.resolve(void listeners.delete(listener)));
    },
    edit: (address, cell) => {
      put(address, cell);
      for (const listener of listeners) listener(address);
    },
  };
}

function sheetNamed(sheets: ReadonlyMap<string, Sheet>, name: string): Sheet {
  const sheet = sheets.get(name);
  assert(sheet, `the workbook has a sheet "${name}"`);
  return sheet;
}

function putCell(sheets: Map<string, Sheet>, address: CellAddress, input: CellInput): void {
  const at = splitAddress(address);
  assert(at, `"${address}" is a cell`);
  const sheet = sheetNamed(sheets, at.sheet);
  const others = sheet.cells.filter((cell) => cell.row !== at.row || cell.column !== at.column);
  const before = sheet.cells.find((cell) => cell.row === at.row && cell.column === at.column);
  const made = toCell(at, input);
  const kept =
    made && before
      ? { ...made, note: made.note ?? before.note, numberFormat: before.numberFormat }
      : made;
  sheets.set(at.sheet, { ...sheet, cells: kept ? [...others, kept] : others });
}

function toSheet(input: SheetInput): Sheet {
  const fromRows = (input.rows ?? []).flatMap((row, r) =>
    row.map((cell, c) => toCell({ row: r + 1, column: c + 1 }, cell)),
  );
  const fromAddresses = Object.entries(input.cells ?? {}).map(([address, cell]) =>
    toCell(parseLocal(address), cell),
  );
  return {
    name: input.name,
    visible: input.hidden !== true,
    cells: [...fromRows, ...fromAddresses].filter((cell) => cell !== null),
    merged: (input.merged ?? []).map(toArea),
    hiddenRows: input.hiddenRows ?? [],
    filteredRows: input.filteredRows ?? [],
    hiddenColumns: (input.hiddenColumns ?? []).map(columnNumber),
  };
}

function toCell(at: Position, input: CellInput): Cell | null {
  if (input === null) return null;
  const parts: CellParts = typeof input === 'object' ? input : { value: input };
  return {
    row: at.row,
    column: at.column,
    value: toValue(parts),
    formula: parts.formula === undefined ? null : parts.formula.replace(/^(?!=)/, '='),
    numberFormat: parts.format ?? (parts.date === undefined ? 'General' : 'yyyy-mm-dd'),
    note: parts.note ?? null,
    bold: parts.bold ?? false,
  };
}

function toValue({ value, date, error }: CellParts): CellValue {
  if (error !== undefined) return { kind: 'error', error };
  if (date !== undefined) return { kind: 'date', serial: date };
  if (typeof value === 'number') return { kind: 'number', number: value };
  if (typeof value === 'boolean') return { kind: 'boolean', boolean: value };
  return typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'blank' };
}

function parseLocal(address: string): Position {
  const [, letters = '', row = ''] = /^([A-Z]{1,3})(\d+)$/.exec(address) ?? [];
  assert(letters !== '' && row !== '', `"${address}" is an address such as C8`);
  return { row: Number(row), column: columnNumber(letters) };
}

function toArea(range: string): MergedArea {
  const [from = '', to = from] = range.split(':');
  const [a, b] = [parseLocal(from), parseLocal(to)];
  return { top: a.row, left: a.column, bottom: b.row, right: b.column };
}

/** "C8" of a position, for building sheets by address. */
export const at = (row: number, column: number): string => `${columnLetters(column)}${String(row)}`;
