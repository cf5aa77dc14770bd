import { huntress as source } from '../../../src/relay/sources/huntress.ts';
import { CREDENTIALS } from '../../../src/sample/config.ts';
import { askAll, syncEveryMonth } from './run.ts';
import { pick, signedBy, type ContractSystem } from './system.ts';

const FILE = 'huntress/huntress-v1.swagger.json';
const { apiKey, apiSecret } = CREDENTIALS.huntress;

export const huntress: ContractSystem = {
  system: 'huntress',
  files: [FILE],
  isSigned: signedBy('Basic'),
  undeclared: 'Errors are described in words only: status and reason, no body.',
  errorFields: [],
  // Its 403 has the schema of a good answer.
  hasWrongErrorSchemas: true,
  mends: [
    {
      file: FILE,
      reason:
        'Both organisation models require microsoft_365_tenant_id, microsoft_365_users_count and notify_emails, which the same file renamed and no longer declares.',
      mend: (document) => {
        for (const name of ['Organization', 'OrganizationWithActualProductUsages']) {
          delete pick(document, ['components', 'schemas', name])['required'];
        }
      },
    },
    {
      file: FILE,
      reason: 'Account.neighborhood_watch has the type "Object", which is no type of JSON Schema.',
      mend: (document) => {
        const account = pick(document, ['components', 'schemas', 'Account', 'properties']);
        account['neighborhood_watch'] = { type: 'object' };
      },
    },
  ],
  async run(sim) {
    const address = `${sim.url}/huntress`;
    await syncEveryMonth(sim, source, { baseUrl: address, apiKey, apiSecret });
    const basic = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
    await askAll(address, { authorization: `Basic ${basic}` }, [
      '/v1/account', '/v1/organizations?limit=500', '/v1/organizations?limit=7&sort_field=name&sort_direction=asc', '/v1/organizations/4001',
      '/v1/organizations?limit=501', '/v1/organizations?page_token=bogus', '/v1/agents?limit=100&organization_id=4000', '/v1/agents?platform=darwin',
      '/v1/agents/700000', '/v1/agents/1', '/v1/nowhere',
    ]); // prettier-ignore
  },
};
