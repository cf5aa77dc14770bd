// Our own bucket under the vendor's limit: a service that counts strictly never has to say 429.
import { afterEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createHttp, type Http, type ServiceOptions } from '../../src/relay/http.ts';
import { startServer, type Server } from './replay-server.ts';

let nowMs = 0;
const waits: number[] = [];
let server: Server | null = null;
/** When each request arrived, by the simulated clock. */
let arrivals: { atMs: number; who: string }[] = [];

afterEach(async () => {
  await server?.close();
  server = null;
  nowMs = 0;
  waits.length = 0;
  arrivals = [];
});

const LATENCY_MS = 150;

/** Counts as the vendors do: so many requests in any window of that length. */
async function startStrict(calls: number, perSeconds: number): Promise<Server> {
  server = await startServer(({ headers }) => {
    nowMs += LATENCY_MS;
    const who = String(headers.authorization ?? 'token');
    const window = arrivals.filter(
      (one) => one.who === who && nowMs - one.atMs < perSeconds * 1000,
    );
    if (window.length >= calls) return { status: 429, body: '' };
    arrivals.push({ atMs: nowMs, who });
    return { body: { access_token: 'x' } };
  });
  return server;
}

const makeHttp = (): Http =>
  createHttp({
    allowLoopback: true,
    now: () => nowMs,
    random: () => 0,
    delay: (ms) => {
      waits.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  });

const RATE = { calls: 10, perSeconds: 60 };
const optionsAt = (baseUrl: string, who: string): ServiceOptions => ({
  title: 'Acme', baseUrl, headers: { authorization: who }, rate: RATE,
}); // prettier-ignore

it('asks sixty times under a limit of ten a minute and never meets it', async () => {
  const { url, seen } = await startStrict(RATE.calls, RATE.perSeconds);
  const api = makeHttp().service(optionsAt(url, 'a'));
  for (let page = 0; page < 60; page += 1) await api.get('/list', z.unknown());
  expect(seen).toHaveLength(60);
  expect(arrivals).toHaveLength(60);
  // No slower than it must be: five whole minutes of waiting and the requests themselves.
  expect(nowMs).toBeLessThan(6 * (60_000 + 11 * LATENCY_MS));
});

it('is one bucket for all who ask with the same credentials, at once too', async () => {
  const { url, seen } = await startStrict(RATE.calls, RATE.perSeconds);
  const http = makeHttp();
  const asked = Array.from({ length: 35 }, () =>
    http.service(optionsAt(url, 'a')).get('/list', z.unknown()),
  );
  await Promise.all(asked);
  expect(arrivals).toHaveLength(35);
  expect(seen).toHaveLength(35);
});

it('is another bucket for other credentials: nobody waits for them', async () => {
  const { url } = await startStrict(RATE.calls, RATE.perSeconds);
  const http = makeHttp();
  for (const who of ['a', 'b', 'c']) {
    const api = http.service(optionsAt(url, who));
    for (let page = 0; page < RATE.calls; page += 1) await api.get('/list', z.unknown());
  }
  expect(waits).toEqual([]);
});

it('counts signing in, and those whom signing in hides by the name they give', async () => {
  server = await startServer(() => ({ body: { access_token: 'x' } }));
  const { url } = server;
  const http = makeHttp();
  const Token = z.object({ access_token: z.string() });
  const signing = (holder?: string): ServiceOptions => ({
    title: 'Acme',
    baseUrl: url,
    rate: { ...RATE, ...(holder === undefined ? {} : { holder }) },
    async signIn(anonymous) {
      await anonymous.post('/token', Token, { body: {} });
      return {};
    },
  });
  const ask = async (service: ServiceOptions, times: number): Promise<void> => {
    const api = http.service(service);
    for (let page = 0; page < times; page += 1) await api.get('/list', z.unknown());
  };
  await ask(signing(), RATE.calls - 1);
  expect(waits).toEqual([]);
  await ask(signing(), 1);
  expect(waits).toHaveLength(1);
  waits.length = 0;
  await ask(signing('client-b'), RATE.calls - 1);
  expect(waits).toEqual([]);
});

it('a request that failed has been seen too: its token comes back as late', async () => {
  server = await startServer(() => ({ reset: true }));
  const api = makeHttp().service({
    ...optionsAt(server.url, 'a'),
    rate: { calls: 1, perSeconds: 60 },
  });
  await expect(api.get('/list', z.unknown())).rejects.toMatchObject({ code: 'SOURCE_DOWN' });
  // Two pauses of our own after trouble, and two waits for the one token.
  expect(waits).toEqual([500, 59_500, 1000, 59_000]);
});

it('a place that was kept is used by the next send, or given back', async () => {
  server = await startServer(() => ({ body: {} }));
  const options = { ...optionsAt(server.url, 'a'), rate: { calls: 2, perSeconds: 60 } };
  const api = makeHttp().service(options);
  const send = { method: 'POST', path: '/invoices', body: {} } as const;
  const giveBack = await api.reserve();
  await api.get('/list', z.unknown());
  expect(await api.sendOnce(send)).toMatchObject({ kind: 'answer' });
  expect(waits).toEqual([]);
  giveBack();
  // Both places were used: the next is waited for here, and the send leaves at once.
  const unused = await api.reserve();
  expect(waits).toEqual([60_000]);
  unused();
  unused();
  await api.get('/list', z.unknown());
  await api.get('/list', z.unknown());
  expect(waits).toEqual([60_000, 60_000]);
});
