// QuickBooks Desktop through Conductor: invoices and credit memos.
// API: Conductor 14.23.6 (quickbooks-desktop), read 2026-11-21. QuickBooks has no facility against
// a second copy: our ref can be listed but is not unique, externalId is kept but cannot be searched.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { credential, loopbackUrl, type Http, type HttpService, type Query } from '../http.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksInvoice,
  type CreateOutcome,
  type LookupOutcome,
} from './accounting.ts';
import * as books from './conductor-books.ts';
import { NO_FACILITY } from './facility.ts';
import { judge } from './answer-text.ts';
import { explain, isAbsent, isFinal, toVerdict } from './conductor-answers.ts';
import { findBrokenRule, LIMITS, toBody } from './conductor-body.ts';
import { Invoice, invoiceCarries, invoicePage, toInvoice } from './conductor-invoice.ts';
import { daysAround, lookUp } from './lookup.ts';

const TITLE = 'QuickBooks Desktop';
const BASE_URL = 'https://api.conductor.is/v1';
/** Conductor waits for QuickBooks no longer than this; we wait a little longer for Conductor. */
const CONDUCTOR_TIMEOUT_SECONDS = 120;
const TIMEOUT_MS = 150_000;
/** QuickBooks works on one request at a time (posting-safety 1.5). */
const AT_ONCE = { calls: 1, perSeconds: 0 };

export const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  apiKey: credential,
  endUserId: credential,
});
type Settings = z.infer<typeof Settings>;

const PATHS = {
  invoice: '/quickbooks-desktop/invoices',
  'credit memo': '/quickbooks-desktop/credit-memos',
} as const;
type Document = BooksInvoice['document'];

export const conductor = defineAccountingSystem({
  id: 'conductor',
  title: TITLE,
  promise: 'at most once, automatically; doubt goes to you',
  facility: NO_FACILITY,
  limits: LIMITS,
  settings: Settings,
  connect: (settings, http) => connect(settings, http),
});

function connect(settings: Settings, http: Http): AccountingCompany {
  const api = openService(settings, http);
  const list = (document: Document, query: Query): Promise<readonly BooksInvoice[]> =>
    listInvoices(api, document, query);

  return {
    identity: () => books.identity(api, settings.endUserId),
    checkHealth: () => books.checkHealth(api),
    customers: () => books.customers(api),
    customer: (id) => books.customer(api, id),
    items: () => books.items(api),
    checkLimits: findBrokenRule,
    reserve: () => api.reserve(),

    async create(content, keys): Promise<CreateOutcome> {
      const outcome = await api.sendOnce({
        method: 'POST',
        path: PATHS[content.document],
        body: toBody(content, keys),
      });
      return judge(outcome, (answer) => toVerdict(answer, content.document, api.redact));
    },

    /** Both ways every time: a person may have changed the ref, or used ours by hand. */
    async lookup(content, keys): Promise<LookupOutcome> {
      const { document, customerId, invoiceDate } = content;
      const { from, to } = daysAround(invoiceDate);
      const near = {
        customerIds: [customerId],
        transactionDateFrom: from,
        transactionDateTo: to,
      };
      return lookUp(async () => {
        // Not refNumbers: QuickBooks answers an unknown number with an error (rulings 20).
        const byRef = await listRaw(api, document, { refNumberStartsWith: keys.ref });
        const byCustomer = await listRaw(api, document, near);
        const hits = [
          ...byRef.filter((invoice) => invoice.refNumber === keys.ref),
          ...byCustomer.filter((invoice) => invoiceCarries(invoice, keys)),
        ];
        return hits.map((invoice) => toInvoice(invoice, document));
      });
    },

    findDeleted: (document, ref) => books.findDeleted(api, document, ref),

    read: (document, id) => readInvoice(api, document, id),

    async list({ from, to }) {
      const days = { transactionDateFrom: from, transactionDateTo: to };
      return [...(await list('invoice', days)), ...(await list('credit memo', days))];
    },
  };
}

function openService({ baseUrl, apiKey, endUserId }: Settings, http: Http): HttpService {
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? BASE_URL,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'conductor-end-user-id': endUserId,
      'conductor-timeout-seconds': String(CONDUCTOR_TIMEOUT_SECONDS),
    },
    timeoutMs: TIMEOUT_MS,
    rate: AT_ONCE,
    explain,
    isFinal,
  });
}

const listRaw = (api: HttpService, document: Document, query: Query): Promise<readonly Invoice[]> =>
  books.listAll(api, PATHS[document], invoicePage(document), query);

async function listInvoices(
  api: HttpService,
  document: Document,
  query: Query,
): Promise<readonly BooksInvoice[]> {
  const invoices = await listRaw(api, document, query);
  return invoices.map((invoice) => toInvoice(invoice, document));
}

/** A credit memo has no address of its own in the contract; it is listed by its id. */
async function readInvoice(
  api: HttpService,
  document: Document,
  id: string,
): Promise<BooksInvoice | null> {
  const path = PATHS[document];
  const one = document === 'invoice' ? `${path}/${encodeURIComponent(id)}` : path;
  const answer = await api.read(one, document === 'invoice' ? {} : { query: { ids: [id] } });
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) {
    const says = explain(answer) ?? `It answered ${String(answer.status)}.`;
    throw new AppError(
      'SOURCE_REFUSED',
      `${TITLE} did not show ${document} ${id}. ${api.redact(says)}`,
    );
  }
  if (document === 'invoice') return toInvoice(api.parse(answer, Invoice, one), document);
  const page = api.parse(answer, invoicePage(document), one);
  const found = page.data.find((invoice) => invoice.id === id);
  return found ? toInvoice(found, document) : null;
}
