/** Books that are described: what a description may say, what goes out, what is believed. */
import { describe, expect, it, jest } from '@jest/globals';
import { AppError } from '../../../src/core/errors.ts';
import { genericJsonPoster as books } from '../../../src/relay/accounting/generic-json-poster.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { EDITIONS, type Edition } from '../../../src/sim/books/generic-json-poster-create.ts';
import { LEDGER_POST_CREDENTIALS } from '../../../src/sim/books/generic-json-poster.ts';
import { booksWorld, created, oneLine, taxedAndRenamed } from './books-world.ts';
import { keysOf } from './case.ts';
import {
  posterSettings,
  posterWithKey,
  posterWithNumbers,
  posterWithout,
} from './generic-json-poster.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const HOUR_MS = 3_600_000;
const WORLDS = {
  none: booksWorld(posterWithout),
  key: booksWorld(posterWithKey),
  unique: booksWorld(posterWithNumbers),
};
const SEPTEMBER = { from: '2026-09-01', to: '2026-09-30' };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- spoiled in every way on purpose
type Loose = Record<string, any>;
const spoiled = (edition: Edition, spoil: (settings: Loose) => unknown): Loose => {
  const settings: Loose = structuredClone(posterSettings(edition)('http://127.0.0.1:9'));
  spoil(settings);
  return settings;
};

describe.each(EDITIONS)('%s', (edition) => {
  const { openSim, replay } = WORLDS[edition];

  it('sends the described body in the digits that were approved', async () => {
    const { content } = await openSim();
    const { company, seen } = await replay(() => ({ status: 201, body: { document: { id: 1 } } }));
    await company.create(oneLine(content, '0.0003', '123456789012.1234', '37037036.70'), keysOf(7));
    const post = seen.find(({ path }) => path.endsWith(`/${edition}/invoices`));
    const item = content.lines[0]?.itemId ?? '';
    const text = content.lines[0]?.description ?? '';
    const written = (digits: string): string => (edition === 'key' ? `"${digits}"` : digits);
    expect(post?.method).toBe('POST');
    expect(post?.body).toBe(
      `{"type":"standard","customer":{"id":${content.customerId}},"number":"MC2609-0007","date":"2026-09-30","currency":"USD","note":"September 2026 [rly:000000000007]",` +
        `"rows":[{"item":"${item}","text":${JSON.stringify(text)},"quantity":${written('0.0003')},"price":${written('123456789012.1234')},"amount":${written('37037036.70')}}]}`,
    );
    expect(post?.headers['x-request-key']).toBe(edition === 'key' ? keysOf(7).providerKey : undefined);
    await company.create({ ...content, document: 'credit memo' }, keysOf(8));
    expect(seen.some(({ path }) => path.endsWith(`/${edition}/credits`))).toBe(true);
    expect(seen.find(({ path }) => path.endsWith('/credits'))?.headers).toMatchObject(
      edition === 'none' ? { 'x-api-key': LEDGER_POST_CREDENTIALS.apiKey } : { authorization: edition === 'key' ? expect.stringMatching(/^Basic /) : 'Bearer canary-access' },
    );
  });

  it('sees what people do in the books: tax, another number, void, delete, a closed period', async () => {
    const open = await openSim();
    const { company, content, office } = open;
    const id = await taxedAndRenamed(open);
    office({ do: 'void document', id });
    expect(await company.read('invoice', id)).toMatchObject({ voided: true });
    expect(await company.list(SEPTEMBER)).toMatchObject([{ id, voided: true }]);
    office({ do: 'delete document', id });
    expect(await company.read('invoice', id)).toBeNull();
    expect(await company.list(SEPTEMBER)).toEqual([]);
    office({ do: 'close period', through: '2026-09-30' });
    expect(await company.create(content, keysOf(2))).toMatchObject({ verdict: 'rejected', code: '422', reason: 'The period is closed.' });
    office({ do: 'merge customers', id: content.customerId, into: '1002' });
    expect(await company.customer(content.customerId)).toMatchObject({ active: false });
  });

  it('says what its description says it can do, and half of it', () => {
    const { promise, facility, limits } = books.configured(posterSettings(edition)('http://127.0.0.1:9'));
    expect(facility).toEqual({
      none: { kind: 'none', trustedMinutes: 0, settleMinutes: 5, resend: 'never' },
      key: { kind: 'key window', trustedMinutes: 720, settleMinutes: 5, resend: 'while trusted' },
      unique: { kind: 'unique reference', trustedMinutes: null, settleMinutes: 5, resend: 'after evidence' },
    }[edition]);
    expect(promise).toMatch({ none: /^at most once/, key: /as your description says/, unique: /if the books refuse/ }[edition]);
    expect(limits).toMatchObject({ ref: { length: 20 }, descriptionLength: 500, priceDecimals: 4, currency: 'document', documents: ['invoice', 'credit memo'] });
  });
}); // prettier-ignore

describe('against a second copy', () => {
  it('without a facility there are two, and each is found', async () => {
    const { company, content } = await WORLDS.none.openSim();
    await created(company, content, 1);
    await created(company, content, 1);
    const found = await company.lookup(content, keysOf(1));
    expect(found.verdict === 'found' && found.invoices).toHaveLength(2);
  });

  it('a key brings back the answer while it lives; another body under it is a doubt', async () => {
    const { sim, company, content, ledger } = await WORLDS.key.openSim();
    const id = await created(company, content, 1);
    expect(await created(company, content, 1)).toBe(id);
    expect((await company.create(oneLine(content, '1', '1', '1.00'), keysOf(1))).verdict).toBe('unknown');
    const { clock } = sim.standIns;
    clock.set(new Date(clock.nowMs() + 25 * HOUR_MS).toISOString());
    expect(await created(company, content, 1)).not.toBe(id);
    expect(ledger.all('document')).toHaveLength(2);
  });

  it('a used number is refused for ever', async () => {
    const { company, content, ledger } = await WORLDS.unique.openSim();
    await created(company, content, 1);
    expect(await company.create(oneLine(content, '1', '1', '1.00'), keysOf(1))).toEqual({ verdict: 'exists', reason: 'The number MC2609-0001 is used.' });
    expect(ledger.all('document')).toHaveLength(1);
  });
}); // prettier-ignore

describe('the way in', () => {
  it('a token that ended is renewed; a create is not repeated by itself', async () => {
    const { sim, company, content } = await WORLDS.unique.openSim();
    sim.standIns.revokeTokens();
    expect(await company.create(content, keysOf(1))).toMatchObject({ verdict: 'not sent', reason: 'Who are you?' });
    expect((await company.create(content, keysOf(1))).verdict).toBe('created');
  });

  it('is asked for one token by many questions at once', async () => {
    const { company, seen } = await WORLDS.unique.replay(() => ({ body: { company: { key: 'a', name: 'A' } } }));
    await Promise.all(Array.from({ length: 10 }, () => company.identity()));
    expect(seen.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
  });

  it('a 429 says how long to wait, a minute where it says nothing', async () => {
    const { content } = await WORLDS.none.openSim();
    const body = { error: { message: 'Too many requests.' } };
    const asked = await WORLDS.none.replay(() => ({ status: 429, headers: { 'retry-after': '20' }, body }));
    expect(await asked.company.create(content, keysOf(1))).toEqual({ verdict: 'not sent', reason: 'Too many requests.', retryAfterSeconds: 20 });
    const plain = await WORLDS.none.replay(() => ({ status: 429, body }));
    expect(await plain.company.create(content, keysOf(1))).toMatchObject({ verdict: 'not sent', retryAfterSeconds: 60 });
  });
}); // prettier-ignore

describe('answers', () => {
  it('are read over all pages', async () => {
    const { company, ledger } = await WORLDS.none.openSim();
    const [first] = ledger.all('customer');
    if (!first) throw new Error('no customer');
    const before = ledger.all('customer').length;
    for (let position = 5000; position < 5205; position += 1) {
      const id = String(position);
      ledger.put('customer', id, { ...first, id, name: `Customer ${id}` });
    }
    expect(new Set((await company.customers()).map(({ id }) => id)).size).toBe(before + 205);
  });

  const document = (changes: object = {}): object => ({
    id: 7001, number: 'MC2609-0001', customer: { id: 1001 }, date: '2026-09-30', currency: 'USD', note: '', state: 'open', net: 10.5, tax: 0,
    rows: [{ item: 'ITEM-1', text: 'x', quantity: 2, price: 5.25, amount: 10.5 }], ...changes,
  });

  it.each([
    ['no total', { net: undefined }, /\/net finds nothing/],
    ['a total of null', { net: null }, /\/net is no text and no number/],
    ['a total that is none', { net: '10,50' }, /\/net cannot be read/],
    ['a day that is none', { date: '30.09.2026' }, /\/date cannot be read/],
    ['a strange currency', { currency: '$' }, /\/currency cannot be read/],
    ['lines that are no list', { rows: {} }, /\/rows is not a list/],
    ['no number', { number: undefined }, /\/number finds nothing/],
    ['no state', { state: undefined }, /\/state finds nothing/],
  ])('%s is named, and is never "none"', async (_what, changes, words) => {
    const { content } = await WORLDS.none.openSim();
    const { company } = await WORLDS.none.replay(() => ({ body: { documents: [document(changes)], pages: 1, total: 1, document: document(changes) } }));
    await expect(company.read('invoice', '7001')).rejects.toThrow(words);
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'failed', reason: expect.stringMatching(words) });
  });

  it('an id beyond what a double holds keeps its digits', async () => {
    const { company } = await WORLDS.none.replay(() => ({ body: JSON.stringify({ document: document() }).replace('7001', '9007199254740993') }));
    expect(await company.read('invoice', '9007199254740993')).toMatchObject({ id: '9007199254740993', subtotal: '10.50' });
  });

  it.each([
    ['404 with its words', { status: 404, body: { error: { message: 'There is no such document.' } } }, null],
    ['404 of a proxy', { status: 404, body: '<html>' }, /with 404/],
    ['410 with its words', { status: 410, body: { error: { message: 'Gone.' } } }, /with 410/],
    ['200 and nothing', { body: '' }, /empty/],
  ])('%s', async (_what, reply, words) => {
    const { company } = await WORLDS.none.replay(() => reply);
    if (words === null) expect(await company.read('invoice', '1')).toBeNull();
    else await expect(company.read('invoice', '1')).rejects.toThrow(words);
  });

  it('a filter by a number finds it, though numbers are read in their own digits', async () => {
    const { content } = await WORLDS.none.openSim();
    const settings: Loose = structuredClone(posterSettings('none')('http://127.0.0.1:9'));
    settings['invoice'].row.voided = { at: '/state', notIn: [1, 2] };
    settings['customers'].row.active = { at: '/state', notIn: [9] };
    const { invoice, customers } = settings;
    const answer = (state: number) => ({ body: { document: document({ state }), customer: { id: 1001, name: 'A', code: 'a', currency: 'USD', state } } });
    const seen = async (state: number) => {
      const { company } = await WORLDS.none.replay(() => answer(state), { invoice, customers });
      const [read, customer] = [await company.read('invoice', '7001'), await company.customer(content.customerId)];
      return [read?.voided, customer?.active];
    };
    expect(await seen(1)).toEqual([false, true]);
    expect(await seen(9)).toEqual([true, false]);
  });

  it('rows that the description leaves out are no customers and no items', async () => {
    const settings: Loose = structuredClone(posterSettings('key')('http://127.0.0.1:9'));
    settings['customers'].list.where = [{ at: '/kind', equals: 1 }];
    settings['items'].list.where = [{ at: '/kind', equals: 1 }];
    const row = (id: number, kind: number) => ({ id, code: `I-${String(id)}`, name: 'A', currency: 'USD', state: 'open', sold: true, kind });
    const rows = [row(1001, 1), row(1002, 2)];
    const { company } = await WORLDS.key.replay(() => ({ body: { customers: rows, items: rows, pages: 1, total: 2 } }), { customers: settings['customers'], items: settings['items'] });
    expect((await company.customers()).map(({ id }) => id)).toEqual(['1001']);
    expect(await company.customer('1002')).toBeNull();
    expect((await company.items()).map(({ id }) => id)).toEqual(['I-1001']);
  });

  it('another record than the one asked for is none', async () => {
    const other = { id: 1002, name: 'A', code: 'a', currency: 'USD', state: 'open' };
    const { company } = await WORLDS.none.replay(() => ({ body: { document: document(), customer: other } }));
    await expect(company.customer('1001')).rejects.toThrow(/gave 1002 where 1001 was asked for/);
    await expect(company.read('invoice', '7002')).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it('an id is one part of a path', async () => {
    const { company, seen } = await WORLDS.none.replay(() => ({ status: 404, body: { error: { message: 'No.' } } }));
    expect(await company.read('invoice', '../customers/1')).toBeNull();
    expect(seen.at(-1)?.path).toMatch(/\/invoices\/\.\.%2Fcustomers%2F1$/);
    await expect(company.read('invoice', '..')).rejects.toThrow(/is no \{id\}/);
  });
}); // prettier-ignore

describe('before anything is sent', () => {
  it('names what the described books do not take', async () => {
    const { company, content } = await WORLDS.none.openSim();
    const limit = (changes: object) => company.checkLimits({ ...content, ...changes }, keysOf(1));
    expect(limit({})).toBeNull();
    expect(limit({ customerId: 'A-1' })).toBe('customer "A-1": it is sent as a number and is none');
    expect(limit({ customerId: '007' })).toMatch(/is sent as a number and is none/);
    expect(company.checkLimits(oneLine(content, '3', '1.00', '3.01'), keysOf(1))).toMatch(/quantity × price only, which is 3.00/);
    expect(company.checkLimits(oneLine(content, '1000', '0.00012', '0.12'), keysOf(1))).toMatch(/at most 4 decimals/);
  });

  it('a description without credit memos or currencies takes none', async () => {
    const { content } = await WORLDS.none.openSim();
    const description = spoiled('none', (settings) => {
      delete settings['creditMemo'];
      delete settings['invoice'].create.body.fields['/currency'];
    });
    const company = books.connect(description, createHttp({ allowLoopback: true }));
    expect(company.checkLimits({ ...content, document: 'credit memo' }, keysOf(1))).toMatch(/takes no credit memo/);
    expect(company.checkLimits({ ...content, currency: 'EUR' } as never, keysOf(1))).toBe('currency EUR: these books are in USD');
  });
}); // prettier-ignore

describe('a description', () => {
  const words = (settings: Loose): string => {
    try {
      books.parseSettings(settings);
      return 'taken';
    } catch (error) {
      return error instanceof AppError ? `${error.code} ${error.message}` : String(error);
    }
  };
  const body = (settings: Loose): Loose => settings['invoice'].create.body as Loose;

  it.each<[string, (settings: Loose) => unknown, RegExp]>([
    ['no host', (s) => delete s['baseUrl'], /host: is missing/],
    ['a private host', (s) => (s['host'] = 'books.internal'), /host: names a private network/],
    ['a host with a path', (s) => (s['host'] = 'api.books.com/v1'), /host: must be a public host name/],
    ['an unknown key', (s) => (s['colour'] = 'red'), /colour/],
    ['no currency', (s) => (s['currency'] = 'XXX'), /currency: .*not a currency/],
    ['a 500 that refuses', (s) => (s['answers'].refused = [500]), /answers\.refused/],
    ['a 202 that creates', (s) => (s['answers'].created = [202]), /answers\.created/],
    ['a status with two meanings', (s) => (s['answers'].notSent = [400]), /answers\.refused: a status has one meaning/],
    ['a 408 that means anything', (s) => (s['answers'].notSent = [408]), /408 none/],
    ['no words of a refusal', (s) => (s['answers'].error = ''), /answers\.error: must be a field/],
    ['no id', (s) => (s['answers'].id = ''), /answers\.id: must be a field/],
    ['a unique number nobody refuses', (s) => (s['facility'] = { kind: 'unique reference' }), /answers\.exists: name the status/],
    ['a key without a life', (s) => (s['facility'] = { kind: 'key', header: 'x-key' }), /facility\.minutes/],
    ['a key in a header of ours', (s) => (s['facility'] = { kind: 'key', header: 'content-type', minutes: 60 }), /facility\.header/],
    ['another facility', (s) => (s['facility'] = { kind: 'strong' }), /facility\.kind: must be none, key or unique reference/],
    ['no place for our number', (s) => delete body(s)['fields']['/number'], /name a place for ref/],
    ['no place for our mark', (s) => delete body(s)['fields']['/note'], /name a place for memo or marker/],
    ['no place for the price', (s) => delete body(s)['lines'].fields['/price'], /name a place for unitPrice/],
    ['two values in one place', (s) => (body(s)['constants'] = { '/customer': 'x' }), /two values have one place/],
    ['lines in the place of a value', (s) => (body(s)['lines'].at = '/number'), /two values have one place/],
    ['a value of nobody', (s) => (body(s)['fields']['/x'] = 'price'), /must be one of|Invalid/],
    ['a day as a number', (s) => (body(s)['fields']['/date'] = { value: 'date', as: 'number' }), /goes with customerId, itemId and decimals only|Invalid/],
    ['a place every object has', (s) => (body(s)['fields']['/__proto__/x'] = 'ref'), /no name for a field|Invalid/],
    ['a search for nothing', (s) => delete s['invoice'].find.query.number, /invoice\.find\.query: must ask for \{ref\}/],
    ['a list without days', (s) => delete s['creditMemo'].list.query.to, /creditMemo\.list\.query: must ask for \{from\} and \{to\}/],
    ['a reading of nothing', (s) => (s['invoice'].read.path = '/invoices'), /must hold \{id\}/],
    ['a template', (s) => (s['invoice'].create.path = '/invoices/{ref}'), /knows .* only/],
    ['a secret in a header', (s) => (s['headers'] = { 'x-api-key': 'x' }), /headers\.x-api-key/],
    ['numbers too short for ours', (s) => (s['limits'].ref = 10), /must leave room for 11/],
  ])('with %s is refused by name', (_what, spoil, expected) => {
    expect(words(spoiled('none', spoil))).toMatch(expected);
  });

  it('believes nothing that is not said', () => {
    const plain = spoiled('none', (settings) => {
      delete settings['facility'];
      delete settings['settleMinutes'];
      delete settings['limits'];
    });
    expect(books.configured(plain)).toMatchObject({
      promise: 'at most once, automatically; doubt goes to you',
      facility: { kind: 'none', trustedMinutes: 0, settleMinutes: 30, resend: 'never' },
      limits: { ref: { length: 11 }, priceDecimals: 2, amountIsProduct: true },
    });
  });
}); // prettier-ignore
