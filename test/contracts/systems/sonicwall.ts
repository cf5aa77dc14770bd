import { sonicwall as source } from '../../../src/relay/sources/sonicwall.ts';
import { SONICWALL_CREDENTIALS } from '../../../src/sim/vendors/sonicwall.ts';
import { askAll, syncEveryMonth } from './run.ts';
import { pick, type ContractSystem } from './system.ts';

const FILE = 'sonicwall/mysonicwall-nsm-inventory.derived.openapi.yaml';
const { apiKey } = SONICWALL_CREDENTIALS;
const BODY = ['requestBody', 'content', 'application/json', 'schema', 'properties'];

/** A derived file (trust D): it holds our two sides together, and says little of the vendor. */
export const sonicwall: ContractSystem = {
  system: 'sonicwall',
  files: [FILE],
  isSigned: (headers) =>
    'x-api-key' in headers || (headers['authorization']?.startsWith('Bearer ') ?? false),
  undeclared: 'The derived file declares no error but the log-in page; a message is a guess.',
  errorFields: ['message'],
  mends: [
    {
      file: FILE,
      reason:
        'It says that tenantId is a text; three public connectors send the productGroupID as the number it is.',
      mend: (document) => {
        const post = pick(document, ['paths', '/api/generate-cscaccesscode', 'post']);
        pick(post, BODY)['tenantId'] = { type: 'integer' };
      },
    },
  ],
  undescribed: [
    {
      isMatch: ({ status }) => status === 302,
      reason:
        'A key that is missing or wrong is answered by 302 to a log-in page, as the file says; a refusal is 4xx everywhere else.',
      check: ({ path, answerType }) =>
        path.startsWith('/api/') && answerType.startsWith('text/html')
          ? []
          : [`${path} sends elsewhere and is no log-in page.`],
    },
  ],
  async run(sim) {
    const address = `${sim.url}/sonicwall`;
    await syncEveryMonth(sim, source, { baseUrl: address, apiKey }, ['2025-10', '2026-10']);
    await askAll(address, { 'x-api-key': apiKey }, [
      '/api/hgms/get-cloud-tenants', '/api/hgms/get-cloud-tenants?page=1',
      '/api/manager/v2/devices/inventory/tenant', '/nowhere',
    ]);
  },
}; // prettier-ignore
