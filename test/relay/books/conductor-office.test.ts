/** QuickBooks Desktop as it is in an office: one request at a time, and rows that people typed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { createHttp } from '../../../src/relay/http.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { startServer, type Server } from '../replay-server.ts';
import { keysOf, sampleInvoices } from './case.ts';
import { conductorCase } from './conductor.ts';

const open: (Server | RunningSim | { close(): Promise<unknown> })[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const connect = (address: string) => {
  const http = createHttp({ allowLoopback: true, random: () => 0, delay: () => Promise.resolve() });
  return conductorCase.system.connect(conductorCase.settings(address), http);
};

it('asks one thing at a time, sends and reads alike', async () => {
  let [underWay, most, all] = [0, 0, 0];
  const server = createServer((_request, response) => {
    underWay += 1;
    all += 1;
    most = Math.max(most, underWay);
    // It takes its time, so that whatever is asked beside it is seen.
    setTimeout(() => {
      underWay -= 1;
      response.end(JSON.stringify({ status: 'ok', duration: 1 }));
    }, 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  const { port } = server.address() as AddressInfo;
  const company = connect(`http://127.0.0.1:${String(port)}`);
  const sim = await startSim();
  open.push(sim);
  const [content] = await sampleInvoices(connect(sim.url));
  if (!content) throw new Error('no invoice');
  const giveBack = await company.reserve?.();
  const create = company.create(content, keysOf(1));
  await Promise.all([create, ...Array.from({ length: 12 }, () => company.checkHealth())]);
  giveBack?.();
  expect({ most, all }).toEqual({ most: 1, all: 13 });
});

const line = (quantity: number | null, rate: string | null, amount: string | null) => ({
  item: { id: 'i', fullName: 'i' }, description: 'typed', quantity, rate, amount,
}); // prettier-ignore
const typed = (lines: readonly object[], subtotal = '10.00') => ({
  id: 'T-1', objectType: 'qbd_invoice', customer: { id: 'c', fullName: 'c' }, transactionDate: '2026-09-30', refNumber: null,
  memo: null, externalId: null, subtotal, salesTaxTotal: null, currency: null, lines, lineGroups: [],
}); // prettier-ignore

it.each([
  ['a rate of eight decimals and no quantity', line(null, '0.12345678', '10.00'), { quantity: '1', unitPrice: null, amount: '10.00' }],
  ['a rate of twelve decimals', line(3, '3.333333333333', '10.00'), { quantity: '3', unitPrice: null, amount: '10.00' }],
  ['an amount of three decimals', line(1, '10.005', '10.005'), { quantity: '1', unitPrice: null, amount: '10.005' }],
  ['a quantity of ten digits', line(1234567890, '0.00', '0.00'), { quantity: '1234567890', unitPrice: null, amount: '0.00' }],
])('%s of a stranger fails no list, and stays what it is', async (_what, row, expected) => {
  const server = await startServer(({ path }) => ({
    body: { data: path.endsWith('/invoices') ? [typed([row], '10.005')] : [], nextCursor: null, remainingCount: 0, hasMore: false },
  }));
  open.push(server);
  const listed = await connect(server.url).list({ from: '2026-09-01', to: '2026-09-30' });
  expect(listed).toMatchObject([{ id: 'T-1', subtotal: '10.005', lines: [expected] }]);
}); // prettier-ignore
