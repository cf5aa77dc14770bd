import { ninjaone as source } from '../../../src/relay/sources/ninjaone.ts';
import { CREDENTIALS } from '../../../src/sample/config.ts';
import { askAll, bearer, syncEveryMonth } from './run.ts';
import { signedBy, type ContractSystem } from './system.ts';

const { clientId, clientSecret } = CREDENTIALS.ninjaone;

export const ninjaone: ContractSystem = {
  system: 'ninjaone',
  files: ['ninjaone/ninjaone-public-api-2.0.9-draft.yaml'],
  isSigned: signedBy('Bearer'),
  undeclared: 'The file declares the good answer as "default" and no error at all.',
  errorFields: [],
  undescribed: [
    {
      isMatch: ({ method, path }) => method === 'POST' && path === '/ws/oauth/token',
      reason: 'The API file has no sign-in; it is OAuth 2.0 client credentials (RFC 6749 4.4).',
      check: ({ requestBody, requestHeaders }) => {
        const form = (requestBody ?? {}) as Record<string, unknown>;
        const isForm = requestHeaders['content-type']?.startsWith(
          'application/x-www-form-urlencoded',
        );
        const isComplete = form['grant_type'] === 'client_credentials' && 'client_id' in form;
        return isForm && isComplete ? [] : ['The sign-in is not a client-credentials form.'];
      },
    },
  ],
  async run(sim) {
    const address = `${sim.url}/ninjaone`;
    await syncEveryMonth(sim, source, { baseUrl: address, clientId, clientSecret });
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'monitoring',
    });
    await askAll(address, await bearer(`${address}/ws/oauth/token`, { body }), [
      '/v2/organizations?pageSize=5', '/v2/organizations?pageSize=5&after=24', '/v2/organizations-detailed',
      '/v2/devices?pageSize=50', '/v2/devices?df=org%20%3D%2024', '/v2/devices?pageSize=many', '/v2/devices?df=class%3DMAC', '/v2/nowhere',
    ]); // prettier-ignore
  },
};
