// SEC7: every address of posting-safety 3.5 G, in every place an address can stand, and names that
// point elsewhere between two look-ups. The names come from a look-up of our own (a fake DNS); what
// a connection reached is counted by the server it would have reached.
import { createServer, type AddressInfo, type LookupFunction } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import { createServer as createHttpServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { AppError } from '../../src/core/errors.ts';
import { createHttp, type HttpService } from '../../src/relay/http.ts';
import { startServer } from './replay-server.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const SECRET = 'canary-destination-7f31';

/** Literal addresses of every kind that is not public, as a person or an answer may write them. */
const LITERALS = [
  '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '①②⑦.⓪.⓪.①',
  '169.254.169.254', '[fe80::1]', '[fc00::1]', '[fd12:3456::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]', '[2001:db8::1]', '[ff02::1]', '10.0.0.1',
  '10.255.255.255', '100.64.0.1', '172.16.0.1', '172.31.255.254', '192.168.0.1', '192.0.2.1', '198.18.0.1', '224.0.0.1', '255.255.255.255',
]; // prettier-ignore

/** What a name may resolve to: none of these is asked, whatever the name says. */
const RESOLVED = [
  ['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['::ffff:a9fe:a9fe'], ['169.254.169.254'], ['fe80::1'], ['fe80::1%eth0'], ['64:ff9b::7f00:1'], ['2002:7f00:1::'],
  ['10.1.2.3'], ['100.64.0.1'], ['172.20.0.1'], ['192.168.1.5'], ['0.0.0.0'], ['::'], ['fd00::1'], ['9.9.9.9', '127.0.0.1'], ['2620:fe::fe', '::1'], [],
]; // prettier-ignore

const family = (address: string): number => (address.includes(':') ? 6 : 4);

/** A DNS that answers as the test says, one answer after the other. */
const dnsOf = (...answers: readonly (readonly string[])[]): LookupFunction => {
  let asked = 0;
  return (_name, _options, done) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    done(null, addresses.map((address) => ({ address, family: family(address) }))); // prettier-ignore
  };
};

let port = 0;
let connections = 0;
const server = createServer((socket) => {
  connections += 1;
  socket.destroy();
});

beforeEach(async () => {
  connections = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const open = (baseUrl: string, lookup?: LookupFunction, allowLoopback = false): HttpService =>
  createHttp({
    allowLoopback,
    timeoutMaxMs: 2000,
    delay: () => Promise.resolve(),
    ...(lookup ? { lookup } : {}),
  }).service({ title: 'Acme', baseUrl, headers: { authorization: `Bearer ${SECRET}` } });

const failure = async (work: () => unknown): Promise<AppError> => {
  try {
    await work();
  } catch (error) {
    return error as AppError;
  }
  throw new Error('it was asked');
};

const read = (service: HttpService): Promise<unknown> => service.get('/list', z.unknown());

describe('a literal address that is not public', () => {
  it.each(LITERALS)('https://%s is never asked', async (literal) => {
    const error = await failure(() => read(open(`https://${literal}:${String(port)}`)));
    expect(error.code).toBe('SETUP_MISSING');
    expect(error.message).toContain('Acme');
    expect(error.message).not.toContain(SECRET);
    expect(connections).toBe(0);
  });

  it.each([
    'http://api.acme.example', 'http://127.0.0.1:1', 'file:///etc/passwd', 'gopher://acme.example', 'https://me:pw@acme.example',
    'https://acme.example@127.0.0.1', 'https://acme.example?x=1', 'https://acme.example#x', 'acme.example', 'https://',
  ])('%s is no base address', async (baseUrl) => {
    expect((await failure(() => open(baseUrl))).code).toBe('SETUP_MISSING');
  }); // prettier-ignore

  it('in the sample and lab profiles is this machine or none', async () => {
    for (const literal of LITERALS.filter((one) => !/127|::1|2130|7f|①|0177/.test(one))) {
      const error = await failure(() => open(`https://${literal}`, undefined, true));
      expect(`${literal} ${error.code}`).toBe(`${literal} SETUP_MISSING`);
    }
  });
});

describe('a name', () => {
  it.each(RESOLVED.map((one) => [one.join(' and ') || 'nothing', one] as const))(
    'that resolves to %s is never asked',
    async (_words, addresses) => {
      const service = open(`https://api.acme.example:${String(port)}`, dnsOf(addresses));
      const error = await failure(() => read(service));
      expect(error.code).toBe('SETUP_MISSING');
      expect(error.message).toMatch(/Acme: api\.acme\.example is at a private, local or reserved/);
      const created = await service.sendOnce({ method: 'POST', path: '/invoices', body: {} });
      expect(created).toMatchObject({ kind: 'not sent' });
      const signedIn = await failure(() => service.post('/token', z.unknown(), { form: {} }));
      expect(signedIn.code).toBe('SETUP_MISSING');
      expect(connections).toBe(0);
    },
  );

  it.each(['localhost', 'localhost.'])('%s, as this machine resolves it, is never asked', async (name) => {
    const error = await failure(() => read(open(`https://${name}:${String(port)}`)));
    // A machine may not know the name with its dot; then nobody is there to be asked.
    expect(['SETUP_MISSING', 'SOURCE_DOWN']).toContain(error.code);
    expect(connections).toBe(0);
  }); // prettier-ignore

  it('is judged again at each connection: rebinding finds no gap', async () => {
    const seen = await startServer(() => ({ body: [] }));
    const there = new URL(seen.url);
    const lookup = dnsOf(['127.0.0.1'], ['10.0.0.1'], ['127.0.0.1']);
    // In the lab loopback is public enough, so the first connection may stand and the second not.
    const service = open(`http://localhost:${there.port}`, lookup, true);
    await read(service);
    const second = open(`http://localhost:${there.port}`, dnsOf(['10.0.0.1']), true);
    expect((await failure(() => read(second))).code).toBe('SETUP_MISSING');
    // A create has a connection of its own, so it asks again and meets the second answer.
    const created = await service.sendOnce({ method: 'POST', path: '/invoices', body: {} });
    expect(created.kind).toBe('not sent');
    expect(seen.seen.length).toBe(1);
    await seen.close();
  });

  it('unknown to the DNS is down and not refused', async () => {
    const lookup: LookupFunction = (_name, _options, done) => {
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    };
    const error = await failure(() => read(open('https://api.acme.example', lookup)));
    expect(error.code).toBe('SOURCE_DOWN');
    expect(error.message).toContain('ENOTFOUND');
  });
});

describe('an answer', () => {
  it.each([301, 302, 303, 307, 308])('that sends us elsewhere by %i is not followed', async (status) => {
    const location = `http://127.0.0.1:${String(port)}/`;
    const seen = await startServer(() => ({ status, headers: { location }, body: '' }));
    const error = await failure(() => read(open(seen.url, undefined, true)));
    expect(error.code).toBe('SOURCE_MALFORMED');
    expect(connections).toBe(0);
    await seen.close();
  }); // prettier-ignore

  const packed = async (encoding: string, body: Buffer): Promise<string | AppError> => {
    const http = createHttpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding, 'content-length': body.length });
      response.end(body);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
    const answer = await read(open(url, undefined, true)).catch((error: unknown) => error);
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    return answer as string | AppError;
  };

  it('is unpacked', async () => {
    expect(await packed('gzip', gzipSync('["Grüße"]'))).toEqual(['Grüße']);
  });

  it('that unfolds to more than anybody sends is refused while it unfolds', async () => {
    const gzip = createGzip();
    const chunks: Buffer[] = [];
    gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
    for (let mb = 0; mb < 64; mb += 1) gzip.write(Buffer.alloc(1024 * 1024, 32));
    await new Promise<void>((resolve) => gzip.end(resolve));
    const error = (await packed('gzip', Buffer.concat(chunks))) as AppError;
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toContain('larger than 32 MB');
  });

  it('whose packing is cut short or unknown is no shorter list', async () => {
    const whole = gzipSync(JSON.stringify(Array.from({ length: 1000 }, (_, index) => index)));
    const cut = (await packed('gzip', whole.subarray(0, whole.length - 20))) as AppError;
    expect(cut).toMatchObject({ code: 'SOURCE_DOWN' });
    expect(await packed('br', whole)).toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
});
