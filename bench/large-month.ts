/** A month of any number of lines, ten services a client, one line in seven moved; always the same. */
import { shiftPeriod, parsePeriod, type Instant } from '../src/core/billing-period.ts';
import type {
  Client, Count, PostedLine, PostedMonth, Service, Snapshot, SourceHealth,
} from '../src/core/model.ts'; // prettier-ignore
import { lineAmount, parseCurrency, parseQuantity, parseUnitPrice } from '../src/core/money.ts';
import type { CellInput } from '../src/workbook/memory-workbook.ts';

export interface LargeMonth {
  readonly rows: readonly (readonly CellInput[])[];
  readonly snapshot: Snapshot;
  readonly history: readonly PostedMonth[];
}

const SERVICES_EACH = 10;
const MONTHS_BACK = 12;
const PERIOD = parsePeriod('2026-10');
const USD = parseCurrency('USD');
const AT = '2026-10-31T09:00:00.000Z' as Instant;
const SOURCE = 'rmm';
const MOVED_EACH = 7;

const services: readonly Service[] = Array.from({ length: SERVICES_EACH }, (_, index) => ({
  id: `S${String(index + 1)}`,
  name: `Managed service ${String(index + 1)}`,
  basis: 'active',
  unit: 'device',
  members: [],
  aliases: [],
}));

interface Place {
  readonly client: Client;
  readonly service: Service;
  readonly quantity: number;
  readonly before: number;
  readonly price: string;
}

export function largeMonth(lines: number): LargeMonth {
  const clients = Array.from({ length: lines / SERVICES_EACH }, (_, index) => toClient(index));
  const places = clients.flatMap((client, row) =>
    services.map((service, column) => toPlace(client, service, row * SERVICES_EACH + column)),
  );
  const history = Array.from({ length: MONTHS_BACK }, (_, back) =>
    toMonth(places, shiftPeriod(PERIOD, -1 - back)),
  );
  const previous = history[0] ?? null;
  return { rows: toRows(places), snapshot: toSnapshot(clients, places, previous), history };
}

function toClient(index: number): Client {
  const number = String(index + 1).padStart(4, '0');
  return {
    id: `8000${number}-17`, code: `C${number}`, name: `Client ${number} Limited`, currency: USD,
    active: true, aliases: [],
  }; // prettier-ignore
}

function toPlace(client: Client, service: Service, index: number): Place {
  const before = 5 + ((index * 7_919) % 60);
  const quantity = index % MOVED_EACH === 0 ? before + 1 + (index % 3) : before;
  return {
    client,
    service,
    quantity,
    before,
    price: `${String(4 + (index % SERVICES_EACH) * 3)}.5`,
  };
}

const toRows = (places: readonly Place[]): LargeMonth['rows'] => [
  ['Billing October 2026'],
  ['Client', 'Service', 'Qty', 'Price', 'Amount'],
  ...places.map(({ client, service, quantity, price }): readonly CellInput[] => [
    client.name,
    service.name,
    { value: quantity, formula: `=MCC.COUNT("${client.name}","${service.id}")` },
    Number(price),
    quantity * Number(price),
  ]),
];

function toMonth(places: readonly Place[], period: PostedMonth['period']): PostedMonth {
  const lines = places.map(({ client, service, before, price }): PostedLine => {
    const [quantity, unitPrice] = [parseQuantity(String(before)), parseUnitPrice(price)];
    return {
      clientId: client.id, serviceId: service.id, kind: 'recurring', description: service.name,
      quantity, unitPrice, amount: lineAmount(quantity, unitPrice, USD), source: SOURCE,
      parts: [partOf(client, service, before)],
    }; // prettier-ignore
  });
  return { period, origin: 'posted', lines };
}

const partOf = (client: Client, service: Service, quantity: number) => ({
  account: `account ${client.id}`,
  sku: service.id,
  quantity: parseQuantity(String(quantity)),
});

function toSnapshot(
  clients: readonly Client[],
  places: readonly Place[],
  previous: PostedMonth | null,
): Snapshot {
  const source: SourceHealth = {
    id: SOURCE, title: 'RMM', state: 'fresh', lastGoodAt: AT, lastTriedAt: AT, error: null,
    services: services.map(({ id }) => id), clients: clients.map(({ id }) => id), unmapped: [],
  }; // prettier-ignore
  const counts = places.map(({ client, service, quantity }): Count => ({
    clientId: client.id, serviceId: service.id, basis: 'active', source: SOURCE, asOf: AT,
    quantity: parseQuantity(String(quantity)), parts: [partOf(client, service, quantity)],
  })); // prettier-ignore
  return {
    id: 'large', period: PERIOD, publishedAt: AT, sealed: false, clients, services,
    sources: [source], counts, previous,
  }; // prettier-ignore
}
