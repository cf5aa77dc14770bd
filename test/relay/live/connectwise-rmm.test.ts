// ConnectWise RMM's adapter against the stand-in that was written from its contract alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { connectwiseRmm as source } from '../../../src/relay/sources/connectwise-rmm.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { ASIO_CREDENTIALS } from '../../../src/sim/vendors/connectwise-rmm.ts';
import { startServer, type Server } from '../replay-server.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const ENDPOINTS = '/api/platform/v1/device/endpoints';
const { organisations, devices } = sampleWorld('planted').vendors('2026-10').ninjaone;
const managed = devices.filter(({ approved }) => approved);
const SERVERS = ['WINDOWS_SERVER', 'LINUX_SERVER', 'VMWARE_VM_HOST'];
const WORKSTATIONS = ['WINDOWS_WORKSTATION', 'LINUX_WORKSTATION', 'MAC'];

let sim: RunningSim;
let server: Server | null = null;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(async () => {
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ rateLimits: false });
  await server?.close();
  server = null;
});
afterAll(() => sim.close());

const settings = (change: object = {}): object => ({
  region: 'na',
  baseUrl: `${sim.url}/connectwise-rmm`,
  ...ASIO_CREDENTIALS,
  ...change,
});
const sync = async (change: object = {}): Promise<VendorCounts> =>
  source.count(settings(change), PERIOD, http);
const count = async (): Promise<readonly VendorCount[]> => (await sync()).counts;
const refusal = (change: object = {}): Promise<AppError> =>
  sync(change).then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as AppError,
  );
const strike = (fault: object, path = ENDPOINTS): void => {
  sim.standIns.faults.add(FaultSchema.parse({ system: source.id, match: { path }, ...fault }));
};
const total = (counts: readonly VendorCount[]): number =>
  counts.reduce((sum, { quantity }) => sum + Number(quantity), 0);

it('counts what the stand-in holds, by company and type', async () => {
  const { counts, gaps } = await sync();
  expect(gaps).toBeUndefined();
  expect(total(counts)).toBe(managed.length);
  for (const { id, name } of organisations) {
    const own = counts.filter(({ clientName }) => clientName === name);
    const of = (sku: string): number => total(own.filter((row) => row.sku === sku));
    const truth = (classes: string[]): number =>
      managed.filter((one) => one.organisationId === id && classes.includes(one.nodeClass)).length;
    expect(`${name} ${String(of('Server'))}`).toBe(`${name} ${String(truth(SERVERS))}`);
    expect(`${name} ${String(of('Desktop'))}`).toBe(`${name} ${String(truth(WORKSTATIONS))}`);
  }
});

it('gives every company a row for every type, and devices ids that stay', async () => {
  const counts = await count();
  expect([...new Set(counts.map(({ sku }) => sku))]).toEqual(['Desktop', 'Server', 'NetworkDevice']);
  expect(counts.length).toBe(3 * organisations.length);
  expect(new Set(counts.flatMap(({ ids }) => ids ?? [])).size).toBe(managed.length);
  expect(await count()).toEqual(counts);
}); // prettier-ignore

it('says zero for a company whose devices are gone, and for a whole class', async () => {
  sim.standIns.clock.set('2026-03-28T10:00:00.000Z');
  const march = sampleWorld('planted').vendors('2026-03').ninjaone.devices;
  expect(total(await count())).toBe(march.filter(({ approved }) => approved).length);
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
  const idle = organisations.filter(({ id }) => !managed.some((one) => one.organisationId === id));
  const counts = await count();
  for (const { name } of idle) {
    const own = counts.filter(({ clientName }) => clientName === name);
    expect(own.map(({ quantity }) => quantity)).toEqual(['0', '0', '0']);
  }
});

it('does not call it zero where devices name owners that are not listed', async () => {
  const whole = await sync();
  const first = whole.counts.find(({ quantity }) => Number(quantity) === 1 || Number(quantity) > 1);
  const answers = devicesOf(await endpoints());
  const moved = answers.flatMap((one, index) =>
    one.clientId === first?.clientRef ? [[`endpoints.${String(index)}.clientId`, 'elsewhere']] : [],
  );
  strike({ fault: 'patch', set: Object.fromEntries(moved) });
  const { counts, gaps } = await sync();
  expect(total(counts)).toBe(managed.length);
  expect(counts.some(({ clientRef }) => clientRef === first?.clientRef)).toBe(false);
  expect(gaps?.map(({ clientRef }) => clientRef)).toContain(first?.clientRef);
  expect(gaps?.[0]?.reason).toContain('1 owners of devices');
  expect(total(counts.filter(({ clientRef }) => clientRef === 'elsewhere'))).toBe(moved.length);
});

it('refuses a list whose owners are all unknown', async () => {
  const rows = devicesOf(await endpoints());
  const set = Object.fromEntries(rows.map((one, index) => [`endpoints.${String(index)}.clientId`, `x-${one.clientId}`])); // prettier-ignore
  strike({ fault: 'patch', set });
  const error = await refusal();
  expect(error.code).toBe('SOURCE_MALFORMED');
  expect(error.message).toContain('clientId and company id do not match');
});

it('refuses an endpoint listed twice and an answer that names a further page', async () => {
  const [first] = devicesOf(await endpoints());
  strike({ fault: 'patch', set: { 'endpoints.1.endpointId': first?.endpointId } });
  expect((await refusal()).message).toContain('it lists one device twice');
  for (const name of ['nextCursor', 'hasMore', 'next']) {
    sim.standIns.faults.clear();
    strike({ fault: 'patch', set: { [name]: '500' } });
    expect((await refusal()).message).toContain('names a further page');
  }
});

it('follows a link to its next page and never one to another address', async () => {
  const rows = (id: string): object => ({ endpoints: [{ clientId: 'c', endpointId: id, endpointType: 'Server' }] });
  let host = '';
  server = await startServer(({ path, query }) => {
    if (path === '/v1/token') return { body: { access_token: 'token' } };
    if (path !== ENDPOINTS) return { body: [{ id: 'c', name: 'Company' }] };
    if (query['cursor'] === '1') return { body: rows('e2') };
    return { headers: { link: `<${host}${ENDPOINTS}?cursor=1>; rel="next"` }, body: rows('e1') };
  });
  host = server.url;
  const baseUrl = server.url;
  expect(total((await sync({ baseUrl })).counts)).toBe(2);
  host = 'https://openapi.example';
  expect((await refusal({ baseUrl })).message).toContain('another address');
}); // prettier-ignore

it.each([
  ['clientId', ''], ['clientId', null], ['endpointId', 7], ['endpointType', undefined], ['endpointType', 3],
])('refuses an endpoint whose %s is %j', async (field, value) => {
  strike({ fault: 'patch', set: { [`endpoints.2.${field}`]: value } });
  const error = await refusal();
  expect(error.code).toBe('SOURCE_MALFORMED');
  expect(error.message).toContain(`endpoints.2.${field}`);
}); // prettier-ignore

it('signs in again when the token ends between the two lists', async () => {
  const whole = await count();
  strike({ nth: 1, fault: 'status', status: 429, body: 'Too Many Requests' });
  let waits = 0;
  const meanwhile = createHttp({
    allowLoopback: true,
    delay: () => {
      waits += 1;
      sim.standIns.revokeTokens();
      return Promise.resolve();
    },
  });
  expect((await source.count(settings(), PERIOD, meanwhile)).counts).toEqual(whole);
  expect(waits).toBe(1);
});

it('says that it is busy after 500 requests in five minutes, and counts later', async () => {
  sim.standIns.setOptions({ rateLimits: true });
  for (let asked = 0; asked < 500; asked += 1)
    await fetch(`${sim.url}/connectwise-rmm/x`, { headers: { 'x-sim-probe': 'yes' } });
  expect((await refusal()).code).toBe('SOURCE_BUSY');
  sim.standIns.clock.advance(6);
  expect(total(await count())).toBe(managed.length);
});

it('names the credentials when they are wrong, and the region when it is none', async () => {
  expect((await refusal({ clientSecret: 'wrong-secret' })).code).toBe('SOURCE_REFUSED');
  expect((await refusal({ region: 'us' })).message).toContain('region: is none of na, eu, au');
});

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: ENDPOINTS, sim: () => sim, count });
});

interface PlayedEndpoint {
  readonly clientId: string;
  readonly endpointId: string;
}
const devicesOf = (body: unknown): readonly PlayedEndpoint[] =>
  (body as { readonly endpoints: readonly PlayedEndpoint[] }).endpoints;

async function endpoints(): Promise<unknown> {
  const { clientId, clientSecret } = ASIO_CREDENTIALS;
  const asked = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: 'platform.asset.read' }; // prettier-ignore
  const token = await fetch(`${sim.url}/connectwise-rmm/v1/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  const { access_token: bearer } = (await token.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${bearer}` };
  return (await fetch(`${sim.url}/connectwise-rmm${ENDPOINTS}`, { headers })).json();
}
