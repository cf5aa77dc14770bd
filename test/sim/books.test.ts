import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleWorld } from '../../src/sample/world.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import { ask, conductorHeaders, post, type Answer } from './ask.ts';

interface Line {
  readonly quantity: number | null;
  readonly rate: string;
  readonly amount: string;
}
interface Invoice {
  readonly id: string;
  readonly refNumber: string | null;
  readonly subtotal: string;
  readonly salesTaxTotal: string;
  readonly balanceRemaining: string;
  readonly revisionNumber: string;
  readonly memo: string | null;
  readonly lines: readonly Line[];
}
interface List<Row> {
  readonly data: readonly Row[];
  readonly nextCursor: string | null;
  readonly remainingCount: number;
  readonly hasMore: boolean;
}
interface ErrorBody {
  readonly error: {
    readonly type: string;
    readonly code: string;
    readonly integrationCode?: string;
  };
}

const world = sampleWorld('planted');
const CUSTOMER = world.customers[0]!.id;
const ITEM = world.services[0]!.item!.id;
let folder = '';
let sim: RunningSim;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcc-sim-'));
  sim = await startSim({ exchangesFile: null, stateDir: folder });
});
afterEach(async () => {
  await sim.close();
  rmSync(folder, { recursive: true });
});

const at = (path: string): string => `${sim.url}/conductor/v1/quickbooks-desktop${path}`;
const get = (path: string): Promise<Answer> => ask(at(path), { headers: conductorHeaders() });
const send = (body: unknown, path = '/invoices'): Promise<Answer> =>
  post(at(path), body, conductorHeaders());
const invoice = (changes: object = {}): object => ({
  customerId: CUSTOMER,
  transactionDate: '2026-10-31',
  refNumber: '2610-1',
  memo: '[rly:0f3a]',
  lines: [
    { itemId: ITEM, description: 'Managed workstation', quantity: 7, rate: '65', amount: '455.00' },
  ],
  ...changes,
});
const lines = (...rows: object[]): object =>
  invoice({ lines: rows.map((row) => ({ itemId: ITEM, ...row })) });
const errorOf = (answer: Answer): ErrorBody['error'] => answer.json<ErrorBody>().error;

describe('writing', () => {
  it('writes an invoice that can be read back by id, number and customer', async () => {
    const made = (await send(invoice())).json<Invoice>();
    expect(made).toMatchObject({ refNumber: '2610-1', subtotal: '455.00', memo: '[rly:0f3a]' });
    const ways = [`?refNumbers=2610-1`, '?refNumberStartsWith=2610', `?customerIds=${CUSTOMER}`];
    for (const way of ways) {
      const found = (await get(`/invoices${way}`)).json<List<Invoice>>();
      expect(found.data).toEqual([made]);
    }
    expect((await get(`/invoices/${made.id}`)).json()).toEqual(made);
  });

  it('writes it again when it is asked again: the books know no repeated request', async () => {
    await send(invoice({ externalId: '0f8fad5b-d9cb-469f-a165-70867728950e' }));
    await send(invoice({ externalId: '0f8fad5b-d9cb-469f-a165-70867728950e' }));
    const found = (await get('/invoices?refNumbers=2610-1')).json<List<Invoice>>();
    expect(found.data).toHaveLength(2);
  });

  it('lets the amount win over the rate and computes what is missing', async () => {
    const made = await send(
      lines(
        { quantity: 3, rate: '9.99', amount: '30.00' },
        { quantity: 3, rate: '0.0375' },
        { quantity: 2 },
        { rate: '12.345' },
        {},
        { quantity: 7, amount: '10.00' },
      ),
    );
    const { subtotal, lines: written } = made.json<Invoice>();
    expect(written.map(({ quantity, rate, amount }) => [quantity, rate, amount])).toEqual([
      [3, '10.00', '30.00'],
      [3, '0.0375', '0.11'],
      [2, '65.00', '130.00'],
      [null, '12.345', '12.35'],
      [null, '65.00', '65.00'],
      [7, '1.42857', '10.00'],
    ]);
    expect(subtotal).toBe('247.46');
  });

  it('adds tax beside the subtotal when the company charges it', async () => {
    sim.standIns.setOptions({ salesTaxPercent: '8.25' });
    expect((await send(invoice())).json()).toMatchObject({
      subtotal: '455.00', salesTaxTotal: '37.54', balanceRemaining: '492.54',
    }); // prettier-ignore
  });

  it('leaves the number blank when none is sent', async () => {
    const made = (await send(invoice({ refNumber: undefined }))).json<Invoice>();
    expect(made.refNumber).toBeNull();
  });

  it('writes credit memos apart from invoices', async () => {
    const made = await send(invoice(), '/credit-memos');
    expect(made.json()).toMatchObject({ objectType: 'qbd_credit_memo', totalAmount: '455.00' });
    expect((await get('/credit-memos')).json<List<unknown>>().data).toHaveLength(1);
    expect((await get('/invoices')).json<List<unknown>>().data).toHaveLength(0);
  });
});

describe('refusing', () => {
  it.each([
    ['a field it does not know', { refNumbr: '1' }],
    ['a number of twelve characters', { refNumber: '261000000001' }],
    ['no customer', { customerId: undefined }],
    ['a date with a time', { transactionDate: '2026-10-31T00:00:00Z' }],
    ['an amount with one decimal', { lines: [{ itemId: ITEM, amount: '455.0' }] }],
    ['an amount that is a number', { lines: [{ itemId: ITEM, amount: 455 }] }],
    ['a rate of six decimals', { lines: [{ itemId: ITEM, rate: '0.123456' }] }],
    ['a quantity that is a text', { lines: [{ itemId: ITEM, quantity: '7' }] }],
    ['no lines in the list', { lines: [] }],
    ['an external id that is no GUID', { externalId: 'abc' }],
  ])('refuses %s before the books see it', async (_what, changes) => {
    const answer = await send(invoice(changes));
    expect([answer.status, errorOf(answer).type]).toEqual([400, 'INVALID_REQUEST_ERROR']);
    expect((await get('/invoices')).json<List<unknown>>().data).toEqual([]);
  });

  it.each([
    ['3140', 'an unknown customer', { customerId: '80000999-1' }],
    ['3140', 'an unknown item', { lines: [{ itemId: '80000999-1', amount: '1.00' }] }],
    ['3180', 'a negative total', { lines: [{ itemId: ITEM, amount: '-1.00' }] }],
    ['3070', 'a memo too long', { memo: 'x'.repeat(4096) }],
  ])('answers %s for %s, and writes nothing', async (code, _what, changes) => {
    const answer = await send(invoice(changes));
    expect(answer.status).toBe(502);
    expect(errorOf(answer)).toMatchObject({
      type: 'INTEGRATION_ERROR', code: 'QBD_REQUEST_ERROR', integrationCode: code,
    }); // prettier-ignore
    expect((await get('/invoices')).json<List<unknown>>().data).toEqual([]);
  });

  it('refuses an inactive customer, and lists it only when asked', async () => {
    await post(`${sim.url}/_sim/edit`, {
      kind: 'customer',
      id: CUSTOMER,
      set: { isActive: false },
    });
    expect(errorOf(await send(invoice())).integrationCode).toBe('3180');
    const names = async (query: string): Promise<number> =>
      (await get(`/customers${query}`)).json<List<unknown>>().data.length;
    expect([await names(''), await names('?status=inactive'), await names('?status=all')]).toEqual([
      40, 1, 41,
    ]);
    expect((await get(`/customers/${CUSTOMER}`)).json()).toMatchObject({ isActive: false });
  });

  it('answers an unknown number, name or id with an error, never with an empty list', async () => {
    for (const query of [
      '/invoices?refNumbers=none',
      '/customers?fullNames=Nobody',
      '/customers?ids=1',
    ]) {
      expect(errorOf(await get(query)).integrationCode).toBe('500');
    }
    expect((await get('/invoices?refNumberStartsWith=none')).json<List<unknown>>().data).toEqual(
      [],
    );
  });

  it('wants the secret key and the end-user', async () => {
    const { authorization = '' } = conductorHeaders();
    const none = await ask(at('/company'));
    const noUser = await ask(at('/company'), { headers: { authorization } });
    const wrongUser = await ask(at('/company'), {
      headers: { authorization, 'conductor-end-user-id': 'x' },
    });
    expect([none, noUser, wrongUser].map(({ status }) => status)).toEqual([401, 400, 404]);
  });
});

describe('lists', () => {
  it('walks all customers with one cursor from the first page to the last', async () => {
    const seen: string[] = [];
    const cursors = new Set<string>();
    let page = (await get('/customers?limit=10')).json<List<{ fullName: string }>>();
    for (;;) {
      seen.push(...page.data.map(({ fullName }) => fullName));
      if (page.nextCursor === null) break;
      cursors.add(page.nextCursor);
      page = (await get(`/customers?limit=10&cursor=${page.nextCursor}`)).json();
    }
    expect(seen).toHaveLength(41);
    expect(new Set(seen)).toEqual(
      new Set(['Town of Millbrook', ...world.customers.map(({ name }) => name)]),
    );
    expect(cursors.size).toBe(1);
    expect([page.remainingCount, page.hasMore]).toEqual([0, false]);
  });

  it('forgets a cursor after ten seconds', async () => {
    const { nextCursor } = (await get('/customers?limit=10')).json<List<unknown>>();
    sim.standIns.clock.advance(0.2);
    expect((await get(`/customers?limit=10&cursor=${nextCursor ?? ''}`)).status).toBe(400);
  });

  it('finds customers by a part of their name and by full name, whatever the case', async () => {
    const names = async (query: string): Promise<string[]> =>
      (await get(`/customers?${query}`))
        .json<List<{ fullName: string }>>()
        .data.map(({ fullName }) => fullName);
    expect(await names('nameContains=dental')).toEqual([
      'Clearview Dental Group',
      'Clearview Dental Group of Tempe',
    ]);
    expect(await names('fullNames=town%20of%20millbrook%3Alibrary')).toEqual([
      'Town of Millbrook:Library',
    ]);
    expect((await get('/customers?nameContains=a&nameStartsWith=b')).status).toBe(400);
  });

  it('filters invoices by day', async () => {
    await send(invoice());
    const count = async (from: string, to: string): Promise<number> =>
      (await get(`/invoices?transactionDateFrom=${from}&transactionDateTo=${to}`)).json<
        List<unknown>
      >().data.length;
    expect(await count('2026-10-31', '2026-10-31')).toBe(1);
    expect(await count('2026-11-01', '2026-11-30')).toBe(0);
    expect((await get('/invoices?transactionDateFrom=31.10.2026')).status).toBe(400);
  });
});

describe('after the writing', () => {
  it('wants the newest revision for a change', async () => {
    const made = (await send(invoice())).json<Invoice>();
    const change = (revisionNumber: string): Promise<Answer> =>
      send({ revisionNumber, memo: 'new' }, `/invoices/${made.id}`);
    expect((await change(made.revisionNumber)).json()).toMatchObject({ memo: 'new' });
    expect(errorOf(await change(made.revisionNumber)).integrationCode).toBe('3200');
  });

  it('deletes and voids, and lists what was deleted', async () => {
    const [first, second] = [
      (await send(invoice())).json<Invoice>(),
      (await send(invoice())).json<Invoice>(),
    ];
    await ask(at(`/invoices/${first.id}`), { method: 'DELETE', headers: conductorHeaders() });
    expect((await get(`/invoices/${first.id}`)).status).toBe(404);
    const gone = (await get('/deleted-transactions?transactionTypes=invoice')).json<
      List<{ id: string }>
    >();
    expect(gone.data.map(({ id }) => id)).toEqual([first.id]);
    await send({}, `/invoices/${second.id}/void`);
    expect((await get(`/invoices/${second.id}`)).json()).toMatchObject({
      subtotal: '0.00',
      memo: 'VOID: [rly:0f3a]',
    });
  });

  it('stands after a restart, also when the last line of its journal is torn', async () => {
    const made = (await send(invoice())).json<Invoice>();
    await sim.close();
    appendFileSync(join(folder, 'books.jsonl'), '{"event":"document","value":{"id":"torn');
    sim = await startSim({ exchangesFile: null, stateDir: folder });
    expect((await get(`/invoices/${made.id}`)).json()).toEqual(made);
    const next = (await send(invoice())).json<Invoice>();
    expect(next.id).not.toBe(made.id);
    await sim.close();
    sim = await startSim({ exchangesFile: null, stateDir: folder });
    expect((await get('/invoices')).json<List<Invoice>>().data.map(({ id }) => id)).toEqual([
      made.id,
      next.id,
    ]);
  });

  it('becomes another company when told so', async () => {
    await post(`${sim.url}/_sim/world`, {
      company: 'Other Ltd',
      customers: [{ name: 'North:South', code: '7' }],
      items: [{ name: 'Labor', price: '150' }],
    });
    expect((await get('/company')).json()).toMatchObject({ companyName: 'Other Ltd' });
    const { data } = (await get('/customers')).json<List<{ fullName: string; sublevel: number }>>();
    expect(data.map(({ fullName, sublevel }) => [fullName, sublevel])).toEqual([
      ['North', 0],
      ['North:South', 1],
    ]);
  });
});
