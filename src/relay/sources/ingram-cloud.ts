// Ingram Micro Cloud: licences bought per customer and manufacturer's part number. Unverified.
// API: Ingram Micro Cloud Marketplace (customers, subscriptions), derived from a public client's
// documentation and read 2026-11-22: the vendor's own file is not public and no tenant was at hand.
// The supported way is the import of its CSV. Only a subscription by itself tells its products.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  refuseEmpty,
  type Http,
  type HttpService,
  type Page,
} from '../http.ts';
import { readEach, type Account } from './accounts.ts';
import { countLicences, LicenceQuantity, refuseTwice, type Licence } from './licence-counts.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'Ingram Micro Cloud (unverified)';
const PAGE_SIZE = 100;

const REGIONS = {
  na: 'https://api.cloud.im/marketplace/na',
  eu: 'https://api.cloud.im/marketplace/eu',
} as const;

const Settings = z.strictObject({
  region: z.enum(['na', 'eu']).default('na'),
  baseUrl: loopbackUrl.optional(),
  /** The short name of the country's marketplace: "us". */
  marketplace: z.string().regex(/^[a-z]{2,10}$/, 'is no short name such as us'),
  subscriptionKey: credential,
  username: credential.refine((name) => !name.includes(':'), 'holds a colon'),
  password: credential,
});
type Settings = z.infer<typeof Settings>;

const Token = z.object({ token: credential });
const Id = z.string().regex(/^[\w-]{1,80}$/);
const Status = z.string().regex(/^[\w -]{1,40}$/);
const Customer = z.object({ id: Id, name: z.string().trim().min(1), status: Status.nullish() });
const Subscription = z.object({ id: Id, customerId: Id, status: Status });
const Product = z.object({
  mpn: z.string().trim().min(1),
  name: z.string().trim().min(1).nullish(),
  quantity: LicenceQuantity,
});
const SubscriptionDetail = Subscription.extend({ products: z.array(Product).min(1) });
type Customer = z.infer<typeof Customer>;
type Subscription = z.infer<typeof Subscription>;

const ACTIVE = 'active';
/** Not bought, not yet bought, or bought no more. Any other status is shown as a SKU of its own. */
const NOT_BILLED = new Set([
  'pending',
  'trial',
  'suspended',
  'hold',
  'onhold',
  'inactive',
  'expired',
  'cancelled',
  'canceled',
  'terminated',
  'deleted',
]);

export const ingramCloud = defineCountSource({
  id: 'ingram-cloud',
  title: TITLE,
  kind: 'api',
  skus: {},
  settings: Settings,

  async count(settings, _period, http) {
    const api = connect(settings, http);
    const customers = refuseEmpty(TITLE, 'customer', await listAll(api, '/customers', Customer));
    const subscriptions = await listAll(api, '/subscriptions', Subscription);
    refuseEmpty(TITLE, 'subscription', subscriptions);
    const byCustomer = Map.groupBy(subscriptions, ({ customerId }) => customerId);
    const accounts = accountsOf(customers, byCustomer);
    const buyers = accounts.filter(({ ref }) => byCustomer.has(ref));
    const { read, gaps } = await readEach(buyers, ({ ref }) =>
      readLicences(api, byCustomer.get(ref) ?? []),
    );
    const others = accounts.filter(({ ref }) => !byCustomer.has(ref));
    const nothing = others.map((account) => ({ account, content: [] }));
    return { counts: countLicences([...read, ...nothing]), asOf: null, gaps };
  },
});

function connect(settings: Settings, http: Http): HttpService {
  const { baseUrl, region, marketplace, subscriptionKey, username, password } = settings;
  const key = { 'x-subscription-key': subscriptionKey };
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? REGIONS[region],
    headers: key,
    async signIn(anonymous) {
      const basic = Buffer.from(`${username}:${password}`).toString('base64');
      const headers = { ...key, authorization: `Basic ${basic}` };
      const { token } = await anonymous.post('/token', Token, { headers, body: { marketplace } });
      return { authorization: `Bearer ${token}` };
    },
  });
}

async function listAll<Row extends z.ZodType<{ id: string }>>(
  api: HttpService,
  path: string,
  row: Row,
): Promise<readonly z.infer<Row>[]> {
  const count = z.int().nonnegative();
  const schema = z.object({
    data: z.array(row),
    pagination: z.object({ offset: count, total: count }),
  });
  const rows = await collectPages(TITLE, async (cursor): Promise<Page<z.infer<Row>>> => {
    const offset = Number(cursor ?? '0');
    const fits = schema.refine(({ pagination }) => pagination.offset === offset, {
      path: ['pagination', 'offset'],
      error: `is not the one asked for (${String(offset)})`,
    });
    const { data, pagination } = await api.get(path, fits, { query: { limit: PAGE_SIZE, offset } });
    const end = offset + data.length;
    const isLast = end >= pagination.total || data.length === 0;
    return { rows: data, next: isLast ? null : String(end), total: pagination.total };
  });
  refuseTwice(
    TITLE,
    path.slice(1, -1),
    rows.map(({ id }) => id),
  );
  return rows;
}

/** Customers that are gone but for their subscriptions, and those only a subscription names, too. */
function accountsOf(
  customers: readonly Customer[],
  subscriptions: ReadonlyMap<string, readonly Subscription[]>,
): Account[] {
  const isLive = ({ id, status }: Customer): boolean =>
    subscriptions.has(id) || !NOT_BILLED.has(status?.toLowerCase() ?? ACTIVE);
  const known = new Set(customers.map(({ id }) => id));
  const strays = [...subscriptions.keys()].filter((id) => !known.has(id));
  return [
    ...customers.filter(isLive).map(({ id, name }) => ({ ref: id, name })),
    ...strays.map((id) => ({ ref: id, name: `customer ${id}` })),
  ];
}

async function readLicences(
  api: HttpService,
  subscriptions: readonly Subscription[],
): Promise<Licence[]> {
  const licences: Licence[] = [];
  for (const { id, customerId } of subscriptions) {
    const path = `/subscriptions/${id}`;
    const detail = await api.get(path, SubscriptionDetail);
    if (detail.id !== id || detail.customerId !== customerId) {
      throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${path} is another subscription.`);
    }
    licences.push(...detail.products.map((product) => toLicence(detail.status, product)));
  }
  return licences;
}

function toLicence(status: string, { mpn, name, quantity }: z.infer<typeof Product>): Licence {
  const own = { sku: mpn, name: name ?? mpn, basis: 'bought' as const };
  const state = status.toLowerCase().replaceAll(/[\s_-]/g, '');
  if (state === ACTIVE) return { ...own, quantity };
  // Known all the same: the last customer of a product going is a zero and not a silence.
  if (NOT_BILLED.has(state)) return { ...own, quantity: 0 };
  return { ...own, sku: `${mpn} (${status})`, name: `${own.name} (${status})`, quantity };
}
