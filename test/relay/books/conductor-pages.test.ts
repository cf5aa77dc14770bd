/** QuickBooks Desktop keeps one cursor for a whole list: what a lost page must never become. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createHttp } from '../../../src/relay/http.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { startServer, type Reply, type Seen, type Server } from '../replay-server.ts';
import { keysOf, sampleInvoices } from './case.ts';
import { conductorCase } from './conductor.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const CUSTOMERS = '/quickbooks-desktop/customers';
const INVOICES = '/quickbooks-desktop/invoices';

const open: (RunningSim | Server)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const connect = (address: string) => {
  const http = createHttp({ allowLoopback: true, random: () => 0, delay: () => Promise.resolve() });
  return conductorCase.system.connect(conductorCase.settings(address), http);
};

async function openSmallPages() {
  const sim = await startSim({ options: { rateLimits: false, pageSizeMax: 10 } });
  open.push(sim);
  const strike = (path: string, nth: number, fault: string): void =>
    sim.standIns.faults.add(
      FaultSchema.parse({ system: 'conductor', match: { method: 'GET', path }, nth, times: 1, fault }),
    ); // prettier-ignore
  return { sim, company: connect(sim.url), strike };
}

describe.each(['drop-answer', 'reset', 'truncate', 'twice'])('%s on a page', (fault) => {
  it('a list is whole or fails, and the next one is whole', async () => {
    const { company, strike } = await openSmallPages();
    const whole = await company.customers();
    expect(whole.length).toBeGreaterThan(30);
    strike(CUSTOMERS, 2, fault);
    await expect(company.customers()).rejects.toMatchObject({ code: expect.stringMatching(/^SOURCE_/) });
    expect(await company.customers()).toEqual(whole);
  }); // prettier-ignore

  it('a look-up fails instead of finding nothing', async () => {
    const { sim, company, strike } = await openSmallPages();
    const [content] = await sampleInvoices(company);
    if (!content) throw new Error('no invoice');
    for (let n = 100; n < 145; n += 1) await company.create(content, keysOf(n));
    const { books } = sim.standIns;
    const own = books.documents('invoice')[15];
    if (!own) throw new Error('nothing is in the books');
    books.write({ event: 'document', value: { ...own, refNumber: 'RENAMED' } });
    expect((await company.lookup(content, keysOf(115))).verdict).toBe('found');
    // The first question has one page; the second walks over five.
    strike(INVOICES, 3, fault);
    expect((await company.lookup(content, keysOf(115))).verdict).toBe('failed');
  });
});

describe('what remains', () => {
  const customer = (id: string) => ({ id, fullName: id, isActive: true, accountNumber: null, currency: null }); // prettier-ignore
  /** Three pages of one customer each, saying of what remains what the test wants. */
  const play = async (remaining: readonly (number | null)[]) => {
    let page = 0;
    const answer = ({ query }: Seen): Reply => {
      page = query.cursor === undefined ? 0 : page + 1;
      const hasMore = page < 2;
      const rest = { nextCursor: hasMore ? 'same' : null, remainingCount: remaining[page] ?? null, hasMore };
      return { body: { data: [customer(`c${String(page)}`)], ...rest } };
    }; // prettier-ignore
    const server = await startServer(answer);
    open.push(server);
    return connect(server.url).customers();
  };

  it('may be unknown on every page', async () => {
    expect((await play([null, null, null])).map(({ id }) => id)).toEqual(['c0', 'c1', 'c2']);
  });

  it.each([
    ['a row more at first', [3, 1, 0]],
    ['a row more on the way', [null, 2, 0]],
    ['a row more at the end', [2, 1, 1]],
  ])('is held against what came: %s', async (_what, remaining) => {
    await expect(play(remaining)).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
});
