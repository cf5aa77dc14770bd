// QuickBooks Online: invoices and credit memos.
// API: Accounting v3, minor version 75 (read 2026-11-22). A requestid brings back the first answer
// (retention undocumented); the number is refused twice only where the company checks it (6140).

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
  type LookupOutcome,
} from './accounting.ts';
import { quoteNumbers } from './exact-json.ts';
import { ENTITIES, isAbsent, toOutcome } from './quickbooks-online-answers.ts';
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

/** How far a person may have moved the date of an invoice and we still find it. */
const LOOKUP_DAYS = 45;
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

    async create(content, keys): Promise<CreateOutcome> {
      const outcome = await api.sendOnce({
        method: 'POST',
        path: versioned(PATHS[content.document], { requestid: keys.providerKey }),
        body: null,
        bodyText: toBodyText(content, keys, settings),
      });
      return toOutcome(outcome, content.document, api.redact);
    },

    /** Both ways every time: a person may have changed the number, or used ours by hand. */
    async lookup({ document, customerId, invoiceDate }, { ref, marker }): Promise<LookupOutcome> {
      const near = `CustomerRef = ${quoted(customerId)} and ${within({
        from: shiftDay(invoiceDate, -LOOKUP_DAYS),
        to: shiftDay(invoiceDate, LOOKUP_DAYS),
      })}`;
      try {
        const byRef = await listRaw(api, document, `DocNumber = ${quoted(ref)}`);
        const byCustomer = await listRaw(api, document, near);
        const hits = [
          ...byRef.filter(({ DocNumber }) => DocNumber === ref),
          ...byCustomer.filter(({ PrivateNote }) => PrivateNote?.includes(marker)),
        ];
        return toLookup(hits.map((row) => toInvoice(row, document)));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { verdict: 'failed', reason: error.message };
      }
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

function toLookup(hits: readonly BooksInvoice[]): LookupOutcome {
  const byId = new Map(hits.map((invoice) => [invoice.id, invoice]));
  if (byId.size === 0) return { verdict: 'none' };
  return { verdict: 'found', invoices: [...byId.values()] };
}

const within = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `TxnDate >= ${quoted(from)} and TxnDate <= ${quoted(to)}`;

const DAY_MS = 86_400_000;
const shiftDay = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
