/**
 * Stand-in for ConnectWise PSA: agreements, their additions, time entries, and how many of each.
 * Written from its contract 2026.4 and its notes on paging and sign-in (read 2026-11-22). The
 * contract declares no errors; theirs is the shape of the vendor's developer guide.
 */
import { type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import { conditionsOf, type Row } from './connectwise-psa-conditions.ts';
import {
  psaWorld,
  type PsaAgreement,
  type PsaLine,
  type PsaTime,
  type PsaWorld,
} from './psa-world.ts';

/** What this stand-in accepts; invented and worth nothing anywhere else. */
export const CONNECTWISE_PSA_CREDENTIALS = {
  companyId: 'alderstreet',
  publicKey: 'samplepublic0001',
  privateKey: 'sample-private-0001',
  clientId: '00000000-0000-4000-8000-0000000000c1',
} as const;

const MEDIA_TYPE = 'application/vnd.connectwise.com+json; version=2026.4';
const SIZE_DEFAULT = 25;
const SIZE_MAX = 1000;
const LIST: Parameters = {
  conditions: { kind: 'text' },
  orderBy: { kind: 'text', pattern: /^id( asc)?$/ },
  page: { kind: 'integer', min: 1 },
  pageSize: { kind: 'integer', min: 1, max: SIZE_MAX },
  pageId: { kind: 'integer', min: 0 },
};

export const connectwisePsa: StandIn = {
  system: 'connectwise-psa',
  base: '/v4_6_release/apis/3.0',
  create(stage) {
    return {
      answer(request) {
        const period = new Date(request.nowMs).toISOString().slice(0, 7);
        const world = psaWorld(stage.vendorsAt(request.nowMs), period);
        const today = new Date(request.nowMs).toISOString().slice(0, 10);
        return answer(request, { world, today, sizeMax: stage.options().pageSizeMax ?? NO_LIMIT });
      },
    };
  },
};

interface Playing {
  readonly world: PsaWorld;
  readonly today: string;
  readonly sizeMax: number;
}

function answer(request: SimRequest, playing: Playing): SimAnswer {
  const refusal = signInTrouble(request);
  if (refusal) return refusal;
  const { method, path } = request;
  if (method !== 'GET') return refuse(405, 'MethodNotAllowed', 'Only reading is played.');
  const accept = request.headers['accept'] ?? '*/*';
  if (accept !== '*/*' && accept !== MEDIA_TYPE) return refuse(406, 'NotAcceptable', 'Only the own media type is declared.');
  const [, area, kind, id, below, count] = path.split('/');
  if (area === 'time' && kind === 'entries') return list(request, playing, timeRows(playing.world), id);
  if (area !== 'finance' || kind !== 'agreements') return notFound(path);
  if (below === undefined) return list(request, playing, agreementRows(playing), id);
  if (below !== 'additions') return notFound(path);
  const agreement = playing.world.agreements.find((one) => String(one.id) === id);
  if (!agreement) return notFound(path);
  return list(request, playing, additionRows(playing, agreement), count);
} // prettier-ignore

function signInTrouble({ headers }: SimRequest): SimAnswer | null {
  const { companyId, publicKey, privateKey, clientId } = CONNECTWISE_PSA_CREDENTIALS;
  const [scheme, encoded] = (headers['authorization'] ?? '').split(' ');
  const pair = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const isKnown = scheme === 'Basic' && pair === `${companyId}+${publicKey}:${privateKey}`;
  if (!isKnown) return refuse(401, 'Unauthorized', 'The username or password is incorrect.');
  if (headers['clientid'] === clientId) return null;
  return refuse(401, 'ClientId', 'The clientId is missing or unknown.');
}

/** A list, how many it has ("count"), or one of it by id. */
function list(
  request: SimRequest,
  { sizeMax }: Playing,
  rows: readonly Row[],
  last: string | undefined,
): SimAnswer {
  const { query, path } = request;
  if (last !== undefined && last !== 'count') {
    const row = rows.find(({ id }) => String(id) === last);
    return row ? ok(row) : notFound(path);
  }
  const conditions = conditionsOf(query.get('conditions') ?? '');
  const troubles = queryTroubles(query, LIST);
  if (troubles.length > 0) return refuse(400, 'InvalidRequest', troubles.join(' '));
  if (!conditions) return refuse(400, 'InvalidRequest', 'The conditions cannot be read.');
  const kept = rows.filter(conditions).toSorted((a, b) => a.id - b.id);
  if (last === 'count') return ok({ count: kept.length });
  const size = Math.min(numberOf(query, 'pageSize', SIZE_DEFAULT), sizeMax);
  return request.headers['pagination-type'] === 'forward-only'
    ? forward(request, kept, size)
    : numbered(request, kept, size);
}

function forward(request: SimRequest, rows: readonly Row[], size: number): SimAnswer {
  const rest = rows.filter(({ id }) => id > numberOf(request.query, 'pageId', 0));
  const page = rest.slice(0, size);
  const isLast = page.length === rest.length;
  return ok(page, isLast ? {} : linkTo(request, 'pageId', page.at(-1)?.id ?? 0));
}

function numbered(request: SimRequest, rows: readonly Row[], size: number): SimAnswer {
  const page = numberOf(request.query, 'page', 1);
  const shown = rows.slice((page - 1) * size, page * size);
  return ok(shown, page * size < rows.length ? linkTo(request, 'page', page + 1) : {});
}

function linkTo({ baseUrl, path, query }: SimRequest, name: string, value: number): { link: string } {
  const next = new URLSearchParams(query);
  next.set(name, String(value));
  return { link: `<${baseUrl}${path}?${next.toString()}>; rel="next"` };
} // prettier-ignore

// Rows -----------------------------------------------------------------------------------------

const at = (day: string): string => `${day}T00:00:00Z`;

function companyOf({ world }: Pick<Playing, 'world'>, id: number): Record<string, unknown> {
  const name = world.clients.find((one) => one.id === id)?.name ?? '';
  return { id, identifier: `C${String(id)}`, name };
}

const agreementRows = (playing: Playing): Row[] =>
  playing.world.agreements.map((one) => ({
    id: one.id,
    name: one.name,
    type: { id: 1, name: 'Managed services' },
    company: companyOf(playing, one.clientId),
    contact: { id: one.clientId + 9000, name: 'Front desk' },
    startDate: at(one.from),
    ...(one.until ? { endDate: at(one.until) } : {}),
    noEndingDateFlag: one.until === null,
    cancelledFlag: one.cancelledOn !== null,
    ...(one.cancelledOn ? { dateCancelled: at(one.cancelledOn) } : {}),
    agreementStatus: statusOf(one, playing.today),
    applicationUnits: 'Amount',
    prorateFlag: true,
  }));

function statusOf({ from, until, cancelledOn }: PsaAgreement, today: string): string {
  if (cancelledOn !== null) return 'Cancelled';
  if (from > today) return 'Inactive';
  return until !== null && until < today ? 'Expired' : 'Active';
}

const additionRows = (playing: Playing, agreement: PsaAgreement): Row[] =>
  playing.world.lines.filter(({ agreementId }) => agreementId === agreement.id).map(toAddition);

const toAddition = (line: PsaLine): Row => ({
  id: line.id,
  product: { id: line.id, identifier: line.code },
  quantity: line.quantity,
  lessIncluded: line.included,
  unitPrice: line.unitCost * 2,
  unitCost: line.unitCost,
  billCustomer: line.billing,
  effectiveDate: at(line.from),
  ...(line.until ? { cancelledDate: at(line.until) } : {}),
  taxableFlag: true,
  description: line.name,
  agreementId: line.agreementId,
  billedQuantity: line.billing === 'Billable' ? Math.max(0, line.quantity - line.included) : 0,
});

const STATUSES = { open: 'Open', billed: 'Billed', 'written off': 'WrittenOff' } as const;

const timeRows = (world: PsaWorld): Row[] => world.time.map((one) => toTimeEntry(world, one));

function toTimeEntry(world: PsaWorld, one: PsaTime): Row {
  return {
    id: one.id,
    ...(one.clientId === null ? {} : { company: companyOf({ world }, one.clientId) }),
    chargeToType: one.clientId === null ? 'ChargeCode' : 'ServiceTicket',
    member: { id: 7, identifier: 'jdoe', name: 'J. Doe' },
    ...(one.agreementId === null ? {} : { agreement: { id: one.agreementId } }),
    timeStart: one.start,
    actualHours: one.worked,
    billableOption: one.billing,
    hoursBilled: one.toBill,
    invoiceHours: one.toBill,
    agreementHours: one.covered,
    status: STATUSES[one.state],
    ...(one.state === 'billed' ? { invoice: { id: 4001, identifier: '4001' } } : {}),
    notes: 'Work for the client.',
  };
}

// Answers --------------------------------------------------------------------------------------

const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): SimAnswer => ({
  status: 200,
  headers: { 'content-type': MEDIA_TYPE, ...headers },
  body,
});

const notFound = (path: string): SimAnswer => refuse(404, 'NotFound', `There is no ${path}.`);

const refuse = (status: number, code: string, message: string): SimAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: { code, message, errors: null },
});
