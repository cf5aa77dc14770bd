import { dattoRmm as source } from '../../../src/relay/sources/datto-rmm.ts';
import { DATTO_CREDENTIALS } from '../../../src/sim/vendors/datto-rmm.ts';
import { askAll, bearer, syncEveryMonth } from './run.ts';
import { pick, prefixPaths, signedBy, type ContractSystem } from './system.ts';

const FILE = 'datto-rmm/datto-rmm-api-v2.openapi.json';
const { apiKey, apiSecret } = DATTO_CREDENTIALS;

export const dattoRmm: ContractSystem = {
  system: 'datto-rmm',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared:
    'The file declares 401, 403, 404, 409 and 500 with one ErrorResponse; 400, 405 and 429 have the same shape here.',
  errorFields: ['timestamp', 'status', 'error', 'path'],
  mends: [
    {
      file: FILE,
      reason:
        'Its server address ends in /api and the sign-in is beside it, so the stand-in plays the host and the paths begin with /api.',
      mend: prefixPaths('/api'),
    },
    {
      file: FILE,
      reason:
        'It sets no bounds for max; the vendor says 250, and /v2/system/pagination answers the same.',
      mend: (document) => {
        for (const list of ['sites', 'devices']) {
          const get = pick(document, ['paths', `/api/v2/account/${list}`, 'get']);
          const parameters = get['parameters'] as { name: string; schema: object }[];
          const max = parameters.find(({ name }) => name === 'max');
          Object.assign(max?.schema ?? {}, { minimum: 1, maximum: 250 });
        }
      },
    },
  ],
  undescribed: [
    {
      isMatch: ({ path }) => path === '/auth/oauth/token',
      reason:
        'The API file has no sign-in; it is the password grant (RFC 6749 4.3) of the documented public client.',
      check: ({ requestBody, requestHeaders }) => {
        const form = (requestBody ?? {}) as Record<string, unknown>;
        const isForm = requestHeaders['content-type']?.startsWith(
          'application/x-www-form-urlencoded',
        );
        const isBasic = signedBy('Basic')(requestHeaders);
        const fields = Object.keys(form).sort().join(' ');
        const isComplete = fields === 'grant_type password username';
        return isForm && isBasic && isComplete && form['grant_type'] === 'password'
          ? []
          : ['The sign-in is not the password grant of the public client.'];
      },
    },
  ],
  async run(sim) {
    const address = `${sim.url}/datto-rmm`;
    const settings = { region: 'merlot', baseUrl: address, apiKey, apiSecret };
    await syncEveryMonth(sim, source, settings, ['2026-03', '2026-10']);
    const body = new URLSearchParams({
      grant_type: 'password',
      username: apiKey,
      password: apiSecret,
    });
    const client = Buffer.from('public-client:public').toString('base64');
    const headers = { authorization: `Basic ${client}` };
    const signedIn = await bearer(`${address}/auth/oauth/token`, { body, headers });
    const sites = await fetch(`${address}/api/v2/account/sites?max=1`, { headers: signedIn });
    const [site] = ((await sites.json()) as { sites: { uid: string }[] }).sites;
    const one = `/api/v2/site/${site?.uid ?? ''}`;
    await askAll(address, signedIn, [
      '/api/v2/account', '/api/v2/system/pagination', '/api/v2/account/sites?max=3&page=1', '/api/v2/account/sites?siteName=dental',
      '/api/v2/account/devices?max=250&page=0', '/api/v2/account/devices?deviceType=server&hostname=sv', '/api/v2/account/devices?operatingSystem=macos&siteName=dental',
      '/api/v2/account/devices?filterId=9', '/api/v2/account/devices?max=251', '/api/v2/account/devices?size=5', '/api/v2/account/devices?page=-1',
      one, `${one}/devices?max=5`, `${one}/devices?filterId=3`, '/api/v2/site/none', '/api/v2/site/none/devices', '/api/v2/nowhere', '/v2/account',
    ]); // prettier-ignore
  },
};
