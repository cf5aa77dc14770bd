// Ingram Micro Cloud's adapter against the stand-in that was written from the derived description.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { ingramCloud as source } from '../../../src/relay/sources/ingram-cloud.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { INGRAM_CREDENTIALS } from '../../../src/sim/vendors/ingram-cloud.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const { companies, subscriptions } = sampleWorld('planted').vendors('2026-10').pax8;
const PAID: readonly string[] = ['Active', 'PendingCancel'];
const [first] = subscriptions;

let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(() => {
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ pageSizeMax: 1000 });
});
afterAll(() => sim.close());

const settings = (change: object = {}): object => ({
  baseUrl: `${sim.url}/ingram-cloud`,
  ...INGRAM_CREDENTIALS,
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

it('counts what each customer has bought, without trials and what has ended', async () => {
  const counts = await count();
  const skus = new Set(subscriptions.map(({ vendorSkuId }) => vendorSkuId));
  for (const { id, name } of companies) {
    for (const sku of skus) {
      const own = subscriptions.filter((one) => one.companyId === id && one.vendorSkuId === sku && PAID.includes(one.status));
      const truth = String(own.reduce((sum, { quantity }) => sum + quantity, 0));
      const counted = counts.filter((one) => one.clientRef === id && one.sku === sku);
      expect([name, sku, counted.map(({ quantity }) => quantity)]).toEqual([name, sku, [truth]]);
    }
  }
}); // prettier-ignore

it('counts the same over small pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 11 });
  expect(await count()).toEqual(whole);
});

it('reads what was there at the end of an earlier month', async () => {
  sim.standIns.clock.set('2026-03-28T10:00:00.000Z');
  const march = sampleWorld('planted').vendors('2026-03').pax8.subscriptions;
  const paid = march.filter(({ status }) => PAID.includes(status));
  const total = (quantities: readonly number[]): number => quantities.reduce((a, b) => a + b, 0);
  expect(total((await count()).map(({ quantity }) => Number(quantity)))).toBe(
    total(paid.map(({ quantity }) => quantity)),
  );
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
});

it('shows a status it has never met as a SKU of its own', async () => {
  strike(`/subscriptions/${first?.id ?? ''}`, { fault: 'patch', set: { status: 'Migrating' } });
  const apart = (await count()).filter(({ sku }) => sku.endsWith(' (Migrating)'));
  expect(apart.length).toBe(companies.length);
  const own = apart.find(({ clientRef }) => clientRef === first?.companyId);
  expect(own?.quantity).toBe(String(first?.quantity));
});

describe('one customer of many', () => {
  it.each([
    ['whose subscription has gone meanwhile', { fault: 'status', status: 404 }],
    ['whose subscription cannot be read', { fault: 'status', status: 503 }],
    ['whose subscription is another one', { fault: 'patch', set: { id: 'other' } }],
    ['whose subscription is of another customer', { fault: 'patch', set: { customerId: 'other' } }],
    ['whose subscription has no products', { fault: 'empty-list' }],
    ['that has half a licence', { fault: 'patch', set: { 'products.0.quantity': 0.5 } }],
    ['that has a billion licences', { fault: 'patch', set: { 'products.0.quantity': 1e9 } }],
    ['whose licence has no part number', { fault: 'patch', set: { 'products.0.mpn': null } }],
  ])('%s is a gap, and the others are counted', async (_what, fault) => {
    strike(`/subscriptions/${first?.id ?? ''}`, fault);
    const { counts, gaps } = await read();
    expect(gaps?.map(({ clientRef }) => clientRef)).toEqual([first?.companyId]);
    expect(new Set(counts.map(({ clientRef }) => clientRef)).size).toBe(companies.length - 1);
    expect(counts.some(({ clientRef }) => clientRef === first?.companyId)).toBe(false);
  });
});

it('signs in again when the token ends between two pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 9 });
  strike('/customers', { nth: 3, fault: 'status', status: 429 });
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

it('refuses pages that repeat, skip or do not add up', async () => {
  sim.standIns.setOptions({ pageSizeMax: 9 });
  const asked = async (fault: object): Promise<string> => {
    sim.standIns.faults.clear();
    strike('/subscriptions', fault);
    return (await refusal()).message;
  };
  expect(await asked({ nth: 2, fault: 'repeat-page' })).toContain('the same page twice');
  const other = { 'pagination.offset': 5 };
  expect(await asked({ nth: 2, fault: 'patch', set: other })).toContain('pagination.offset');
  expect(await asked({ nth: 2, fault: 'empty-list' })).toMatch(/says \d+ rows and gives 9/);
  const again = { 'data.1.id': first?.id };
  expect(await asked({ nth: 1, fault: 'patch', set: again })).toContain('twice');
});

it('says whose fault it is when nobody lets us in', async () => {
  expect((await refusal({ password: 'wrong-password' })).code).toBe('SOURCE_REFUSED');
  expect((await refusal({ subscriptionKey: 'wrong-key' })).code).toBe('SOURCE_REFUSED');
  expect((await refusal({ marketplace: 'xx' })).code).toBe('SOURCE_REFUSED');
  expect((await refusal({ marketplace: '../x' })).message).toContain('marketplace');
});

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: '/subscriptions', sim: () => sim, count });
});
