/** What every kind of books does with a document, whatever the wire looks like. */
import * as decimals from '../decimals.ts';
import type { Ledger, LedgerDocument, LedgerReplay } from './ledger.ts';

export type NewDocument = Omit<
  LedgerDocument,
  'subtotal' | 'tax' | 'status' | 'createdAt' | 'updatedAt' | 'version'
> & {
  /** Where the sender says what it is. */
  readonly tax?: string;
};

/** Adds up, adds the books' own tax unless the sender says it, and writes it down. */
export function addDocument(ledger: Ledger, document: NewDocument, nowMs: number): LedgerDocument {
  const subtotal = decimals.sum(document.lines.map(({ amount }) => amount));
  const at = new Date(nowMs).toISOString();
  const value: LedgerDocument = {
    ...document,
    subtotal,
    tax: document.tax ?? decimals.percentOf(subtotal, ledger.settings().taxPercent),
    status: 'open',
    createdAt: at,
    updatedAt: at,
    version: 0,
  };
  ledger.put('document', value.id, value);
  return value;
}

export function changeDocument(
  ledger: Ledger,
  document: LedgerDocument,
  change: Partial<LedgerDocument>,
  nowMs: number,
): LedgerDocument {
  const lines = change.lines ?? document.lines;
  const isOpen = (change.status ?? document.status) === 'open';
  const subtotal = isOpen ? decimals.sum(lines.map(({ amount }) => amount)) : '0.00';
  const value: LedgerDocument = {
    ...document,
    ...change,
    subtotal,
    tax: decimals.percentOf(subtotal, ledger.settings().taxPercent),
    updatedAt: new Date(nowMs).toISOString(),
    version: document.version + 1,
  };
  ledger.put('document', value.id, value);
  return value;
}

export const totalOf = ({ subtotal, tax }: LedgerDocument): string => decimals.sum([subtotal, tax]);

/** Documents that are in the books: what was deleted is remembered and not shown. */
export const standing = (ledger: Ledger): readonly LedgerDocument[] =>
  ledger.all('document').filter(({ status }) => status !== 'deleted');

/** Why nothing may be dated so; null when it may. */
export function closedOn(ledger: Ledger, day: string): string | null {
  const { closedThrough } = ledger.settings();
  return closedThrough !== null && day <= closedThrough ? closedThrough : null;
}

/** What was answered under a key, while the key is remembered; null windowMs: for ever. */
export function replayOf(
  ledger: Ledger,
  key: string,
  nowMs: number,
  windowMs: number | null,
): LedgerReplay | null {
  const replay = ledger.get('replay', key);
  if (!replay) return null;
  return windowMs === null || nowMs - replay.atMs < windowMs ? replay : null;
}
