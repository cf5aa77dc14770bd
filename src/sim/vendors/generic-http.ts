/**
 * Stand-in for "Backup Units", an invented vendor that nobody wrote an adapter for: customers, the
 * machines it protects, and a monthly usage report. It has no published contract; its rules are
 * this file. The first part of a path chooses how it is signed into, the second how it pages, so
 * that every way a configuration can describe is answered by somebody: /oauth2/cursor/units.
 */
import type { SampleVendors } from '../../sample/model.ts';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { queryTroubles } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';
import { pageOf, pageParameters, PAGINGS, type Paging } from './generic-http-pages.ts';
import { customersOf, unitsOf, usageOf, type Row } from './generic-http-world.ts';

/** What this stand-in accepts; invented and worth nothing anywhere else. */
export const BACKUP_UNITS_CREDENTIALS = {
  apiKey: 'sample-backup-key',
  user: 'sample-backup-user',
  password: 'sample-backup-password',
  token: 'sample-backup-token',
  clientId: 'sample-backup-client',
  clientSecret: 'sample-backup-secret',
} as const;
const OURS = BACKUP_UNITS_CREDENTIALS;

export const SIGN_INS = ['none', 'key', 'basic', 'bearer', 'oauth2', 'oauth2-json', 'oauth2-basic'] as const; // prettier-ignore
type SignIn = (typeof SIGN_INS)[number];

const TOKEN_SECONDS = 1800;
const CALLS_IN_WINDOW = 100;
const WINDOW_SECONDS = 10;
const STATES = ['protected', 'paused', 'deleted', 'trial'];
const DAY = /^\d{4}-\d\d-\d\d$/;

export const genericHttp: StandIn = {
  system: 'generic-http',
  base: '',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    const allow = createRateLimit(CALLS_IN_WINDOW, WINDOW_SECONDS);
    return {
      answer(request) {
        const { rateLimits, pageSizeMax } = stage.options();
        if (rateLimits && !allow(request.nowMs)) return refusal(429, 'Slow down.');
        const vendors = stage.vendorsAt(request.nowMs);
        return answer(request, { vendors, tokens, sizeMax: pageSizeMax ?? NO_LIMIT });
      },
      revokeTokens: () => tokens.revokeAll(),
    };
  },
};

interface Playing {
  readonly vendors: SampleVendors;
  readonly tokens: TokenStore;
  readonly sizeMax: number;
}

function answer(request: SimRequest, playing: Playing): SimAnswer {
  const [, signIn = '', paging = '', ...rest] = request.path.split('/');
  if (!isSignIn(signIn)) return refusal(404, 'There is no such way in.');
  if (paging === 'token' && rest.length === 0) return issueToken(request, signIn, playing.tokens);
  if (!isKnown(request, signIn, playing.tokens)) return refusal(401, 'Who are you?');
  if (!isPaging(paging)) return refusal(404, 'There is no such way to page.');
  return answerList(request, { paging, list: rest.join('/') }, playing);
}

const isSignIn = (text: string): text is SignIn => SIGN_INS.some((one) => one === text);
const isPaging = (text: string): text is Paging => PAGINGS.some((one) => one === text);

function isKnown({ headers, nowMs }: SimRequest, signIn: SignIn, tokens: TokenStore): boolean {
  const { authorization } = headers;
  switch (signIn) {
    case 'none':
      return authorization === undefined;
    case 'key':
      return headers['x-backup-key'] === OURS.apiKey;
    case 'basic':
      return authorization === basic(OURS.user, OURS.password);
    case 'bearer':
      return authorization === `Bearer ${OURS.token}`;
    case 'oauth2':
    case 'oauth2-json':
    case 'oauth2-basic':
      return tokens.isValid(authorization, nowMs);
  }
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** RFC 6749 4.4, by form or JSON, the client named in the body or by Basic. */
function issueToken(request: SimRequest, signIn: SignIn, tokens: TokenStore): SimAnswer {
  if (!signIn.startsWith('oauth2') || request.method !== 'POST') return refusal(404, 'No tokens.');
  const isJson = signIn === 'oauth2-json';
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  if (!request.headers['content-type']?.startsWith(type)) {
    return answerJson(400, { error: 'invalid_request' });
  }
  const fields = isJson
    ? (parseJson(request.body) as Record<string, unknown> | undefined)
    : Object.fromEntries(new URLSearchParams(request.body));
  if (fields?.['grant_type'] !== 'client_credentials' || fields['scope'] !== 'usage.read') {
    return answerJson(400, { error: 'invalid_request' });
  }
  const isClient =
    signIn === 'oauth2-basic'
      ? request.headers['authorization'] === basic(OURS.clientId, OURS.clientSecret)
      : fields['client_id'] === OURS.clientId && fields['client_secret'] === OURS.clientSecret;
  if (!isClient) return answerJson(401, { error: 'invalid_client' });
  return answerJson(200, {
    access_token: tokens.issue(request.nowMs),
    token_type: 'Bearer',
    expires_in: TOKEN_SECONDS,
  });
}

interface Asked {
  readonly paging: Paging;
  /** "customers", "units", "customers/24/units", "units/search", "usage". */
  readonly list: string;
}

function answerList(request: SimRequest, { paging, list }: Asked, playing: Playing): SimAnswer {
  const own = /^customers\/(\d+)\/units$/.exec(list)?.[1];
  const isSearch = list === 'units/search';
  if (request.method !== (isSearch ? 'POST' : 'GET')) return refusal(405, 'Not by this method.');
  const { vendors } = playing;
  const question = isSearch ? questionOf(request, paging) : null;
  if (isSearch && question === null) return refusal(400, 'The question is not understood.');
  const rows = rowsOf(list, own, vendors);
  if (rows === null) return refusal(404, 'There is no such list.');
  const troubles = queryTroubles(request.query, isSearch ? {} : parametersOf(list, paging));
  if (troubles.length > 0) return refusal(400, troubles.join(' '));
  const customer = question?.customer ?? request.query.get('customer');
  const kept = rows.filter(
    (row) =>
      (customer === null || String(row.customer?.id) === customer) &&
      (!question || question.states.includes(row.state ?? '')),
  );
  const asked = question ? question.page : Object.fromEntries(request.query);
  return pageOf({ paging, asked, rows: kept, sizeMax: playing.sizeMax, request });
}

function rowsOf(list: string, own: string | undefined, vendors: SampleVendors): readonly Row[] | null {
  if (own !== undefined) return unitsOf(vendors).filter((row) => String(row.customer?.id) === own);
  if (list === 'customers') return customersOf(vendors);
  if (list === 'units' || list === 'units/search') return unitsOf(vendors);
  return list === 'usage' ? usageOf(vendors) : null;
} // prettier-ignore

const parametersOf = (list: string, paging: Paging) => ({
  ...pageParameters(paging),
  ...(list === 'units' ? { customer: { kind: 'text' as const, pattern: /^\d+$/ } } : {}),
  ...(list === 'usage'
    ? { from: { kind: 'text' as const, pattern: DAY }, to: { kind: 'text' as const, pattern: DAY } }
    : {}),
});

interface Question {
  readonly states: readonly string[];
  readonly customer: string | null;
  readonly page: Readonly<Record<string, string>>;
}

/** {"filter": {"states": […], "customer": "24"}, "cursor": …, "size": …}; nothing else. */
function questionOf(request: SimRequest, paging: Paging): Question | null {
  if (!request.headers['content-type']?.startsWith('application/json')) return null;
  const { filter, ...page } = (parseJson(request.body) ?? {}) as Record<string, unknown>;
  const { states, customer, ...more } = (filter ?? {}) as Record<string, unknown>;
  const isFine =
    Array.isArray(states) &&
    states.every((state) => STATES.includes(state as string)) &&
    (customer === undefined || typeof customer === 'string') &&
    Object.keys(more).length === 0;
  const asked = Object.entries(page).map(([name, value]) => [name, String(value)] as const);
  const troubles = queryTroubles(new URLSearchParams(asked.map((pair) => [...pair])), pageParameters(paging)); // prettier-ignore
  if (!isFine || troubles.length > 0) return null;
  return { states, customer: customer ?? null, page: Object.fromEntries(asked) };
}

const refusal = (status: number, words: string): SimAnswer => answerJson(status, { error: words });
