/** The sheet tabs: visible sheets only, one tab stop, arrow keys between them. */
import { activate, activeSheet } from '../model/sheets.ts';
import type { Sheet, Workbook } from '../model/workbook.ts';

export function createTabs(book: Workbook, list: HTMLElement): void {
  const shown = (): Sheet[] => book.sheets.filter((sheet) => sheet.visibility === 'Visible');

  function draw(): void {
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...shown().map((sheet) => tab(book, sheet)));
    const selected = list.querySelector<HTMLElement>('[aria-selected="true"]');
    if (focused) selected?.focus();
    selected?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  list.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const sheets = shown();
    const next = sheets[sheets.indexOf(activeSheet(book)) + by];
    if (by === 0 || !next) return;
    event.preventDefault();
    activate(book, next);
  });
  book.listeners.add((change) => {
    if (change.kind === 'sheets' || change.kind === 'active') draw();
  });
  draw();
}

function tab(book: Workbook, sheet: Sheet): HTMLButtonElement {
  const selected = sheet.id === book.activeSheetId;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = sheet.name;
  button.setAttribute('role', 'tab');
  button.setAttribute('aria-selected', String(selected));
  button.setAttribute('aria-controls', 'sheet');
  button.tabIndex = selected ? 0 : -1;
  button.addEventListener('click', () => activate(book, sheet));
  return button;
}
