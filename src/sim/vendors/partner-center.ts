/**
 * Stand-in for Partner Center: customers and their subscriptions. Written from Microsoft's pages on
 * both lists, on the Subscription resource and on throttling (read 2026-11-22), as the published
 * file is unofficial and describes no answers.
 */
import type { SampleCompany, SampleSubscription, SampleVendors } from '../../sample/model.ts';
import { uuidFrom } from '../../sample/random.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createMicrosoftLogin } from './microsoft-login.ts';
import { salesOf, type MicrosoftSale } from './microsoft-world.ts';

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const PARTNER_CREDENTIALS = {
  tenantId: uuidFrom('tenant of the partner'),
  clientId: 'sample-partner-client',
  clientSecret: 'sample-partner-secret',
} as const;

const RATE = { calls: 500, perSeconds: 60 };
const SIZE_MAX = 500;
const TOKEN_HEADER = 'MS-ContinuationToken';
const CUSTOMERS: Parameters = {
  size: { kind: 'integer', min: 1, max: SIZE_MAX },
  seekOperation: { kind: 'choice', oneOf: ['Next'] },
};
const SUBSCRIPTIONS: Parameters = { order_id: { kind: 'text' } };
/** The third part of an offer's id, which is another one for each term. */
const AVAILABILITIES: Readonly<Record<SampleSubscription['billingTerm'], string>> = {
  Monthly: 'CFQ7TTC0K971',
  Annual: 'CFQ7TTC0K8XA',
  Trial: 'CFQ7TTC0K5TR',
};

export const partnerCenter: StandIn = {
  system: 'partner-center',
  base: '',
  create(stage) {
    const allow = createRateLimit(RATE.calls, RATE.perSeconds);
    const login = createMicrosoftLogin({
      ...PARTNER_CREDENTIALS,
      scope: 'https://api.partnercenter.microsoft.com/.default',
      consentOf: (tenantId) => (tenantId === PARTNER_CREDENTIALS.tenantId ? 'given' : 'no tenant'),
    });
    return {
      answer(request) {
        const signedIn = login.signIn(request);
        if (signedIn) return signedIn;
        if (login.tenantOf(request) === null) {
          return refusal(401, 900401, 'The request is not authorised.');
        }
        const { rateLimits, pageSizeMax = NO_LIMIT } = stage.options();
        if (rateLimits && !allow(request.nowMs)) return tooMany();
        return answer(request, stage.vendorsAt(request.nowMs), pageSizeMax);
      },
      revokeTokens: () => {
        login.revokeTokens();
      },
    };
  },
};

function answer(request: SimRequest, vendors: SampleVendors, pageSizeMax: number): SimAnswer {
  if (request.method !== 'GET') return refusal(405, 2000, 'Only reading is played here.');
  const [, version, list, id, sublist, rest] = request.path.split('/');
  if (version !== 'v1' || list !== 'customers' || rest !== undefined) {
    return refusal(404, 2000, 'There is no such resource.');
  }
  if (id === undefined) return customers(request, vendors, pageSizeMax);
  if (!vendors.pax8.companies.some((company) => company.id === id)) {
    return refusal(404, 2001, 'The customer was not found.');
  }
  if (sublist !== 'subscriptions') return refusal(404, 2000, 'There is no such resource.');
  return subscriptions(request, vendors, id);
}

function customers(request: SimRequest, vendors: SampleVendors, pageSizeMax: number): SimAnswer {
  const { query, headers } = request;
  const troubles = queryTroubles(query, CUSTOMERS);
  const token = headers[TOKEN_HEADER.toLowerCase()];
  const from = fromToken(token);
  if (!query.has('size')) troubles.push('size is missing.');
  if ((token === undefined) === query.has('seekOperation')) {
    troubles.push('seekOperation and the continuation token go together.');
  }
  if (from === null) troubles.push('The continuation token is not known.');
  if (troubles.length > 0 || from === null) return refusal(400, 2002, troubles.join(' '));
  const size = Math.min(numberOf(query, 'size', SIZE_MAX), pageSizeMax);
  const all = vendors.pax8.companies;
  const end = from + size;
  const uri = `/customers?size=${String(size)}`;
  const next = end < all.length ? linkTo(`${uri}&seekOperation=Next`, toToken(end)) : null;
  return collection(all.slice(from, end).map(toCustomer), uri, next);
}

function subscriptions(request: SimRequest, vendors: SampleVendors, customer: string): SimAnswer {
  const troubles = queryTroubles(request.query, SUBSCRIPTIONS);
  if (troubles.length > 0) return refusal(400, 2002, troubles.join(' '));
  const order = request.query.get('order_id');
  const rows = [...salesOf(vendors, customer).map(toSubscription), ...traps(customer)];
  const kept = rows.filter((row) => order === null || row['orderId'] === order);
  return collection(kept, `/customers/${customer}/subscriptions`, null);
}

const toToken = (from: number): string => Buffer.from(`from ${String(from)}`).toString('base64');

function fromToken(token: string | undefined): number | null {
  if (token === undefined) return 0;
  const match = /^from (\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  return match ? Number(match[1]) : null;
}

// The records ---------------------------------------------------------------------------------

type Row = Readonly<Record<string, unknown>>;

const linkTo = (uri: string, token: string | null = null): Row => ({
  uri,
  method: 'GET',
  headers: token === null ? [] : [{ key: TOKEN_HEADER, value: token }],
});

const collection = (items: readonly Row[], uri: string, next: Row | null): SimAnswer =>
  answerJson(200, {
    totalCount: items.length,
    items,
    links: { self: linkTo(uri), ...(next ? { next } : {}) },
    attributes: { objectType: 'Collection' },
  });

const toCustomer = ({ id, name }: SampleCompany): Row => ({
  id,
  companyProfile: {
    tenantId: id,
    domain: `tenant-${id.slice(0, 8)}.example`,
    companyName: name,
    attributes: { objectType: 'CustomerCompanyProfile' },
  },
  relationshipToPartner: 'reseller',
  attributes: { objectType: 'Customer' },
});

const toSubscription = ({ product, subscription }: MicrosoftSale): Row =>
  record(subscription.id, {
    offerId: `${subscription.vendorSkuId}:${AVAILABILITIES[subscription.billingTerm]}`,
    offerName: product.offerName,
    quantity: subscription.quantity,
    // To the last day of its term it is active, though it will not be renewed.
    status: subscription.status === 'Cancelled' ? 'deleted' : 'active',
    autoRenewEnabled: subscription.status === 'Active',
    isTrial: subscription.status === 'Trial',
    termDuration: subscription.billingTerm === 'Annual' ? 'P1Y' : 'P1M',
  });

/** What every customer has and nobody bills by the seat: usage, and a plan that was suspended. */
const traps = (customer: string): Row[] => [
  record(uuidFrom(`azure ${customer}`), {
    offerId: 'DZH318Z0BPS6:0001:DZH318Z0BMTX',
    offerName: 'Azure plan',
    quantity: 1,
    billingType: 'usage',
    unitType: 'Usage-based',
  }),
  record(uuidFrom(`suspended ${customer}`), {
    offerId: 'CFQ7TTC0LH16:0001:CFQ7TTC0K971',
    offerName: 'Exchange Online (Plan 1)',
    quantity: 9,
    status: 'suspended',
    suspensionReasons: ['The partner suspended it.'],
  }),
];

const record = (id: string, facts: Row): Row => ({
  id,
  friendlyName: 'named by the partner',
  unitType: 'Licenses',
  hasPurchasableAddons: false,
  creationDate: '2025-06-02T08:00:00Z',
  effectiveStartDate: '2025-06-02T00:00:00Z',
  commitmentEndDate: '2027-06-01T00:00:00Z',
  status: 'active',
  autoRenewEnabled: true,
  isTrial: false,
  billingType: 'license',
  billingCycle: 'monthly',
  termDuration: 'P1M',
  isMicrosoftProduct: true,
  contractType: 'subscription',
  orderId: id.slice(0, 12),
  attributes: { etag: id, objectType: 'Subscription' },
  ...facts,
});

// Errors --------------------------------------------------------------------------------------

const refusal = (status: number, code: number, description: string): SimAnswer =>
  answerJson(status, { code, description, data: [], source: 'PartnerFD' });

/** Comes from the gateway before the service, in another shape. */
const tooMany = (): SimAnswer =>
  answerJson(
    429,
    { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' },
    { 'retry-after': '57' },
  );
