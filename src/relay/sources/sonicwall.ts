// SonicWall: firewalls per tenant of Network Security Manager. Experimental and unverified.
// API: MySonicWall and NSM, derived from public connectors and read 2026-11-22: the vendor
// publishes no description and no tenant was at hand. The supported way is the import of the
// monthly licence report, which says what is billed. Four calls a tenant: the tenants, an access
// code, a session for the code, its devices. A key that is not accepted answers with a log-in page.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  credential,
  loopbackUrl,
  refuseEmpty,
  type GetOptions,
  type Headers,
  type Http,
  type HttpService,
} from '../http.ts';
import { readEach, type Account } from './accounts.ts';
import { countDevices } from './device-counts.ts';
import { refuseTwice } from './licence-counts.ts';
import { defineCountSource, type AccountGap } from './source.ts';

const TITLE = 'SonicWall (experimental, unverified)';
const MY_SONICWALL = 'https://api.mysonicwall.com';
const MANAGER_SERVICE = 'NGMGMT';
const MANAGER_TILE = 'ISNSMSAFEENABLED';
const LOG_IN_PAGE = 302;

const REGIONS = {
  uswest: 'https://nsm-uswest.sonicwall.com',
  eucentral: 'https://nsm-eucentral.sonicwall.com',
} as const;

const Settings = z.strictObject({
  region: z.enum(['uswest', 'eucentral']).default('uswest'),
  baseUrl: loopbackUrl.optional(),
  /** Of MySonicWall; a user with the read-only role of NSM is enough. */
  apiKey: credential,
});
type Settings = z.infer<typeof Settings>;

const Tenant = z.object({
  name: z.string().trim().min(1),
  productGroupID: z.int().nonnegative(),
  cloudServices: z
    .array(z.object({ serviceName: z.string(), tenantSerial: z.string().nullish() }))
    .nullish(),
});
const TenantList = z.object({ content: z.object({ arrTenants: z.array(Tenant) }) });
const AccessCode = z.object({ content: z.object({ accessCode: z.string().min(1) }) });
const Info = z.object({ level: z.string().nullish(), message: z.string() });
/** Public connectors have met the information both as a list and by itself. */
const Session = z.object({
  status: z.object({ success: z.boolean().nullish(), info: z.union([z.array(Info).min(1), Info]) }),
});
const Inventory = z.object({
  devices: z.array(z.object({ serialNumber: z.string().trim().min(1).max(60) })),
});
type Tenant = z.infer<typeof Tenant>;

const skus = { firewalls: 'Firewalls' };

export const sonicwall = defineCountSource({
  id: 'sonicwall',
  title: TITLE,
  kind: 'api',
  skus,
  settings: Settings,

  async count(settings, _period, http) {
    const portal = connect(settings, http);
    const { content } = await ask(portal, '/api/hgms/get-cloud-tenants', TenantList);
    const listed = refuseEmpty(TITLE, 'tenant', content.arrTenants);
    refuseTwice(TITLE, 'tenant', listed.map(refOf));
    const tenants = new Map(listed.map((one) => [refOf(one), one]));
    const managed = listed.filter((one) => serialOf(one) !== null);
    const { read, gaps } = await readEach(managed.map(toAccount), async ({ ref }) => {
      const manager = openSession(settings, portal, http, tenants.get(ref));
      return (await manager.get('/api/manager/v2/devices/inventory/tenant', Inventory)).devices;
    });
    const devices = read.flatMap(({ account, content: own }) =>
      own.map(({ serialNumber }) => ({
        id: serialNumber.toUpperCase(),
        accountRef: account.ref,
        accountName: account.name,
        deviceClass: 'firewalls',
      })),
    );
    refuseEmpty(TITLE, 'firewall', devices);
    const accounts = read.map(({ account }) => account);
    const counts = countDevices({ id: 'sonicwall', title: TITLE, skus }, accounts, devices);
    return { counts, asOf: null, gaps: [...gaps, ...unmanagedOf(listed)] };
  },
});

const refOf = ({ productGroupID }: Tenant): string => String(productGroupID);
const toAccount = (tenant: Tenant): Account => ({ ref: refOf(tenant), name: tenant.name });

const serialOf = ({ cloudServices }: Tenant): string | null =>
  cloudServices?.find(({ serviceName }) => serviceName === MANAGER_SERVICE)?.tenantSerial || null;

/** Whether such a tenant has firewalls cannot be seen here, so it has no count and no zero. */
const unmanagedOf = (tenants: readonly Tenant[]): AccountGap[] =>
  tenants
    .filter((tenant) => serialOf(tenant) === null)
    .map((tenant) => ({
      clientRef: refOf(tenant),
      clientName: tenant.name,
      reason: `${TITLE}: the tenant has no Network Security Manager. Count it from the licence report.`,
    }));

const connect = ({ baseUrl, apiKey }: Settings, http: Http): HttpService =>
  http.service({
    title: TITLE,
    baseUrl: baseUrl ?? MY_SONICWALL,
    headers: { 'X-API-KEY': apiKey },
    isFinal: ({ status }) => status === LOG_IN_PAGE,
  });

function openSession(
  { baseUrl, region }: Settings,
  portal: HttpService,
  http: Http,
  tenant: Tenant | undefined,
): HttpService {
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? REGIONS[region],
    async signIn(anonymous): Promise<Headers> {
      // The connectors send the number of the tenant as a number.
      const question = { tenantId: tenant?.productGroupID, tileName: MANAGER_TILE };
      const { content } = await ask(portal, '/api/generate-cscaccesscode', AccessCode, {
        question,
      });
      const body = { tenantSerial: tenant && serialOf(tenant), code: content.accessCode };
      const { status } = await anonymous.post('/api/manager/auth/sso', Session, { body });
      const info = Array.isArray(status.info) ? status.info[0] : status.info;
      const token = credential.safeParse(info?.message);
      if (status.success === false || info?.level === 'error' || !token.success) {
        throw new AppError('SOURCE_REFUSED', `${TITLE} opens no session for this tenant.`);
      }
      return { authorization: `Bearer ${token.data}` };
    },
  });
}

async function ask<Schema extends z.ZodType>(
  portal: HttpService,
  path: string,
  schema: Schema,
  options: GetOptions = {},
): Promise<z.infer<Schema>> {
  const answer = await portal.read(path, options);
  if (answer.status === LOG_IN_PAGE) {
    const words = `${TITLE} answers ${path} with its log-in page: the API key is not accepted.`;
    throw new AppError('SOURCE_REFUSED', words);
  }
  if (answer.status === 200) return portal.parse(answer, schema, path);
  const says = `${TITLE} answered ${path} with ${String(answer.status)}.`;
  throw new AppError(answer.status >= 400 ? 'SOURCE_REFUSED' : 'SOURCE_MALFORMED', says);
}
