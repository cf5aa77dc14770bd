import { halopsa as source } from '../../../src/relay/sources/halopsa.ts';
import { HALOPSA_CREDENTIALS as CREDENTIALS } from '../../../src/sim/vendors/halopsa.ts';
import { askAll, bearer, syncEveryMonth } from './run.ts';
import { pick, signedBy, type ContractSystem } from './system.ts';

const FILE = 'halopsa/halo-api-v2-billing.openapi.json';
const TYPES: Readonly<Record<string, string>> = { bool: 'boolean', int: 'integer', 'List<int>': 'string', double: 'number' }; // prettier-ignore
/** Lists of which the file describes the record, as a body that is sent. */
const RECORDS: Readonly<Record<string, readonly [list: string, schema: string]>> = {
  '/RecurringInvoice': ['invoices', 'InvoiceHeader'],
  '/Actions': ['actions', 'Actions'],
};

export const halopsa: ContractSystem = {
  system: 'halopsa',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared: 'The file declares 200 without any schema for every call, and no error at all.',
  errorFields: [],
  mends: [
    {
      file: FILE,
      reason:
        'Its paths are below /api of the server; the sign-in is beside that, so the stand-in writes both out.',
      mend: (document) => {
        const paths = pick(document, ['paths']);
        document['paths'] = Object.fromEntries(
          Object.entries(paths).map(([path, one]) => [`/api${path}`, one]),
        );
      },
    },
    {
      file: FILE,
      reason:
        'Its query parameters have the types bool, int, double and List<int>, which JSON Schema does not know.',
      mend: (document) => {
        for (const operations of Object.values(pick(document, ['paths']))) {
          for (const operation of Object.values(operations as object)) nameTypes(operation);
        }
      },
    },
    {
      file: FILE,
      reason:
        'It describes no answer. The records of two lists are held against the body of the same record as it is sent; tickets against nothing.',
      mend: (document) => {
        for (const [path, [list, schema]] of Object.entries(RECORDS)) {
          const answer = pick(document, ['paths', `/api${path}`, 'get', 'responses', '200']);
          answer['content'] = { 'application/json': { schema: frame(list, schema) } };
        }
      },
    },
  ],
  undescribed: [
    {
      isMatch: ({ method, path }) => method === 'POST' && path === '/auth/token',
      reason: 'The API file has no sign-in; it is OAuth 2.0 client credentials (RFC 6749 4.4).',
      check: ({ requestBody, requestHeaders, query }) => {
        const form = (requestBody ?? {}) as Record<string, unknown>;
        const type = requestHeaders['content-type'] ?? '';
        const isForm = type.startsWith('application/x-www-form-urlencoded') && 'tenant' in query;
        const isComplete = form['grant_type'] === 'client_credentials' && form['scope'] === 'all';
        return isForm && isComplete ? [] : ['The sign-in is not a client-credentials form.'];
      },
    },
  ],
  async run(sim) {
    const baseUrl = `${sim.url}/halopsa`;
    const settings = { baseUrl, timeZone: 'America/Chicago', ...CREDENTIALS };
    await syncEveryMonth(sim, source, settings);
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CREDENTIALS.clientId,
      client_secret: CREDENTIALS.clientSecret,
      scope: 'all',
    });
    const token = await bearer(`${baseUrl}/auth/token?tenant=alderstreet`, { body });
    await askAll(`${baseUrl}/api`, token, [
      '/RecurringInvoice?pageinate=true&page_size=3', '/RecurringInvoice?pageinate=true&includelines=true&client_id=501', '/RecurringInvoice?pageinate=true&page_size=101',
      '/RecurringInvoice?pagesize=3', '/Actions?count=3&timeentriesonly=true', '/Actions?startdate=yesterday', '/Actions?page_no=2',
      '/Tickets?pageinate=true&ticketids=390000,390001', '/Tickets?pageinate=true&ticketids=none', '/Tickets?pageinate=true&page_no=2', '/Nowhere',
    ]); // prettier-ignore
  },
};

function nameTypes(operation: unknown): void {
  const { parameters = [] } = operation as { parameters?: { schema: Record<string, unknown> }[] };
  for (const { schema } of parameters) schema['type'] = TYPES[String(schema['type'])] ?? schema['type'];
} // prettier-ignore

const frame = (list: string, schema: string): Record<string, unknown> => ({
  type: 'object',
  required: ['record_count', list],
  properties: {
    page_no: { type: 'integer' },
    page_size: { type: 'integer' },
    record_count: { type: 'integer' },
    [list]: { type: 'array', items: { $ref: `#/components/schemas/${schema}` } },
  },
});
