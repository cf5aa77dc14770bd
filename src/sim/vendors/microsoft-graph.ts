/**
 * Stand-in for Microsoft Graph: subscribedSkus and directory/subscriptions of one tenant a token.
 * Written from the v1.0 subset and its CSDL (read 2026-11-22). Its pages are smaller only on
 * demand; Graph itself gives these lists whole.
 */
import type { SampleVendors } from '../../sample/model.ts';
import { uuidFrom } from '../../sample/random.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createMicrosoftLogin } from './microsoft-login.ts';
import { salesOf, type MicrosoftSale } from './microsoft-world.ts';

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const GRAPH_CREDENTIALS = {
  clientId: 'sample-graph-client',
  clientSecret: 'sample-graph-secret',
} as const;
/** A tenant that has taken its consent back. */
export const TENANT_WITHOUT_CONSENT = uuidFrom('tenant that consents no more');

const SCOPE = 'https://graph.microsoft.com/.default';
const RATE = { calls: 3500, perSeconds: 10 };
const LIST: Parameters = {
  $select: { kind: 'text', pattern: /^\w+(,\w+)*$/ },
  $skip: { kind: 'integer', min: 0 },
};
/** A free plan that people take themselves, in every tenant. */
const FREE = { skuId: 'f30db892-07e9-47e9-837c-80727f46fd3d', partNumber: 'FLOW_FREE' };
const FREE_UNITS = 10_000;

export const microsoftGraph: StandIn = {
  system: 'microsoft-graph',
  base: '',
  create(stage) {
    const limits = new Map<string, (nowMs: number) => boolean>();
    const login = createMicrosoftLogin({
      ...GRAPH_CREDENTIALS,
      scope: SCOPE,
      consentOf(tenantId, nowMs) {
        if (tenantId === TENANT_WITHOUT_CONSENT) return 'missing';
        const { companies } = stage.vendorsAt(nowMs).pax8;
        return companies.some(({ id }) => id === tenantId) ? 'given' : 'no tenant';
      },
    });
    const isAllowed = (tenantId: string, nowMs: number): boolean => {
      const allow = limits.get(tenantId) ?? createRateLimit(RATE.calls, RATE.perSeconds);
      limits.set(tenantId, allow);
      return allow(nowMs);
    };
    return {
      answer(request) {
        const { rateLimits, pageSizeMax = NO_LIMIT } = stage.options();
        const signedIn = login.signIn(request);
        if (signedIn) return signedIn;
        const tenantId = login.tenantOf(request);
        if (tenantId === null) {
          return refusal(401, 'InvalidAuthenticationToken', 'Access token is empty or expired.');
        }
        if (rateLimits && !isAllowed(tenantId, request.nowMs)) return tooMany();
        return answer(request, stage.vendorsAt(request.nowMs), tenantId, pageSizeMax);
      },
      revokeTokens: () => {
        login.revokeTokens();
      },
    };
  },
};

function answer(
  request: SimRequest,
  vendors: SampleVendors,
  tenantId: string,
  pageSize: number,
): SimAnswer {
  if (request.method !== 'GET')
    return refusal(405, 'Request_BadRequest', 'Only reading is played.');
  const rows = rowsAt(request.path, vendors, tenantId);
  if (!rows) return refusal(404, 'Request_ResourceNotFound', 'There is no such resource.');
  const troubles = queryTroubles(request.query, LIST);
  if (troubles.length > 0) return refusal(400, 'Request_BadRequest', troubles.join(' '));
  const skip = numberOf(request.query, '$skip', 0);
  const end = skip + pageSize;
  const fields = request.query.get('$select')?.split(',');
  const page = rows.slice(skip, end).map((row) => (fields ? selected(row, fields) : row));
  const next = end < rows.length ? { '@odata.nextLink': nextLink(request, end) } : {};
  return answerJson(200, { ...next, value: page });
}

type Row = Readonly<Record<string, unknown>>;

function rowsAt(path: string, vendors: SampleVendors, tenantId: string): Row[] | null {
  const sales = salesOf(vendors, tenantId);
  if (path === '/subscribedSkus') return subscribedSkus(vendors, tenantId, sales);
  if (path === '/directory/subscriptions') return subscriptions(tenantId, sales);
  return null;
}

const selected = (row: Row, fields: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)));

function nextLink({ baseUrl, path, query }: SimRequest, skip: number): string {
  const next = new URLSearchParams(query);
  next.set('$skip', String(skip));
  return `${baseUrl}${path}?${next.toString()}`;
}

// The rows ------------------------------------------------------------------------------------

interface Units {
  readonly enabled: number;
  readonly suspended: number;
  readonly consumed: number;
}

function subscribedSkus(
  vendors: SampleVendors,
  tenantId: string,
  sales: readonly MicrosoftSale[],
): Row[] {
  const name = vendors.pax8.companies.find(({ id }) => id === tenantId)?.name ?? '';
  const paid = [...Map.groupBy(sales, ({ product }) => product)].map(([product, own]) =>
    toSku(tenantId, name, product, {
      ...unitsOf(own),
      subscriptionIds: own.map(({ subscription }) => subscription.id),
    }),
  );
  const units = { enabled: FREE_UNITS, suspended: 0, consumed: 3, subscriptionIds: [] };
  return [...paid, toSku(tenantId, name, FREE, units)];
}

/** Trials are enabled too; a tenth of the seats lies unused; a cancelled plan keeps its users. */
function unitsOf(sales: readonly MicrosoftSale[]): Units {
  const seats = (isCancelled: boolean): number =>
    sales
      .filter(({ subscription }) => (subscription.status === 'Cancelled') === isCancelled)
      .reduce((sum, { subscription }) => sum + subscription.quantity, 0);
  const [enabled, suspended] = [seats(false), seats(true)];
  const used = enabled - Math.floor(enabled / 10);
  return { enabled, suspended, consumed: enabled > 0 ? used : suspended };
}

function toSku(
  tenantId: string,
  accountName: string,
  { skuId, partNumber }: { readonly skuId: string; readonly partNumber: string },
  { enabled, suspended, consumed, subscriptionIds }: Units & { readonly subscriptionIds: string[] },
): Row {
  return {
    accountId: tenantId,
    accountName,
    appliesTo: 'User',
    capabilityStatus: enabled > 0 ? 'Enabled' : 'Suspended',
    consumedUnits: consumed,
    id: `${tenantId}_${skuId}`,
    // Seats in their grace period stand beside the enabled ones and are not billed.
    prepaidUnits: { enabled, lockedOut: 0, suspended, warning: enabled > 40 ? 2 : 0 },
    servicePlans: [
      {
        servicePlanId: uuidFrom(`plan of ${skuId}`),
        servicePlanName: 'EXCHANGE_S_FOUNDATION',
        provisioningStatus: 'Success',
        appliesTo: 'Company',
      },
    ],
    skuId,
    skuPartNumber: partNumber,
    subscriptionIds,
  };
}

function subscriptions(tenantId: string, sales: readonly MicrosoftSale[]): Row[] {
  const sold = sales.map(({ product, subscription }) =>
    toSubscription(tenantId, product, {
      id: subscription.id,
      isTrial: subscription.status === 'Trial',
      status: subscription.status === 'Cancelled' ? 'Suspended' : 'Enabled',
      totalLicenses: subscription.quantity,
    }),
  );
  const free = { isTrial: false, status: 'Enabled', totalLicenses: FREE_UNITS };
  const id = uuidFrom(`free plan of ${tenantId}`);
  return [...sold, toSubscription(tenantId, FREE, { id, ...free })];
}

function toSubscription(
  tenantId: string,
  { skuId, partNumber }: { readonly skuId: string; readonly partNumber: string },
  { id, ...facts }: { readonly id: string } & Row,
): Row {
  return {
    ...facts,
    id: uuidFrom(`directory ${id}`),
    commerceSubscriptionId: id,
    createdDateTime: '2025-06-02T08:00:00Z',
    nextLifecycleDateTime: '2027-06-02T00:00:00Z',
    ownerId: null,
    ownerTenantId: tenantId,
    ownerType: 'User',
    serviceStatus: [],
    skuId,
    skuPartNumber: partNumber,
  };
}

// Errors --------------------------------------------------------------------------------------

const refusal = (status: number, code: string, message: string): SimAnswer =>
  answerJson(status, { error: errorOf(code, message) });

const tooMany = (): SimAnswer =>
  answerJson(
    429,
    { error: errorOf('TooManyRequests', 'Too many requests.') },
    { 'retry-after': '10' },
  );

const errorOf = (code: string, message: string): Row => ({
  code,
  message,
  innerError: {
    date: '2026-10-31T10:00:00Z',
    'request-id': '00000000-0000-4000-8000-000000000003',
    'client-request-id': '00000000-0000-4000-8000-000000000004',
  },
});
