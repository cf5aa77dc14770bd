/**
 * Stand-in for Autotask: zone, threshold, and questions about contracts, units, time and names.
 * Written from its REST contract v1 for the names of fields, and from the vendor's pages for the
 * envelope of questions and answers, which the contract has wrong (read 2026-11-22).
 */
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { entitiesOf, type Row } from './autotask-entities.ts';
import { matcherOf } from './autotask-filters.ts';
import { psaWorld } from './psa-world.ts';

/** What this stand-in accepts; invented and worth nothing anywhere else. */
export const AUTOTASK_CREDENTIALS = {
  userName: 'api@alderstreet.example',
  secret: 'sample-autotask-secret',
  integrationCode: 'SAMPLEAUTOTASKCODE01',
} as const;

const ROWS_MAX = 500;
const WINDOW_SECONDS = 3600;
const REQUESTS_IN_WINDOW = 10_000;
const KNOWN = new Set(['MaxRecords', 'IncludeFields', 'Filter']);

type Entities = ReadonlyMap<string, readonly Row[]>;

export const autotask: StandIn = {
  system: 'autotask',
  base: '/ATServicesRest',
  create(stage) {
    const allow = createRateLimit(REQUESTS_IN_WINDOW, WINDOW_SECONDS);
    return {
      answer(request) {
        const { rateLimits, pageSizeMax } = stage.options();
        const period = new Date(request.nowMs).toISOString().slice(0, 7);
        const entities = entitiesOf(psaWorld(stage.vendorsAt(request.nowMs), period), period);
        const troubles = signInTrouble(request);
        if (troubles) return troubles;
        if (rateLimits && !allow(request.nowMs)) return refuse(429, 'Too many requests in the last hour.');
        return answer(request, entities, pageSizeMax ?? NO_LIMIT);
      },
    };
  },
}; // prettier-ignore

function signInTrouble({ headers }: SimRequest): SimAnswer | null {
  const { userName, secret, integrationCode } = AUTOTASK_CREDENTIALS;
  const isKnown =
    headers['username'] === userName &&
    headers['secret'] === secret &&
    headers['apiintegrationcode'] === integrationCode;
  return isKnown ? null : refuse(401, 'The user name, secret or integration code is wrong.');
}

function answer(request: SimRequest, entities: Entities, rowsMax: number): SimAnswer {
  const { method, path, query } = request;
  if (method === 'GET' && path === '/V1.0/ZoneInformation') {
    const isAsked = query.get('user') !== null && query.size === 1;
    return isAsked ? answerJson(200, zoneOf(request)) : refuse(400, 'Only user is asked for.');
  }
  if (query.size > 0) return refuse(400, 'This question has no query.');
  if (method === 'GET' && path === '/V1.0/ThresholdInformation') return answerJson(200, THRESHOLD);
  const [, version, entity = '', action, count] = path.split('/');
  const rows = version === 'V1.0' ? entities.get(entity) : undefined;
  if (!rows || action !== 'query' || method !== 'POST') return refuse(404, 'There is no such resource.');
  if (!request.headers['content-type']?.startsWith('application/json')) return refuse(415, 'A question is JSON.');
  return ask(request, rows, { isCount: count === 'count', rowsMax });
} // prettier-ignore

function ask(
  { body, baseUrl, path }: SimRequest,
  rows: readonly Row[],
  { isCount, rowsMax }: { readonly isCount: boolean; readonly rowsMax: number },
): SimAnswer {
  const question = parseJson(body);
  if (typeof question !== 'object' || question === null) return refuse(400, 'The question is no JSON.');
  const { Filter, MaxRecords = ROWS_MAX } = question as { Filter?: unknown; MaxRecords?: unknown };
  const stranger = Object.keys(question).find((name) => !KNOWN.has(name));
  if (stranger !== undefined) return refuse(400, `${stranger} is not part of a question.`);
  if (typeof MaxRecords !== 'number' || MaxRecords < 1 || MaxRecords > ROWS_MAX) {
    return refuse(400, 'MaxRecords is from 1 to 500.');
  }
  const matches = matcherOf(Filter, rows[0]);
  if (!matches) return refuse(400, 'The filter has a field or an operator that is not known.');
  const kept = rows.filter(matches).toSorted((a, b) => a.id - b.id);
  if (isCount) return answerJson(200, { queryCount: kept.length });
  const items = kept.slice(0, Math.min(MaxRecords, rowsMax));
  const nextPageUrl = items.length < kept.length ? `${baseUrl}${path}/next?paging=opaque` : null;
  const pageDetails = { count: items.length, requestCount: MaxRecords, prevPageUrl: null, nextPageUrl };
  return answerJson(200, { items, pageDetails });
} // prettier-ignore

const zoneOf = ({ baseUrl }: SimRequest): Record<string, unknown> => ({
  zoneName: 'America East',
  url: `${baseUrl}/`,
  webUrl: `${baseUrl}/web`,
  ci: 1,
});

const THRESHOLD = {
  externalRequestThreshold: REQUESTS_IN_WINDOW,
  requestThresholdTimeframe: 60,
  currentTimeframeRequestCount: 1,
};

const refuse = (status: number, message: string): SimAnswer =>
  answerJson(status, { errors: [message] });
