/**
 * Stand-in for the Ingram Micro Cloud Marketplace: token, customers, subscriptions. Written from
 * the derived description (read 2026-11-22), as the vendor's file is not public: the words of the
 * statuses, the bodies of errors and the life of a token are guesses.
 */
import type { SampleCompany, SampleSubscription, SampleVendors } from '../../sample/model.ts';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const INGRAM_CREDENTIALS = {
  marketplace: 'us',
  subscriptionKey: 'sample-ingram-key',
  username: 'sample-ingram-user',
  password: 'sample-ingram-password',
} as const;

const TOKEN_SECONDS = 1800;
const LIMIT_DEFAULT = 25;
const PAGING: Parameters = {
  limit: { kind: 'integer', min: 1 },
  offset: { kind: 'integer', min: 0 },
};
const CUSTOMERS: Parameters = { ...PAGING, externalId: { kind: 'text' } };
const SUBSCRIPTIONS: Parameters = {
  ...PAGING,
  customerId: { kind: 'text' },
  status: { kind: 'text' },
};
const STATUSES: Readonly<Record<SampleSubscription['status'], string>> = {
  Active: 'active',
  PendingCancel: 'active',
  Cancelled: 'terminated',
  Trial: 'trial',
};

export const ingramCloud: StandIn = {
  system: 'ingram-cloud',
  base: '',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    return {
      answer(request) {
        const limitMax = stage.options().pageSizeMax ?? NO_LIMIT;
        return answer(request, stage.vendorsAt(request.nowMs), tokens, limitMax);
      },
      revokeTokens: () => {
        tokens.revokeAll();
      },
    };
  },
};

function answer(
  request: SimRequest,
  vendors: SampleVendors,
  tokens: TokenStore,
  limitMax: number,
): SimAnswer {
  const { method, path, headers } = request;
  if (headers['x-subscription-key'] !== INGRAM_CREDENTIALS.subscriptionKey) {
    return refusal(401, 'The subscription key is missing or wrong.');
  }
  if (method === 'POST' && path === '/token') return signIn(request, tokens);
  if (!tokens.isValid(headers['authorization'], request.nowMs)) {
    return refusal(401, 'The token is missing, wrong or expired.');
  }
  if (method !== 'GET') return refusal(405, 'Only reading is played here.');
  const [, list, id, rest] = path.split('/');
  if (rest === undefined && list === 'customers' && id === undefined) {
    return customers(request, vendors, limitMax);
  }
  if (rest === undefined && list === 'subscriptions') {
    return id === undefined ? subscriptions(request, vendors, limitMax) : subscription(vendors, id);
  }
  return refusal(404, 'There is no such resource.');
}

function signIn(request: SimRequest, tokens: TokenStore): SimAnswer {
  const { username, password, marketplace } = INGRAM_CREDENTIALS;
  const [scheme, encoded = ''] = (request.headers['authorization'] ?? '').split(' ');
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  if (scheme !== 'Basic' || pair !== `${username}:${password}`) {
    return refusal(401, 'The user or the password is wrong.');
  }
  const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
  const body = parseJson(request.body) as { readonly marketplace?: unknown } | undefined;
  if (!isJson || body?.marketplace !== marketplace) return refusal(400, 'No such marketplace.');
  return answerJson(200, {
    token: tokens.issue(request.nowMs),
    expiresInSeconds: TOKEN_SECONDS,
  });
}

function customers(request: SimRequest, vendors: SampleVendors, limitMax: number): SimAnswer {
  const externalId = request.query.get('externalId');
  const rows = vendors.pax8.companies.map(toCustomer);
  const kept = rows.filter((row) => externalId === null || row.externalId === externalId);
  return list(request, CUSTOMERS, kept, limitMax);
}

function subscriptions(request: SimRequest, vendors: SampleVendors, limitMax: number): SimAnswer {
  const { query } = request;
  const rows = vendors.pax8.subscriptions.map(toSubscription);
  const kept = rows.filter((row) =>
    (['customerId', 'status'] as const).every(
      (field) => !query.has(field) || query.get(field) === row[field],
    ),
  );
  return list(request, SUBSCRIPTIONS, kept, limitMax);
}

function subscription(vendors: SampleVendors, id: string): SimAnswer {
  const row = vendors.pax8.subscriptions.find((one) => one.id === id);
  if (!row) return refusal(404, 'There is no such subscription.');
  return answerJson(200, { ...toSubscription(row), products: [toProduct(row)] });
}

function list(
  request: SimRequest,
  parameters: Parameters,
  rows: readonly unknown[],
  limitMax: number,
): SimAnswer {
  const troubles = queryTroubles(request.query, parameters);
  if (troubles.length > 0) return refusal(400, troubles.join(' '));
  const limit = Math.min(numberOf(request.query, 'limit', LIMIT_DEFAULT), limitMax);
  const offset = numberOf(request.query, 'offset', 0);
  return answerJson(200, {
    data: rows.slice(offset, offset + limit),
    pagination: { offset, limit, total: rows.length },
  });
}

const toCustomer = ({ id, name }: SampleCompany) => ({
  id,
  externalId: `ours-${id.slice(0, 8)}`,
  name,
  status: 'active',
});

const toSubscription = ({ id, companyId, productName, status, since }: SampleSubscription) => ({
  id,
  customerId: companyId,
  name: productName,
  status: STATUSES[status],
  renewalStatus: status === 'Active',
  creationDate: since,
  renewalDate: '2027-06-02',
  lastModifiedDate: since,
  expirationDate: '2027-06-01',
});

const toProduct = (row: SampleSubscription): Readonly<Record<string, unknown>> => ({
  id: row.productId,
  mpn: row.vendorSkuId,
  name: row.productName,
  quantity: row.quantity,
  unitPrice: { currency: 'USD', amount: row.partnerCost },
  extendedPrice: {
    currency: 'USD',
    amount: Math.round(row.partnerCost * row.quantity * 100) / 100,
  },
});

const refusal = (status: number, message: string): SimAnswer => answerJson(status, { message });
