/** Name box and formula bar. */
import { formatRect, parseAddress } from '../model/a1.ts';
import { findName } from '../model/names.ts';
import { activate, activeSheet, findSheet, sheetById } from '../model/sheets.ts';
import type { Workbook } from '../model/workbook.ts';
import type { Grid } from './grid.ts';
import { entryText } from './grid-text.ts';

export interface BarElements {
  readonly name: HTMLInputElement;
  readonly formula: HTMLInputElement;
}

/** Returns what shows the bar anew. */
export function createBar(book: Workbook, grid: () => Grid, elements: BarElements): () => void {
  const { name, formula } = elements;

  function draw(): void {
    const { rect } = book.selection;
    const { row, column } = grid().active();
    if (document.activeElement !== name) name.value = label(book, formatRect(rect));
    if (!grid().editor.isEditing()) formula.value = entryText(activeSheet(book), row, column);
  }

  name.addEventListener('focus', () => name.select());
  name.addEventListener('blur', draw);
  name.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') grid().focus();
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (goTo(book, grid(), name.value.trim())) grid().focus();
    else name.select();
  });
  return draw;
}

/** A cell that has a name shows it, as in Excel. */
function label(book: Workbook, address: string): string {
  const named = [...book.names.values()].find(
    ({ target }) => target?.sheetId === book.activeSheetId && formatRect(target.rect) === address,
  );
  return named?.name ?? address;
}

function goTo(book: Workbook, grid: Grid, text: string): boolean {
  const parsed = parseAddress(text);
  const target = findName(book, text)?.target;
  if (target) {
    activate(book, sheetById(book, target.sheetId));
    grid.goTo(target.rect);
    return true;
  }
  const sheet = parsed?.sheet == null ? activeSheet(book) : findSheet(book, parsed.sheet);
  if (!parsed || sheet?.visibility !== 'Visible') return false;
  activate(book, sheet);
  grid.goTo(parsed.rect);
  return true;
}
