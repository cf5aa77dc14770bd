/**
 * Stand-in for ConnectWise RMM (Asio): companies, sites, device endpoints. Written from the
 * vendor's Asio Platform API (read 2026-11-22): client credentials in JSON, whole lists without
 * pages, the endpoints of the v1 form only. 429 is plain text, 500 requests in five minutes.
 */
import type { SampleDevice, SampleOrganisation, SampleVendors } from '../../sample/model.ts';
import { uuidFrom } from '../../sample/random.ts';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { queryTroubles } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';
import { kindOf, once, type MachineKind } from './machines.ts';

/** What this stand-in accepts; invented and worth nothing anywhere else. */
export const ASIO_CREDENTIALS = {
  clientId: '0e30sample-asio-client',
  clientSecret: 'sample-asio-secret',
} as const;

const TOKEN_SECONDS = 3600;
const REQUESTS_IN_WINDOW = 500;
const WINDOW_SECONDS = 300;
const SCOPES = [
  'platform.companies.read',
  'platform.sites.read',
  'platform.asset.read',
  'platform.devices.read',
];
const TYPES: Readonly<Record<MachineKind, string>> = {
  desktop: 'Desktop',
  laptop: 'Desktop',
  server: 'Server',
  host: 'Server',
  network: 'NetworkDevice',
};

type Row = Readonly<Record<string, unknown>>;
interface Played {
  readonly companies: readonly Row[];
  readonly sites: readonly Row[];
  readonly endpoints: readonly Row[];
}

export const connectwiseRmm: StandIn = {
  system: 'connectwise-rmm',
  base: '',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    const playedOf = once(playedFrom);
    const allow = createRateLimit(REQUESTS_IN_WINDOW, WINDOW_SECONDS);
    return {
      answer(request) {
        const isAllowed = stage.options().rateLimits ? allow : (): boolean => true;
        const refused = refuseStranger(request, tokens, isAllowed);
        return refused ?? read(request, playedOf(stage.vendorsAt(request.nowMs)));
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
  const { method, path, nowMs, headers } = request;
  if (!allow(nowMs)) {
    return { status: 429, headers: { 'content-type': 'text/plain' }, body: 'Too Many Requests' };
  }
  if (method === 'POST' && path === '/v1/token') return signIn(request, tokens);
  if (!tokens.isValid(headers['authorization'], nowMs)) return refusal(401, 'Unauthorized');
  return method === 'GET' ? null : refusal(405, 'Method Not Allowed');
}

function signIn({ headers, body, nowMs }: SimRequest, tokens: TokenStore): SimAnswer {
  const asked = parseJson(body);
  const isObject = typeof asked === 'object' && asked !== null;
  if (!headers['content-type']?.startsWith('application/json') || !isObject) {
    return refusal(400, 'invalid_request');
  }
  const fields = asked as Row;
  const { clientId, clientSecret } = ASIO_CREDENTIALS;
  if (fields['grant_type'] !== 'client_credentials') return refusal(400, 'unsupported_grant_type');
  if (fields['client_id'] !== clientId || fields['client_secret'] !== clientSecret) {
    return refusal(401, 'invalid_client');
  }
  const scope = fields['scope'];
  const scopes = typeof scope === 'string' ? scope.split(' ') : [''];
  if (scopes.some((one) => !SCOPES.includes(one))) return refusal(400, 'invalid_scope');
  return answerJson(200, {
    access_token: tokens.issue(nowMs),
    expires_in: TOKEN_SECONDS,
    token_type: 'Bearer',
    scope: scopes.join(' '),
  });
}

function read({ path, query }: SimRequest, played: Played): SimAnswer {
  const troubles = queryTroubles(query, {});
  if (troubles.length > 0) return refusal(400, troubles.join(' '));
  const [, api, platform, version, group, ...rest] = path.split('/');
  if (api !== 'api' || platform !== 'platform' || version !== 'v1') return notFound();
  if (group === 'company') return readCompanies(rest, played);
  return group === 'device' ? readEndpoints(rest, played.endpoints) : notFound();
}

function readCompanies([list, id, part]: readonly string[], played: Played): SimAnswer {
  const rows = list === 'companies' ? played.companies : list === 'sites' ? played.sites : null;
  if (!rows) return notFound();
  if (id === undefined) return answerJson(200, rows);
  const row = rows.find((one) => one['id'] === id);
  if (!row) return notFound();
  if (part === undefined) return answerJson(200, row);
  if (part !== 'sites' || list !== 'companies') return notFound();
  const own = played.sites.filter((site) => (site['company'] as Row)['id'] === id);
  return answerJson(200, own);
}

/** A company without devices is "not found", as one that does not exist. */
function readEndpoints(parts: readonly string[], all: readonly Row[]): SimAnswer {
  const [first, clientId, second, siteId, third] = parts;
  if (first === 'endpoints' && second === undefined) {
    if (clientId === undefined) return answerJson(200, { endpoints: all });
    const one = all.find((row) => row['endpointId'] === clientId);
    return one ? answerJson(200, detailsOf(one)) : notFound();
  }
  const isSite = second === 'sites' && third === 'endpoints';
  const isClient = second === 'endpoints' && siteId === undefined;
  if (first !== 'clients' || (!isSite && !isClient)) return notFound();
  const own = all.filter(
    (row) => row['clientId'] === clientId && (isClient || row['siteId'] === siteId),
  );
  return own.length > 0 ? answerJson(200, { endpoints: own }) : notFound();
}

const detailsOf = ({ clientId, siteId, endpointId, endpointType }: Row): Row => ({
  endpointID: endpointId,
  clientID: clientId,
  siteID: siteId,
  endpointType,
  resourceType: 'Device',
});

// What is played ------------------------------------------------------------------------------

const companyId = (id: number): string => uuidFrom(`asio company ${String(id)}`);
const siteId = (id: number): string => uuidFrom(`asio site ${String(id)}`);

/** A machine that waits for approval elsewhere has no agent here: it is not listed. */
function playedFrom({ ninjaone }: SampleVendors): Played {
  return {
    companies: ninjaone.organisations.map(toCompany),
    sites: ninjaone.organisations.map(toSite),
    endpoints: ninjaone.devices.filter(({ approved }) => approved).map(toEndpoint),
  };
}

const toCompany = ({ id, name }: SampleOrganisation): Row => ({
  id: companyId(id),
  name,
  friendlyName: name,
  partnerId: '50000001',
  activityStatus: { id: '1', name: 'Active', activeFlag: true, defaultFlag: true },
  externalIds: [
    {
      id: uuidFrom(`asio mapping ${String(id)}`),
      companyId: companyId(id),
      externalId: String(19_000 + id),
      productId: 'psa',
    },
  ],
  createdDate: '2025-06-02T08:00:00Z',
});

const toSite = ({ id, name }: SampleOrganisation): Row => ({
  id: siteId(id),
  name: 'Main',
  friendlyName: 'Main',
  activeFlag: true,
  company: { id: companyId(id), name },
});

const toEndpoint = (device: SampleDevice): Row => ({
  clientId: companyId(device.organisationId),
  siteId: siteId(device.organisationId),
  endpointId: device.uid,
  regId: String(device.id),
  endpointType: TYPES[kindOf(device)],
  osType: device.nodeClass === 'MAC' ? 'MacOS' : device.nodeClass.startsWith('LINUX') ? 'Linux' : 'Windows',
}); // prettier-ignore

const notFound = (): SimAnswer => refusal(404, 'Resource not found');

const refusal = (status: number, error: string): SimAnswer =>
  answerJson(status, { error, description: 'The request was refused.' });
