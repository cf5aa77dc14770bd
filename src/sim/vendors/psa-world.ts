/**
 * What the provider keeps in its PSA: agreements with lines, and hours. Made from the licences of
 * the sample, so that its counts can be told from those; with the traps that every PSA holds.
 */
import type { SampleSubscription, SampleVendors } from '../../sample/model.ts';

export type PsaBilling = 'Billable' | 'DoNotBill' | 'NoCharge';

export interface PsaClient {
  readonly id: number;
  readonly name: string;
}

/** Days; until is the last one, null: without end. */
export interface PsaAgreement {
  readonly id: number;
  readonly clientId: number;
  readonly name: string;
  readonly from: string;
  readonly until: string | null;
  readonly cancelledOn: string | null;
}

export interface PsaLine {
  readonly id: number;
  readonly agreementId: number;
  readonly code: string;
  readonly name: string;
  readonly quantity: number;
  readonly included: number;
  readonly billing: PsaBilling;
  readonly from: string;
  readonly until: string | null;
  readonly unitCost: number;
}

export interface PsaTime {
  readonly id: number;
  /** Null: the provider's own work. */
  readonly clientId: number | null;
  readonly agreementId: number | null;
  /** Instant, UTC. */
  readonly start: string;
  readonly worked: number;
  readonly toBill: number;
  /** Of the hours to bill, those that the agreement pays for. */
  readonly covered: number;
  readonly billing: PsaBilling;
  readonly state: 'open' | 'billed' | 'written off';
}

export interface PsaWorld {
  readonly clients: readonly PsaClient[];
  readonly agreements: readonly PsaAgreement[];
  readonly lines: readonly PsaLine[];
  readonly time: readonly PsaTime[];
}

const FIRST_CLIENT = 500;
const BILLINGS: readonly PsaBilling[] = ['Billable', 'NoCharge', 'DoNotBill'];
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export function psaWorld({ pax8 }: SampleVendors, period: string): PsaWorld {
  const days = daysAround(period);
  const clients = pax8.companies.map(({ name }, index) => ({ id: FIRST_CLIENT + index, name }));
  const kept = pax8.companies.map((company, index) => ({
    agreements: agreementsOf(index, company.name, days),
    lines: [
      ...licences(index, pax8.subscriptions.filter(({ companyId }) => companyId === company.id)),
      ...traps(index, days),
    ],
  }));
  return {
    clients,
    agreements: kept.flatMap(({ agreements }) => agreements),
    lines: kept.flatMap(({ lines }) => lines),
    time: [...clients.flatMap((client) => hoursOf(client, days)), ...edges(days)],
  };
} // prettier-ignore

interface Days {
  readonly first: string;
  readonly last: string;
  readonly before: string;
  readonly after: string;
}

function daysAround(period: string): Days {
  const start = Date.parse(`${period}-01T00:00:00Z`);
  const next = new Date(start);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const day = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);
  return {
    first: day(start),
    last: day(next.getTime() - DAY_MS),
    before: day(start - DAY_MS),
    after: day(next.getTime()),
  };
}

/** The one that counts, and beside some one that was cancelled, has ended or has not begun. */
function agreementsOf(index: number, name: string, days: Days): PsaAgreement[] {
  const own = { clientId: FIRST_CLIENT + index, cancelledOn: null, until: null };
  const main = { ...own, id: idOf(index), name: `Managed services ${name}`, from: '2025-01-01' };
  const other = { ...main, id: idOf(index) + 1, name: `Old agreement ${name}` };
  switch (index % 6) {
    case 1:
      return [main, { ...other, cancelledOn: days.before }];
    case 2:
      return [main, { ...other, until: days.before }];
    case 3:
      return [main, { ...other, from: days.after }];
    default:
      return [main];
  }
}

const idOf = (index: number): number => (FIRST_CLIENT + index) * 10;

function licences(index: number, subscriptions: readonly SampleSubscription[]): PsaLine[] {
  return subscriptions.map((row, at) => ({
    id: idOf(index) * 100 + at,
    agreementId: idOf(index),
    code: row.vendorSkuId,
    name: row.productName,
    quantity: row.quantity,
    included: at % 3 === 2 ? 2 : 0,
    billing: row.status === 'Trial' ? 'DoNotBill' : 'Billable',
    from: row.since,
    until: row.status === 'Cancelled' ? '2025-12-31' : null,
    unitCost: row.partnerCost,
  }));
}

function traps(index: number, days: Days): PsaLine[] {
  const line = (at: number, change: Partial<PsaLine>): PsaLine => ({
    id: idOf(index) * 100 + 50 + at,
    agreementId: idOf(index),
    code: 'RMM-WS',
    name: 'Managed workstation',
    quantity: 10 + index,
    included: 0,
    billing: 'Billable',
    from: '2025-01-01',
    until: null,
    unitCost: 3.25,
    ...change,
  });
  const always = [
    line(0, { billing: BILLINGS[index % 3] ?? 'Billable' }),
    line(1, { quantity: 90, until: days.before }),
    line(2, { quantity: 80, from: days.after }),
    line(3, { code: 'BACKUP-GB', name: 'Backup, gigabytes', quantity: index + 0.25, from: days.last }),
    line(4, { code: 'EDR', name: 'Endpoint protection', quantity: 1, included: 5, until: days.last }),
  ];
  const once = line(5, { code: 'SETUP', name: 'Set-up', quantity: 1, from: `${days.first.slice(0, 8)}05`, until: `${days.first.slice(0, 8)}06` });
  const old = line(6, { agreementId: idOf(index) + 1, quantity: 70 });
  return [...always, ...(index === 4 ? [once] : []), ...([1, 2, 3].includes(index % 6) ? [old] : [])];
} // prettier-ignore

/** Quarters of hours and tenths, which no double adds up exactly. */
function hoursOf({ id }: PsaClient, days: Days): PsaTime[] {
  // A minute for each client: no minute of the month holds more than one answer does.
  const index = id - FIRST_CLIENT;
  return Array.from({ length: index % 5 }, (_, at) => {
    const worked = [0.1, 0.2, 1.25, 2.75][at] ?? 1;
    const isCovered = at === 2 && index % 2 === 0;
    return {
      id: id * 100 + at,
      clientId: id,
      agreementId: isCovered ? idOf(index) : null,
      start: `${days.first.slice(0, 8)}1${String(at)}T14:${String(index).padStart(2, '0')}:00Z`,
      worked,
      toBill: at === 3 ? 3 : worked,
      covered: isCovered ? 1 : 0,
      billing: at === 1 ? (BILLINGS[index % 3] ?? 'Billable') : 'Billable',
      state: at === 3 && index === 4 ? 'written off' : at === 3 && index === 9 ? 'billed' : 'open',
    } as const;
  });
}

/** Around the limits of the month, by UTC and by the provider's own clock (Chicago, 5 or 6 hours). */
function edges({ first, after }: Days): PsaTime[] {
  const [start, end] = [Date.parse(`${first}T00:00:00Z`), Date.parse(`${after}T00:00:00Z`)];
  const near = [start, end].flatMap((limit) =>
    [0, 5, 6].flatMap((hours) => [limit + hours * HOUR_MS - 1000, limit + hours * HOUR_MS]),
  );
  const entry = { agreementId: null, worked: 0.5, toBill: 0.5, covered: 0, state: 'open' } as const;
  const own = near.map((timeMs, at) => ({
    ...entry,
    id: 90_000 + at,
    clientId: FIRST_CLIENT,
    start: new Date(timeMs).toISOString().replace('.000Z', 'Z'),
    billing: 'Billable' as const,
  }));
  const internal = { ...entry, id: 91_000, clientId: null, start: `${first}T18:00:00Z`, billing: 'NoCharge' as const };
  return [...own, internal];
} // prettier-ignore
