/** What is Xero's own: PUT and its key, its numbers, its pages, its tokens. */
import { describe, expect, it, jest } from '@jest/globals';
import { xero } from '../../../src/relay/accounting/xero.ts';
import { XERO_CREDENTIALS } from '../../../src/sim/books/xero.ts';
import { booksWorld, created, oneLine, taxedAndRenamed } from './books-world.ts';
import { keysOf } from './case.ts';
import { bearerOf } from './rotating-bearer.ts';
import { xeroCase, xeroSettings, xeroSignIn } from './xero.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const MINUTE_MS = 60_000;
const { openSim, replay } = booksWorld(xeroCase);

describe('the request', () => {
  it('is a PUT with our key and the organisation, approved, in the digits that were approved', async () => {
    const { content } = await openSim();
    const { company, seen } = await replay(() => ({ body: { Invoices: [] } }));
    await company.create(oneLine(content, '0.0003', '123456789012.1234', '37037036.70'), keysOf(7));
    const [put] = seen.filter(({ path }) => path.endsWith('/Invoices'));
    expect(put?.method).toBe('PUT');
    expect(put?.path).toBe('/xero/api.xro/2.0/Invoices');
    expect(put?.query).toEqual({ unitdp: '4' });
    expect(put?.headers).toMatchObject({
      authorization: 'Bearer canary-access',
      'idempotency-key': keysOf(7).providerKey,
      'xero-tenant-id': XERO_CREDENTIALS.tenantId,
    });
    expect(put?.body).toContain('"Quantity":0.0003,"UnitAmount":123456789012.1234,"LineAmount":37037036.70');
    expect(JSON.parse(put?.body ?? '')).toMatchObject({
      Invoices: [
        {
          Type: 'ACCREC',
          Status: 'AUTHORISED',
          Contact: { ContactID: content.customerId },
          Date: '2026-09-30',
          CurrencyCode: 'USD',
          LineAmountTypes: 'Exclusive',
          InvoiceNumber: 'MC2609-0007',
          Reference: 'September 2026 [rly:000000000007]',
        },
      ],
    });
    await company.create({ ...content, document: 'credit memo' }, keysOf(8));
    const [note] = seen.filter(({ path }) => path.endsWith('/CreditNotes'));
    expect(note?.method).toBe('PUT');
    expect(JSON.parse(note?.body ?? '')).toMatchObject({ CreditNotes: [{ Type: 'ACCRECCREDIT', CreditNoteNumber: 'MC2609-0008' }] });
  });

  it('is refused before it is sent when a price has five decimals or the product differs', async () => {
    const { company, content } = await openSim();
    expect(company.checkLimits(oneLine(content, '1000', '0.00012', '0.12'), keysOf(1))).toMatch(/unit price 0.00012: Xero takes at most 4 decimals/);
    const wrong = oneLine(content, '3', '1.00', '3.01');
    expect(company.checkLimits(wrong, keysOf(1))).toBe('line 1, amount 3.01: Xero takes quantity × price only, which is 3.00');
    expect(await company.create(wrong, keysOf(1))).toMatchObject({ verdict: 'rejected', reason: expect.stringMatching(/expected line total 3.00/) });
    expect(company.checkLimits(content, { ...keysOf(1), providerKey: 'k'.repeat(129) })).toMatch(/at most 128/);
  });
}); // prettier-ignore

describe('against a second copy', () => {
  it('brings back the answer for six minutes, then refuses the number for ever', async () => {
    const { sim: opened, company, content, ledger } = await openSim();
    const id = await created(company, content, 1);
    expect(await company.create(content, keysOf(1))).toEqual({ verdict: 'created', invoiceId: id });
    const { clock } = opened.standIns;
    clock.set(new Date(clock.nowMs() + 7 * MINUTE_MS).toISOString());
    expect((await company.create(content, keysOf(1))).verdict).toBe('exists');
    expect(ledger.all('document')).toHaveLength(1);
  });

  it('takes another request under the same key for a doubt', async () => {
    const { company, content, ledger } = await openSim();
    await created(company, content, 1);
    const other = { ...keysOf(2), providerKey: keysOf(1).providerKey };
    expect((await company.create(content, other)).verdict).toBe('unknown');
    expect(ledger.all('document')).toHaveLength(1);
  });

  it('POST would have changed the first invoice: it is what we never send', async () => {
    const { sim: opened, company, content, ledger } = await openSim();
    await created(company, content, 1);
    const bearer = await bearerOf(opened, xeroSignIn);
    const [line] = content.lines;
    const one = { Type: 'ACCREC', Status: 'AUTHORISED', Contact: { ContactID: content.customerId }, Date: '2026-09-30', InvoiceNumber: keysOf(1).ref, LineItems: [{ ItemCode: line?.itemId, Description: 'other', Quantity: 1, UnitAmount: 1 }] };
    const answer = await fetch(`${opened.url}/xero/api.xro/2.0/Invoices`, {
      method: 'POST',
      headers: { ...bearer, 'xero-tenant-id': XERO_CREDENTIALS.tenantId, 'content-type': 'application/json' },
      body: JSON.stringify({ Invoices: [one] }),
    });
    expect(answer.status).toBe(200);
    expect(ledger.all('document').map(({ subtotal }) => subtotal)).toEqual(['1.00']);
  });
}); // prettier-ignore

describe('what people do in the books', () => {
  it('is seen: tax, another number, void, delete, a closed period, merge', async () => {
    const opened = await openSim();
    const { company, content, office } = opened;
    const id = await taxedAndRenamed(opened);

    office({ do: 'void document', id });
    expect(await company.read('invoice', id)).toMatchObject({ voided: true });
    office({ do: 'delete document', id });
    expect(await company.list({ from: '2026-09-30', to: '2026-09-30' })).toMatchObject([{ id, voided: true }]);

    office({ do: 'close period', through: '2026-09-30' });
    expect(await company.create(content, keysOf(2))).toMatchObject({ verdict: 'rejected', reason: expect.stringMatching(/lock date/) });
    office({ do: 'merge customers', id: content.customerId, into: '00000000-0000-4000-8000-0000000000aa' });
    expect(await company.customer(content.customerId)).toBeNull();
  });
}); // prettier-ignore

describe('an invoice that was archived', () => {
  it('is still found, read and listed', async () => {
    const { company, content, ledger } = await openSim();
    const id = await created(company, content, 1);
    const document = ledger.get('document', id);
    if (!document) throw new Error('no document');
    ledger.put('document', id, { ...document, archived: true });
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found', invoices: [{ id }] });
    expect(await company.read('invoice', id)).toMatchObject({ id });
    expect(await company.list({ from: '2026-09-30', to: '2026-09-30' })).toMatchObject([{ id }]);
    const credit = await created(company, { ...content, document: 'credit memo' }, 2);
    expect(await company.read('credit memo', credit)).toMatchObject({ id: credit });
  });
}); // prettier-ignore

describe('ids', () => {
  it.each(['0A925A79-43EF-01E8-0156-DA7279FDB1DA', 'ffffffff-ffff-ffff-ffff-fffffffffffe'])('%s is one, whatever its version', async (id) => {
    const { content } = await openSim();
    const { company } = await replay(() => ({ body: { Invoices: [{ InvoiceID: id }], Organisations: [{ OrganisationID: id, Name: 'A' }] } }));
    expect(await company.create(content, keysOf(1))).toEqual({ verdict: 'created', invoiceId: id });
    expect(await company.identity()).toMatchObject({ id });
    expect(() => xero.parseSettings({ ...xeroSettings('http://127.0.0.1:9'), tenantId: id })).not.toThrow();
  });
}); // prettier-ignore

describe('answers', () => {
  it('are read over all pages', async () => {
    const { company, ledger } = await openSim();
    const [first] = ledger.all('customer');
    if (!first) throw new Error('no customer');
    const before = ledger.all('customer').length;
    for (let position = 0; position < 205; position += 1) {
      const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
      ledger.put('customer', id, { ...first, id, name: `Customer ${String(position)}` });
    }
    const all = await company.customers();
    expect(new Set(all.map(({ id }) => id)).size).toBe(before + 205);
  });

  it.each([
    ['without pages', { Invoices: [] }],
    ['of another page', { Invoices: [], pagination: { page: 2, pageSize: 100, pageCount: 2, itemCount: 0 } }],
    ['with fewer rows than they say', { Invoices: [], pagination: { page: 1, pageSize: 100, pageCount: 1, itemCount: 3 } }],
  ])('%s are no "none"', async (_what, body) => {
    const { content } = await openSim();
    const { company } = await replay(() => ({ body }));
    expect((await company.lookup(content, keysOf(1))).verdict).toBe('failed');
  });

  it('an own 429 says how long to wait', async () => {
    const { content } = await openSim();
    const headers = { 'retry-after': '43200', 'x-rate-limit-problem': 'day' };
    const { company } = await replay(() => ({ status: 429, headers, body: '' }));
    expect(await company.create(content, keysOf(1))).toEqual({ verdict: 'not sent', reason: "Xero's limit (day) is reached", retryAfterSeconds: 43_200 });
  });

  it('tokens are renewed when they end; a create is not repeated by itself', async () => {
    const { sim: opened, company, content } = await openSim();
    opened.standIns.revokeTokens();
    expect((await company.create(content, keysOf(1))).verdict).toBe('not sent');
    expect((await company.create(content, keysOf(1))).verdict).toBe('created');
  });
}); // prettier-ignore
