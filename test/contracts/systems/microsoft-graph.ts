import { parsePeriod } from '../../../src/core/billing-period.ts';
import { microsoftGraph as source } from '../../../src/relay/sources/microsoft-graph.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import {
  GRAPH_CREDENTIALS,
  TENANT_WITHOUT_CONSENT,
} from '../../../src/sim/vendors/microsoft-graph.ts';
import { isMicrosoftSignIn, MICROSOFT_SIGN_IN } from './microsoft-login.ts';
import { askAll, bearer, http } from './run.ts';
import { signedBy, type ContractSystem } from './system.ts';

const FILE = 'microsoft/graph-v1.0-licence-and-partner-billing-subset.openapi.yaml';
const SCOPE = 'https://graph.microsoft.com/.default';
const { clientId, clientSecret } = GRAPH_CREDENTIALS;

export const microsoftGraph: ContractSystem = {
  system: 'microsoft-graph',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared: 'Every error is declared: 4XX and 5XX with one ODataError.',
  errorFields: ['error'],
  mends: [
    {
      file: FILE,
      reason:
        'It puts the eight parameters of any collection on each list; the documentation allows $select alone for subscribedSkus, so the pages of the stand-in use $skip and nothing else.',
      mend: (document) => {
        const paths = document['paths'] as Record<string, { get?: { parameters?: object[] } }>;
        for (const path of ['/subscribedSkus', '/directory/subscriptions']) {
          const get = paths[path]?.get;
          const kept = (get?.parameters ?? []).filter((one) =>
            /"#\/components\/parameters\/skip"|"\$select"/.test(JSON.stringify(one)),
          );
          if (get) get.parameters = kept;
        }
      },
    },
  ],
  undescribed: [isMicrosoftSignIn(SCOPE)],
  async run(sim) {
    const address = `${sim.url}/microsoft-graph`;
    for (const period of ['2025-10', '2026-10'] as const) {
      sim.standIns.clock.set(`${period}-28T10:00:00.000Z`);
      sim.standIns.setOptions({ pageSizeMax: period === '2025-10' ? 2 : 1000 });
      const companies = sampleWorld('planted').vendors(period).pax8.companies;
      const tenants = [...companies, { id: TENANT_WITHOUT_CONSENT, name: 'Gone Fishing' }];
      await source.count({ baseUrl: address, clientId, clientSecret, tenants }, parsePeriod(period), http);
    }
    const tenant = sampleWorld('planted').vendors('2026-10').pax8.companies[1]?.id ?? '';
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: SCOPE };
    const login = `${address}/login/${tenant}/oauth2/v2.0/token`;
    const headers = await bearer(login, { body: new URLSearchParams(form), headers: MICROSOFT_SIGN_IN });
    await askAll(address, headers, [
      '/subscribedSkus?$select=id,skuId', '/subscribedSkus?$skip=1', '/subscribedSkus?$top=5', '/subscribedSkus?$skip=-1',
      '/directory/subscriptions?$skip=1', '/directory/subscriptions?$filter=x', '/nowhere',
    ]);
  },
}; // prettier-ignore
