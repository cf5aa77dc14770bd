/** What the ledger holds, in Sage Intacct's words. */
import { sum } from '../decimals.ts';
import { totalOf } from '../ledger/documents.ts';
import type { Ledger, LedgerCustomer, LedgerDocument, LedgerItem } from '../ledger/ledger.ts';

type Row = Readonly<Record<string, unknown>>;
/** A row whose fields are all texts. */
export type Cells = Readonly<Record<string, string>>;

export const CUSTOMER = 'accounts-receivable/customer';
export const INVOICE = 'accounts-receivable/invoice';
export const ACCOUNT = 'general-ledger/account';

export const customerId = ({ id, code }: LedgerCustomer): string => code ?? `CUST-${id}`;
/** The number in the chart of accounts: services stand among the revenues. */
export const accountId = ({ id }: LedgerItem): string => `4${id}`;

const reference = (object: string, key: string, id: string): Cells => ({
  key,
  id,
  href: `/objects/${object}/${key}`,
});
const statusOf = (active: boolean): string => (active ? 'active' : 'inactive');
const stateOf = ({ status }: LedgerDocument): string => (status === 'open' ? 'posted' : 'reversed');

export const toCustomer = (customer: LedgerCustomer): Cells => ({
  ...reference(CUSTOMER, customer.id, customerId(customer)),
  name: customer.name,
  status: statusOf(customer.active),
});

export const toAccount = (item: LedgerItem): Cells => ({
  ...reference(ACCOUNT, item.id, accountId(item)),
  name: item.name,
  status: statusOf(item.active),
});

export const toReference = ({ id }: LedgerDocument): Cells => reference(INVOICE, id, id);

export function toInvoice(document: LedgerDocument, ledger: Ledger): Row {
  const customer = ledger.get('customer', document.customerId);
  const total = totalOf(document);
  return {
    ...toReference(document),
    customer: reference(CUSTOMER, document.customerId, customer ? customerId(customer) : ''),
    invoiceDate: document.date,
    dueDate: document.dueDate ?? document.date,
    ...(document.number === null ? {} : { invoiceNumber: document.number }),
    ...(document.reference === null ? {} : { referenceNumber: document.reference }),
    ...(document.memo === null ? {} : { description: document.memo }),
    state: stateOf(document),
    totalTxnAmount: total,
    totalTxnAmountDue: document.status === 'open' ? total : '0.00',
    lines: document.lines.map((line, index) => toLine(line, ledger, index === 0 ? document.tax : '0')),
  };
} // prettier-ignore

/** Tax of the books' own stands as an entry of a line; there is none where there is no tax. */
function toLine(line: LedgerDocument['lines'][number], ledger: Ledger, tax: string): Row {
  const account = ledger.get('item', line.itemId ?? '');
  return {
    txnAmount: line.amount,
    glAccount: reference(ACCOUNT, line.itemId ?? '', account ? accountId(account) : ''),
    memo: line.description,
    ...(sum([tax]) === '0.00' ? {} : { taxEntries: [{ txnTaxAmount: tax }] }),
  };
}

/** What an invoice can be asked for, by the names of its fields. */
export const toCells = (document: LedgerDocument): Cells => ({
  ...toReference(document),
  invoiceNumber: document.number ?? '',
  description: document.memo ?? '',
  referenceNumber: document.reference ?? '',
  invoiceDate: document.date,
  dueDate: document.dueDate ?? document.date,
  state: stateOf(document),
  totalTxnAmount: totalOf(document),
  'customer.key': document.customerId,
});
