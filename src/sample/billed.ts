/** What is billed of what a client has: the agreement with each client, service by service. */
import { amountOf, centsToText, priceOf, SERVICES, toCents } from './catalogue.ts';
import { CLIENTS, type ClientFacts, type Plan } from './clients.ts';
import type { SampleLine, SampleMonth, SampleVariant } from './model.ts';
import { allSeats, LAST_POSTED, PERIODS, seatsOf, timelineOf, type Holding } from './timeline.ts';

/** Account ids are QuickBooks Desktop's own form: a list number and the second it was made. */
export function customerId(code: string): string {
  const index = CLIENTS.findIndex((client) => client.code === code);
  const number = (0x80000001 + index).toString(16).toUpperCase();
  return `${number}-${String(1730000001 + index)}`;
}

const PLANS: readonly string[] = ['M365BB', 'M365BS', 'M365BP', 'M365E3'];
/** The library's agents stand in the same vendor organisation as those of the public works. */
const LIBRARY = 'A1012';
const PUBLIC_WORKS = 'A1011';

/** How many agents the endpoint security tool shows under one client's account. */
export function agentsOf(client: ClientFacts, holdingOf: (code: string) => Holding | null): number {
  const own = holdingOf(client.code);
  const library = client.code === PUBLIC_WORKS ? holdingOf(LIBRARY) : null;
  return machines(own) + machines(library);
}

const machines = (holding: Holding | null): number =>
  holding ? holding.workstations + holding.servers : 0;

/** The quantity billed, or null when the client has no such line. */
export function billedQuantity(
  client: ClientFacts,
  serviceId: string,
  holdingOf: (code: string) => Holding | null,
): number | null {
  const holding = holdingOf(client.code);
  if (!holding || client.unbilled?.includes(serviceId)) return null;
  if (serviceId === 'SITE') return client.sites ?? null;
  if (serviceId === 'USR') return client.allInUsers ?? null;
  if (serviceId === 'FLAT') return client.flatFee ? 1 : null;
  if (client.allInUsers || client.flatFee) return null;
  return countedQuantity(client, serviceId, holding, holdingOf);
}

function countedQuantity(
  client: ClientFacts,
  serviceId: string,
  holding: Holding,
  holdingOf: (code: string) => Holding | null,
): number | null {
  if (PLANS.includes(serviceId)) return seatsOf(holding, serviceId as Plan) || null;
  const counted: Readonly<Record<string, number | undefined>> = {
    WS: holding.workstations,
    SRV: holding.servers,
    FW: holding.firewalls,
    EDR: agentsOf(client, holdingOf),
    MAIL: client.mail ? mailboxes(client, holding) : 0,
    BKP: client.backup ? allSeats(holding) : 0,
  };
  return counted[serviceId] || null;
}

export const mailboxes = (client: ClientFacts, holding: Holding): number =>
  client.mail ? allSeats(holding) || holding.workstations : 0;

/** All months of one variant: twelve posted ones and the current one, as it is right. */
export function billedMonths(variant: SampleVariant): SampleMonth[] {
  const timelines = new Map(CLIENTS.map((client) => [client.code, timelineOf(client, variant)]));
  return PERIODS.map((period, index) => {
    const holdingOf = (code: string): Holding | null => timelines.get(code)?.[index] ?? null;
    return billedMonth(period, holdingOf);
  });
}

function billedMonth(period: string, holdingOf: (code: string) => Holding | null): SampleMonth {
  const lines = CLIENTS.flatMap((client) =>
    SERVICES.flatMap(({ id: serviceId }): SampleLine[] => {
      const quantity = billedQuantity(client, serviceId, holdingOf);
      if (quantity === null) return [];
      const unitPrice = priceOf(serviceId, period);
      const amount = amountOf(quantity, unitPrice);
      return [{ clientId: customerId(client.code), serviceId, quantity, unitPrice, amount }];
    }),
  );
  return { period, lines, total: totalOf(lines) };
}

export const totalOf = (lines: readonly SampleLine[]): string =>
  centsToText(lines.reduce((total, line) => total + toCents(line.amount), 0));

export const POSTED_MONTHS = LAST_POSTED + 1;
