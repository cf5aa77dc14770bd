// Microsoft 365: licences bought and assigned, per customer tenant and SKU.
// API: Microsoft Graph v1.0 (subscribedSkus, directory/subscriptions), read 2026-11-22. Application
// permission Organization.Read.All, consented in every tenant. It reports the present only. Bought
// is prepaidUnits.enabled without the units of trials, which only directory/subscriptions tells;
// units in warning, suspended or locked out are not billed.

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
import { readEach, type Account } from './accounts.ts';
import { countLicences, LicenceQuantity, refuseTwice, type Licence } from './licence-counts.ts';
import { FREE_SKUS } from './microsoft-free-skus.ts';
import { Guid, parseJson, signInAtMicrosoft } from './microsoft-sign-in.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'Microsoft 365 (Graph)';

const REGIONS = {
  global: { graph: 'https://graph.microsoft.com', login: 'https://login.microsoftonline.com' },
  'us-government': {
    graph: 'https://graph.microsoft.us',
    login: 'https://login.microsoftonline.us',
  },
} as const;

const Tenant = z.strictObject({ id: Guid, name: z.string().trim().min(1).max(255) });

const Settings = z.strictObject({
  region: z.enum(['global', 'us-government']).default('global'),
  baseUrl: loopbackUrl.optional(),
  clientId: credential,
  clientSecret: credential,
  tenants: z
    .array(Tenant)
    .min(1, 'names no tenant')
    .refine(
      (tenants) => new Set(tenants.map(({ id }) => id)).size === tenants.length,
      'names one tenant twice',
    ),
  /** GUIDs of further SKUs that are never billed. */
  freeSkus: z.array(Guid).default([]),
});
type Settings = z.infer<typeof Settings>;

/** Enabled, Warning, Suspended, Deleted, LockedOut; another one is shown and not refused. */
const State = z.string().regex(/^\w{1,40}$/);
const SubscribedSku = z.object({
  id: z.string().min(1),
  skuId: Guid,
  skuPartNumber: z.string().trim().min(1),
  capabilityStatus: State,
  consumedUnits: LicenceQuantity,
  prepaidUnits: z.object({ enabled: LicenceQuantity }),
});
const Subscription = z.object({
  id: z.string().min(1),
  skuId: Guid,
  isTrial: z.boolean(),
  status: State,
  totalLicenses: LicenceQuantity,
});
type SubscribedSku = z.infer<typeof SubscribedSku>;
type Subscription = z.infer<typeof Subscription>;

const IN_FORCE = 'Enabled';

export const microsoftGraph = defineCountSource({
  id: 'microsoft-graph',
  title: TITLE,
  kind: 'api',
  skus: {},
  settings: Settings,

  async count(settings, _period, http) {
    const free = new Set([...Object.keys(FREE_SKUS), ...settings.freeSkus]);
    const tenants = settings.tenants.map(({ id, name }) => ({ ref: id, name }));
    const { read, gaps } = await readEach(tenants, async (tenant) => {
      const api = connect(settings, tenant, http);
      const skus = await listAll(api, settings, '/subscribedSkus', SubscribedSku);
      const subscriptions = await listAll(api, settings, '/directory/subscriptions', Subscription);
      const isBilled = ({ skuId }: { readonly skuId: string }): boolean => !free.has(skuId);
      refuseHalf(skus, subscriptions);
      return toLicences(skus.filter(isBilled), subscriptions.filter(isBilled));
    });
    // One tenant may have no licences; all of them without any is a fault.
    refuseEmpty(
      TITLE,
      'licence',
      read.flatMap(({ content }) => content),
    );
    return { counts: countLicences(read), asOf: null, gaps };
  },
});

const graphUrl = ({ baseUrl, region }: Settings): string =>
  baseUrl ?? `${REGIONS[region].graph}/v1.0`;

function connect(settings: Settings, tenant: Account, http: Http): HttpService {
  const { baseUrl, region, clientId, clientSecret } = settings;
  const { graph, login } = REGIONS[region];
  return http.service({
    title: TITLE,
    baseUrl: graphUrl(settings),
    explain,
    // Of an application and tenant of the smallest size.
    rate: { calls: 3500, perSeconds: 10 },
    signIn: () =>
      signInAtMicrosoft(http, {
        title: TITLE,
        loginUrl: baseUrl ? `${baseUrl}/login` : login,
        tenantId: tenant.ref,
        clientId,
        clientSecret,
        scope: `${graph}/.default`,
      }),
  });
}

const GraphError = z.object({ error: z.object({ code: z.string().regex(/^\w{1,80}$/) }) });

function explain({ text }: Answer): string | null {
  const code = GraphError.safeParse(parseJson(text)).data?.error.code;
  return code === undefined ? null : `Graph gives the code ${code}.`;
}

async function listAll<Row extends z.ZodType<{ id: string }>>(
  api: HttpService,
  settings: Settings,
  path: string,
  row: Row,
): Promise<readonly z.infer<Row>[]> {
  const schema = z.object({
    value: z.array(row),
    '@odata.nextLink': z.string().min(1).nullish(),
  });
  const rows = await collectPages(TITLE, async (cursor): Promise<Page<z.infer<Row>>> => {
    const { value, '@odata.nextLink': link } = await api.get(cursor ?? path, schema);
    return { rows: value, next: link ? pathOfLink(TITLE, graphUrl(settings), link) : null };
  });
  refuseTwice(
    TITLE,
    'licence',
    rows.map(({ id }) => id),
  );
  return rows;
}

/** A tenant without licences is true; one that has subscriptions in force and no licences is not. */
function refuseHalf(skus: readonly SubscribedSku[], subscriptions: readonly Subscription[]): void {
  if (skus.length > 0 || !subscriptions.some(({ status }) => status === IN_FORCE)) return;
  throw new AppError(
    'SOURCE_MALFORMED',
    `${TITLE}: subscribedSkus is empty where directory/subscriptions has some in force.`,
  );
}

/** Two rows a SKU; units that are not in force, or all on trial, make a SKU of their own beside it. */
function toLicences(
  skus: readonly SubscribedSku[],
  subscriptions: readonly Subscription[],
): Licence[] {
  const trials = subscriptions.filter(({ isTrial, status }) => isTrial && status === IN_FORCE);
  const trialsOf = Map.groupBy(trials, ({ skuId }) => skuId);
  return [...Map.groupBy(skus, ({ skuId }) => skuId)].flatMap(([skuId, rows]) => {
    const onTrial = sumOf(trialsOf.get(skuId) ?? [], ({ totalLicenses }) => totalLicenses);
    const states = Map.groupBy(rows, ({ capabilityStatus }) => capabilityStatus);
    const name = rows[0]?.skuPartNumber ?? skuId;
    const inForce = unitsOf(states.get(IN_FORCE) ?? []);
    if (onTrial > inForce.bought) throw moreTrialsThanUnits(name);
    const isAllTrial = onTrial > 0 && onTrial === inForce.bought;
    const paid = { bought: inForce.bought - onTrial, assigned: isAllTrial ? 0 : inForce.assigned };
    const beside = [...states]
      .filter(([state]) => state !== IN_FORCE)
      .map(([state, own]) => [state, unitsOf(own)] as const);
    if (isAllTrial) beside.push(['trial', { bought: 0, assigned: inForce.assigned }]);
    return [
      ...licencesOf(skuId, name, paid),
      ...beside
        .filter(([, units]) => units.bought > 0 || units.assigned > 0)
        .flatMap(([state, units]) =>
          licencesOf(`${skuId} (${state})`, `${name} (${state})`, units),
        ),
    ];
  });
}

interface Units {
  readonly bought: number;
  readonly assigned: number;
}

const unitsOf = (rows: readonly SubscribedSku[]): Units => ({
  bought: sumOf(rows, ({ prepaidUnits }) => prepaidUnits.enabled),
  assigned: sumOf(rows, ({ consumedUnits }) => consumedUnits),
});

const licencesOf = (sku: string, name: string, { bought, assigned }: Units): Licence[] => [
  { sku, name, basis: 'bought', quantity: bought },
  { sku, name, basis: 'assigned', quantity: assigned },
];

const sumOf = <Row>(rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

const moreTrialsThanUnits = (sku: string): AppError =>
  new AppError(
    'SOURCE_MALFORMED',
    `${TITLE}: prepaidUnits.enabled of ${sku} is less than the totalLicenses of its trials.`,
  );
