/** What the ledger holds, in the words of QuickBooks Online. */
import { sum } from '../decimals.ts';
import { totalOf } from '../ledger/documents.ts';
import type {
  Ledger,
  LedgerCustomer,
  LedgerDocument,
  LedgerItem,
  LedgerLine,
} from '../ledger/ledger.ts';

export type Row = Readonly<Record<string, unknown>>;

const metaData = (createTime: string, updateTime: string): Row => ({
  CreateTime: createTime,
  LastUpdatedTime: updateTime,
});
const COMMON: Row = { domain: 'QBO', sparse: false };

export const toCustomer = (customer: LedgerCustomer): Row => {
  // The books write so themselves behind the name of a customer that is not active.
  const name = customer.active ? customer.name : `${customer.name} (deleted)`;
  return {
    ...COMMON,
    Id: customer.id,
    SyncToken: String(customer.version),
    MetaData: metaData(customer.updatedAt, customer.updatedAt),
    DisplayName: name,
    FullyQualifiedName: name,
    CompanyName: customer.name,
    PrintOnCheckName: customer.name,
    Active: customer.active,
    Taxable: true,
    Job: false,
    Level: 0,
    CurrencyRef: { value: customer.currency, name: customer.currency },
    PreferredDeliveryMethod: 'Email',
    Balance: 0,
    BalanceWithJobs: 0,
  };
};

export const toItem = (item: LedgerItem): Row => ({
  ...COMMON,
  Id: item.id,
  SyncToken: '0',
  Name: item.name,
  FullyQualifiedName: item.name,
  Description: item.name,
  Active: item.active,
  Taxable: true,
  UnitPrice: Number(item.price),
  Type: 'Service',
  TrackQtyOnHand: false,
  IncomeAccountRef: { value: '79', name: 'Managed services income' },
});

export function toDocument(document: LedgerDocument, ledger: Ledger): Row {
  const isVoided = document.status === 'voided';
  const customer = ledger.get('customer', document.customerId);
  const lines = document.lines.map((line) => (isVoided ? emptied(line) : line));
  const tax = isVoided ? '0' : document.tax;
  const total = Number(isVoided ? '0' : totalOf(document));
  return {
    ...COMMON,
    Id: document.id,
    SyncToken: String(document.version),
    MetaData: metaData(document.createdAt, document.updatedAt),
    DocNumber: document.number ?? undefined,
    TxnDate: document.date,
    DueDate: document.kind === 'invoice' ? document.date : undefined,
    CurrencyRef: { value: document.currency, name: document.currency },
    CustomerRef: { value: document.customerId, name: customer?.name ?? '' },
    PrivateNote: isVoided
      ? ['Voided', document.memo].filter(Boolean).join(' - ')
      : (document.memo ?? undefined),
    Line: [
      ...lines.map((line, index) => toLine(line, index, ledger)),
      {
        Amount: Number(sum(lines.map(({ amount }) => amount))),
        DetailType: 'SubTotalLineDetail',
        SubTotalLineDetail: {},
      },
    ],
    TxnTaxDetail: { TotalTax: Number(tax) },
    TotalAmt: total,
    Balance: total,
    ApplyTaxAfterDiscount: false,
    PrintStatus: 'NeedToPrint',
    EmailStatus: 'NotSet',
    CustomField: [],
    LinkedTxn: [],
  };
}

const emptied = (line: LedgerLine): LedgerLine => ({ ...line, quantity: '0', amount: '0.00' });

const toLine = (line: LedgerLine, index: number, ledger: Ledger): Row => ({
  Id: String(index + 1),
  LineNum: index + 1,
  Description: line.description,
  Amount: Number(line.amount),
  DetailType: 'SalesItemLineDetail',
  SalesItemLineDetail: {
    ItemRef: { value: line.itemId, name: ledger.get('item', line.itemId ?? '')?.name ?? '' },
    UnitPrice: Number(line.unitPrice),
    Qty: Number(line.quantity),
    TaxCodeRef: { value: line.taxCode ?? 'NON' },
  },
});

export const toCompany = (ledger: Ledger): Row => ({
  ...COMMON,
  Id: '1',
  SyncToken: '4',
  CompanyName: ledger.settings().company,
  LegalName: ledger.settings().company,
  Country: 'US',
});

export const toPreferences = (ledger: Ledger): Row => ({
  ...COMMON,
  Id: '1',
  SyncToken: '5',
  SalesFormsPrefs: { CustomTxnNumbers: true, AllowDiscount: false, AllowShipping: false },
  CurrencyPrefs: {
    MultiCurrencyEnabled: false,
    HomeCurrency: { value: ledger.settings().currency },
  },
});
