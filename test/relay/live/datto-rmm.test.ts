// Datto RMM's adapter against the stand-in that was written from its contract alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { dattoRmm as source } from '../../../src/relay/sources/datto-rmm.ts';
import type { VendorCount } from '../../../src/relay/sources/source.ts';
import type { SampleDevice } from '../../../src/sample/model.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { DATTO_CREDENTIALS } from '../../../src/sim/vendors/datto-rmm.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const { organisations, devices } = sampleWorld('planted').vendors('2026-10').ninjaone;
const managed = devices.filter(({ approved }) => approved);
const SERVERS = ['WINDOWS_SERVER', 'LINUX_SERVER'];
const WORKSTATIONS = ['WINDOWS_WORKSTATION', 'LINUX_WORKSTATION', 'MAC'];
const TRAPS = ['Walk-in repairs', 'Deleted Devices'];

let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(() => {
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ pageSizeMax: 1000, rateLimits: false });
});
afterAll(() => sim.close());

const settings = (change: object = {}): object => ({
  region: 'merlot',
  baseUrl: `${sim.url}/datto-rmm`,
  ...DATTO_CREDENTIALS,
  ...change,
});
const count = async (change: object = {}): Promise<readonly VendorCount[]> =>
  (await source.count(settings(change), PERIOD, http)).counts;
const refusal = (change: object = {}): Promise<AppError> =>
  count(change).then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as AppError,
  );
const strike = (fault: object): void => {
  const match = { path: '/api/v2/account/devices' };
  sim.standIns.faults.add(FaultSchema.parse({ system: source.id, match, ...fault }));
};
const total = (counts: readonly VendorCount[]): number =>
  counts.reduce((sum, { quantity }) => sum + Number(quantity), 0);

it('counts what the stand-in holds, by site and category', async () => {
  const counts = await count();
  expect(total(counts)).toBe(managed.length);
  for (const { id, name } of organisations) {
    const own = counts.filter(({ clientName }) => clientName === name);
    const of = (...skus: string[]): number => total(own.filter(({ sku }) => skus.includes(sku)));
    const truth = (classes: string[]): number =>
      managed.filter((one) => one.organisationId === id && classes.includes(one.nodeClass)).length;
    expect(`${name} ${String(of('Server'))}`).toBe(`${name} ${String(truth(SERVERS))}`);
    const seats = of('Desktop', 'Laptop');
    expect(`${name} ${String(seats)}`).toBe(`${name} ${String(truth(WORKSTATIONS))}`);
  }
});

it('counts the same over small pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 17 });
  expect(await count()).toEqual(whole);
});

it('leaves out what is deleted, suspended or on demand, and says zero there', async () => {
  const counts = await count();
  const trapped = counts.filter(({ clientName }) => TRAPS.includes(clientName));
  expect(new Set(trapped.map(({ clientName }) => clientName)).size).toBe(2);
  expect(trapped.every(({ quantity }) => quantity === '0')).toBe(true);
  const suspended: readonly SampleDevice[] = devices.filter(({ approved }) => !approved);
  expect(suspended.length).toBeGreaterThan(0);
  expect(new Set(counts.flatMap(({ ids }) => ids ?? [])).size).toBe(managed.length);
});

it('gives every site a row for every category, and devices ids that stay', async () => {
  const counts = await count();
  const categories = new Set(counts.map(({ sku }) => sku));
  expect([...categories].sort()).toEqual(['Desktop', 'ESXi Host', 'Laptop', 'Network Device', 'Server']); // prettier-ignore
  const sites = new Set(counts.map(({ clientRef }) => clientRef));
  expect(counts.length).toBe(categories.size * sites.size);
  expect(await count()).toEqual(counts);
});

it('reads what was there at the end of an earlier month', async () => {
  sim.standIns.clock.set('2026-03-28T10:00:00.000Z');
  const march = sampleWorld('planted').vendors('2026-03').ninjaone.devices;
  expect(total(await count())).toBe(march.filter(({ approved }) => approved).length);
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
});

it('signs in again when the token ends between two pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 50 });
  strike({ nth: 3, fault: 'status', status: 429 });
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

it('refuses pages that repeat and a count of rows that does not come out', async () => {
  sim.standIns.setOptions({ pageSizeMax: 100 });
  strike({ nth: 2, fault: 'repeat-page' });
  expect((await refusal()).message).toContain('the same page twice');
  sim.standIns.faults.clear();
  strike({ nth: 2, fault: 'patch', set: { 'devices.0.uid': devices[0]?.uid } });
  expect((await refusal()).message).toContain('it lists one device twice');
  sim.standIns.faults.clear();
  strike({ nth: 1, fault: 'patch', set: { 'pageDetails.nextPageUrl': null } });
  expect((await refusal()).message).toMatch(/says \d+ rows and gives 100/);
});

it.each([
  ['suspended', 'no'], ['suspended', null], ['deleted', undefined], ['siteUid', 12], ['deviceType', undefined], ['uid', ''],
])('refuses a device whose %s is %j', async (field, value) => {
  const set = { [`devices.4.${field}`]: value };
  strike({ fault: 'patch', set });
  const error = await refusal();
  expect(error.code).toBe('SOURCE_MALFORMED');
  expect(error.message).toContain(`devices.4.${field}`);
}); // prettier-ignore

it('shows a device without a category and one of an unlisted site, and loses neither', async () => {
  const set = { 'devices.0.deviceType': null, 'devices.1.siteUid': 'gone', 'devices.1.siteName': 'Sold' };
  strike({ nth: 1, fault: 'patch', set });
  const counts = await count();
  expect(total(counts)).toBe(managed.length);
  expect(total(counts.filter(({ sku }) => sku === 'unclassed'))).toBe(1);
  expect(total(counts.filter(({ clientName }) => clientName === 'Sold'))).toBe(1);
}); // prettier-ignore

it('says that it is busy beyond 600 reads in 60 seconds, and counts a minute later', async () => {
  sim.standIns.setOptions({ rateLimits: true });
  const body = new URLSearchParams({ grant_type: 'password', username: DATTO_CREDENTIALS.apiKey, password: DATTO_CREDENTIALS.apiSecret });
  const authorization = `Basic ${Buffer.from('public-client:public').toString('base64')}`;
  const token = await fetch(`${sim.url}/datto-rmm/auth/oauth/token`, { method: 'POST', body, headers: { authorization } });
  const bearer = `Bearer ${((await token.json()) as { access_token: string }).access_token}`;
  const read = (): Promise<number> =>
    fetch(`${sim.url}/datto-rmm/api/v2/system/pagination`, { headers: { authorization: bearer } }).then(({ status }) => status);
  const answers: number[] = [];
  for (let reads = 0; reads < 601; reads += 1) answers.push(await read());
  expect([answers.indexOf(429), new Set(answers.slice(0, 600)).size]).toEqual([600, 1]);
  expect((await refusal()).code).toBe('SOURCE_BUSY');
  sim.standIns.clock.advance(2);
  expect(total(await count())).toBe(managed.length);
}); // prettier-ignore

it('names the credentials when they are wrong, and the region when it is none', async () => {
  expect((await refusal({ apiSecret: 'wrong-secret' })).code).toBe('SOURCE_REFUSED');
  expect((await refusal({ region: 'evil.example/' })).message).toContain('region: is none of');
});

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: '/api/v2/account/devices', sim: () => sim, count });
});
