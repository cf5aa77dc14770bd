// Partner Center's adapter against the stand-in that was written from Microsoft's pages alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { partnerCenter as source } from '../../../src/relay/sources/partner-center.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { PARTNER_CREDENTIALS } from '../../../src/sim/vendors/partner-center.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const { companies, subscriptions } = sampleWorld('planted').vendors('2026-10').pax8;
const MICROSOFT = /^CFQ7TTC0L/;
const PAID: readonly string[] = ['Active', 'PendingCancel'];
const [first, second] = companies;

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
  baseUrl: `${sim.url}/partner-center`,
  ...PARTNER_CREDENTIALS,
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
const listOf = (customer: string | undefined): string =>
  `/v1/customers/${customer ?? ''}/subscriptions`;

it('counts what each customer has bought, monthly and annual together', async () => {
  const counts = await count();
  const sold = subscriptions.filter(({ vendorSkuId }) => MICROSOFT.test(vendorSkuId));
  const skus = [...new Set(sold.filter(({ status }) => status !== 'Trial').map((one) => one.vendorSkuId))];
  for (const { id, name } of companies) {
    const truth = skus.map((sku) => {
      const own = sold.filter((one) => one.companyId === id && one.vendorSkuId === sku && PAID.includes(one.status));
      return `${name} ${sku} ${String(own.reduce((sum, { quantity }) => sum + quantity, 0))}`;
    });
    const counted = counts.filter(({ clientRef, sku }) => clientRef === id && skus.includes(sku));
    expect(counted.map(({ sku, quantity }) => `${name} ${sku} ${quantity}`).sort()).toEqual(truth.sort());
  }
}); // prettier-ignore

it('leaves out usage and trials, and says zero of what is suspended', async () => {
  const counts = await count();
  expect(counts.some(({ skuName }) => skuName === 'Azure plan')).toBe(false);
  const suspended = counts.filter(({ sku }) => sku === 'CFQ7TTC0LH16:0001');
  expect(suspended.length).toBe(companies.length);
  expect(suspended.every(({ quantity }) => quantity === '0')).toBe(true);
});

it('counts the same over small pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 7 });
  expect(await count()).toEqual(whole);
});

it('reads what was there at the end of an earlier month', async () => {
  sim.standIns.clock.set('2026-03-28T10:00:00.000Z');
  const march = sampleWorld('planted').vendors('2026-03').pax8.subscriptions;
  const paid = march.filter((one) => MICROSOFT.test(one.vendorSkuId) && PAID.includes(one.status));
  const total = (quantities: readonly number[]): number => quantities.reduce((a, b) => a + b, 0);
  expect(total((await count()).map(({ quantity }) => Number(quantity)))).toBe(
    total(paid.map(({ quantity }) => quantity)),
  );
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
});

it('shows a status it has never met as a SKU of its own', async () => {
  strike(listOf(first?.id), { fault: 'patch', set: { 'items.0.status': 'paused' } });
  const apart = (await count()).filter(({ sku }) => sku.endsWith(' (paused)'));
  expect(apart.length).toBe(companies.length);
  expect(apart.find(({ clientRef }) => clientRef === first?.id)?.quantity).toBe('12');
});

describe('one customer of many', () => {
  it.each([
    ['is refused to us', { fault: 'status', status: 403 }],
    ['cannot be read', { fault: 'status', status: 503 }],
    ['answers nonsense', { fault: 'patch', set: { 'items.0.quantity': 1.5 } }],
    ['has more than it lists', { fault: 'patch', set: { totalCount: 37 } }],
    ['lists one subscription twice', { fault: 'patch', set: { 'items.0.id': 'x', 'items.1.id': 'x' } }],
    ['has a subscription without an offer', { fault: 'patch', set: { 'items.0.offerId': null } }],
    ['goes on without saying where', { fault: 'patch', set: { 'links.next': { uri: '/x', headers: [] } } }],
  ])('that %s is a gap, and the others are counted', async (_what, fault) => {
    strike(listOf(first?.id), fault);
    const { counts, gaps } = await read();
    expect(gaps?.map(({ clientRef }) => clientRef)).toEqual([first?.id]);
    expect(counts.some(({ clientRef }) => clientRef === first?.id)).toBe(false);
    expect(counts.some(({ clientRef }) => clientRef === second?.id)).toBe(true);
  }); // prettier-ignore

  it('is the end of it when a second one is down', async () => {
    for (const one of [first, second]) strike(listOf(one?.id), { fault: 'status', status: 503 });
    expect((await refusal()).code).toBe('SOURCE_DOWN');
  });
});

it('signs in again when the token ends between two pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 9 });
  strike('/v1/customers', { nth: 3, fault: 'status', status: 429 });
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

it('refuses customers whose pages repeat or end too soon', async () => {
  sim.standIns.setOptions({ pageSizeMax: 9 });
  strike('/v1/customers', { nth: 2, fault: 'repeat-page' });
  expect((await refusal()).message).toContain('the same page twice');
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ pageSizeMax: 1000 });
  strike('/v1/customers', { fault: 'patch', set: { totalCount: 100 } });
  expect((await refusal()).message).toMatch(/says 100 rows and gives \d+/);
});

it('says that it is busy beyond 500 requests a minute, and counts a minute later', async () => {
  sim.standIns.setOptions({ rateLimits: true });
  const whole = await count();
  const { clientId, clientSecret, tenantId } = PARTNER_CREDENTIALS;
  const scope = 'https://api.partnercenter.microsoft.com/.default';
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope });
  const login = await fetch(`${sim.url}/partner-center/login/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body });
  const authorization = `Bearer ${((await login.json()) as { access_token: string }).access_token}`;
  const statuses: number[] = [];
  for (let reads = 0; reads < 501; reads += 1) {
    const answer = await fetch(`${sim.url}/partner-center/v1/customers?size=1`, { headers: { authorization } });
    statuses.push(answer.status);
    await answer.arrayBuffer();
  }
  expect(statuses.at(-1)).toBe(429);
  // Asked by a fresh bucket of our own, so that theirs is met.
  const fresh = createHttp({ allowLoopback: true, delay: () => Promise.resolve() });
  await expect(source.count(settings(), PERIOD, fresh)).rejects.toMatchObject({ code: 'SOURCE_BUSY' });
  sim.standIns.clock.advance(2);
  expect((await source.count(settings(), PERIOD, fresh)).counts).toEqual(whole);
}); // prettier-ignore

it('says whose fault it is when nobody lets us in', async () => {
  const wrong = await refusal({ clientSecret: 'wrong-secret' });
  expect(wrong.code).toBe('SOURCE_REFUSED');
  expect(wrong.message).toContain('The client secret is wrong');
  expect((await refusal({ tenantId: first?.id })).code).toBe('SOURCE_REFUSED');
  expect((await refusal({ tenantId: 'alder.example' })).message).toContain('tenantId: is not a GUID');
}); // prettier-ignore

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: '/v1/customers', sim: () => sim, count });
});
