// A described service: what a description may say, and what becomes of answers that do not fit it.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { AppError } from '../../src/core/errors.ts';
import { createHttp } from '../../src/relay/http.ts';
import { genericHttp as source } from '../../src/relay/sources/registry.ts';
import { startServer, type Reply, type Server } from './replay-server.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- spoiled in every way on purpose
type Loose = Record<string, any>;

const sound = (): Loose => ({
  host: 'api.vendor.example',
  auth: { kind: 'header', name: 'X-Api-Key', apiKey: 'canary-key-123' },
  items: {
    path: '/v1/units',
    rows: '/data',
    client: { id: '/customer/id', name: '/customer/name' },
    counts: [{ sku: 'BACKUP', basis: 'bought', quantityAt: '/seats' }],
  },
});

const words = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? `${error.code} ${error.message}` : String(error);
  }
  return 'taken';
};

const spoiled = (spoil: (settings: Loose) => unknown): Loose => {
  const settings = structuredClone(sound());
  spoil(settings);
  return settings;
};

describe('a description', () => {
  it('is taken when it is sound, and says where credentials go', () => {
    expect(words(() => source.parseSettings(sound()))).toBe('taken');
    expect(source.destinations(sound())).toEqual(['api.vendor.example']);
    const oauth = { kind: 'oauth2', host: 'login.vendor.example', path: '/token', clientId: 'a', clientSecret: 'b' }; // prettier-ignore
    const both = ['api.vendor.example', 'login.vendor.example'];
    expect(source.destinations({ ...sound(), auth: oauth })).toEqual(both);
    const lab = { ...sound(), auth: oauth, baseUrl: 'http://127.0.0.1:9' };
    expect(source.destinations(lab)).toEqual([]);
  });

  // SEC7 and 3.5 G: in each place of a description that could name a destination.
  const HOSTS = [
    '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0', '[::1]', '::1', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '①②⑦.⓪.⓪.①',
    'localhost', 'localhost.', '169.254.169.254', '[fe80::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '10.0.0.1', '100.64.0.1', '192.168.1.5',
    'me@vendor.example', 'me:pw@vendor.example', 'vendor.example:22', 'vendor.example/path', 'vendor.example?x', 'vendor.example#x', 'vendor.example\\@10.0.0.1',
    'vendor.example.', '.vendor.example', 'vendor..example', 'vendor', 'Vendor.example', 'vendоr.example', 'xn--vendr-3ve.example', 'a.xn--p1ai', 'vendor.example\n', ' vendor.example',
    'https://vendor.example', 'file:///etc/passwd', 'gopher://vendor.example', 'metadata.google.internal', 'printer.local', 'nas.lan', 'api.localhost', 'intranet', '-a.example', 'a-.example', '', `${'a'.repeat(64)}.example`,
  ]; // prettier-ignore
  it.each(HOSTS)('names no such host: %j', (host) => {
    const tried = words(() => source.parseSettings({ ...sound(), host }));
    expect(tried).toMatch(/^SETUP_MISSING HTTP\/JSON service: host: /);
    const auth = { kind: 'oauth2', host, path: '/token', clientId: 'a', clientSecret: 'b' };
    expect(words(() => source.parseSettings({ ...sound(), auth }))).toMatch(/: auth\.host: /);
    expect(words(() => source.parseSettings({ ...sound(), baseUrl: `https://${host}` }))).toMatch(/: baseUrl: /); // prettier-ignore
  });

  it.each([
    '//evil.example/x', 'https://evil.example/x', 'v1/units', '', '/v1/../admin', '/v1/./x', '/..', '/v1/%2e%2e/admin', '/v1\\..\\x', '/v1?x=1', '/v1#x', '/v1/{secret}', '/v1/{', '/v1 x', '/v1\r\nhost: evil',
  ])('names no such path: %j', (path) => {
    expect(words(() => source.parseSettings(spoiled(({ items }) => (items.path = path))))).toMatch(/: items\.path: /);
    const auth = { kind: 'oauth2', path, clientId: 'a', clientSecret: 'b' };
    expect(words(() => source.parseSettings({ ...sound(), auth }))).toMatch(/: auth\.path: /);
  }); // prettier-ignore

  const paged = (paging: Loose) => (settings: Loose) => {
    settings['items'].paging = paging;
  };
  const counting = (count: Loose) => (settings: Loose) => {
    settings['items'].counts = [count];
  };
  const BAD: readonly (readonly [string, (settings: Loose) => unknown, RegExp])[] = [
    ['no host', (s) => delete s['host'], /host: is missing/],
    ['no auth', (s) => delete s['auth'], /auth: is missing/],
    ['no kind of auth', (s) => (s['auth'] = {}), /auth\.kind: must be none, header, basic/],
    ['another kind of auth', (s) => (s['auth'] = { kind: 'digest' }), /auth\.kind: must be none, header, basic/],
    ['a header without its key', (s) => delete s['auth'].apiKey, /auth\.apiKey: is missing/],
    ['a header the relay sets', (s) => (s['auth'].name = 'Host'), /auth\.name: is a header the relay sets/],
    ['a header that is two', (s) => (s['auth'].name = 'a\r\nb'), /auth\.name: is no name of a header/],
    ['a colon in a user', (s) => (s['auth'] = { kind: 'basic', user: 'a:b', password: 'c' }), /auth\.user: holds a colon/],
    ['a grant of its own', (s) => (s['auth'] = { kind: 'oauth2', path: '/t', clientId: 'a', clientSecret: 'b', fields: { grant_type: 'password' } }), /auth\.fields\.grant_type: .*/],
    ['a key of auth that is none', (s) => (s['auth'].colour = 'red'), /auth: Unrecognized key: "colour"/],
    ['a secret among the headers', (s) => (s['headers'] = { authorization: 'Bearer x' }), /headers\.authorization: .*/],
    ['a secret among the headers of a list', (s) => (s['items'].headers = { 'x-api-key': 'x' }), /items\.headers\.x-api-key: .*/],
    ['a secret in an address', (s) => (s['items'].query = { api_key: 'x' }), /items\.query\.api_key: .*/],
    ['a line end in a header', (s) => (s['headers'] = { 'x-a': 'b\r\nc' }), /headers\.x-a: holds a character/],
    ['a placeholder nobody knows', (s) => (s['items'].query = { q: '{password}' }), /items\.query\.q: knows \{clientId\}, \{from\} and \{to\} only/],
    ['a pointer that is none', (s) => (s['items'].rows = 'data'), /items\.rows: must be a JSON pointer/],
    ['a pointer with a wrong escape', (s) => (s['items'].total = '/a~2'), /items\.total: must be a JSON pointer/],
    ['no client', (s) => delete s['items'].client, /items\.client: is missing/],
    ['nothing to count', (s) => (s['items'].counts = []), /items\.counts: names nothing to count/],
    ['neither SKU nor its field', counting({}), /items\.counts\.0\.sku: name either sku or skuAt/],
    ['both SKU and its field', counting({ sku: 'A', skuAt: '/a' }), /items\.counts\.0\.sku: name either/],
    ['a basis that is none', counting({ sku: 'A', basis: 'sold' }), /items\.counts\.0\.basis: must be billable, assigned/],
    ['a quantity beside distinct', (s) => (s['items'].distinct = '/serial'), /items\.counts\.0\.quantityAt: goes not with distinct/],
    ['a filter of nothing', (s) => (s['items'].where = [{ at: '/a' }]), /items\.where\.0: name one of equals, in and notIn/],
    ['a filter of two things', (s) => (s['items'].where = [{ at: '/a', equals: 1, in: [1] }]), /items\.where\.0: name one of/],
    ['another kind of paging', paged({ kind: 'magic' }), /items\.paging\.kind: must be none, page, offset/],
    ['a page from 2', paged({ kind: 'page', parameter: 'page', first: 2 }), /items\.paging\.first: must be 0 or 1/],
    ['a size without its parameter', paged({ kind: 'offset', parameter: 'offset', size: 5 }), /items\.paging\.size: name size and sizeParameter/],
    ['a page in a body that is not there', paged({ kind: 'offset', parameter: 'offset', in: 'body' }), /items\.paging\.in: a list without question/],
    ['a cursor without its place', paged({ kind: 'cursor', parameter: 'cursor' }), /items\.paging\.next: is missing/],
    ['a parameter of two uses', (s) => { s['items'].query = { page: 1 }; paged({ kind: 'page', parameter: 'page', first: 1 })(s); }, /items\.paging\.parameter: stands under query too/],
    ['each client without a list of them', (s) => (s['items'].path = '/c/{clientId}'), /clients: is missing/],
    ['a list of clients for each client', (s) => (s['clients'] = { path: '/c/{clientId}', rows: '', client: { id: '/id', name: '/name' } }), /clients\.path: knows no/],
    ['a filter that may be overlooked', (s) => { s['clients'] = { path: '/c', rows: '', client: { id: '/id', name: '/name' } }; s['items'].query = { c: '{clientId}' }; delete s['items'].client; }, /items\.client: is missing: a filter may be overlooked/],
    ['an unknown key', (s) => (s['items'].script = 'rm'), /items: Unrecognized key: "script"/],
    ['a rate of nothing', (s) => (s['rate'] = { calls: 0, perSeconds: 1 }), /rate\.calls: /],
  ]; // prettier-ignore
  it.each(BAD)('is refused by its key: %s', (_name, spoil, says) => {
    const tried = words(() => source.parseSettings(spoiled(spoil)));
    expect(tried).toMatch(/^SETUP_MISSING HTTP\/JSON service: /);
    expect(tried).toMatch(says);
    expect(tried).not.toContain('canary');
  });
});

describe('an answer', () => {
  let server: Server | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });
  const http = createHttp({
    allowLoopback: true,
    timeoutMaxMs: 5000,
    delay: () => Promise.resolve(),
  });
  const count = async (reply: Reply, spoil: (settings: Loose) => unknown = () => undefined) => {
    server = await startServer(() => reply);
    const settings = { ...spoiled(spoil), baseUrl: server.url };
    return source.count(settings, parsePeriod('2026-10'), http);
  };
  const trouble = async (...asked: Parameters<typeof count>): Promise<string> =>
    count(...asked).then(
      () => 'counted',
      (error: unknown) => (error instanceof AppError ? `${error.code} ${error.message}` : String(error)), // prettier-ignore
    );

  const row = (more: object = {}): Loose => ({ customer: { id: 7, name: 'Harbor' }, seats: 5, ...more }); // prettier-ignore
  const rows = (...all: unknown[]): Reply => ({ body: { data: all } });

  it('is counted where it fits', async () => {
    const { counts, asOf } = await count(rows(row(), row({ seats: 7.0 }), row({ seats: 0 })));
    expect(counts).toEqual([
      { clientRef: '7', clientName: 'Harbor', sku: 'BACKUP', skuName: 'BACKUP', basis: 'bought', quantity: '12' },
    ]); // prettier-ignore
    expect(asOf).toBeNull();
    expect(server?.seen[0]?.headers).toMatchObject({ 'x-api-key': 'canary-key-123' });
  });

  const MALFORMED: readonly (readonly [string, Reply, RegExp])[] = [
    ['a row without its quantity', rows(row(), row({ seats: undefined })), /row 2 cannot be used: \/seats finds nothing/],
    ['null', rows(row({ seats: null })), /row 1 cannot be used: \/seats is not a count/],
    ['text', rows(row({ seats: '12' })), /row 1 cannot be used: \/seats is not a count/],
    ['true', rows(row({ seats: true })), /\/seats is not a count/],
    ['a list', rows(row({ seats: [] })), /\/seats is not a count/],
    ['negative', rows(row({ seats: -1 })), /\/seats is not a count/],
    ['half', rows(row({ seats: 1.5 })), /\/seats is not a whole number/],
    ['1e9', rows(row({ seats: 1e9 })), /\/seats is not a count/],
    ['1e21', rows(row({ seats: 1e21 })), /\/seats is not a count/],
    ['1e400', { body: '{"data":[{"customer":{"id":7,"name":"H"},"seats":1e400}]}' }, /\/seats is not a count/],
    ['a billion together', rows(...Array.from({ length: 11 }, () => row({ seats: 99_999_999 }))), /more than a billion/],
    ['a row without its client', rows(row({ customer: {} })), /row 1 cannot be used: \/customer\/id finds nothing/],
    ['an inherited field', rows(row({ customer: { name: 'x' }, id: 1 })), /\/customer\/id finds nothing/],
    ['a client of null', rows(row({ customer: { id: null, name: 'x' } })), /\/customer\/id is neither text nor an id/],
    ['a client of nothing', rows(row({ customer: { id: ' ', name: 'x' } })), /\/customer\/id is empty/],
    ['an id that lost its digits', { body: '{"data":[{"customer":{"id":9007199254740993,"name":"H"},"seats":1}]}' }, /\/customer\/id is neither text nor an id/],
    ['a name of a novel', rows(row({ customer: { id: 1, name: 'x'.repeat(300) } })), /longer than 255/],
    ['a row that is null', rows(null), /row 1 cannot be used: \/customer\/id finds nothing/],
    ['an object for the list', { body: { data: { 0: row() } } }, /\/data is not a list/],
    ['a list by another name', { body: { rows: [row()] } }, /units cannot be used: \/data finds nothing/],
    ['an empty list', rows(), /it lists no item at all/],
    ['errors instead of data', { body: { errors: [{ message: 'canary-body' }] } }, /\/data finds nothing/],
    ['204', { status: 204, body: '' }, /with 204/],
  ]; // prettier-ignore
  it.each(MALFORMED)('is never a number when it holds %s', async (_name, reply, says) => {
    const tried = await trouble(reply);
    expect(tried).toMatch(/^SOURCE_MALFORMED HTTP\/JSON service api\.vendor\.example/);
    expect(tried).toMatch(says);
    expect(tried).not.toContain('canary');
  });

  it('finds no member that it only inherits, and no length of a list', async () => {
    for (const at of ['/constructor', '/__proto__', '/toString', '/tags/length', '/tags/-1', '/tags/01', '/tags/2']) {
      const tried = await trouble(rows(row({ tags: [1, 2] })), ({ items }) => (items.counts[0].quantityAt = at));
      expect(tried).toContain(`row 1 cannot be used: ${at} finds nothing`);
      await server?.close();
    }
  }); // prettier-ignore

  it('is read by any pointer, escaped, indexed or whole', async () => {
    const odd = { 'a/b': { 'c~d': [{ '': 3 }] }, customer: { id: 'x' } };
    const { counts } = await count({ body: [odd] }, ({ items }) => {
      items.rows = '';
      items.client = { id: '/customer/id' };
      items.counts[0].quantityAt = '/a~1b/c~0d/0/';
    });
    expect(counts).toMatchObject([{ clientRef: 'x', clientName: 'x', quantity: '3' }]);
  });

  it('may give numbers as text where that was said, hours in parts where they are billable', async () => {
    const asText = ({ items }: Loose) => (items.counts[0].quantityAs = 'text');
    expect((await count(rows(row({ seats: '12.0000' })), asText)).counts).toMatchObject([{ quantity: '12' }]); // prettier-ignore
    await server?.close();
    for (const seats of ['1,000', '1e3', '0x10', ' 5', '+5', '-5', 'NaN', '', 5]) {
      expect(await trouble(rows(row({ seats })), asText)).toMatch(
        /SOURCE_MALFORMED .*\/seats is not/,
      );
      await server?.close();
    }
    const hours = ({ items }: Loose) => (items.counts[0].basis = 'billable');
    expect((await count(rows(row({ seats: 0.1 }), row({ seats: 0.2 })), hours)).counts).toMatchObject([{ quantity: '0.3' }]); // prettier-ignore
  });

  it('keeps clients whose rows are filtered out, at zero, and asks every filter', async () => {
    const all = rows(
      row({ state: 'on', gone: null }),
      row({ state: 'off', gone: null, customer: { id: 8, name: 'Birch' } }),
      row({ state: 'on', gone: '2026-01-01', customer: { id: 9, name: 'Cove' } }),
      row({ state: 'on' }),
    );
    const where = [
      { at: '/state', in: ['on'] },
      { at: '/gone', equals: null, optional: true },
    ];
    const { counts } = await count(all, ({ items }) => (items.where = where));
    expect(counts.map((one) => `${one.clientName} ${one.quantity}`)).toEqual(['Harbor 10', 'Birch 0', 'Cove 0']); // prettier-ignore
    await server?.close();
    const strict = where.map((filter) => ({ ...filter, optional: false }));
    const tried = await trouble(all, ({ items }) => (items.where = strict));
    expect(tried).toMatch(/row 4 cannot be used: \/gone finds nothing/);
  });

  it('counts rows, once for each value that is distinct', async () => {
    const serials = ['a', 'b', 'a', 'c'].map((serial) => row({ serial }));
    const { counts } = await count(rows(...serials), ({ items }) => {
      items.distinct = '/serial';
      items.ids = '/serial';
      items.counts = [{ sku: 'UNIT' }];
    });
    expect(counts).toMatchObject([{ quantity: '3', basis: 'active' }]);
    expect(counts[0]?.ids?.length).toBe(3);
    expect(counts[0]?.ids?.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
  });

  it('takes the basis from a SKU or a field, and guesses none', async () => {
    const kinds = rows(row({ kind: 'sold', sku: 'A' }), row({ kind: 'used', sku: 'B', seats: 3 }));
    const byField = { skuAt: '/sku', quantityAt: '/seats', basis: { at: '/kind', values: { sold: 'bought', used: 'assigned' } } }; // prettier-ignore
    const { counts } = await count(kinds, ({ items }) => (items.counts = [byField]));
    expect(counts.map((one) => `${one.sku} ${one.basis} ${one.quantity}`)).toEqual(['A bought 5', 'B assigned 3']); // prettier-ignore
    await server?.close();
    const bySku = { ...byField, basis: { ofSku: { A: 'bought' }, otherwise: 'peak' } };
    const again = await count(kinds, ({ items }) => (items.counts = [bySku]));
    expect(again.counts.map((one) => one.basis)).toEqual(['bought', 'peak']);
    await server?.close();
    const tried = await trouble(rows(row({ kind: 'lent', sku: 'A' })), ({ items }) => (items.counts = [byField])); // prettier-ignore
    expect(tried).toMatch(/row 1 cannot be used: \/kind is "lent", which "values" does not name/);
  });

  it('gives every SKU that is known beforehand a row', async () => {
    const { counts } = await count(rows(row({ sku: 'A' })), (settings) => {
      settings['skus'] = { A: 'Product A', constructor: 'Product C' };
      settings['items'].counts = [{ skuAt: '/sku', quantityAt: '/seats' }];
    });
    expect(counts.map((one) => `${one.skuName} ${one.quantity}`)).toEqual(['Product A 5', 'Product C 0']); // prettier-ignore
  });

  it.each(['http://127.0.0.1:9/x', 'https://evil.example/v1/units?page=2', '//evil.example/x', 'file:///etc/passwd', 'https://[::ffff:127.0.0.1]/'])(
    'whose next page is at %s is not followed there',
    async (next) => {
      const body = { data: [row()], next };
      const link = ({ items }: Loose) => (items.paging = { kind: 'link', next: '/next' });
      expect(await trouble({ body }, link)).toMatch(/next page is said to be at another address/);
      expect(server?.seen.length).toBe(1);
      await server?.close();
      const header = { body, headers: { link: `<${next}>; rel="next"` } };
      const byHeader = ({ items }: Loose) => (items.paging = { kind: 'link-header' });
      expect(await trouble(header, byHeader)).toMatch(/next page is said to be at another address/);
    },
  ); // prettier-ignore

  it('that drops the key of its cursor is malformed unless that was said to be the end', async () => {
    const cursor = (endsBy?: string) => ({ items }: Loose) => (items.paging = { kind: 'cursor', parameter: 'c', next: '/next', ...(endsBy ? { endsBy } : {}) });
    expect(await trouble(rows(row()), cursor())).toMatch(/SOURCE_MALFORMED .*\/next finds nothing/);
    await server?.close();
    expect(await trouble(rows(row()), cursor('absent'))).toBe('counted');
  }); // prettier-ignore

  it('with a client called ".." is no other path', async () => {
    const clients = { path: '/c', rows: '', client: { id: '/id', name: '/name' } };
    const tried = await trouble({ body: [{ id: '..', name: 'Harbor' }] }, (settings) => {
      settings['clients'] = clients;
      settings['items'].path = '/c/{clientId}/units';
    });
    expect(tried).toMatch(/SOURCE_MALFORMED .*"\.\." is no \{clientId\}/);
  });

  it('with one client twice is malformed: which name is meant nobody knows', async () => {
    const twice = [
      { id: 1, name: 'Harbor' },
      { id: 1, name: 'Harbour' },
    ];
    const tried = await trouble({ body: twice }, (settings) => {
      settings['clients'] = { path: '/c', rows: '', client: { id: '/id', name: '/name' } };
    });
    expect(tried).toMatch(/row 2 cannot be used: \/id is the id of two clients/);
  });
});
