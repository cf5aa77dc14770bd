// Datto RMM: managed devices per site and device category.
// API: Datto RMM API v2, build 235 (account/sites, account/devices), read 2026-11-22. It reports
// the present only, so the month is not sent. Pages are numbered from 0 and 250 is the most; the
// last one has no nextPageUrl. 600 reads in 60 seconds; who goes on after 429 is shut out.

import { z } from 'zod';
import {
  collectPages,
  credential,
  loopbackUrl,
  refuseEmpty,
  type Http,
  type HttpService,
  type Page,
} from '../http.ts';
import { countDevices } from './device-counts.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'Datto RMM';
const PAGE_SIZE = 250;
/** The documented client of every API key: no secret. */
const PUBLIC_CLIENT = Buffer.from('public-client:public').toString('base64');

/** Datto calls them platforms; the one of an account is in its web address. */
const REGIONS = ['pinotage', 'merlot', 'concord', 'vidal', 'zinfandel', 'syrah'] as const;

const Settings = z.strictObject({
  region: z.enum(REGIONS, {
    error: ({ input }) => (input === undefined ? 'is missing' : `is none of ${REGIONS.join(', ')}`),
  }),
  baseUrl: loopbackUrl.optional(),
  apiKey: credential,
  apiSecret: credential,
});
type Settings = z.infer<typeof Settings>;

const Token = z.object({ access_token: credential });
const PageDetails = z.object({
  nextPageUrl: z.string().nullish(),
  /** Not on every platform. */
  totalCount: z.int().nonnegative().nullish(),
});
const Site = z.object({
  uid: z.string().min(1),
  name: z.string().min(1),
  onDemand: z.boolean(),
});
const Device = z.object({
  uid: z.string().min(1),
  siteUid: z.string().min(1),
  siteName: z.string().nullish(),
  deviceType: z.object({ category: z.string().nullable() }).nullable(),
  deleted: z.boolean(),
  suspended: z.boolean(),
});
const SitePage = z
  .object({ sites: z.array(Site), pageDetails: PageDetails })
  .transform(({ sites, pageDetails }) => ({ rows: sites, details: pageDetails }));
const DevicePage = z
  .object({ devices: z.array(Device), pageDetails: PageDetails })
  .transform(({ devices, pageDetails }) => ({ rows: devices, details: pageDetails }));
interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly details: z.infer<typeof PageDetails>;
}
type Site = z.infer<typeof Site>;
type Device = z.infer<typeof Device>;

/** "Network Device", "ESXi Host", "Printer" and others get rows where the account has any. */
const skus = { Desktop: 'Desktops', Laptop: 'Laptops', Server: 'Servers' };
const tool = { id: 'datto-rmm', title: TITLE, skus };

export const dattoRmm = defineCountSource({
  ...tool,
  kind: 'api',
  settings: Settings,

  async count(settings, _period, http) {
    const api = connect(settings, http);
    const sites = await listAll(api, '/api/v2/account/sites', SitePage);
    refuseEmpty(TITLE, 'site', sites);
    const devices = await listAll(api, '/api/v2/account/devices', DevicePage);
    refuseEmpty(TITLE, 'device', devices);
    const managed = devices.filter(isManaged(sites)).map(toManaged);
    const accounts = sites.map(({ uid, name }) => ({ ref: uid, name }));
    return { counts: countDevices(tool, accounts, managed), asOf: null };
  },
});

function connect({ region, baseUrl, apiKey, apiSecret }: Settings, http: Http): HttpService {
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? `https://${region}-api.centrastage.net`,
    rate: { calls: 600, perSeconds: 60 },
    async signIn(anonymous) {
      const form = { grant_type: 'password', username: apiKey, password: apiSecret };
      const headers = { authorization: `Basic ${PUBLIC_CLIENT}` };
      const token = await anonymous.post('/auth/oauth/token', Token, { form, headers });
      return { authorization: `Bearer ${token.access_token}` };
    },
  });
}

function listAll<Row>(
  api: HttpService,
  path: string,
  schema: z.ZodType<ListPage<Row>>,
): Promise<readonly Row[]> {
  return collectPages(TITLE, async (cursor): Promise<Page<Row>> => {
    const page = Number(cursor ?? '0');
    const { rows, details } = await api.get(path, schema, { query: { page, max: PAGE_SIZE } });
    const next = details.nextPageUrl ? String(page + 1) : null;
    const { totalCount } = details;
    return { rows, next, ...(typeof totalCount === 'number' ? { total: totalCount } : {}) };
  });
}

/** Deleted devices stay in the list; an on-demand site has remote control and no management. */
function isManaged(sites: readonly Site[]): (device: Device) => boolean {
  const onDemand = new Set(sites.filter((site) => site.onDemand).map(({ uid }) => uid));
  return ({ deleted, suspended, siteUid }) => !deleted && !suspended && !onDemand.has(siteUid);
}

const toManaged = ({ uid, siteUid, siteName, deviceType }: Device) => ({
  id: uid,
  accountRef: siteUid,
  accountName: siteName || `site ${siteUid}`,
  deviceClass: deviceType?.category ?? null,
});
