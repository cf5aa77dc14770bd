// Pax8: licences bought per company and product.
// API: Pax8 Partner API v1 (companies, subscriptions), read 2026-11-21. Trial and Cancelled come
// back unless filtered; PendingCancel is billed to its last day. Monthly and annual rows of one
// product are two subscriptions and both count.

import { z } from 'zod';
import { addQuantities, quantityFromCell } from '../../core/money.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  refuseEmpty,
  type Http,
  type HttpService,
  type Page,
} from '../http.ts';
import { defineCountSource, type VendorCount } from './source.ts';

const TITLE = 'Pax8';
const BASE_URL = 'https://api.pax8.com/v1';
const PAGE_SIZE = 200;

const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  clientId: credential,
  clientSecret: credential,
});
type Settings = z.infer<typeof Settings>;

const Token = z.object({ access_token: credential });
const Paging = z.object({
  number: z.int().nonnegative(),
  totalPages: z.int().nonnegative(),
  totalElements: z.int().nonnegative(),
});
const Company = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  status: z.string().optional(),
});
const Subscription = z.object({
  companyId: z.string().min(1),
  productId: z.string().min(1),
  productName: z.string().min(1).optional(),
  /** Absent for products billed by use; anything but a whole number is refused. */
  quantity: z.int().nonnegative().optional(),
  status: z.string().min(1),
  partnerCost: z.number().nonnegative().optional(),
});
type Company = z.infer<typeof Company>;
type Subscription = z.infer<typeof Subscription>;

/** Activated: the few products whose billing begins with an activation, after it. */
const BILLED = new Set(['Active', 'Activated', 'PendingCancel']);
/** Not bought, not yet bought, or bought no more. Any other status is shown as a SKU of its own. */
const NOT_BILLED = new Set([
  'Cancelled',
  'Trial',
  'PendingActivation',
  'PendingManual',
  'PendingAutomated',
  'WaitingForDetails',
]);

export const pax8 = defineCountSource({
  id: 'pax8',
  title: TITLE,
  kind: 'api',
  skus: {},
  settings: Settings,

  async count(settings, _period, http) {
    const api = connect(settings, http);
    const companies = await listAll(api, '/companies', Company);
    const subscriptions = await listAll(api, '/subscriptions', Subscription);
    refuseEmpty(TITLE, 'company', companies);
    refuseEmpty(TITLE, 'subscription', subscriptions);
    return { counts: countSubscriptions(companies, subscriptions), asOf: null };
  },
});

function connect({ baseUrl, clientId, clientSecret }: Settings, http: Http): HttpService {
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? BASE_URL,
    rate: { calls: 1000, perSeconds: 60, holder: clientId },
    async signIn(anonymous) {
      const body = {
        client_id: clientId,
        client_secret: clientSecret,
        audience: 'https://api.pax8.com',
        grant_type: 'client_credentials',
      };
      const token = await anonymous.post('/token', Token, { body });
      return { authorization: `Bearer ${token.access_token}` };
    },
  });
}

function listAll<Row extends z.ZodType>(
  api: HttpService,
  path: string,
  row: Row,
): Promise<readonly z.infer<Row>[]> {
  const schema = z.object({ content: z.array(row), page: Paging });
  return collectPages(TITLE, async (cursor): Promise<Page<z.infer<Row>>> => {
    const asked = Number(cursor ?? '0');
    const fits = schema.refine(({ page }) => page.number === asked, {
      path: ['page', 'number'],
      error: `is not the page asked for (${String(asked)})`,
    });
    const query = { page: asked, size: PAGE_SIZE };
    const { content, page } = await api.get(path, fits, { query });
    const next = asked + 1 < page.totalPages ? String(asked + 1) : null;
    return { rows: content, next, total: page.totalElements };
  });
}

/** One row per company and product of the account, at zero where it has none. */
function countSubscriptions(
  companies: readonly Company[],
  subscriptions: readonly Subscription[],
): VendorCount[] {
  // A cancelled product stays in the list: its last client going is a zero and not a silence.
  const products = Map.groupBy(
    subscriptions.filter((row) => isCounted(row) || row.status === 'Cancelled'),
    toSku,
  );
  const rows = Map.groupBy(subscriptions, (row) => row.companyId);
  const known = new Set(companies.map((company) => company.id));
  const strays = [...rows.keys()].filter((id) => !known.has(id));
  const live = companies.filter((company) => company.status !== 'Deleted' || rows.has(company.id));
  return [...live, ...strays.map((id) => ({ id, name: id }))].flatMap((company) => {
    const own = Map.groupBy(rows.get(company.id)?.filter(isCounted) ?? [], toSku);
    return [...products].flatMap(([sku, sample]) =>
      countProduct(company, sku, nameOf(sample), own.get(sku) ?? []),
    );
  });
}

function countProduct(
  company: Company,
  sku: string,
  skuName: string,
  rows: readonly Subscription[],
): VendorCount[] {
  const quantities = rows.map((row) => row.quantity);
  // Billed by use: how many is not known here, and unknown is never zero.
  if (quantities.includes(undefined)) return [];
  const costs = new Set(rows.map((row) => row.partnerCost));
  const [cost] = costs;
  return [
    {
      clientRef: company.id,
      clientName: company.name,
      sku,
      skuName,
      basis: 'bought' as const,
      quantity: addQuantities(quantities.map((quantity) => quantityFromCell(quantity ?? 0))),
      ...(costs.size === 1 && cost !== undefined ? { unitCost: String(cost) } : {}),
    },
  ];
}

const isCounted = ({ status }: Subscription): boolean => !NOT_BILLED.has(status);

/** The product, whatever its term. A status never met makes a SKU of its own. */
function toSku({ productId: sku, status }: Subscription): string {
  return BILLED.has(status) || NOT_BILLED.has(status) ? sku : `${sku} (${status})`;
}

const nameOf = (rows: readonly Subscription[]): string =>
  rows.find((row) => row.productName)?.productName ?? rows[0]?.productId ?? '';
