// HaloPSA: lines of recurring invoices, and hours by billing class, for one month.
// API: Halo API v2 (RecurringInvoice, Actions, Tickets), read 2026-11-22. Time entries have no
// pages, only a number of rows at most: they are asked day by day, and a day that fills its answer
// is asked in halves. They name no client; their tickets do. Published limits differ; it says 429.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages, credential, loopbackUrl, refuseEmpty, type Http, type HttpService, type Query,
} from '../http.ts'; // prettier-ignore
import {
  Action, hoursOf, isOfMonth, NO_CLIENT, piecesOf, PREPAID, RecurringInvoice, Ticket,
} from './halopsa-rows.ts'; // prettier-ignore
import { psaMonth, timeZone, type PsaMonth } from './psa-month.ts';
import {
  tallyPsa,
  type PsaClient,
  type PsaFound,
  type PsaPiece,
  type PsaSku,
} from './psa-tally.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'HaloPSA';
const PAGE_SIZE = 100;
const TICKETS_AT_ONCE = 50;
const ACTIONS_MAX = 1000;
const DAY_MS = 86_400_000;
const WINDOW_MIN_MS = 60_000;
const HOST = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.halopsa\.com$/;

const Settings = z.strictObject({
  /** "alderstreet.halopsa.com": its first part is the tenant. */
  host: z.string().regex(HOST, 'is no host name such as yourname.halopsa.com'),
  baseUrl: loopbackUrl.optional(),
  timeZone,
  clientId: credential,
  clientSecret: credential,
});
type Settings = z.infer<typeof Settings>;

const Token = z.object({ access_token: credential });
const Frame = {
  page_no: z.int().positive(),
  page_size: z.int().positive(),
  record_count: z.int().nonnegative(),
};
const InvoicePage = z
  .object({ ...Frame, invoices: z.array(RecurringInvoice) })
  .transform(({ invoices: rows, ...frame }) => ({ ...frame, rows }));
const TicketPage = z
  .object({ ...Frame, tickets: z.array(Ticket) })
  .transform(({ tickets: rows, ...frame }) => ({ ...frame, rows }));
const ActionList = z.object({
  record_count: z.int().nonnegative().nullish(),
  actions: z.array(Action),
});

const skus = {
  'Hours: Billable': 'Hours: Billable',
  'Hours: NonBillable': 'Hours: NonBillable',
  [PREPAID]: PREPAID,
};
const ALWAYS: readonly PsaSku[] = [
  { sku: 'Hours: Billable', name: 'Hours: Billable', basis: 'active' },
  { sku: 'Hours: Billable', name: 'Hours: Billable', basis: 'billable' },
  { sku: 'Hours: NonBillable', name: 'Hours: NonBillable', basis: 'active' },
  { sku: PREPAID, name: PREPAID, basis: 'billable' },
];

export const halopsa = defineCountSource({
  id: 'halopsa',
  title: TITLE,
  kind: 'api',
  skus,
  settings: Settings,

  async count(settings, period, http) {
    const api = connect(settings, http);
    const month = psaMonth(period, settings.timeZone);
    const invoices = await listAll(api, '/api/RecurringInvoice', InvoicePage, { includelines: true });
    refuseEmpty(TITLE, 'recurring invoice', invoices);
    const bought = countLines(invoices, month);
    const worked = await readHours(api, month);
    return tallyPsa({
      title: TITLE,
      always: ALWAYS,
      found: [bought, worked],
    });
  },
}); // prettier-ignore

function connect({ host, baseUrl, clientId, clientSecret }: Settings, http: Http): HttpService {
  const [tenant = ''] = host.split('.');
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? `https://${host}`,
    async signIn(anonymous) {
      const form = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'all',
      };
      const token = await anonymous.post(`/auth/token?tenant=${tenant}`, Token, { form });
      return { authorization: `Bearer ${token.access_token}` };
    },
  });
}

interface HaloPage<Row> {
  readonly page_no: number;
  readonly page_size: number;
  readonly record_count: number;
  readonly rows: readonly Row[];
}

function listAll<Row>(
  api: HttpService,
  path: string,
  page: z.ZodType<HaloPage<Row>>,
  more: Query,
): Promise<readonly Row[]> {
  return collectPages(TITLE, async (cursor) => {
    const asked = Number(cursor ?? '1');
    const fits = page.refine(({ page_no: given }) => given === asked, {
      path: ['page_no'],
      error: `is not the page asked for (${String(asked)})`,
    });
    const query = { pageinate: true, page_no: asked, page_size: PAGE_SIZE, ...more };
    const { rows, record_count: total, page_size: size } = await api.get(path, fits, { query });
    return { rows, next: asked * size < total ? String(asked + 1) : null, total };
  });
}

function countLines(invoices: readonly RecurringInvoice[], month: PsaMonth): PsaFound {
  const live = invoices.filter((invoice) => isOfMonth(invoice, month));
  const results = live.flatMap((invoice) =>
    invoice.lines.map((line) => ({
      client: clientOf(invoice),
      pieces: piecesOf(invoice, line, month),
    })),
  );
  return { clients: live.map(clientOf), ...sorted(results) };
}

const clientOf = (invoice: RecurringInvoice): PsaClient => ({
  ref: String(invoice.client_id),
  name: invoice.client_name,
});

interface Result {
  readonly client: PsaClient;
  readonly pieces: readonly PsaPiece[] | string | null;
}

const sorted = (results: readonly Result[]): Pick<PsaFound, 'pieces' | 'doubts'> => ({
  pieces: results.flatMap(({ pieces }) => (typeof pieces === 'string' ? [] : (pieces ?? []))),
  doubts: results.flatMap(({ client, pieces }) =>
    typeof pieces === 'string' ? [{ client, reason: pieces }] : [],
  ),
});

async function readHours(api: HttpService, month: PsaMonth): Promise<PsaFound> {
  const found = new Map<number, Action>();
  const last = Date.parse(month.askUntil);
  for (let from = Date.parse(month.askFrom); from < last; from += DAY_MS) {
    for (const action of await actionsIn(api, from, from + DAY_MS)) found.set(action.id, action);
  }
  const actions = [...found.values()].filter(({ datetime }) => month.holds(month.dayOf(datetime)));
  const clients = await clientsOfTickets(api, actions);
  const results = actions.map((action) => {
    const client = action.ticket_id ? (clients.get(action.ticket_id) ?? NO_CLIENT) : NO_CLIENT;
    return { client, pieces: hoursOf(action, client.ref) };
  });
  return { clients: results.map(({ client }) => client), ...sorted(results) };
}

/** All of a span of time. An answer that is full, or says it has more, is asked in two halves. */
async function actionsIn(api: HttpService, fromMs: number, untilMs: number): Promise<readonly Action[]> {
  const query = {
    timeentriesonly: true,
    excludesys: true,
    startdate: new Date(fromMs).toISOString(),
    enddate: new Date(untilMs).toISOString(),
    count: ACTIONS_MAX,
  };
  const { actions, record_count: total } = await api.get('/api/Actions', ActionList, { query });
  if (actions.length < ACTIONS_MAX && (total ?? 0) <= actions.length) return actions;
  if (untilMs - fromMs <= WINDOW_MIN_MS) {
    const words = `says ${String(total ?? ACTIONS_MAX)} time entries in one minute and gives ${String(actions.length)}`;
    throw new AppError('SOURCE_MALFORMED', `${TITLE}: it ${words}.`);
  }
  const middle = fromMs + Math.floor((untilMs - fromMs) / 2);
  return [...(await actionsIn(api, fromMs, middle)), ...(await actionsIn(api, middle, untilMs))];
} // prettier-ignore

/** A ticket of no client is the provider's own; one that is not given could be anybody's. */
async function clientsOfTickets(
  api: HttpService,
  actions: readonly Action[],
): Promise<ReadonlyMap<number, PsaClient>> {
  const ids = [...new Set(actions.flatMap(({ ticket_id: id }) => id || []))].sort((a, b) => a - b);
  const clients = new Map<number, PsaClient>();
  for (let at = 0; at < ids.length; at += TICKETS_AT_ONCE) {
    const ticketids = ids.slice(at, at + TICKETS_AT_ONCE).join(',');
    const tickets = await listAll(api, '/api/Tickets', TicketPage, { ticketids });
    for (const ticket of tickets) clients.set(ticket.id, ownerOf(ticket));
  }
  const lost = ids.find((id) => !clients.has(id));
  if (lost === undefined) return clients;
  throw new AppError('SOURCE_MALFORMED', `${TITLE}: it does not list ticket ${String(lost)}, which has hours.`);
} // prettier-ignore

function ownerOf({ client_id: id, client_name: name }: Ticket): PsaClient {
  if (id === null || id === undefined) return NO_CLIENT;
  return { ref: String(id), name: name?.trim() || `client ${String(id)}` };
}
