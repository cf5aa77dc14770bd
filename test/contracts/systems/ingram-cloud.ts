import { ingramCloud as source } from '../../../src/relay/sources/ingram-cloud.ts';
import { INGRAM_CREDENTIALS } from '../../../src/sim/vendors/ingram-cloud.ts';
import { askAll, syncEveryMonth } from './run.ts';
import { pick, type ContractSystem } from './system.ts';

const FILE = 'ingram-micro/ingram-cloud-marketplace.derived.openapi.yaml';
const { username, password, subscriptionKey, marketplace } = INGRAM_CREDENTIALS;

/** A derived file (trust D): it holds our two sides together, and says little of the vendor. */
export const ingramCloud: ContractSystem = {
  system: 'ingram-cloud',
  files: [FILE],
  isSigned: (headers) =>
    'x-subscription-key' in headers && /^(Basic|Bearer) /.test(headers['authorization'] ?? ''),
  undeclared:
    'The derived file declares 404 of one call and no other error; a message in all of them is a guess.',
  errorFields: ['message'],
  mends: [
    {
      file: FILE,
      reason:
        'It requires no field of any answer; those that the counts rest on are required here, so that neither side can lose one.',
      mend: (document) => {
        const schemas = pick(document, ['components', 'schemas']);
        pick(schemas, ['subscription'])['required'] = ['id', 'customerId', 'status'];
        pick(schemas, ['product'])['required'] = ['mpn', 'quantity'];
        for (const path of ['/customers', '/subscriptions']) {
          const answer = ['get', 'responses', '200', 'content', 'application/json', 'schema'];
          const schema = pick(document, ['paths', path, ...answer]);
          schema['required'] = ['data', 'pagination'];
          pick(schema, ['properties', 'pagination'])['required'] = ['offset', 'total'];
        }
      },
    },
  ],
  async run(sim) {
    const address = `${sim.url}/ingram-cloud`;
    await syncEveryMonth(sim, source, { baseUrl: address, ...INGRAM_CREDENTIALS }, ['2025-10', '2026-10']);
    const key = { 'x-subscription-key': subscriptionKey };
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const headers = { ...key, authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${address}/token`, { method: 'POST', headers, body: JSON.stringify({ marketplace }) });
    const { token } = (await answer.json()) as { readonly token: string };
    await askAll(address, { ...key, authorization: `Bearer ${token}` }, [
      '/customers', '/customers?limit=3&offset=2', '/customers?externalId=none', '/customers?limit=0', '/customers?page=1',
      '/subscriptions?status=active&limit=5', '/subscriptions?customerId=none', '/subscriptions?size=5', '/subscriptions/none', '/nowhere',
    ]);
  },
}; // prettier-ignore
