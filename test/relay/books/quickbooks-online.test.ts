/** What is QuickBooks Online's own: its numbers, its key, its number, its pages, its tokens. */
import { describe, expect, it, jest } from '@jest/globals';
import type { Ledger } from '../../../src/sim/ledger/ledger.ts';
import { booksWorld, created, oneLine, taxedAndRenamed } from './books-world.ts';
import { keysOf } from './case.ts';
import { faultReply, quickbooksOnlineCase } from './quickbooks-online.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const { openSim, replay } = booksWorld(quickbooksOnlineCase);

describe('the request', () => {
  it('carries our key, the version, and numbers in the digits that were approved', async () => {
    const { content } = await openSim();
    const { company, seen } = await replay(() => ({ body: { Invoice: { Id: '1' } } }));
    const exact = oneLine(content, '0.0003', '123456789012.1234567', '37037036.70');
    expect((await company.create(exact, keysOf(7))).verdict).toBe('created');
    const [post] = seen.filter(({ path }) => path.endsWith('/invoice'));
    expect(post?.method).toBe('POST');
    expect(post?.path).toBe('/quickbooks-online/v3/company/4620816365278301470/invoice');
    expect(post?.query).toEqual({ minorversion: '75', requestid: keysOf(7).providerKey });
    expect(post?.headers['authorization']).toBe('Bearer canary-access');
    expect(post?.body).toContain('"Amount":37037036.70,');
    expect(post?.body).toContain('"Qty":0.0003,"UnitPrice":123456789012.1234567}');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      CustomerRef: { value: content.customerId },
      CurrencyRef: { value: 'USD' },
      TxnDate: '2026-09-30',
      DocNumber: 'MC2609-0007',
      PrivateNote: 'September 2026 [rly:000000000007]',
      Line: [{ DetailType: 'SalesItemLineDetail' }],
    });
    expect(post?.body).not.toContain('GlobalTaxCalculation');
  });

  it('names how tax is meant and each tax code outside the United States', async () => {
    const { content } = await openSim();
    const more = { country: 'other' };
    const { company, seen } = await replay(() => ({ body: { Invoice: { Id: '1' } } }), more);
    expect(company.checkLimits(content, keysOf(1))).toMatch(/line 1, tax code: .*United States/);
    const coded = { ...content, lines: content.lines.map((line) => ({ ...line, taxCodeId: '5' })) };
    expect(company.checkLimits(coded, keysOf(1))).toBeNull();
    await company.create(coded, keysOf(1));
    const [post] = seen.filter(({ path }) => path.endsWith('/invoice'));
    expect(post?.body).toContain('"TaxCodeRef":{"value":"5"}');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({ GlobalTaxCalculation: 'TaxExcluded' });
  });
});

describe('limits', () => {
  it('refuses an amount that is not quantity × price, and QuickBooks would too', async () => {
    const { company, content } = await openSim();
    const wrong = oneLine(content, '3', '1.00', '3.01');
    expect(company.checkLimits(wrong, keysOf(1))).toBe(
      'line 1, amount 3.01: QuickBooks Online takes quantity × price only, which is 3.00',
    );
    expect(await company.create(wrong, keysOf(1))).toMatchObject({ verdict: 'rejected', code: '6070' });
  });

  it('refuses a long number, a long text, a long key', async () => {
    const { company, content } = await openSim();
    expect(company.checkLimits(content, { ...keysOf(1), ref: 'M'.repeat(22) })).toMatch(/at most 21/);
    expect(company.checkLimits(content, { ...keysOf(1), providerKey: 'k'.repeat(51) })).toMatch(/at most 50/);
    const long = { ...content, lines: content.lines.map((line) => ({ ...line, description: 'd'.repeat(4001) })) };
    expect(company.checkLimits(long, keysOf(1))).toMatch(/description: .*at most 4000/);
  });
}); // prettier-ignore

describe('against a second copy', () => {
  it('brings back the first answer under the same key, whatever is asked', async () => {
    const { company, content, ledger } = await openSim();
    const first = await created(company, content, 1);
    const other = await company.create({ ...content, customerId: '2' }, keysOf(1));
    expect(other).toEqual({ verdict: 'created', invoiceId: first });
    expect(ledger.all('document')).toHaveLength(1);
  });

  it('says that the number is used, under another key', async () => {
    const { company, content, ledger } = await openSim();
    await created(company, content, 1);
    const again = await company.create(content, { ...keysOf(2), ref: keysOf(1).ref });
    expect(again.verdict).toBe('exists');
    expect(ledger.all('document')).toHaveLength(1);
  });

  it('does not, where the company only warns; the look-up then finds both', async () => {
    const { company, content } = await openSim({ allowsUsedNumbers: true });
    const ids = [await created(company, content, 1)];
    const second = await company.create(content, { ...keysOf(2), ref: keysOf(1).ref });
    if (second.verdict === 'created') ids.push(second.invoiceId);
    const found = await company.lookup(content, keysOf(1));
    expect(found.verdict === 'found' ? found.invoices.map(({ id }) => id).sort() : found).toEqual(ids.sort());
    expect(ids).toHaveLength(2);
  }); // prettier-ignore

  it('forgets the key after a day, and a day later the number still stands', async () => {
    const { sim: opened, company, content } = await openSim();
    await created(company, content, 1);
    opened.standIns.clock.set(new Date(opened.standIns.clock.nowMs() + 25 * 3_600_000).toISOString());
    // The access token has run out too: a look-up comes first, as it does before every send.
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found' });
    expect((await company.create(content, keysOf(1))).verdict).toBe('exists');
  }); // prettier-ignore
});

describe('what people do in the books', () => {
  it('is seen: void, delete, merge, another number, a closed period, tax', async () => {
    const opened = await openSim();
    const { company, content, office } = opened;
    const id = await taxedAndRenamed(opened);

    office({ do: 'void document', id });
    expect(await company.read('invoice', id)).toMatchObject({ voided: true, subtotal: '0.00', marker: keysOf(1).marker });
    expect(await company.list({ from: '2026-09-30', to: '2026-09-30' })).toMatchObject([{ id, voided: true }]);

    office({ do: 'delete document', id });
    expect(await company.read('invoice', id)).toBeNull();
    expect(await company.lookup(content, keysOf(1))).toEqual({ verdict: 'none' });

    office({ do: 'close period', through: '2026-09-30' });
    expect(await company.create(content, keysOf(2))).toMatchObject({ verdict: 'rejected', code: '6210' });

    office({ do: 'merge customers', id: content.customerId, into: '2' });
    expect(await company.customer(content.customerId)).toBeNull();
  }); // prettier-ignore

  it('an inactive customer is refused by the books too', async () => {
    const { company, content, office } = await openSim();
    office({ do: 'deactivate customer', id: content.customerId });
    expect(await company.create(content, keysOf(1))).toMatchObject({ verdict: 'rejected', code: '610' });
    expect((await company.customers()).find(({ id }) => id === content.customerId)).toMatchObject({ active: false });
  }); // prettier-ignore
});

describe('answers', () => {
  it('are read over all pages', async () => {
    const { company, ledger } = await openSim();
    fillCustomers(ledger, 2101);
    const all = await company.customers();
    expect(new Set(all.map(({ id }) => id)).size).toBe(2101);
  });

  it.each([
    ['before the end of the first page', (id: number) => id !== 5],
    ['at the end of the first page', (id: number) => id !== 1000],
  ])('a row that goes %s while the second is asked for hides no other', async (_what, stays) => {
    let ids = Array.from({ length: 1500 }, (_, index) => index + 1);
    const { company } = await replay(({ query }) => {
      const [, start, size] = /STARTPOSITION (\d+) MAXRESULTS (\d+)$/.exec(query['query'] ?? '') ?? [];
      const shown = ids.slice(Number(start) - 1, Number(start) - 1 + Number(size));
      ids = ids.filter(stays);
      return { body: { QueryResponse: { Customer: shown.map((id) => ({ Id: String(id), DisplayName: `C${String(id)}`, Active: true })) } } };
    });
    await expect(company.customers()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED', message: expect.stringMatching(/changed between two pages/) });
    expect(await company.customers()).toHaveLength(1499);
  }); // prettier-ignore

  it('are read with numbers people typed, powers and lines that are no items', async () => {
    const { content } = await openSim();
    const { company } = await replay(() => ({ body: FOREIGN }));
    expect(await company.read('invoice', '9')).toMatchObject({
      currency: null,
      ref: null,
      subtotal: '10.00',
      tax: null,
      lines: [
        { itemId: '7', quantity: '0.3333', unitPrice: '0.0000015', amount: '10.00' },
        { itemId: null, description: 'Thank you', quantity: '0', unitPrice: null, amount: '0.00' },
      ],
    });
    expect(content.customerId).not.toBe('9');
  });

  it.each([
    ['without a result', { time: 'now' }],
    ['with a document that has no total', { QueryResponse: { Invoice: [{ Id: '1', TxnDate: '2026-09-30', CustomerRef: { value: '1' }, Line: [] }] } }],
  ])('%s are no "none"', async (_what, body) => {
    const { content } = await openSim();
    const { company } = await replay(() => ({ body }));
    expect((await company.lookup(content, keysOf(1))).verdict).toBe('failed');
  }); // prettier-ignore

  it('an own 429 asks for a minute at least', async () => {
    const { content } = await openSim();
    const slow = await replay(() => faultReply(429, '3001', 'SystemFault', { 'retry-after': '90' }));
    expect(await slow.company.create(content, keysOf(1))).toMatchObject({ verdict: 'not sent', retryAfterSeconds: 90 });
    const plain = await replay(() => faultReply(429, '3001', 'SystemFault'));
    expect(await plain.company.create(content, keysOf(1))).toMatchObject({ verdict: 'not sent', retryAfterSeconds: 60 });
  }); // prettier-ignore

  it('a company that gives its own numbers is refused before anything is sent', async () => {
    const Preferences = { SalesFormsPrefs: { CustomTxnNumbers: false } };
    const { company } = await replay(() => ({ body: { Preferences } }));
    await expect(company.identity()).rejects.toMatchObject({
      code: 'SETUP_MISSING',
      message: expect.stringMatching(/Custom transaction numbers/),
    });
  });
});

describe('tokens', () => {
  it('are renewed when they end, each refresh token once', async () => {
    const { sim: opened, company, content } = await openSim();
    opened.standIns.revokeTokens();
    expect((await company.customers()).length).toBeGreaterThanOrEqual(40);
    opened.standIns.revokeTokens();
    // A create is never repeated by itself; the one after it goes out under a new token.
    expect((await company.create(content, keysOf(1))).verdict).toBe('not sent');
    expect((await company.create(content, keysOf(1))).verdict).toBe('created');
  });

  it('that were given to somebody else meanwhile end in words, not in a create', async () => {
    const { sim: opened, company, content, ledger } = await openSim();
    ledger.put('grant', 'canary-intuit-client', { id: 'canary-intuit-client', token: 'another' });
    opened.standIns.revokeTokens();
    expect((await company.create(content, keysOf(1))).verdict).toBe('not sent');
    const outcome = await company.create(content, keysOf(1));
    expect(outcome).toMatchObject({
      verdict: 'not sent',
      reason: expect.stringMatching(/sign-in/),
    });
    expect(JSON.stringify(outcome)).not.toMatch(/canary/);
    expect(ledger.all('document')).toHaveLength(0);
  });
});

const FOREIGN = JSON.stringify({
  Invoice: {
    Id: '9',
    TxnDate: '2026-09-30',
    CustomerRef: { value: '9' },
    TotalAmt: 10.0,
    Line: [
      { DetailType: 'SalesItemLineDetail', Amount: 10, SalesItemLineDetail: { ItemRef: { value: '7' }, Qty: 0.33333, UnitPrice: 0.0000015 } },
      { DetailType: 'DescriptionOnly', Description: 'Thank you' },
      { DetailType: 'SubTotalLineDetail', Amount: 10 },
    ],
  },
}); // prettier-ignore

function fillCustomers(ledger: Ledger, count: number): void {
  const [first] = ledger.all('customer');
  if (!first) throw new Error('no customer');
  for (let position = ledger.all('customer').length + 1; position <= count; position += 1) {
    const id = String(position);
    ledger.put('customer', id, { ...first, id, name: `Customer ${id}` });
  }
}
