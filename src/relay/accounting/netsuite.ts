// NetSuite: invoices and credit memos over SuiteTalk REST.
// API: record v1 2026.1 and SuiteQL (read 2026-11-22). Always POST with an external id, which is
// refused a second time; PUT of an external id would overwrite the invoice that has it.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Http, HttpService } from '../http.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksInvoice,
  type BooksTools,
  type CreateOutcome,
  type DocumentKind,
  type InvoiceKeys,
  type LookupOutcome,
} from './accounting.ts';
import { quoteNumbers } from './exact-json.ts';
import { UNIQUE_REFERENCE } from './facility.ts';
import { lookUp } from './lookup.ts';
import { judge } from './answer-text.ts';
import { isAbsent, RECORDS, toVerdict } from './netsuite-answers.ts';
import * as books from './netsuite-books.ts';
import { Document, findBrokenRule, LIMITS, toBodyText, toInvoice } from './netsuite-invoice.ts';
import { openService, quoted, refusal, selectAll, Settings, TITLE } from './netsuite-service.ts';

const TYPES = { invoice: 'CustInvc', 'credit memo': 'CustCred' } as const;
const Hit = z.object({ id: books.Reference.shape.id, type: z.enum(['CustInvc', 'CustCred']) });

export const netsuite = defineAccountingSystem({
  id: 'netsuite',
  title: TITLE,
  promise: 'exactly once',
  facility: UNIQUE_REFERENCE,
  limits: LIMITS,
  settings: Settings,
  connect: (settings, http, tools) => connect(settings, http, tools),
});

function connect(settings: Settings, http: Http, tools: BooksTools): AccountingCompany {
  const api = openService(settings, http, tools);
  const account: Account = { api, currencies: books.createCurrencies(api, settings) };

  return {
    identity: () => books.identity(api),
    async checkHealth() {
      await books.identity(api);
    },
    customers: () => books.customers(api, account.currencies),
    customer: (id) => books.customer(api, id, account.currencies),
    items: () => books.items(api),
    checkLimits: findBrokenRule,
    reserve: () => api.reserve(),

    async create(content, keys): Promise<CreateOutcome> {
      const outcome = await api.sendOnce({
        method: 'POST',
        path: `/record/v1/${RECORDS[content.document]}`,
        // A field it does not know is refused instead of left out with a warning nobody reads.
        headers: { 'x-netsuite-propertynamevalidation': 'Error' },
        body: null,
        bodyText: toBodyText(content, keys),
      });
      const verdict = judge(outcome, (answer) => toVerdict(answer, content.document, api.redact));
      return verdict.verdict === 'rejected'
        ? confirmed(account, verdict, content.document, keys)
        : verdict;
    },

    /** The external id first, which nobody edits by hand; then what people may have copied. */
    lookup({ document }, { postingKey, ref, marker }): Promise<LookupOutcome> {
      return lookUp(async () => {
        const byKey = await readOne(account, document, `eid:${postingKey}`);
        const like = `otherrefnum = ${quoted(ref)} OR memo LIKE ${quoted(`%${marker}%`)}`;
        const others = await listed(account, [document], `(${like})`);
        const hits = others.filter((one) => one.ref === ref || one.marker === marker);
        return byKey ? [byKey, ...hits] : hits;
      });
    },

    read: (document, id) =>
      /^\d{1,15}$/.test(id) ? readOne(account, document, id) : Promise.resolve(null),

    async list({ from, to }) {
      const within = `trandate >= ${dateOf(from)} AND trandate <= ${dateOf(to)}`;
      return listed(account, ['invoice', 'credit memo'], within);
    },
  };
}

interface Account {
  readonly api: HttpService;
  readonly currencies: books.Currencies;
}

/**
 * It has been met to store an invoice and to refuse it all the same (a deposit that could not be
 * applied): a refusal is believed when the external id is not there.
 */
async function confirmed(
  account: Account,
  rejected: Extract<CreateOutcome, { verdict: 'rejected' }>,
  document: DocumentKind,
  { postingKey }: InvoiceKeys,
): Promise<CreateOutcome> {
  const { reason } = rejected;
  const found = await lookUp(async () => {
    const one = await readOne(account, document, `eid:${postingKey}`);
    return one ? [one] : [];
  });
  if (found.verdict === 'none') return rejected;
  return found.verdict === 'found'
    ? { verdict: 'exists', reason }
    : { verdict: 'unknown', reason: `${reason} ${found.reason}` };
}

/** SuiteQL says which; each is then read as the record it is. */
async function listed(
  account: Account,
  documents: readonly DocumentKind[],
  condition: string,
): Promise<readonly BooksInvoice[]> {
  const types = documents.map((document) => quoted(TYPES[document])).join(', ');
  const where = `type IN (${types}) AND ${condition}`;
  const select = { columns: ['id', 'type'], from: 'transaction', where };
  const hits = await selectAll(account.api, select, Hit);
  return Promise.all(
    hits.map(async ({ id, type }) => {
      const document = type === TYPES.invoice ? 'invoice' : 'credit memo';
      const one = await readOne(account, document, id);
      if (one) return one;
      const words = `${TITLE} lists ${document} ${id} and does not show it. Look again in a while.`;
      throw new AppError('SOURCE_MALFORMED', words);
    }),
  );
}

/** `key`: an internal id, or "eid:" and an external one. */
async function readOne(
  { api, currencies }: Account,
  document: DocumentKind,
  key: string,
): Promise<BooksInvoice | null> {
  const path = `/record/v1/${RECORDS[document]}/${key}`;
  const answer = await api.read(path, { query: { expandSubResources: true } });
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) throw refusal(api, answer, `${document} ${key}`);
  const row = api.parse(quoteNumbers(answer), Document, path);
  const own = key.startsWith('eid:') ? `eid:${row.externalId ?? ''}` : row.id;
  if (own.toLowerCase() !== key.toLowerCase()) {
    throw new AppError('SOURCE_MALFORMED', `${TITLE}: it gave another ${document}.`);
  }
  if (row.item.items.length !== Number(row.item.totalResults)) {
    throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${document} ${key} came without all lines.`);
  }
  return toInvoice(row, document, await currencies(row.currency?.id));
}

const dateOf = (day: string): string => `TO_DATE(${quoted(day)}, 'YYYY-MM-DD')`;
