import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sampleWorld } from '../../src/sample/world.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import {
  ask,
  conductorHeaders,
  huntressHeaders,
  ninjaoneHeaders,
  pax8Headers,
  post,
  type Answer,
} from './ask.ts';

const world = sampleWorld('planted');
const INVOICES = '/quickbooks-desktop/invoices';
let sim: RunningSim;
beforeEach(async () => {
  sim = await startSim({ exchangesFile: null });
});
afterEach(() => sim.close());

const addFault = (fault: object): Promise<Answer> => post(`${sim.url}/_sim/faults`, fault);
const create = (ref: string, init: RequestInit = {}): Promise<Answer> =>
  ask(`${sim.url}/conductor/v1${INVOICES}`, {
    ...init,
    method: 'POST',
    headers: { ...conductorHeaders(), 'content-type': 'application/json' },
    body: JSON.stringify({
      customerId: world.customers[0]?.id,
      transactionDate: '2026-10-31',
      refNumber: ref,
      lines: [{ itemId: world.services[0]?.item?.id, quantity: 1 }],
    }),
  });
const onPost = { system: 'conductor', match: { method: 'POST', path: INVOICES } };
const refs = async (): Promise<string[]> =>
  (await ask(`${sim.url}/_sim/books`))
    .json<{ invoices: { refNumber: string }[] }>()
    .invoices.map(({ refNumber }) => refNumber);
const organisations = (query = ''): Promise<Answer> =>
  ask(`${sim.url}/huntress/v1/organizations${query}`, { headers: huntressHeaders() });

it('holds back the answer of the third create alone, though the books have it', async () => {
  await addFault({ ...onPost, nth: 3, fault: 'hold-answer' });
  await create('A');
  await create('B');
  await expect(create('C', { signal: AbortSignal.timeout(150) })).rejects.toThrow();
  expect((await create('D')).status).toBe(200);
  expect(await refs()).toEqual(['A', 'B', 'C', 'D']);
});

it.each([
  ['drop-request', []],
  ['drop-answer', ['A']],
  ['reset', ['A']],
])('breaks the connection by %s', async (fault, expected) => {
  await addFault({ ...onPost, times: 1, fault });
  await expect(create('A')).rejects.toThrow();
  expect(await refs()).toEqual(expected);
  expect((await create('B')).status).toBe(200);
});

it('answers another status without the work, or after it', async () => {
  await addFault({
    ...onPost,
    times: 1,
    fault: 'status',
    status: 429,
    headers: { 'retry-after': 'never' },
  });
  await addFault({ ...onPost, nth: 2, fault: 'status', status: 500, body: 'boom', work: true });
  const [first, second] = [await create('A'), await create('B')];
  expect([first.status, second.status, second.text]).toEqual([429, 500, 'boom']);
  expect(await refs()).toEqual(['B']);
});

it('answers a time-out and does the work later', async () => {
  await addFault({ ...onPost, times: 1, fault: 'late-landing' });
  const answer = await create('A');
  expect([answer.status, await refs()]).toEqual([504, []]);
  expect((await post(`${sim.url}/_sim/land`, {})).json()).toEqual({ landed: 1 });
  expect(await refs()).toEqual(['A']);
});

it('cuts an answer off and shows a sign-in page', async () => {
  await addFault({ system: 'huntress', times: 1, fault: 'truncate' });
  const cut = await organisations();
  expect(() => cut.json()).toThrow();
  await addFault({ system: 'huntress', times: 1, fault: 'html' });
  const page = await organisations();
  expect([page.status, page.type]).toEqual([200, 'text/html; charset=utf-8']);
}); // prettier-ignore

it('empties lists, renames fields and sets single values', async () => {
  const headers = await pax8Headers(sim.url);
  const subscriptions = async (): Promise<Record<string, unknown>[]> => {
    const answer = await ask(`${sim.url}/pax8/v1/subscriptions`, { headers });
    return answer.json<{ content: Record<string, unknown>[] }>().content;
  };
  await addFault({ system: 'pax8', times: 1, fault: 'empty-list' });
  expect(await subscriptions()).toEqual([]);
  await addFault({ system: 'pax8', times: 1, fault: 'changed-schema' });
  expect(Object.keys((await subscriptions())[0] ?? {})).toEqual(
    expect.arrayContaining(['identifier', 'qty']),
  );
  await addFault({ system: 'pax8', times: 1, fault: 'patch', set: { 'content.0.quantity': '12' } });
  expect((await subscriptions())[0]).toMatchObject({ quantity: '12' });
  expect((await subscriptions())[0]).toMatchObject({ quantity: 8 });
});

it('repeats the first page, as a cursor that goes round in circles does', async () => {
  const headers = await ninjaoneHeaders(sim.url);
  const ids = async (after: number): Promise<number[]> => {
    const answer = await ask(`${sim.url}/ninjaone/v2/devices?pageSize=5&after=${String(after)}`, {
      headers,
    });
    return answer.json<{ id: number }[]>().map(({ id }) => id);
  };
  const first = await ids(0);
  const second = await ids(first.at(-1) ?? 0);
  await addFault({ system: 'ninjaone', match: { path: '/v2/devices' }, fault: 'repeat-page' });
  expect(await ids(first.at(-1) ?? 0)).toEqual(first);
  expect(second).not.toEqual(first);
});

it('is slow when told so and strikes until it is cleared', async () => {
  await addFault({ system: 'huntress', match: { path: '/v1/org*' }, fault: 'status', status: 401 });
  expect([(await organisations()).status, (await organisations()).status]).toEqual([401, 401]);
  await ask(`${sim.url}/_sim/faults`, { method: 'DELETE' });
  await addFault({ system: 'huntress', fault: 'slow', ms: 120 });
  const begun = performance.now();
  expect((await organisations()).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThan(100);
});

it('refuses a fault it does not know, naming what is wrong', async () => {
  const answer = await addFault({ system: 'huntress', fault: 'meteor' });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('fault');
  expect((await post(`${sim.url}/_sim/faults`, '{"system"')).status).toBe(400);
});

it('records what was asked and answered, without a secret', async () => {
  await post(`${sim.url}/_sim/options`, { recordExchanges: true });
  await pax8Headers(sim.url);
  await organisations('?limit=2');
  await create('A');
  const { exchanges } = (await ask(`${sim.url}/_sim/exchanges`)).json<{
    exchanges: { system: string; path: string; status: number }[];
  }>();
  expect(exchanges.map(({ system, path, status }) => `${system} ${path} ${String(status)}`)).toEqual([
    'pax8 /token 200', 'huntress /v1/organizations 200', `conductor ${INVOICES} 200`,
  ]); // prettier-ignore
  expect(JSON.stringify(exchanges)).not.toMatch(
    /sample-pax8-secret|sample-huntress|sk_conductor|c2FtcGxl/,
  );
});

it('does one thing at a time in the books, however many ask', async () => {
  await Promise.all(Array.from({ length: 30 }, (_, index) => create(`R${String(index)}`)));
  const written = await refs();
  expect(written).toHaveLength(30);
  const ids = (await ask(`${sim.url}/_sim/books`)).json<{ invoices: { id: string }[] }>().invoices;
  expect(new Set(ids.map(({ id }) => id)).size).toBe(30);
});

it('strikes by chance as often as it is told, the same with the same seed', async () => {
  const struck = async (seed: string): Promise<boolean[]> => {
    sim.standIns.faults.clear();
    await addFault({ system: 'huntress', fault: 'status', status: 503, chance: 0.25, seed });
    const seen: boolean[] = [];
    for (let asked = 0; asked < 200; asked += 1) {
      seen.push((await organisations()).status === 503);
    }
    return seen;
  };
  const first = await struck('a');
  const often = first.filter(Boolean).length;
  expect(often).toBeGreaterThan(25);
  expect(often).toBeLessThan(75);
  expect(await struck('a')).toEqual(first);
  expect(await struck('b')).not.toEqual(first);
});

it('delivers a create twice, and only one answer comes', async () => {
  await addFault({ ...onPost, times: 1, fault: 'twice' });
  expect((await create('A')).status).toBe(200);
  expect(await refs()).toEqual(['A', 'A']);
});
