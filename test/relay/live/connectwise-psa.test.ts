// ConnectWise PSA's adapter against the stand-in that was written from its contract alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parsePeriod } from '../../../src/core/billing-period.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { connectwisePsa as source } from '../../../src/relay/sources/connectwise-psa.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { CONNECTWISE_PSA_CREDENTIALS } from '../../../src/sim/vendors/connectwise-psa.ts';
import { psaWorld } from '../../../src/sim/vendors/psa-world.ts';
import { startServer, type Server } from '../replay-server.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';
import { agreed, cents, hoursIn, quantityOf } from './psa-truth.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const vendors = sampleWorld('planted').vendors('2026-10');
const world = psaWorld(vendors, '2026-10');
const FIRST = '500';
const AGREEMENTS = '/finance/agreements';
const ADDITIONS = '/finance/agreements/5000/additions';

let sim: RunningSim;
let server: Server | null = null;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(async () => {
  sim.standIns.faults.clear();
  sim.standIns.setOptions({ pageSizeMax: 1000 });
  await server?.close();
  server = null;
});
afterAll(() => sim.close());

const settings = (change: object = {}): object => ({
  region: 'na',
  timeZone: 'America/Chicago',
  baseUrl: `${sim.url}/connectwise-psa`,
  ...CONNECTWISE_PSA_CREDENTIALS,
  ...change,
});
const sync = (change: object = {}): Promise<VendorCounts> =>
  source.count(settings(change), PERIOD, http);
const count = async (change: object = {}): Promise<readonly VendorCount[]> =>
  (await sync(change)).counts;
const strike = (path: string, fault: object): void => {
  const parsed = FaultSchema.parse({ system: source.id, match: { path }, ...fault });
  sim.standIns.faults.add(parsed);
};

describe('what the stand-in holds is what is counted', () => {
  it('licences on agreements are those that were bought from the distributor', async () => {
    const counts = await count();
    const codes = new Set(vendors.pax8.subscriptions.map(({ vendorSkuId }) => vendorSkuId));
    const paid = vendors.pax8.subscriptions.filter(({ status }) => status === 'Active' || status === 'PendingCancel' || status === 'Trial');
    const bought = counts.filter(({ sku, basis }) => codes.has(sku) && basis === 'bought');
    expect(cents(bought)).toBe(100 * paid.reduce((sum, { quantity }) => sum + quantity, 0));
    expect(cents(bought)).toBeGreaterThan(0);
  });

  it('additions by client, product and basis, without those that are over or not yet there', async () => {
    const counts = await count();
    for (const { id } of world.clients) {
      for (const code of new Set(world.lines.map((line) => line.code))) {
        const truth = agreed(world, id, code, '2026-10-31');
        const of = (basis: string): string => quantityOf(counts, String(id), code, basis);
        if (code === 'SETUP') continue;
        expect(`${String(id)} ${code} ${of('bought')}`).toBe(`${String(id)} ${code} ${truth.bought}`);
        expect(`${String(id)} ${code} ${of('billable')}`).toBe(`${String(id)} ${code} ${truth.billable}`);
      }
    }
  });

  it('what began and ended inside the month is a SKU of its own', async () => {
    const counts = await count();
    expect(quantityOf(counts, '504', 'SETUP (once)', 'billable')).toBe('1');
    expect(quantityOf(counts, '504', 'SETUP', 'billable')).toBe('');
  });

  it('hours by client and class', async () => {
    const counts = await count();
    for (const { id } of world.clients) {
      const own = world.time.filter(({ clientId, start }) => clientId === id && hoursIn(start, '2026-10', -5));
      const sum = (entries: typeof own, field: 'toBill' | 'worked' | 'covered'): number =>
        entries.reduce((total, entry) => total + Math.round(entry[field] * 100), 0);
      const open = own.filter(({ state }) => state === 'open');
      const billable = open.filter(({ billing }) => billing === 'Billable');
      const of = (sku: string, basis: string): number => Math.round(100 * Number(quantityOf(counts, String(id), sku, basis)));
      expect(of('Hours: Billable', 'billable')).toBe(sum(billable, 'toBill') - sum(billable, 'covered'));
      expect(of('Hours: Billable', 'active')).toBe(sum(billable, 'worked'));
      expect(of('Hours: Agreement', 'billable')).toBe(sum(billable, 'covered'));
      expect(of('Hours: NoCharge', 'active')).toBe(sum(open.filter(({ billing }) => billing === 'NoCharge'), 'worked'));
      expect(of('Hours: WrittenOff', 'active')).toBe(sum(own.filter(({ state }) => state === 'written off'), 'worked'));
      expect(of('Hours: Billed', 'active')).toBe(sum(own.filter(({ state }) => state === 'billed'), 'worked'));
    }
    expect(quantityOf(counts, 'none', 'Hours: NoCharge', 'active')).toBe('0.5');
  });

  it('is the same over small pages', async () => {
    const whole = await count();
    sim.standIns.setOptions({ pageSizeMax: 3 });
    expect(await count()).toEqual(whole);
  });

  it('names what was counted, so that a delta can say what joined and left', async () => {
    const counts = await count();
    const edr = counts.find(({ clientRef, sku, basis }) => clientRef === FIRST && sku === 'EDR' && basis === 'bought');
    expect(edr?.ids).toEqual(['addition 500054']);
  });
}); // prettier-ignore

describe('a client whose figures contradict themselves', () => {
  const gapOf = async (): Promise<string> => {
    const { counts, gaps = [] } = await sync();
    expect(gaps.map(({ clientRef }) => clientRef)).toEqual([FIRST]);
    expect(counts.some(({ clientRef }) => clientRef === FIRST)).toBe(false);
    expect(counts.length).toBeGreaterThan(100);
    return gaps[0]?.reason ?? '';
  };

  it('keeps its last counts when billedQuantity is another number', async () => {
    strike(ADDITIONS, { fault: 'patch', set: { '0.billedQuantity': 7777 } });
    expect(await gapOf()).toMatch(/addition 500000 .*billedQuantity 7777.*Correct it/);
  });

  it.each([['text', '12'], ['null', null], ['negative', -1], ['1e9', 1e9]])('keeps them when a quantity is %s', async (_what, value) => {
    strike(ADDITIONS, { fault: 'patch', set: { '0.quantity': value } });
    expect(await gapOf()).toMatch(/0\.quantity/);
  });

  it('keeps them when its additions are gone, although there are some', async () => {
    strike(ADDITIONS, { fault: 'empty-list' });
    expect(await gapOf()).toMatch(/says \d+ rows and gives 0/);
  });

  it('keeps them when hours do not add up', async () => {
    const { index, id } = firstOpen();
    strike('/time/entries', { fault: 'patch', set: { [`${String(index)}.agreementHours`]: 0.05, [`${String(index)}.invoiceHours`]: 9 } });
    const { gaps = [] } = await sync();
    expect(gaps.map(({ reason }) => reason).join()).toContain(`time entry ${String(id)} has invoiceHours 9`);
  });

  it('hours are never taken for none when ConnectWise does not say them', async () => {
    const { index, id } = firstOpen();
    strike('/time/entries', { fault: 'patch', set: { [`${String(index)}.hoursBilled`]: null, [`${String(index)}.invoiceHours`]: null } });
    const { gaps = [] } = await sync();
    expect(gaps.map(({ reason }) => reason).join()).toContain(`time entry ${String(id)} is Billable and has neither`);
  });

  /** Where it stands in the answer, which is by id. */
  function firstOpen(): { index: number; id: number } {
    const sorted = world.time.toSorted((a, b) => a.id - b.id).filter(({ start }) => start >= '2026-09-30' && start < '2026-11-02');
    const index = sorted.findIndex(({ billing, state }) => billing === 'Billable' && state === 'open');
    return { index, id: sorted[index]?.id ?? 0 };
  }
}); // prettier-ignore

describe('the limits of the month are days of the provider', () => {
  const H = { id: 1, name: 'Harbor' };
  const entriesAt = (...starts: string[]): object[] =>
    starts.map((timeStart, index) => ({
      id: index + 1,
      company: H,
      timeStart,
      actualHours: 10 ** index,
      billableOption: 'NoCharge',
    }));

  async function hours(period: string, timeZone: string, starts: readonly string[]): Promise<string> {
    server = await startServer(({ path }) => {
      if (path.endsWith(`${AGREEMENTS}/count`)) return { body: { count: 1 } };
      if (path.endsWith(AGREEMENTS)) return { body: [{ id: 1, name: 'All', company: H }] };
      if (path.endsWith('/additions')) return { body: [] };
      if (path.endsWith('/additions/count')) return { body: { count: 0 } };
      return { body: path.endsWith('/count') ? { count: starts.length } : entriesAt(...starts) };
    });
    const own = createHttp({ allowLoopback: true });
    const change = { baseUrl: server.url, timeZone };
    const { counts } = await source.count(settings(change), parsePeriod(period), own);
    return quantityOf(counts, '1', 'Hours: NoCharge', 'active');
  }

  it.each([
    ['last second of the month, UTC', '2026-10', 'UTC', ['2026-10-31T23:59:59Z', '2026-11-01T00:00:00Z'], '1'],
    ['first second of the month, UTC', '2026-10', 'UTC', ['2026-09-30T23:59:59Z', '2026-10-01T00:00:00Z'], '10'],
    ['the 31st in Chicago is the 1st in UTC', '2026-10', 'America/Chicago', ['2026-11-01T04:59:59Z', '2026-11-01T05:00:00Z'], '1'],
    ['the 1st in Sydney is the 31st in UTC', '2026-11', 'Australia/Sydney', ['2026-10-31T12:59:59Z', '2026-10-31T13:00:00Z'], '10'],
    ['14 hours before UTC', '2026-10', 'Pacific/Kiritimati', ['2026-09-30T10:00:00Z', '2026-10-31T10:00:00Z'], '1'],
    ['12 hours behind it', '2026-10', 'Etc/GMT+12', ['2026-10-01T11:59:59Z', '2026-11-01T11:59:59Z'], '10'],
    ['29 February', '2028-02', 'UTC', ['2028-02-29T23:59:59Z', '2028-03-01T00:00:00Z'], '1'],
    ['no 29 February', '2026-02', 'UTC', ['2026-02-28T23:59:59Z', '2026-03-01T00:00:00Z'], '1'],
    ['the hour that a clock shows twice', '2026-11', 'America/Chicago', ['2026-11-01T06:30:00Z', '2026-11-01T07:30:00Z'], '11'],
  ] as const)('%s', async (_what, period, timeZone, starts, expected) => {
    expect(await hours(period, timeZone, starts)).toBe(expected);
  });

  it('a stamp that no calendar has is refused', async () => {
    await expect(hours('2026-02', 'UTC', ['2026-02-30T00:00:00Z'])).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it.each(['Mars/Olympus', '', 'EST5EDT4'])('"%s" is no time zone', (timeZone) => {
    expect(() => source.parseSettings(settings({ timeZone }))).toThrow(/timeZone: is no time zone/);
  });
}); // prettier-ignore

describe('wrong credentials are refused', () => {
  it.each([{ privateKey: 'other' }, { clientId: 'other' }, { companyId: 'other' }])('%j', async (change) => {
    await expect(count(change)).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });
}); // prettier-ignore

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: AGREEMENTS, sim: () => sim, count: () => count(), signsIn: false });
  it('time entries that vanish are not a month without work', async () => {
    strike('/time/entries', { fault: 'empty-list' });
    await expect(count()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
  it('a page that comes twice is noticed', async () => {
    sim.standIns.setOptions({ pageSizeMax: 20 });
    strike(AGREEMENTS, { fault: 'repeat-page', nth: 2 });
    await expect(count()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
}); // prettier-ignore
