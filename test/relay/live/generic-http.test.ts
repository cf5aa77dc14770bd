/** A described service over real HTTP: every way of signing in and of paging counts the same. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parsePeriod } from '../../../src/core/billing-period.ts';
import { AppError } from '../../../src/core/errors.ts';
import { genericHttp as source } from '../../../src/relay/sources/registry.ts';
import type { VendorCount } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { SIGN_INS } from '../../../src/sim/vendors/generic-http.ts';
import { PAGINGS } from '../../../src/sim/vendors/generic-http-pages.ts';
import {
  authOf, change, eachSettings, searchSettings, unitsSettings, usageSettings,
} from './generic-http-settings.ts'; // prettier-ignore
import { http, itSpeaksOfTrouble } from './in-trouble.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const PERIOD = parsePeriod('2026-10');
const { ninjaone } = sampleWorld('planted').vendors('2026-10');

/** What must be counted, from the sample alone: "24 BU-SRV" to how many. */
const truth = new Map<string, number>();
for (const { id } of ninjaone.organisations) {
  for (const sku of ['BU-SRV', 'BU-WKS']) truth.set(`${String(id)} ${sku}`, 0);
}
for (const { organisationId, nodeClass, approved } of ninjaone.devices) {
  const key = `${String(organisationId)} ${nodeClass.includes('SERVER') ? 'BU-SRV' : 'BU-WKS'}`;
  if (approved) truth.set(key, (truth.get(key) ?? 0) + 1);
}

let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim({ options: { rateLimits: false, recordExchanges: true } });
});
afterEach(() => {
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ pageSizeMax: 1000, rateLimits: false });
  sim.standIns.forgetExchanges();
});
afterAll(() => sim.close());

const count = (settings: unknown) => source.count(settings, PERIOD, http);
const countsOf = async (settings: unknown): Promise<readonly VendorCount[]> =>
  (await count(settings)).counts;
const byKey = (counts: readonly VendorCount[], basis = 'active'): Map<string, number> =>
  new Map(
    counts
      .filter((one) => one.basis === basis)
      .map(({ clientRef, sku, quantity }) => [`${clientRef} ${sku}`, Number(quantity)]),
  );
const failure = async (settings: unknown): Promise<AppError> => {
  const error = await count(settings).catch((one: unknown) => one);
  if (error instanceof AppError) return error;
  throw new Error('it counted', { cause: error });
};

it('the sample has something to count', () => {
  expect(truth.size).toBeGreaterThan(60);
  expect([...truth.values()].reduce((a, b) => a + b)).toBeGreaterThan(500);
});

it.each(SIGN_INS)('signs in by %s', async (signIn) => {
  expect(byKey(await countsOf(unitsSettings(sim.url, signIn, 'page0')))).toEqual(truth);
});

it.each(SIGN_INS.filter((one) => one !== 'none'))('is refused by %s with wrong credentials', async (signIn) => {
  const wrong = Object.fromEntries(Object.entries(authOf(signIn)).map(([key, value]) => [key, /^(apiKey|password|token|clientSecret)$/.test(key) ? 'canary-wrong' : value]));
  const error = await failure({ ...unitsSettings(sim.url, signIn, 'all'), auth: wrong });
  expect(error.code).toBe('SOURCE_REFUSED');
  expect(error.message).not.toContain('canary');
}); // prettier-ignore

describe.each(PAGINGS)('pages by %s', (paging) => {
  it.each([1000, 7])('with at most %i rows a page', async (pageSizeMax) => {
    sim.standIns.setOptions({ pageSizeMax });
    const counts = await countsOf(unitsSettings(sim.url, 'key', paging));
    expect(byKey(counts)).toEqual(truth);
    for (const { quantity, ids, unitCost } of counts) {
      expect(new Set(ids).size).toBe(Number(quantity));
      expect(unitCost === undefined).toBe(quantity === '0');
    }
    const pages = sim.standIns.exchanges().filter(({ path }) => path.endsWith('/units')).length;
    expect(pages === 1).toBe(paging === 'all');
  });
});

it('a list that is described as one page and has more is not taken for the whole', async () => {
  const settings = unitsSettings(sim.url, 'key', 'link-header');
  const items = settings['items'] as object;
  const error = await failure({ ...settings, items: { ...items, paging: { kind: 'none' } } });
  expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
  expect(error.message).toMatch(/units has a next page, and its paging is "none"/);
  const first = change(unitsSettings(sim.url, 'key', 'cursor'), { paging: { kind: 'none' } });
  expect((await failure(first)).message).toMatch(/says \d+ rows and gives 25/);
});

it('reads bought and used from one row of a month', async () => {
  const counts = await countsOf(usageSettings(sim.url));
  expect(byKey(counts, 'assigned')).toEqual(truth);
  const bought = new Map([...truth].map(([key, used]) => [key, Math.ceil(used / 5) * 5]));
  expect(byKey(counts, 'bought')).toEqual(bought);
  const usage = sim.standIns.exchanges().filter(({ path }) => path.endsWith('/usage'));
  expect(usage[0]?.query).toMatchObject({ from: ['2026-10-01'], to: ['2026-10-31'] });
});

it('puts a question by POST and pages in its body', async () => {
  sim.standIns.setOptions({ pageSizeMax: 30 });
  expect(byKey(await countsOf(searchSettings(sim.url)))).toEqual(truth);
  const asked = sim.standIns.exchanges().filter(({ method }) => method === 'POST');
  expect(asked.length).toBeGreaterThan(5);
});

describe('asking for each client', () => {
  it.each(['path', 'query', 'question'] as const)('in the %s', async (way) => {
    expect(byKey(await countsOf(eachSettings(sim.url, way)))).toEqual(truth);
    const asked = sim.standIns.exchanges().filter(({ path }) => path.includes('/units'));
    expect(asked.length).toBeGreaterThanOrEqual(ninjaone.organisations.length);
  });

  it('one that fails is a gap; the others are counted, and it is no zero', async () => {
    const [organisation] = ninjaone.organisations.toSorted((a, b) => a.id - b.id);
    const ref = String(organisation?.id);
    const match = { path: `/basic/cursor/customers/${ref}/units` };
    sim.standIns.faults.add(FaultSchema.parse({ system: 'generic-http', match, fault: 'status', status: 404 })); // prettier-ignore
    const { counts, gaps } = await count(eachSettings(sim.url, 'path'));
    expect(gaps).toMatchObject([{ clientRef: ref, clientName: organisation?.name }]);
    expect(counts.some(({ clientRef }) => clientRef === ref)).toBe(false);
    const others = [...truth].filter(([key]) => !key.startsWith(`${ref} `));
    expect(byKey(counts)).toEqual(new Map(others));
  });

  it('notices a service that overlooks the filter', async () => {
    const settings = change(unitsSettings(sim.url, 'basic', 'cursor'), {
      path: '/basic/cursor/units',
      query: { customer: '{clientId}' },
    });
    // The stand-in does filter, so one row of its answers is made another customer's.
    const all = { path: '/basic/cursor/units' };
    const set = { 'data.0.customer.id': 999 };
    sim.standIns.faults.add(FaultSchema.parse({ system: 'generic-http', match: all, fault: 'patch', set })); // prettier-ignore
    const error = await failure(settings);
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toMatch(/\/customer\/id is another client than the one asked for/);
  });
});

it('waits out a 429 in the middle of the pages', async () => {
  sim.standIns.setOptions({ pageSizeMax: 7 });
  const settings = unitsSettings(sim.url, 'key', 'cursor');
  const busy = { system: 'generic-http', match: {}, nth: 3, fault: 'status', status: 429 };
  sim.standIns.faults.add(FaultSchema.parse({ ...busy, headers: { 'retry-after': '1' } }));
  expect(byKey(await countsOf(settings))).toEqual(truth);
});

it('signs in again when its token ends between two pages', async () => {
  sim.standIns.setOptions({ pageSizeMax: 20 });
  const match = { path: '/oauth2/cursor/units' };
  sim.standIns.faults.add(FaultSchema.parse({ system: 'generic-http', match, nth: 4, fault: 'status', status: 401 })); // prettier-ignore
  expect(byKey(await countsOf(unitsSettings(sim.url, 'oauth2', 'cursor')))).toEqual(truth);
  const tokens = sim.standIns.exchanges().filter(({ path }) => path.endsWith('/token'));
  expect(tokens.length).toBe(2);
});

describe('in trouble', () => {
  itSpeaksOfTrouble({
    source,
    path: '/oauth2/cursor/units',
    sim: () => sim,
    count: () => countsOf(unitsSettings(sim.url, 'oauth2', 'cursor')),
  });

  it.each(['page0', 'page1', 'offset', 'last-id', 'cursor', 'link', 'link-header'] as const)(
    'a page of %s that comes again is never counted twice',
    async (paging) => {
      sim.standIns.setOptions({ pageSizeMax: 50 });
      const match = { path: `/key/${paging}/units` };
      sim.standIns.faults.add(FaultSchema.parse({ system: 'generic-http', match, fault: 'repeat-page' })); // prettier-ignore
      expect((await failure(unitsSettings(sim.url, 'key', paging))).code).toBe('SOURCE_MALFORMED');
    },
  );
});
