import { netsuite as books } from '../../../src/relay/accounting/netsuite.ts';
import { TOKEN_PATH } from '../../../src/sim/books/netsuite-sign-in.ts';
import { SUITEQL_PATH } from '../../../src/sim/books/netsuite-suiteql.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import { memoryTools } from '../../relay/books/memory-tools.ts';
import { netsuiteBearer, netsuiteSettings } from '../../relay/books/netsuite.ts';
import { postMonth } from './books-run.ts';
import { askAll, http } from './run.ts';
import { pick, prefixPaths, signedBy, type ContractSystem } from './system.ts';

const FILE = 'netsuite/netsuite-record-v1-2026.1-invoice-customer.derived.openapi.yaml';
const BASE = '/services/rest/record/v1';
const ERROR_FIELDS = ['type', 'title', 'status', 'o:errorDetails'];

type Json = Record<string, unknown>;

export const netsuite: ContractSystem = {
  system: 'netsuite',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared:
    'The file gives every error as "default", in the one shape of the page on error handling.',
  errorFields: ERROR_FIELDS,
  mends: [
    {
      file: FILE,
      reason:
        'Its paths leave out /services/rest/record/v1, part of its server address: SuiteQL and the sign-in are played beside it.',
      mend: prefixPaths(BASE),
    },
    {
      file: FILE,
      reason:
        'It names its media types with a parameter (type=singular), which is no part of the type they are compared by.',
      mend: (document) => {
        replaceIn(document, / ?; ?type=(collection|singular|error)/g, '');
      },
    },
    {
      file: FILE,
      reason:
        'It has no credit memo: in the tables it was made from (REST API Browser 2026.1) creditMemo has every field of the invoice we use.',
      mend: addCreditMemo,
    },
  ],
  undescribed: [
    {
      isMatch: ({ path }) => path === TOKEN_PATH,
      reason:
        'The file names the token endpoint and the flow alone; what is sent is that of the pages on OAuth 2.0 client credentials.',
      check: checkSignIn,
    },
    {
      isMatch: ({ path }) => path === SUITEQL_PATH,
      reason:
        'SuiteQL is not in the file; the request is that of its page, the answer that of the page on collection paging.',
      check: checkSuiteQl,
    },
  ],
  async run(sim) {
    await postMonth(books.connect(netsuiteSettings(sim.url), http, memoryTools()), '999999');
    const headers = await netsuiteBearer(sim);
    await askAll(`${sim.url}/netsuite${BASE}`, headers, QUESTIONS);
    await askWrongly(`${sim.url}/netsuite`, headers);
  },
};

function replaceIn(document: Json, pattern: RegExp, text: string): void {
  const mended = JSON.parse(JSON.stringify(document).replace(pattern, text)) as Json;
  Object.assign(document, mended);
}

function addCreditMemo(document: Json): void {
  const renamed = (node: unknown): unknown =>
    JSON.parse(JSON.stringify(node).replaceAll(/\/invoice(?=["C-])/g, '/creditMemo'));
  const paths = pick(document, ['paths']);
  for (const end of ['', '/{id}']) {
    paths[`${BASE}/creditMemo${end}`] = renamed(paths[`${BASE}/invoice${end}`]);
  }
  const schemas = pick(document, ['components', 'schemas']);
  for (const name of Object.keys(schemas).filter((one) => one.startsWith('invoice'))) {
    schemas[name.replace('invoice', 'creditMemo')] = renamed(schemas[name]);
  }
}

function checkSignIn({ requestBody, answer, status }: Exchange): readonly string[] {
  const body = requestBody as Json | null;
  const names = ['grant_type', 'client_assertion_type', 'client_assertion'];
  const sent = names.filter((name) => typeof body?.[name] !== 'string');
  if (sent.length > 0 && status === 200) return [`the sign-in lacks ${sent.join(', ')}.`];
  if (status !== 200) return [];
  return ['access_token', 'expires_in', 'token_type']
    .filter((name) => typeof (answer as Json)[name] !== 'string')
    .map((name) => `the answer to the sign-in has no ${name}.`);
}

function checkSuiteQl(exchange: Exchange): readonly string[] {
  const { method, requestBody, requestHeaders, query, status } = exchange;
  const answer = exchange.answer as Json;
  if (status !== 200) {
    return ERROR_FIELDS.filter((name) => !(name in answer)).map((name) => `the error has no ${name}.`);
  }
  const { q } = (requestBody ?? {}) as Json;
  const asked = [
    method === 'POST' ? '' : 'SuiteQL is asked by POST.',
    requestHeaders['prefer'] === 'transient' ? '' : 'the header Prefer is not "transient".',
    typeof q === 'string' && / ORDER BY id$/.test(q) ? '' : 'the query has no order.',
    Object.keys(query).every((name) => ['limit', 'offset'].includes(name)) ? '' : 'a parameter is not known.',
  ];
  const names = ['links', 'count', 'hasMore', 'items', 'offset', 'totalResults'];
  const given = names.map((name) => (name in answer ? '' : `the page has no ${name}.`));
  return [...asked, ...given].filter((words) => words !== '');
} // prettier-ignore

/** A body that is refused, a statement that is refused, a sign-in nobody signed. */
async function askWrongly(address: string, headers: object): Promise<void> {
  const all = { ...headers, 'content-type': 'application/json', 'x-sim-probe': 'yes' };
  const post = async (path: string, init: RequestInit): Promise<void> => {
    await (await fetch(`${address}${path}`, { method: 'POST', ...init })).arrayBuffer();
  };
  await post(`${BASE}/invoice`, { headers: all, body: '{"colour":"red"}' });
  await post(SUITEQL_PATH, { headers: { ...all, prefer: 'transient' }, body: '{"q":"DROP item"}' });
  await post(TOKEN_PATH, { body: new URLSearchParams({ grant_type: 'client_credentials' }) });
}

const QUESTIONS = [
  '/invoice', '/invoice?limit=7&offset=7', '/creditMemo?limit=1', '/customer?limit=5&offset=10', '/customer?limit=1001', '/customer?colour=red',
  '/invoice/5001', '/invoice/5001?expandSubResources=true', '/invoice/999999', '/invoice/eid:nowhere', '/creditMemo/5001', '/customer/101', '/customer/none', '/salesOrder', '/invoice/5001/item',
]; // prettier-ignore
