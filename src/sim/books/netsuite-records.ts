/** What the ledger holds, in the words of NetSuite's records and of its error body. */
import type { SimAnswer } from '../exchange.ts';
import { totalOf } from '../ledger/documents.ts';
import type { Ledger, LedgerCustomer, LedgerDocument, LedgerKind } from '../ledger/ledger.ts';
import { HOST } from './netsuite-sign-in.ts';

type Row = Readonly<Record<string, unknown>>;

export const RECORD_BASE = '/services/rest/record/v1';
const SECTIONS: Readonly<Record<number, string>> = { 400: '4.1', 401: '4.2', 404: '4.5', 405: '4.6', 415: '4.16', 429: '4' }; // prettier-ignore
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
};
/** Internal ids of currencies, which differ from account to account. */
const CURRENCIES = ['USD', 'GBP', 'CAD', 'EUR', 'AUD'];
const RECORDS: Readonly<Record<LedgerKind, string>> = {
  invoice: 'invoice',
  'credit memo': 'creditMemo',
};
export const TYPES = { invoice: 'CustInvc', 'credit memo': 'CustCred' } as const;
const STATUSES = {
  open: { id: 'A', refName: 'Open' },
  voided: { id: 'V', refName: 'Voided' },
  deleted: { id: 'V', refName: 'Voided' },
} as const;

export const typed = (status: number, kind: string, body: unknown): SimAnswer => ({
  status,
  headers: { 'content-type': `application/vnd.oracle.resource+json; type=${kind}` },
  body,
});

export const refuse = (
  status: number,
  code: string,
  detail: string,
  path?: string,
): SimAnswer =>
  typed(status, 'error', {
    type: `https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.${SECTIONS[status] ?? '4'}`,
    title: TITLES[status] ?? 'Error',
    status,
    'o:errorDetails': [
      { detail, 'o:errorCode': code, ...(path === undefined ? {} : { 'o:errorPath': path }) },
    ],
  }); // prettier-ignore

export const absent = (): SimAnswer =>
  refuse(404, 'NONEXISTENT_ID', 'The record instance does not exist. Provide a valid record instance ID.'); // prettier-ignore

export const addressOf = (record: string, id: string): string =>
  `${HOST}${RECORD_BASE}/${record}/${id}`;

export const self = (href: string): Row => ({ rel: 'self', href });

export const currencyId = (code: string): string => String(CURRENCIES.indexOf(code) + 1);

export const currencyRows = CURRENCIES.map((symbol) => ({ id: currencyId(symbol), symbol }));

/** The customer's number is taken from its code; a new one would be given by the account. */
export const entityIdOf = ({ id, code }: LedgerCustomer): string => code ?? `CUST${id}`;

export const toCustomer = (customer: LedgerCustomer): Row => ({
  links: [self(addressOf('customer', customer.id))],
  id: customer.id,
  entityId: entityIdOf(customer),
  companyName: customer.name,
  altName: customer.name,
  isPerson: false,
  isInactive: !customer.active,
  currency: { id: currencyId(customer.currency), refName: customer.currency },
  lastModifiedDate: customer.updatedAt,
});

export function toDocument(document: LedgerDocument, ledger: Ledger, expanded: boolean): Row {
  const { id, kind, customerId, externalId } = document;
  const record = RECORDS[kind];
  const customer = ledger.get('customer', customerId);
  return {
    links: [self(addressOf(record, id))],
    id,
    ...(externalId === null ? {} : { externalId }),
    tranId: document.number,
    ...(document.reference === null ? {} : { otherRefNum: document.reference }),
    ...(document.memo === null ? {} : { memo: document.memo }),
    entity: { id: customerId, refName: customer?.name ?? '' },
    tranDate: document.date,
    currency: { id: currencyId(document.currency), refName: document.currency },
    status: STATUSES[document.status],
    item: expanded
      ? toLines(document, record, ledger)
      : { links: [self(`${addressOf(record, id)}/item`)] },
    subtotal: Number(document.subtotal),
    taxTotal: Number(document.tax),
    total: Number(totalOf(document)),
    createdDate: document.createdAt,
    lastModifiedDate: document.updatedAt,
  };
}

const toLines = ({ id, lines }: LedgerDocument, record: string, ledger: Ledger): Row => ({
  links: [self(`${addressOf(record, id)}/item`)],
  items: lines.map((line, index) => ({
    links: [self(`${addressOf(record, id)}/item/${String(index + 1)}`)],
    line: index + 1,
    item: { id: line.itemId ?? '', refName: ledger.get('item', line.itemId ?? '')?.name ?? '' },
    description: line.description,
    quantity: Number(line.quantity),
    rate: Number(line.unitPrice),
    amount: Number(line.amount),
  })),
  count: lines.length,
  hasMore: false,
  offset: 0,
  totalResults: lines.length,
});
