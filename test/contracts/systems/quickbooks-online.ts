import { quickbooksOnline as books } from '../../../src/relay/accounting/quickbooks-online.ts';
import { QUICKBOOKS_CREDENTIALS } from '../../../src/sim/books/quickbooks-online.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import { memoryTools } from '../../relay/books/memory-tools.ts';
import { intuitSignIn, quickbooksSettings } from '../../relay/books/quickbooks-online.ts';
import { bearerOf } from '../../relay/books/rotating-bearer.ts';
import { postMonth } from './books-run.ts';
import { signInCheck } from './rotating-sign-in.ts';
import { askAll, http } from './run.ts';
import { pick, prefixPaths, signedBy, type ContractSystem } from './system.ts';

const FILE = 'quickbooks-online/qbo-accounting-v3-mv75-unofficial.openapi.yaml';
const SERVER = '/v3/company/{realmId}';
const COMPANY = `/v3/company/${QUICKBOOKS_CREDENTIALS.realmId}`;

type Json = Record<string, unknown>;

export const quickbooksOnline: ContractSystem = {
  system: 'quickbooks-online',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared:
    'The file declares no 429 and no 404 of a list; every error has the one shape of the page on common errors.',
  errorFields: ['Fault', 'time'],
  mends: [
    {
      file: FILE,
      reason:
        'Its paths leave out /v3/company/{realmId}, which is part of its server address: company and path are played as one.',
      mend: prefixPaths(SERVER),
    },
    {
      file: FILE,
      reason:
        'It lacks the query parameter requestid, which the page on basic requests describes for every create (50 characters).',
      mend: (document) => {
        const post = pick(document, ['paths', `${SERVER}/invoice`, 'post']);
        const requestId = {
          name: 'requestid',
          in: 'query',
          schema: { type: 'string', minLength: 1, maxLength: 50 },
        };
        post['parameters'] = [...(post['parameters'] as unknown[]), requestId];
      },
    },
    {
      file: FILE,
      reason:
        'Its line lacks the empty SubTotalLineDetail that Finance.xsd of Intuit (trust A) names beside its DetailType.',
      mend: (document) => {
        const line = pick(document, ['components', 'schemas', 'InvoiceLine', 'properties']);
        line['SubTotalLineDetail'] = { type: 'object' };
      },
    },
    {
      file: FILE,
      reason:
        'It has no credit memo: by Finance.xsd it is a sales transaction as the invoice is, so the same schema stands under its name.',
      mend: addCreditMemo,
    },
  ],
  undescribed: [
    {
      isMatch: ({ path }) => path === intuitSignIn.path,
      reason: 'The sign-in is another service of Intuit, described on its OAuth 2.0 page alone.',
      check: signInCheck(['x_refresh_token_expires_in']),
    },
    {
      isMatch: ({ path }) => /\/(preferences|companyinfo\/\d+)$/.test(path),
      reason:
        'The file has neither Preferences nor CompanyInfo; the names of their fields are those of Finance.xsd.',
      check: checkCompany,
    },
  ],
  async run(sim) {
    await postMonth(books.connect(quickbooksSettings(sim.url), http, memoryTools()), '999999');
    await askAll(`${sim.url}/quickbooks-online`, await bearerOf(sim, intuitSignIn), QUESTIONS);
  },
};

function addCreditMemo(document: Json): void {
  const renamed = (node: unknown): unknown =>
    JSON.parse(
      JSON.stringify(node)
        .replaceAll('/InvoiceResponse"', '/CreditMemoResponse"')
        .replaceAll('schemas/Invoice"', 'schemas/CreditMemo"'),
    );
  const paths = pick(document, ['paths']);
  paths[`${SERVER}/creditmemo`] = renamed(paths[`${SERVER}/invoice`]);
  paths[`${SERVER}/creditmemo/{invoiceId}`] = renamed(paths[`${SERVER}/invoice/{invoiceId}`]);
  const schemas = pick(document, ['components', 'schemas']);
  schemas['CreditMemo'] = structuredClone(schemas['Invoice']);
  const memo = { $ref: '#/components/schemas/CreditMemo' };
  schemas['CreditMemoResponse'] = {
    type: 'object',
    properties: { CreditMemo: memo, time: { type: 'string', format: 'date-time' } },
  };
  const result = ['QueryResponse', 'properties', 'QueryResponse', 'properties'];
  pick(schemas, result)['CreditMemo'] = { type: 'array', items: memo };
}

function checkCompany({ answer, status }: Exchange): readonly string[] {
  if (status !== 200) return 'Fault' in (answer as Json) ? [] : ['the error has no Fault.'];
  const { Preferences, CompanyInfo } = answer as Record<string, Json | undefined>;
  const isWhole =
    typeof CompanyInfo?.['CompanyName'] === 'string' ||
    typeof (Preferences?.['SalesFormsPrefs'] as Json | undefined)?.['CustomTxnNumbers'] ===
      'boolean';
  return isWhole ? [] : ['it is neither Preferences nor CompanyInfo.'];
}

const ask = (query: string): string => `${COMPANY}/query?minorversion=75&${new URLSearchParams({ query }).toString()}`; // prettier-ignore

const QUESTIONS = [
  ask('select * from Customer'), ask("select * from Customer where DisplayName = 'Kestrel Haulage'"), ask('select * from Customer ORDERBY Id STARTPOSITION 11 MAXRESULTS 7'),
  ask('select * from Item where Active IN (true, false) ORDERBY Id'), ask("select * from Invoice where TxnDate >= '2026-09-01' and TxnDate <= '2026-09-30'"),
  ask("select * from CreditMemo where DocNumber = 'nowhere'"), ask('select * from Invoice MAXRESULTS 1001'), ask('select * from Invoice where Colour = 1'), ask('drop Invoice'),
  ask('select * from Nothing'), `${COMPANY}/invoice/1001?minorversion=75`, `${COMPANY}/invoice/1`, `${COMPANY}/customer/1?minorversion=76`, `${COMPANY}/customer/none?minorversion=75`,
  `${COMPANY}/nowhere/1`, `${COMPANY}/companyinfo/1?minorversion=75`, '/v3/company/1/invoice/1001?minorversion=75',
]; // prettier-ignore
