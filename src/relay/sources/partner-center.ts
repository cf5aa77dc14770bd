// Partner Center: Microsoft licences bought per customer and offer.
// API: Partner Center REST v1 (customers, a customer's subscriptions), read 2026-11-22; signed in as
// an application alone. Monthly and annual subscriptions of one product are added. Trials, what is
// billed by use and what is no longer active are left out.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  refuseEmpty,
  type Answer,
  type Http,
  type HttpService,
  type Page,
} from '../http.ts';
import { readEach } from './accounts.ts';
import { countLicences, LicenceQuantity, refuseTwice, type Licence } from './licence-counts.ts';
import { Guid, parseJson, signInAtMicrosoft } from './microsoft-sign-in.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'Partner Center';
const BASE_URL = 'https://api.partnercenter.microsoft.com';
const LOGIN_URL = 'https://login.microsoftonline.com';
const SCOPE = 'https://api.partnercenter.microsoft.com/.default';
const PAGE_SIZE = 500;
const TOKEN_HEADER = 'MS-ContinuationToken';

const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  /** The partner's own tenant. */
  tenantId: Guid,
  clientId: credential,
  clientSecret: credential,
});
type Settings = z.infer<typeof Settings>;

const Link = z.object({
  uri: z.string().min(1),
  headers: z.array(z.object({ key: z.string(), value: z.string() })).nullish(),
});
const collectionOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    totalCount: z.int().nonnegative().nullish(),
    items: z.array(row),
    links: z.object({ next: Link.nullish() }).nullish(),
  });

const Customer = z.object({
  id: Guid,
  companyProfile: z.object({ companyName: z.string().trim().min(1) }),
});
const Subscription = z.object({
  id: z.string().min(1),
  /** Absent in the older form, which links its offer. */
  offerId: z.string().min(1).nullish(),
  offerName: z.string().nullish(),
  quantity: LicenceQuantity,
  status: z.string().regex(/^\w{1,40}$/),
  isTrial: z.boolean().nullish(),
  billingType: z.string().nullish(),
  links: z.object({ offer: Link.nullish() }).nullish(),
});
type Subscription = z.infer<typeof Subscription>;

const ACTIVE = 'active';
/** Not bought, not yet bought, or bought no more. Any other status is shown as a SKU of its own. */
const NOT_BILLED = new Set(['none', 'pending', 'suspended', 'expired', 'disabled', 'deleted']);
/** How much is used stands in the invoice; the quantity of such a subscription says nothing. */
const BY_USE = new Set(['usage', 'benefit']);

export const partnerCenter = defineCountSource({
  id: 'partner-center',
  title: TITLE,
  kind: 'api',
  skus: {},
  settings: Settings,

  async count(settings, _period, http) {
    const api = connect(settings, http);
    const customers = refuseEmpty(
      TITLE,
      'customer',
      await listAll(api, 'customer', '/v1/customers', Customer),
    );
    const accounts = customers.map(({ id, companyProfile }) => ({
      ref: id,
      name: companyProfile.companyName,
    }));
    const { read, gaps } = await readEach(accounts, async ({ ref }) => {
      const path = `/v1/customers/${ref}/subscriptions`;
      return (await listAll(api, 'subscription', path, Subscription)).flatMap(toLicences);
    });
    refuseEmpty(
      TITLE,
      'subscription',
      read.flatMap(({ content }) => content),
    );
    return { counts: countLicences(read), asOf: null, gaps };
  },
});

function connect({ baseUrl, tenantId, clientId, clientSecret }: Settings, http: Http): HttpService {
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? BASE_URL,
    explain,
    rate: { calls: 500, perSeconds: 60 },
    signIn: () =>
      signInAtMicrosoft(http, {
        title: TITLE,
        loginUrl: baseUrl ? `${baseUrl}/login` : LOGIN_URL,
        tenantId,
        clientId,
        clientSecret,
        scope: SCOPE,
      }),
  });
}

const PartnerError = z.object({ code: z.union([z.int(), z.string().regex(/^\w{1,40}$/)]) });

function explain({ text }: Answer): string | null {
  const code = PartnerError.safeParse(parseJson(text)).data?.code;
  return code === undefined ? null : `Partner Center gives the error code ${String(code)}.`;
}

/** Pages go by a token that comes and goes in a header; the link's address is not used. */
async function listAll<Row extends z.ZodType<{ id: string }>>(
  api: HttpService,
  what: string,
  path: string,
  row: Row,
): Promise<readonly z.infer<Row>[]> {
  const schema = collectionOf(row);
  const size = what === 'customer' ? { size: PAGE_SIZE } : {};
  let seen = 0;
  const rows = await collectPages(TITLE, async (token): Promise<Page<z.infer<Row>>> => {
    const next = token === null ? {} : { seekOperation: 'Next' };
    const { items, links, totalCount } = await api.get(path, schema, {
      query: { ...size, ...next },
      headers: token === null ? {} : { [TOKEN_HEADER]: token },
    });
    seen += items.length;
    if (links?.next) return { rows: items, next: tokenOf(links.next), position: String(seen) };
    // Whether the number is of the page or of the list, on a list of one page it is both.
    const isWhole = token === null && typeof totalCount === 'number';
    return { rows: items, next: null, ...(isWhole ? { total: totalCount } : {}) };
  });
  refuseTwice(
    TITLE,
    what,
    rows.map(({ id }) => id),
  );
  return rows;
}

function tokenOf({ headers }: z.infer<typeof Link>): string {
  const name = TOKEN_HEADER.toLowerCase();
  const token = headers?.find(({ key }) => key.toLowerCase() === name)?.value ?? '';
  const result = credential.safeParse(token);
  if (result.success) return result.data;
  throw new AppError(
    'SOURCE_MALFORMED',
    `${TITLE}: links.next is there without ${TOKEN_HEADER}, so the list cannot be read on.`,
  );
}

function toLicences(row: Subscription): Licence[] {
  if (row.isTrial === true || BY_USE.has(row.billingType?.toLowerCase() ?? '')) return [];
  const { sku, name } = toSku(row);
  const status = row.status.toLowerCase();
  const own = { sku, name, basis: 'bought' as const };
  if (status === ACTIVE) return [{ ...own, quantity: row.quantity }];
  // Known all the same: the last client of a product going is a zero and not a silence.
  if (NOT_BILLED.has(status)) return [{ ...own, quantity: 0 }];
  return [
    {
      ...own,
      sku: `${sku} (${row.status})`,
      name: `${name} (${row.status})`,
      quantity: row.quantity,
    },
  ];
}

const NEW_COMMERCE = /^([0-9A-Z]{12}:[0-9A-Z]{4}):[0-9A-Z]{12}$/;

/**
 * The product and its SKU, whatever the term: the third part of a new commerce offer changes with
 * term and time. The friendly name is the partner's own and may be anything.
 */
function toSku({ id, offerId, offerName, links }: Subscription): { sku: string; name: string } {
  const offer = (offerId ?? links?.offer?.uri.split('/').at(-1) ?? '').trim();
  if (offer === '') {
    throw new AppError('SOURCE_MALFORMED', `${TITLE}: subscription ${id} has no offerId.`);
  }
  const product = NEW_COMMERCE.exec(offer.toUpperCase())?.[1];
  const sku = product ?? offer.toLowerCase();
  return { sku, name: offerName?.trim() || sku };
}
