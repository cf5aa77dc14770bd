/**
 * Stand-in for HaloPSA: sign-in, recurring invoices with lines, time entries, tickets. Parameters
 * from its API v2; that declares no answers, so fields are those of the bodies it declares for the
 * same records and the frames those that public clients read (2026-11-22).
 */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';
import { actionsOf, invoicesOf, ticketsOf, type Row } from './halopsa-records.ts';
import { psaWorld, type PsaWorld } from './psa-world.ts';

/** What this stand-in accepts; invented and worth nothing anywhere else. */
export const HALOPSA_CREDENTIALS = {
  host: 'alderstreet.halopsa.com',
  clientId: '00000000-0000-4000-8000-0000000000a1',
  clientSecret: 'sample-halopsa-secret',
} as const;

const TOKEN_SECONDS = 3600;
const SIZE_DEFAULT = 50;
const SIZE_MAX = 100;
const FLAG = { kind: 'choice', oneOf: ['true', 'false'] } as const;
const PAGING: Parameters = {
  pageinate: FLAG,
  page_no: { kind: 'integer', min: 1 },
  page_size: { kind: 'integer', min: 1, max: SIZE_MAX },
  count: { kind: 'integer', min: 1 },
};
const INVOICES: Parameters = { ...PAGING, includelines: FLAG, client_id: { kind: 'integer' } };
const TICKETS: Parameters = { ...PAGING, ticketids: { kind: 'text', pattern: /^\d+(,\d+)*$/ } };
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/;
const ACTIONS: Parameters = {
  count: { kind: 'integer', min: 1 },
  startdate: { kind: 'text', pattern: INSTANT },
  enddate: { kind: 'text', pattern: INSTANT },
  timeentriesonly: FLAG,
  excludesys: FLAG,
  ticket_id: { kind: 'integer' },
};

export const halopsa: StandIn = {
  system: 'halopsa',
  base: '',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    return {
      answer(request) {
        const period = new Date(request.nowMs).toISOString().slice(0, 7);
        const world = psaWorld(stage.vendorsAt(request.nowMs), period);
        return answer(request, world, tokens, stage.options().pageSizeMax ?? NO_LIMIT);
      },
      revokeTokens: () => tokens.revokeAll(),
    };
  },
};

function answer(
  request: SimRequest,
  world: PsaWorld,
  tokens: TokenStore,
  sizeMax: number,
): SimAnswer {
  const { method, path } = request;
  if (method === 'POST' && path === '/auth/token') return signIn(request, tokens);
  if (!tokens.isValid(request.headers['authorization'], request.nowMs)) {
    return refuse(401, 'The token is missing, wrong or expired.');
  }
  if (method !== 'GET') return refuse(405, 'Only reading is played.');
  switch (path) {
    case '/api/RecurringInvoice':
      return paged(request, INVOICES, invoicesAsked(request, world), 'invoices', sizeMax);
    case '/api/Tickets':
      return paged(request, TICKETS, ticketsAsked(request, world), 'tickets', sizeMax);
    case '/api/Actions':
      return actions(request, world, sizeMax);
    default:
      return refuse(404, `There is no ${path}.`);
  }
}

function signIn({ body, headers, query, nowMs }: SimRequest, tokens: TokenStore): SimAnswer {
  const form = new URLSearchParams(body);
  const { clientId, clientSecret, host } = HALOPSA_CREDENTIALS;
  const isKnown =
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') &&
    query.get('tenant') === host.split('.')[0] &&
    form.get('grant_type') === 'client_credentials' &&
    form.get('scope') === 'all' &&
    form.get('client_id') === clientId &&
    form.get('client_secret') === clientSecret;
  if (!isKnown) return answerJson(400, { error: 'invalid_client' });
  return answerJson(200, {
    access_token: tokens.issue(nowMs),
    token_type: 'Bearer',
    expires_in: TOKEN_SECONDS,
    scope: 'all',
  });
}

function invoicesAsked({ query }: SimRequest, world: PsaWorld): readonly Row[] {
  const client = query.get('client_id');
  const rows = invoicesOf(world).filter((row) => !client || String(row['client_id']) === client);
  if (query.get('includelines') === 'true') return rows;
  return rows.map((row) => ({ ...row, lines: null }));
}

function ticketsAsked({ query }: SimRequest, world: PsaWorld): readonly Row[] {
  const ids = query.get('ticketids')?.split(',');
  return ticketsOf(world).filter(({ id }) => !ids || ids.includes(String(id)));
}

function paged(
  { query }: SimRequest, parameters: Parameters, rows: readonly Row[], list: string, sizeMax: number,
): SimAnswer {
  const troubles = queryTroubles(query, parameters);
  if (troubles.length > 0) return refuse(400, troubles.join(' '));
  if (query.get('pageinate') !== 'true') return refuse(400, 'Without pages this is not played.');
  const number = numberOf(query, 'page_no', 1);
  const size = Math.min(numberOf(query, 'page_size', SIZE_DEFAULT), sizeMax);
  const shown = rows.slice((number - 1) * size, number * size);
  return answerJson(200, { page_no: number, page_size: size, record_count: rows.length, [list]: shown });
} // prettier-ignore

/** No pages: as many as were asked for, or as the server gives at once. */
function actions({ query }: SimRequest, world: PsaWorld, sizeMax: number): SimAnswer {
  const troubles = queryTroubles(query, ACTIONS);
  if (troubles.length > 0) return refuse(400, troubles.join(' '));
  const [from, until] = [query.get('startdate') ?? '', query.get('enddate') ?? '9999'];
  const rows = actionsOf(world).filter(({ datetime }) => {
    const own = Date.parse(String(datetime));
    return !(own < Date.parse(from)) && !(own > Date.parse(until));
  });
  const shown = rows.slice(0, Math.min(numberOf(query, 'count', SIZE_DEFAULT), sizeMax));
  return answerJson(200, { record_count: rows.length, actions: shown });
}

const refuse = (status: number, message: string): SimAnswer =>
  answerJson(status, { Message: message });
