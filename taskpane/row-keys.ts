/** The keyboard map of the list (ux.md 1.6); plain letters work only while a row has the focus. */
import type { KeyboardEvent } from 'react';
import type { Filter } from './close-state.ts';
import { isDecidable, isOpen, needsReason } from './obstacles.ts';
import type { Row } from './review-rows.ts';
import type { Close } from './use-close.ts';

export interface GridKeys {
  readonly rows: readonly Row[];
  readonly at: number;
  readonly page: number;
  readonly go: (index: number) => void;
  readonly toggle: (clientId: string) => void;
  readonly hold: (clientId: string) => void;
  readonly close: Close;
}

/** True when the key meant something here. */
export function rowKeys(keys: GridKeys, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const row = keys.rows[keys.at];
  return row ? walk(keys, row, event.key) || act(keys, row, event.key.toLowerCase()) : false;
}

function walk(keys: GridKeys, row: Row, key: string): boolean {
  const { at, page, go, rows } = keys;
  switch (key) {
    case 'ArrowDown':
      go(at + 1);
      return true;
    case 'ArrowUp':
      go(at - 1);
      return true;
    case 'PageDown':
      go(at + page);
      return true;
    case 'PageUp':
      go(at - page);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(rows.length - 1);
      return true;
    case 'ArrowRight':
      if (row.kind === 'client' && !row.expanded) keys.toggle(row.id);
      else go(at + 1);
      return true;
    case 'ArrowLeft':
      if (row.kind === 'client' && row.expanded) keys.toggle(row.id);
      else if (row.kind !== 'client')
        go(rows.findIndex((one) => one.kind === 'client' && one.id === row.invoice.clientId));
      return true;
    default:
      return false;
  }
}

const FILTERS: Readonly<Record<string, Filter>> = { f: 'flagged', c: 'changed', a: 'all' };

function act(keys: GridKeys, row: Row, key: string): boolean {
  const { actions } = keys.close;
  const filter = FILTERS[key];
  if (filter) {
    actions.tell({ type: 'learned', news: { filter } });
    keys.go(0);
    return true;
  }
  switch (key) {
    case 'enter':
      if (row.kind === 'line') void actions.goTo(row.line.cell);
      else if (row.kind === 'client') keys.toggle(row.id);
      return true;
    case 'd':
      if (row.kind === 'line') actions.tell({ type: 'learned', news: { lineId: row.id } });
      return true;
    case 'e':
    case 'o':
      if (row.kind === 'line') void actions.goTo(row.line.cell);
      return true;
    case 'k':
      keep(keys, row);
      return true;
    case 'h':
      keys.hold(row.invoice.clientId);
      return true;
    default:
      return false;
  }
}

/** K keeps what needs no reason; what needs one is answered in the detail. */
function keep(keys: GridKeys, row: Row): void {
  const { actions } = keys.close;
  const flags =
    row.kind === 'client' ? row.invoice.flags : row.kind === 'line' ? row.line.flags : row.flags;
  const open = flags.filter((flag) => isOpen(flag) && isDecidable(flag));
  const plain = open.filter((flag) => !needsReason(flag));
  if (plain.length > 0) actions.decide(plain, '');
  else if (open.length > 0 && row.kind === 'line')
    actions.tell({ type: 'learned', news: { lineId: row.id } });
}
