/** A sheet read without a relay: its own spellings are the clients and services. */
import type { BillingPeriod } from './billing-period.ts';
import { previousPeriod } from './billing-period.ts';
import { isKnown } from './lines.ts';
import type {
  Client,
  PostedLine,
  PostedMonth,
  ResolvedLine,
  Service,
  SheetReading,
} from './model.ts';
import { lineAmount } from './money.ts';
import type { Currency } from './money.ts';

/** Everything the dry-run needs of a sheet alone. Spellings that differ in case or spaces are one. */
export function sheetAlone(reading: SheetReading): {
  readonly lines: readonly ResolvedLine[];
  readonly clients: readonly Client[];
  readonly services: readonly Service[];
} {
  const clients = new Map<string, Client>();
  const services = new Map<string, Service>();
  const lines = reading.lines.map((line) => {
    const [clientId, serviceId] = [idOf(line.client), idOf(line.service)];
    if (!clients.has(clientId))
      clients.set(clientId, toClient(clientId, line.client, line.clientCode, reading.currency));
    if (!services.has(serviceId)) services.set(serviceId, toService(serviceId, line.service));
    return { ...line, clientId, serviceId };
  });
  return { lines, clients: [...clients.values()], services: [...services.values()] };
}

const idOf = (spelling: string): string =>
  spelling.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();

function toClient(id: string, name: string, code: string | null, currency: Currency): Client {
  return { id, code, name: name.trim(), currency, active: true, aliases: [] };
}

function toService(id: string, name: string): Service {
  return { id, name: name.trim(), basis: 'billable', unit: 'other', members: [], aliases: [] };
}

/** Nothing was posted yet: last month's tab or column serves, and says so (rulings 14). */
export function previousFromSheet(
  period: BillingPeriod,
  lines: readonly ResolvedLine[],
  currency: Currency,
): PostedMonth | null {
  const known = lines.filter(isKnown).filter(({ previous }) => previous !== null);
  if (known.length === 0) return null;
  const posted = known.flatMap(({ clientId, serviceId, kind, service, previous }): PostedLine[] => {
    if (!previous) return [];
    const { quantity, unitPrice } = previous;
    const amount = lineAmount(quantity, unitPrice, currency);
    const description = service.trim();
    return [
      {
        clientId,
        serviceId,
        kind,
        description,
        quantity,
        unitPrice,
        amount,
        source: null,
        parts: [],
      },
    ];
  });
  return { period: previousPeriod(period), origin: 'sheet', lines: posted };
}
