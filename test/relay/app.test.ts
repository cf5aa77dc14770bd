import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:tls';
import { join } from 'node:path';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { FIELD_WORDS } from '../../src/relay/openapi-words.ts';
import { READ_LIMIT } from '../../src/relay/app.ts';
import { checkEffects, createEffectLimit } from '../../src/relay/effect-limit.ts';
import { routes } from '../../src/contract/contract.ts';
import { listenersOf, onLinux } from './listeners.ts';
import { plainConfig, startTestRelay, type AskOptions, type TestRelay } from './fixture.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.remove());

const PAIR = { method: 'POST', path: '/api/pair' };
const WRONG = { code: 'AAAAAAAAAA' };

describe('what never reaches a handler', () => {
  const refusals: [string, AskOptions, number, RegExp][] = [
    ['a foreign host', { path: '/health', headers: { host: 'evil.example' } }, 403, /own name/],
    [
      'a host that only begins like ours',
      { path: '/health', headers: { host: 'localhost.evil.example' } },
      403,
      /own name/,
    ],
    [
      'a rebinding name',
      { path: '/health', headers: { host: '127.0.0.1.nip.io' } },
      403,
      /own name/,
    ],
    [
      'our name on another port',
      { path: '/health', headers: { host: 'localhost:1' } },
      403,
      /own name/,
    ],
    [
      'a foreign origin',
      { path: '/api/session', headers: { origin: 'https://evil.example' } },
      403,
      /foreign page/,
    ],
    [
      'the origin "null"',
      { path: '/api/session', headers: { origin: 'null' } },
      403,
      /foreign page/,
    ],
    [
      'a cross-site fetch',
      { path: '/api/session', headers: { 'sec-fetch-site': 'cross-site' } },
      403,
      /foreign page/,
    ],
    ['a missing own header', { path: '/api/session', headers: { 'x-mcc': null } }, 403, /X-MCC/],
    ['a missing token', { path: '/api/session' }, 403, /not paired/],
    [
      'a made-up token',
      { path: '/api/session', headers: { authorization: `Bearer ${'a'.repeat(43)}` } },
      403,
      /not paired/,
    ],
    [
      'text instead of JSON',
      { ...PAIR, body: '{}', headers: { 'content-type': 'text/plain' } },
      415,
      /plain JSON/,
    ],
    [
      'a form',
      { ...PAIR, body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      /plain JSON/,
    ],
    [
      'a compressed body',
      { ...PAIR, body: '{}', headers: { 'content-encoding': 'gzip' } },
      415,
      /plain JSON/,
    ],
    ['no body at all', PAIR, 415, /plain JSON/],
    [
      'an empty body',
      { ...PAIR, body: '', headers: { 'content-type': 'application/json' } },
      400,
      /JSON/,
    ],
    ['what is not JSON', { ...PAIR, body: '{"code":' }, 400, /not JSON/],
    ['a list for an object', { ...PAIR, body: [] }, 400, /body/],
    [
      'a key that stands there twice',
      { ...PAIR, body: '{"code":"A","code":"B"}' },
      400,
      /"code" stands there twice/,
    ],
    [
      'a prototype',
      { ...PAIR, body: '{"code":"A","__proto__":{"a":1}}' },
      400,
      /"__proto__" is not allowed/,
    ],
    [
      'a constructor',
      { ...PAIR, body: '{"code":"A","constructor":1}' },
      400,
      /"constructor" is not allowed/,
    ],
    ['an unknown field', { ...PAIR, body: { code: 'A', role: 'admin' } }, 400, /role/],
    ['null for text', { ...PAIR, body: { code: null } }, 400, /body code/],
    ['half a character', { ...PAIR, body: '{"code":"\\ud800"}' }, 400, /half a character/],
    ['a NUL in text', { ...PAIR, body: '{"code":"a\\u0000b"}' }, 400, /body code/],
    [
      'a depth of ten thousand',
      { ...PAIR, body: `{"code":${'['.repeat(10_000)}${']'.repeat(10_000)}}` },
      400,
      /nested/,
    ],
    ['a number beyond all numbers', { ...PAIR, body: '{"code":1e400}' }, 400, /too large/],
    ['a body over 1 MB', { ...PAIR, body: { code: 'x'.repeat(1024 * 1024) } }, 413, /1 MB/],
    [
      'a path that climbs',
      { path: '/api/periods/..%2f..%2fetc/snapshots/latest', headers: {} },
      403,
      /not paired/,
    ],
    ['an unknown address', { path: '/api/nothing' }, 404, /nothing at this address/],
  ];
  it.each(refusals)('%s', async (_name, asked, status, words) => {
    const answer = await relay.ask(asked);
    expect(answer.status).toBe(status);
    expect(answer.json.message).toMatch(words);
    expect(answer.json.remedy).not.toBe('');
    expect(answer.json.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.text).not.toMatch(/at .*\.ts|node_modules|\/work|stack/);
  });

  it.each(['DELETE', 'PATCH', 'PUT', 'GET', 'TRACE', 'PROPFIND'])(
    '%s where only POST is known',
    async (method) => {
      const body = method === 'PUT' || method === 'PATCH' ? {} : undefined;
      const answer = await relay.ask({ method, path: '/api/pair', body });
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('POST');
    },
  );

  it('two hosts, and bytes that are no HTTP', async () => {
    const { port } = relay;
    expect(
      await raw(port, `GET /health HTTP/1.1\r\nHost: localhost:${port}\r\nHost: evil\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 40[03]/);
    const broken = await raw(port, 'NONSENSE\r\n\r\n');
    expect(broken).toMatch(/^HTTP\/1.1 400/);
    expect(broken).toContain('INPUT_INVALID');
    expect(
      await raw(
        port,
        `GET /health HTTP/1.1\r\nHost: localhost:${port}\r\nX: ${'x'.repeat(64_000)}\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1.1 431/);
  });
});

describe('an address that no route is looked for', () => {
  it.each([
    ['is no UTF-8', '/api/batches/%ff', 400, /cannot be read/],
    ['breaks off after %', '/api/batches/%', 400, /cannot be read/],
    ['holds an id of 5,000 letters', `/api/batches/${'a'.repeat(5000)}`, 414, /too long/],
  ])('because it %s, is refused as any other', async (_what, path, status, words) => {
    const answer = await relay.ask({ path });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json).toMatchObject({
      status,
      code: 'INPUT_INVALID',
      type: 'urn:mcc:INPUT_INVALID',
    });
    expect(answer.status).toBe(status);
    expect(answer.json.message).toMatch(words);
    expect(answer.json.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(answer.text).not.toContain('batches');
  });
});

describe('headers', () => {
  it.each(['/health', '/openapi.json', '/api/session', '/nothing', '/api/batches/%ff'])(
    'of %s',
    async (path) => {
      const { headers } = await relay.ask({ path });
      expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers['content-type']).toMatch(/charset=utf-8$/);
      for (const absent of [
        'server',
        'x-powered-by',
        'x-frame-options',
        'access-control-allow-origin',
        'strict-transport-security',
      ]) {
        expect(headers[absent]).toBeUndefined();
      }
    },
  );
});

describe('the contract', () => {
  it('is described whole in /openapi.json', async () => {
    const { json } = await relay.ask({ path: '/openapi.json' });
    expect(json.openapi).toBe('3.1.0');
    const paths = json.paths as Record<string, Record<string, { operationId: string }>>;
    const described = Object.values(paths).flatMap((path) => Object.values(path));
    expect(described.map(({ operationId }) => operationId).sort()).toEqual(
      Object.keys(routes).sort(),
    );
  });

  it('describes the fields whose names do not say it, each of them a field', async () => {
    const { json } = await relay.ask({ path: '/openapi.json' });
    for (const [name, words] of Object.entries(FIELD_WORDS)) {
      const { path, method } = routes[name as keyof typeof routes];
      const operation = json.paths[path.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
      const { properties } = operation.requestBody.content['application/json'].schema;
      for (const [field, description] of Object.entries(words)) {
        expect([name, field, properties[field]?.description]).toEqual([name, field, description]);
      }
    }
    const { choice } = routes.decide.body.shape;
    for (const value of choice.options)
      expect(FIELD_WORDS.decide?.['choice']).toContain(`"${value}"`);
  });

  it('asks every route but two for a token', async () => {
    for (const [name, route] of Object.entries(routes)) {
      if (route.auth === 'none') continue;
      const path = route.path.replace(':period', '2026-10').replace(/:\w+/g, 'x');
      const bytes = { body: 'x', headers: { 'content-type': 'application/octet-stream' } };
      const body = route.method === 'GET' ? undefined : {};
      const sent = route.carries === 'bytes' ? bytes : { body };
      const answer = await relay.ask({ method: route.method, path, ...sent });
      expect([name, answer.status, answer.json.code]).toEqual([name, 403, 'NOT_ALLOWED']);
    }
    const open = Object.entries(routes).filter(([, route]) => route.auth === 'none');
    expect(open.map(([name]) => name)).toEqual(['health', 'pair']);
  });

  it('says of books that are files that they are', async () => {
    const lists = { customers: 'customers.csv', items: 'items.csv' };
    const settings = { format: 'csv', company: 'Larkspur IT', ...lists };
    const books = { adapter: 'file-export', settings };
    const own = await startTestRelay({ ...plainConfig(), books });
    const { json } = await own.asked({ path: '/api/session' });
    await own.remove();
    expect(json.books).toMatchObject({ id: 'books', kind: 'file' });
    expect((await relay.asked({ path: '/api/session' })).json.books).not.toHaveProperty('kind');
  });

  it('answers a session after pairing, under the name of who paired', async () => {
    const { json, status } = await relay.asked({ path: '/api/session' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ person: 'Dana Whitfield', profile: 'lab', twoPersons: false });
  });

  it('names the field that does not fit', async () => {
    const answer = await relay.asked({ path: '/api/periods/2026-13' });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toMatch(/^params period: /);
  });

  it('limits the reads of one token, and of nobody else', async () => {
    expect(READ_LIMIT).toEqual({ max: 50, windowMs: 1000 });
    const own = await startTestRelay(plainConfig(), { reads: { max: 5, windowMs: 600_000 } });
    const statuses = [];
    for (let read = 0; read < 7; read += 1)
      statuses.push((await own.asked({ path: '/api/sources' })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect((await own.asked({ path: '/api/session' })).json.code).toBe('LIMIT_REACHED');
    expect((await own.ask({ path: '/health' })).status).toBe(200);
    await own.remove();
  });

  it('limits approvals and posts by what they are about, not by how often', () => {
    let now = 0;
    const limit = createEffectLimit(10, () => now);
    const post = (batch: string, person = 'Dana') =>
      checkEffects(limit, 'post', {
        person,
        params: { batch },
        body: {},
      } as unknown as FastifyRequest);
    for (let index = 0; index < 10; index += 1) post(`b${index}`);
    for (let again = 0; again < 1000; again += 1) post('b3');
    expect(() => post('b10')).toThrow(/More than 10 approvals and posts/);
    post('b10', 'Kim');
    now = 60_001;
    post('b10');
  });
});

describe('pairing', () => {
  it('works once', async () => {
    const own = await startTestRelay();
    const body = { code: own.code.toLowerCase() };
    expect((await own.ask({ ...PAIR, body })).json.token).toMatch(/^[\w-]{43}$/);
    const again = await own.ask({ ...PAIR, body });
    expect(again.status).toBe(403);
    expect(again.json.message).toMatch(/no longer works/);
    await own.remove();
  });

  it('locks after five wrong codes, also for the right one', async () => {
    const own = await startTestRelay();
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await own.ask({ ...PAIR, body: WRONG })).status).toBe(403);
    }
    const right = await own.ask({ ...PAIR, body: { code: own.code } });
    expect(right.json.message).toMatch(/no longer works/);
    await own.remove();
  });

  it('ends with the life of its code', async () => {
    const own = await startTestRelay(plainConfig(), { codeLifeMs: 0 });
    expect((await own.ask({ ...PAIR, body: { code: own.code } })).status).toBe(403);
    await own.remove();
  });

  it('keeps only the hash of a token, which idles for thirty days at most', async () => {
    const own = await startTestRelay();
    const { json } = await own.ask({ ...PAIR, body: { code: own.code, person: 'Kim Ito' } });
    const authorization = `Bearer ${json.token as string}`;
    const [row] = await own.core.store.selectFrom('token').selectAll().execute();
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(json.token);
    const session = () => own.ask({ path: '/api/session', headers: { authorization } });
    const move = (advanceMinutes: number) =>
      own.ask({ method: 'POST', path: '/_test/clock', body: { advanceMinutes } });
    expect((await session()).json.person).toBe('Kim Ito');
    await move(29 * 24 * 60);
    expect((await session()).status).toBe(200);
    await move(29 * 24 * 60);
    expect((await session()).status).toBe(200);
    await move(31 * 24 * 60);
    expect((await session()).status).toBe(403);
    await own.remove();
  });

  it('survives a restart', async () => {
    const first = await startTestRelay();
    const { json } = await first.ask({ ...PAIR, body: { code: first.code } });
    await first.stop();
    const second = await startTestRelay(plainConfig(), { data: first.data });
    const headers = { authorization: `Bearer ${json.token as string}` };
    expect((await second.ask({ path: '/api/session', headers })).status).toBe(200);
    await second.remove();
  });
});

describe('listeners', () => {
  onLinux('stand on loopback only', () => {
    const own = listenersOf(process.pid).filter(({ port }) => port === relay.port);
    expect(own.length).toBeGreaterThanOrEqual(1);
    for (const { address } of own) expect(['127.0.0.1', '::1']).toContain(address);
  });
});

describe('secrets', () => {
  it('twelve canaries appear in no log, answer, database or other file', async () => {
    const canaries = Array.from({ length: 12 }, (_, index) => `canary-${index}-7f3a9c21e5`);
    const [key, user, ...rest] = canaries;
    const config = {
      ...plainConfig(),
      connections: [
        {
          id: 'ninjaone',
          adapter: 'ninjaone',
          settings: { baseUrl: 'http://127.0.0.1:9', clientId: rest[0], clientSecret: rest[1] },
        },
        {
          id: 'pax8',
          adapter: 'pax8',
          settings: { baseUrl: 'http://127.0.0.1:9', clientId: rest[2], clientSecret: rest[3] },
        },
        {
          id: 'huntress',
          adapter: 'huntress',
          settings: { baseUrl: 'http://127.0.0.1:9', apiKey: rest[4], apiSecret: rest[5] },
        },
        {
          id: 'ninja-2',
          adapter: 'ninjaone',
          settings: { baseUrl: 'http://127.0.0.1:9', clientId: rest[6], clientSecret: rest[7] },
        },
        {
          id: 'huntress-2',
          adapter: 'huntress',
          settings: { baseUrl: 'http://127.0.0.1:9', apiKey: rest[8], apiSecret: rest[9] },
        },
      ],
      books: {
        adapter: 'conductor',
        settings: { baseUrl: 'http://127.0.0.1:9', apiKey: key, endUserId: user },
      },
    };
    const own = await startTestRelay(config);
    const texts: string[] = [];
    const period = new Date().toISOString().slice(0, 7);
    for (const path of [
      '/health',
      '/openapi.json',
      '/api/session',
      '/api/sources',
      '/api/mappings',
      '/api/audit',
      `/api/periods/${period}`,
      '/api/nothing',
    ]) {
      texts.push((await own.asked({ path })).text);
    }
    const refresh = await own.asked({
      method: 'POST',
      path: `/api/periods/${period}/refresh`,
      body: {},
    });
    // Without the books nothing can be linked, and the person hears of them first.
    expect(refresh).toMatchObject({ status: 502, json: { code: 'SOURCE_DOWN' } });
    const { sources } = await own.core.counting.refresh({ period: parsePeriod(period) });
    expect(sources.map(({ state }) => state)).toEqual(sources.map(() => 'failed'));
    expect(sources.length).toBe(5);
    texts.push((await own.asked({ path: '/api/sources' })).text);
    texts.push(refresh.text);
    own.core.log.error({
      event: 'a mistake of ours',
      words: `token ${canaries.join(' ')}`,
      headers: { authorization: key },
    });
    await own.stop();
    const files = readdirSync(own.data, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['relay.log', 'relay.sqlite']),
    );
    texts.push(
      ...files.map(({ parentPath, name }) =>
        readFileSync(join(parentPath, name)).toString('latin1'),
      ),
    );
    for (const canary of canaries)
      expect(texts.filter((text) => text.includes(canary))).toEqual([]);
    await own.remove();
  }, 60_000);
});

function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () =>
      socket.write(bytes),
    );
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      socket.end();
    });
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', reject);
  });
}
