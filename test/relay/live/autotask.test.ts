// Autotask's adapter against the stand-in that was written from its contract and pages alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { autotask as source } from '../../../src/relay/sources/autotask.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { AUTOTASK_CREDENTIALS } from '../../../src/sim/vendors/autotask.ts';
import { psaWorld, type PsaTime } from '../../../src/sim/vendors/psa-world.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';
import { agreed, hoursIn, quantityOf } from './psa-truth.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const world = psaWorld(sampleWorld('planted').vendors('2026-10'), '2026-10');
const UNITS = '/V1.0/ContractServiceUnits/query';
const TIME = '/V1.0/TimeEntries/query';

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
  timeZone: 'America/Chicago',
  baseUrl: `${sim.url}/autotask`,
  ...AUTOTASK_CREDENTIALS,
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
  /** Autotask knows neither included quantities nor halves: whole units of each line. */
  const whole = { ...world, lines: world.lines.map((line) => ({ ...line, quantity: Math.floor(line.quantity) })) };
  const codes = [...new Set(world.lines.map(({ code }) => code))];

  it('units by client and service on the last day of the month', async () => {
    const counts = await count();
    for (const { id } of world.clients) {
      for (const [index, code] of codes.entries()) {
        if (code === 'SETUP') continue;
        const sku = `${code === 'RMM-WS' ? 'bundle' : 'service'} ${String(index + 1)}`;
        const truth = agreed(whole, id, code, '2026-10-31').bought;
        for (const basis of ['bought', 'billable']) {
          const found = quantityOf(counts, String(id), sku, basis);
          expect(`${String(id)} ${code} ${found || '0'}`).toBe(`${String(id)} ${code} ${truth}`);
        }
      }
    }
  });

  it('the service has the name that people gave it', async () => {
    const skus = new Map((await count()).map(({ sku, skuName }) => [sku, skuName]));
    expect(skus.get(`bundle ${String(codes.indexOf('RMM-WS') + 1)}`)).toBe('Managed workstation');
  });

  it('hours by client and what pays for them', async () => {
    const counts = await count();
    const sum = (entries: readonly PsaTime[], field: 'toBill' | 'worked'): number =>
      entries.reduce((total, entry) => total + Math.round(entry[field] * 100), 0);
    for (const { id } of world.clients) {
      // Midnight UTC is a date as it stands; everything else is an instant in Chicago.
      const own = world.time.filter(({ clientId, start }) => clientId === id && hoursIn(start, '2026-10', start.endsWith('T00:00:00Z') ? 0 : -5));
      const billable = own.filter(({ billing }) => billing === 'Billable');
      const [block, open] = [billable.filter(({ covered }) => covered > 0), billable.filter(({ covered }) => covered === 0)];
      const of = (sku: string, basis: string): number => Math.round(100 * Number(quantityOf(counts, String(id), sku, basis)));
      expect(of('Hours: Billable', 'billable')).toBe(sum(open, 'toBill'));
      expect(of('Hours: Billable', 'active')).toBe(sum(open, 'worked'));
      expect(of('Hours: Block Hours', 'billable')).toBe(sum(block, 'toBill'));
      expect(of('Hours: NonBillable', 'active')).toBe(sum(own.filter(({ billing }) => billing !== 'Billable'), 'worked'));
    }
    expect(quantityOf(counts, 'none', 'Hours: NonBillable', 'active')).toBe('0.5');
  });

  it('is the same over small pages and under the documented limit', async () => {
    const all = await count();
    sim.standIns.setOptions({ pageSizeMax: 7, rateLimits: true });
    expect(await count()).toEqual(all);
  });
}); // prettier-ignore

describe('what contradicts itself', () => {
  it('two ranges of one service that begin together leave the client its last counts', async () => {
    const [first] = world.lines;
    const second = world.lines[1];
    const set = { '1.contractServiceID': first?.id, '1.startDate': `${first?.from ?? ''}T00:00:00Z` };
    strike(UNITS, { fault: 'patch', set: Object.fromEntries(Object.entries(set).map(([key, value]) => [`items.${key}`, value])) });
    const { counts, gaps = [] } = await sync();
    expect(second?.agreementId).toBe(first?.agreementId);
    expect(gaps.map(({ clientRef }) => clientRef)).toEqual(['500']);
    expect(gaps[0]?.reason).toMatch(/twice from/);
    expect(counts.some(({ clientRef }) => clientRef === '500')).toBe(false);
  });

  it('a billable entry without hours to bill is not none', async () => {
    const sorted = world.time.toSorted((a, b) => a.id - b.id).filter(({ start }) => start >= '2026-09-30' && start < '2026-11-02');
    const index = sorted.findIndex(({ billing }) => billing === 'Billable');
    strike(TIME, { fault: 'patch', set: { [`items.${String(index)}.hoursToBill`]: null } });
    const { gaps = [] } = await sync();
    expect(gaps.map(({ reason }) => reason).join()).toContain('has no hoursToBill');
  });

  it.each([['text', '12'], ['half', 0.5], ['null', null], ['negative', -1], ['1e9', 1e9]])('units that are %s', async (_what, units) => {
    strike(UNITS, { fault: 'patch', set: { 'items.0.units': units } });
    await expect(count()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED', message: expect.stringContaining('items.0.units') });
  });

  it.each([['contractID', /does not list contract 7/], ['ticketID', /does not list ticket 7/]])('time of an unknown %s is nobody\'s', async (field, words) => {
    strike(TIME, { fault: 'patch', set: { 'items.0.contractID': null, [`items.0.${field}`]: 7, 'items.0.dateWorked': '2026-10-05T00:00:00Z' } });
    await expect(count()).rejects.toThrow(words);
  });

  it('lists that lost their rows', async () => {
    for (const path of [UNITS, TIME]) {
      sim.standIns.faults.clear();
      strike(path, { fault: 'empty-list' });
      await expect(count()).rejects.toThrow(/says \d+ rows and gives 0/);
    }
  });
}); // prettier-ignore

it.each([{ secret: 'other' }, { userName: 'other' }, { integrationCode: 'other' }])('%j is refused', async (change) => {
  await expect(count(change)).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
}); // prettier-ignore

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: '/V1.0/Contracts/query', sim: () => sim, count: () => count(), signsIn: false });
}); // prettier-ignore
