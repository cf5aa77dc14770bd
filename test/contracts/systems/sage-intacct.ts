import { sageIntacct as books } from '../../../src/relay/accounting/sage-intacct.ts';
import { INTACCT_CREDENTIALS, INTACCT_ENTITY } from '../../../src/sim/books/sage-intacct.ts';
import { memoryTools } from '../../relay/books/memory-tools.ts';
import { intacctSettings } from '../../relay/books/sage-intacct.ts';
import { postMonth } from './books-run.ts';
import { askAll, bearer, http } from './run.ts';
import { pick, signedBy, type ContractSystem } from './system.ts';

type Json = Readonly<Record<string, unknown>>;

const FILE = 'sage-intacct/sage-intacct-rest-v1-ar-invoice.derived.openapi.yaml';

/** The file is derived (trust D): it shows that we keep to what we know, not that it is so. */
export const sageIntacct: ContractSystem = {
  system: 'sage-intacct',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared:
    'The file gives its one error body to 400, 404, 409 and 429 and to "default"; the statuses beside them are those of the page on error handling.',
  errorFields: ['code', 'message'],
  errorOf: (answer) => ((answer as Json | null)?.['ia::result'] as Json | undefined)?.['ia::error'],
  mends: [
    {
      file: FILE,
      reason: 'It names no tax of the books\' own; public descriptions show it as taxEntries of a line, with txnTaxAmount.',
      mend: (document) => {
        const properties = pick(document, ['components', 'schemas', 'invoiceLine', 'properties']);
        const entry = { type: 'object', properties: { txnTaxAmount: { type: 'string' } } };
        properties['taxEntries'] = { type: 'array', items: entry };
      },
    },
  ],
  async run(sim) {
    const settings = intacctSettings(sim.url);
    await postMonth(books.connect(settings, http, memoryTools()), '999999', books.limits.documents);
    const dimensions = { entityId: INTACCT_ENTITY, locationId: '100', departmentId: '20' };
    const entity = books.connect({ ...settings, ...dimensions }, http, memoryTools());
    await postMonth(entity, '999998', books.limits.documents, 500);
    const { clientId, clientSecret, username } = INTACCT_CREDENTIALS;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, username };
    const signed = await bearer(`${settings.baseUrl}/oauth2/token`, { body: new URLSearchParams(form) });
    await askAll(settings.baseUrl, signed, QUESTIONS);
  },
}; // prettier-ignore

const QUESTIONS = [
  '/objects/accounts-receivable/invoice', '/objects/accounts-receivable/invoice?start=11&size=7', '/objects/accounts-receivable/invoice?size=4001', '/objects/accounts-receivable/invoice/1001',
  '/objects/accounts-receivable/invoice/none', '/objects/accounts-receivable/customer', '/objects/accounts-receivable/customer?start=2&size=3', '/objects/accounts-receivable/customer?start=none',
  '/objects/accounts-receivable/customer/1', '/objects/accounts-receivable/customer/none', '/objects/accounts-receivable/nothing', '/objects/accounts-receivable/invoice/1001/lines', '/oauth2/token', '/nowhere',
]; // prettier-ignore
