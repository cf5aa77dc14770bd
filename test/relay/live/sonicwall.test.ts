// SonicWall's adapter against the stand-in that was written from the derived description alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { sonicwall as source } from '../../../src/relay/sources/sonicwall.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { SONICWALL_CREDENTIALS, UNMANAGED_TENANT } from '../../../src/sim/vendors/sonicwall.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const INVENTORY = '/api/manager/v2/devices/inventory/tenant';
const { organisations, devices } = sampleWorld('planted').vendors('2026-10').ninjaone;
const firewalls = devices.filter(({ nodeClass }) => nodeClass === 'NMS_FIREWALL');
const [first] = organisations;

let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(() => {
  sim.standIns.faults.clear();
});
afterAll(() => sim.close());

const settings = (change: object = {}): object => ({
  baseUrl: `${sim.url}/sonicwall`,
  ...SONICWALL_CREDENTIALS,
  ...change,
});
const read = async (change: object = {}): Promise<VendorCounts> =>
  source.count(settings(change), PERIOD, http);
const count = async (): Promise<readonly VendorCount[]> => (await read()).counts;
const refusal = (change: object = {}): Promise<AppError> =>
  read(change).then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as AppError,
  );
const strike = (path: string, fault: object): void => {
  sim.standIns.faults.add(FaultSchema.parse({ system: source.id, match: { path }, ...fault }));
};
const total = (counts: readonly VendorCount[]): number =>
  counts.reduce((sum, { quantity }) => sum + Number(quantity), 0);

it('counts the firewalls of each tenant, with ids that stay', async () => {
  const counts = await count();
  for (const { id, name } of organisations) {
    const own = firewalls.filter((one) => one.organisationId === id).length;
    const counted = counts.filter(({ clientRef }) => clientRef === String(id));
    expect([name, counted.map(({ quantity }) => quantity)]).toEqual([name, [String(own)]]);
    expect(new Set(counted[0]?.ids).size).toBe(own);
  }
  expect(total(counts)).toBeGreaterThan(20);
  expect(await count()).toEqual(counts);
});

it('says of a tenant without the manager that it cannot see it', async () => {
  const { counts, gaps } = await read();
  expect(gaps).toMatchObject([{ clientRef: String(UNMANAGED_TENANT.id), clientName: UNMANAGED_TENANT.name }]);
  expect(counts.some(({ clientRef }) => clientRef === String(UNMANAGED_TENANT.id))).toBe(false);
}); // prettier-ignore

it('reads what was there at the end of an earlier month', async () => {
  sim.standIns.clock.set('2026-03-28T10:00:00.000Z');
  const march = sampleWorld('planted').vendors('2026-03').ninjaone.devices;
  const truth = march.filter(({ nodeClass }) => nodeClass === 'NMS_FIREWALL').length;
  expect(total(await count())).toBe(truth);
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
});

describe('one tenant of many', () => {
  it.each([
    ['gets no access code', '/api/generate-cscaccesscode', { nth: 1, fault: 'status', status: 400 }],
    ['gets no session', '/api/manager/auth/sso', { nth: 1, fault: 'patch', set: { 'status.success': false } }],
    ['gets a session that is no token', '/api/manager/auth/sso', { nth: 1, fault: 'patch', set: { 'status.info.0.message': 'not a token' } }],
    ['has no inventory', INVENTORY, { nth: 1, fault: 'changed-schema' }],
    ['lists a firewall without a serial', INVENTORY, { nth: 1, fault: 'patch', set: { devices: [{ serialNumber: ' ' }] } }],
    ['cannot be read', INVENTORY, { times: 3, fault: 'status', status: 503 }],
  ])('that %s is a gap, and the others are counted', async (what, path, fault) => {
    if (what === 'has no inventory') strike(path, { nth: 1, fault: 'patch', set: { devices: null } });
    else strike(path, fault);
    const { counts, gaps } = await read();
    expect(gaps?.map(({ clientRef }) => clientRef)).toEqual([String(first?.id), String(UNMANAGED_TENANT.id)]);
    expect(counts.some(({ clientRef }) => clientRef === String(first?.id))).toBe(false);
    expect(counts.length).toBe(organisations.length - 1);
  }); // prettier-ignore

  it('that lists a firewall of another tenant stops the count', async () => {
    const twice = [{ friendlyName: 'x', serialNumber: '18B169AA' }];
    strike(INVENTORY, { times: 2, fault: 'patch', set: { devices: twice } });
    expect((await refusal()).message).toContain('it lists one device twice');
  });

  it('listed twice stops the count', async () => {
    const set = { 'content.arrTenants.1.productGroupID': first?.id };
    strike('/api/hgms/get-cloud-tenants', { fault: 'patch', set });
    expect((await refusal()).message).toContain('it lists one tenant twice');
  });
});

it('refuses tenants that have no firewall at all', async () => {
  strike(INVENTORY, { fault: 'empty-list' });
  expect((await refusal()).message).toContain('it lists no firewall at all');
});

it('opens a session again when it ends before the devices are asked', async () => {
  const whole = await count();
  strike(INVENTORY, { nth: 3, fault: 'status', status: 429 });
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

it('knows the log-in page as a key that is not accepted', async () => {
  const error = await refusal({ apiKey: 'wrong-key' });
  expect(error.code).toBe('SOURCE_REFUSED');
  expect(error.message).toContain('the API key is not accepted');
  expect(error.message).not.toContain('wrong-key');
});

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: INVENTORY, sim: () => sim, count });
});
