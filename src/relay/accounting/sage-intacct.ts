// Sage Intacct: invoices of Accounts Receivable over its REST API v1. NOT VERIFIED against a live
// company; the contract is derived from public pages and clients (trust D, read 2026-11-22).
// Facility: Sage's page on errors says that a repeated idempotency key or unique key answers 409,
// but neither the header's name nor how long a key lives is published, and whether numbers are
// unique is each company's own setting. So a second copy is assumed to be taken: none, never.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Http, HttpService } from '../http.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksInvoice,
  type BooksTools,
  type CreateOutcome,
  type DayRange,
  type LookupOutcome,
} from './accounting.ts';
import { NO_FACILITY } from './facility.ts';
import { daysAround, lookUp } from './lookup.ts';
import { judge } from './answer-text.ts';
import { isAbsent, toVerdict } from './sage-intacct-answers.ts';
import * as books from './sage-intacct-books.ts';
import { findBrokenRule, Invoice, LIMITS, toBody, toInvoice } from './sage-intacct-invoice.ts';
import {
  openService,
  queryAll,
  refusal,
  Settings,
  TITLE,
  type Filter,
} from './sage-intacct-service.ts';

const OBJECT = 'accounts-receivable/invoice';
const PATH = `/objects/${OBJECT}`;

export const sageIntacct = defineAccountingSystem({
  id: 'sage-intacct',
  title: `${TITLE} (not verified against a live company)`,
  promise:
    'at most once, automatically; doubt goes to you. Not verified against a live company; no credit memos',
  facility: NO_FACILITY,
  limits: LIMITS,
  settings: Settings,
  connect: (settings, http, tools) => connect(settings, http, tools),
});

function connect(settings: Settings, http: Http, tools: BooksTools): AccountingCompany {
  const api = openService(settings, http, tools);
  const read = (key: string): Promise<BooksInvoice | null> => readInvoice(api, settings, key);

  return {
    identity: () => books.identity(api, settings),
    async checkHealth() {
      await books.identity(api, settings);
    },
    customers: () => books.customers(api, settings),
    customer: (id) => books.customer(api, settings, id),
    items: () => books.accounts(api),
    checkLimits: (content) => findBrokenRule(content, settings),
    reserve: () => api.reserve(),

    async create(content, keys): Promise<CreateOutcome> {
      const outcome = await api.sendOnce({
        method: 'POST',
        path: PATH,
        // Believed to be its name: a belt where it is right, and nothing is built on it.
        headers: { 'idempotency-key': keys.providerKey },
        body: toBody(content, keys, settings),
      });
      return judge(outcome, (answer) => toVerdict(answer, api.redact));
    },

    /** Both ways every time: a person may have changed the number, or used ours by hand. */
    lookup({ customerId, invoiceDate }, { ref, marker }): Promise<LookupOutcome> {
      return lookUp(async () => {
        const near = [{ $eq: { 'customer.key': customerId } }, ...within(daysAround(invoiceDate))];
        const rows = [
          ...(await find(api, [{ $eq: { invoiceNumber: ref } }])),
          ...(await find(api, near)),
        ];
        const ours = rows.filter(
          ({ invoiceNumber, description }) =>
            invoiceNumber === ref || description?.includes(marker),
        );
        return readAll(ours, read);
      });
    },

    read: (document, id) => (document === 'invoice' ? read(id) : Promise.resolve(null)),

    /** Adjustments, its credit memos, are none of ours and not described: invoices alone. */
    async list(days) {
      const rows = await find(api, within(days));
      const { from, to } = days;
      return readAll(
        rows.filter(({ invoiceDate }) => invoiceDate >= from && invoiceDate <= to),
        read,
      );
    },
  };
}

const Head = Invoice.pick({
  key: true,
  invoiceNumber: true,
  description: true,
  invoiceDate: true,
});
type Head = z.infer<typeof Head>;

const find = (api: HttpService, filters: readonly Filter[]): Promise<readonly Head[]> =>
  queryAll(api, { object: OBJECT, fields: Object.keys(Head.shape), row: Head, filters });

/** A query gives no lines. */
async function readAll(
  heads: readonly Head[],
  read: (key: string) => Promise<BooksInvoice | null>,
): Promise<readonly BooksInvoice[]> {
  const invoices: BooksInvoice[] = [];
  for (const key of new Set(heads.map((head) => head.key))) {
    const invoice = await read(key);
    if (!invoice) {
      const words = `${TITLE} lists invoice ${key} and does not show it. Look again in a while.`;
      throw new AppError('SOURCE_MALFORMED', words);
    }
    invoices.push(invoice);
  }
  return invoices;
}

async function readInvoice(
  api: HttpService,
  { currency }: Settings,
  key: string,
): Promise<BooksInvoice | null> {
  const path = `${PATH}/${encodeURIComponent(key)}`;
  const answer = await api.read(path);
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) throw refusal(api, answer, `invoice ${key}`);
  const found = api.parse(answer, z.object({ 'ia::result': Invoice }), path)['ia::result'];
  if (found.key !== key) {
    throw new AppError('SOURCE_MALFORMED', `${TITLE} gave another invoice than ${key}.`);
  }
  return toInvoice(found, currency);
}

const within = ({ from, to }: DayRange): readonly Filter[] => [
  { $gte: { invoiceDate: from } },
  { $lte: { invoiceDate: to } },
];
