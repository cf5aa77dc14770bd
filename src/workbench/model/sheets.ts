/** Sheets and the facts about a sheet: add, rename, remove, activate, used range, hidden rows. */
import { contains, type Rect } from './a1.ts';
import { hostError } from './errors.ts';
import { forgetSheetNames } from './names.ts';
import { renameSheetInFormula } from './rewrite.ts';
import {
  announce,
  BLANK,
  cellKey,
  keyColumn,
  keyRow,
  nextId,
  peek,
  type Cell,
  type Sheet,
  type Visibility,
  type Workbook,
} from './workbook.ts';

const SHEET_NAME_MAX = 31;

export function addSheet(workbook: Workbook, wanted?: string | null): Sheet {
  const name = wanted ?? freeName(workbook);
  checkName(workbook, name);
  const sheet: Sheet = {
    id: nextId(workbook),
    name,
    visibility: 'Visible',
    cells: new Map(),
    hiddenRows: new Set(),
    hiddenColumns: new Set(),
    columnWidths: new Map(),
    rowHeights: new Map(),
    merges: [],
    conditionalFormats: [],
    autoFilter: null,
    frozenRows: 0,
    frozenColumns: 0,
  };
  workbook.sheets.push(sheet);
  if (workbook.sheets.length === 1) activate(workbook, sheet);
  announce(workbook, { kind: 'sheets' });
  return sheet;
}

function freeName(workbook: Workbook): string {
  let number = workbook.sheets.length + 1;
  while (findSheet(workbook, `Sheet${number}`)) number += 1;
  return `Sheet${number}`;
}

function checkName(workbook: Workbook, name: string): void {
  const bad = name === '' || name.length > SHEET_NAME_MAX || /[\\/?*[\]:]|^'|'$/.test(name);
  if (bad) throw hostError('InvalidArgument');
  if (findSheet(workbook, name)) throw hostError('ItemAlreadyExists');
}

export function renameSheet(workbook: Workbook, sheet: Sheet, name: string): void {
  if (name.toLowerCase() !== sheet.name.toLowerCase()) checkName(workbook, name);
  const from = sheet.name;
  sheet.name = name;
  for (const one of workbook.sheets) followRename(one, from, name);
  announce(workbook, { kind: 'sheets' });
}

/** Formulas and rules that name the sheet keep meaning it. */
function followRename(sheet: Sheet, from: string, to: string): void {
  for (const cell of sheet.cells.values()) {
    if (cell.formula !== null) cell.formula = renameSheetInFormula(cell.formula, from, to);
  }
  for (const rule of sheet.conditionalFormats) {
    rule.formula = renameSheetInFormula(rule.formula, from, to);
  }
}

export function removeSheet(workbook: Workbook, sheet: Sheet): void {
  const others = workbook.sheets.filter((one) => one !== sheet && one.visibility === 'Visible');
  const [next] = others;
  if (!next) throw hostError('InvalidOperation');
  workbook.sheets.splice(workbook.sheets.indexOf(sheet), 1);
  forgetSheetNames(workbook, sheet.id);
  if (workbook.activeSheetId === sheet.id) activate(workbook, next);
  announce(workbook, { kind: 'sheets' });
}

/** By name (any case) or by id; null when there is none. */
export function findSheet(workbook: Workbook, nameOrId: string): Sheet | null {
  const wanted = nameOrId.toLowerCase();
  const found = workbook.sheets.find(
    (sheet) => sheet.id === nameOrId || sheet.name.toLowerCase() === wanted,
  );
  return found ?? null;
}

export function sheetById(workbook: Workbook, id: string): Sheet {
  const found = workbook.sheets.find((sheet) => sheet.id === id);
  if (!found) throw hostError('ItemNotFound');
  return found;
}

export const activeSheet = (workbook: Workbook): Sheet =>
  sheetById(workbook, workbook.activeSheetId);

export function activate(workbook: Workbook, sheet: Sheet): void {
  if (sheet.visibility !== 'Visible') throw hostError('InvalidOperation');
  if (workbook.activeSheetId === sheet.id) return;
  workbook.activeSheetId = sheet.id;
  workbook.selection = { sheetId: sheet.id, rect: { row: 0, column: 0, rows: 1, columns: 1 } };
  announce(workbook, { kind: 'active' });
  announce(workbook, { kind: 'selection' });
}

export function setVisibility(workbook: Workbook, sheet: Sheet, visibility: Visibility): void {
  const rest = workbook.sheets.filter((one) => one !== sheet && one.visibility === 'Visible');
  const [next] = rest;
  if (visibility !== 'Visible' && !next) throw hostError('InvalidOperation');
  sheet.visibility = visibility;
  if (visibility !== 'Visible' && next && workbook.activeSheetId === sheet.id) {
    activate(workbook, next);
  }
  announce(workbook, { kind: 'sheets' });
}

export function select(workbook: Workbook, sheet: Sheet, rect: Rect): void {
  activate(workbook, sheet);
  workbook.selection = { sheetId: sheet.id, rect };
  announce(workbook, { kind: 'selection' });
}

const filled = (cell: Readonly<Cell>): boolean => cell.value !== '' || cell.formula !== null;
const formatted = (cell: Readonly<Cell>): boolean =>
  cell.fill !== null || cell.bold || cell.numberFormat !== 'General';

/** Null when nothing is used; without valuesOnly, formatted blank cells count too. */
export function usedRange(sheet: Sheet, valuesOnly: boolean): Rect | null {
  let [top, left, bottom, right] = [Infinity, Infinity, -1, -1];
  for (const [key, cell] of sheet.cells) {
    if (!filled(cell) && (valuesOnly || !formatted(cell))) continue;
    const [row, column] = [keyRow(key), keyColumn(key)];
    top = Math.min(top, row);
    left = Math.min(left, column);
    bottom = Math.max(bottom, row);
    right = Math.max(right, column);
  }
  if (bottom < 0) return null;
  return { row: top, column: left, rows: bottom - top + 1, columns: right - left + 1 };
}

/** The cells of a rectangle that were ever touched; fast for whole columns and whole sheets. */
export function* touched(sheet: Sheet, rect: Rect): Generator<[number, number, Cell]> {
  if (rect.rows * rect.columns > sheet.cells.size) {
    for (const [key, cell] of sheet.cells) {
      const [row, column] = [keyRow(key), keyColumn(key)];
      if (contains(rect, row, column)) yield [row, column, cell];
    }
    return;
  }
  for (let row = rect.row; row < rect.row + rect.rows; row += 1) {
    for (let column = rect.column; column < rect.column + rect.columns; column += 1) {
      const cell = sheet.cells.get(cellKey(row, column));
      if (cell) yield [row, column, cell];
    }
  }
}

/** The merged area that covers the cell, if any. */
export function mergeAt(sheet: Sheet, row: number, column: number): Rect | null {
  return sheet.merges.find((merge) => contains(merge, row, column)) ?? null;
}

/** Every cell of the rectangle shares the fact, or null for mixed. */
export function uniform<T>(sheet: Sheet, rect: Rect, read: (cell: Readonly<Cell>) => T): T | null {
  const first = read(peek(sheet, rect.row, rect.column));
  let seen = 0;
  for (const [, , cell] of touched(sheet, rect)) {
    seen += 1;
    if (read(cell) !== first) return null;
  }
  const untouched = seen < rect.rows * rect.columns;
  return untouched && read(BLANK) !== first ? null : first;
}
