// HaloPSA's adapter against the stand-in that was written from its contract alone.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { halopsa as source } from '../../../src/relay/sources/halopsa.ts';
import type { VendorCount, VendorCounts } from '../../../src/relay/sources/source.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { HALOPSA_CREDENTIALS } from '../../../src/sim/vendors/halopsa.ts';
import { psaWorld, type PsaTime } from '../../../src/sim/vendors/psa-world.ts';
import { http, itSpeaksOfTrouble, PERIOD } from './in-trouble.ts';
import { agreed, hoursIn, quantityOf } from './psa-truth.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const world = psaWorld(sampleWorld('planted').vendors('2026-10'), '2026-10');
const INVOICES = '/api/RecurringInvoice';
const ACTIONS = '/api/Actions';

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
  timeZone: 'America/Chicago',
  baseUrl: `${sim.url}/halopsa`,
  ...HALOPSA_CREDENTIALS,
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
  /** Lines that others do not bill are switched off in Halo, and nothing is included there. */
  const billed = world.lines.filter(({ billing }) => billing === 'Billable').map((line) => ({ ...line, included: 0 }));

  it('lines by client and item on the last day of the month', async () => {
    const counts = await count();
    for (const { id } of world.clients) {
      for (const code of new Set(world.lines.map((line) => line.code))) {
        if (code === 'SETUP') continue;
        const truth = agreed({ ...world, lines: billed }, id, code, '2026-10-31');
        for (const basis of ['bought', 'billable'] as const) {
          const found = quantityOf(counts, String(id), code, basis);
          expect(`${String(id)} ${code} ${found}`).toBe(`${String(id)} ${code} ${truth[basis]}`);
        }
      }
    }
    expect(quantityOf(counts, '504', 'SETUP (once)', 'billable')).toBe('1');
  });

  it('hours by client and class', async () => {
    const counts = await count();
    const sum = (entries: readonly PsaTime[], of: (entry: PsaTime) => number): number =>
      entries.reduce((total, entry) => total + Math.round(of(entry) * 100), 0);
    for (const { id } of world.clients) {
      const own = world.time.filter(({ clientId, start }) => clientId === id && hoursIn(start, '2026-10', -5));
      const open = own.filter(({ state }) => state !== 'billed');
      const billable = open.filter(({ billing }) => billing === 'Billable');
      const of = (sku: string, basis: string): number => Math.round(100 * Number(quantityOf(counts, String(id), sku, basis)));
      expect(of('Hours: Billable', 'billable')).toBe(sum(billable, ({ toBill, covered }) => toBill - covered));
      expect(of('Hours: Billable', 'active')).toBe(sum(billable, ({ worked }) => worked));
      expect(of('Hours: Prepay', 'billable')).toBe(sum(billable, ({ covered }) => covered));
      expect(of('Hours: NonBillable', 'active')).toBe(sum(open.filter(({ billing }) => billing !== 'Billable'), ({ worked }) => worked));
      expect(of('Hours: Invoiced', 'active')).toBe(sum(own.filter(({ state }) => state === 'billed'), ({ worked }) => worked));
    }
    expect(quantityOf(counts, 'none', 'Hours: NonBillable', 'active')).toBe('0.5');
  });

  it('is the same over small pages, and where a day has more entries than one answer holds', async () => {
    const whole = await count();
    sim.standIns.setOptions({ pageSizeMax: 11 });
    expect(await count()).toEqual(whole);
  });
}); // prettier-ignore

describe('what contradicts itself', () => {
  it('a line without a quantity leaves the client its last counts', async () => {
    strike(INVOICES, { fault: 'patch', set: { 'invoices.0.lines.1.qty_order': null } });
    const { counts, gaps = [] } = await sync();
    expect(gaps.map(({ clientRef }) => clientRef)).toEqual(['500']);
    expect(gaps[0]?.reason).toMatch(/line \d+ .*of recurring invoice 5000 has no qty_order/);
    expect(counts.some(({ clientRef }) => clientRef === '500')).toBe(false);
  });

  it('a billable entry without hours to charge is not none', async () => {
    strike(ACTIONS, { fault: 'patch', set: { 'actions.0.actionchargehours': null, 'actions.0.actisbillable': true } });
    const { gaps = [] } = await sync();
    expect(gaps.map(({ reason }) => reason).join()).toContain('has no actionchargehours');
  });

  it.each([['text', '12'], ['negative', -1], ['1e9', 1e9]])('a quantity that is %s', async (_what, value) => {
    strike(INVOICES, { fault: 'patch', set: { 'invoices.0.lines.1.qty_order': value } });
    await expect(count()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED', message: expect.stringContaining('qty_order') });
  });

  it('recurring invoices without their lines are no clients without services', async () => {
    strike(INVOICES, { fault: 'patch', set: { 'invoices.0.lines': null } });
    await expect(count()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it('time entries and tickets that vanish', async () => {
    for (const path of [ACTIONS, '/api/Tickets']) {
      sim.standIns.faults.clear();
      strike(path, { fault: 'empty-list' });
      await expect(count()).rejects.toThrow(/says \d+ (rows|time entries)/);
    }
  });

  it('a page that comes twice is noticed', async () => {
    sim.standIns.setOptions({ pageSizeMax: 20 });
    strike(INVOICES, { fault: 'repeat-page', nth: 2 });
    await expect(count()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
}); // prettier-ignore

describe('the tenant is a host name of HaloPSA and nothing else', () => {
  it.each(['evil.example', '10.0.0.1', 'a.halopsa.com.evil.example', 'Alder.halopsa.com', 'a.b.halopsa.com', 'halopsa.com', 'a.halopsa.com:8443', 'a.halopsa.com/x', 'x@a.halopsa.com'])('%s', (host) => {
    expect(() => source.parseSettings(settings({ host }))).toThrow(/host: is no host name/);
  });
}); // prettier-ignore

it.each([{ clientSecret: 'other' }, { clientId: 'other' }, { host: 'other.halopsa.com' }])('%j is refused', async (change) => {
  await expect(count(change)).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
}); // prettier-ignore

it('signs in again when the token has expired between two syncs', async () => {
  const whole = await count();
  sim.standIns.revokeTokens();
  expect(await count()).toEqual(whole);
});

describe('in trouble', () => {
  itSpeaksOfTrouble({ source, path: INVOICES, sim: () => sim, count: () => count() });
});
