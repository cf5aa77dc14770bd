/**
 * Books as a capability class (posting-safety 2.4): what they hold, when it lands, when a search
 * shows it, and what they do about a second copy. Only this knows the truth.
 */
import type { InvoiceContent } from '../../src/core/model.ts';
import type { Amount, Currency } from '../../src/core/money.ts';
import type { BooksCustomer, BooksInvoice, Facility, InvoiceKeys } from '../../src/relay/accounting/accounting.ts'; // prettier-ignore
import { NO_FACILITY } from '../../src/relay/accounting/facility.ts';
import type { Chance } from './random.ts';

const MINUTE = 60_000;

export interface LedgerClass {
  readonly name: string;
  /** Which real systems it stands for. */
  readonly like: string;
  readonly facility: Facility;
  /** How long the books really answer a key with its first document; the facility trusts less. */
  readonly keyLivesMs: number;
  /** A late landing comes at most so long after the request. */
  readonly landsWithinMs: number;
  readonly lookupLagMs: number;
  readonly lookupFails: number;
  /** The books change the total: tax, a price level, rounding of their own. */
  readonly changesTotal: number;
  /** The network may deliver one request twice, and the books would take both. */
  readonly takesCopies: boolean;
}

const weak: LedgerClass = {
  name: 'none',
  like: 'QuickBooks Desktop through Conductor',
  facility: NO_FACILITY,
  keyLivesMs: 0,
  landsWithinMs: 15 * MINUTE,
  lookupLagMs: 0,
  lookupFails: 0,
  changesTotal: 0,
  takesCopies: true,
};

export const CLASSES: readonly LedgerClass[] = [
  weak,
  {
    ...weak,
    name: 'key window',
    like: 'QuickBooks Online',
    facility: { kind: 'key window', trustedMinutes: 720, settleMinutes: 5, resend: 'after evidence' },
    keyLivesMs: 1440 * MINUTE,
    landsWithinMs: 2 * MINUTE,
    takesCopies: false,
  },
  {
    ...weak,
    name: 'short key window',
    like: 'Sage Accounting',
    facility: { kind: 'key window', trustedMinutes: 60, settleMinutes: 30, resend: 'while trusted' },
    keyLivesMs: 120 * MINUTE,
    takesCopies: false,
  },
  {
    ...weak,
    name: 'unique reference',
    like: 'Xero, NetSuite',
    facility: { kind: 'unique reference', trustedMinutes: null, settleMinutes: 5, resend: 'after evidence' },
    landsWithinMs: 2 * MINUTE,
    takesCopies: false,
  },
  {
    ...weak,
    name: 'worst of all',
    like: 'whatever is reached by the generic poster',
    landsWithinMs: 25 * MINUTE,
    lookupLagMs: 2 * MINUTE,
    lookupFails: 0.08,
    changesTotal: 0.04,
  },
]; // prettier-ignore

/** One request to create on the wire, as the books will see it. */
export interface Arrival {
  readonly content: InvoiceContent;
  readonly keys: InvoiceKeys;
  readonly at: number;
  /** Tampered on the way: the number by which the books change the total, in cents. */
  readonly changedBy: number;
  /** PUT onto a key that is there replaces the document: only a mutant asks for that. */
  readonly upsert: boolean;
}

export type Landing =
  | { readonly kind: 'created' | 'replayed' | 'replaced'; readonly id: string }
  | { readonly kind: 'exists' }
  | { readonly kind: 'refused' };

interface Held {
  invoice: BooksInvoice;
  readonly providerKey: string;
  readonly postingKey: string;
  readonly landedAt: number;
  readonly visibleFrom: number;
  deleted: boolean;
}

export interface Ledger {
  readonly kind: LedgerClass;
  readonly customers: Map<string, BooksCustomer>;
  companyId: string;
  downUntil: number;
  /** While it is closed every create of the month is refused. */
  closed: boolean;
  /** How much longer than its class a search needs. */
  extraLagMs: number;
  /** A posted document was written over: the one thing a create must never do. */
  readonly replaced: string[];
  arrive(arrival: Arrival): Landing;
  /** Requests under way land in their order of time. */
  settle(): void;
  /** What stands there now, whatever a search shows. */
  truth(): readonly BooksInvoice[];
  /** What a search shows. */
  visible(): readonly BooksInvoice[];
  edit(id: string, change: Partial<BooksInvoice>): void;
  remove(id: string): void;
  typeByHand(invoice: Omit<BooksInvoice, 'id'>): string;
  later(arrival: Arrival): void;
}

export function createLedger(
  kind: LedgerClass,
  clock: { nowMs(): number },
  chance: Chance,
): Ledger {
  const held: Held[] = [];
  const refusedKeys = new Set<string>();
  let waiting: Arrival[] = [];
  let nextId = 0;

  const make = (invoice: Omit<BooksInvoice, 'id'>, keys: Pick<InvoiceKeys, 'providerKey' | 'postingKey'>, at: number): string => {
    nextId += 1;
    const id = `inv-${String(nextId)}`;
    const { providerKey, postingKey } = keys;
    const visibleFrom = at + kind.lookupLagMs + ledger.extraLagMs;
    held.push({ invoice: { ...invoice, id }, providerKey, postingKey, landedAt: at, visibleFrom, deleted: false });
    return id;
  }; // prettier-ignore

  /** `wasTaken`: the books had it in their queue before anybody closed the month. */
  const land = ({ content, keys, at, changedBy, upsert }: Arrival, wasTaken = false): Landing => {
    const known = held.find((one) => one.providerKey === keys.providerKey);
    const isYoung = known !== undefined && at - known.landedAt < kind.keyLivesMs;
    const { kind: facility } = kind.facility;
    if (facility === 'key window' && isYoung) return { kind: 'replayed', id: known.invoice.id };
    if (facility === 'key window' && refusedKeys.has(keys.providerKey) && !wasTaken)
      return { kind: 'refused' };
    const taken = held.find((one) => !one.deleted && (one.postingKey === keys.postingKey || one.invoice.ref === keys.ref)); // prettier-ignore
    if (facility === 'unique reference' && taken && upsert) {
      taken.invoice = { ...toInvoice(content, keys, changedBy), id: taken.invoice.id };
      ledger.replaced.push(taken.invoice.id);
      return { kind: 'replaced', id: taken.invoice.id };
    }
    if (facility === 'unique reference' && taken) return { kind: 'exists' };
    if (ledger.closed && !wasTaken) {
      refusedKeys.add(keys.providerKey);
      return { kind: 'refused' };
    }
    return { kind: 'created', id: make(toInvoice(content, keys, changedBy), keys, at) };
  };

  const ledger: Ledger = {
    kind,
    customers: new Map(),
    companyId: 'company-1',
    downUntil: 0,
    closed: false,
    extraLagMs: 0,
    replaced: [],
    arrive(arrival) {
      ledger.settle();
      return land(arrival);
    },
    later: (arrival) => void waiting.push(arrival),
    settle() {
      const due = waiting.filter(({ at }) => at <= clock.nowMs()).sort((a, b) => a.at - b.at);
      waiting = waiting.filter(({ at }) => at > clock.nowMs());
      for (const arrival of due) land(arrival, true);
    },
    truth() {
      ledger.settle();
      return held.filter(({ deleted }) => !deleted).map(({ invoice }) => invoice);
    },
    visible() {
      ledger.settle();
      const now = clock.nowMs();
      return held.filter(({ deleted, visibleFrom }) => !deleted && visibleFrom <= now).map(({ invoice }) => invoice); // prettier-ignore
    },
    edit(id, change) {
      const one = held.find(({ invoice }) => invoice.id === id);
      if (one) one.invoice = { ...one.invoice, ...change };
    },
    remove(id) {
      const one = held.find(({ invoice }) => invoice.id === id);
      if (one) one.deleted = true;
    },
    typeByHand: (invoice) =>
      make(invoice, { providerKey: `hand-${chance.next()}`, postingKey: '' }, clock.nowMs()),
  };
  return ledger;
}

export function toInvoice(content: InvoiceContent, keys: InvoiceKeys, changedBy: number): Omit<BooksInvoice, 'id'> {
  const cents = BigInt(content.total.replace('.', '')) + BigInt(changedBy);
  const digits = cents.toString().padStart(3, '0');
  return {
    document: content.document,
    ref: keys.ref,
    marker: keys.marker,
    customerId: content.customerId,
    currency: null as Currency | null,
    date: content.invoiceDate,
    lines: content.lines.map(({ itemId, description, quantity, unitPrice, amount }) => {
      return { itemId, description, quantity, unitPrice, amount };
    }),
    subtotal: `${digits.slice(0, -2)}.${digits.slice(-2)}` as Amount,
    tax: null,
    voided: false,
  };
} // prettier-ignore
