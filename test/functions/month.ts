/** A small month for tests of functions and pane: every trouble of a count occurs once. */
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

export const OCTOBER = '2026-10' as BillingPeriod;
const AT = '2026-10-31T09:00:00.000Z' as Instant;
const OLD = '2026-10-29T06:10:00.000Z' as Instant;
const USD = 'USD' as Currency;

const client = (id: string, code: string | null, name: string, aliases: string[] = []): Client => ({
  id, code, name, currency: USD, active: true, aliases,
}); // prettier-ignore

const service = (id: string, name: string, more: Partial<Service> = {}): Service => ({
  id, name, basis: 'active', unit: 'device', members: [], aliases: [], ...more,
}); // prettier-ignore

const source = (id: string, title: string, services: string[], clients: string[], more: Partial<SourceHealth> = {}): SourceHealth => ({
  id, title, state: 'fresh', lastGoodAt: AT, lastTriedAt: AT, error: null, services, clients, unmapped: [], ...more,
}); // prettier-ignore

export const count = (clientId: string, serviceId: string, quantity: string, from: string, basis: Count['basis'] = 'active'): Count => ({
  clientId, serviceId, basis, quantity: quantity as Quantity, source: from, asOf: AT, parts: [],
}); // prettier-ignore

export const line = (clientId: string, serviceId: string, quantity: string): PostedLine => ({
  clientId, serviceId, kind: 'recurring', description: serviceId, quantity: quantity as Quantity, unitPrice: '10' as UnitPrice, amount: `${Number(quantity) * 10}.00` as Amount, source: 'ninja', parts: [],
}); // prettier-ignore

export const october: Snapshot = {
  id: 'snap-1',
  period: OCTOBER,
  publishedAt: AT,
  sealed: false,
  clients: [
    client('1-1', 'C017', 'Acme Limited', ['ACME']),
    client('1-2', 'C004', 'Smith & Co', ['Smith']),
    client('1-3', 'C031', 'Smith Brothers', ['Smith']),
    client('1-4', '4711', 'Delta Dental'),
  ],
  services: [
    service('WS', 'Managed workstation'),
    service('EDR', 'Endpoint detection', { unit: 'agent' }),
    service('BAK', 'Backup seat'),
    service('MAIL', 'Mail security'),
    service('FW', 'Firewall'),
    service('M365BS', 'Business Standard', { basis: 'bought', unit: 'licence' }),
    service('M365BP', 'Business Premium', { basis: 'bought', unit: 'licence' }),
    service('M365', 'Microsoft 365', {
      basis: 'bought',
      unit: 'licence',
      members: ['M365BS', 'M365BP'],
    }),
  ],
  sources: [
    source('ninja', 'NinjaOne', ['WS'], ['1-1', '1-2', '1-4']),
    source('pax8', 'Pax8', ['M365BS', 'M365BP'], ['1-1', '1-4']),
    source('huntress', 'Huntress', ['EDR'], ['1-2', '1-4'], { state: 'late', lastGoodAt: OLD }),
    source('backup', 'Backup export', ['BAK'], [], { state: 'never', lastGoodAt: null }),
    source('mail', 'Mail filter', ['MAIL'], ['1-1']),
  ],
  counts: [
    count('1-1', 'WS', '33', 'ninja'),
    count('1-2', 'WS', '0', 'ninja'),
    count('1-1', 'M365BS', '22', 'pax8', 'bought'),
    count('1-1', 'M365BP', '9', 'pax8', 'bought'),
    count('1-1', 'M365BS', '19', 'graph', 'assigned'),
    count('1-4', 'M365BP', '5', 'pax8', 'bought'),
    count('1-2', 'EDR', '14', 'huntress'),
  ],
  previous: {
    period: '2026-09' as BillingPeriod,
    origin: 'posted',
    lines: [line('1-1', 'WS', '30'), line('1-1', 'M365BS', '18')],
  },
};

export const september: Snapshot = {
  ...october,
  id: 'snap-0',
  period: '2026-09' as BillingPeriod,
  sealed: true,
  previous: null,
};
