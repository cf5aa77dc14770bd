/** Four clients, one of whom needs a look (a drop), one typed by hand, one without a change. */
import type { BillingPeriod, Instant } from '../../src/core/billing-period.ts';
import type {
  Client,
  Count,
  PostedLine,
  Service,
  Snapshot,
  SourceHealth,
} from '../../src/core/model.ts';
import type { Amount, Currency, Quantity, UnitPrice } from '../../src/core/money.ts';

const AT = '2026-10-31T09:00:00.000Z' as Instant;
const NAMES = ['Acme Limited', 'Beta Manufacturing', 'Cobalt Dental', 'Delta Foods'];
const PRICE = { WS: '22', EDR: '4' } as const;

const client = (name: string, index: number): Client => ({
  id: `8000000${index}-17`, code: null, name, currency: 'USD' as Currency, active: true, aliases: [],
}); // prettier-ignore
const clients = NAMES.map(client);

const service = (id: string, name: string): Service => ({
  id,
  name,
  basis: 'active',
  unit: 'device',
  members: [],
  aliases: [],
});

const quantities: Record<
  string,
  readonly [ws: string, edr: string, wasWs: string, wasEdr: string]
> = {
  'Acme Limited': ['31', '31', '31', '31'],
  'Beta Manufacturing': ['40', '0', '40', '38'],
  'Cobalt Dental': ['12', '12', '12', '12'],
  'Delta Foods': ['9', '9', '8', '8'],
};

const count = (clientId: string, serviceId: string, quantity: string): Count => ({
  clientId, serviceId, basis: 'active', quantity: quantity as Quantity, source: serviceId === 'WS' ? 'ninja' : 'huntress', asOf: AT, parts: [],
}); // prettier-ignore

const posted = (clientId: string, serviceId: 'WS' | 'EDR', quantity: string): PostedLine => ({
  clientId, serviceId, kind: 'recurring', description: serviceId === 'WS' ? 'Managed workstation' : 'EDR agent', quantity: quantity as Quantity,
  unitPrice: PRICE[serviceId] as UnitPrice, amount: `${Number(quantity) * Number(PRICE[serviceId])}.00` as Amount, source: serviceId === 'WS' ? 'ninja' : 'huntress', parts: [],
}); // prettier-ignore

const source = (id: string, title: string, services: string[]): SourceHealth => ({
  id, title, state: 'fresh', lastGoodAt: AT, lastTriedAt: AT, error: null, services, clients: clients.map((one) => one.id), unmapped: [],
}); // prettier-ignore

const of = (name: string): readonly [string, string, string, string] =>
  quantities[name] as [string, string, string, string];

export const month: Snapshot = {
  id: 'snap-1',
  period: '2026-10' as BillingPeriod,
  publishedAt: AT,
  sealed: false,
  clients,
  services: [service('WS', 'Managed workstation'), service('EDR', 'EDR agent')],
  sources: [source('ninja', 'NinjaOne', ['WS']), source('huntress', 'Huntress', ['EDR'])],
  counts: clients.flatMap((one) => [
    count(one.id, 'WS', of(one.name)[0]),
    count(one.id, 'EDR', of(one.name)[1]),
  ]),
  previous: {
    period: '2026-09' as BillingPeriod,
    origin: 'posted',
    lines: clients.flatMap((one) => [
      posted(one.id, 'WS', of(one.name)[2]),
      posted(one.id, 'EDR', of(one.name)[3]),
    ]),
  },
};

/** A list: one row per client and service, as finance keeps it. */
export const monthInSheet = [
  ['Billing October 2026'],
  ['Client', 'Service', 'Qty', 'Price', 'Amount'],
  ...NAMES.flatMap((name) =>
    (['WS', 'EDR'] as const).map((id, index) => {
      const quantity = Number(of(name)[index]);
      const formula = `=MCC.COUNT("${name}","${id}")`;
      return [
        name,
        id === 'WS' ? 'Managed workstation' : 'EDR agent',
        { value: quantity, formula },
        Number(PRICE[id]),
        quantity * Number(PRICE[id]),
      ];
    }),
  ),
];
