import { sageAccounting as books } from '../../../src/relay/accounting/sage-accounting.ts';
import { SAGE_CREDENTIALS } from '../../../src/sim/books/sage-accounting.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import { memoryTools } from '../../relay/books/memory-tools.ts';
import { bearerOf } from '../../relay/books/rotating-bearer.ts';
import { sageAccountingCase, sageSettings, sageSignIn } from '../../relay/books/sage-accounting.ts';
import { postMonth } from './books-run.ts';
import { signInCheck } from './rotating-sign-in.ts';
import { askAll, http } from './run.ts';
import { pick, prefixPaths, signedBy, type ContractSystem } from './system.ts';

const FILE = 'sage-accounting/sage-accounting-v3.1-sales.swagger.json';
const BASE = '/v3.1';
const DOCUMENTS = [
  ['postSalesInvoices', 'sales_invoice'],
  ['postSalesCreditNotes', 'sales_credit_note'],
] as const;

/** What the stand-in shows empty. */
const EMPTY = [
  ['Contact', 'deleted_at'],
  ['Contact', 'reference'],
  ['Contact', 'default_sales_tax_rate'],
  ['SalesInvoice', 'deleted_at'],
  ['SalesInvoice', 'reference'],
  ['SalesInvoice', 'notes'],
  ['SalesCreditNote', 'deleted_at'],
  ['SalesCreditNote', 'reference'],
  ['SalesCreditNote', 'notes'],
  ['InvoiceSettings', 'default_note_on_credit_note'],
] as const;

type Json = Record<string, unknown>;

export const sageAccounting: ContractSystem = {
  system: 'sage-accounting',
  files: [FILE],
  isSigned: (headers) => 'x-business' in headers && signedBy('Bearer')(headers),
  undeclared:
    'The file declares no error of any call; the page of frequent errors shows one shape, a list of problems.',
  errorFields: ['$severity', '$dataCode', '$message', '$source'],
  errorOf: (answer) => (Array.isArray(answer) ? (answer[0] as unknown) : answer),
  mends: [
    {
      file: FILE,
      reason: 'Its paths leave out /v3.1, its base path: the sign-in is played beside it.',
      mend: prefixPaths(BASE),
    },
    {
      file: FILE,
      reason:
        'It says that a list is a bare array; the page of best practices shows $total, $page, $next, $back, $items_per_page and the rows in $items.',
      mend: frameLists,
    },
    {
      file: FILE,
      reason:
        'It lacks idempotency_id, which the page on idempotency describes inside each document that is posted (32 characters, no hyphens).',
      mend: (document) => {
        for (const [schema, name] of DOCUMENTS) {
          const properties = propertiesOf(document, schema, name);
          properties['idempotency_id'] = { type: 'string', pattern: '^[0-9a-fA-F]{32}$' };
        }
      },
    },
    {
      file: FILE,
      reason:
        'It is cut to 19 paths and lacks the one credit note by its key, which the uncut file has as it has the one invoice.',
      mend: (document) => {
        const renamed = JSON.stringify(
          pick(document, ['paths', `${BASE}/sales_invoices/{key}`]),
        ).replaceAll('schemas/SalesInvoice"', 'schemas/SalesCreditNote"');
        pick(document, ['paths'])[`${BASE}/sales_credit_notes/{key}`] = JSON.parse(renamed);
      },
    },
    {
      file: FILE,
      reason:
        'It gives types without null and says in words of one field (credit_days) that it comes back as null: what is not set is null.',
      mend: (document) => {
        for (const [schema, field] of EMPTY) {
          const properties = pick(document, ['components', 'schemas', schema, 'properties']);
          properties[field] = { anyOf: [properties[field], { enum: [null] }] };
        }
      },
    },
  ],
  undescribed: [
    {
      isMatch: ({ path }) => path === sageSignIn.path,
      reason:
        'The sign-in is another service of Sage, described on its page about authentication alone.',
      check: signInCheck(['refresh_token_expires_in']),
    },
    {
      isMatch: ({ path }) => path === `${BASE}/businesses`,
      reason:
        'The cut file has no businesses; the page of best practices shows their list, by whose ids X-Business chooses.',
      check: checkBusinesses,
    },
  ],
  async run(sim) {
    const company = books.connect(sageSettings(sim.url), http, memoryTools());
    await postMonth(company, sageAccountingCase.goneId);
    const headers = {
      ...(await bearerOf(sim, sageSignIn)),
      'x-business': SAGE_CREDENTIALS.businessId,
    };
    await askAll(`${sim.url}/sage-accounting${BASE}`, headers, QUESTIONS);
  },
}; // prettier-ignore

const propertiesOf = (document: Json, schema: string, name: string): Json =>
  pick(document, ['components', 'schemas', schema, 'properties', name, 'properties']);

function frameLists(document: Json): void {
  for (const operations of Object.values(pick(document, ['paths']))) {
    const content = (operations as { get?: { responses: Json } }).get?.responses['200'] as
      { readonly content?: Record<string, { schema: Json }> } | undefined;
    for (const one of Object.values(content?.content ?? {})) {
      if (one.schema['type'] === 'array') one.schema = framed(one.schema);
    }
  }
}

const framed = (rows: Json): Json => {
  const count = { type: 'integer', minimum: 0 };
  const link = { anyOf: [{ type: 'string' }, { enum: [null] }] };
  const properties = { $total: count, $page: count, $items_per_page: count, $next: link, $back: link, $items: rows };
  return { type: 'object', properties, required: Object.keys(properties) };
}; // prettier-ignore

function checkBusinesses({ answer, status }: Exchange): readonly string[] {
  if (status !== 200) return Array.isArray(answer) ? [] : ['the error is no list of problems.'];
  const { $items } = answer as { readonly $items?: readonly Json[] };
  const isWhole = $items?.every(({ id, displayed_as: name }) => Boolean(id) && Boolean(name));
  return isWhole === true ? [] : ['a business has no id or no name.'];
}

const QUESTIONS = [
  '/sales_invoices', '/sales_invoices?attributes=all&items_per_page=7&page=2', '/sales_invoices?items_per_page=201', '/sales_invoices?search=MC2609-0001&attributes=all', '/sales_invoices?colour=red',
  '/sales_invoices?from_date=2026-09-01T00:00:00Z&to_date=2026-09-30T00:00:00Z&sort=created_at:desc', '/sales_invoices?status_id=VOID', '/sales_credit_notes?attributes=reference,notes', '/sales_invoices/none',
  '/contacts?contact_type_id=VENDOR', '/contacts?search=a&items_per_page=5&attributes=name', '/contacts/none', '/ledger_accounts?visible_in=sales', '/ledger_accounts?visible_in=nowhere', '/tax_rates?attributes=all',
  '/tax_rates/US_NO_TAX?date=2026-09-30', '/tax_rates/none', '/invoice_settings', '/businesses', '/businesses?colour=red', '/nothing',
]; // prettier-ignore
