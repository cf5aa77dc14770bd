/** Builders of small months for the tests of core: say what matters, get the rest. */
import type { BillingPeriod, Instant } from '../../src/core/billing-period.ts';
import { dryRun } from '../../src/core/dry-run.ts';
import type { DryRunInput } from '../../src/core/dry-run.ts';
import type {
  Client, Count, CountPart, DryRun, DryRunInvoice, DryRunLine, PostedLine, PostedMonth, ResolvedLine, Service, SheetReading, Snapshot, SourceHealth,
} from '../../src/core/model.ts'; // prettier-ignore
import {
  lineAmount,
  parseCurrency,
  parseQuantity,
  parseUnitPrice,
  sumAmounts,
} from '../../src/core/money.ts';

export const USD = parseCurrency('USD');
export const PERIOD = '2026-10' as BillingPeriod;
export const NOW = '2026-10-31T10:00:00.000Z' as Instant;

export const client = (id: string, more: Partial<Client> = {}): Client => ({
  id, code: null, name: `Client ${id}`, currency: USD, active: true, aliases: [], ...more,
}); // prettier-ignore

export const service = (id: string, more: Partial<Service> = {}): Service => ({
  id, name: `Service ${id}`, basis: 'active', unit: 'device', members: [], aliases: [], ...more,
}); // prettier-ignore

export const SERVICES: readonly Service[] = [
  service('WS'), service('SRV'), service('EDR', { unit: 'agent' }),
  service('M365BS', { basis: 'bought', unit: 'licence' }), service('M365BP', { basis: 'bought', unit: 'licence' }),
  service('M365', { basis: 'bought', unit: 'licence', members: ['M365BS', 'M365BP'] }),
  service('LABOUR', { unit: 'hour' }),
]; // prettier-ignore

export const part = (account: string, sku: string, quantity: number, ids?: readonly string[]): CountPart => ({
  account, sku, quantity: parseQuantity(String(quantity)), ...(ids ? { ids } : {}),
}); // prettier-ignore

export const idsOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

export const count = (clientId: string, serviceId: string, quantity: number, more: Partial<Count> = {}): Count => ({
  clientId, serviceId, basis: serviceId.startsWith('M365') ? 'bought' : 'active', quantity: parseQuantity(String(quantity)),
  source: 'rmm', asOf: NOW, parts: [part(`acc-${clientId}`, serviceId, quantity)], ...more,
}); // prettier-ignore

export const source = (id: string, more: Partial<SourceHealth> = {}): SourceHealth => ({
  id, title: id.toUpperCase(), state: 'fresh', lastGoodAt: NOW, lastTriedAt: NOW, error: null, services: ['WS', 'SRV', 'EDR'],
  clients: ['A', 'B', 'C', 'D'], unmapped: [], ...more,
}); // prettier-ignore

export function posted(
  clientId: string,
  serviceId: string,
  quantity: number | string,
  price: number | string,
  more: Partial<PostedLine> = {},
): PostedLine {
  const [q, p] = [parseQuantity(String(quantity)), parseUnitPrice(String(price))];
  return {
    clientId, serviceId, kind: 'recurring', description: `Service ${serviceId}`, quantity: q, unitPrice: p,
    amount: lineAmount(q, p, USD), source: null, parts: [], ...more,
  }; // prettier-ignore
}

/** Billed by the source's count last month. */
export const counted = (
  clientId: string,
  serviceId: string,
  quantity: number,
  price: number | string,
  more: Partial<PostedLine> = {},
): PostedLine =>
  posted(clientId, serviceId, quantity, price, {
    source: 'rmm',
    parts: [part(`acc-${clientId}`, serviceId, quantity)],
    ...more,
  });

export const month = (lines: readonly PostedLine[], period = '2026-09', origin: 'posted' | 'sheet' = 'posted'): PostedMonth => ({
  period: period as BillingPeriod, origin, lines,
}); // prettier-ignore

let nextRow = 2;
export function typed(
  clientId: string | null,
  serviceId: string | null,
  quantity: number | string,
  price: number | string,
  more: Partial<ResolvedLine> = {},
): ResolvedLine {
  const [q, p] = [parseQuantity(String(quantity)), parseUnitPrice(String(price))];
  nextRow += 1;
  return {
    client: `Client ${clientId ?? '?'}`, clientCode: null, service: `Service ${serviceId ?? '?'}`, kind: 'recurring',
    quantity: q, unitPrice: p, amount: lineAmount(q, p, USD), cell: `Oct 2026!C${nextRow}`, entry: 'typed', counted: null,
    note: null, previous: null, flags: [], clientId, serviceId, ...more,
  }; // prettier-ignore
}

/** A cell that is exactly one MCC.COUNT; what it shows is 0 until it is told. */
export const formula = (clientId: string, serviceId: string, price: number | string, more: Partial<ResolvedLine> = {}): ResolvedLine =>
  typed(clientId, serviceId, 0, price, {
    entry: 'count', counted: { client: `Client ${clientId}`, service: serviceId, basis: null }, ...more,
  }); // prettier-ignore

export function reading(
  lines: readonly ResolvedLine[],
  more: Partial<SheetReading> = {},
): SheetReading {
  return {
    shape: 'grid', sheet: 'Oct 2026', period: PERIOD, currency: USD, lines, skipped: [], flags: [],
    total: sumAmounts(lines.map(({ amount }) => amount), USD), shownTotal: null, clientRows: [], ...more,
  }; // prettier-ignore
}

export const snapshot = (counts: readonly Count[], more: Partial<Snapshot> = {}): Snapshot => ({
  id: 'S1', period: PERIOD, publishedAt: NOW, sealed: false, clients: CLIENTS, services: SERVICES,
  sources: [source('rmm', { services: SERVICES.map(({ id }) => id) })], counts, previous: null, ...more,
}); // prettier-ignore

export const CLIENTS: readonly Client[] = ['A', 'B', 'C', 'D'].map((id) => client(id));

export function run(lines: readonly ResolvedLine[], more: Partial<DryRunInput> = {}): DryRun {
  return dryRun({
    period: PERIOD, reading: reading(lines), lines, clients: CLIENTS, services: SERVICES, snapshot: null, previous: null, ...more,
  }); // prettier-ignore
}

export function invoiceOf(result: DryRun, clientId: string): DryRunInvoice {
  const invoice = result.invoices.find((each) => each.clientId === clientId);
  if (!invoice) throw new Error(`no invoice of ${clientId}`);
  return invoice;
}

export function lineOf(result: DryRun, clientId: string, serviceId: string): DryRunLine {
  const { lines, gone } = invoiceOf(result, clientId);
  const line = [...lines, ...gone].find((each) => each.serviceId === serviceId);
  if (!line) throw new Error(`no line ${serviceId} of ${clientId}`);
  return line;
}

/** "kind quantity amount" of each cause, for comparing. */
export const causesOf = (line: DryRunLine): string[] =>
  line.causes.map(({ kind, quantity, amount }) => `${kind} ${quantity} ${amount}`);

export const rulesOf = (
  flags: readonly { readonly rule: string; readonly blocks: boolean }[],
): string[] => flags.map(({ rule, blocks }) => (blocks ? `${rule}!` : rule));
