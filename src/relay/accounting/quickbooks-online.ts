// QuickBooks Online: invoices and credit memos.
// API: Accounting v3, minor version 75 (read 2026-11-22). A requestid brings back the first answer
// (retention undocumented); the number is refused twice only where the company checks it (6140).

import { z } from 'zod';
import type { Http, HttpService } from '../http.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksInvoice,
  type BooksTools,
  type CreateOutcome,
  type DocumentKind,
  type LookupOutcome,
} from './accounting.ts';
import { quoteNumbers } from './exact-json.ts';
import { daysAround, lookUp } from './lookup.ts';
import { judge } from './answer-text.ts';
import { ENTITIES, isAbsent, toVerdict } from './quickbooks-online-answers.ts';
import * as books from './quickbooks-online-books.ts';
import {
  Document,
  findBrokenRule,
  LIMITS,
  toBodyText,
  toInvoice,
} from './quickbooks-online-invoice.ts';
import {
  openService,
  queryAll,
  quoted,
  refusal,
  Settings,
  TITLE,
  versioned,
} from './quickbooks-online-service.ts';

const PATHS = { invoice: '/invoice', 'credit memo': '/creditmemo' } as const;

export const quickbooksOnline = defineAccountingSystem({
  id: 'quickbooks-online',
  title: TITLE,
  promise: 'exactly once, checked',
  facility: {
    kind: 'key window',
    // Intuit says "the same answer" and not for how long; twelve hours are our own measure.
    trustedMinutes: 720,
    settleMinutes: 5,
    resend: 'after evidence',
  },
  limits: LIMITS,
  settings: Settings,
  connect: (settings, http, tools) => connect(settings, http, tools),
});

function connect(settings: Settings, http: Http, tools: BooksTools): AccountingCompany {
  const api = openService(settings, http, tools);

  return {
    identity: () => books.identity(api, settings),
    checkHealth: () => books.checkHealth(api, settings),
    customers: () => books.customers(api),
    customer: (id) => books.customer(api, id),
    items: () => books.items(api),
    taxCodes: () => books.taxCodes(api, settings),
    checkLimits: (content, keys) => findBrokenRule(content, keys, settings),
    reserve: () => api.reserve(),

    async create(content, keys): Promise<CreateOutcome> {
      const outcome = await api.sendOnce({
        method: 'POST',
        path: versioned(PATHS[content.document], { requestid: keys.providerKey }),
        body: null,
        bodyText: toBodyText(content, keys, settings),
      });
      return judge(outcome, (answer) => toVerdict(answer, content.document, api.redact));
    },

    /** Both ways every time: a person may have changed the number, or used ours by hand. */
    async lookup({ document, customerId, invoiceDate }, { ref, marker }): Promise<LookupOutcome> {
      const near = `CustomerRef = ${quoted(customerId)} and ${within(daysAround(invoiceDate))}`;
      return lookUp(async () => {
        const byRef = await listRaw(api, document, `DocNumber = ${quoted(ref)}`);
        const byCustomer = await listRaw(api, document, near);
        const hits = [
          ...byRef.filter(({ DocNumber }) => DocNumber === ref),
          ...byCustomer.filter(({ PrivateNote }) => PrivateNote?.includes(marker)),
        ];
        return hits.map((row) => toInvoice(row, document));
      });
    },

    read: (document, id) => readOne(api, document, id),

    async list(days) {
      const kinds = ['invoice', 'credit memo'] as const;
      const lists: BooksInvoice[] = [];
      for (const kind of kinds) {
        const rows = await listRaw(api, kind, within(days));
        lists.push(...rows.map((row) => toInvoice(row, kind)));
      }
      return lists;
    },
  };
}

const listRaw = (
  api: HttpService,
  document: DocumentKind,
  condition: string,
): Promise<readonly Document[]> => queryAll(api, ENTITIES[document], Document, condition);

async function readOne(
  api: HttpService,
  document: DocumentKind,
  id: string,
): Promise<BooksInvoice | null> {
  const path = versioned(`${PATHS[document]}/${encodeURIComponent(id)}`);
  const answer = await api.read(path);
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) throw refusal(api, answer, `${document} ${id}`);
  const One = z.object({ [ENTITIES[document]]: Document });
  const row = api.parse(quoteNumbers(answer), One, path)[ENTITIES[document]];
  return row ? toInvoice(row, document) : null;
}

const within = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `TxnDate >= ${quoted(from)} and TxnDate <= ${quoted(to)}`;
