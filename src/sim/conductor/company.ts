/**
 * Stand-in for QuickBooks Desktop through Conductor 14.23.6 (contract read 2026-11-21): company,
 * customers, items, invoices, credit memos, deleted transactions, health check.
 */
import { CREDENTIALS } from '../../sample/config.ts';
import type { SimAnswer, SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import type { Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import type { Books, StoredCustomer, StoredItem } from './books.ts';
import { deleteDocument, updateDocument, voidDocument } from './document-changes.ts';
import {
  createDocument,
  listDocuments,
  ok,
  readDocument,
  stamp,
  type DocumentContext,
} from './documents.ts';
import { invalidRequest, notFound, unauthorised } from './errors.ts';
import {
  createIterators,
  isUpdatedWithin,
  listAnswer,
  matchesText,
  NAMED,
  pickExact,
  refuseQuery,
} from './lists.ts';
import { toCompany, toCustomer, toDeleted, toItem } from './shapes.ts';

const CUSTOMERS: Parameters = {
  ...NAMED,
  currencyIds: { kind: 'texts' },
  excludeAlternateShippingAddresses: { kind: 'choice', oneOf: ['true', 'false'] },
};
const TRANSACTION_TYPES = ['ar_refund_credit_card', 'bill', 'bill_payment_check', 'bill_payment_credit_card', 'build_assembly', 'charge', 'check', 'credit_card_charge', 'credit_card_credit', 'credit_memo', 'deposit', 'estimate', 'inventory_adjustment', 'invoice', 'item_receipt', 'journal_entry', 'purchase_order', 'receive_payment', 'sales_order', 'sales_receipt', 'sales_tax_payment_check', 'time_tracking', 'transfer_inventory', 'vehicle_mileage', 'vendor_credit']; // prettier-ignore
const DELETED: Parameters = {
  transactionTypes: { kind: 'texts', oneOf: TRANSACTION_TYPES },
  deletedAfter: { kind: 'text' },
  deletedBefore: { kind: 'text' },
};
const ITEM_KINDS: Readonly<Record<string, StoredItem['kind']>> = {
  'service-items': 'service',
  'other-charge-items': 'other_charge',
  'non-inventory-items': 'non_inventory',
};
const DOCUMENT_KINDS = { invoices: 'invoice', 'credit-memos': 'credit_memo' } as const;

export const conductor: StandIn = {
  system: 'conductor',
  base: '/v1',
  create(stage) {
    const { books } = stage;
    const iterators = createIterators();
    const inTurn = createQueue();
    return {
      answer: (request) =>
        inTurn(() => {
          const { salesTaxPercent = '0', pageSizeMax: limitMax = NO_LIMIT } = stage.options();
          return answer(request, { books, iterators, salesTaxPercent, limitMax });
        }),
    };
  },
};

/** QuickBooks works on one request at a time. */
function createQueue(): <T>(work: () => T) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

function answer(request: SimRequest, context: DocumentContext): SimAnswer {
  if (request.headers['authorization'] !== `Bearer ${CREDENTIALS.conductor.apiKey}`) {
    return unauthorised();
  }
  const [, area, collection = '', id, action] = request.path.split('/');
  if (area === 'end-users') return endUsers(request, collection);
  if (area !== 'quickbooks-desktop') return notFound(`There is no ${request.path}.`);
  const user = request.headers['conductor-end-user-id'];
  if (user === undefined) return invalidRequest('The header Conductor-End-User-Id is missing.');
  if (user !== CREDENTIALS.conductor.endUserId) return notFound(`There is no end-user ${user}.`);
  if (collection in DOCUMENT_KINDS) {
    return documents(request, collection as keyof typeof DOCUMENT_KINDS, id, action, context);
  }
  return request.method === 'GET' && action === undefined
    ? readOnly(request, collection, id, context)
    : notPlayed(request);
}

const notPlayed = ({ method, path }: SimRequest): SimAnswer =>
  notFound(`${method} ${path} is not played by this stand-in.`);

function documents(
  request: SimRequest,
  collection: keyof typeof DOCUMENT_KINDS,
  id: string | undefined,
  action: string | undefined,
  context: DocumentContext,
): SimAnswer {
  const kind = DOCUMENT_KINDS[collection];
  const { method, nowMs } = request;
  if (id === undefined) {
    if (method === 'GET') return listDocuments(request, kind, context);
    return method === 'POST' ? createDocument(request, kind, context) : notPlayed(request);
  }
  // Only invoices can be read, changed, voided and deleted one by one in the contract at hand.
  if (kind !== 'invoice') return notPlayed(request);
  if (method === 'POST' && action === 'void') return voidDocument(id, kind, nowMs, context.books);
  if (action !== undefined) return notPlayed(request);
  if (method === 'GET') return readDocument(id, kind, context);
  if (method === 'POST') return updateDocument(request, id, kind, context);
  return method === 'DELETE' ? deleteDocument(id, kind, nowMs, context.books) : notPlayed(request);
}

function readOnly(
  request: SimRequest, collection: string, id: string | undefined, context: DocumentContext,
): SimAnswer {
  const { books } = context;
  const itemKind = ITEM_KINDS[collection];
  if (collection === 'customers') return customers(request, id, context);
  if (itemKind) return items(request, itemKind, id, context);
  if (id !== undefined) return notPlayed(request);
  if (collection === 'company') return ok(toCompany(books));
  if (collection === 'health-check') return ok({ duration: 12, status: 'ok' });
  return collection === 'deleted-transactions' ? deleted(request, books) : notPlayed(request);
} // prettier-ignore

function customers(
  request: SimRequest,
  id: string | undefined,
  context: DocumentContext,
): SimAnswer {
  const { books } = context;
  const rows = books.customers();
  if (id !== undefined) {
    const row = rows.find((candidate) => candidate.id === id);
    return row ? ok(toCustomer(row, books)) : notFound(`There is no customer with the id ${id}.`);
  }
  const nameOf = (row: StoredCustomer): string => row.fullName;
  return named(request, CUSTOMERS, rows, nameOf, (row) => toCustomer(row, books), context);
}

function items(
  request: SimRequest, kind: StoredItem['kind'], id: string | undefined, context: DocumentContext,
): SimAnswer {
  const rows = context.books.items().filter((item) => item.kind === kind);
  if (id !== undefined) {
    const row = rows.find((candidate) => candidate.id === id);
    return row ? ok(toItem(row)) : notFound(`There is no item with the id ${id}.`);
  }
  return named(request, NAMED, rows, (row) => row.name, toItem, context);
} // prettier-ignore

function named<
  Row extends { readonly id: string; readonly isActive: boolean; readonly updatedAt: string },
>(
  request: SimRequest,
  parameters: Parameters,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  toWire: (row: Row) => Readonly<Record<string, unknown>>,
  context: DocumentContext,
): SimAnswer {
  const refused = refuseQuery(request, parameters);
  if (refused) return refused;
  const fold = (text: string): string => text.toLowerCase();
  const exact = pickExact(request, rows, { ids: (row) => row.id, fullNames: nameOf }, fold);
  if (exact && !Array.isArray(exact)) return exact as SimAnswer;
  const wanted =
    (exact as readonly Row[] | null) ?? rows.filter((row) => isNamed(request, row, nameOf(row)));
  return context.iterators.page(request, wanted.map(toWire), context.limitMax);
}

/** Without a word about status only active records are listed (contract). */
function isNamed(
  request: SimRequest,
  row: { readonly isActive: boolean; readonly updatedAt: string },
  fullName: string,
): boolean {
  const status = request.query.get('status') ?? 'active';
  const own = (fullName.split(':').at(-1) ?? fullName).toLowerCase();
  const folded = new URLSearchParams(
    [...request.query].map(([key, value]) => [key, value.toLowerCase()]),
  );
  return (
    (status === 'all' || row.isActive === (status === 'active')) &&
    matchesText({ ...request, query: folded }, 'name', own) &&
    isUpdatedWithin(request, row.updatedAt)
  );
}

function deleted(request: SimRequest, books: Books): SimAnswer {
  const refused = refuseQuery(request, DELETED);
  if (refused) return refused;
  const types = request.query.getAll('transactionTypes');
  if (types.length === 0) return invalidRequest('transactionTypes is missing.');
  const from = request.query.get('deletedAfter') ?? '';
  const to = request.query.get('deletedBefore') ?? '\uffff';
  const rows = books
    .deleted()
    .filter((row) => types.includes(row.kind) && row.deletedAt >= from && row.deletedAt <= to);
  return listAnswer(request, rows.map(toDeleted));
}

function endUsers(request: SimRequest, id: string): SimAnswer {
  if (request.method !== 'GET') return notPlayed(request);
  const now = stamp(request.nowMs);
  const user = {
    id: CREDENTIALS.conductor.endUserId,
    objectType: 'end_user',
    createdAt: now,
    companyName: 'Alder Street IT',
    sourceId: 'alder-street',
    email: 'books@alderstreet.example',
    integrationConnections: [],
  };
  if (id === '') return listAnswer(request, [user]);
  return id === user.id ? ok(user) : notFound(`There is no end-user ${id}.`);
}
