import { connectwiseAutomate as source } from '../../../src/relay/sources/connectwise-automate.ts';
import {
  AUTOMATE_CREDENTIALS,
  USER_WITH_SECOND_FACTOR,
} from '../../../src/sim/vendors/connectwise-automate.ts';
import { askAll, syncEveryMonth } from './run.ts';
import { pick, signedBy, type ContractSystem } from './system.ts';

const FILE = 'connectwise-automate/connectwise-automate-25.0.5-counts.openapi.json';
const TOKEN = '/api/v1/APIToken';

export const connectwiseAutomate: ContractSystem = {
  system: 'connectwise-automate',
  files: [FILE],
  isSigned: (headers) => 'clientid' in headers && signedBy('Bearer')(headers),
  undeclared: 'The file declares no error of any call; a message in words stands for all of them.',
  errorFields: ['Message'],
  mends: [
    {
      file: FILE,
      reason: 'The call that gives the token declares no security, and neither does the file: it is the one open call.',
      mend: (document) => {
        for (const method of ['get', 'post']) {
          pick(document, ['paths', TOKEN, method])['security'] = [{}];
        }
      },
    },
    {
      file: FILE,
      reason: 'It does not declare the clientId header, which newer servers want with every call.',
      mend: (document) => {
        for (const path of ['Computers', 'Clients', 'Locations', 'Clients/{clientId}', 'Locations/{locationId}']) {
          const get = pick(document, ['paths', `/api/v1/${path}`, 'get']);
          const header = { name: 'clientId', in: 'header', required: true, schema: { type: 'string' } };
          get['parameters'] = [...(get['parameters'] as object[]), header];
        }
      },
    },
    {
      file: FILE,
      reason: 'It requires no field of the sign-in; without user name and password there is none.',
      mend: (document) => {
        const name = 'Automate.Api.Domain.Contracts.Security.TokenCredentials';
        const credentials = pick(document, ['components', 'schemas', name]);
        credentials['required'] = ['Username', 'Password'];
      },
    },
  ], // prettier-ignore
  async run(sim) {
    const address = `${sim.url}/connectwise-automate/cwa`;
    const settings = { server: 'automate.example', baseUrl: address, ...AUTOMATE_CREDENTIALS };
    await syncEveryMonth(sim, source, settings, ['2026-03', '2026-10']);
    const { username, password, clientId } = AUTOMATE_CREDENTIALS;
    const headers = { clientId, 'content-type': 'application/json' };
    const signIn = async (user: string): Promise<Record<string, unknown>> => {
      const body = JSON.stringify({ Username: user, Password: password });
      const answer = await fetch(`${address}${TOKEN}`, { method: 'POST', headers, body });
      return (await answer.json()) as Record<string, unknown>;
    };
    await signIn(USER_WITH_SECOND_FACTOR);
    const bearer = String((await signIn(username))['AccessToken']);
    await askAll(address, { clientId, authorization: `Bearer ${bearer}` }, [
      TOKEN, '/api/v1/Clients', '/api/v1/Clients?options.page=2&options.pageSize=7&options.orderBy.name=Name&options.orderBy.type=Descending', '/api/v1/Clients/24', '/api/v1/Clients/none',
      '/api/v1/Locations?options.pageSize=5', '/api/v1/Locations/240', '/api/v1/Locations/1', '/api/v1/Computers', '/api/v1/Computers?options.pageSize=1000&options.excludedFields=Location',
      "/api/v1/Computers?options.condition=Client.Id%20%3D%2024&options.includedFields=Id&options.includedFields=Type", "/api/v1/Computers?options.condition=Type%20%3D%20'Server'", '/api/v1/Computers?options.ids=10000&options.ids=10001',
      '/api/v1/Computers?options.condition=ComputerName%20like%20x', '/api/v1/Computers?page=2', '/api/v1/Computers?options.page=0', '/api/v1/Computers?options.orderBy.type=Up', '/api/v1/Nowhere', '/Computers',
    ]); // prettier-ignore
  },
};
