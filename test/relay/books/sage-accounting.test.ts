/** What is Sage Accounting's own: its key, its business, its taxes and note, its pages, its tokens. */
import { describe, expect, it, jest } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { sageAccounting } from '../../../src/relay/accounting/sage-accounting.ts';
import { SAGE_CREDENTIALS } from '../../../src/sim/books/sage-accounting.ts';
import { createStillClock } from '../../../src/sim/clock.ts';
import { startSim } from '../../../src/sim/start-sim.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { booksWorld, created, oneLine } from './books-world.ts';
import { keysOf, sampleInvoices } from './case.ts';
import { memoryTools } from './memory-tools.ts';
import { bearerOf } from './rotating-bearer.ts';
import { problems, sageAccountingCase, sageSettings, sageSignIn } from './sage-accounting.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const DAY_MS = 24 * 3_600_000;
const { openSim, replay } = booksWorld(sageAccountingCase);
const MADE: Reply = { status: 201, body: { id: 'abc', $path: '/sales_invoices/abc' } };

const posts = (seen: readonly Seen[]): readonly Seen[] =>
  seen.filter(({ method, path }) => method === 'POST' && path.includes('/sales_'));
const bodyOf = (seen: readonly Seen[], name = 'sales_invoice'): Record<string, unknown> =>
  (JSON.parse(posts(seen).at(-1)?.body ?? '{}') as Record<string, Record<string, unknown>>)[name] ??
  {};
const taxOf = (seen: readonly Seen[]): readonly unknown[] => {
  const lines = bodyOf(seen)['invoice_lines'] as readonly Record<string, unknown>[];
  return lines.map((line) => [line['tax_rate_id'], line['tax_amount']]);
};

describe('the request', () => {
  it('carries key, business, reference and numbers in the digits that were approved', async () => {
    const { content } = await openSim();
    const { company, seen } = await replay(() => MADE);
    const exact = oneLine(content, '0.0003', '123456789012.1234567', '37037036.70');
    expect((await company.create(exact, keysOf(7))).verdict).toBe('created');
    const [post] = posts(seen);
    expect(post?.path).toBe('/sage-accounting/v3.1/sales_invoices');
    expect(post?.query).toEqual({});
    expect(post?.headers).toMatchObject({ authorization: 'Bearer canary-access', 'x-business': SAGE_CREDENTIALS.businessId });
    expect(post?.body).toContain('"quantity":0.0003,"unit_price":123456789012.1234567,"unit_price_includes_tax":false,"tax_rate_id":"GB_STANDARD","tax_amount":7407407.34}');
    expect(bodyOf(seen)).toMatchObject({
      idempotency_id: '00000000000040008000000000000007',
      contact_id: content.customerId,
      date: '2026-09-30',
      reference: 'MC2609-0007',
      currency_id: 'USD',
      notes: 'September 2026 [rly:000000000007]',
    });
    const [signIn] = seen.filter(({ path }) => path.endsWith('/token'));
    expect(signIn?.headers['authorization']).toBeUndefined();
    expect(signIn?.body).toContain('client_secret=canary-sage-secret');
  });

  it('keeps the note that the business puts under its invoices, and has none of a credit note', async () => {
    const { company, content, ledger } = await openSim();
    await created(company, content, 1);
    expect(ledger.all('document')[0]?.memo).toBe('Please pay to account 00-11-22 33445566.\nSeptember 2026 [rly:000000000001]');
    await created(company, { ...content, document: 'credit memo' }, 2);
    expect(ledger.all('document')[1]).toMatchObject({ kind: 'credit memo', number: 'MC2609-0002', memo: 'September 2026 [rly:000000000002]' });
  });

  it('is refused before it is sent: a key that is no GUID, an id that is a path, another amount', async () => {
    const { company, content } = await openSim();
    expect(company.checkLimits(content, { ...keysOf(1), providerKey: 'no-guid' })).toMatch(/takes a GUID/);
    expect(company.checkLimits({ ...content, customerId: 'a/b' }, keysOf(1))).toMatch(/id "a\/b"/);
    expect(company.checkLimits(oneLine(content, '3', '1.00', '3.01'), keysOf(1))).toMatch(/which is 3.00/);
    expect(company.checkLimits(content, { ...keysOf(1), ref: 'MC2609-00012' })).toMatch(/at most 11/);
  });
}); // prettier-ignore

describe('the tax of a line', () => {
  const priced = (content: InvoiceContent): InvoiceContent => oneLine(content, '1', '10.03', '10.03');
  const answers = (own: Readonly<Record<string, unknown>>) => (seen: Seen): Reply => {
    const path = Object.keys(own).find((one) => seen.path.endsWith(one));
    return path === undefined ? MADE : { body: own[path] };
  };

  it('is that of its own code, at the rate of the day, rounded half up', async () => {
    const { content } = await openSim();
    const rate = { id: 'CA_HST', percentage: '12.5' };
    const { company, seen } = await replay(answers({ '/tax_rates/CA_HST': rate }));
    const coded = priced(content);
    const lines = coded.lines.map((line) => ({ ...line, taxCodeId: 'CA_HST' }));
    await company.create({ ...coded, lines }, keysOf(1));
    expect(taxOf(seen)).toEqual([['CA_HST', 1.25]]);
    const [asked] = seen.filter(({ path }) => path.endsWith('/tax_rates/CA_HST'));
    expect(asked?.query).toEqual({ attributes: 'all', date: '2026-09-30' });
    expect(seen.some(({ path }) => path.includes('/contacts/'))).toBe(false);
  });

  it('is the default of the customer, else that of the ledger account', async () => {
    const { company, content, ledger, office } = await openSim();
    const { company: withDefault, seen } = await replay(() => MADE);
    await withDefault.create(priced(content), keysOf(1));
    expect(taxOf(seen)).toEqual([['GB_STANDARD', 2.01]]);

    office({ do: 'set tax', percent: '8.25' });
    const id = await created(company, priced(content), 1);
    expect(await company.read('invoice', id)).toMatchObject({ subtotal: '10.03', tax: '0.83' });
    expect(ledger.all('document')[0]?.lines[0]?.taxCode).toBe('US_STANDARD');
  });

  it('is refused by Sage where it is not said', async () => {
    const { sim, content, ledger, office } = await openSim();
    office({ do: 'set tax', percent: '8.25' });
    const [line] = content.lines;
    const row = { description: 'x', ledger_account_id: line?.itemId, unit_price: 1, tax_rate_id: 'US_STANDARD' };
    const answer = await fetch(`${sim.url}/sage-accounting/v3.1/sales_invoices`, {
      method: 'POST',
      headers: { ...(await bearerOf(sim, sageSignIn)), 'x-business': SAGE_CREDENTIALS.businessId, 'content-type': 'application/json' },
      body: JSON.stringify({ sales_invoice: { contact_id: content.customerId, date: '2026-09-30', invoice_lines: [row] } }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([422, [{ $source: 'tax_amount' }]]);
    expect(ledger.all('document')).toHaveLength(0);
  });

  it.each([
    ['a rate that is gone', 'rejected', problems(404, 'RecordNotFound', 'No.')],
    ['a rate that is not shown', 'not sent', { status: 500, body: '' }],
    ['a rate without a percentage', 'not sent', { body: { id: 'X' } }],
  ])('%s: nothing goes out', async (_what, verdict, reply) => {
    const { content } = await openSim();
    const { company, seen } = await replay(() => reply);
    const lines = content.lines.map((line) => ({ ...line, taxCodeId: 'X' }));
    expect((await company.create({ ...content, lines }, keysOf(1))).verdict).toBe(verdict);
    expect(posts(seen)).toEqual([]);
  });
}); // prettier-ignore

describe('against a second copy', () => {
  it('brings back the first answer under the same key for seven days, then makes another', async () => {
    const { sim, company, content, ledger } = await openSim();
    const id = await created(company, content, 1);
    expect(await company.create(content, keysOf(1))).toEqual({ verdict: 'created', invoiceId: id });
    const { clock } = sim.standIns;
    clock.set(new Date(clock.nowMs() + 8 * DAY_MS).toISOString());
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found' });
    expect((await company.create(content, keysOf(1))).verdict).toBe('created');
    expect(ledger.all('document')).toHaveLength(2);
    expect(sageAccounting.facility).toMatchObject({ trustedMinutes: 60, resend: 'while trusted' });
  });

  it('takes the key of an invoice under a credit note for a doubt', async () => {
    const { company, content, ledger } = await openSim();
    await created(company, content, 1);
    const credit = { ...content, document: 'credit memo' } as const;
    expect((await company.create(credit, keysOf(1))).verdict).toBe('unknown');
    expect(ledger.all('document')).toHaveLength(1);
  });
});

describe('what people do in the books', () => {
  it('is seen: another reference, void, delete, a closed period, merge', async () => {
    const { company, content, office } = await openSim();
    const id = await created(company, content, 1);
    office({ do: 'change document', id, number: 'RENAMED' });
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found', invoices: [{ id, ref: 'RENAMED', marker: keysOf(1).marker }] });

    office({ do: 'void document', id });
    const days = { from: '2026-09-30', to: '2026-09-30' };
    expect(await company.list(days)).toMatchObject([{ id, voided: true }]);
    office({ do: 'delete document', id });
    expect(await company.list(days)).toEqual([]);
    expect(await company.read('invoice', id)).toBeNull();

    office({ do: 'close period', through: '2026-09-30' });
    expect(await company.create(content, keysOf(2))).toMatchObject({ verdict: 'rejected', code: 'RecordInvalid', reason: expect.stringMatching(/lockdown date/) });
    office({ do: 'merge customers', id: content.customerId, into: 'another' });
    expect(await company.customer(content.customerId)).toBeNull();
  });
}); // prettier-ignore

describe('answers', () => {
  const rowOf = (date: string) => ({
    id: 'abc', contact: { id: 'c' }, date, reference: 'R', notes: null, currency: { id: 'GBP' }, status: { id: 'UNPAID' },
    net_amount: '12.5', tax_amount: '2.5', invoice_lines: [{ description: 'x', ledger_account: { id: 'l' }, quantity: '0.33333', unit_price: '37.50', net_amount: '12.5' }],
  }); // prettier-ignore
  const pageOf = (rows: readonly unknown[], more: object = {}): unknown => ({
    $total: rows.length, $page: 1, $next: null, $back: null, $items_per_page: 200, $items: rows, ...more,
  }); // prettier-ignore

  it('are read over all pages, however many rows come at once', async () => {
    const { sim, company, ledger } = await openSim();
    sim.standIns.setOptions({ pageSizeMax: 7 });
    const all = await company.customers();
    expect(new Set(all.map(({ id }) => id)).size).toBe(ledger.all('customer').length);
    expect(all.length).toBeGreaterThan(35);
  });

  it('are read where amounts are texts, and cut to the days that were asked for', async () => {
    const { company, seen } = await replay(({ path }) => ({
      body: path.endsWith('/sales_invoices')
        ? pageOf([rowOf('2026-08-31'), rowOf('2026-09-01')])
        : pageOf([]),
    }));
    expect(await company.list({ from: '2026-09-01', to: '2026-09-30' })).toEqual([
      { id: 'abc', document: 'invoice', ref: 'R', marker: null, customerId: 'c', currency: 'GBP', date: '2026-09-01', subtotal: '12.50', tax: '2.50', voided: false, lines: [{ itemId: 'l', description: 'x', quantity: '0.3333', unitPrice: '37.5', amount: '12.50' }] },
    ]);
    const [asked] = seen.filter(({ path }) => path.endsWith('/sales_invoices'));
    expect(asked?.query).toMatchObject({ attributes: 'all', from_date: '2026-08-31T00:00:00Z', to_date: '2026-10-01T00:00:00Z' });
  });

  it('of another record say nothing of the one that was asked for', async () => {
    const { company } = await replay(() => ({ body: rowOf('2026-09-30') }));
    expect(await company.read('invoice', 'abc')).toMatchObject({ id: 'abc' });
    await expect(company.read('invoice', 'abd')).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it.each([
    ['without a frame', []],
    ['without a next page', pageOf([], { $next: undefined })],
    ['of another page', pageOf([], { $page: 2 })],
    ['with fewer rows than they say', pageOf([], { $total: 3 })],
    ['with a row that has no date', pageOf([{ ...rowOf('x'), date: undefined }])],
  ])('%s are no "none"', async (_what, body) => {
    const { content } = await openSim();
    const { company } = await replay(() => ({ body }));
    expect((await company.lookup(content, keysOf(1))).verdict).toBe('failed');
  });

  it('an own 429 says how long to wait, a minute where it says nothing', async () => {
    const { content } = await openSim();
    const busy = await replay(() => problems(429, 'TooManyRequests', 'Slow down.', { 'retry-after': '9' }));
    expect(await busy.company.create(content, keysOf(1))).toMatchObject({ verdict: 'not sent', retryAfterSeconds: 9 });
    const plain = await replay(() => problems(429, 'TooManyRequests', 'Slow down.'));
    expect(await plain.company.create(content, keysOf(1))).toMatchObject({ verdict: 'not sent', retryAfterSeconds: 60 });
  });

  it('a 404 that names no record is trouble, not absence', async () => {
    const { company } = await replay(() => problems(404, 'ResourceNotFound', 'No such address.'));
    await expect(company.read('invoice', 'abc')).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });
}); // prettier-ignore

describe('the business', () => {
  it('must be one of the person who signed in', async () => {
    const { sim } = await openSim();
    const settings = { ...sageSettings(sim.url), businessId: '0'.repeat(32) };
    const http = createHttp({ allowLoopback: true, delay: () => Promise.resolve() });
    const stranger = sageAccounting.connect(settings, http, memoryTools());
    await expect(stranger.identity()).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
    const { company } = await replay(() => ({ body: { $items: [{ id: 'other', displayed_as: 'Other' }] } }));
    await expect(company.identity()).rejects.toMatchObject({ code: 'SETUP_MISSING', message: expect.stringMatching(/businessId/) });
    expect(() => sageAccounting.parseSettings({ ...settings, businessId: 'acme' })).toThrow(/businessId/);
  });

  it('is another one where none is named: the trap that the header closes', async () => {
    const { sim } = await openSim({}, null);
    const headers = await bearerOf(sim, sageSignIn);
    const answer = await fetch(`${sim.url}/sage-accounting/v3.1/contacts`, { headers });
    expect(await answer.json()).toMatchObject({ $total: 0 });
  });
}); // prettier-ignore

describe('time', () => {
  it('tokens are renewed when their five minutes end; a create is not repeated by itself', async () => {
    const { sim, company, content, ledger } = await openSim();
    sim.standIns.clock.advance(6);
    expect((await company.customers()).length).toBeGreaterThanOrEqual(40);
    sim.standIns.revokeTokens();
    expect((await company.create(content, keysOf(1))).verdict).toBe('created');
    expect(ledger.all('document')).toHaveLength(1);
  });

  it('a create that waited too long for its tax rates is not sent', async () => {
    const { content } = await openSim();
    let nowMs = 0;
    const { company, seen } = await replay(() => MADE, {}, { now: () => (nowMs += 21_000) });
    expect(await company.create(content, keysOf(1))).toMatchObject({ verdict: 'not sent' });
    expect(posts(seen)).toEqual([]);
  });

  it('sixty creates keep within 200 requests a minute; who asks faster is told to wait', async () => {
    const clock = createStillClock('2026-10-31T10:00:00.000Z');
    const sim = await startSim({ clock, options: { rateLimits: true, recordExchanges: true } });
    try {
      const http = createHttp({ allowLoopback: true, now: () => clock.nowMs(), delay: (ms) => clock.sleep(ms), random: () => 0 });
      const company = sageAccounting.connect(sageSettings(sim.url), http, { ...memoryTools(), now: () => clock.nowMs() });
      const began = clock.nowMs();
      const [content] = await sampleInvoices(company);
      if (!content) throw new Error('no invoice');
      for (let position = 1; position <= 60; position += 1) await created(company, content, position);
      const exchanges = sim.standIns.exchanges();
      expect(exchanges.filter(({ status }) => status === 429)).toEqual([]);
      const minutes = (clock.nowMs() - began) / 60_000;
      expect(exchanges.length / minutes).toBeGreaterThan(160);

      const headers = { ...(await bearerOf(sim, sageSignIn)), 'x-business': SAGE_CREDENTIALS.businessId };
      let answer = new Response();
      for (let asked = 0; asked <= 200; asked += 1) answer = await fetch(`${sim.url}/sage-accounting/v3.1/tax_rates`, { headers });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '60']);
    } finally {
      await sim.close();
    }
  });
}); // prettier-ignore
