/** What an adapter does on these books: one request, one verdict by allow-list (posting-safety 1.3). */
import { AppError } from '../../src/core/errors.ts';
import type { AccountingCompany, AccountingSystem, CreateOutcome, LookupOutcome } from '../../src/relay/accounting/accounting.ts'; // prettier-ignore
import type { Arrival, Landing, Ledger } from './ledger.ts';

/** What comes back over the wire for one create; who reads it does not know what happened. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly body: 'own' | 'own error' | 'html' | 'cut'; readonly id: string | null; readonly code: string | null }
  | { readonly kind: 'not sent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }; // prettier-ignore

export interface Wire {
  /** Sends one create through the weather of the regime. */
  send(arrival: Omit<Arrival, 'at' | 'changedBy'>): Promise<Reply>;
  /** Before any question: throws when the books are away. */
  ask(what: 'lookup' | 'read'): void;
}

/** Mutant "upsert instead of create" turns this on. */
const UPSERT: boolean = false;

export function toOutcome(reply: Reply): CreateOutcome {
  if (reply.kind === 'not sent') return { verdict: 'not sent', reason: reply.reason };
  if (reply.kind === 'lost') return { verdict: 'unknown', reason: reply.reason };
  const { status, body, id, code } = reply;
  if (status === 201 && body === 'own' && id !== null) return { verdict: 'created', invoiceId: id };
  if (status === 429 && body === 'own error') return { verdict: 'not sent', reason: 'busy', retryAfterSeconds: 60 }; // prettier-ignore
  if (status === 409 && body === 'own error' && code === 'exists') return { verdict: 'exists', reason: 'the number is taken' }; // prettier-ignore
  if (status === 401 && body === 'own error') return { verdict: 'not sent', reason: 'the token ran out' }; // prettier-ignore
  if (status === 422 && body === 'own error') return { verdict: 'rejected', reason: 'the period is closed', code: 'closed' }; // prettier-ignore
  return { verdict: 'unknown', reason: `${String(status)} ${body}` };
}

export const replyOf = (landing: Landing): Reply => {
  switch (landing.kind) {
    case 'created':
    case 'replayed':
    case 'replaced':
      return { kind: 'answer', status: 201, body: 'own', id: landing.id, code: null };
    case 'exists':
      return { kind: 'answer', status: 409, body: 'own error', id: null, code: 'exists' };
    case 'refused':
      return { kind: 'answer', status: 422, body: 'own error', id: null, code: 'closed' };
  }
};

export function openCompany(ledger: Ledger, wire: Wire, now: () => string): AccountingCompany {
  return {
    identity() {
      wire.ask('read');
      return Promise.resolve({ id: ledger.companyId, name: ledger.companyId, answeredAt: now() });
    },
    checkHealth() {
      wire.ask('read');
      return Promise.resolve();
    },
    customers: () => Promise.resolve([...ledger.customers.values()]),
    customer(id) {
      wire.ask('read');
      return Promise.resolve(ledger.customers.get(id) ?? null);
    },
    items: () => Promise.resolve([]),
    checkLimits: () => null,
    async create(content, keys) {
      return toOutcome(await wire.send({ content, keys, upsert: UPSERT }));
    },
    lookup(content, keys): Promise<LookupOutcome> {
      try {
        wire.ask('lookup');
      } catch (error) {
        const reason = error instanceof AppError ? error.message : 'no answer';
        return Promise.resolve({ verdict: 'failed', reason });
      }
      const invoices = ledger
        .visible()
        .filter(({ document, ref, marker }) => document === content.document && (ref === keys.ref || marker === keys.marker)); // prettier-ignore
      return Promise.resolve(
        invoices.length > 0 ? { verdict: 'found', invoices } : { verdict: 'none' },
      );
    },
    read(document, id) {
      wire.ask('read');
      const found = ledger.truth().find((one) => one.id === id && one.document === document);
      return Promise.resolve(found ?? null);
    },
    list({ from, to }) {
      wire.ask('read');
      return Promise.resolve(ledger.visible().filter(({ date }) => from <= date && date <= to));
    },
  };
}

export const systemOf = (ledger: Ledger): AccountingSystem => {
  const system: AccountingSystem = {
    id: 'simulated',
    title: 'Simulated Books',
    promise: '',
    facility: ledger.kind.facility,
    limits: {
      ref: { length: 11, alphabet: 'A-Z 0-9 -' },
      descriptionLength: null,
      memoLength: null,
      idLength: null,
      linesPerInvoice: null,
      quantityDecimals: 7,
      priceDecimals: 7,
      amountIsProduct: false,
      documents: ['invoice', 'credit memo'],
      tax: 'books',
      currency: 'customer',
    },
    parseSettings: (settings) => settings,
    destinations: () => [],
    configured: () => system,
    connect: () => {
      throw new Error('opened by the world');
    },
  };
  return system;
};
