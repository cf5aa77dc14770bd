/** For what is one system's own: its stand-in with a ledger, answers that are played, documents. */
import { afterEach, expect } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { parseQuantity, parseUnitPrice } from '../../../src/core/money.ts';
import type { AccountingCompany, BooksTools } from '../../../src/relay/accounting/accounting.ts';
import { createHttp } from '../../../src/relay/http.ts';
import type { Ledger } from '../../../src/sim/ledger/ledger.ts';
import { workInOffice, type OfficeWork } from '../../../src/sim/ledger/office.ts';
import type { SimOptions } from '../../../src/sim/options.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { startServer, type Reply, type Seen, type Server } from '../replay-server.ts';
import { keysOf, sampleInvoices, type BooksCase } from './case.ts';
import { memoryTools } from './memory-tools.ts';

export interface OpenBooks {
  readonly sim: RunningSim;
  readonly company: AccountingCompany;
  /** The first invoice of the sample's month. */
  readonly content: InvoiceContent;
  readonly ledger: Ledger;
  /** What people do in the books behind our back. */
  readonly office: (work: OfficeWork) => boolean;
}

export interface PlayedBooks {
  readonly company: AccountingCompany;
  readonly seen: readonly Seen[];
}

export interface BooksWorld {
  /** Exchanges null: what is asked wrongly on purpose is not held against the contract. */
  readonly openSim: (options?: SimOptions, exchangesFile?: null) => Promise<OpenBooks>;
  /** Signing in is answered by the case; what stands here answers the rest. */
  readonly replay: (
    answer: (seen: Seen) => Reply,
    settings?: object,
    tools?: Partial<BooksTools>,
  ) => Promise<PlayedBooks>;
}

const http = createHttp({ allowLoopback: true, random: () => 0, delay: () => Promise.resolve() });

/** Everything it opens is closed after each test. */
export function booksWorld(one: BooksCase): BooksWorld {
  const open: (RunningSim | Server)[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  const connect = (
    address: string,
    more: object = {},
    tools: Partial<BooksTools> = {},
  ): AccountingCompany => {
    const settings = { ...(one.settings(address) as object), ...more };
    return one.system.connect(settings, http, { ...memoryTools(), ...tools });
  };
  return {
    async openSim(options = {}, exchangesFile) {
      const played = { rateLimits: false, ...options };
      const sim = await startSim({
        options: played,
        ...(exchangesFile === null ? { exchangesFile } : {}),
      });
      open.push(sim);
      const company = connect(sim.url);
      const [content] = await sampleInvoices(company);
      const ledger = sim.standIns.ledgers.get(one.standIn);
      if (!content || !ledger) throw new Error('no world');
      const office = (work: OfficeWork): boolean =>
        workInOffice(ledger, work, sim.standIns.clock.nowMs());
      return { sim, company, content, ledger, office };
    },
    async replay(answer, settings, tools) {
      const server = await startServer((seen) => one.prelude(seen) ?? answer(seen));
      open.push(server);
      return { company: connect(server.url, settings, tools), seen: server.seen };
    },
  };
}

/** Tax is the books' own, beside what was approved; under a new number it is still ours by its mark. */
export async function taxedAndRenamed({ company, content, office }: OpenBooks): Promise<string> {
  office({ do: 'set tax', percent: '8.25' });
  const id = await created(company, content, 1);
  const taxed = await company.read('invoice', id);
  expect(taxed?.subtotal).toBe(content.total);
  expect(Number(taxed?.tax)).toBeGreaterThan(0);
  office({ do: 'change document', id, number: 'RENAMED' });
  const { marker } = keysOf(1);
  expect(await company.lookup(content, keysOf(1))).toMatchObject({
    verdict: 'found',
    invoices: [{ id, ref: 'RENAMED', marker }],
  });
  return id;
}

/** The id of an invoice that the books took. */
export async function created(
  company: AccountingCompany,
  content: InvoiceContent,
  position: number,
): Promise<string> {
  const outcome = await company.create(content, keysOf(position));
  if (outcome.verdict !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.invoiceId;
}

export const oneLine = (content: InvoiceContent, quantity: string, unitPrice: string, amount: string) =>
  ({
    ...content,
    lines: content.lines.slice(0, 1).map((line) => ({
      ...line,
      quantity: parseQuantity(quantity),
      unitPrice: parseUnitPrice(unitPrice),
      amount,
    })),
    total: amount,
  }) as unknown as InvoiceContent; // prettier-ignore
