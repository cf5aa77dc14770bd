// Xero: sales invoices and credit notes.
// API: Accounting 16.1.0 (read 2026-11-22). Always PUT, which creates and refuses a number that is
// used; POST would change the invoice of that number. The Idempotency-Key lives six minutes only.

import { AppError } from '../../core/errors.ts';
import type { Http, HttpService, Query } from '../http.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksInvoice,
  type BooksTools,
  type CreateOutcome,
  type DocumentKind,
  type LookupOutcome,
} from './accounting.ts';
import { UNIQUE_REFERENCE } from './facility.ts';
import { daysAround, lookUp } from './lookup.ts';
import { judge } from './answer-text.ts';
import { IDS, LISTS, toVerdict } from './xero-answers.ts';
import * as books from './xero-books.ts';
import { Document, findBrokenRule, LIMITS, toBodyText, toInvoice } from './xero-invoice.ts';
import { listAll, openService, Settings, TITLE } from './xero-service.ts';

const NUMBERS = { invoice: 'InvoiceNumber', 'credit memo': 'CreditNoteNumber' } as const;
const TYPES = { invoice: 'ACCREC', 'credit memo': 'ACCRECCREDIT' } as const;
const UNIT_DECIMALS = 4;

export const xero = defineAccountingSystem({
  id: 'xero',
  title: TITLE,
  promise: 'exactly once',
  facility: UNIQUE_REFERENCE,
  limits: LIMITS,
  settings: Settings,
  connect: (settings, http, tools) => connect(settings, http, tools),
});

function connect(settings: Settings, http: Http, tools: BooksTools): AccountingCompany {
  const api = openService(settings, http, tools);

  return {
    identity: () => books.identity(api),
    async checkHealth() {
      await books.identity(api);
    },
    customers: () => books.customers(api),
    customer: (id) => books.customer(api, id),
    items: () => books.items(api),
    taxCodes: () => books.taxCodes(api),
    checkLimits: findBrokenRule,
    reserve: () => api.reserve(),

    async create(content, keys): Promise<CreateOutcome> {
      const outcome = await api.sendOnce({
        method: 'PUT',
        path: `/${LISTS[content.document]}?unitdp=${UNIT_DECIMALS}`,
        headers: { 'idempotency-key': keys.providerKey },
        body: null,
        bodyText: toBodyText(content, keys),
      });
      return judge(outcome, (answer) => toVerdict(answer, content.document, api.redact));
    },

    /** Both ways every time: a person may have changed the number, or used ours by hand. */
    async lookup({ document, customerId, invoiceDate }, { ref, marker }): Promise<LookupOutcome> {
      const days = within(daysAround(invoiceDate));
      const near = `Contact.ContactID==guid("${customerId}") AND ${days}`;
      return lookUp(async () => {
        const byRef = await listed(api, document, `${NUMBERS[document]}==${quoted(ref)}`);
        const byCustomer = await listed(api, document, near);
        return [
          ...byRef.filter((invoice) => invoice.ref === ref),
          ...byCustomer.filter((invoice) => invoice.marker === marker),
        ];
      });
    },

    async read(document, id) {
      const [found] = await listed(api, document, `${IDS[document]}==guid("${id}")`);
      return found?.id.toLowerCase() === id.toLowerCase() ? found : null;
    },

    async list(days) {
      const invoices = await listed(api, 'invoice', within(days));
      return [...invoices, ...(await listed(api, 'credit memo', within(days)))];
    },
  };
}

async function listed(
  api: HttpService,
  document: DocumentKind,
  condition: string,
): Promise<readonly BooksInvoice[]> {
  const where = `Type=="${TYPES[document]}" AND ${condition}`;
  const query: Query = {
    where,
    order: `${IDS[document]} ASC`,
    unitdp: UNIT_DECIMALS,
    // What was put away is in the books all the same; of credit notes Xero takes no such wish.
    includeArchived: document === 'invoice' ? true : null,
  };
  const rows = await listAll(api, LISTS[document], Document, query);
  return rows.map((row) => toInvoice(row, document));
}

const within = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `Date>=${dateTime(from)} AND Date<=${dateTime(to)}`;

const dateTime = (day: string): string => `DateTime(${day.split('-').join(',')})`;

/** Ours holds no quote; a text of another kind is refused before it becomes a condition. */
function quoted(text: string): string {
  if (!/["\\]/.test(text)) return `"${text}"`;
  throw new AppError('INPUT_INVALID', `number ${text}: Xero cannot be asked for it`);
}
