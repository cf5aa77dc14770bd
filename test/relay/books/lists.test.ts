/** Lists that are suddenly empty, or whose pages repeat: never read as "there is none". */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { createHttp } from '../../../src/relay/http.ts';
import type { BooksCase } from './case.ts';
import { keysOf, sampleInvoices } from './case.ts';
import { addClients } from './more-clients.ts';
import { CASES } from './registry.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

/**
 * Whose search says nothing of how much there is: an empty answer of theirs cannot be told from
 * the truth. QuickBooks Online then meets a second send with the first answer; QuickBooks Desktop
 * is never sent to again without a person, who sees two looks and looks himself.
 */
const CANNOT_KNOW = ['conductor', 'quickbooks-online'];
/** More than a page of those with small ones (QuickBooks Desktop, Xero). */
const MANY = 160;

const opened: RunningSim[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const http = createHttp({ allowLoopback: true, random: () => 0, delay: () => Promise.resolve() });
async function open(one: BooksCase, more = 0) {
  const sim = await startSim({ options: { rateLimits: false } });
  opened.push(sim);
  addClients(sim, one.standIn, more);
  return { sim, company: one.system.connect(one.settings(sim.url), http, one.tools?.()) };
}

const spoil = (sim: RunningSim, one: BooksCase, fault: string): void =>
  sim.standIns.faults.add(FaultSchema.parse({ system: one.standIn, fault }));

describe.each(CASES.map((one) => [one.system.id, one] as const))('%s', (id, one) => {
  it('says that it lists no customers and no items, and never gives none', async () => {
    const { sim, company } = await open(one);
    spoil(sim, one, 'empty-list');
    await expect(company.customers()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
    await expect(company.items()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it('gives each customer once or none at all when a page comes again', async () => {
    const { sim, company } = await open(one, MANY);
    const all = await company.customers();
    expect(all.length).toBeGreaterThanOrEqual(MANY);
    spoil(sim, one, 'repeat-page');
    const again = await company.customers().catch((error: unknown) => error);
    if (Array.isArray(again)) expect(again).toEqual(all);
    else expect(again).toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it('does not look up "none" for what is there, where that can be known', async () => {
    const { sim, company } = await open(one);
    const [content] = await sampleInvoices(company);
    if (!content) throw new Error('no invoice');
    await company.create(content, keysOf(1));
    spoil(sim, one, 'empty-list');
    const { verdict } = await company.lookup(content, keysOf(1));
    sim.standIns.faults.clear();
    if (!CANNOT_KNOW.includes(id)) expect(['found', 'failed']).toContain(verdict);
    else expect(verdict).toBe('none');
    if (one.system.configured(one.settings(sim.url)).facility.kind === 'none') return;
    await company.create(content, keysOf(1));
    expect(one.truth(sim).filter(({ customerId }) => customerId === content.customerId)).toHaveLength(1);
  });
}); // prettier-ignore
