/** A real relay on the stand-ins' books with a few customers, and October 2026 ahead of it. */
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Batch, Draft } from '../../src/contract/contract.ts';
import { parseCurrency, parseQuantity, parseUnitPrice } from '../../src/core/money.ts';
import { lineAmount, sumAmounts } from '../../src/core/money.ts';
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { Patience } from '../../src/relay/connections.ts';
import { sampleBooks } from '../../src/sample/config.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import { plainConfig, startTestRelay, type TestRelay } from './fixture.ts';

export const OCTOBER = parsePeriod('2026-10');
export const SUNDAY = '2026-10-31T10:00:00.000Z';
/** Nobody waits in a test; a request that hangs is given up soon. */
export const SOON: Patience = { delay: () => Promise.resolve(), timeoutMaxMs: 1_500 };

export const SERVICES = [
  { id: 'WS', name: 'Workstation', basis: 'active', unit: 'device', item: 'Workstation' },
  { id: 'EDR', name: 'EDR', basis: 'active', unit: 'agent', item: 'EDR' },
];
const LOOKS_MAX = 60;
const MOVING = /^(READY|SENDING|UNKNOWN)$/;
const ITEMS = SERVICES.map(({ item }) => ({ name: item, price: '1.00' }));

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly code?: string;
}

export interface BooksTruth {
  readonly invoices: readonly {
    readonly customer: { readonly id: string };
    readonly refNumber: string;
    readonly subtotal: string;
    readonly lines: readonly { readonly quantity: unknown; readonly amount: string }[];
  }[];
  readonly creditMemos: readonly unknown[];
}

export interface SmallMonth {
  readonly sim: RunningSim;
  readonly relay: TestRelay;
  fault(fault: object): Promise<void>;
  mend(): Promise<void>;
  truth(): Promise<BooksTruth>;
  /** Asks the relay and expects 200. */
  good<T>(method: string, path: string, body?: unknown): Promise<T>;
  later(minutes: number): Promise<void>;
  approved(draft: Draft): Promise<Batch>;
  /** Started and everything done that is due now. */
  post(batch: Batch): Promise<void>;
  look(batch: Batch): Promise<Batch>;
  /** Lets hours pass until nothing of the batch moves without a person. */
  rest(batch: Batch): Promise<Batch>;
  /** Waits until what is in doubt was looked for once more after its late answer is ruled out. */
  searched(batch: Batch): Promise<Batch>;
  stop(): Promise<void>;
}

export async function startSmallMonth(
  customers: readonly Customer[],
  config: (sim: string) => object = () => ({}),
  clientsKnown = true,
): Promise<SmallMonth> {
  const sim = await startSim({ options: { rateLimits: false } });
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${sim.url}/_sim/${path}`, { method, ...text });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  if (customers.length > 0) await control('POST', 'world', { customers, items: ITEMS });
  const books = { adapter: 'conductor', settings: sampleBooks(sim.url) };
  const whole = { ...plainConfig(), services: SERVICES, ...config(sim.url), books };
  const relay = await startTestRelay(whole, { patience: SOON });
  const good = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await relay.asked({ method, path, body });
    if (answer.status !== 200) throw new Error(`${path}: ${String(answer.status)} ${answer.text}`);
    return answer.json as T;
  };
  relay.core.movable?.set(SUNDAY as ReturnType<typeof relay.core.clock.now>);
  if (clientsKnown) await good('POST', `/api/periods/${OCTOBER}/refresh`, {});
  const later = async (advanceMinutes: number): Promise<void> => {
    await good('POST', '/_test/clock', { advanceMinutes });
  };
  const look = (batch: Batch): Promise<Batch> => good('GET', `/api/batches/${batch.id}`);
  return {
    sim, relay, good, later, look,
    fault: async (fault) => {
      await control('POST', 'faults', fault);
    },
    mend: async () => {
      await control('DELETE', 'faults');
    },
    truth: async () => (await control('GET', 'books')) as BooksTruth,
    async approved(draft) {
      const batch = await good<Batch>('POST', '/api/batches', { key: `k-${draft.workbook}`, draft });
      const { digest, version } = batch;
      return good('POST', `/api/batches/${batch.id}/approve`, { digest, version });
    },
    async post({ id, digest }) {
      await good('POST', `/api/batches/${id}/post`, { key: `post-${id}`, digest });
      await relay.core.posting.settled(id);
    },
    async rest(batch) {
      for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
        await relay.core.posting.settled(batch.id);
        const seen = await look(batch);
        if (!seen.postings.some(({ state }) => MOVING.test(state))) return seen;
        await later(2);
        // The worker sees the moved clock at its next nap.
        await setTimeout(100);
      }
      return look(batch);
    },
    async searched(batch) {
      for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
        const seen = await look(batch);
        if (seen.postings.every(isSearched)) return seen;
        await setTimeout(100);
      }
      return look(batch);
    },
    async stop() {
      await relay.remove();
      await sim.close();
    },
  }; // prettier-ignore
}

const isSearched = ({ decideFrom, lastLookupAt }: Batch['postings'][number]): boolean =>
  decideFrom === null || (lastLookupAt !== null && lastLookupAt >= decideFrom);

const USD = parseCurrency('USD');

/** One line for each customer, each with a total of its own. */
export function draftFor(customers: readonly Customer[], workbook = 'Small.xlsx'): Draft {
  const invoices = customers.map(({ id }, index) => {
    const quantity = parseQuantity(String(index + 1));
    const unitPrice = parseUnitPrice('65.05');
    const amount = lineAmount(quantity, unitPrice, USD);
    const line = {
      lineId: `${id}|WS|recurring`, serviceId: 'WS', kind: 'recurring' as const, description: 'Workstation',
      quantity, unitPrice, amount, cell: `Oct 2026!C${String(index + 5)}`, source: null,
    }; // prettier-ignore
    return { clientId: id, currency: USD, lines: [line], total: sumAmounts([amount], USD) };
  });
  return { period: OCTOBER, snapshotId: null, workbook, invoices, held: [], decisions: [] };
}

export const idOf = (number: number): string =>
  `${(0x80000000 + number).toString(16).toUpperCase()}-1730000001`;

/** Each invoice of the draft once in the books, to the cent, and nothing else. */
export function expectOnce(truth: BooksTruth, draft: Draft): void {
  const sorted = (pairs: string[]): string[] => pairs.sort();
  expect(
    sorted(truth.invoices.map(({ customer, subtotal }) => `${customer.id} ${subtotal}`)),
  ).toEqual(sorted(draft.invoices.map(({ clientId, total }) => `${clientId} ${total}`)));
  expect(truth.creditMemos).toEqual([]);
}
