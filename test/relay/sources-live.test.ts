/** Adapters against the stand-ins, which were written from the vendors' contracts alone. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { AppError, ErrorCode } from '../../src/core/errors.ts';
import type { InvoiceContent } from '../../src/core/model.ts';
import { createHttp } from '../../src/relay/http.ts';
import type { InvoiceKeys } from '../../src/relay/accounting/accounting.ts';
import { conductor } from '../../src/relay/accounting/registry.ts';
import * as registry from '../../src/relay/sources/registry.ts';
import type { CountSource, VendorCount } from '../../src/relay/sources/source.ts';
import { sampleBooks, sampleConfig } from '../../src/sample/config.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { FaultSchema } from '../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const PERIOD = parsePeriod('2026-10');
const http = createHttp({
  allowLoopback: true,
  timeoutMaxMs: 1500,
  delay: () => Promise.resolve(),
});
const truth = sampleWorld('planted').vendors('2026-10');
const SOURCES: readonly CountSource[] = [registry.ninjaone, registry.pax8, registry.huntress];

let sim: RunningSim;
beforeAll(async () => {
  sim = await startSim({ options: { rateLimits: false } });
});
afterEach(() => {
  sim.standIns.faults.clear();
});
afterAll(() => sim.close());

async function countOf(source: CountSource): Promise<readonly VendorCount[]> {
  const connection = sampleConfig(sim.url).connections.find(({ adapter }) => adapter === source.id);
  const { counts } = await source.count(connection?.settings, PERIOD, http);
  return counts;
}

const total = (counts: readonly VendorCount[]): number =>
  counts.reduce((sum, { quantity }) => sum + Number(quantity), 0);

describe('what the stand-ins hold is what is counted', () => {
  it('devices, but those waiting for approval, by organisation and class', async () => {
    const counts = await countOf(registry.ninjaone);
    const managed = truth.ninjaone.devices.filter(({ approved }) => approved);
    expect(total(counts)).toBe(managed.length);
    for (const { clientRef, sku, quantity, ids } of counts) {
      const own = managed.filter((one) => String(one.organisationId) === clientRef && one.nodeClass === sku);
      expect(`${clientRef} ${sku} ${quantity}`).toBe(`${clientRef} ${sku} ${String(own.length)}`);
      expect(new Set(ids).size).toBe(own.length);
    }
  }); // prettier-ignore

  it('licences that are paid for, monthly and annual together', async () => {
    const counts = await countOf(registry.pax8);
    const paid = truth.pax8.subscriptions.filter(({ status }) => status === 'Active' || status === 'PendingCancel');
    expect(total(counts)).toBe(paid.reduce((sum, { quantity }) => sum + quantity, 0));
    for (const { clientRef, sku, quantity } of counts) {
      const own = paid.filter((one) => one.companyId === clientRef && one.productId === sku);
      expect(Number(quantity)).toBe(own.reduce((sum, one) => sum + one.quantity, 0));
    }
  }); // prettier-ignore

  it('agents by organisation', async () => {
    const counts = (await countOf(registry.huntress)).filter(({ sku }) => sku === 'agents');
    expect(counts.length).toBe(truth.huntress.organisations.length);
    expect(total(counts)).toBe(truth.huntress.agents.length);
  });
});

describe.each(SOURCES.map((source) => [source.id, source] as const))('%s in trouble', (system, source) => {
  const troubles: readonly (readonly [string, object, readonly ErrorCode[]])[] = [
    ['drop-request', {}, ['SOURCE_DOWN']],
    ['drop-answer', {}, ['SOURCE_DOWN']],
    ['reset', {}, ['SOURCE_DOWN']],
    ['status', { status: 429, headers: { 'retry-after': '1' } }, ['SOURCE_BUSY']],
    ['status', { status: 401 }, ['SOURCE_REFUSED']],
    ['status', { status: 503 }, ['SOURCE_DOWN']],
    ['status', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, ['SOURCE_MALFORMED']],
    ['truncate', {}, ['SOURCE_MALFORMED', 'SOURCE_DOWN']],
    ['html', {}, ['SOURCE_MALFORMED', 'SOURCE_REFUSED', 'SOURCE_DOWN']],
    ['empty-list', {}, ['SOURCE_MALFORMED']],
    ['changed-schema', {}, ['SOURCE_MALFORMED']],
  ];
  it.each(troubles)('%s %j', async (fault, more, codes) => {
    const match = { method: 'GET' };
    sim.standIns.faults.add(FaultSchema.parse({ system, match, fault, ...more }));
    const error = await countOf(source).then(
      () => null,
      (one: unknown) => one as AppError,
    );
    expect(codes).toContain(error?.code);
    expect(error?.message).toContain(source.title);
  });

  it('counts all the same after one 500 and one 429', async () => {
    const whole = await countOf(source);
    for (const status of [500, 429]) {
      sim.standIns.faults.add(FaultSchema.parse({ system, match: { method: 'GET' }, nth: 1, fault: 'status', status }));
    }
    expect(await countOf(source)).toEqual(whole);
  });
}); // prettier-ignore

describe('the books', () => {
  const open = (): ReturnType<typeof conductor.connect> => conductor.connect(sampleBooks(sim.url), http);
  const LINE = { lineId: 'l1', serviceId: 'WS', kind: 'recurring', description: 'Managed workstation', quantity: '3', unitPrice: '0.0375', amount: '0.11' };
  const contentFor = async (change: object = {}): Promise<InvoiceContent> => {
    const company = open();
    const customer = (await company.customers()).find(({ code }) => code !== null);
    const [item] = await company.items();
    return {
      clientId: customer?.id, customerId: customer?.id, period: '2026-10', series: 'main', revision: 1,
      currency: 'USD', document: 'invoice', invoiceDate: '2026-10-31', mappingVersion: 1,
      lines: [{ ...LINE, itemId: item?.id }], total: '0.11', ...change,
    } as unknown as InvoiceContent;
  };
  let next = 0;
  const newKeys = (): InvoiceKeys => {
    next += 1;
    const digits = String(next).padStart(12, '0');
    return { postingKey: `0f3a1c52-2222-5222-8333-${digits}`, providerKey: `0f3a1c52-1111-5222-8333-${digits}`, ref: `T-${String(next)}`, marker: `[rly:${digits}]` };
  };

  it.each(['invoice', 'credit memo'] as const)('create, find and read back one %s', async (document) => {
    const [company, content, keys] = [open(), await contentFor({ document }), newKeys()];
    expect(company.checkLimits(content, keys)).toBeNull();
    expect(await company.lookup(content, keys)).toEqual({ verdict: 'none' });
    const created = await company.create(content, keys);
    const id = created.verdict === 'created' ? created.invoiceId : '';
    const read = await company.read(document, id);
    expect(read).toMatchObject({ id, document, ref: keys.ref, marker: keys.marker, customerId: content.customerId, subtotal: '0.11', voided: false });
    expect(await company.lookup(content, keys)).toEqual({ verdict: 'found', invoices: [read] });
    expect((await company.list({ from: '2026-10-01', to: '2026-10-31' })).map((one) => one.id)).toContain(id);
  });

  it('are not fooled by a ref that only begins alike', async () => {
    const [company, content, keys] = [open(), await contentFor(), newKeys()];
    await company.create(content, { ...newKeys(), ref: `${keys.ref}9` });
    expect(await company.lookup(content, keys)).toEqual({ verdict: 'none' });
  });

  it.each(['hold-answer', 'drop-answer', 'reset', 'truncate', 'html'] as const)(
    'an answer lost by %s is unknown, and the look-up finds what was stored',
    async (fault) => {
      const [company, content, keys] = [open(), await contentFor(), newKeys()];
      const match = { method: 'POST', path: '/quickbooks-desktop/invoices' };
      sim.standIns.faults.add(FaultSchema.parse({ system: 'conductor', match, nth: 1, fault, ...(fault === 'html' ? { work: true } : {}) }));
      expect((await company.create(content, keys)).verdict).toBe('unknown');
      const found = await company.lookup(content, keys);
      expect(found.verdict === 'found' ? found.invoices.length : 0).toBe(1);
    },
  );

  it('a 500 after the work is unknown and found', async () => {
    const [company, content, keys] = [open(), await contentFor(), newKeys()];
    const match = { method: 'POST', path: '/quickbooks-desktop/invoices' };
    sim.standIns.faults.add(FaultSchema.parse({ system: 'conductor', match, nth: 1, fault: 'status', status: 500, work: true }));
    expect((await company.create(content, keys)).verdict).toBe('unknown');
    expect((await company.lookup(content, keys)).verdict).toBe('found');
  });

  it('a look-up that is cut off, signed out or empty of its list is failed', async () => {
    const [company, content, keys] = [open(), await contentFor(), newKeys()];
    for (const fault of ['truncate', 'html', 'drop-answer', 'changed-schema'] as const) {
      sim.standIns.faults.clear();
      sim.standIns.faults.add(FaultSchema.parse({ system: 'conductor', match: { method: 'GET' }, fault }));
      expect(`${fault} ${(await company.lookup(content, keys)).verdict}`).toBe(`${fault} failed`);
    }
  });

  it('say who is gone', async () => {
    expect(await open().customer('80009999-1')).toBeNull();
    expect(await open().read('invoice', '99-1')).toBeNull();
    expect(await open().read('credit memo', '99-1')).toBeNull();
  });
}); // prettier-ignore
