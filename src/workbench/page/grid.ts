/** The grid: draws the active sheet, moves the cursor, edits cells, copies and pastes. */
import type { Calculation } from '../calc/calculation.ts';
import { contains, spanning, type Rect } from '../model/a1.ts';
import { clearCells, writeCells } from '../model/edit.ts';
import { activeSheet, mergeAt, select } from '../model/sheets.ts';
import type { Change, Sheet, Workbook } from '../model/workbook.ts';
import { createEditor, type Editor } from './editor.ts';
import { listenToInput } from './grid-input.ts';
import { createTable, HEADER_PX, ROW_HEADER_PX } from './grid-table.ts';
import {
  anchored,
  asText,
  entryText,
  hex,
  keyOf,
  paste,
  placeOf,
  scrolled,
  within,
} from './grid-text.ts';
import { layoutOf, type Layout } from './layout.ts';
import { move, step, type Place } from './moves.ts';

/** Below this width frozen columns would leave no room for the others. */
const FREEZE_FROM_PX = 520;
const REDRAW_AFTER_PX = 200;

export interface Grid {
  readonly editor: Editor;
  readonly active: () => Place;
  goTo(rect: Rect): void;
  focus(): void;
  /** Draws at the next frame, however many changes come before it. */
  refresh(): void;
}

export interface GridParts {
  readonly book: Workbook;
  readonly calculation: Calculation;
  readonly container: HTMLElement;
  readonly onSelection: () => void;
  readonly onProblem: (words: string) => void;
}

export function createGrid(parts: GridParts): Grid {
  const { book, calculation, container } = parts;
  let active: Place = { row: 0, column: 0 };
  let head: Place = active;
  let layout: Layout = layoutOf(activeSheet(book), active, true);
  let drawnAt = { top: 0, left: 0 };
  let scheduled = false;
  let ours = false;
  const sheet = (): Sheet => activeSheet(book);
  const cells = new Map<string, HTMLTableCellElement>();

  const editor = createEditor({
    cellAt: (place) => cells.get(keyOf(anchored(sheet(), place))) ?? null,
    textAt: ({ row, column }) => entryText(sheet(), row, column),
    commit: (place, text) => write(place, text),
    leave: (direction) => {
      if (direction) goToPlace(step(sheet(), active, direction));
      focus();
    },
  });

  function draw(): void {
    scheduled = false;
    if (editor.isOpenInCell()) return;
    const focused = container.contains(document.activeElement);
    layout = layoutOf(sheet(), active, container.clientWidth >= FREEZE_FROM_PX);
    drawnAt = { top: container.scrollTop, left: container.scrollLeft };
    const paper = getComputedStyle(container).backgroundColor;
    const context = {
      sheet: sheet(),
      holds: calculation.holds,
      isBusy: (row: number, column: number) => calculation.isBusy(sheet(), row, column),
      paper: hex(paper),
    };
    const table = createTable(context, layout, {
      ...drawnAt,
      height: container.clientHeight,
      width: container.clientWidth,
    });
    cells.clear();
    for (const td of table.querySelectorAll<HTMLTableCellElement>('td[data-a1]')) {
      cells.set(td.dataset['a1'] ?? '', td);
    }
    container.replaceChildren(table);
    container.scrollTo(drawnAt.left, drawnAt.top);
    mark();
    if (focused) focus();
  }

  function refresh(): void {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(draw);
  }

  /** Shows cursor and selection on what is drawn. */
  function mark(): void {
    const { rect } = book.selection;
    const here = keyOf(anchored(sheet(), active));
    const many = rect.rows * rect.columns > 1;
    for (const [key, td] of cells) {
      const isActive = key === here;
      const picked = contains(rect, ...placeOf(key));
      td.classList.toggle('active', isActive);
      td.classList.toggle('pick', many && picked);
      td.setAttribute('aria-selected', String(picked || isActive));
      td.tabIndex = isActive ? 0 : -1;
    }
    for (const th of container.querySelectorAll<HTMLElement>('th[data-row], th[data-column]')) {
      const { row, column } = th.dataset;
      const on =
        row === undefined
          ? within(Number(column), rect.column, rect.columns)
          : within(Number(row), rect.row, rect.rows);
      th.classList.toggle('on', on);
    }
    parts.onSelection();
  }

  function focus(): void {
    cells.get(keyOf(anchored(sheet(), active)))?.focus({ preventScroll: true });
  }

  function choose(rect: Rect): void {
    ours = true;
    select(book, sheet(), rect);
    ours = false;
    mark();
  }

  function goToPlace(place: Place, extend = false): void {
    head = place;
    if (!extend) active = place;
    const area = extend ? null : mergeAt(sheet(), place.row, place.column);
    choose(area ?? spanning(active.row, active.column, head.row, head.column));
    reveal(head);
    focus();
  }

  function goTo(rect: Rect): void {
    active = { row: rect.row, column: rect.column };
    head = { row: rect.row + rect.rows - 1, column: rect.column + rect.columns - 1 };
    choose(rect);
    reveal(active);
  }

  /** Scrolls no farther than needed; draws when the place is not in the document. */
  function reveal(place: Place): void {
    const row = layout.rows.find((one) => one.index === place.row);
    const column = layout.columns.find((one) => one.index === place.column);
    if (!row || !column || place.row + 3 > (layout.rows.at(-1)?.index ?? 0)) {
      layout = layoutOf(sheet(), place, container.clientWidth >= FREEZE_FROM_PX);
    }
    const target = layout.rows.find((one) => one.index === place.row);
    const across = layout.columns.find((one) => one.index === place.column);
    const frozen = layout.rows.slice(0, layout.frozenRows).reduce((sum, one) => sum + one.size, 0);
    const kept = layout.columns
      .slice(0, layout.frozenColumns)
      .reduce((sum, one) => sum + one.size, 0);
    if (target && place.row >= sheet().frozenRows) {
      container.scrollTop = scrolled(container.scrollTop, target, {
        before: frozen,
        size: container.clientHeight - HEADER_PX,
      });
    }
    if (across && across.start >= kept) {
      container.scrollLeft = scrolled(container.scrollLeft, across, {
        before: kept,
        size: container.clientWidth - ROW_HEADER_PX,
      });
    }
    if (!cells.has(keyOf(anchored(sheet(), place)))) draw();
  }

  function write(place: Place, text: string): void {
    const at = anchored(sheet(), place);
    attempt(() => writeCells(book, sheet(), { ...at, rows: 1, columns: 1 }, text));
  }

  function attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      parts.onProblem(error instanceof Error ? error.message : String(error));
    }
  }

  function onKey(event: KeyboardEvent): void {
    if (editor.isOpenInCell()) return;
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const ctrl = ctrlKey || metaKey;
    const target = move(sheet(), shiftKey ? head : active, { key, ctrl });
    const typed = key.length === 1 && !ctrl && !altKey;
    if (target) goToPlace(target, shiftKey);
    else if (key === 'Enter') goToPlace(step(sheet(), active, [shiftKey ? -1 : 1, 0]));
    else if (key === 'F2') editor.open(active, null);
    else if (key === 'Delete' || key === 'Backspace') clear();
    else if (ctrl && key.toLowerCase() === 'a') selectAll();
    else if (typed) editor.open(active, key);
    else return;
    event.preventDefault();
  }

  function clear(): void {
    attempt(() => clearCells(book, sheet(), book.selection.rect, 'Contents'));
  }

  function selectAll(): void {
    const last = { row: layout.rows.at(-1)?.index ?? 0, column: layout.columns.at(-1)?.index ?? 0 };
    choose(spanning(0, 0, last.row, last.column));
  }

  listenToInput(container, {
    editor,
    key: onKey,
    goTo: goToPlace,
    copied: () => asText(sheet(), book.selection.rect),
    paste: (text) => attempt(() => paste(book, sheet(), active, text)),
  });
  container.addEventListener('scroll', () => {
    const down = Math.abs(container.scrollTop - drawnAt.top);
    const right = Math.abs(container.scrollLeft - drawnAt.left);
    if (Math.max(down, right) > REDRAW_AFTER_PX) refresh();
  });
  new ResizeObserver(refresh).observe(container);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refresh);

  book.listeners.add((change: Change) => {
    if (change.kind === 'selection' && ours) return;
    if (change.kind === 'selection') {
      const { rect } = book.selection;
      active = { row: rect.row, column: rect.column };
      head = active;
      refresh();
      requestAnimationFrame(() => reveal(active));
      return;
    }
    if (change.kind === 'active') container.scrollTo(0, 0);
    refresh();
  });
  draw();
  return { editor, active: () => active, goTo, focus, refresh };
}
