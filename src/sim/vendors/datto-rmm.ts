/**
 * Stand-in for Datto RMM: account, sites, devices. Written from its API v2, build 235, and the
 * notes on its limits and sign-in (read 2026-11-22): password grant of a public client, pages
 * from 0 of at most 250, 600 reads in 60 seconds. A wrong parameter is said to be 400, which the
 * file does not declare.
 */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';
import { account, playedFrom, type Played, type Row } from './datto-rmm-world.ts';
import { once } from './machines.ts';

/** What this stand-in accepts; invented and worth nothing anywhere else. */
export const DATTO_CREDENTIALS = {
  apiKey: 'SAMPLEDATTOKEY0001',
  apiSecret: 'sample-datto-secret',
} as const;

const TOKEN_SECONDS = 360_000;
const READS_IN_WINDOW = 600;
const WINDOW_SECONDS = 60;
const PAGE_MAX = 250;
const PUBLIC_CLIENT = `Basic ${Buffer.from('public-client:public').toString('base64')}`;
const PAGING: Parameters = {
  page: { kind: 'integer', min: 0 },
  max: { kind: 'integer', min: 1, max: PAGE_MAX },
};
const SITES: Parameters = { ...PAGING, siteName: { kind: 'text' } };
const DEVICES: Parameters = {
  ...PAGING,
  filterId: { kind: 'integer' },
  hostname: { kind: 'text' },
  deviceType: { kind: 'text' },
  operatingSystem: { kind: 'text' },
  siteName: { kind: 'text' },
};
const SITE_DEVICES: Parameters = { ...PAGING, filterId: { kind: 'integer' } };

interface Play {
  readonly request: SimRequest;
  readonly played: Played;
  readonly sizeMax: number;
}

export const dattoRmm: StandIn = {
  system: 'datto-rmm',
  base: '',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    const playedOf = once(playedFrom);
    const allow = createRateLimit(READS_IN_WINDOW, WINDOW_SECONDS);
    return {
      answer(request) {
        const { nowMs } = request;
        const { rateLimits, pageSizeMax } = stage.options();
        const isAllowed = rateLimits ? allow : (): boolean => true;
        return (
          refuseStranger(request, tokens, isAllowed) ??
          read({
            request,
            played: playedOf(stage.vendorsAt(nowMs)),
            sizeMax: pageSizeMax ?? NO_LIMIT,
          })
        );
      },
      revokeTokens: () => tokens.revokeAll(),
    };
  },
};

/** The answer to whoever may not read; null for who may. */
function refuseStranger(
  request: SimRequest,
  tokens: TokenStore,
  allow: (nowMs: number) => boolean,
): SimAnswer | null {
  const { method, path, nowMs } = request;
  if (method === 'POST' && path === '/auth/oauth/token') return signIn(request, tokens);
  if (!tokens.isValid(request.headers['authorization'], nowMs)) return refusal(request, 401);
  if (!allow(nowMs)) return refusal(request, 429);
  return method === 'GET' ? null : refusal(request, 405);
}

/** The password grant of RFC 6749 4.3: a form, signed by the public client. */
function signIn({ headers, body, nowMs }: SimRequest, tokens: TokenStore): SimAnswer {
  if (headers['authorization'] !== PUBLIC_CLIENT) return oauthError(401, 'unauthorized');
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return oauthError(400, 'invalid_request');
  }
  const form = new URLSearchParams(body);
  const { apiKey, apiSecret } = DATTO_CREDENTIALS;
  if (form.get('grant_type') !== 'password') return oauthError(400, 'unsupported_grant_type');
  if (form.get('username') !== apiKey || form.get('password') !== apiSecret) {
    return oauthError(400, 'invalid_grant');
  }
  return answerJson(200, {
    access_token: tokens.issue(nowMs),
    token_type: 'bearer',
    expires_in: TOKEN_SECONDS,
  });
}

function read(play: Play): SimAnswer {
  const { request, played } = play;
  const [, api, version, group, name, rest] = request.path.split('/');
  if (api !== 'api' || version !== 'v2') return refusal(request, 404);
  switch (`${group ?? ''}/${group === 'site' ? '' : (name ?? '')}`) {
    case 'account/':
      return answerJson(200, account(played));
    case 'account/sites':
      return list(play, 'sites', SITES, played.sites.filter(holds(request, { siteName: 'name' })));
    case 'account/devices':
      return accountDevices(play);
    case 'system/pagination':
      return answerJson(200, { max: PAGE_MAX });
    case 'site/':
      return rest === 'devices' ? siteDevices(play, name) : site(play, name);
    default:
      return refusal(request, 404);
  }
}

function accountDevices(play: Play): SimAnswer {
  const { request, played } = play;
  if (request.query.has('filterId')) return refusal(request, 404);
  const fields = { hostname: 'hostname', operatingSystem: 'operatingSystem', siteName: 'siteName' };
  const type = request.query.get('deviceType')?.toLowerCase() ?? '';
  const rows = played.devices
    .filter(holds(request, fields))
    .filter((row) => JSON.stringify(row['deviceType']).toLowerCase().includes(type));
  return list(play, 'devices', DEVICES, rows);
}

function site({ request, played }: Play, uid: string | undefined): SimAnswer {
  const found = played.sites.find((row) => row['uid'] === uid);
  return found ? answerJson(200, found) : refusal(request, 404);
}

function siteDevices(play: Play, uid: string | undefined): SimAnswer {
  const { request, played } = play;
  const isKnown = played.sites.some((row) => row['uid'] === uid);
  if (!isKnown || request.query.has('filterId')) return refusal(request, 404);
  const rows = played.devices.filter((row) => row['siteUid'] === uid);
  return list(play, 'devices', SITE_DEVICES, rows);
}

/** SQL's LIKE: a part of the text, in any case. */
function holds({ query }: SimRequest, fields: Readonly<Record<string, string>>) {
  return (row: Row): boolean =>
    Object.entries(fields).every(([parameter, field]) =>
      String(row[field])
        .toLowerCase()
        .includes(query.get(parameter)?.toLowerCase() ?? ''),
    );
}

function list(play: Play, name: string, parameters: Parameters, rows: readonly Row[]): SimAnswer {
  const { request, sizeMax } = play;
  if (queryTroubles(request.query, parameters).length > 0) return refusal(request, 400);
  const page = numberOf(request.query, 'page', 0);
  const max = numberOf(request.query, 'max', PAGE_MAX);
  const size = Math.min(max, sizeMax);
  const own = rows.slice(page * size, (page + 1) * size);
  const link = (to: number): string => {
    const query = new URLSearchParams(request.query);
    query.set('max', String(max));
    query.set('page', String(to));
    return `${request.baseUrl}${request.path}?${query.toString()}`;
  };
  const isLast = (page + 1) * size >= rows.length;
  const pageDetails = {
    count: own.length,
    totalCount: rows.length,
    ...(page > 0 ? { prevPageUrl: link(page - 1) } : {}),
    ...(isLast ? {} : { nextPageUrl: link(page + 1) }),
  };
  return answerJson(200, { pageDetails, [name]: own });
}

// Errors --------------------------------------------------------------------------------------

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
};

/** The path in an error is that of the contract, below /api. */
const refusal = ({ path, nowMs }: SimRequest, status: number): SimAnswer =>
  answerJson(status, {
    timestamp: nowMs,
    status,
    error: REASONS[status] ?? '',
    path: path.replace(/^\/api/, ''),
  });

const oauthError = (status: number, error: string): SimAnswer =>
  answerJson(status, { error, error_description: 'The sign-in was refused.' });
