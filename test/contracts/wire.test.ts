/**
 * Every request our adapters send and every answer the stand-ins give, against the published
 * contracts. With MCC_EXCHANGES naming a file, the exchanges that another
 * run wrote there (the end-to-end test starts its stand-ins so) are held against them too.
 */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { NOW } from '../../src/sample/world.ts';
import type { Exchange } from '../../src/sim/exchange.ts';
import { STAND_INS } from '../../src/sim/registry.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import { loadContracts } from './contract-files.ts';
import { describeShared, shared } from './shared.ts';
import { SYSTEMS } from './systems/registry.ts';
import { exchangeValidator, type ValidateExchange } from './validate-exchange.ts';

const EXCHANGES_EACH_MIN = 10;

describeShared('the wire, against the published contracts', () => {
  let sim: RunningSim;
  let validate: ValidateExchange;
  const all: Exchange[] = [];

  beforeAll(async () => {
    validate = exchangeValidator(await loadContracts(shared('contracts')));
    sim = await startSim({ options: { recordExchanges: true } });
  }, 60_000);
  afterAll(() => sim.close());

  it('knows every system the stand-ins play', () => {
    const played = STAND_INS.map(({ system }) => system);
    expect(SYSTEMS.map(({ system }) => system).sort()).toEqual(played.sort());
  });

  it.each(SYSTEMS.map((one) => [one.system, one] as const))(
    'holds for all %s is asked and answers',
    async (system, one) => {
      sim.standIns.forgetExchanges();
      sim.standIns.clock.set(NOW);
      await one.run(sim);
      const exchanges = sim.standIns.exchanges();
      all.push(...exchanges);
      report('this run', exchanges);
      expect(troublesOf(exchanges, validate)).toEqual([]);
      expect(exchanges.filter((one) => one.system === system).length).toBeGreaterThan(
        EXCHANGES_EACH_MIN,
      );
    },
    120_000,
  );

  it('holds for what another run wrote down', () => {
    const file = process.env['MCC_EXCHANGES'];
    if (!file || !existsSync(file)) {
      console.warn('MCC_EXCHANGES names no file: only the exchanges of this run were checked.');
      return;
    }
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const exchanges = lines.map((line) => JSON.parse(line) as Exchange);
    report(file, exchanges);
    expect(troublesOf(exchanges, validate)).toEqual([]);
  });

  it('notices what breaks a contract, in both directions', async () => {
    const good = (path: string, method = 'GET'): Exchange => {
      const found = all.find(
        (one) => one.path === path && one.method === method && one.status === 200,
      );
      if (!found) throw new Error(`This run has no ${method} ${path}`);
      return found;
    };
    const create = good('/quickbooks-desktop/invoices', 'POST');
    const body = create.requestBody as Record<string, unknown>;
    const broken: readonly [string, Exchange][] = [
      ['refNumber', { ...create, requestBody: { ...body, refNumber: 'longer than eleven' } }],
      ['refNumbr', { ...create, requestBody: { ...body, refNumbr: '26' } }],
      ['customerId', { ...create, requestBody: { ...body, customerId: undefined } }],
      ['Conductor-End-User-Id', { ...create, requestHeaders: { ...create.requestHeaders, 'conductor-end-user-id': undefined } as never }],
      ['subtotal', { ...create, answer: { ...(create.answer as object), subtotal: 12 } }],
      ['signed in', { ...good('/companies'), requestHeaders: {} }],
      ['size', { ...good('/companies'), query: { size: ['201'] } }],
      ['pagesize', { ...good('/v2/devices'), query: { pagesize: ['10'] } }],
      ['pageSize', { ...good('/v2/devices'), query: { pageSize: ['many'] } }],
      ['answer/0/organizationId', { ...good('/v2/devices'), answer: [{ id: 1, organizationId: '12' }] }],
      ['answer/0/orgId', { ...good('/v2/devices'), answer: [{ id: 1, orgId: 12 }] }],
      ['pagination', { ...good('/v1/organizations'), answer: { organizations: [] } }],
      ['agents_count', { ...good('/v1/organizations'), answer: { organizations: [{ agents_count: '7' }], pagination: {} } }],
      ['not in the contract', { ...good('/v1/organizations'), path: '/v1/organisations' }],
      ['status', { ...good('/companies'), status: 206 }],
    ]; // prettier-ignore
    for (const [what, exchange] of broken) {
      expect(validate(exchange).join(' ')).toContain(what);
    }
    await Promise.resolve();
  });

  it('names every exception with its reason', () => {
    const reasons = SYSTEMS.flatMap(({ system, undeclared, mends = [], undescribed = [] }) => [
      `${system}: ${undeclared}`,
      ...mends.map(({ reason }) => `${system}: ${reason}`),
      ...undescribed.map(({ reason }) => `${system}: ${reason}`),
    ]);
    console.log(`Exceptions from the contracts:\n${reasons.join('\n')}`);
    expect(reasons.every((reason) => reason.length > 40)).toBe(true);
  });
});

function troublesOf(exchanges: readonly Exchange[], validate: ValidateExchange): string[] {
  return [...new Set(exchanges.flatMap((exchange) => validate(exchange)))].slice(0, 40);
}

function report(name: string, exchanges: readonly Exchange[]): void {
  const counts = [...Map.groupBy(exchanges, ({ system }) => system)].map(([system, own]) => {
    const faulty = own.filter(({ fault }) => fault !== null).length;
    return `${system} ${String(own.length)}${faulty > 0 ? ` (${String(faulty)} under a fault)` : ''}`;
  });
  console.log(`Exchanges checked, ${name}: ${String(exchanges.length)} (${counts.join(', ')})`);
}
