// ConnectWise RMM (Asio): managed devices per company and endpoint type.
// API: ConnectWise Asio Platform API (company/companies, device/endpoints), read 2026-11-22. It
// reports the present only, so the month is not sent.
// Chosen: GET v1/device/endpoints, which the vendor's file describes and which lists the devices of
// all companies in one answer. The newer POST v2/device/categories/.../endpoints is not used: it is
// in no published file, public clients disagree about its body, and it answers 404 for a company
// without devices, which cannot be told from a company it does not know.
// The file describes no pages. Should an answer carry a link to a next one (RFC 8288) it is
// followed; a cursor inside the answer is refused, as a list cut short is a count too low.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  pathOfLink,
  refuseEmpty,
  type Answer,
  type Http,
  type HttpService,
  type Page,
} from '../http.ts';
import { countDevices, strayAccounts, type ManagedDevice } from './device-counts.ts';
import { defineCountSource, type AccountGap, type VendorCounts } from './source.ts';

const TITLE = 'ConnectWise RMM';
const COMPANIES = '/api/platform/v1/company/companies';
const ENDPOINTS = '/api/platform/v1/device/endpoints';
/** What the two lists are said to need. */
const SCOPE = 'platform.companies.read platform.asset.read';

const BASE_URLS = {
  na: 'https://openapi.service.itsupport247.net',
  eu: 'https://openapi.service.euplatform.connectwise.com',
  au: 'https://openapi.service.auplatform.connectwise.com',
} as const;

const Settings = z.strictObject({
  region: z.enum(['na', 'eu', 'au'], {
    error: ({ input }) => (input === undefined ? 'is missing' : 'is none of na, eu, au'),
  }),
  baseUrl: loopbackUrl.optional(),
  clientId: credential,
  clientSecret: credential,
});
type Settings = z.infer<typeof Settings>;

const Token = z.object({ access_token: credential });
const Companies = z.array(z.object({ id: z.string().min(1), name: z.string().min(1) }));
const Endpoint = z.object({
  clientId: z.string().min(1),
  endpointId: z.string().min(1),
  endpointType: z.string().nullable(),
});
const Endpoints = z
  .looseObject({ endpoints: z.array(Endpoint) })
  .refine((body) => !namesFurtherPage(body), { error: 'names a further page that cannot be read' })
  .transform(({ endpoints }) => endpoints);
type Company = z.infer<typeof Companies>[number];

/** Other types ("NetworkDevice" and what may come) get rows where the account has any. */
const skus = { Desktop: 'Workstations', Server: 'Servers' };
const tool = { id: 'connectwise-rmm', title: TITLE, skus };

export const connectwiseRmm = defineCountSource({
  ...tool,
  kind: 'api',
  settings: Settings,

  async count(settings, _period, http) {
    const baseUrl = settings.baseUrl ?? BASE_URLS[settings.region];
    const api = connect(settings, baseUrl, http);
    const companies = await listAll(api, baseUrl, COMPANIES, Companies);
    refuseEmpty(TITLE, 'company', companies);
    const endpoints = await listAll(api, baseUrl, ENDPOINTS, Endpoints);
    refuseEmpty(TITLE, 'device', endpoints);
    return countEndpoints(companies, endpoints.map(toManaged));
  },
});

function connect({ clientId, clientSecret }: Settings, baseUrl: string, http: Http): HttpService {
  return http.service({
    title: TITLE,
    baseUrl,
    // No number is published; public clients keep to this one.
    rate: { calls: 500, perSeconds: 300 },
    async signIn(anonymous) {
      const body = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: SCOPE,
      };
      const token = await anonymous.post('/v1/token', Token, { body });
      return { authorization: `Bearer ${token.access_token}` };
    },
  });
}

function listAll<Row>(
  api: HttpService,
  baseUrl: string,
  path: string,
  schema: z.ZodType<readonly Row[]>,
): Promise<readonly Row[]> {
  return collectPages(TITLE, async (cursor): Promise<Page<Row>> => {
    const answer = refuseOther(path, await api.read(cursor ?? path));
    const link = nextLink(answer.headers['link']);
    const next = link === null ? null : pathOfLink(TITLE, baseUrl, link);
    return { rows: api.parse(answer, schema, path), next };
  });
}

function refuseOther(path: string, answer: Answer): Answer {
  if (answer.status === 200) return answer;
  const code = answer.status < 400 ? 'SOURCE_MALFORMED' : 'SOURCE_REFUSED';
  throw new AppError(code, `${TITLE} answered ${path} with ${String(answer.status)}.`);
}

const nextLink = (header = ''): string | null =>
  /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(header)?.[1] ?? null;

const namesFurtherPage = (body: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(body).some(([name, value]) => /cursor|next|more/i.test(name) && Boolean(value));

function countEndpoints(
  companies: readonly Company[],
  devices: readonly ManagedDevice[],
): VendorCounts {
  const accounts = companies.map(({ id, name }) => ({ ref: id, name }));
  const strays = strayAccounts(accounts, devices);
  const owners = new Set(devices.map(({ accountRef }) => accountRef));
  const counted = accounts.filter(({ ref }) => strays.length === 0 || owners.has(ref));
  if (counted.length === 0) throw otherIds();
  const gaps = accounts.filter((account) => !counted.includes(account)).map(toGap(strays.length));
  const counts = countDevices(tool, counted, devices);
  return { counts, asOf: null, ...(gaps.length > 0 ? { gaps } : {}) };
}

/** Devices have been seen under other ids than the list of companies has. */
const otherIds = (): AppError =>
  new AppError(
    'SOURCE_MALFORMED',
    `${TITLE}: no device belongs to a listed company; clientId and company id do not match.`,
  );

/** Its devices may be among those of unknown owners, so none found is not a zero. */
const toGap =
  (strays: number) =>
  ({ ref, name }: { readonly ref: string; readonly name: string }): AccountGap => ({
    clientRef: ref,
    clientName: name,
    reason: `no device names it, and ${String(strays)} owners of devices are not in the list of companies`,
  });

const toManaged = ({ clientId, endpointId, endpointType }: z.infer<typeof Endpoint>) => ({
  id: endpointId,
  accountRef: clientId,
  accountName: `company ${clientId}`,
  deviceClass: endpointType,
});
