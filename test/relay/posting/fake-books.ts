/** Books in memory with the faults of posting-safety 2.4; they stand while engines come and go. */
import { AppError } from '../../../src/core/errors.ts';
import type { InvoiceContent } from '../../../src/core/model.ts';
import type { Currency } from '../../../src/core/money.ts';
import type {
  AccountingCompany,
  AccountingSystem,
  BooksCustomer,
  BooksInvoice,
  CreateOutcome,
  DocumentLimits,
  Facility,
  InvoiceKeys,
} from '../../../src/relay/accounting/accounting.ts';
import { NO_FACILITY } from '../../../src/relay/accounting/facility.ts';
import type { FakeClock } from './fake-clock.ts';

export type CreateFault =
  | 'none'
  | 'request lost'
  | 'answer lost'
  | '500 before'
  | '500 after'
  | 'lands late'
  | 'busy'
  | 'rejected'
  | 'other total'
  | 'throws';

export type ReadFault = 'none' | 'failed';

export interface BooksClass {
  readonly name: string;
  readonly facility: 'weak' | 'strong';
  /** A search shows an invoice only so long after it landed. */
  readonly lookupLagMs: number;
  /** A late landing comes at most so long after the request. */
  readonly landsWithinMs: number;
}

export interface CreateCall {
  readonly ref: string;
  readonly providerKey: string;
  readonly body: string;
  readonly customerId: string;
  readonly landed: boolean;
}

interface Held {
  readonly invoice: BooksInvoice;
  readonly providerKey: string;
  readonly visibleFrom: number;
  readonly landsAt: number;
}

export interface FakeBooks {
  readonly system: AccountingSystem;
  readonly company: AccountingCompany;
  readonly customers: Map<string, BooksCustomer>;
  readonly creates: CreateCall[];
  /** Numbers of which two creates were under way at once: never, whatever the relay does. */
  readonly overlapping: string[];
  readonly lookups: string[];
  /** All invoices that have landed by now. */
  invoices(): BooksInvoice[];
  edit(id: string, change: Partial<BooksInvoice>): void;
  remove(id: string): void;
  /** What the next calls meet; asked once per call. */
  faults: { create: () => CreateFault; read: () => ReadFault; lookup?: () => ReadFault };
  /** Called with every create before anything happens to it. */
  onCreate: ((content: InvoiceContent, keys: InvoiceKeys) => void | Promise<void>) | null;
  /** How long a call takes. */
  callMs: () => number;
  /** How late a late landing is; at most landsWithinMs. */
  lateMs: () => number;
  companyId: string;
}

const STRONG: Facility = {
  kind: 'unique reference',
  trustedMinutes: null,
  settleMinutes: 30,
  resend: 'after evidence',
};

const FREE_LIMITS: DocumentLimits = {
  ref: { length: 11, alphabet: 'A-Z 0-9 -' },
  descriptionLength: null,
  memoLength: null,
  idLength: null,
  linesPerInvoice: 100,
  quantityDecimals: 7,
  priceDecimals: 7,
  amountIsProduct: false,
  documents: ['invoice', 'credit memo'],
  tax: 'books',
  currency: 'customer',
};

export const PLAIN_WEAK: BooksClass = {
  name: 'weak',
  facility: 'weak',
  lookupLagMs: 0,
  landsWithinMs: 15 * 60_000,
};

export function createFakeBooks(clock: FakeClock, kind: BooksClass = PLAIN_WEAK): FakeBooks {
  let held: Held[] = [];
  let nextId = 1;
  const inFlight = new Set<string>();
  const landed = (): Held[] => held.filter(({ landsAt }) => landsAt <= clock.nowMs());
  const pass = (): void => clock.advance(books.callMs());
  const reading = (): void => {
    pass();
    if (books.faults.read() === 'failed') throw new AppError('SOURCE_DOWN', 'The books are away.');
  };
  const land = (content: InvoiceContent, keys: InvoiceKeys, lateMs: number, cents = ''): Held => {
    const known = held.find((one) => one.providerKey === keys.providerKey);
    if (kind.facility === 'strong' && known) return known;
    const landsAt = clock.nowMs() + lateMs;
    const invoice = toInvoice(String(nextId++), content, keys);
    const changed =
      cents === '' ? invoice : { ...invoice, subtotal: cents as BooksInvoice['subtotal'] };
    const one = { invoice: changed, providerKey: keys.providerKey, landsAt, visibleFrom: landsAt + kind.lookupLagMs }; // prettier-ignore
    held.push(one);
    return one;
  };
  const books: FakeBooks = {
    customers: new Map(),
    creates: [],
    overlapping: [],
    lookups: [],
    faults: { create: () => 'none', read: () => 'none' },
    onCreate: null,
    callMs: () => 50,
    lateMs: () => kind.landsWithinMs,
    companyId: 'company-1',
    invoices: () => landed().map(({ invoice }) => invoice),
    edit(id, change) {
      held = held.map((one) =>
        one.invoice.id === id ? { ...one, invoice: { ...one.invoice, ...change } } : one,
      );
    },
    remove(id) {
      held = held.filter(({ invoice }) => invoice.id !== id);
    },
    system: {
      id: 'fake-books',
      title: 'Fake Books',
      promise: 'at most once, automatically; doubt goes to you',
      facility: kind.facility === 'weak' ? NO_FACILITY : STRONG,
      limits: FREE_LIMITS,
      parseSettings: (settings) => settings,
      destinations: () => [],
      configured: () => books.system,
      connect: () => books.company,
    },
    company: {
      identity() {
        reading();
        return Promise.resolve({ id: books.companyId, name: `Company ${books.companyId}` });
      },
      checkHealth() {
        reading();
        return Promise.resolve();
      },
      customers: () => Promise.resolve([...books.customers.values()]),
      customer(id) {
        reading();
        return Promise.resolve(books.customers.get(id) ?? null);
      },
      items: () => Promise.resolve([]),
      checkLimits: () => null,
      async create(content, keys): Promise<CreateOutcome> {
        const fault = books.faults.create();
        if (inFlight.has(keys.postingKey)) books.overlapping.push(keys.ref);
        inFlight.add(keys.postingKey);
        if (fault !== 'busy') await books.onCreate?.(content, keys);
        inFlight.delete(keys.postingKey);
        pass();
        const does = fault !== 'busy' && fault !== 'request lost' && fault !== '500 before' && fault !== 'rejected' && fault !== 'throws'; // prettier-ignore
        if (fault !== 'busy') {
          books.creates.push({ ref: keys.ref, providerKey: keys.providerKey, body: JSON.stringify(content), customerId: content.customerId, landed: does }); // prettier-ignore
        }
        switch (fault) {
          case 'none':
            return { verdict: 'created', invoiceId: land(content, keys, 0).invoice.id };
          case 'other total':
            return { verdict: 'created', invoiceId: land(content, keys, 0, '1.23').invoice.id };
          case 'request lost':
          case '500 before':
            return { verdict: 'unknown', reason: fault };
          case 'answer lost':
          case '500 after':
            land(content, keys, 0);
            return { verdict: 'unknown', reason: fault };
          case 'lands late':
            land(content, keys, Math.min(books.lateMs(), kind.landsWithinMs));
            return { verdict: 'unknown', reason: 'no answer in 120 s' };
          case 'busy':
            return { verdict: 'not sent', reason: 'the books are busy (429)' };
          case 'rejected':
            return { verdict: 'rejected', reason: 'the period is closed', code: 'closed' };
          case 'throws':
            throw new Error('a defect of the adapter');
        }
      },
      lookup(_content, keys) {
        books.lookups.push(keys.ref);
        pass();
        if ((books.faults.lookup ?? books.faults.read)() === 'failed') {
          return Promise.resolve({ verdict: 'failed', reason: 'no answer' });
        }
        const seen = landed().filter(({ visibleFrom }) => visibleFrom <= clock.nowMs());
        const hits = seen
          .map(({ invoice }) => invoice)
          .filter(({ ref, marker }) => ref === keys.ref || marker === keys.marker);
        return Promise.resolve(
          hits.length > 0 ? { verdict: 'found', invoices: hits } : { verdict: 'none' },
        );
      },
      read(document, id) {
        reading();
        const found = landed().find(
          ({ invoice }) => invoice.id === id && invoice.document === document,
        );
        return Promise.resolve(found?.invoice ?? null);
      },
      list({ from, to }) {
        reading();
        const all = landed().map(({ invoice }) => invoice);
        return Promise.resolve(all.filter(({ date }) => from <= date && date <= to));
      },
    },
  };
  return books;
}

export function toInvoice(id: string, content: InvoiceContent, keys: InvoiceKeys): BooksInvoice {
  return {
    id,
    document: content.document,
    ref: keys.ref,
    marker: keys.marker,
    customerId: content.customerId,
    currency: null,
    date: content.invoiceDate,
    lines: content.lines.map(({ itemId, description, quantity, unitPrice, amount }) => {
      return { itemId, description, quantity, unitPrice, amount };
    }),
    subtotal: content.total,
    tax: null,
    voided: false,
  };
}

export const customer = (id: string, name: string): BooksCustomer => ({
  id,
  name,
  code: null,
  active: true,
  currency: 'USD' as Currency,
});

/** A fault for the first call only. */
export const once = (fault: CreateFault): (() => CreateFault) => {
  let left = 1;
  return () => (left-- > 0 ? fault : 'none');
};
