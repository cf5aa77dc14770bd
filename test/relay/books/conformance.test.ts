/** One test for every set of books, against its stand-in over real HTTP. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import type {
  AccountingCompany,
  AccountingSystem,
  BooksInvoice,
  BooksTools,
} from '../../../src/relay/accounting/accounting.ts';
import * as registry from '../../../src/relay/accounting/registry.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { compareFields, differenceWords } from '../../../src/relay/posting/differences.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { startServer, type Server } from '../replay-server.ts';
import { oneLine } from './books-world.ts';
import { COMMON_SHAPES, keysOf, PERIOD, sampleInvoices, type BooksCase } from './case.ts';
import { CASES } from './registry.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const SHAPES_MIN = 60;
const ERRORS_MIN = 30;
const CANARY = /canary/;
const DAYS = { from: `${PERIOD}-01`, to: `${PERIOD}-30` };
/** A slow machine must not make an answer late; where none comes, no test waits long for it. */
const [LATE_MS, HANG_MS] = [20_000, 300];

const connect = (
  one: BooksCase,
  address: string,
  timeoutMaxMs = LATE_MS,
  tools = one.tools?.(),
): AccountingCompany => {
  const http = createHttp({
    allowLoopback: true,
    timeoutMaxMs,
    random: () => 0,
    delay: () => Promise.resolve(),
  });
  return one.system.connect(one.settings(address), http, tools);
};

/** Settings may say what books can do: then each way is a case of its own. */
const configuredOf = (one: BooksCase): AccountingSystem =>
  one.system.configured(one.settings('http://127.0.0.1:9'));
const titleOf = (one: BooksCase): string => `${one.system.id}, ${configuredOf(one).facility.kind}`;

it('has a case for every system that has a stand-in', () => {
  expect([...new Set(CASES.map(({ system }) => system.id))].sort()).toEqual(
    Object.values(registry)
      .map(({ id }) => id)
      .filter((id) => id !== 'file-export')
      .sort(),
  );
});

describe.each(CASES.map((one) => [titleOf(one), one] as const))('%s', (_title, one) => {
  describe('with nothing in the way', () => {
    let sim: RunningSim;
    let company: AccountingCompany;
    let invoices: InvoiceContent[];
    beforeAll(async () => {
      sim = await startSim({ options: { rateLimits: false } });
      company = connect(one, sim.url);
      invoices = await sampleInvoices(company);
    });
    afterAll(() => sim.close());

    it('says which company it is, the same each time', async () => {
      await company.checkHealth();
      const first = await company.identity();
      expect(first.name).toMatch(/\w/);
      expect(await company.identity()).toMatchObject({ id: first.id, name: first.name });
      // Their clock, which ours is held against (F31).
      expect(Date.parse(first.answeredAt ?? '')).toBeGreaterThan(Date.now() - 3_600_000);
    });

    it('shows each customer alive as it lists it, and null for one that is gone', async () => {
      const listed = await company.customers();
      expect(listed.length).toBeGreaterThanOrEqual(40);
      for (const customer of listed.slice(0, 3)) {
        expect(await company.customer(customer.id)).toEqual(customer);
      }
      expect(await company.customer(one.goneId)).toBeNull();
    });

    it('posts 40 of 40, equal to the cent and the line, and finds each once', async () => {
      expect(invoices).toHaveLength(40);
      for (const [index, content] of invoices.entries()) {
        const keys = keysOf(index + 1);
        expect(company.checkLimits(content, keys)).toBeNull();
        expect(await company.lookup(content, keys)).toEqual({ verdict: 'none' });
        const created = await company.create(content, keys);
        if (created.verdict !== 'created') throw new Error(JSON.stringify(created));
        const read = await company.read('invoice', created.invoiceId);
        expect(withoutIds(read)).toEqual(approved(content, keys.ref));
        expect(read && differenceWords(compareFields(content, keys, read))).toBe('');
        const found = await company.lookup(content, keys);
        expect(found.verdict === 'found' ? found.invoices.map(({ id }) => id) : found).toEqual([created.invoiceId]);
      }
      const truth = one.truth(sim).filter(({ number }) => number?.startsWith('MC2609-') ?? true);
      expect(truth).toHaveLength(40);
      for (const content of invoices) {
        const own = truth.filter(({ customerId }) => customerId === content.customerId);
        expect(own.map(({ subtotal, lines }) => [Number(subtotal), lines.map(({ quantity, amount }) => [Number(quantity), Number(amount)])])).toEqual([
          [Number(content.total), content.lines.map(({ quantity, amount }) => [Number(quantity), Number(amount)])],
        ]);
      }
    });

    it('keeps what was approved where the amount is no exact product', async () => {
      const [first] = invoices;
      if (!first) throw new Error('no invoice');
      const content = oneLine(first, '1.25', '125.5', '156.88');
      const keys = keysOf(950);
      expect(company.checkLimits(content, keys)).toBeNull();
      const created = await company.create(content, keys);
      if (created.verdict !== 'created') throw new Error(JSON.stringify(created));
      const read = await company.read('invoice', created.invoiceId);
      expect(read && differenceWords(compareFields(content, keys, read))).toBe('');
    });

    it('lists all of the month and nothing of another', async () => {
      const listed = await company.list(DAYS);
      expect(listed.filter(({ document }) => document === 'invoice').length).toBeGreaterThanOrEqual(40);
      expect(listed.every(({ date }) => date >= DAYS.from && date <= DAYS.to)).toBe(true);
      expect(await company.list({ from: '2019-01-01', to: '2019-01-31' })).toEqual([]);
    });

    it('reads null for a document that is gone', async () => {
      expect(await company.read('invoice', one.goneId)).toBeNull();
    });

    it('writes a credit memo with positive lines and finds it', async () => {
      if (!configuredOf(one).limits.documents.includes('credit memo')) return;
      const [content] = invoices;
      if (!content) throw new Error('no invoice');
      const credit: InvoiceContent = { ...content, document: 'credit memo' };
      const keys = keysOf(900);
      const created = await company.create(credit, keys);
      if (created.verdict !== 'created') throw new Error(JSON.stringify(created));
      const read = await company.read('credit memo', created.invoiceId);
      expect(withoutIds(read)).toEqual({ ...approved(credit, keys.ref), document: 'credit memo' });
      expect((await company.lookup(credit, keys)).verdict).toBe('found');
    });

    it('does against a second copy what its facility says', async () => {
      const [, content] = invoices;
      if (!content) throw new Error('no invoice');
      const keys = keysOf(901);
      const first = await company.create(content, keys);
      const second = await company.create(content, keys);
      const copies = one.truth(sim).filter(({ number, customerId }) => customerId === content.customerId && (number === keys.ref || number === null)).length;
      if (configuredOf(one).facility.kind === 'none') {
        expect(copies).toBe(2);
      } else {
        expect(['created', 'exists']).toContain(second.verdict);
        if (second.verdict === 'created') expect(second).toEqual(first);
        expect(copies).toBe(1);
      }
    });

    it('refuses a customer that was made inactive, or shows that it is', async () => {
      const content = invoices[5];
      if (!content) throw new Error('no invoice');
      one.deactivate(sim, content.customerId);
      const customer = await company.customer(content.customerId);
      expect(customer?.active ?? false).toBe(false);
    });
  });

  describe('in trouble', () => {
    let sim: RunningSim;
    let company: AccountingCompany;
    let content: InvoiceContent;
    let tools: BooksTools | undefined;
    beforeEach(async () => {
      sim = await startSim({ options: { rateLimits: false } });
      tools = one.tools?.();
      company = connect(one, sim.url, LATE_MS, tools);
      const [first] = await sampleInvoices(company);
      if (!first) throw new Error('no invoice');
      content = first;
    });
    afterEach(() => sim.close());
    const strike = (fault: object): void =>
      sim.standIns.faults.add(FaultSchema.parse({ system: one.standIn, match: one.create, times: 1, ...fault }));

    it.each(['drop-answer', 'reset', 'truncate', 'hold-answer'])('%s: doubt, and then it is found', async (fault) => {
      const limitMs = fault === 'hold-answer' ? HANG_MS : LATE_MS;
      const impatient = connect(one, sim.url, limitMs, tools);
      strike({ fault });
      expect((await impatient.create(content, keysOf(1))).verdict).toBe('unknown');
      expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found' });
      expect(one.truth(sim)).toHaveLength(1);
    });

    it.each([['drop-request', {}], ['status', { status: 500 }], ['html', {}]])('%s: doubt, and it is not there', async (fault, more) => {
      strike({ fault, ...more });
      expect((await company.create(content, keysOf(1))).verdict).toBe('unknown');
      expect(await company.lookup(content, keysOf(1))).toEqual({ verdict: 'none' });
      expect(one.truth(sim)).toHaveLength(0);
    });

    it('a 500 after the work is doubt too, and is found', async () => {
      strike({ fault: 'status', status: 500, work: true });
      expect((await company.create(content, keysOf(1))).verdict).toBe('unknown');
      expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found' });
    });

    it('a look-up that fails is never "none"', async () => {
      for (const path of one.lookupPaths) {
        for (const fault of [{ fault: 'status', status: 500 }, { fault: 'status', status: 401, body: '' }, { fault: 'html' }, { fault: 'truncate' }, { fault: 'reset' }, { fault: 'status', status: 200, body: {} }]) {
          sim.standIns.faults.clear();
          sim.standIns.faults.add(FaultSchema.parse({ system: one.standIn, match: { path }, ...fault }));
          const outcome = await company.lookup(content, keysOf(2));
          expect({ path, fault, verdict: outcome.verdict }).toEqual({ path, fault, verdict: 'failed' });
        }
      }
    });

    it('nobody listens: not sent', async () => {
      await sim.close();
      const outcome = await company.create(content, keysOf(3));
      expect(outcome.verdict).toBe('not sent');
    });
  });

  describe('each answer to a create has one verdict', () => {
    let server: Server | null = null;
    let content: InvoiceContent;
    beforeAll(async () => {
      const sim = await startSim();
      const [first] = await sampleInvoices(connect(one, sim.url));
      await sim.close();
      if (!first) throw new Error('no invoice');
      content = first;
    });
    afterEach(async () => {
      await server?.close();
      server = null;
    });
    const shapes = [...COMMON_SHAPES, ...one.shapes];

    it('knows enough of them', () => {
      expect(shapes.length).toBeGreaterThanOrEqual(SHAPES_MIN);
      const errors = shapes.filter(({ reply }) => (reply.status ?? 200) >= 400);
      expect(errors.length).toBeGreaterThanOrEqual(ERRORS_MIN);
      expect(new Set(shapes.map(({ verdict }) => verdict)).size).toBeGreaterThanOrEqual(4);
    });

    it.each(shapes.map((shape) => [shape.what, shape] as const))('%s', async (_what, { reply, verdict }) => {
      let creates = 0;
      server = await startServer((seen) => {
        const before = one.prelude(seen);
        if (before) return before;
        creates += 1;
        return reply;
      });
      const company = connect(one, server.url, reply.hang === true ? HANG_MS : LATE_MS);
      const outcome = await company.create(content, keysOf(1));
      expect(outcome.verdict).toBe(verdict);
      expect(creates).toBe(1);
      expect(JSON.stringify(outcome)).not.toMatch(CANARY);
    });
  });
}); // prettier-ignore

const withoutIds = (invoice: BooksInvoice | null) =>
  invoice && {
    ref: invoice.ref,
    document: invoice.document,
    customerId: invoice.customerId,
    date: invoice.date,
    subtotal: invoice.subtotal,
    voided: invoice.voided,
    lines: invoice.lines.map(({ itemId, description, quantity, amount }) => ({
      itemId,
      description,
      quantity,
      amount,
    })),
  };

const approved = (content: InvoiceContent, ref: string) => ({
  ref,
  document: 'invoice',
  customerId: content.customerId,
  date: content.invoiceDate,
  subtotal: content.total,
  voided: false,
  lines: content.lines.map(({ itemId, description, quantity, amount }) => ({
    itemId,
    description,
    quantity,
    amount,
  })),
});
