/**
 * Events to the add-in as rich API messages: [category, event type, target id, JSON, 0, remote].
 * Worksheet.onChanged and the like register here; the numbers stand in excel-web-16.00.debug.js
 * 1.1.110, lines 28850-30310 (read 2026-11-21).
 */
import { formatRect } from '../model/a1.ts';
import { valueType } from '../model/display.ts';
import { activeSheet, sheetById } from '../model/sheets.ts';
import { BLANK, peek, type Change, type Workbook } from '../model/workbook.ts';
import type { EventName, EventRegistry } from './objects.ts';

const CATEGORY = 65_536;
const EVENT_TYPES = { changed: 10, activated: 11, selection: 14 } as const;
/** What the whole workbook's collection listens under. */
const WORKBOOK_TARGET = 'Workbook';

export type MessageEntry = readonly unknown[];

/** Sends events for every change that the add-in asked to hear of. */
export function createEvents(
  book: Workbook,
  send: (entries: readonly MessageEntry[]) => void,
): EventRegistry {
  const counts = new Map<string, number>();
  const keyOf = (event: EventName, target: string): string => `${event}:${target}`;
  const add = (event: EventName, sheetId: string | null, by: number): void => {
    const key = keyOf(event, sheetId ?? WORKBOOK_TARGET);
    counts.set(key, Math.max(0, (counts.get(key) ?? 0) + by));
  };

  const fire = (event: EventName, sheetId: string, args: unknown): void => {
    const heard = [sheetId, WORKBOOK_TARGET].filter(
      (target) => (counts.get(keyOf(event, target)) ?? 0) > 0,
    );
    if (heard.length === 0) return;
    const text = JSON.stringify(args);
    const type = EVENT_TYPES[event];
    // After the request that caused it has been answered, as Excel does.
    setTimeout(() => send(heard.map((target) => [CATEGORY, type, target, text, 0, false])), 0);
  };

  book.listeners.add((change) => {
    if (change.kind === 'cells') changed(book, change, fire);
    if (change.kind === 'selection') {
      const { sheetId, rect } = book.selection;
      const args = { type: 'WorksheetSelectionChanged', worksheetId: sheetId };
      fire('selection', sheetId, { ...args, address: formatRect(rect), isInsideTable: false });
    }
    if (change.kind === 'active') {
      const { id } = activeSheet(book);
      fire('activated', id, { type: 'WorksheetActivated', worksheetId: id });
    }
  });
  return {
    register: (event, sheetId) => add(event, sheetId, 1),
    unregister: (event, sheetId) => add(event, sheetId, -1),
    clear: () => counts.clear(),
  };
}

/** Recalculated results and an opened file are no edits. */
function changed(
  book: Workbook,
  change: Extract<Change, { kind: 'cells' }>,
  fire: (event: EventName, sheetId: string, args: unknown) => void,
): void {
  if (change.source === 'calculation' || change.source === 'file') return;
  const sheet = sheetById(book, change.sheet.id);
  const address = formatRect(change.rect);
  const after = peek(sheet, change.rect.row, change.rect.column);
  const single = change.rect.rows * change.rect.columns === 1;
  const detail = single && {
    valueBefore: change.before ?? '',
    valueAfter: after.value,
    valueTypeBefore: valueType({ ...BLANK, value: change.before ?? '' }),
    valueTypeAfter: valueType(after),
  };
  fire('changed', sheet.id, {
    type: 'WorksheetChanged',
    changeType: 'RangeEdited',
    source: 'Local',
    triggerSource: change.source === 'add-in' ? 'ThisLocalAddin' : 'Unknown',
    worksheetId: sheet.id,
    address,
    referenceId: `${sheet.id}|${address}`,
    shiftDirection: 'None',
    ...(detail || {}),
  });
}
