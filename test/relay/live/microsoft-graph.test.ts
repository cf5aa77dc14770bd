// Microsoft Graph's adapter against the stand-in that was written from its contract alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppError } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { microsoftGraph as source } from '../../../src/relay/sources/microsoft-graph.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import type { SampleCompany } from '../../../src/sample/model.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import {
  GRAPH_CREDENTIALS,
  TENANT_WITHOUT_CONSENT,
} from '../../../src/sim/vendors/microsoft-graph.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const { companies, subscriptions } = sampleWorld('planted').vendors('2026-10').pax8;
const SKUS: Readonly<Record<string, string>> = {
  'Business Basic': '3b555118-da6a-4418-894f-7df1e2096870',
  'Business Standard': 'f245ecc8-75af-4f8e-b61f-27d8114de5f3',
  'Business Premium': 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46',
  'E3 (no Teams)': 'dcf0408c-aaec-446c-afd4-43e3683943ea',
};
const FREE = 'f30db892-07e9-47e9-837c-80727f46fd3d';

let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(() => {
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ pageSizeMax: 1000, rateLimits: false });
});
afterAll(() => sim.close());

const settings = (tenants: readonly SampleCompany[], change: object = {}): object => ({
  baseUrl: `${sim.url}/microsoft-graph`,
  ...GRAPH_CREDENTIALS,
  tenants,
  ...change,
});
const read = async (tenants = companies, change: object = {}): Promise<VendorCounts> =>
  source.count(settings(tenants, change), PERIOD, http);
const count = async (tenants = companies): Promise<readonly VendorCount[]> =>
  (await read(tenants)).counts;
const refusal = (tenants = companies, change: object = {}): Promise<AppError> =>
  read(tenants, change).then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as AppError,
  );
const strike = (path: string, fault: object): void => {
  sim.standIns.faults.add(FaultSchema.parse({ system: source.id, match: { path }, ...fault }));
};

const seats = (companyId: string, product: string, ...statuses: string[]): number =>
  subscriptions
    .filter((one) => one.companyId === companyId && one.productName.includes(product) && statuses.includes(one.status))
    .reduce((sum, { quantity }) => sum + quantity, 0); // prettier-ignore
const quantityOf = (counts: readonly VendorCount[], ref: string, sku: string, basis: string): string =>
  counts.find((one) => one.clientRef === ref && one.sku === sku && one.basis === basis)?.quantity ?? 'no row'; // prettier-ignore
const holderOf = (product: string, status: string, term = 'Monthly'): SampleCompany => {
  const found = subscriptions.find((one) => one.productName.includes(product) && one.status === status && one.billingTerm === term); // prettier-ignore
  const company = companies.find(({ id }) => id === found?.companyId);
  if (!company) throw new Error(`Nobody has ${product} ${status}`);
  return company;
};

it('counts what each tenant has bought and assigned, without its trials and lapsed plans', async () => {
  const counts = await count();
  for (const { id, name } of companies) {
    for (const [product, sku] of Object.entries(SKUS)) {
      const paid = seats(id, product, 'Active', 'PendingCancel');
      const enabled = paid + seats(id, product, 'Trial');
      const assigned = paid === 0 ? 0 : enabled - Math.floor(enabled / 10);
      expect(`${name} ${product} ${quantityOf(counts, id, sku, 'bought')}`).toBe(`${name} ${product} ${String(paid)}`);
      expect(quantityOf(counts, id, sku, 'assigned')).toBe(String(assigned));
    }
  }
}); // prettier-ignore

it('counts the same over small pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 1 });
  expect(await count()).toEqual(whole);
});

it('reads what was there at the end of an earlier month', async () => {
  sim.standIns.clock.set('2026-03-28T10:00:00.000Z');
  const march = sampleWorld('planted').vendors('2026-03').pax8;
  const [, tenant] = march.companies;
  const counts = await count(march.companies);
  const own = march.subscriptions.filter((one) => one.companyId === tenant?.id && one.productName.includes('365 Business')); // prettier-ignore
  const bought = counts.filter((one) => one.clientRef === tenant?.id && one.basis === 'bought');
  const sum = (quantities: number[]): number => quantities.reduce((total, one) => total + one, 0);
  expect(sum(bought.map(({ quantity }) => Number(quantity)))).toBe(sum(own.map(({ quantity }) => quantity))); // prettier-ignore
  sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
});

describe('what is not billed', () => {
  it('a trial is seen apart, and its seats are not bought', async () => {
    const { id } = holderOf('E3 (no Teams)', 'Trial', 'Trial');
    const sku = SKUS['E3 (no Teams)'] ?? '';
    const counts = await count();
    expect(quantityOf(counts, id, sku, 'bought')).toBe('0');
    expect(quantityOf(counts, id, `${sku} (trial)`, 'bought')).toBe('0');
    expect(quantityOf(counts, id, `${sku} (trial)`, 'assigned')).toBe('23');
  });

  it('seats of a trial beside paid ones are taken off', async () => {
    const tenant = holderOf('', 'Active', 'Annual');
    strike('/directory/subscriptions', { fault: 'patch', set: { 'value.0.isTrial': true } });
    const [monthly, annual] = subscriptions.filter((one) => one.companyId === tenant.id);
    const sku = Object.entries(SKUS).find(([name]) => monthly?.productName.includes(name))?.[1] ?? '';
    expect(annual?.billingTerm).toBe('Annual');
    expect(quantityOf(await count([tenant]), tenant.id, sku, 'bought')).toBe(String(annual?.quantity));
  }); // prettier-ignore

  it('a lapsed plan is seen apart with the users it still has', async () => {
    const { id } = holderOf('Business Basic', 'Cancelled');
    const sku = SKUS['Business Basic'] ?? '';
    const counts = await count();
    expect(quantityOf(counts, id, sku, 'bought')).toBe('0');
    expect(quantityOf(counts, id, sku, 'assigned')).toBe('0');
    const users = String(seats(id, 'Business Basic', 'Cancelled'));
    expect(quantityOf(counts, id, `${sku} (Suspended)`, 'assigned')).toBe(users);
  });

  it('free plans leave no row, nor what the settings name', async () => {
    const skus = (counts: readonly VendorCount[]): string[] => counts.map(({ sku }) => sku);
    expect(skus(await count())).not.toContain(FREE);
    const premium = SKUS['Business Premium'] ?? '';
    const { counts } = await read(companies, { freeSkus: [` ${premium.toUpperCase()}\u00a0`] });
    expect(skus(counts)).not.toContain(premium);
    expect(skus(counts)).toContain(SKUS['Business Basic']);
  });
});

describe('one tenant of many', () => {
  const [first, second] = companies;
  const withdrawn = { id: TENANT_WITHOUT_CONSENT, name: 'Gone Fishing' };

  it('that has taken its consent back is a gap, and the others are counted', async () => {
    const whole = await count();
    const answer = await read([withdrawn, ...companies]);
    expect(answer.counts).toEqual(whole);
    expect(answer.gaps).toMatchObject([{ clientRef: TENANT_WITHOUT_CONSENT, clientName: 'Gone Fishing' }]);
    expect(answer.gaps?.[0]?.reason).toContain('give consent there');
  }); // prettier-ignore

  it.each([
    ['cannot be read', { times: 3, fault: 'status', status: 503 }],
    ['lacks a right', { nth: 1, fault: 'status', status: 403 }],
    ['answers nonsense', { nth: 1, fault: 'patch', set: { 'value.0.prepaidUnits.enabled': '12' } }],
    ['has subscriptions and no licences', { nth: 1, fault: 'empty-list' }],
    ['has more trials than units', { nth: 1, fault: 'patch', set: { 'value.0.prepaidUnits.enabled': 0 } }],
    ['lists one licence twice', { nth: 1, fault: 'patch', set: { 'value.1.id': `${first?.id ?? ''}_${SKUS['Business Premium'] ?? ''}` } }],
  ])('that %s is a gap without a row', async (what, fault) => {
    if (what.includes('trials')) strike('/directory/subscriptions', { nth: 1, fault: 'patch', set: { 'value.0.isTrial': true } });
    strike('/subscribedSkus', fault);
    const { counts, gaps } = await read();
    expect(gaps?.map(({ clientRef }) => clientRef)).toEqual([first?.id]);
    expect(counts.some(({ clientRef }) => clientRef === first?.id)).toBe(false);
    expect(counts.some(({ clientRef }) => clientRef === second?.id)).toBe(true);
  }); // prettier-ignore

  it('that has no licences at all has true zeros', async () => {
    strike('/subscribedSkus', { nth: 1, fault: 'empty-list' });
    strike('/directory/subscriptions', { nth: 1, fault: 'empty-list' });
    const { counts, gaps } = await read();
    const own = counts.filter(({ clientRef }) => clientRef === first?.id);
    expect(gaps).toEqual([]);
    expect(own.length).toBeGreaterThan(7);
    expect(own.every(({ quantity }) => quantity === '0')).toBe(true);
  });

  it('is the end of it when a second one is down', async () => {
    strike('/subscribedSkus', { fault: 'status', status: 503 });
    expect((await refusal()).code).toBe('SOURCE_DOWN');
  });

  it('named twice would be billed twice', async () => {
    const again = { id: (first?.id ?? '').toUpperCase(), name: 'again' };
    expect((await refusal([...companies, again])).message).toContain('names one tenant twice');
  });
});

it('says whose fault it is when nobody lets us in', async () => {
  const wrong = await refusal(companies, { clientSecret: 'wrong-secret' });
  expect(wrong.code).toBe('SOURCE_REFUSED');
  expect(wrong.message).toContain('The client secret is wrong');
  expect(wrong.message).not.toContain('wrong-secret');
  expect((await refusal(companies, { clientId: 'wrong-client' })).code).toBe('SOURCE_REFUSED');
});

it('signs in again when the token ends between two pages', async () => {
  const whole = await count();
  sim.standIns.setOptions({ pageSizeMax: 1 });
  strike('/subscribedSkus', { nth: 2, fault: 'status', status: 429 });
  let waits = 0;
  const meanwhile = createHttp({
    allowLoopback: true,
    delay: () => {
      waits += 1;
      sim.standIns.revokeTokens();
      return Promise.resolve();
    },
  });
  expect((await source.count(settings(companies), PERIOD, meanwhile)).counts).toEqual(whole);
  expect(waits).toBe(1);
});

it('refuses pages that repeat', async () => {
  sim.standIns.setOptions({ pageSizeMax: 1 });
  strike('/subscribedSkus', { nth: 2, fault: 'repeat-page' });
  expect((await read()).gaps?.[0]?.reason).toContain('the same page twice');
});

it.each(['skuId', 'consumedUnits', 'capabilityStatus', 'prepaidUnits', 'id'])(
  'refuses a licence without %s',
  async (field) => {
    strike('/subscribedSkus', { fault: 'patch', set: { [`value.0.${field}`]: null } });
    const error = await refusal();
    expect(error.code).toBe('SOURCE_MALFORMED');
    expect(error.message).toContain(`value.0.${field}`);
  },
);

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: '/subscribedSkus', sim: () => sim, count });
});
