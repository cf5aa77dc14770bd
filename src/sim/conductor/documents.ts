/** Invoices and credit memos: created, listed, read. */
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import {
  CreditMemoBody,
  firstTrouble,
  InvoiceBody,
  type DocumentBody,
  type LineBody,
} from './bodies.ts';
import type { Books, StoredDocument, StoredLine } from './books.ts';
import * as decimals from '../decimals.ts';
import { invalidRequest, notFound, refusedByBooks, requestId } from './errors.ts';
import {
  DOCUMENTS,
  isUpdatedWithin,
  matchesText,
  pickExact,
  refuseQuery,
  type Iterators,
} from './lists.ts';
import { subtotalOf, toDocument } from './shapes.ts';

type Kind = StoredDocument['kind'];

const TERMS_DAYS = 15;
const DAY_MS = 86_400_000;
const MEMO_MAX = 4095;

export interface DocumentContext {
  readonly books: Books;
  readonly iterators: Iterators;
  readonly salesTaxPercent: string;
  readonly limitMax: number;
}

export const ok = (body: unknown): SimAnswer =>
  answerJson(200, body, { 'conductor-request-id': requestId() });

/** ISO 8601 with an offset, as the contract describes it. */
export const stamp = (nowMs: number): string =>
  `${new Date(nowMs).toISOString().slice(0, 19)}+00:00`;

export function listDocuments(
  request: SimRequest,
  kind: Kind,
  context: DocumentContext,
): SimAnswer {
  const refused = refuseQuery(request, DOCUMENTS);
  if (refused) return refused;
  const { query } = request;
  const all = context.books.documents(kind);
  const exact = pickExact(request, all, {
    ids: (row) => row.id,
    refNumbers: (row) => row.refNumber ?? '',
  });
  if (exact && !Array.isArray(exact)) return exact as SimAnswer;
  const rows =
    (exact as readonly StoredDocument[] | null) ?? all.filter((row) => isWanted(request, row));
  const withLines = query.get('includeLineItems') !== 'false';
  const wire = rows.map((row) => toDocument(row, context.books, withLines));
  return context.iterators.page(request, wire, context.limitMax);
}

function isWanted(request: SimRequest, row: StoredDocument): boolean {
  const { query } = request;
  const customers = query.getAll('customerIds');
  return (
    matchesText(request, 'refNumber', row.refNumber ?? '') &&
    isUpdatedWithin(request, row.updatedAt) &&
    row.transactionDate >= (query.get('transactionDateFrom') ?? '') &&
    row.transactionDate <= (query.get('transactionDateTo') ?? '\uffff') &&
    (customers.length === 0 || customers.includes(row.customerId))
  );
}

export function readDocument(id: string, kind: Kind, { books }: DocumentContext): SimAnswer {
  const row = books.documents(kind).find((candidate) => candidate.id === id);
  return row ? ok(toDocument(row, books)) : notFound(`There is no ${kind} with the id ${id}.`);
}

/** Writes a new document, every time it is asked: QuickBooks knows no repeated request. */
export function createDocument(
  request: SimRequest,
  kind: Kind,
  context: DocumentContext,
): SimAnswer {
  const parsed = (kind === 'invoice' ? InvoiceBody : CreditMemoBody).safeParse(
    parseJson(request.body),
  );
  if (!parsed.success) return invalidRequest(firstTrouble(parsed.error));
  if (kind === 'credit_memo' && !parsed.data.lines) return invalidRequest('lines: is missing.');
  const refused = refuseByBooks(parsed.data, context.books);
  if (refused) return refused;
  const document = newDocument(parsed.data, kind, request.nowMs, context);
  if (decimals.isNegative(subtotalOf(document))) {
    return refusedByBooks(3180, `The total of this ${kind} is negative.`);
  }
  context.books.write({ event: 'document', value: document });
  return ok(toDocument(document, context.books));
}

function refuseByBooks(body: DocumentBody, books: Books): SimAnswer | null {
  const customer = books.customers().find(({ id }) => id === body.customerId);
  if (!customer) return missingReference('Customer', body.customerId);
  if (!customer.isActive) {
    return refusedByBooks(3180, `The customer "${customer.fullName}" is inactive.`);
  }
  for (const line of body.lines ?? []) {
    const refused = refuseLine(line, books);
    if (refused) return refused;
  }
  return (body.memo ?? '').length > MEMO_MAX
    ? refusedByBooks(3070, 'The string in the field "Memo" is too long.')
    : null;
}

function refuseLine(line: LineBody, books: Books): SimAnswer | null {
  if (line.itemId === undefined) {
    const hasMoney = line.amount ?? line.rate ?? line.quantity;
    return hasMoney === undefined
      ? null
      : refusedByBooks(3180, 'A line with an amount needs an item.');
  }
  const item = books.items().find(({ id }) => id === line.itemId);
  if (!item) return missingReference('Item', line.itemId);
  return item.isActive ? null : refusedByBooks(3180, `The item "${item.name}" is inactive.`);
}

const missingReference = (what: string, id: string): SimAnswer =>
  refusedByBooks(3140, `There is an invalid reference to QuickBooks ${what} "${id}".`);

function newDocument(
  body: DocumentBody, kind: Kind, nowMs: number, context: DocumentContext,
): StoredDocument {
  const { books, salesTaxPercent } = context;
  const number = books.nextNumber();
  const id = `${number.toString(16).toUpperCase()}-${String(Math.floor(nowMs / 1000))}`;
  const now = stamp(nowMs);
  return {
    id,
    kind,
    customerId: body.customerId,
    transactionDate: body.transactionDate,
    dueDate: body.dueDate ?? dueAfter(body.transactionDate),
    refNumber: body.refNumber ?? null,
    memo: body.memo ?? null,
    purchaseOrderNumber: body.purchaseOrderNumber ?? null,
    externalId: body.externalId ?? null,
    isQueuedForEmail: body.isQueuedForEmail ?? false,
    isPending: body.isPending ?? false,
    salesTaxPercent,
    lines: (body.lines ?? []).map((line, index) => toStoredLine(line, `${id}-${String(index + 1)}`, books)),
    createdAt: now,
    updatedAt: now,
    revision: Math.floor(nowMs / 1000),
  };
} // prettier-ignore

/**
 * Amount wins over rate; what is missing is computed; with nothing given QuickBooks takes one
 * piece at the item's price (contract, fields rate and amount).
 */
export function toStoredLine(line: LineBody, id: string, books: Books): StoredLine {
  const price = books.items().find((item) => item.id === line.itemId)?.price ?? '0';
  const { quantity, amount, rate } = line;
  const description = line.description ?? null;
  const rest = {
    id,
    itemId: line.itemId ?? null,
    description,
    serviceDate: line.serviceDate ?? null,
  };
  if (line.itemId === undefined) return { ...rest, quantity: null, rate: null, amount: null };
  if (amount !== undefined) {
    const exact = decimals.sum([amount]);
    const computed =
      quantity === undefined ? exact : decimals.divide(exact, decimals.plain(quantity));
    return { ...rest, quantity: quantity ?? null, rate: computed, amount: exact };
  }
  const pieces = decimals.plain(quantity ?? 1);
  const used = decimals.toRate(rate ?? price);
  return {
    ...rest,
    quantity: quantity ?? null,
    rate: used,
    amount: decimals.multiply(pieces, used),
  };
}

const dueAfter = (day: string): string =>
  new Date(Date.parse(day) + TERMS_DAYS * DAY_MS).toISOString().slice(0, 10);
