/**
 * Stand-in for Pax8: token, companies, subscriptions, products. Written from the partner
 * endpoints and the authentication file (read 2026-11-21).
 */
import { CREDENTIALS } from '../../sample/config.ts';
import { PRODUCTS } from '../../sample/catalogue.ts';
import type { SampleCompany, SampleSubscription, SampleVendors } from '../../sample/model.ts';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { NO_LIMIT } from '../options.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';

const TOKEN_SECONDS = 86_400;
const SIZE_DEFAULT = 10;
const SIZE_MAX = 200;
const AUDIENCES = ['https://api.pax8.com', 'api://p8p.client', 'api://provisioning', 'api://usage'];
const STATUSES = ['Active', 'Cancelled', 'PendingManual', 'PendingAutomated', 'PendingCancel', 'WaitingForDetails', 'Trial', 'Converted', 'PendingActivation', 'Activated']; // prettier-ignore
const TERMS = ['Monthly', 'Annual', '2-Year', '3-Year', 'One-Time', 'Trial', 'Activation'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const PAGING: Parameters = {
  page: { kind: 'integer', min: 0 },
  size: { kind: 'integer', min: 1, max: SIZE_MAX },
};
const COMPANIES: Parameters = {
  ...PAGING,
  sort: { kind: 'choice', oneOf: ['name', 'city', 'country', 'stateOrProvince', 'postalCode'] },
  status: { kind: 'choice', oneOf: ['Active', 'Inactive', 'Deleted'] },
};
const SUBSCRIPTIONS: Parameters = {
  ...PAGING,
  status: { kind: 'choice', oneOf: STATUSES },
  billingTerm: { kind: 'choice', oneOf: TERMS },
  companyId: { kind: 'text', pattern: UUID },
  productId: { kind: 'text', pattern: UUID },
};
const PRODUCT_LIST: Parameters = {
  ...PAGING,
  search: { kind: 'text' },
  vendorName: { kind: 'text' },
};

interface TokenRequest {
  readonly client_id?: unknown;
  readonly client_secret?: unknown;
  readonly audience?: unknown;
  readonly grant_type?: unknown;
}

export const pax8: StandIn = {
  system: 'pax8',
  base: '/v1',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    return {
      answer(request) {
        const sizeMax = stage.options().pageSizeMax ?? NO_LIMIT;
        return answer(request, stage.vendorsAt(request.nowMs), tokens, sizeMax);
      },
      revokeTokens: () => tokens.revokeAll(),
    };
  },
};

function answer(
  request: SimRequest,
  vendors: SampleVendors,
  tokens: TokenStore,
  sizeMax: number,
): SimAnswer {
  const { method, path } = request;
  if (method === 'POST' && path === '/token') return signIn(request, tokens);
  if (!tokens.isValid(request.headers['authorization'], request.nowMs)) {
    return refusal(request, 401, 'UNAUTHORIZED', 'The token is missing, wrong or expired.');
  }
  if (method !== 'GET')
    return refusal(request, 405, 'METHOD_NOT_ALLOWED', 'Only reading is played.');
  const [, list, id] = path.split('/');
  if (list === 'companies') return companies(request, vendors, id, sizeMax);
  if (list === 'subscriptions') return subscriptions(request, vendors, id, sizeMax);
  if (list === 'products') return products(request, id, sizeMax);
  return refusal(request, 404, 'NOT_FOUND', `There is no ${path}.`);
}

function signIn(request: SimRequest, tokens: TokenStore): SimAnswer {
  const body = parseJson(request.body);
  const isObject = typeof body === 'object' && body !== null;
  const asked = (isObject ? body : {}) as TokenRequest;
  const { clientId, clientSecret } = CREDENTIALS.pax8;
  const isKnown =
    request.headers['content-type']?.startsWith('application/json') &&
    asked.client_id === clientId &&
    asked.client_secret === clientSecret &&
    asked.grant_type === 'client_credentials' &&
    AUDIENCES.includes(String(asked.audience));
  if (!isKnown) {
    return answerJson(401, { error: 'access_denied', error_description: 'Unauthorized' });
  }
  return answerJson(200, {
    access_token: tokens.issue(request.nowMs),
    expires_in: TOKEN_SECONDS,
    token_type: 'Bearer',
  });
}

function companies(
  request: SimRequest, vendors: SampleVendors, id: string | undefined, sizeMax: number,
): SimAnswer {
  const rows = vendors.pax8.companies.map(toCompany);
  if (id !== undefined) return one(request, rows, id);
  const { query } = request;
  const status = query.get('status');
  return list(request, COMPANIES, rows.filter((row) => !status || row.status === status), sizeMax);
} // prettier-ignore

function subscriptions(
  request: SimRequest, vendors: SampleVendors, id: string | undefined, sizeMax: number,
): SimAnswer {
  const rows = vendors.pax8.subscriptions.map(toSubscription);
  if (id !== undefined) return one(request, rows, id);
  const { query } = request;
  const companyId = query.get('companyId');
  if (companyId && !vendors.pax8.companies.some((company) => company.id === companyId)) {
    return refusal(request, 403, 'FORBIDDEN', 'Invalid companyId');
  }
  const kept = rows.filter((row) =>
    (['companyId', 'productId', 'status', 'billingTerm'] as const).every(
      (field) => !query.has(field) || query.get(field) === row[field],
    ),
  );
  return list(request, SUBSCRIPTIONS, kept, sizeMax);
} // prettier-ignore

function products(request: SimRequest, id: string | undefined, sizeMax: number): SimAnswer {
  const rows = PRODUCTS.map((product) => ({
    id: product.id,
    name: product.name,
    vendorName: product.name.startsWith('Microsoft') ? 'Microsoft' : 'Other',
    shortDescription: product.name,
    vendorSku: product.vendorSkuId,
    requiresCommitment: product.name.includes('Commerce'),
  }));
  return id === undefined ? list(request, PRODUCT_LIST, rows, sizeMax) : one(request, rows, id);
}

function list(
  request: SimRequest, parameters: Parameters, rows: readonly unknown[], sizeMax: number,
): SimAnswer {
  const troubles = queryTroubles(request.query, parameters);
  if (troubles.length > 0) return refusal(request, 400, 'BAD_REQUEST', troubles.join(' '));
  const number = numberOf(request.query, 'page', 0);
  const size = Math.min(numberOf(request.query, 'size', SIZE_DEFAULT), sizeMax);
  return answerJson(200, {
    content: rows.slice(number * size, (number + 1) * size),
    page: { size, totalElements: rows.length, totalPages: Math.ceil(rows.length / size), number },
  });
} // prettier-ignore

function one(request: SimRequest, rows: readonly { readonly id: string }[], id: string): SimAnswer {
  const row = rows.find((candidate) => candidate.id === id);
  return row ? answerJson(200, row) : refusal(request, 404, 'NOT_FOUND', 'No such record.');
}

function toCompany({ id, name }: SampleCompany): {
  readonly id: string;
  readonly status: string;
} & Record<string, unknown> {
  return {
    id,
    name,
    address: { street: '12 Alder Street', city: 'Springfield', stateOrProvince: 'IL', postalCode: '62701', country: 'US' },
    phone: '555-0100',
    website: 'https://client.example',
    billOnBehalfOfEnabled: false,
    selfServiceAllowed: false,
    orderApprovalRequired: false,
    status: 'Active',
    updatedDate: '2026-09-01T08:00:00.000Z',
  }; // prettier-ignore
}

function toSubscription(
  row: SampleSubscription,
): Omit<SampleSubscription, 'since'> & Record<string, unknown> {
  const { since, ...rest } = row;
  return {
    ...rest,
    startDate: `${since}T00:00:00.000Z`,
    createdDate: `${since}T00:00:00.000Z`,
    updatedDate: '2026-09-01T08:00:00.000Z',
    billingStart: since,
    currencyCode: 'USD',
    commitmentTerm: { id: row.id, term: row.billingTerm, endDate: '2027-06-01T00:00:00.000Z' },
  };
}

function refusal({ path }: SimRequest, status: number, type: string, message: string): SimAnswer {
  return answerJson(status, { type, message, instance: `/v1${path}`, status, details: [] });
}
