// Sage Accounting: sales invoices and credit notes.
// API: v3.1 (read 2026-11-22). An idempotency_id inside the document brings back the first answer,
// for how long is not in the file; numbers are given by Sage, so ours is the free reference.

import { AppError } from '../../core/errors.ts';
import type { Http, HttpService, Query } from '../http.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksInvoice,
  type BooksTools,
  type CreateOutcome,
  type DayRange,
  type DocumentKind,
  type LookupOutcome,
} from './accounting.ts';
import { daysAround, lookUp, shiftDay } from './lookup.ts';
import { judge } from './answer-text.ts';
import { PATHS, toVerdict } from './sage-accounting-answers.ts';
import * as books from './sage-accounting-books.ts';
import {
  Document,
  findBrokenRule,
  findLongNotes,
  LIMITS,
  toBodyText,
  toInvoice,
} from './sage-accounting-invoice.ts';
import { prepare } from './sage-accounting-prepare.ts';
import { listAll, openService, readOne, Settings, TITLE } from './sage-accounting-service.ts';

/** Posting gives a send half a minute from its intent; what comes before it may take this much. */
const PREPARE_MS_MAX = 20_000;

export const sageAccounting = defineAccountingSystem({
  id: 'sage-accounting',
  title: TITLE,
  promise: 'exactly once for an hour; doubt after that goes to you',
  facility: {
    kind: 'key window',
    // Seven days are said on a page we could not read: an hour is ours until it is proven.
    trustedMinutes: 60,
    settleMinutes: 30,
    resend: 'while trusted',
  },
  limits: LIMITS,
  settings: Settings,
  connect: (settings, http, tools) => connect(settings, http, tools),
});

function connect(settings: Settings, http: Http, tools: BooksTools): AccountingCompany {
  const api = openService(settings, http, tools);

  return {
    identity: () => books.identity(api, settings),
    async checkHealth() {
      await books.identity(api, settings);
    },
    customers: () => books.customers(api),
    customer: (id) => books.customer(api, id),
    items: () => books.items(api),
    taxCodes: () => books.taxCodes(api),
    checkLimits: findBrokenRule,
    reserve: () => api.reserve(),

    async create(content, keys): Promise<CreateOutcome> {
      const began = tools.now();
      const prepared = await prepare(api, content).catch(asNotSent);
      if ('verdict' in prepared) return prepared;
      if (tools.now() - began > PREPARE_MS_MAX) {
        return { verdict: 'not sent', reason: `${TITLE} took too long to show its tax rates.` };
      }
      const long = findLongNotes(content, keys, prepared);
      if (long !== null) return { verdict: 'rejected', reason: long, code: 'notes' };
      const outcome = await api.sendOnce({
        method: 'POST',
        path: PATHS[content.document],
        body: null,
        bodyText: toBodyText(content, keys, prepared),
      });
      return judge(outcome, (answer) => toVerdict(answer, content.document, api.redact));
    },

    /** Both ways every time: a person may have changed the reference, or used ours by hand. */
    async lookup({ document, customerId, invoiceDate }, { ref, marker }): Promise<LookupOutcome> {
      const near = { contact_id: customerId, ...within(daysAround(invoiceDate)) };
      return lookUp(async () => {
        const byRef = await listed(api, document, { search: ref });
        const byCustomer = await listed(api, document, near);
        const isOurs = (one: BooksInvoice): boolean => one.ref === ref || one.marker === marker;
        return [...byRef, ...byCustomer].filter(isOurs);
      });
    },

    async read(document, id) {
      // Without it Sage would count the document as sent to the customer.
      const query = { mark_as_sent: false };
      const row = await readOne(api, { list: PATHS[document], id }, Document, query);
      return row && toInvoice(row, document);
    },

    async list(days) {
      const all: BooksInvoice[] = [];
      for (const document of ['invoice', 'credit memo'] as const) {
        all.push(...(await listed(api, document, within(days))));
      }
      return all.filter(({ date }) => date >= days.from && date <= days.to);
    },
  };
}

async function listed(
  api: HttpService,
  document: DocumentKind,
  query: Query,
): Promise<readonly BooksInvoice[]> {
  const rows = await listAll(api, PATHS[document], Document, { ...query, sort: 'created_at' });
  return rows.map((row) => toInvoice(row, document));
}

/** Instants, by a clock that is not named: a day more on both sides, for whoever asks to cut. */
const within = ({ from, to }: DayRange): Query => ({
  from_date: `${shiftDay(from, -1)}T00:00:00Z`,
  to_date: `${shiftDay(to, 1)}T00:00:00Z`,
});

/** Books that say plainly what is wrong with the invoice refuse it; other trouble passes. */
function asNotSent(cause: unknown): CreateOutcome {
  if (!(cause instanceof AppError)) throw cause;
  const { code, message: reason } = cause;
  return code === 'INPUT_INVALID'
    ? { verdict: 'rejected', reason, code }
    : { verdict: 'not sent', reason };
}
