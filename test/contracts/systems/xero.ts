import { xero as books } from '../../../src/relay/accounting/xero.ts';
import { XERO_CREDENTIALS } from '../../../src/sim/books/xero.ts';
import { memoryTools } from '../../relay/books/memory-tools.ts';
import { bearerOf } from '../../relay/books/rotating-bearer.ts';
import { xeroSettings, xeroSignIn } from '../../relay/books/xero.ts';
import { postMonth } from './books-run.ts';
import { signInCheck } from './rotating-sign-in.ts';
import { askAll, http } from './run.ts';
import { prefixPaths, signedBy, type ContractSystem } from './system.ts';

const FILE = 'xero/xero_accounting.yaml';
const BASE = '/api.xro/2.0';

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
      mend: prefixPaths(BASE),
    },
  ],
  undescribed: [
    {
      isMatch: ({ path }) => path === xeroSignIn.path,
      reason:
        'The token endpoint is in no file: xero-identity.yaml names its fields, not its path.',
      check: signInCheck(),
    },
  ],
  async run(sim) {
    const company = books.connect(xeroSettings(sim.url), http, memoryTools());
    await postMonth(company, '00000000-0000-4000-8000-00000000dead');
    const headers = {
      ...(await bearerOf(sim, xeroSignIn)),
      'xero-tenant-id': XERO_CREDENTIALS.tenantId,
    };
    await askAll(`${sim.url}/xero${BASE}`, headers, QUESTIONS);
  },
};

const QUESTIONS = [
  '/Invoices', '/Invoices?page=2&pageSize=7', '/Invoices?where=Type%3D%3D%22ACCREC%22&order=InvoiceID%20ASC&unitdp=4', '/Invoices?where=nonsense', '/Invoices?colour=red',
  '/CreditNotes?pageSize=1', '/CreditNotes?unitdp=4', '/Contacts?page=1', '/Contacts?includeArchived=true&pageSize=5', '/Items', '/TaxRates', '/Organisation', '/Contacts?page=none',
]; // prettier-ignore
