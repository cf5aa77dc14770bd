/** The company file: customers, items, invoices, credit memos, kept in a journal. */
import { openJournal } from '../journal.ts';

export interface StoredCustomer {
  readonly id: string;
  readonly fullName: string;
  readonly parentId: string | null;
  readonly code: string | null;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly revision: number;
}

export interface StoredItem {
  readonly id: string;
  readonly kind: 'service' | 'other_charge' | 'non_inventory';
  readonly name: string;
  readonly description: string;
  readonly price: string;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly revision: number;
}

export interface StoredLine {
  readonly id: string;
  readonly itemId: string | null;
  readonly description: string | null;
  readonly quantity: number | null;
  readonly rate: string | null;
  readonly amount: string | null;
  readonly serviceDate: string | null;
}

export interface StoredDocument {
  readonly id: string;
  readonly kind: 'invoice' | 'credit_memo';
  readonly customerId: string;
  readonly transactionDate: string;
  readonly dueDate: string;
  /** Null when it was left blank: QuickBooks gives no number by itself here (contract). */
  readonly refNumber: string | null;
  readonly memo: string | null;
  readonly purchaseOrderNumber: string | null;
  readonly externalId: string | null;
  readonly isQueuedForEmail: boolean;
  readonly isPending: boolean;
  readonly salesTaxPercent: string;
  readonly lines: readonly StoredLine[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly revision: number;
}

export interface DeletedDocument {
  readonly id: string;
  readonly kind: StoredDocument['kind'];
  readonly refNumber: string | null;
  readonly createdAt: string;
  readonly deletedAt: string;
}

type Event =
  | { readonly event: 'company'; readonly name: string }
  | { readonly event: 'customer'; readonly value: StoredCustomer }
  | { readonly event: 'item'; readonly value: StoredItem }
  | { readonly event: 'document'; readonly value: StoredDocument }
  | { readonly event: 'deleted'; readonly value: DeletedDocument }
  | { readonly event: 'removed'; readonly id: string }
  | { readonly event: 'cleared' };

export interface Books {
  companyName(): string;
  customers(): readonly StoredCustomer[];
  items(): readonly StoredItem[];
  documents(kind: StoredDocument['kind']): readonly StoredDocument[];
  deleted(): readonly DeletedDocument[];
  /** True until something was ever written: then the sample's own lists go in. */
  isEmpty(): boolean;
  nextNumber(): number;
  write(event: Event): void;
  close(): void;
}

interface State {
  companyName: string;
  readonly customers: Map<string, StoredCustomer>;
  readonly items: Map<string, StoredItem>;
  readonly documents: Map<string, StoredDocument>;
  readonly deleted: Map<string, DeletedDocument>;
  written: number;
}

/** Opens the books kept in this file; null keeps them in memory only. */
export function openBooks(path: string | null): Books {
  const state = emptyState();
  const journal = openJournal<Event>(path, (event) => apply(state, event));
  return {
    companyName: () => state.companyName,
    customers: () => [...state.customers.values()],
    items: () => [...state.items.values()],
    documents: (kind) => [...state.documents.values()].filter((row) => row.kind === kind),
    deleted: () => [...state.deleted.values()],
    isEmpty: () => state.written === 0,
    nextNumber: () => state.documents.size + state.deleted.size + 1,
    write(event) {
      journal.append(event);
      apply(state, event);
    },
    close: () => journal.close(),
  };
}

const emptyState = (): State => ({
  companyName: '',
  customers: new Map(),
  items: new Map(),
  documents: new Map(),
  deleted: new Map(),
  written: 0,
});

function apply(state: State, event: Event): void {
  state.written += 1;
  switch (event.event) {
    case 'company':
      state.companyName = event.name;
      return;
    case 'customer':
      state.customers.set(event.value.id, event.value);
      return;
    case 'item':
      state.items.set(event.value.id, event.value);
      return;
    case 'document':
      state.documents.set(event.value.id, event.value);
      return;
    case 'deleted':
      state.documents.delete(event.value.id);
      state.deleted.set(event.value.id, event.value);
      return;
    case 'removed':
      state.customers.delete(event.id);
      state.items.delete(event.id);
      return;
    case 'cleared':
      for (const map of [state.customers, state.items, state.documents, state.deleted]) map.clear();
  }
}
