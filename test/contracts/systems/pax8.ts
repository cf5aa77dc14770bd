import { pax8 as source } from '../../../src/relay/sources/pax8.ts';
import { CREDENTIALS } from '../../../src/sample/config.ts';
import { askAll, bearer, syncEveryMonth } from './run.ts';
import { signedBy, type ContractSystem } from './system.ts';

const { clientId, clientSecret } = CREDENTIALS.pax8;

export const pax8: ContractSystem = {
  system: 'pax8',
  files: ['pax8/pax8-authentication.openapi.json', 'pax8/pax8-partner-endpoints.openapi.json'],
  isSigned: signedBy('Bearer'),
  undeclared: 'The file declares errors for few calls; all of them have the shape of its Error.',
  errorFields: ['type', 'message', 'status'],
  async run(sim) {
    const address = `${sim.url}/pax8/v1`;
    await syncEveryMonth(sim, source, { baseUrl: address, clientId, clientSecret });
    const body = JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      audience: 'https://api.pax8.com',
      grant_type: 'client_credentials',
    });
    const headers = { 'content-type': 'application/json' };
    await askAll(address, await bearer(`${address}/token`, { body, headers }), [
      '/companies?size=200', '/companies?page=1&size=7&sort=name', '/companies?status=Active', '/companies?size=201',
      '/companies/none', '/subscriptions?size=200&status=Active', '/subscriptions?billingTerm=Annual', '/subscriptions?status=Bogus',
      '/subscriptions?companyId=00000000-0000-4000-8000-000000000000', '/subscriptions/none', '/products?size=3', '/nowhere',
    ]); // prettier-ignore
  },
};
