// ConnectWise Automate's adapter against the stand-in written from its contract alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { connectwiseAutomate as source } from '../../../src/relay/sources/connectwise-automate.ts';
import type { VendorCount } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import {
  AUTOMATE_CREDENTIALS,
  USER_WITH_SECOND_FACTOR,
} from '../../../src/sim/vendors/connectwise-automate.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const COMPUTERS = '/api/v1/Computers';
const SERVERS = ['WINDOWS_SERVER', 'LINUX_SERVER', 'VMWARE_VM_HOST'];
const WORKSTATIONS = ['WINDOWS_WORKSTATION', 'LINUX_WORKSTATION', 'MAC'];
const { organisations, devices } = sampleWorld('planted').vendors('2026-10').ninjaone;
const enrolledIn = (all: typeof devices): typeof devices =>
  all.filter((one) => one.approved && [...SERVERS, ...WORKSTATIONS].includes(one.nodeClass));
const enrolled = enrolledIn(devices);

let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(() => {
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ pageSizeMax: 1000 });
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
});
afterAll(() => sim.close());

const settings = (change: object = {}): object => ({
  server: 'automate.alder.example',
  baseUrl: `${sim.url}/connectwise-automate/cwa`,
  ...AUTOMATE_CREDENTIALS,
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
  sim.standIns.faults.add(FaultSchema.parse({ system: source.id, match: { path: COMPUTERS }, ...fault })); // prettier-ignore
};
const total = (counts: readonly VendorCount[]): number =>
  counts.reduce((sum, { quantity }) => sum + Number(quantity), 0);

it('counts what the stand-in holds, by client and type', async () => {
  const counts = await count();
  expect(total(counts)).toBe(enrolled.length);
  for (const { id, name } of organisations) {
    const own = counts.filter(({ clientRef }) => clientRef === String(id));
    expect(new Set(own.map(({ clientName }) => clientName))).toEqual(new Set([name]));
    const of = (sku: string): number => total(own.filter((row) => row.sku === sku));
    const truth = (classes: string[]): number =>
      enrolled.filter((one) => one.organisationId === id && classes.includes(one.nodeClass)).length;
    expect(`${name} ${String(of('Server'))}`).toBe(`${name} ${String(truth(SERVERS))}`);
    expect(`${name} ${String(of('Workstation'))}`).toBe(`${name} ${String(truth(WORKSTATIONS))}`);
  }
});

it.each([7, 100])('counts the same when the server gives %i at once at most', async (size) => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: size });
  expect(await count()).toEqual(whole);
});

it('gives every client a row for every type, and computers ids that stay', async () => {
  const counts = await count();
  expect([...new Set(counts.map(({ sku }) => sku))]).toEqual(['Workstation', 'Server']);
  expect(counts.length).toBe(2 * organisations.length);
  expect(new Set(counts.flatMap(({ ids }) => ids ?? [])).size).toBe(enrolled.length);
  expect(await count()).toEqual(counts);
});

it('no longer counts an agent that was retired', async () => {
  sim.standIns.clock.set('2026-03-28T10:00:00.000Z');
  const before = await count();
  const march = enrolledIn(sampleWorld('planted').vendors('2026-03').ninjaone.devices);
  expect(total(before)).toBe(march.length);
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
  const now = new Set((await count()).flatMap(({ ids }) => ids ?? []));
  const retired = march.filter(({ id }) => !enrolled.some((one) => one.id === id));
  expect(retired.length).toBeGreaterThan(0);
  const gone = before.flatMap(({ ids }) => ids ?? []).filter((id) => !now.has(id));
  expect(gone.length).toBe(retired.length);
});

it('takes ids that are numbers for what they are as text', async () => {
  const whole = await count();
  const first = enrolled.toSorted((a, b) => a.id - b.id)[0];
  const set = { '0.Id': first?.id, '0.Client.Id': first?.organisationId };
  strike({ nth: 1, fault: 'patch', set });
  expect(await count()).toEqual(whole);
});

it('shows a type it does not know, a computer without one, and a client that is not listed', async () => {
  const set = { '0.Type': 'Kiosk', '1.Type': null, '2.Type': '', '3.Client': { Id: '9999', Name: 'Sold' } };
  strike({ nth: 1, fault: 'patch', set });
  const counts = await count();
  expect(total(counts)).toBe(enrolled.length);
  expect(total(counts.filter(({ sku }) => sku === 'Kiosk'))).toBe(1);
  expect(total(counts.filter(({ sku }) => sku === 'unclassed'))).toBe(2);
  expect(total(counts.filter(({ clientName }) => clientName === 'Sold'))).toBe(1);
}); // prettier-ignore

it('refuses pages that repeat and a computer that is listed twice', async () => {
  sim.standIns.setOptions({ pageSizeMax: 100 });
  strike({ nth: 2, fault: 'repeat-page' });
  expect((await refusal()).message).toContain('the same page twice');
  sim.standIns.faults.clear();
  const first = enrolled.toSorted((a, b) => a.id - b.id)[0];
  strike({ nth: 2, fault: 'patch', set: { '0.Id': String(first?.id) } });
  expect((await refusal()).message).toContain('it lists one device twice');
});

it.each([
  ['Id', ''], ['Id', 'abc'], ['Id', -1], ['Id', 1.5], ['Client', null], ['Client.Id', undefined], ['Type', undefined], ['Type', 3],
])('refuses a computer whose %s is %j', async (field, value) => {
  strike({ fault: 'patch', set: { [`4.${field}`]: value } });
  const error = await refusal();
  expect(error.code).toBe('SOURCE_MALFORMED');
  expect(error.message).toContain(`4.${field}`);
}); // prettier-ignore

it('signs in again when the hour of the token ends between two pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 50 });
  strike({ nth: 3, fault: 'status', status: 429 });
  let waits = 0;
  const meanwhile = createHttp({
    allowLoopback: true,
    delay: () => {
      waits += 1;
      sim.standIns.clock.set('2026-10-31T11:30:00.000Z');
      return Promise.resolve();
    },
  });
  expect((await source.count(settings(), PERIOD, meanwhile)).counts).toEqual(whole);
  expect(waits).toBe(1);
});

it('says who must change what when the sign-in is refused', async () => {
  expect((await refusal({ password: 'wrong-password' })).code).toBe('SOURCE_REFUSED');
  expect((await refusal({ clientId: undefined })).code).toBe('SOURCE_REFUSED');
  const person = await refusal({ username: USER_WITH_SECOND_FACTOR });
  expect(person.code).toBe('SOURCE_REFUSED');
  expect(person.message).toContain('second factor');
});

it('refuses a sign-in that gives no token', async () => {
  const match = { path: '/api/v1/APIToken' };
  strike({ match, fault: 'patch', set: { AccessToken: '' } });
  expect((await refusal()).message).toContain('gave no AccessToken');
});

it.each([
  'localhost', 'automate.localhost', '127.0.0.1', '10.0.0.5', '[::1]', 'automate', 'Automate.Example.com', 'automate.example.com:8443',
  'automate.example.com/cwa', 'https://automate.example.com', 'user@automate.example.com', 'automate..example.com', '-a.example.com', 'a.example.com.', '',
])('takes %j for no server', async (server) => {
  const error = await refusal({ server });
  expect(error).toMatchObject({ code: 'SETUP_MISSING' });
  expect(error.message).toContain('server: ');
}); // prettier-ignore

it.each(['automate.example.com', 'alder.hostedrmm.com', 'rmm-2.msp.co.uk'])('takes %s for one', async (server) => {
  expect((await count({ server })).length).toBeGreaterThan(0);
}); // prettier-ignore

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: COMPUTERS, sim: () => sim, count });
});
