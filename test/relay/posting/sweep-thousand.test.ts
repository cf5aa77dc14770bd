// R22: a thousand divergences behind the relay's back, each found by its name, and nothing else.
import { expect, it, jest } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import type { BooksInvoice } from '../../../src/relay/accounting/accounting.ts';
import { keysOf } from '../../../src/relay/posting/engine.ts';
import { sweep, type Finding } from '../../../src/relay/posting/sweep.ts';
import type { PostingRow } from '../../../src/relay/store/posting.ts';
import { createMemoryStore } from '../../simulation/memory-store.ts';
import { chanceOf, type Chance } from '../../simulation/random.ts';
import { createFakeBooks, type FakeBooks } from './fake-books.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeDirectory, plainDraft, startEngine } from './fake-ports.ts';
import { posted } from './world.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const SEED = Number(process.env['MCC_SWEEP_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const DIVERGENCES = 1_000;
/** Of one company file; so many of them are left alone. */
const CLIENTS = 60;
const UNTOUCHED = 10;

interface Hit {
  readonly books: FakeBooks;
  readonly row: PostingRow;
  readonly content: InvoiceContent;
  readonly invoice: BooksInvoice;
  readonly chance: Chance;
  /** Writes one more document into the books; its id. */
  readonly type: (change: Partial<BooksInvoice>) => Promise<string>;
}

type Kind = Finding['kind'];
type Way = (hit: Hit) => Promise<Kind> | Kind;

const edit = ({ books, invoice }: Hit, change: Partial<BooksInvoice>): void =>
  books.edit(invoice.id, change);
const mismatch = (hit: Hit, change: Partial<BooksInvoice>): Kind => {
  edit(hit, change);
  return 'mismatch';
};
const firstLine = (invoice: BooksInvoice, change: object): Partial<BooksInvoice> => ({
  lines: invoice.lines.map((line, index) => (index === 0 ? { ...line, ...change } : line)),
});

const added =
  (kind: Kind, change: (hit: Hit) => Partial<BooksInvoice>): Way =>
  async (hit) => {
    await hit.type(change(hit));
    return kind;
  };

const WAYS: Readonly<Record<string, Way>> = {
  missing({ books, invoice }) {
    books.remove(invoice.id);
    return 'missing';
  },
  voided(hit) {
    edit(hit, { voided: true });
    return 'voided';
  },
  customer: (hit) => mismatch(hit, { customerId: `c${String(CLIENTS + 1)}` }),
  'total by a cent': (hit) => mismatch(hit, { subtotal: `${hit.content.total.slice(0, -1)}9` as never }),
  'total of another one': (hit) => mismatch(hit, { subtotal: '0.00' as never }),
  'one quantity': (hit) => mismatch(hit, firstLine(hit.invoice, { quantity: '999' })),
  'one amount': (hit) => mismatch(hit, firstLine(hit.invoice, { amount: '0.01' })),
  'one item': (hit) => mismatch(hit, firstLine(hit.invoice, { itemId: 'item-other' })),
  'a line less': (hit) => mismatch(hit, { lines: hit.invoice.lines.slice(1) }),
  currency: (hit) => mismatch(hit, { currency: 'EUR' as never }),
  'a day before': (hit) => mismatch(hit, { date: '2026-10-30' }),
  'a date that no list shows': (hit) => mismatch(hit, { date: '2026-07-31' }),
  number: (hit) => mismatch(hit, { ref: '4711' }),
  'there twice, by the network': added('duplicate', () => ({})),
  'there twice, typed without our mark': added('duplicate', () => ({ marker: null })),
  'mark of another relay': added('foreign', ({ chance }) => ({ ref: '4712', marker: `[rly:${String(chance.below(10 ** 9)).padStart(12, 'f')}]` })),
  'our series on a document that is not ours': added('foreign', ({ chance }) => ({ ref: `MC2610-9${String(chance.below(999)).padStart(3, '0')}`, marker: null, subtotal: '12.34' as never })),
}; // prettier-ignore

/** What people do every day; none of it is a divergence. */
const NOISE: Readonly<Record<string, (hit: Hit) => unknown>> = {
  nothing: () => null,
  'the memo was edited': (hit) => edit(hit, { marker: null }),
  'an invoice of their own': (hit) => hit.type({ ref: '1001', marker: null }),
  'a credit memo of their own': (hit) => hit.type({ ref: 'CR-7', marker: null, document: 'credit memo' }), // prettier-ignore
  'a document of another relay that was voided': (hit) =>
    hit.type({ ref: '4713', marker: '[rly:eeeeeeeeeeee]', voided: true }),
};

interface Swept {
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

async function diverge(seed: number, wanted: number): Promise<Swept> {
  const chance = chanceOf(seed);
  const clock = createFakeClock();
  const books = createFakeBooks(clock);
  const directory = createFakeDirectory(books, CLIENTS + 1);
  const memory = createMemoryStore(directory);
  const connection = 'books';
  const running = await startEngine({ clock, books, directory, connection }, { store: memory });
  await posted(running, plainDraft(CLIENTS));
  await running.worker.tick();
  const rows = [...memory.tables.postings.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['POSTED']));
  const byId = new Map(books.invoices().map((invoice) => [invoice.id, invoice]));
  const expected: string[] = [];
  for (const [index, row] of rows.entries()) {
    const invoice = byId.get(row.invoice_id ?? '');
    if (!invoice) throw new Error(`${row.ref} is not in the books`);
    const content = JSON.parse(row.content) as InvoiceContent;
    const type = async (change: Partial<BooksInvoice>): Promise<string> => {
      const made = await books.company.create(content, { ...keysOf(row), providerKey: `by hand ${String(index)}` }); // prettier-ignore
      if (made.verdict !== 'created') throw new Error(made.verdict);
      books.edit(made.invoiceId, change);
      typed = made.invoiceId;
      return made.invoiceId;
    };
    let typed = '';
    const hit: Hit = { books, row, content, invoice, chance, type };
    if (index >= wanted) {
      await NOISE[chance.pick(Object.keys(NOISE))]?.(hit);
      continue;
    }
    const way = chance.pick(Object.keys(WAYS));
    const kind = (await WAYS[way]?.(hit)) ?? 'missing';
    expected.push(kind === 'foreign' ? `foreign ${typed}` : `${kind} ${row.ref}`);
  }
  const swept = await sweep(running.engine);
  expect({ failed: swept.failed, compared: swept.compared }).toEqual({ failed: null, compared: rows.length }); // prettier-ignore
  const findings = JSON.parse(swept.findings) as readonly Finding[];
  const found = findings.map(({ kind, ref, invoiceId }) => `${kind} ${String(kind === 'foreign' ? invoiceId : ref)}`); // prettier-ignore
  return { expected: expected.sort(), found: found.sort() };
}

it(`1,000 divergences are all found and nothing else, MCC_SWEEP_SEED=${String(SEED)}`, async () => {
  let seen = 0;
  for (let round = 0; seen < DIVERGENCES; round += 1) {
    const wanted = Math.min(CLIENTS - UNTOUCHED, DIVERGENCES - seen);
    const { expected, found } = await diverge(SEED * 100 + round, wanted);
    expect(found).toEqual(expected);
    seen += expected.length;
  }
  expect(seen).toBe(DIVERGENCES);
});
