// Autotask: units of contract services and bundles, and hours by what pays for them, for one month.
// API: Autotask REST v1.0 (Contracts, ContractServiceUnits, ContractServiceBundleUnits, TimeEntries,
// Tickets, Companies), read 2026-11-22. Every list is a question by POST of at most 500 rows by
// id; the next page is asked by the last id seen. 10,000 requests an hour for each database.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages, credential, loopbackUrl, refuseEmpty, type Http, type HttpService, type Page,
} from '../http.ts'; // prettier-ignore
import {
  BundleUnits, Company, Contract, hoursOf, isOfMonth, NO_COMPANY, piecesOf, Service, ServiceUnits,
  Ticket, TimeEntry, unitsOn, type UnitsRow,
} from './autotask-rows.ts'; // prettier-ignore
import { psaMonth, timeZone, type PsaMonth } from './psa-month.ts';
import { tallyPsa, type PsaClient, type PsaFound, type PsaSku } from './psa-tally.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'Autotask';
const ROOT = 'https://webservices.autotask.net';
const BASE_PATH = '/ATServicesRest';
const ROWS_MAX = 500;
const RATE = { calls: 10_000, perSeconds: 3600 };

const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  timeZone,
  userName: credential,
  secret: credential,
  integrationCode: credential,
});
type Settings = z.infer<typeof Settings>;

/** The zone that holds the database: one of Autotask's own servers, or it is not believed. */
const Zone = z.object({ url: z.string().min(1) });
const ZONE_URL = /^https:\/\/webservices\d{0,3}\.autotask\.net\/atservicesrest\/?$/i;
const Total = z.object({ queryCount: z.int().nonnegative() });
const PageDetails = z.object({ count: z.int().nonnegative(), nextPageUrl: z.string().nullish() });
const Refusal = z.object({ errors: z.array(z.string()).min(1) });

const skus = {
  'Hours: Billable': 'Hours: Billable',
  'Hours: NonBillable': 'Hours: NonBillable',
  'Hours: Block Hours': 'Hours: Block Hours',
};
const ALWAYS: readonly PsaSku[] = [
  { sku: 'Hours: Billable', name: 'Hours: Billable', basis: 'active' },
  { sku: 'Hours: Billable', name: 'Hours: Billable', basis: 'billable' },
  { sku: 'Hours: NonBillable', name: 'Hours: NonBillable', basis: 'active' },
  { sku: 'Hours: Block Hours', name: 'Hours: Block Hours', basis: 'billable' },
];

interface Filter {
  readonly op: string;
  readonly field: string;
  readonly value: number | string | readonly number[];
}

export const autotask = defineCountSource({
  id: 'autotask',
  title: TITLE,
  kind: 'api',
  skus,
  settings: Settings,

  async count(settings, period, http) {
    const api = await connect(settings, http);
    const month = psaMonth(period, settings.timeZone);
    const contracts = await listAll(api, 'Contracts', Contract);
    refuseEmpty(TITLE, 'contract', contracts);
    const companies = await listAll(api, 'Companies', Company);
    refuseEmpty(TITLE, 'company', companies);
    const names = new Map(companies.map((one) => [one.id, one.companyName]));
    const clientOf = (companyId: number): PsaClient => ({
      ref: String(companyId),
      name: names.get(companyId) ?? `company ${String(companyId)}`,
    });
    const book = { clientOf, contracts: new Map(contracts.map((one) => [one.id, one])) };
    const bought = await readUnits(api, book, month);
    const worked = await readHours(api, book, month);
    return tallyPsa({
      title: TITLE,
      always: ALWAYS,
      found: [bought, worked],
    });
  },
});

interface Book {
  readonly clientOf: (companyId: number) => PsaClient;
  readonly contracts: ReadonlyMap<number, Contract>;
}

/** Asks which zone the database is in; a loopback address stands for all of them. */
async function connect(settings: Settings, http: Http): Promise<HttpService> {
  const { baseUrl, userName, secret, integrationCode } = settings;
  const headers = { username: userName, secret, apiintegrationcode: integrationCode };
  const open = (address: string): HttpService =>
    http.service({ title: TITLE, baseUrl: address, headers, rate: RATE, explain: ({ text }) => explain(text) });
  const root = open(`${baseUrl ?? ROOT}${BASE_PATH}`);
  const { url } = await root.get('/V1.0/ZoneInformation', Zone, { query: { user: userName } });
  if (baseUrl) return root;
  if (ZONE_URL.test(url)) return open(url);
  throw new AppError('SOURCE_MALFORMED', `${TITLE}: the zone of the user is said to be at another address.`);
} // prettier-ignore

function explain(text: string): string | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.errors.join(' ') ?? null;
  } catch {
    return null;
  }
}

/** All rows of a question, in the order of their ids, and as many as Autotask says there are. */
async function listAll<Row extends z.ZodType<{ id: number }>>(
  api: HttpService,
  entity: string,
  row: Row,
  filter: readonly Filter[] = [{ op: 'gte', field: 'id', value: 0 }],
): Promise<readonly z.infer<Row>[]> {
  const path = `/V1.0/${entity}/query`;
  const asked = { question: { Filter: filter } };
  const { queryCount: total } = await api.get(`${path}/count`, Total, asked);
  const schema = z.object({ items: z.array(row), pageDetails: PageDetails });
  return collectPages(TITLE, async (after): Promise<Page<z.infer<Row>>> => {
    const rest = after === null ? [] : [{ op: 'gt', field: 'id', value: Number(after) }];
    const question = { MaxRecords: ROWS_MAX, Filter: [...filter, ...rest] };
    const { items, pageDetails } = await api.get(path, schema, { question });
    // The link leads to an address of the vendor's choice; the last id says as much.
    const more = items.length >= ROWS_MAX || Boolean(pageDetails.nextPageUrl);
    const last = items.at(-1);
    return { rows: items, next: more && last ? String(last.id) : null, total };
  });
}

async function readUnits(api: HttpService, book: Book, month: PsaMonth): Promise<PsaFound> {
  const filter = [
    { op: 'gte', field: 'endDate', value: month.askFrom },
    { op: 'lt', field: 'startDate', value: month.askUntil },
  ];
  const services = await listAll(api, 'ContractServiceUnits', ServiceUnits, filter);
  const bundles = await listAll(api, 'ContractServiceBundleUnits', BundleUnits, filter);
  const names = new Map([
    ...(await listAll(api, 'Services', Service)).map(({ id, name }) => [`service ${String(id)}`, name] as const),
    ...(await listAll(api, 'ServiceBundles', Service)).map(({ id, name }) => [`bundle ${String(id)}`, name] as const),
  ]);
  const rows: UnitsRow[] = [
    ...services.map((one) => ({ ...one, sku: `service ${String(one.serviceID)}`, line: `service ${String(one.contractServiceID)}` })),
    ...bundles.map((one) => ({ ...one, sku: `bundle ${String(one.serviceBundleID)}`, line: `bundle ${String(one.contractServiceBundleID)}` })),
  ];
  const lines = Map.groupBy(rows.filter((row) => isOfMonth(row, month)), ({ line }) => line);
  return countLines(book, [...lines.values()], names, month);
} // prettier-ignore

function countLines(
  { clientOf, contracts }: Book,
  lines: readonly (readonly UnitsRow[])[],
  names: ReadonlyMap<string, string>,
  month: PsaMonth,
): PsaFound {
  const found = lines.flatMap((rows) => {
    const [row] = rows;
    if (!row) return [];
    const contract = contracts.get(row.contractID);
    // Whose units these are cannot be told, so nobody's count may stand.
    if (!contract) throw missing(`contract ${String(row.contractID)} of units ${String(row.id)}`);
    const client = clientOf(contract.companyID);
    return [{ client, row, units: unitsOn(contract, rows, month) }];
  });
  return {
    clients: found.map(({ client }) => client),
    pieces: found.flatMap(({ client, row, units }) => {
      const name = names.get(row.sku) ?? row.sku;
      return typeof units === 'string' ? [] : piecesOf(client.ref, row.sku, name, units);
    }),
    doubts: found.flatMap(({ client, units }) =>
      typeof units === 'string' ? [{ client, reason: units }] : [],
    ),
  };
}

const missing = (what: string): AppError =>
  new AppError('SOURCE_MALFORMED', `${TITLE}: it does not list ${what}.`);

async function readHours(api: HttpService, book: Book, month: PsaMonth): Promise<PsaFound> {
  const all = await listAll(api, 'TimeEntries', TimeEntry, [
    { op: 'gte', field: 'dateWorked', value: month.askFrom },
    { op: 'lt', field: 'dateWorked', value: month.askUntil },
  ]);
  const entries = all.filter(({ dateWorked }) => month.holds(month.dateOf(dateWorked)));
  const tickets = await companiesOfTickets(api, entries);
  const results = entries.map((entry) => {
    const contract = contractOf(book, entry);
    const company = contract?.companyID ?? (entry.ticketID ? tickets.get(entry.ticketID) : null);
    const client = company === null || company === undefined ? NO_COMPANY : book.clientOf(company);
    return { client, hours: hoursOf(entry, client.ref, contract) };
  });
  return {
    clients: results.map(({ client }) => client),
    pieces: results.flatMap(({ hours }) => (typeof hours === 'string' ? [] : hours)),
    doubts: results.flatMap(({ client, hours }) =>
      typeof hours === 'string' ? [{ client, reason: hours }] : [],
    ),
  };
}

function contractOf({ contracts }: Book, { id, contractID }: TimeEntry): Contract | null {
  if (contractID === null || contractID === undefined) return null;
  const contract = contracts.get(contractID);
  if (contract) return contract;
  throw missing(`contract ${String(contractID)} of time entry ${String(id)}`);
}

/** A time entry names no company: without a contract, its ticket does. */
async function companiesOfTickets(
  api: HttpService,
  entries: readonly TimeEntry[],
): Promise<ReadonlyMap<number, number | null>> {
  const wanted = entries.filter(({ contractID }) => contractID === null || contractID === undefined);
  const ids = [...new Set(wanted.flatMap(({ ticketID }) => ticketID ?? []))].sort((a, b) => a - b);
  const companies = new Map<number, number | null>();
  for (let at = 0; at < ids.length; at += ROWS_MAX) {
    const some = ids.slice(at, at + ROWS_MAX);
    const rows = await listAll(api, 'Tickets', Ticket, [{ op: 'in', field: 'id', value: some }]);
    for (const { id, companyID } of rows) companies.set(id, companyID ?? null);
  }
  const lost = ids.find((id) => !companies.has(id));
  if (lost !== undefined) throw missing(`ticket ${String(lost)}, which has hours`);
  return companies;
} // prettier-ignore
