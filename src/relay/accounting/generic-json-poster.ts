// Any books that take invoices as JSON, described in the configuration alone: where they are, who
// we are to them, what a body is made of, which answer means what, and what they do against a
// second copy. Nothing of it is a program, and nothing unsaid is believed: without a facility a
// doubt always goes to a person. Docs: docs/generic-json-poster.md. There is no contract here:
// whoever describes a service reads its documents and tries a second copy once.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import { pathFor, readList, type Placeholders } from '../described/lists.ts';
import type { ListSettings } from '../described/list-settings.ts';
import { textAt, valueAt, type Row } from '../described/rows.ts';
import { destinationsOf, openDescribed, type Service } from '../described/service.ts';
import type { Answer, Http } from '../http.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksCustomer,
  type BooksInvoice,
  type Capabilities,
  type DocumentKind,
  type Facility,
} from './accounting.ts';
import { quoteNumbers, writeJson } from './exact-json.ts';
import { NO_FACILITY } from './facility.ts';
import { judge } from './answer-text.ts';
import { toVerdict, wordsOf } from './generic-json-poster-answers.ts';
import { isPosterRow, toCustomer, toInvoice, toItem } from './generic-json-poster-rows.ts';
import {
  PosterSettings,
  usedBy,
  type DocumentSettings,
  type FacilitySettings,
  type One,
} from './generic-json-poster-settings.ts';
import { findNoNumber, toBody } from './generic-json-poster-values.ts';
import { daysAround, lookUp, shiftDay } from './lookup.ts';

const TITLE = 'JSON books';
const TIMEOUT_MS = 120_000;
const ANY = z.unknown();

const PROMISES: Readonly<Record<FacilitySettings['kind'], string>> = {
  none: 'at most once, automatically; doubt goes to you',
  key: 'exactly once while the books keep our key, as your description says; then doubt goes to you',
  'unique reference': 'exactly once if the books refuse a number twice, as your description says',
};

export const genericJsonPoster = defineAccountingSystem({
  id: 'generic-json-poster',
  title: TITLE,
  promise: PROMISES.none,
  facility: NO_FACILITY,
  limits: {
    ref: { length: 11, alphabet: 'A-Z 0-9 -' },
    descriptionLength: null,
    memoLength: null,
    idLength: 255,
    linesPerInvoice: null,
    quantityDecimals: 4,
    priceDecimals: 2,
    amountIsProduct: true,
    documents: ['invoice'],
    tax: 'books',
    currency: 'home',
  },
  settings: PosterSettings,
  destinations: destinationsOf,
  capabilities,
  connect,
});

function capabilities(settings: PosterSettings): Capabilities {
  const { facility, settleMinutes, limits, invoice, creditMemo } = settings;
  const has = (name: string): boolean => usedBy(invoice).includes(name);
  const isCoded = [invoice, creditMemo].some((one) => one && usedBy(one).includes('taxCodeId'));
  return {
    promise: PROMISES[facility.kind],
    facility: facilityOf(facility, settleMinutes),
    limits: {
      ...genericJsonPoster.limits,
      ref: { length: limits.ref, alphabet: 'A-Z 0-9 -' },
      descriptionLength: limits.description,
      memoLength: limits.memo,
      linesPerInvoice: limits.lines,
      quantityDecimals: limits.quantityDecimals,
      priceDecimals: limits.priceDecimals,
      documents: creditMemo ? ['invoice', 'credit memo'] : ['invoice'],
      tax: isCoded ? 'code per line' : 'books',
      currency: has('currency') ? 'document' : 'home',
    },
  };
}

/** Half of what the description says of a key is trusted, and no number of its own resends. */
function facilityOf(facility: FacilitySettings, settleMinutes: number): Facility {
  switch (facility.kind) {
    case 'none':
      return { ...NO_FACILITY, settleMinutes };
    case 'key': {
      const trustedMinutes = Math.floor(facility.minutes / 2);
      return { kind: 'key window', trustedMinutes, settleMinutes, resend: 'while trusted' };
    }
    case 'unique reference':
      return { kind: facility.kind, trustedMinutes: null, settleMinutes, resend: 'after evidence' };
  }
}

function connect(settings: PosterSettings, http: Http): AccountingCompany {
  const { answers, currency: home, customers, items, taxCodes, facility } = settings;
  const service: Service = {
    ...openDescribed(TITLE, settings, http, {
      timeoutMs: TIMEOUT_MS,
      explain: (answer) => wordsOf(answer, answers.error),
    }),
    rowsOf: quoteNumbers,
  };
  const described = (document: DocumentKind): DocumentSettings => {
    const one = document === 'invoice' ? settings.invoice : settings.creditMemo;
    if (one) return one;
    throw new AppError('INPUT_INVALID', `${TITLE}: the description has no ${document}.`);
  };
  const find = async (document: DocumentKind, question: 'find' | 'list', values: Placeholders) => {
    const { [question]: list, row } = described(document);
    const rows = await listRows(service, list, values);
    return rows.map((one) => toInvoice(one, row, { document, home }));
  };
  const listed = async (): Promise<readonly BooksCustomer[]> =>
    (await listRows(service, customers.list, {})).map((row) => toCustomer(row, customers.row));
  const identity = async () => {
    const { path, id, name } = settings.company;
    const answer = await service.api.read(path);
    const row = rowOf(service, answer, path, '');
    const answeredAt = answer.headers['date'] ?? null;
    return { id: textAt(row, id), name: textAt(row, name), answeredAt };
  };

  return {
    identity,
    async checkHealth() {
      await identity();
    },
    customers: listed,
    async customer(id) {
      if (!customers.read) return (await listed()).find((one) => one.id === id) ?? null;
      const row = await readById(service, customers.read, id, answers.error);
      return row && toCustomer(sameId(row, customers.row.id, id), customers.row);
    },
    items: async () =>
      (await listRows(service, items.list, {})).map((row) => toItem(row, items.row)),
    ...(taxCodes && {
      taxCodes: async () =>
        (await listRows(service, taxCodes.list, {})).map((row) => toItem(row, taxCodes.row)),
    }),
    checkLimits: (content) => findBrokenRule(content, settings),
    reserve: () => service.api.reserve(),

    async create(content, keys) {
      const { method, path, body } = described(content.document).create;
      const outcome = await service.api.sendOnce({
        method,
        path,
        body: null,
        bodyText: writeJson(toBody(body, content, keys)),
        ...(facility.kind === 'key' ? { headers: { [facility.header]: keys.providerKey } } : {}),
      });
      return judge(outcome, (answer) => toVerdict(answer, answers, service.api.redact));
    },

    /** Both ways every time: a person may have changed the number, or used ours by hand. */
    lookup: ({ document, invoiceDate }, { ref, marker }) =>
      lookUp(async () => {
        const byRef = await find(document, 'find', { ref });
        const near = await find(document, 'list', { ...daysAround(invoiceDate) });
        return [
          ...byRef.filter((invoice) => invoice.ref === ref),
          ...near.filter((invoice) => invoice.marker === marker),
        ];
      }),

    async read(document, id) {
      const { read, row } = described(document);
      const found = await readById(service, read, id, answers.error);
      return found && toInvoice(sameId(found, row.id, id), row, { document, home });
    },

    async list(days) {
      // A day more on both sides: whether the last one is part of a list, its books know.
      const wider = { from: shiftDay(days.from, -1), to: shiftDay(days.to, 1) };
      const lists: BooksInvoice[] = await find('invoice', 'list', wider);
      if (settings.creditMemo) lists.push(...(await find('credit memo', 'list', wider)));
      return lists.filter(({ date }) => date >= days.from && date <= days.to);
    },
  };
}

/** The rows of a list that its description lets through. */
async function listRows(
  service: Service,
  list: ListSettings,
  values: Placeholders,
): Promise<readonly Row[]> {
  const rows = await readList(service, list, values);
  return rows.filter((row) => isPosterRow(row, list.where));
}

/** Null only for the status that says so, in the service's own words. */
async function readById(
  service: Service,
  one: One,
  id: string,
  error: string,
): Promise<Row | null> {
  const path = pathFor(service, one.path, { id });
  const answer = await service.api.read(path);
  const isAbsent = answer.status === one.absent && wordsOf(answer, error) !== null;
  return isAbsent ? null : rowOf(service, answer, path, one.at);
}

/** Whom and what was asked for, and nobody else. */
function sameId(row: Row, pointer: string, id: string): Row {
  const given = textAt(row, pointer);
  if (given === id) return row;
  throw new AppError('SOURCE_MALFORMED', `${row.place} gave ${given} where ${id} was asked for.`);
}

function rowOf({ api, title }: Service, answer: Answer, path: string, at: string): Row {
  const place = `${title}: ${path}`;
  if (answer.status !== 200) {
    const words = `${title} answered ${path} with ${String(answer.status)}.`;
    throw new AppError('SOURCE_REFUSED', words);
  }
  const whole = { value: api.parse(quoteNumbers(answer), ANY, path), place };
  return { value: valueAt(whole, at), place };
}

function findBrokenRule(content: InvoiceContent, settings: PosterSettings): string | null {
  const { currency, document } = content;
  const described = document === 'invoice' ? settings.invoice : settings.creditMemo;
  if (!described) return `document: the description has no ${document}`;
  if (!usedBy(described).includes('currency') && currency !== settings.currency) {
    return `currency ${currency}: these books are in ${settings.currency}`;
  }
  return findNoNumber(described.create.body, content);
}
