/**
 * Stand-in for Huntress: account, organisations and agents. Written from its API reference v1
 * (read 2026-11-21): Basic sign-in, pages by token, at most 60 requests in any 60 seconds.
 */
import { CREDENTIALS } from '../../sample/config.ts';
import type { SampleAgent, SampleOrganisation, SampleVendors } from '../../sample/model.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 500;
const ACCOUNT_ID = 77;
const WINDOW_SECONDS = 60;
const REQUESTS_IN_WINDOW = 60;
const PAGING: Parameters = {
  limit: { kind: 'integer', min: 1, max: LIMIT_MAX },
  page_token: { kind: 'text' },
  sort_direction: { kind: 'choice', oneOf: ['asc', 'desc'] },
};
const ORGANISATIONS: Parameters = {
  ...PAGING,
  sort_field: { kind: 'choice', oneOf: ['id', 'created_at', 'updated_at', 'name', 'key'] },
  name: { kind: 'text' },
  key: { kind: 'text' },
};
const AGENTS: Parameters = {
  ...PAGING,
  sort_field: { kind: 'choice', oneOf: ['id', 'created_at', 'updated_at'] },
  organization_id: { kind: 'integer' },
  platform: { kind: 'choice', oneOf: ['windows', 'darwin', 'linux'] },
  hostname: { kind: 'text' },
  os: { kind: 'text' },
  version: { kind: 'text' },
};

type Row = { readonly id: number } & Record<string, unknown>;

export const huntress: StandIn = {
  system: 'huntress',
  base: '',
  create(stage) {
    const allow = createRateLimit(REQUESTS_IN_WINDOW, WINDOW_SECONDS);
    return {
      answer(request) {
        const { rateLimits, pageSizeMax } = stage.options();
        const isAllowed = rateLimits ? allow : (): boolean => true;
        const vendors = stage.vendorsAt(request.nowMs);
        return answer(request, vendors, isAllowed, pageSizeMax ?? NO_LIMIT);
      },
    };
  },
};

function answer(
  request: SimRequest,
  vendors: SampleVendors,
  allow: (nowMs: number) => boolean,
  limitMax: number,
): SimAnswer {
  if (!isKnown(request.headers['authorization'])) {
    return refusal(401, 'Your request could not be authenticated.');
  }
  if (!allow(request.nowMs)) return refusal(429, 'Too many requests within the rate limit.');
  const { method, path } = request;
  if (method !== 'GET') return refusal(404, 'Only reading is played here.');
  if (path === '/v1/account') return answerJson(200, { account: account() });
  const [, version, list, id, rest] = path.split('/');
  const isList = version === 'v1' && rest === undefined;
  if (isList && list === 'organizations') return organisations(request, vendors, id, limitMax);
  if (isList && list === 'agents') return agents(request, vendors, id, limitMax);
  return refusal(404, 'The requested resource is unavailable.');
}

function isKnown(authorization: string | undefined): boolean {
  const [scheme, encoded] = (authorization ?? '').split(' ');
  const { apiKey, apiSecret } = CREDENTIALS.huntress;
  const pair = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  return scheme === 'Basic' && pair === `${apiKey}:${apiSecret}`;
}

function organisations(
  request: SimRequest, vendors: SampleVendors, id: string | undefined, limitMax: number,
): SimAnswer {
  const counts = Map.groupBy(vendors.huntress.agents, (agent) => agent.organisationId);
  const rows = vendors.huntress.organisations.map((row) => toOrganisation(row, counts.get(row.id)?.length ?? 0));
  if (id !== undefined) return one('organization', rows, id);
  const { query } = request;
  const name = query.get('name');
  const kept = rows.filter((row) => name === null || row['name'] === name);
  return list(request, ORGANISATIONS, 'organizations', kept, limitMax);
} // prettier-ignore

function agents(
  request: SimRequest, vendors: SampleVendors, id: string | undefined, limitMax: number,
): SimAnswer {
  const rows = vendors.huntress.agents.map((agent) => toAgent(agent));
  if (id !== undefined) return one('agent', rows, id);
  const { query } = request;
  const kept = rows.filter((row) =>
    ['organization_id', 'platform', 'hostname', 'os', 'version'].every(
      (field) => !query.has(field) || query.get(field) === String(row[field]),
    ),
  );
  return list(request, AGENTS, 'agents', kept, limitMax);
} // prettier-ignore

function list(
  request: SimRequest, parameters: Parameters, name: string, rows: readonly Row[], limitMax: number,
): SimAnswer {
  const troubles = queryTroubles(request.query, parameters);
  if (troubles.length > 0) return refusal(400, troubles.join(' '));
  const from = fromToken(request.query.get('page_token'));
  if (from === null) return refusal(400, 'page_token is not a token of this list.');
  const limit = Math.min(numberOf(request.query, 'limit', LIMIT_DEFAULT), limitMax);
  const sorted = sort(rows, request.query);
  const next = from + limit < sorted.length ? toToken(from + limit) : null;
  return answerJson(200, {
    [name]: sorted.slice(from, from + limit),
    pagination: next === null ? {} : { next_page_token: next, next_page_url: nextUrl(request, next, limit) },
  });
} // prettier-ignore

/** Documented default: by id, newest first. */
function sort(rows: readonly Row[], query: URLSearchParams): Row[] {
  const field = query.get('sort_field') ?? 'id';
  const sign = query.get('sort_direction') === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [a[field], b[field]];
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right));
    return sign * (order === 0 ? a.id - b.id : order);
  });
}

const toToken = (from: number): string => Buffer.from(`from ${String(from)}`).toString('base64url');

function fromToken(token: string | null): number | null {
  if (token === null) return 0;
  const match = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  return match ? Number(match[1]) : null;
}

function nextUrl({ baseUrl, path, query }: SimRequest, token: string, limit: number): string {
  const next = new URLSearchParams(query);
  next.set('page_token', token);
  next.set('limit', String(limit));
  return `${baseUrl}${path}?${next.toString()}`;
}

const one = (name: string, rows: readonly Row[], id: string): SimAnswer => {
  const row = rows.find((candidate) => String(candidate.id) === id);
  return row
    ? answerJson(200, { [name]: row })
    : refusal(404, 'The requested resource is unavailable.');
};

const account = (): Record<string, unknown> => ({
  id: ACCOUNT_ID,
  name: 'Alder Street IT',
  subdomain: 'alderstreet',
  status: 'enabled',
});

const toOrganisation = ({ id, name }: SampleOrganisation, agentsCount: number): Row => ({
  id,
  account_id: ACCOUNT_ID,
  name,
  key: `org-${String(id)}`,
  agents_count: agentsCount,
  billable_identity_count: 0,
  logs_sources_count: 0,
  sat_learner_count: 0,
  incident_reports_count: 0,
  report_recipients: [],
  created_at: '2025-06-02T08:00:00Z',
  updated_at: '2026-09-01T08:00:00Z',
});

const toAgent = (agent: SampleAgent): Row => ({
  id: agent.id,
  account_id: ACCOUNT_ID,
  organization_id: agent.organisationId,
  hostname: agent.hostname,
  serial_number: agent.serialNumber,
  platform: agent.platform,
  os: agent.platform === 'darwin' ? 'macOS 15' : 'Windows 11 Pro',
  arch: 'x86_64',
  version: '0.14.30',
  edr_version: '0.3.20',
  tags: [],
  created_at: `${agent.since}T08:00:00Z`,
  updated_at: '2026-09-01T08:00:00Z',
});

const refusal = (status: number, message: string): SimAnswer =>
  answerJson(status, { error: { status, message } });
