import { xero as books } from '../../../src/relay/accounting/xero.ts';
import { XERO_CREDENTIALS } from '../../../src/sim/books/xero.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import { memoryTools } from '../../relay/books/memory-tools.ts';
import { xeroSettings } from '../../relay/books/xero.ts';
import { postMonth } from './books-run.ts';
import { askAll, http } from './run.ts';
import { pick, signedBy, type ContractSystem } from './system.ts';

const FILE = 'xero/xero_accounting.yaml';
const BASE = '/api.xro/2.0';

type Json = Record<string, unknown>;

export const xero: ContractSystem = {
  system: 'xero',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared:
    'The file declares 400 of a create alone; the gateway answers with Title, Status and Detail, lists with the error of a create.',
  errorFields: ['Status'],
  errorOf: (answer) =>
    typeof answer === 'object' && answer !== null && 'ErrorNumber' in answer
      ? { Status: answer.ErrorNumber }
      : answer,
  mends: [
    {
      file: FILE,
      reason:
        'Its paths leave out /api.xro/2.0, which is part of its server address: the sign-in is played beside it.',
      mend: (document) => {
        const paths = Object.entries(pick(document, ['paths']));
        document['paths'] = Object.fromEntries(
          paths.map(([path, operations]) => [`${BASE}${path}`, operations]),
        );
      },
    },
  ],
  undescribed: [
    {
      isMatch: ({ path }) => path === '/connect/token',
      reason:
        'The token endpoint is in no file: xero-identity.yaml names its fields, not its path.',
      check: checkSignIn,
    },
  ],
  async run(sim) {
    const company = books.connect(xeroSettings(sim.url), http, memoryTools());
    await postMonth(company, '00000000-0000-4000-8000-00000000dead');
    await askAll(`${sim.url}/xero${BASE}`, await signIn(sim), QUESTIONS);
  },
};

function checkSignIn({ requestBody, answer, status }: Exchange): readonly string[] {
  const body = requestBody as Json | null;
  if (body?.['grant_type'] !== 'refresh_token') return ['the sign-in names no grant.'];
  if (status !== 200) return [];
  const names = ['access_token', 'refresh_token', 'expires_in', 'token_type'];
  return names.filter((name) => !(name in (answer as Json))).map((name) => `it has no ${name}.`);
}

async function signIn(sim: RunningSim): Promise<Record<string, string>> {
  const { clientId, clientSecret, tenantId } = XERO_CREDENTIALS;
  const refresh = sim.standIns.ledgers.get('xero')?.get('grant', clientId)?.token;
  const answer = await fetch(`${sim.url}/xero/connect/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh ?? '' }),
  });
  const { access_token: token } = (await answer.json()) as { readonly access_token: string };
  return { authorization: `Bearer ${token}`, 'xero-tenant-id': tenantId };
}

const QUESTIONS = [
  '/Invoices', '/Invoices?page=2&pageSize=7', '/Invoices?where=Type%3D%3D%22ACCREC%22&order=InvoiceID%20ASC&unitdp=4', '/Invoices?where=nonsense', '/Invoices?colour=red',
  '/CreditNotes?pageSize=1', '/CreditNotes?unitdp=4', '/Contacts?page=1', '/Contacts?includeArchived=true&pageSize=5', '/Items', '/TaxRates', '/Organisation', '/Contacts?page=none',
]; // prettier-ignore
