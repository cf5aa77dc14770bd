/** What is NetSuite's own: its keys, its numbers, SuiteQL, its refusals. */
import { describe, expect, it, jest } from '@jest/globals';
import { netsuite } from '../../../src/relay/accounting/netsuite.ts';
import { createHttp } from '../../../src/relay/http.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { booksWorld, created, oneLine } from './books-world.ts';
import { keysOf } from './case.ts';
import { memoryTools } from './memory-tools.ts';
import {
  absentReply,
  errorReply,
  netsuiteBearer,
  netsuiteCase,
  netsuiteSettings,
  netsuiteSignIn,
} from './netsuite.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const { openSim } = booksWorld(netsuiteCase);
/** Answers a look-up too, which the case itself answers with "not there". */
const { replay } = booksWorld({ ...netsuiteCase, prelude: netsuiteSignIn });
const SEPTEMBER = { from: '2026-09-01', to: '2026-09-30' };
const http = createHttp({ allowLoopback: true, random: () => 0, delay: () => Promise.resolve() });
const isCreate = ({ method, path }: Seen): boolean =>
  method === 'POST' && /\/(invoice|creditMemo)$/.test(path);
const currencies: Reply = {
  body: { items: [{ id: '1', symbol: 'USD' }], hasMore: false, offset: 0, totalResults: 1 },
};
/** Ten seats at 1.05 and 0.87 tax, with the line of text somebody put below. */
const document = {
  id: '5001',
  entity: { id: '101' },
  tranDate: '2026-09-30',
  currency: { id: '1' },
  status: { id: 'A', refName: 'Open' },
  item: {
    items: [
      { item: { id: '7' }, description: 'Seats', quantity: 10, rate: 1.05, amount: 10.5 },
      { description: 'as agreed' },
    ],
    hasMore: false,
    totalResults: 2,
  },
  total: 11.37,
  taxTotal: 0.87,
};

describe('the request', () => {
  it('is a POST with our key for ever, in the digits that were approved', async () => {
    const { content } = await openSim();
    const { company, seen } = await replay(() => ({ status: 204, body: '' }));
    await company.create(oneLine(content, '0.0003', '12345678.1234567', '3703.70'), keysOf(7));
    const [post] = seen.filter(isCreate);
    expect(post?.path).toBe('/netsuite/services/rest/record/v1/invoice');
    expect(post?.query).toEqual({});
    expect(post?.headers).toMatchObject({ authorization: 'Bearer canary-access', 'x-netsuite-propertynamevalidation': 'Error' });
    expect(post?.headers['prefer']).toBeUndefined();
    expect(post?.body).toContain('"quantity":0.0003,"rate":12345678.1234567,"amount":3703.70');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      externalId: keysOf(7).postingKey,
      entity: { id: content.customerId },
      tranDate: '2026-09-30',
      otherRefNum: 'MC2609-0007',
      memo: 'September 2026 [rly:000000000007]',
      item: { items: [{ item: { id: content.lines[0]?.itemId } }] },
    });
    await company.create({ ...content, document: 'credit memo' }, keysOf(8));
    expect(seen.filter(isCreate)[1]?.path).toBe('/netsuite/services/rest/record/v1/creditMemo');
    expect(seen.map(({ method }) => method)).not.toContain('PUT');
  });

  it('is refused before it is sent when NetSuite would keep other digits or finds no id', async () => {
    const { company, content } = await openSim();
    const [line] = content.lines;
    const broken = (change: object, keys: object = {}): string | null =>
      company.checkLimits({ ...content, ...change }, { ...keysOf(1), ...keys });
    expect(company.checkLimits(oneLine(content, '1234.5678', '1.00', '1234.57'), keysOf(1))).toBe('line 1, quantity 1234.5678: NetSuite keeps at most 7 digits of it');
    expect(company.checkLimits(oneLine(content, '0.0001', '123456789012.1234567', '12345678.90'), keysOf(1))).toMatch(/unit price .* at most 15 digits/);
    expect(broken({ customerId: 'eid:other' })).toBe('customer "eid:other": not an internal id of NetSuite');
    expect(broken({ lines: [{ ...line, itemId: "1' OR" }], total: line?.amount })).toMatch(/not an internal id/);
    expect(broken({ lines: [{ ...line, taxCodeId: '7' }], total: line?.amount })).toMatch(/tax code: NetSuite finds the tax itself/);
    expect(broken({}, { postingKey: 'a|b' })).toMatch(/letters, digits, _ and -/);
  });
}); // prettier-ignore

describe('against a second copy', () => {
  it('refuses the same key for ever, whatever the epoch, and it is found by it', async () => {
    const { sim, company, content, ledger } = await openSim();
    const id = await created(company, content, 1);
    const { clock } = sim.standIns;
    clock.set('2028-01-31T10:00:00.000Z');
    const tools = { ...memoryTools(), now: () => clock.nowMs() };
    const later = netsuite.connect(netsuiteSettings(sim.url), http, tools);
    const again = { ...keysOf(1), providerKey: keysOf(2).providerKey };
    expect((await later.create(content, again)).verdict).toBe('exists');
    expect(await later.lookup(content, again)).toMatchObject({ verdict: 'found', invoices: [{ id }] });
    expect(ledger.all('document')).toHaveLength(1);
  });

  it('PUT of the external id would have changed the first invoice: it is what we never send', async () => {
    const { sim, company, content, ledger } = await openSim();
    await created(company, content, 1);
    const items = [{ item: { id: content.lines[0]?.itemId }, quantity: 1, rate: 1 }];
    const body = { entity: { id: content.customerId }, tranDate: '2026-09-30', item: { items } };
    const answer = await fetch(`${sim.url}/netsuite/services/rest/record/v1/invoice/eid:${keysOf(1).postingKey}`, {
      method: 'PUT',
      headers: { ...(await netsuiteBearer(sim)), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(204);
    expect(ledger.all('document').map(({ subtotal }) => subtotal)).toEqual(['1.00']);
  });

  it('believes a refusal only when nothing is there under the key', async () => {
    const { content } = await openSim();
    const refused = errorReply(400, { code: 'USER_ERROR', detail: 'The deposit could not be applied.' });
    const answering = (reply: Reply) => replay((seen) => (isCreate(seen) ? refused : seen.method === 'GET' ? reply : currencies));
    const nothing = await answering(absentReply);
    expect(await nothing.company.create(content, keysOf(1))).toMatchObject({ verdict: 'rejected', code: 'USER_ERROR' });
    const stored = await answering({ body: { ...document, externalId: keysOf(1).postingKey } });
    expect(await stored.company.create(content, keysOf(1))).toEqual({ verdict: 'exists', reason: 'The deposit could not be applied.' });
    const silent = await answering({ status: 503, body: '' });
    expect((await silent.company.create(content, keysOf(1))).verdict).toBe('unknown');
    expect(nothing.seen.filter(isCreate)).toHaveLength(1);
  });
}); // prettier-ignore

describe('what people do in the books', () => {
  it('is seen: tax, a copy, void, delete, a closed period, merge', async () => {
    const { company, content, office, ledger } = await openSim();
    office({ do: 'set tax', percent: '8.25' });
    const id = await created(company, content, 1);
    const taxed = await company.read('invoice', id);
    expect(taxed).toMatchObject({ subtotal: content.total, currency: 'USD', marker: keysOf(1).marker });
    expect(Number(taxed?.tax)).toBeGreaterThan(0);

    const own = ledger.get('document', id);
    if (!own) throw new Error('no document');
    ledger.put('document', '7001', { ...own, id: '7001', externalId: null, reference: 'by hand' });
    const both = await company.lookup(content, keysOf(1));
    expect(both.verdict === 'found' ? both.invoices.map((one) => one.id).sort() : both).toEqual([id, '7001'].sort());
    ledger.put('document', '7001', { ...own, id: '7001', externalId: null, memo: null, reference: `${keysOf(1).ref}X` });
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ invoices: [{ id }] });

    office({ do: 'void document', id });
    expect(await company.read('invoice', id)).toMatchObject({ voided: true });
    expect(await company.list({ from: '2026-09-30', to: '2026-09-30' })).toMatchObject([{ id, voided: true }, { id: '7001' }]);
    office({ do: 'delete document', id });
    expect(await company.read('invoice', id)).toBeNull();
    expect(await company.read('credit memo', '7001')).toBeNull();

    office({ do: 'close period', through: '2026-09-30' });
    expect(await company.create(content, keysOf(2))).toMatchObject({ verdict: 'rejected', reason: expect.stringMatching(/accounting period/) });
    office({ do: 'merge customers', id: content.customerId, into: '101' });
    expect(await company.customer(content.customerId)).toBeNull();
    expect(await company.customer('eid:101')).toBeNull();
  });

  it('currency: by the code of the internal id; an account with one names none', async () => {
    const { company, content, office } = await openSim();
    office({ do: 'set currency', id: content.customerId, currency: 'EUR' });
    expect((await company.customer(content.customerId))?.currency).toBe('EUR');
    const id = await created(company, content, 1);
    expect((await company.read('invoice', id))?.currency).toBe('EUR');
    const plain = { ...document, currency: undefined };
    const home = await replay(() => ({ body: plain }), { homeCurrency: 'GBP' });
    expect(await home.company.read('invoice', '5001')).toMatchObject({ currency: null, subtotal: '10.50' });
    const named = await replay(() => ({ body: document }), { homeCurrency: 'GBP' });
    await expect(named.company.read('invoice', '5001')).rejects.toThrow(/take homeCurrency GBP out/);
    const nameless = await replay(() => ({ body: plain }));
    await expect(nameless.company.read('invoice', '5001')).rejects.toThrow(/enter homeCurrency/);
  });
}); // prettier-ignore

describe('answers', () => {
  it('are read over all pages, in one order', async () => {
    const { company, ledger } = await openSim();
    const [first] = ledger.all('customer');
    if (!first) throw new Error('no customer');
    const before = ledger.all('customer').length;
    for (let position = 0; position < 2005; position += 1) {
      const id = String(10_000 + position);
      ledger.put('customer', id, { ...first, id, name: `Customer ${String(position)}` });
    }
    const all = await company.customers();
    expect(new Set(all.map(({ id }) => id)).size).toBe(before + 2005);
  });

  it('what was billed before tax holds a discount and freight the books added', async () => {
    const { company } = await replay((seen) => (seen.method === 'GET' ? { body: document } : currencies));
    expect(await company.read('invoice', '5001')).toEqual({
      id: '5001',
      document: 'invoice',
      ref: null,
      marker: null,
      key: null,
      customerId: '101',
      currency: 'USD',
      date: '2026-09-30',
      lines: [
        { itemId: '7', description: 'Seats', quantity: '10', unitPrice: '1.05', amount: '10.50' },
        { itemId: null, description: 'as agreed', quantity: '0', unitPrice: null, amount: '0.00' },
      ],
      subtotal: '10.50',
      tax: '0.87',
      voided: false,
    });
    for (const status of [{ id: 'V' }, { id: 'Voided', refName: 'Voided' }, { id: 'Voided' }]) {
      const body = { ...document, status };
      const gone = await replay((seen) => (seen.method === 'GET' ? { body } : currencies));
      expect(await gone.company.read('invoice', '5001')).toMatchObject({ voided: true });
    }
    const dearer = await replay((seen) => (seen.method === 'GET' ? { body: { ...document, total: 16.37 } } : currencies));
    expect((await dearer.company.read('invoice', '5001'))?.subtotal).toBe('15.50');
  });

  it.each([
    ['another document', { ...document, id: '5002' }],
    ['more lines than are shown', { ...document, item: { ...document.item, hasMore: true } }],
    ['fewer lines than it counts', { ...document, item: { ...document.item, totalResults: 3 } }],
    ['lines as a link alone', { ...document, item: { links: [] } }],
    ['no total', { ...document, total: undefined }],
    ['a currency without a code', { ...document, currency: { id: '9' } }],
  ])('%s is no document', async (_what, body) => {
    const { company } = await replay((seen) => (seen.method === 'GET' ? { body } : currencies));
    await expect(company.read('invoice', '5001')).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it.each([
    ['a page without a total', { items: [], hasMore: false, offset: 0 }],
    ['another page', { items: [], hasMore: false, offset: 1000, totalResults: 0 }],
    ['fewer rows than it says', { items: [], hasMore: false, offset: 0, totalResults: 3 }],
    ['a refused question', errorReply(400, { code: 'INVALID_PARAMETER' }).body],
  ])('SuiteQL with %s is no "none"', async (_what, body) => {
    const { content } = await openSim();
    const status = 'status' in (body as object) ? 400 : 200;
    const { company } = await replay((seen) => (seen.method === 'GET' ? absentReply : { status, body }));
    expect((await company.lookup(content, keysOf(1))).verdict).toBe('failed');
    await expect(company.list(SEPTEMBER)).rejects.toThrow();
  });

  it('a hit of SuiteQL counts when the record itself carries our number or mark', async () => {
    const { content } = await openSim();
    const hit = { items: [{ id: '5001', type: 'CustInvc' }], hasMore: false, offset: 0, totalResults: 1 };
    const asked = (number: string) =>
      replay(({ method, path, body }) => {
        if (method === 'GET') return path.includes('eid:') ? absentReply : { body: { ...document, otherRefNum: number } };
        return body.includes('FROM currency') ? currencies : { body: hit };
      });
    const near = await asked(keysOf(1).ref.toLowerCase());
    expect(await near.company.lookup(content, keysOf(1))).toEqual({ verdict: 'none' });
    const exact = await asked(keysOf(1).ref);
    expect(await exact.company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found', invoices: [{ id: '5001' }] });
  });

  it('a hit whose record is not shown is no "none"', async () => {
    const { content } = await openSim();
    const hit = { items: [{ id: '5001', type: 'CustInvc' }], hasMore: false, offset: 0, totalResults: 1 };
    const { company } = await replay((seen) => (seen.method === 'GET' ? absentReply : { body: hit }));
    expect((await company.lookup(content, keysOf(1))).verdict).toBe('failed');
    await expect(company.list(SEPTEMBER)).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it('asks once what its currencies are, however many customers have one', async () => {
    const row = (id: string) => ({ id, entityid: `C${id}`, isinactive: 'F', currency: '1' });
    const customers = ['101', '102', '103'].map(row);
    const { company, seen } = await replay(({ body }) =>
      body.includes('FROM currency') ? currencies : { body: { items: customers, hasMore: false, offset: 0, totalResults: 3 } },
    );
    expect((await company.customers()).map(({ currency }) => currency)).toEqual(['USD', 'USD', 'USD']);
    expect(seen.filter(({ body }) => body.includes('FROM currency'))).toHaveLength(1);
  });

  it('a 404 is "not there" only when NetSuite says so of the record', async () => {
    for (const code of ['NOT_FOUND', 'INSUFFICIENT_PERMISSION']) {
      const { company } = await replay(() => errorReply(404, { code }));
      await expect(company.read('invoice', '5001')).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
    }
    const { company } = await replay(() => ({ status: 404, body: 'not found' }));
    await expect(company.customer('101')).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });

  it('an own 429 says how long to wait', async () => {
    const { content } = await openSim();
    const busy = { code: 'CONCURRENCY_LIMIT_EXCEEDED', detail: 'Too many.', headers: { 'retry-after': '7' } };
    const { company } = await replay(() => errorReply(429, busy));
    expect(await company.create(content, keysOf(1))).toEqual({ verdict: 'not sent', reason: 'Too many.', retryAfterSeconds: 7 });
  });
}); // prettier-ignore
