/**
 * The books of a stand-in in words of no vendor: customers, items, documents, the keys it has
 * answered, its tokens. A stand-in translates between this and its contract. Amounts are decimal
 * texts. Everything is journaled, so it stands when the process is killed.
 */
import { openJournal } from '../journal.ts';

export interface LedgerCustomer {
  readonly id: string;
  readonly name: string;
  readonly code: string | null;
  readonly active: boolean;
  readonly currency: string;
  /** Set when the office merged it into another: it can be read and no longer billed. */
  readonly mergedInto: string | null;
  readonly updatedAt: string;
  readonly version: number;
}

export interface LedgerItem {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly price: string;
}

export interface LedgerLine {
  readonly itemId: string | null;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
  readonly taxCode: string | null;
}

export type LedgerKind = 'invoice' | 'credit memo';

export interface LedgerDocument {
  readonly id: string;
  readonly kind: LedgerKind;
  readonly number: string | null;
  readonly customerId: string;
  readonly date: string;
  readonly dueDate: string | null;
  readonly currency: string;
  readonly memo: string | null;
  readonly reference: string | null;
  /** The key of ours that stays with the document, where the system keeps one. */
  readonly externalId: string | null;
  /** Put away by the office: listed only for who asks for that too; absent where no system does so. */
  readonly archived?: boolean;
  /** Counts as sent to the customer; absent where the system has no such mark. */
  readonly sent?: boolean;
  readonly lines: readonly LedgerLine[];
  readonly subtotal: string;
  readonly tax: string;
  readonly status: 'open' | 'voided' | 'deleted';
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** An answer kept under an idempotency key. */
export interface LedgerReplay {
  readonly key: string;
  /** What the key was used for: another request under it is not the same. */
  readonly request: string;
  readonly atMs: number;
  readonly status: number;
  readonly body: unknown;
}

/** What the office has set up. */
export interface LedgerSettings {
  readonly company: string;
  readonly currency: string;
  /** Nothing dated up to this day is taken; null: every day is open. */
  readonly closedThrough: string | null;
  /** What the books add to every new document; "0" for none. */
  readonly taxPercent: string;
}

interface Tables {
  customer: LedgerCustomer;
  item: LedgerItem;
  document: LedgerDocument;
  replay: LedgerReplay;
  /** Refresh tokens that are good now, by name of the client they were given to. */
  grant: { readonly id: string; readonly token: string };
}
type Name = keyof Tables;

type Event =
  | { readonly event: 'settings'; readonly value: LedgerSettings }
  | { readonly event: 'put'; readonly table: Name; readonly id: string; readonly value: unknown }
  | { readonly event: 'removed'; readonly table: Name; readonly id: string }
  | { readonly event: 'cleared' };

export interface Ledger {
  settings(): LedgerSettings;
  set(changes: Partial<LedgerSettings>): void;
  all<Table extends Name>(table: Table): readonly Tables[Table][];
  get<Table extends Name>(table: Table, id: string): Tables[Table] | undefined;
  put<Table extends Name>(table: Table, id: string, value: Tables[Table]): void;
  remove(table: Name, id: string): void;
  /** Forgets customers, items and documents: another company comes. */
  clear(): void;
  /** True until something was ever written. */
  isEmpty(): boolean;
  /** Counts every document ever made, also deleted ones: 1, 2, 3. */
  nextNumber(): number;
  close(): void;
}

const NEW: LedgerSettings = { company: '', currency: 'USD', closedThrough: null, taxPercent: '0' };

/** Opens the ledger kept in this file; null keeps it in memory only. */
export function openLedger(path: string | null): Ledger {
  const tables = emptyTables();
  let settings = NEW;
  let written = 0;
  const play = (event: Event): void => {
    written += 1;
    if (event.event === 'settings') settings = event.value;
    else if (event.event === 'put') tables[event.table].set(event.id, event.value);
    else if (event.event === 'removed') tables[event.table].delete(event.id);
    else for (const table of Object.values(tables)) table.clear();
  };
  const journal = openJournal<Event>(path, play);
  const write = (event: Event): void => {
    journal.append(event);
    play(event);
  };
  return {
    settings: () => settings,
    set: (changes) => write({ event: 'settings', value: { ...settings, ...changes } }),
    all: <Table extends Name>(table: Table) => [...tables[table].values()] as Tables[Table][],
    get: <Table extends Name>(table: Table, id: string) =>
      tables[table].get(id) as Tables[Table] | undefined,
    put: (table, id, value) => write({ event: 'put', table, id, value }),
    remove: (table, id) => write({ event: 'removed', table, id }),
    clear: () => write({ event: 'cleared' }),
    isEmpty: () => written === 0,
    nextNumber: () => tables.document.size + 1,
    close: () => journal.close(),
  };
}

const emptyTables = (): Record<Name, Map<string, unknown>> => ({
  customer: new Map(),
  item: new Map(),
  document: new Map(),
  replay: new Map(),
  grant: new Map(),
});
