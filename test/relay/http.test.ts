import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { generate } from 'selfsigned';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import {
  collectPages,
  createHttp,
  type HttpService,
  type ServiceOptions,
  type Page,
  type SendOutcome,
} from '../../src/relay/http.ts';
import { parseRetryAfter } from '../../src/relay/http/retry-after.ts';
import { startServer, type Reply, type Seen, type Server } from './replay-server.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const SECRET = 'canary-secret-7f31';
const NOW = Date.parse('2026-10-31T10:00:00Z');
const waits: number[] = [];
let server: Server | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
  waits.length = 0;
});

const http = (timeoutMaxMs = 1000): ReturnType<typeof createHttp> =>
  createHttp({
    allowLoopback: true,
    now: () => NOW,
    random: () => 0,
    timeoutMaxMs,
    delay: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });

const serviceAt = (
  baseUrl: string,
  timeoutMaxMs?: number,
  more: Partial<ServiceOptions> = {},
): HttpService =>
  http(timeoutMaxMs).service({
    title: 'Acme',
    baseUrl,
    headers: { authorization: `Bearer ${SECRET}` },
    ...more,
  });

async function serve(
  answer: (seen: Seen, nth: number) => Reply,
  timeoutMaxMs?: number,
  more: Partial<ServiceOptions> = {},
): Promise<HttpService> {
  server = await startServer(answer);
  return serviceAt(server.url, timeoutMaxMs, more);
}

const send = (service: HttpService): Promise<SendOutcome> =>
  service.sendOnce({ method: 'POST', path: '/invoices', body: { amount: '1.00' } });

describe('sending once', () => {
  it('hands back whatever was answered, whole', async () => {
    const service = await serve(() => ({ status: 418, headers: { 'x-a': 'b' }, body: { ok: 1 } }));
    const outcome = await send(service);
    expect(outcome).toMatchObject({ kind: 'answer', status: 418, text: '{"ok":1}' });
    expect(server?.seen[0]).toMatchObject({ method: 'POST', body: '{"amount":"1.00"}' });
    expect(server?.seen[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
  });

  it.each([302, 307, 308, 401, 408, 421, 429, 500, 502, 503])(
    'sends one request and no second one after %i',
    async (status) => {
      const headers = { location: '/elsewhere', 'retry-after': '0' };
      const service = await serve(() => ({ status, headers, body: '' }));
      expect(await send(service)).toMatchObject({ kind: 'answer', status });
      expect(server?.seen.length).toBe(1);
    },
  );

  const lost: readonly (readonly [string, Reply])[] = [
    ['the connection is reset after the request', { reset: true }],
    ['no answer comes', { hang: true }],
    ['the answer breaks off after its head', { body: { id: 'x'.repeat(200) }, cutAt: 0 }],
    ['the answer breaks off in its body', { body: { id: 'x'.repeat(200) }, cutAt: 90 }],
  ];
  it.each(lost)('is lost when %s', async (_what, reply) => {
    const service = await serve(() => reply);
    expect(await send(service)).toMatchObject({ kind: 'lost' });
    expect(server?.seen.length).toBe(1);
  });

  it('is lost when the answer is larger than anybody sends', async () => {
    const service = await serve(() => ({ body: 'x'.repeat(33 * 1024 * 1024) }), 60_000);
    const outcome = await send(service);
    expect(outcome).toMatchObject({ kind: 'lost' });
    expect(outcome.kind === 'lost' && outcome.reason).toMatch(/larger than 32 MB/);
  }, 60_000);

  it('is not sent when nobody listens', async () => {
    const gone = await startServer(() => ({}));
    await gone.close();
    expect(await send(serviceAt(gone.url))).toEqual({ kind: 'not sent', reason: 'ECONNREFUSED' });
  });

  it('is not sent when the name is unknown', async () => {
    const outcome = await send(serviceAt('https://nobody.invalid'));
    expect(outcome.kind).toBe('not sent');
  });

  it('is not sent when the other side does not speak TLS', async () => {
    const plain = await startServer(() => ({}));
    const outcome = await send(serviceAt(plain.url.replace('http:', 'https:')));
    await plain.close();
    expect(outcome.kind).toBe('not sent');
    expect(plain.seen).toEqual([]);
  });

  it('is not sent, not a byte of it, when the certificate is not trusted', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    let requests = 0;
    const tls = createTlsServer({ key, cert }, (_request, response) => {
      requests += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const { port } = tls.address() as AddressInfo;
    const outcome = await send(serviceAt(`https://127.0.0.1:${String(port)}`));
    await new Promise((resolve) => tls.close(resolve));
    expect(outcome.kind).toBe('not sent');
    expect(requests).toBe(0);
  });

  it('is not sent when the handshake never ends', async () => {
    const sockets: { destroy(): void }[] = [];
    let bytes = '';
    const silent = createTcpServer((socket) => {
      sockets.push(socket);
      socket.on('data', (chunk) => (bytes += chunk.toString('latin1')));
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const outcome = await send(serviceAt(`https://127.0.0.1:${String(port)}`));
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    expect(outcome.kind).toBe('not sent');
    expect(bytes).not.toContain('amount');
  });

  it('is not sent when a credential cannot be a header, and does not repeat it', async () => {
    const broken = http().service({
      title: 'Acme',
      baseUrl: 'http://127.0.0.1:9',
      headers: { authorization: `Bearer ${SECRET}\nx` },
    });
    const outcome = await send(broken);
    expect(outcome.kind).toBe('not sent');
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
    await expect(broken.get('/x', z.unknown())).rejects.toMatchObject({ code: 'SETUP_MISSING' });
    await expect(broken.get('/x', z.unknown())).rejects.not.toThrow(SECRET);
  });
});

describe('reading', () => {
  it('repeats after 5xx and 429, three tries in all', async () => {
    const service = await serve((_seen, nth) =>
      nth < 3 ? { status: nth === 1 ? 503 : 429, body: '' } : { body: [1] },
    );
    expect(await service.get('/list', z.array(z.number()))).toEqual([1]);
    expect(waits).toEqual([500, 1000]);
  });

  it.each([
    ['nothing', undefined, [500, 1000]],
    ['"never"', 'never', [500, 1000]],
    ['a date in the past', 'Fri, 30 Oct 2026 10:00:00 GMT', [500, 1000]],
    ['a negative number', '-5', [500, 1000]],
    ['a date ahead', 'Sat, 31 Oct 2026 10:00:20 GMT', [20_000, 20_000]],
    ['a minute', '60', [60_000, 60_000]],
    ['zero', '0', [0, 0]],
    ['an hour', '3600', []],
    ['1e9 seconds', '1000000000', []],
  ] as const)('with Retry-After %s it waits what makes sense', async (_what, header, expected) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    const service = await serve(() => ({ status: 429, headers, body: '' }));
    await expect(service.get('/list', z.unknown())).rejects.toMatchObject({ code: 'SOURCE_BUSY' });
    expect(waits).toEqual(expected);
    expect(server?.seen.length).toBe(expected.length + 1);
  });

  it.each([
    ['nothing', undefined, 60_000],
    ['less', '5', 60_000],
    ['a minute', '60', 60_000],
  ])('a service that wants a minute after a 429 gets it where it says %s', async (_what, header, wait) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    const service = await serve((_seen, nth) => (nth === 1 ? { status: 429, headers, body: '' } : { body: [1] }), undefined, { quietSecondsMin: 60 });
    await service.get('/list', z.unknown());
    expect(waits).toEqual([wait]);
  }); // prettier-ignore

  it('a service that wants a minute after a 429 is asked again soon after a 503', async () => {
    const service = await serve((_seen, nth) => (nth === 1 ? { status: 503, body: '' } : { body: [1] }), undefined, { quietSecondsMin: 60 });
    await service.get('/list', z.unknown());
    expect(waits).toEqual([500]);
  }); // prettier-ignore

  it('sends lists as repeated names and leaves null out', async () => {
    const service = await serve(() => ({ body: {} }));
    await service.get('/list', z.unknown(), {
      query: { ids: ['a', 'b&c'], cursor: null, all: true },
    });
    expect(server?.seen[0]?.query).toEqual({ ids: 'b&c', all: 'true' });
  });

  it('names the field of a changed answer and not its value', async () => {
    const service = await serve(() => ({ body: { rows: [{ name: SECRET, count: 'many' }] } }));
    const schema = z.object({ rows: z.array(z.object({ count: z.number() })) });
    const error = await service.get('/list', schema).catch((one: unknown) => one as AppError);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toContain('rows.0.count');
    expect((error as AppError).message).not.toContain(SECRET);
  });

  it('takes our credentials out of the words of a service that repeats them', async () => {
    server = await startServer(() => ({ status: 403, body: { words: `key ${SECRET} is bad` } }));
    const service = http().service({
      title: 'Acme',
      baseUrl: server.url,
      headers: { 'x-api-key': SECRET },
      explain: (answer) => (JSON.parse(answer.text) as { words: string }).words,
    });
    await expect(service.get('/list', z.unknown())).rejects.toThrow('key [hidden] is bad');
  });

  it('refuses an answer that is larger than anybody sends', async () => {
    const service = await serve(() => ({ body: 'x'.repeat(33 * 1024 * 1024) }), 60_000);
    await expect(service.get('/list', z.unknown())).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
    });
  }, 60_000);
});

describe('collecting pages', () => {
  const collect = (page: (cursor: string | null) => Page<number>): Promise<readonly number[]> =>
    collectPages('Acme', (cursor) => Promise.resolve(page(cursor)));

  it('follows cursors to the end', async () => {
    const rows = await collect((cursor) => ({
      rows: [Number(cursor ?? 0)],
      next: cursor === '4' ? null : String(Number(cursor ?? 0) + 1),
    }));
    expect(rows).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes a cursor that stays when the position moves', async () => {
    let left = 3;
    const rows = await collect(() => {
      left -= 1;
      return { rows: [left], next: left > 0 ? 'same' : null, position: `same ${String(left)}` };
    });
    expect(rows).toEqual([2, 1, 0]);
  });

  it.each([
    ['a cursor comes back', (): Page<number> => ({ rows: [Math.random()], next: 'a' })],
    ['a page comes back under another cursor', (cursor: string | null): Page<number> => ({ rows: [1, 2], next: `${cursor ?? ''}x` })],
    ['pages never end', (cursor: string | null): Page<number> => ({ rows: [], next: String(Number(cursor) + 1) })],
    ['rows are missing', (): Page<number> => ({ rows: [1, 2], next: null, total: 3 })],
  ])('is malformed when %s', async (_what, page) => {
    await expect(collect(page)).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  }); // prettier-ignore
});

it('reads Retry-After as seconds or a date ahead', () => {
  expect(parseRetryAfter('12', NOW)).toBe(12_000);
  expect(parseRetryAfter('Sat, 31 Oct 2026 10:01:00 GMT', NOW)).toBe(60_000);
  for (const nonsense of ['', 'never', '-1', '1.5', '0x10', 'Fri, 31 Oct 2025 10:00:00 GMT']) {
    expect(parseRetryAfter(nonsense, NOW)).toBeNull();
  }
});
