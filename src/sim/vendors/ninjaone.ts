/**
 * Stand-in for NinjaOne: organisations and devices. Written from its public API 2.0.9
 * (read 2026-11-21). The file declares only the good answer of each call; the bodies of errors
 * here are a guess in the vendor's manner, the statuses are HTTP's own.
 */
import type { SampleDevice, SampleVendors } from '../../sample/model.ts';
import { CREDENTIALS } from '../../sample/config.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';

const TOKEN_SECONDS = 3600;
const PAGE_SIZE_DEFAULT = 1000;
const SCOPES = ['monitoring', 'management', 'control', 'offline_access'];
const PAGING: Parameters = {
  pageSize: { kind: 'integer', min: 1 },
  after: { kind: 'integer', min: 0 },
};
const ORGANISATIONS: Parameters = { ...PAGING, of: { kind: 'text' } };
const DEVICES: Parameters = { ...PAGING, df: { kind: 'text' } };

export const ninjaone: StandIn = {
  system: 'ninjaone',
  base: '',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    return {
      answer: (request) => answer(request, stage.vendorsAt(request.nowMs), tokens),
      revokeTokens: () => tokens.revokeAll(),
    };
  },
};

function answer(request: SimRequest, vendors: SampleVendors, tokens: TokenStore): SimAnswer {
  const { method, path } = request;
  if (method === 'POST' && path === '/ws/oauth/token') return signIn(request, tokens);
  if (!tokens.isValid(request.headers['authorization'], request.nowMs)) {
    return refusal(401, 'INVALID_TOKEN', 'The access token is missing, wrong or expired.');
  }
  if (method !== 'GET') return refusal(405, 'METHOD_NOT_ALLOWED', 'Only reading is played here.');
  if (path === '/v2/organizations') return listOrganisations(request, vendors, false);
  if (path === '/v2/organizations-detailed') return listOrganisations(request, vendors, true);
  if (path === '/v2/devices') return listDevices(request, vendors);
  return refusal(404, 'NOT_FOUND', `There is no ${path}.`);
}

/** RFC 6749 4.4: a form, never JSON. */
function signIn(request: SimRequest, tokens: TokenStore): SimAnswer {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return oauthError(400, 'invalid_request', 'The body must be a form.');
  }
  const form = new URLSearchParams(request.body);
  const { clientId, clientSecret } = CREDENTIALS.ninjaone;
  if (form.get('grant_type') !== 'client_credentials') {
    return oauthError(400, 'unsupported_grant_type', 'Only client_credentials is played here.');
  }
  if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
    return oauthError(401, 'invalid_client', 'The client is not known or its secret is wrong.');
  }
  const scopes = (form.get('scope') ?? 'monitoring').split(' ');
  if (scopes.some((scope) => !SCOPES.includes(scope))) {
    return oauthError(400, 'invalid_scope', 'A scope is not known.');
  }
  return answerJson(200, {
    access_token: tokens.issue(request.nowMs),
    expires_in: TOKEN_SECONDS,
    scope: scopes.join(' '),
    token_type: 'Bearer',
  });
}

function listOrganisations(
  request: SimRequest,
  vendors: SampleVendors,
  detailed: boolean,
): SimAnswer {
  const troubles = queryTroubles(request.query, ORGANISATIONS);
  if (troubles.length > 0) return refusal(400, 'BAD_REQUEST', troubles.join(' '));
  const rows = vendors.ninjaone.organisations.map(({ id, name }) => ({
    id,
    name,
    nodeApprovalMode: 'AUTOMATIC',
    tags: [],
    ...(detailed ? { locations: [{ id: id * 10, name: 'Main Office' }], policies: [] } : {}),
  }));
  return answerJson(200, pageOf(rows, request.query));
}

function listDevices(request: SimRequest, vendors: SampleVendors): SimAnswer {
  const troubles = queryTroubles(request.query, DEVICES);
  if (troubles.length > 0) return refusal(400, 'BAD_REQUEST', troubles.join(' '));
  const filter = /^\s*org\s*=\s*(\d+)\s*$/.exec(request.query.get('df') ?? '');
  if (request.query.has('df') && !filter) {
    return refusal(400, 'BAD_REQUEST', 'Of the device filters only "org = number" is played here.');
  }
  const rows = vendors.ninjaone.devices
    .filter((device) => !filter || device.organisationId === Number(filter[1]))
    .map((device) => toDevice(device, request.nowMs));
  return answerJson(200, pageOf(rows, request.query));
}

/** Pages go by the last id seen; a page that is not full is the last. */
function pageOf<Row extends { readonly id: number }>(
  rows: readonly Row[],
  query: URLSearchParams,
): Row[] {
  const after = numberOf(query, 'after', 0);
  const sorted = rows.toSorted((a, b) => a.id - b.id).filter(({ id }) => id > after);
  return sorted.slice(0, numberOf(query, 'pageSize', PAGE_SIZE_DEFAULT));
}

function toDevice(device: SampleDevice, nowMs: number): { readonly id: number } {
  const now = Math.floor(nowMs / 1000);
  const seen = device.offline ? now - 14 * 3600 : now - 40;
  return {
    id: device.id,
    uid: device.uid,
    organizationId: device.organisationId,
    locationId: device.organisationId * 10,
    nodeClass: device.nodeClass,
    nodeRoleId: 2,
    rolePolicyId: 7,
    approvalStatus: device.approved ? 'APPROVED' : 'PENDING',
    offline: device.offline,
    displayName: device.displayName,
    systemName: device.systemName,
    dnsName: `${device.systemName.toLowerCase()}.local`,
    netbiosName: device.systemName.slice(0, 15),
    created: Date.parse(device.since) / 1000,
    lastContact: seen,
    lastUpdate: seen,
    tags: [],
  } as { readonly id: number };
}

const refusal = (status: number, resultCode: string, errorMessage: string): SimAnswer =>
  answerJson(status, { resultCode, errorMessage });

const oauthError = (status: number, error: string, words: string): SimAnswer =>
  answerJson(status, { error, error_description: words });
