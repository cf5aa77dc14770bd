/** QuickBooks Desktop through Conductor by its recording; what all books do is in books/. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import type { InvoiceContent } from '../../../src/core/model.ts';
import type {
  AccountingCompany,
  AccountingSystem,
  CreateOutcome,
  InvoiceKeys,
} from '../../../src/relay/accounting/accounting.ts';
import * as registry from '../../../src/relay/accounting/registry.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { startServer, type Reply, type Seen, type Server } from '../replay-server.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

interface Exchange {
  readonly request: {
    method: string;
    path: string;
    query?: Record<string, string>;
    body?: unknown;
  };
  readonly response: Reply;
}
interface Recording {
  readonly settings: Readonly<Record<string, string>>;
  readonly content: InvoiceContent;
  readonly keys: InvoiceKeys;
  /** What the books answer, by the question of the port. */
  readonly exchanges: readonly Exchange[];
  readonly expected: Readonly<Record<string, unknown>>;
  /** A refusal of this system in its own words, and what a person reads of it. */
  readonly refusal: { readonly body: Record<string, unknown>; readonly words: string };
}

const systems: readonly AccountingSystem[] = [registry.conductor];
const recordingOf = (id: string): Recording =>
  JSON.parse(readFileSync(`test/relay/recordings/${id}.json`, 'utf8')) as Recording;

let server: Server | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});
const http = createHttp({
  allowLoopback: true,
  timeoutMaxMs: 1000,
  random: () => 0,
  delay: () => Promise.resolve(),
});

describe.each(systems.map((system) => [system.id, system] as const))('%s', (id, system) => {
  const recording = recordingOf(id);
  const { content, keys, expected, refusal } = recording;

  const open = async (answer: (seen: Seen) => Reply): Promise<AccountingCompany> => {
    server = await startServer(answer);
    return system.connect({ ...recording.settings, baseUrl: server.url }, http);
  };
  const played = (): Promise<AccountingCompany> => open((seen) => replay(recording, seen));
  const createWith = async (reply: Reply): Promise<CreateOutcome> => {
    const company = await open(() => reply);
    const outcome = await company.create(content, keys);
    expect(server?.seen.length).toBe(1);
    expect(JSON.stringify(outcome)).not.toMatch(/canary/);
    return outcome;
  };
  const refuse = (status: number, change: Record<string, unknown> = {}): Reply => ({
    status,
    body: { error: { ...refusal.body, httpStatusCode: status, ...change } },
  });

  it('tells who it is, its customers over all pages, and its items', async () => {
    const company = await played();
    expect((await company.identity()).name).toBe(expected.company);
    await company.checkHealth();
    expect(await company.customers()).toEqual(expected.customers);
    expect(await company.items()).toEqual(expected.items);
  });

  it('shows one customer, and null for one that is gone', async () => {
    const company = await played();
    expect(await company.customer(content.customerId)).toEqual(expected.customer);
    expect(await company.customer('gone')).toBeNull();
  });

  it('creates with one request that carries ref, key, marker, quantities and amounts', async () => {
    const company = await played();
    expect(await company.create(content, keys)).toEqual(expected.created);
    const posts = server?.seen.filter(({ method }) => method === 'POST') ?? [];
    expect(posts.length).toBe(1);
    const [exchange] = recording.exchanges.filter(({ request }) => request.method === 'POST');
    expect(JSON.parse(posts[0]?.body ?? '')).toEqual(exchange?.request.body);
    expect(posts[0]?.headers['conductor-timeout-seconds']).toBe('120');
  });

  it('finds by exact ref and by key or marker, and not what only begins alike', async () => {
    const company = await played();
    const found = await company.lookup(content, keys);
    expect(found).toEqual({ verdict: 'found', invoices: expected.found });
    const other = { ...keys, ref: 'MB2610-000', providerKey: keys.providerKey.replace(/.$/, '0'), marker: '[rly:ffffffffffff]' };
    expect(await company.lookup(content, other)).toEqual({ verdict: 'none' });
  }); // prettier-ignore

  it('reads back one document, and null for one that is gone', async () => {
    const company = await played();
    expect(await company.read('invoice', String(expected.invoiceId))).toEqual(expected.invoice);
    expect(await company.read('invoice', 'gone')).toBeNull();
    expect(await company.read('credit memo', 'gone')).toBeNull();
  });

  it('lists invoices and credit memos of a month over all pages', async () => {
    const company = await played();
    const list = await company.list({ from: '2026-10-01', to: '2026-10-31' });
    expect(list.map(({ id: one, document, voided }) => ({ id: one, document, voided }))).toEqual(expected.list);
  }); // prettier-ignore

  describe('the verdict on a create', () => {
    it.each([400, 401, 403, 404, 422])('is rejected for %i in its own words', async (status) => {
      const outcome = await createWith(refuse(status));
      expect(outcome).toMatchObject({ verdict: 'rejected' });
      expect(outcome).toMatchObject({ reason: refusal.words });
    });

    it('is not sent for its own 429', async () => {
      expect((await createWith(refuse(429))).verdict).toBe('not sent');
    });

    const unknown: readonly (readonly [string, Reply])[] = [
      ['400 of a proxy', { status: 400, body: '<html>Bad request</html>' }],
      ['403 without words', { status: 403, body: '' }],
      ['404 with other JSON', { status: 404, body: { error: 'Not found' } }],
      ['422 with an error that says 500', refuse(422, { httpStatusCode: 500 })],
      ['400 that blames the connection', refuse(400, { type: 'INTEGRATION_CONNECTION_ERROR' })],
      ['400 of a kind never met', refuse(400, { type: 'SOMETHING_NEW' })],
      ['429 of a proxy', { status: 429, body: 'slow down' }],
      ...[408, 409, 410, 500, 502, 503, 504].map((status) => [`${String(status)} in its own words`, refuse(status)] as const),
      ['200 and nothing', { body: '' }],
      ['200 and a log-in page', { body: '<!doctype html>' }],
      ['200 without an id', { body: { objectType: 'qbd_invoice' } }],
      ['200 with another object', { body: { id: 'x', objectType: 'qbd_customer' } }],
      ['200 with errors', { body: { errors: [] } }],
      ['200 cut short', { body: { id: 'x', objectType: 'qbd_invoice' }, cutAt: 12 }],
      ['200 and broken JSON', { body: '{"id":"x","objectType":"qbd_inv' }],
      ['204', { status: 204, body: '' }],
      ['302', { status: 302, headers: { location: '/elsewhere' }, body: '' }],
      ['a reset', { reset: true }],
      ['silence', { hang: true }],
    ]; // prettier-ignore
    it.each(unknown)('is unknown for %s', async (_what, reply) => {
      expect((await createWith(reply)).verdict).toBe('unknown');
    });

    it('is not sent when nobody listens', async () => {
      const gone = await startServer(() => ({}));
      await gone.close();
      const company = system.connect({ ...recording.settings, baseUrl: gone.url }, http);
      expect((await company.create(content, keys)).verdict).toBe('not sent');
    });
  });

  describe('a look-up that fails', () => {
    const failing: readonly (readonly [string, Reply])[] = [
      ['401', refuse(401)],
      ['404', refuse(404)],
      ['502 of QuickBooks', refuse(502, { type: 'INTEGRATION_ERROR', integrationCode: '500' })],
      ['500', { status: 500, body: '' }],
      ['429', { status: 429, body: '' }],
      ['a log-in page', { body: '<!doctype html>' }],
      ['an empty body', { body: '' }],
      ['an empty object', { body: {} }],
      ['a list without its end', { body: { data: [] } }],
      ['a redirect', { status: 302, headers: { location: '/x' }, body: '' }],
      ['a reset', { reset: true }],
    ];
    it.each(failing)('is never "none": %s', async (_what, reply) => {
      const company = await open(() => reply);
      const outcome = await company.lookup(content, keys);
      expect(outcome.verdict).toBe('failed');
      expect(JSON.stringify(outcome)).not.toMatch(/canary/);
    });

    it('is failed when only its second question fails', async () => {
      const company = await open((seen) =>
        seen.query.customerIds === undefined ? replay(recording, seen) : { status: 500, body: '' },
      );
      const other = { ...keys, ref: 'MB2610-0777' };
      expect((await company.lookup(content, other)).verdict).toBe('failed');
    });

    it('does not take a page that comes twice for the whole list', async () => {
      const [first] = recording.exchanges.filter(
        ({ request }) => request.query?.refNumberStartsWith,
      );
      const page = first?.response.body as Record<string, unknown>;
      const again = { body: { ...page, hasMore: true, nextCursor: 'c', remainingCount: 3 } };
      const company = await open(() => again);
      expect((await company.lookup(content, keys)).verdict).toBe('failed');
    });
  });

  it('throws, in words without secrets, when a customer cannot be asked for', async () => {
    const wrong = refuse(404, { code: 'RESOURCE_MISSING', message: 'No such end_user: canary-end-user' });
    const company = await open(() => wrong);
    const error = await company.customer(content.customerId).catch((one: unknown) => one as AppError);
    expect(error).toMatchObject({ code: 'SOURCE_REFUSED' });
    expect((error as AppError).message).not.toMatch(/canary/);
  }); // prettier-ignore

  it('says that the books do not answer, in the words of the service', async () => {
    const company = await open(() => refuse(502, { type: 'INTEGRATION_CONNECTION_ERROR', userFacingMessage: 'Open QuickBooks.' }));
    await expect(company.checkHealth()).rejects.toMatchObject({ code: 'SOURCE_DOWN' });
    await expect(company.checkHealth()).rejects.toThrow('Open QuickBooks.');
  }); // prettier-ignore

  it('names a missing setting', () => {
    for (const name of Object.keys(recording.settings)) {
      const settings = { ...recording.settings, [name]: undefined };
      expect(() => system.parseSettings(settings)).toThrow(name);
    }
    expect(() => system.parseSettings({ ...recording.settings, baseUrl: 'https://evil.example' })).toThrow('baseUrl');
  }); // prettier-ignore
});

describe('the limits of QuickBooks Desktop', () => {
  const { settings, content, keys } = recordingOf('conductor');
  const company = registry.conductor.connect(settings, http);
  const [line] = content.lines;
  const withLine = (change: Record<string, unknown>): InvoiceContent =>
    ({ ...content, lines: [{ ...line, ...change }, ...content.lines.slice(1)] }) as InvoiceContent;

  it('keeps them for an ordinary invoice', () => {
    expect(company.checkLimits(content, keys)).toBeNull();
  });

  it.each([
    ['a ref of 12', content, { ...keys, ref: 'MB2610-00012' }, 'number'],
    ['a ref in small letters', content, { ...keys, ref: 'mb2610-0001' }, 'number'],
    ['a key that is no GUID', content, { ...keys, providerKey: 'abc' }, 'key'],
    ['no marker', content, { ...keys, marker: '' }, 'marker'],
    ['a price with 6 decimals', withLine({ unitPrice: '0.037512' }), keys, 'line 1, unit price'],
    ['an amount without cents', withLine({ amount: '130' }), keys, 'line'],
    ['a long item id', withLine({ itemId: 'x'.repeat(37) }), keys, 'line 1, item'],
    ['no item', withLine({ itemId: '' }), keys, 'line 1, item'],
    ['a long description', withLine({ description: 'x'.repeat(4096) }), keys, 'line 1, description'],
    ['a NUL', withLine({ description: 'a\u0000b' }), keys, 'line 1, description'],
    ['no customer', { ...content, customerId: '' }, keys, 'customer'],
    ['no line', { ...content, lines: [] }, keys, 'lines'],
    ['501 lines', { ...content, lines: Array.from({ length: 501 }, () => line) } as InvoiceContent, keys, 'lines'],
    ['another total', { ...content, total: '1.00' } as InvoiceContent, keys, 'total'],
  ])('refuses %s and names it', (_what, invoice, invoiceKeys, named) => {
    expect(company.checkLimits(invoice, invoiceKeys)).toContain(named);
  });
}); // prettier-ignore

function replay(recording: Recording, seen: Seen): Reply {
  const hit = recording.exchanges.find(
    ({ request }) =>
      request.method === seen.method &&
      request.path === seen.path &&
      Object.entries(request.query ?? {}).every(([name, value]) => seen.query[name] === value) &&
      (request.query?.cursor ?? null) === (seen.query.cursor ?? null),
  );
  if (hit) return hit.response;
  const error = { message: `No such object`, userFacingMessage: 'It is not there.', type: 'INVALID_REQUEST_ERROR', code: 'RESOURCE_MISSING', httpStatusCode: 404 };
  return { status: 404, body: { error } };
} // prettier-ignore
