/** What is Sage Intacct's own: its body, its lines of amount and text, its queries, its sign-in. */
import { describe, expect, it, jest } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { AppError } from '../../../src/core/errors.ts';
import { sageIntacct } from '../../../src/relay/accounting/sage-intacct.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { INTACCT_ENTITY } from '../../../src/sim/books/sage-intacct.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { booksWorld, created, oneLine, taxedAndRenamed } from './books-world.ts';
import { keysOf } from './case.ts';
import { memoryTools } from './memory-tools.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { refusal, sageIntacctCase } from './sage-intacct.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const { openSim, replay } = booksWorld(sageIntacctCase);
const QUERY = '/services/core/query';
const INVOICE = '/objects/accounts-receivable/invoice';

const withLine = (content: InvoiceContent, change: object): InvoiceContent => ({
  ...content,
  lines: content.lines.slice(0, 1).map((line) => ({ ...line, ...change })),
});

/** An invoice as a GET shows it, with one line of 10.00 and what is said else. */
const shown = (more: object): Reply => ({
  body: {
    'ia::result': {
      key: '1001',
      customer: { key: '1' },
      invoiceDate: '2026-09-30',
      invoiceNumber: 'MC2609-0001',
      state: 'posted',
      totalTxnAmount: '10.00',
      lines: [{ txnAmount: '10.00', glAccount: { key: '101' }, memo: 'Backup (2 @ 5.00)' }],
      ...more,
    },
  },
});

const page = (rows: readonly object[], meta: object): Reply => ({
  body: { 'ia::result': rows, 'ia::meta': meta },
});

describe('what the user is told', () => {
  it('is that nothing was tried on a live company, and that doubt is theirs', () => {
    expect(sageIntacct.title).toMatch(/not verified against a live company/);
    expect(sageIntacct.promise).toMatch(/at most once.*doubt goes to you.*not verified/i);
    expect(sageIntacct.facility).toMatchObject({ kind: 'none', trustedMinutes: 0, resend: 'never' });
  });

  it('is that credits are refused, before anything is sent', async () => {
    const { company, content } = await openSim();
    const credit: InvoiceContent = { ...content, document: 'credit memo' };
    expect(company.checkLimits(credit, keysOf(1))).toMatch(/takes no credit memo from us; it is entered there by hand/);
    expect(await company.read('credit memo', '1001')).toBeNull();
  });
}); // prettier-ignore

describe('the request', () => {
  it('names customer and account by key, both dates, our number, and each line in text and amount', async () => {
    const { content } = await openSim();
    const { company, seen } = await replay(() => ({ status: 500, body: '' }));
    const line = oneLine(content, '0.5', '123456789012.1234567', '61728394506.06');
    await company.create({ ...line, customerId: '7' }, keysOf(7));
    const [post] = seen.filter(({ path }) => path.endsWith(INVOICE));
    expect(post?.method).toBe('POST');
    expect(post?.headers).toMatchObject({
      authorization: 'Bearer canary-access',
      'idempotency-key': keysOf(7).providerKey,
    });
    expect(post?.headers['x-ia-api-param-entity']).toBeUndefined();
    const [only] = line.lines;
    expect(JSON.parse(post?.body ?? '')).toEqual({
      customer: { key: '7' },
      invoiceDate: '2026-09-30',
      dueDate: '2026-10-14',
      invoiceNumber: 'MC2609-0007',
      description: 'September 2026 [rly:000000000007]',
      lines: [
        {
          txnAmount: '61728394506.06',
          glAccount: { key: only?.itemId },
          memo: `${only?.description ?? ''} (0.5 @ 123456789012.1234567)`,
        },
      ],
    });
  });

  it('carries entity, location and department where the company has them', async () => {
    const { content } = await openSim();
    const settings = { entityId: INTACCT_ENTITY, locationId: '100', departmentId: '20' };
    const { company, seen } = await replay(() => ({ status: 500, body: '' }), settings);
    await company.create(content, keysOf(1));
    const [post] = seen.filter(({ path }) => path.endsWith(INVOICE));
    expect(post?.headers['x-ia-api-param-entity']).toBe(INTACCT_ENTITY);
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      lines: content.lines.map(() => ({ dimensions: { location: { id: '100' }, department: { id: '20' } } })),
    });
  });

  it('is not made in another currency, with a tax code, or with a text or number that is too long', async () => {
    const { company, content } = await openSim();
    const euros = { ...content, currency: 'EUR' } as unknown as InvoiceContent;
    expect(company.checkLimits(euros, keysOf(1))).toBe('currency EUR: this connection is set up for USD only');
    expect(company.checkLimits(withLine(oneLine(content, '1', '2', '2.00'), { taxCodeId: 'VAT' }), keysOf(1))).toBe('line 1, tax code: Sage Intacct takes none from us');
    const long = withLine(content, { description: 'x'.repeat(901) });
    expect(company.checkLimits(long, keysOf(1))).toMatch(/at most 900 characters/);
    expect(company.checkLimits(content, { ...keysOf(1), ref: 'MC2609 0001' })).toMatch(/number "MC2609 0001"/);
  });
}); // prettier-ignore

describe('lines', () => {
  it.each([
    ['with brackets of its own', 'Backup (per seat) (3 @ 1.00)'],
    ['over two lines', 'Backup\nNightly'],
    ['with letters of all kinds', 'Sauvegarde “été” € 東'],
  ])('%s are read back as they were approved', async (_what, description) => {
    const { company, content, ledger } = await openSim();
    const one = withLine(oneLine(content, '-3', '0.0375', '-0.11'), { description });
    const more = withLine(oneLine(content, '12', '45.00', '540.00'), { description });
    const lines = [...one.lines, ...more.lines];
    const both = { ...content, lines, total: '539.89' } as unknown as InvoiceContent;
    expect(company.checkLimits(both, keysOf(1))).toBeNull();
    const read = await company.read('invoice', await created(company, both, 1));
    const [held] = ledger.all('document');
    expect(held?.lines.map((line) => line.description)).toEqual([`${description} (-3 @ 0.0375)`, `${description} (12 @ 45.00)`]);
    expect(read).toMatchObject({
      subtotal: '539.89',
      lines: [
        { description, quantity: '-3', unitPrice: '0.0375', amount: '-0.11' },
        { description, quantity: '12', unitPrice: '45', amount: '540.00' },
      ],
    });
  });

  it.each([['Backup, monthly'], ['Backup (two @ 5.00)'], [null]])('whose text is %s are one piece without a price', async (memo) => {
    const lines = [{ txnAmount: '10.00', glAccount: { key: '101' }, memo }];
    const { company } = await replay(() => shown({ lines }));
    expect((await company.read('invoice', '1001'))?.lines).toEqual([
      { itemId: '101', description: memo ?? '', quantity: '1', unitPrice: null, amount: '10.00' },
    ]);
  });

  it('leave a difference in the total that no tax entry explains', async () => {
    const line = { txnAmount: '10.00', glAccount: { key: '101' }, memo: 'Backup (2 @ 5.00)' };
    const taxed = [{ ...line, taxEntries: [{ txnTaxAmount: '0.60' }, { txnTaxAmount: '0.23' }] }];
    const totals = async (more: object) => {
      const { company } = await replay(() => shown(more));
      const read = await company.read('invoice', '1001');
      return [read?.subtotal, read?.tax];
    };
    expect(await totals({})).toEqual(['10.00', null]);
    expect(await totals({ totalTxnAmount: '10.83', lines: taxed })).toEqual(['10.00', '0.83']);
    expect(await totals({ totalTxnAmount: '10.00', lines: taxed })).toEqual(['10.00', '0.83']);
    expect(await totals({ totalTxnAmount: '10.84', lines: taxed })).toEqual(['10.84', '0.83']);
    expect(await totals({ totalTxnAmount: '11.00' })).toEqual(['11.00', null]);
  });

  it('are in the currency that the invoice names', async () => {
    const { company } = await replay(() => shown({ currency: { baseCurrency: 'USD', txnCurrency: 'CAD' } }));
    expect(await company.read('invoice', '1001')).toMatchObject({ currency: 'CAD' });
  });
}); // prettier-ignore

describe('against a second copy', () => {
  it('nothing helps where neither keys nor numbers are kept, and both are found', async () => {
    const { company, content } = await openSim();
    const ids = [await created(company, content, 1), await created(company, content, 1)];
    const found = await company.lookup(content, keysOf(1));
    expect(found.verdict === 'found' ? found.invoices.map(({ id }) => id) : found).toEqual(ids);
  });

  it.each([['keys', { keepsKeys: true }], ['numbers', { allowsUsedNumbers: false }]])('a company that keeps %s says 409: there already', async (_what, options) => {
    const { company, content, ledger } = await openSim(options);
    await created(company, content, 1);
    expect((await company.create(content, keysOf(1))).verdict).toBe('exists');
    expect(ledger.all('document')).toHaveLength(1);
  });
}); // prettier-ignore

describe('what people do in the books', () => {
  it('is seen: tax, another number, reversal, deletion, a closed period, merge', async () => {
    const opened = await openSim();
    const { company, content, office } = opened;
    const id = await taxedAndRenamed(opened);

    office({ do: 'void document', id });
    expect(await company.read('invoice', id)).toMatchObject({ voided: true });
    expect(await company.list({ from: '2026-09-30', to: '2026-09-30' })).toMatchObject([{ id, voided: true }]);
    office({ do: 'delete document', id });
    expect(await company.read('invoice', id)).toBeNull();

    office({ do: 'close period', through: '2026-09-30' });
    expect(await company.create(content, keysOf(2))).toMatchObject({ verdict: 'rejected', reason: expect.stringMatching(/closed through/) });
    office({ do: 'merge customers', id: content.customerId, into: '2' });
    expect(await company.customer(content.customerId)).toBeNull();
  });

  it('shows the number of an account only where two have one name', async () => {
    const { company, ledger } = await openSim();
    const [first] = ledger.all('item');
    if (!first) throw new Error('no account');
    ledger.put('item', '999', { ...first, id: '999' });
    const names = (await company.items()).map(({ name }) => name).filter((name) => name.startsWith(first.name));
    expect(names).toEqual([`${first.name} (4${first.id})`, `${first.name} (4999)`]);
  });
}); // prettier-ignore

describe('answers', () => {
  it('are read over all pages', async () => {
    const { sim, company } = await openSim({ pageSizeMax: 7 });
    const keys = (await company.customers()).map(({ id }) => id);
    expect(new Set(keys).size).toBe(sim.standIns.ledgers.get('sage-intacct')?.all('customer').length);
    expect(keys.length).toBeGreaterThan(39);
  });

  it.each(['empty-list', 'changed-schema', 'repeat-page'])('%s is noticed', async (fault) => {
    const { sim, company, content } = await openSim({ pageSizeMax: 7 });
    const id = await created(company, content, 1);
    sim.standIns.faults.add(FaultSchema.parse({ system: 'sage-intacct', fault }));
    await expect(company.customers()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
    if (fault !== 'repeat-page') expect((await company.lookup(content, keysOf(1))).verdict).toBe('failed');
    if (fault === 'changed-schema') await expect(company.read('invoice', id)).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it('are taken though the filters let more through than was asked for', async () => {
    const row = { key: '1001', invoiceNumber: 'MC2609-0001', description: '', invoiceDate: '2026-09-30' };
    const rows = [row, { ...row, key: '1002', invoiceNumber: 'MC2609-00011', invoiceDate: '2026-08-31' }, { ...row, key: '1003', invoiceNumber: 'X', invoiceDate: '2026-10-01' }];
    const { content } = await openSim();
    const { company, seen } = await replay(({ path }) =>
      path.endsWith(QUERY) ? page(rows, { totalCount: 3, start: 1, next: null }) : shown({}),
    );
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found', invoices: [{ id: '1001' }] });
    expect(await company.list({ from: '2026-09-01', to: '2026-09-30' })).toHaveLength(1);
    expect(seen.filter(({ path }) => /\/100[23]$/.test(path))).toEqual([]);
  });

  it.each<[string, (seen: Seen) => Reply]>([
    ['without their count', () => ({ body: { 'ia::result': [] } })],
    ['of another page', () => page([], { totalCount: 0, start: 101, next: null })],
    ['with fewer rows than they say', () => page([], { totalCount: 3, start: 1, next: null })],
    ['that lead back', () => page([], { totalCount: 3, start: 1, next: 1 })],
    ['with an error within', () => refusal(200, 'x', 'No.')],
    ['that list an invoice and do not show it', ({ path }) => path.endsWith(QUERY)
      ? page([{ key: '1001', invoiceNumber: 'MC2609-0001', invoiceDate: '2026-09-30' }], { totalCount: 1, start: 1 })
      : refusal(404, 'objectNotFound', 'Not there.')],
    ['that show another invoice', ({ path }) => path.endsWith(QUERY)
      ? page([{ key: '1002', invoiceNumber: 'MC2609-0001', invoiceDate: '2026-09-30' }], { totalCount: 1, start: 1 })
      : shown({})],
    ['that refuse a field', () => refusal(400, 'invalidRequest', 'Payload contains errors', ['customer.key is no field'])],
  ])('%s are no "none"', async (_what, reply) => {
    const { content } = await openSim();
    const { company } = await replay(reply);
    expect((await company.lookup(content, keysOf(1))).verdict).toBe('failed');
  });

  it('another customer than the one asked for is none', async () => {
    const other = { key: '2', id: 'C-2', name: 'Contoso', status: 'active' };
    const { company } = await replay(() => ({ body: { 'ia::result': other } }));
    await expect(company.customer('1')).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(await company.customer('2')).toMatchObject({ id: '2', name: 'Contoso' });
  });

  it('a 404 that is not its own is no "not there"', async () => {
    const { company } = await replay(() => ({ status: 404, body: '<html>No such page</html>' }));
    await expect(company.read('invoice', '1001')).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
    await expect(company.customer('1')).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });

  it('an own 429 says how long to wait', async () => {
    const { content } = await openSim();
    const busy = refusal(429, 'tooManyRequests', 'Slow down.');
    const asked = await replay(() => ({ ...busy, headers: { 'retry-after': '12' } }));
    expect(await asked.company.create(content, keysOf(1))).toEqual({ verdict: 'not sent', reason: 'Slow down.', retryAfterSeconds: 12 });
    const silent = await replay(() => busy);
    expect(await silent.company.create(content, keysOf(1))).toMatchObject({ retryAfterSeconds: 60 });
  });
}); // prettier-ignore

describe('the sign-in', () => {
  it('is made once with the credentials of the user, and names the company', async () => {
    const { company, seen } = await replay(() => ({ ...page([], {}), headers: { date: 'Sat, 31 Oct 2026 10:00:00 GMT' } }), { entityId: INTACCT_ENTITY });
    const identity = { id: 'ALDERMSP, ALDER-US', name: 'ALDERMSP, ALDER-US', answeredAt: 'Sat, 31 Oct 2026 10:00:00 GMT' };
    expect(await company.identity()).toEqual(identity);
    expect(await company.identity()).toEqual(identity);
    const signIns = seen.filter(({ path }) => path.endsWith('/oauth2/token'));
    expect(signIns.map(({ method, body }) => [method, Object.fromEntries(new URLSearchParams(body))])).toEqual([
      ['POST', { grant_type: 'client_credentials', client_id: 'canary-intacct-client', client_secret: 'canary-intacct-secret', username: 'relay@ALDERMSP' }],
    ]);
  });

  it('is made anew when a token ends; a create is not repeated by itself', async () => {
    const { sim, company, content } = await openSim();
    sim.standIns.revokeTokens();
    expect((await company.create(content, keysOf(1))).verdict).toBe('not sent');
    expect((await company.create(content, keysOf(1))).verdict).toBe('created');
  });

  it('is asked for anew under another user, company or secret', async () => {
    const http = createHttp({ allowLoopback: true });
    const kept = async (more: object): Promise<string> => {
      let named = '';
      const accessToken = ({ first }: { readonly first: string }): Promise<string> => {
        named = first;
        throw new AppError('SETUP_MISSING', 'It is enough to know.');
      };
      const settings = { ...(sageIntacctCase.settings('http://127.0.0.1:9') as object), ...more };
      const company = sageIntacct.connect(settings, http, { ...memoryTools(), tokens: { accessToken } });
      await expect(company.identity()).rejects.toThrow('It is enough to know.');
      return named;
    };
    const own = await kept({});
    expect(own).toMatch(/^[0-9a-f]{64}$/);
    expect(await kept({ dueDays: 30 })).toBe(own);
    for (const other of [{ username: 'relay@OTHER' }, { clientId: 'other' }, { clientSecret: 'other' }]) {
      expect(await kept(other)).not.toBe(own);
    }
  });

  it('that is refused is named without a secret', async () => {
    const { sim, content } = await openSim();
    const settings = { ...(sageIntacctCase.settings(sim.url) as object), clientSecret: 'canary-wrong-secret' };
    const { company } = await replay(() => ({ body: '' }), settings);
    const outcome = await company.create(content, keysOf(1));
    expect(outcome).toMatchObject({ verdict: 'not sent', reason: expect.stringMatching(/Sage Intacct refused our credentials/) });
    expect(JSON.stringify(outcome)).not.toMatch(/canary/);
  });
}); // prettier-ignore
