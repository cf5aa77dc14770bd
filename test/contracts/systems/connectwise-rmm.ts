import { connectwiseRmm as source } from '../../../src/relay/sources/connectwise-rmm.ts';
import { ASIO_CREDENTIALS } from '../../../src/sim/vendors/connectwise-rmm.ts';
import { askAll, bearer, syncEveryMonth } from './run.ts';
import { signedBy, type ContractSystem } from './system.ts';

const { clientId, clientSecret } = ASIO_CREDENTIALS;

export const connectwiseRmm: ContractSystem = {
  system: 'connectwise-rmm',
  files: ['connectwise-rmm/connectwise-asio-platform-counts.openapi.yaml'],
  isSigned: signedBy('Bearer'),
  undeclared:
    'The file declares 404 of the device lists only; other errors have the shape of its Error here.',
  errorFields: ['error', 'description'],
  undescribed: [
    {
      isMatch: ({ path }) => path === '/v1/token',
      reason:
        'The file names the token address and the flow (client credentials), not the body: JSON, as public clients send it.',
      check: ({ requestBody, requestHeaders }) => {
        const fields = Object.keys(requestBody ?? {}).sort();
        const isJson = requestHeaders['content-type']?.startsWith('application/json');
        return isJson && fields.join(' ') === 'client_id client_secret grant_type scope'
          ? []
          : ['The sign-in is not client credentials in JSON.'];
      },
    },
  ],
  async run(sim) {
    const address = `${sim.url}/connectwise-rmm`;
    const settings = { region: 'na', baseUrl: address, clientId, clientSecret };
    await syncEveryMonth(sim, source, settings, ['2026-03', '2026-10']);
    const body = JSON.stringify({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'platform.companies.read platform.sites.read platform.asset.read',
    });
    const headers = { 'content-type': 'application/json' };
    const signedIn = await bearer(`${address}/v1/token`, { body, headers });
    const lists = await fetch(`${address}/api/platform/v1/device/endpoints`, { headers: signedIn });
    const { endpoints } = (await lists.json()) as { endpoints: Record<string, string>[] };
    const { clientId: client = '', siteId: site = '', endpointId: one = '' } = endpoints[0] ?? {};
    const device = '/api/platform/v1/device';
    const company = '/api/platform/v1/company';
    await askAll(address, signedIn, [
      `${company}/companies`, `${company}/companies/${client}`, `${company}/companies/${client}/sites`, `${company}/companies/none`,
      `${company}/sites`, `${company}/sites/${site}`, `${device}/endpoints`, `${device}/endpoints?limit=5`, `${device}/endpoints/${one}`, `${device}/endpoints/none`,
      `${device}/clients/${client}/endpoints`, `${device}/clients/none/endpoints`, `${device}/clients/${client}/sites/${site}/endpoints`,
      `${device}/clients/${client}/sites/none/endpoints`, '/api/platform/v2/device/categories/all/endpoints', '/nowhere',
    ]); // prettier-ignore
  },
};
