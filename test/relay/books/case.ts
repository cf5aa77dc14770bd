/** What the conformance test must know of one set of books; a file each, a line in registry.ts. */
import { lastDay, parsePeriod } from '../../../src/core/billing-period.ts';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { parseCurrency } from '../../../src/core/money.ts';
import type {
  AccountingCompany,
  AccountingSystem,
  BooksTools,
  CreateOutcome,
  InvoiceKeys,
} from '../../../src/relay/accounting/accounting.ts';
import { sampleSeed } from '../../../src/sample/seed.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import type { Reply, Seen } from '../replay-server.ts';

export interface BooksCase {
  readonly system: AccountingSystem;
  /** The system as its stand-in is called. */
  readonly standIn: string;
  /** Settings that reach the stand-in; secrets in them begin with "canary" where it takes any. */
  settings(address: string): unknown;
  /** A clean place for tokens and files; for systems that need one. */
  readonly tools?: () => BooksTools;
  /** An id of its form that is nobody's. */
  readonly goneId: string;
  /** The create on the wire, as faults of the stand-ins match it. */
  readonly create: { readonly method: 'POST' | 'PUT'; readonly path: string };
  /** Paths of the questions a look-up puts. */
  readonly lookupPaths: readonly string[];
  /** Requests over time that the vendor documents; absent where none are: how many at once, or nothing. */
  readonly pace?: { readonly calls: number; readonly perSeconds: number };
  /** What the stand-in holds, read without our adapter. */
  truth(sim: RunningSim): readonly TrueDocument[];
  /** Changes the stand-in's customer so that no invoice may go to it. */
  deactivate(sim: RunningSim, customerId: string): void;
  /** Answers of this system to a create, each with its one verdict; the common ones come on top. */
  readonly shapes: readonly Shape[];
  /** What must be answered before a create in a replay (signing in); null for the create itself. */
  readonly prelude: (seen: Seen) => Reply | null;
}

export interface TrueDocument {
  readonly id: string;
  readonly customerId: string;
  readonly number: string | null;
  readonly date: string;
  readonly subtotal: string;
  readonly lines: readonly { readonly quantity: string; readonly amount: string }[];
}

export interface Shape {
  readonly what: string;
  readonly reply: Reply;
  readonly verdict: CreateOutcome['verdict'];
}

/** Transport and proxies: no system has said anything certain. */
export const COMMON_SHAPES: readonly Shape[] = [
  { what: 'a reset', reply: { reset: true }, verdict: 'unknown' },
  { what: 'silence', reply: { hang: true }, verdict: 'unknown' },
  { what: '200 and nothing', reply: { body: '' }, verdict: 'unknown' },
  { what: '200 and a sign-in page', reply: { body: '<!doctype html><title>Sign in</title>' }, verdict: 'unknown' },
  { what: '200 and text', reply: { body: 'OK' }, verdict: 'unknown' },
  { what: '200 and null', reply: { body: 'null' }, verdict: 'unknown' },
  { what: '200 and an empty list', reply: { body: [] }, verdict: 'unknown' },
  { what: '200 and an empty object', reply: { body: {} }, verdict: 'unknown' },
  { what: '200 with errors and no id', reply: { body: { errors: [] } }, verdict: 'unknown' },
  { what: '201 and another thing', reply: { status: 201, body: { ok: true } }, verdict: 'unknown' },
  { what: '202', reply: { status: 202, body: {} }, verdict: 'unknown' },
  { what: '206', reply: { status: 206, body: {} }, verdict: 'unknown' },
  { what: '301', reply: { status: 301, headers: { location: '/elsewhere' }, body: '' }, verdict: 'unknown' },
  { what: '302 to a sign-in page', reply: { status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: '' }, verdict: 'unknown' },
  { what: '304', reply: { status: 304, body: '' }, verdict: 'unknown' },
  { what: '400 of a proxy', reply: { status: 400, body: '<html>Bad request</html>' }, verdict: 'unknown' },
  { what: '403 of a firewall', reply: { status: 403, body: 'Forbidden' }, verdict: 'unknown' },
  { what: '404 with other JSON', reply: { status: 404, body: { error: 'Not found' } }, verdict: 'unknown' },
  { what: '407', reply: { status: 407, body: '' }, verdict: 'unknown' },
  { what: '408', reply: { status: 408, body: '' }, verdict: 'unknown' },
  { what: '409 without words', reply: { status: 409, body: '' }, verdict: 'unknown' },
  { what: '410', reply: { status: 410, body: '' }, verdict: 'unknown' },
  { what: '413 of a proxy', reply: { status: 413, body: 'too large' }, verdict: 'unknown' },
  { what: '429 of a proxy', reply: { status: 429, body: 'slow down' }, verdict: 'unknown' },
  { what: '451', reply: { status: 451, body: '' }, verdict: 'unknown' },
  { what: '500 without words', reply: { status: 500, body: '' }, verdict: 'unknown' },
  { what: '501', reply: { status: 501, body: '' }, verdict: 'unknown' },
  { what: '502 of a proxy', reply: { status: 502, body: '<html>Bad gateway</html>' }, verdict: 'unknown' },
  { what: '503', reply: { status: 503, headers: { 'retry-after': '5' }, body: '' }, verdict: 'unknown' },
  { what: '504', reply: { status: 504, body: '' }, verdict: 'unknown' },
  { what: '520 of a proxy', reply: { status: 520, body: '' }, verdict: 'unknown' },
]; // prettier-ignore

export const keysOf = (position: number): InvoiceKeys => ({
  postingKey: `00000000-0000-4000-9000-${String(position).padStart(12, '0')}`,
  providerKey: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
  ref: `MC2609-${String(position).padStart(4, '0')}`,
  marker: `[rly:${String(position).padStart(12, '0')}]`,
});

export const PERIOD = parsePeriod('2026-09');

const DRAFT = sampleSeed('planted').months.find(({ period }) => period === PERIOD)?.draft;

/** The 40 invoices of the sample's last posted month, with the ids these books have. */
export async function sampleInvoices(company: AccountingCompany): Promise<InvoiceContent[]> {
  const { customers, services, months } = sampleWorld('planted');
  const posted = months.find(({ period }) => period === PERIOD);
  const inBooks = new Map((await company.customers()).map(({ name, id }) => [name, id]));
  const itemIds = new Map((await company.items()).map(({ name, id }) => [name, id]));
  if (!posted || !DRAFT) throw new Error('The sample has no such month');
  return DRAFT.invoices.map(({ clientId, lines, total }) => {
    const name = customers.find(({ id }) => id === clientId)?.name ?? '';
    const customerId = inBooks.get(name) ?? missing(name);
    return {
      clientId,
      customerId,
      period: PERIOD,
      series: 'main',
      revision: 1,
      currency: parseCurrency('USD'),
      document: 'invoice',
      invoiceDate: lastDay(PERIOD),
      mappingVersion: 1,
      lines: lines.map((line) => {
        const item = services.find(({ id }) => id === line.serviceId)?.item?.name ?? '';
        return { ...line, itemId: itemIds.get(item) ?? missing(item) };
      }),
      total,
    } as unknown as InvoiceContent;
  });
}

function missing(name: string): never {
  throw new Error(`These books have no "${name}"`);
}

/** Of the stand-ins that keep a ledger. */
export const ledgerTruth = (sim: RunningSim, system: string): readonly TrueDocument[] =>
  (sim.standIns.ledgers.get(system)?.all('document') ?? []).filter(
    ({ status }) => status === 'open',
  );
