/** What the ledger holds, in Xero's words. */
import { totalOf } from '../ledger/documents.ts';
import type { Ledger, LedgerCustomer, LedgerDocument, LedgerItem } from '../ledger/ledger.ts';

type Row = Readonly<Record<string, unknown>>;

const msDate = (text: string): string => `/Date(${String(Date.parse(text))}+0000)/`;

export const toContact = (customer: LedgerCustomer): Row => ({
  ContactID: customer.id,
  ContactStatus: customer.active ? 'ACTIVE' : 'ARCHIVED',
  Name: customer.name,
  ...(customer.code === null ? {} : { AccountNumber: customer.code }),
  ...(customer.mergedInto === null ? {} : { MergedToContactID: customer.mergedInto }),
  DefaultCurrency: customer.currency,
  IsSupplier: false,
  IsCustomer: true,
  UpdatedDateUTC: msDate(customer.updatedAt),
  HasAttachments: false,
  HasValidationErrors: false,
});

export const toItem = (item: LedgerItem): Row => ({
  ItemID: itemId(item.id),
  Code: item.id,
  Name: item.name,
  Description: item.name,
  IsSold: item.active,
  IsPurchased: false,
  IsTrackedAsInventory: false,
  SalesDetails: { UnitPrice: Number(item.price), AccountCode: '200', TaxType: 'OUTPUT' },
});

/** An id that follows from the code. */
const itemId = (code: string): string =>
  `00000000-0000-4000-a000-${code.replace(/\D/g, '').padStart(12, '0')}`;

export const TAX_RATES: readonly Row[] = [
  { Name: 'Tax on sales', TaxType: 'OUTPUT', Status: 'ACTIVE', EffectiveRate: 8.25 },
  { Name: 'Tax exempt', TaxType: 'NONE', Status: 'ACTIVE', EffectiveRate: 0 },
];

export const toOrganisation = (ledger: Ledger, id: string): Row => ({
  OrganisationID: id,
  Name: ledger.settings().company,
  LegalName: ledger.settings().company,
  BaseCurrency: ledger.settings().currency,
  CountryCode: 'US',
  Version: 'US',
  OrganisationStatus: 'ACTIVE',
  IsDemoCompany: false,
});

const STATUSES = { open: 'AUTHORISED', voided: 'VOIDED', deleted: 'DELETED' } as const;

export function toDocument(document: LedgerDocument, ledger: Ledger): Row {
  const { status, kind } = document;
  const customer = ledger.get('customer', document.customerId);
  const total = Number(totalOf(document));
  const head = {
    Contact: { ContactID: document.customerId, Name: customer?.name ?? '' },
    Date: msDate(document.date),
    DueDate: msDate(document.dueDate ?? document.date),
    Status: STATUSES[status],
    LineAmountTypes: 'Exclusive',
    LineItems: document.lines.map((line) => ({
      Description: line.description,
      Quantity: Number(line.quantity),
      UnitAmount: Number(line.unitPrice),
      LineAmount: Number(line.amount),
      ItemCode: line.itemId,
      AccountCode: '200',
      TaxType: line.taxCode ?? 'OUTPUT',
      Tracking: [],
    })),
    SubTotal: Number(document.subtotal),
    TotalTax: Number(document.tax),
    Total: total,
    CurrencyCode: document.currency,
    Reference: document.reference ?? '',
    UpdatedDateUTC: msDate(document.updatedAt),
    HasAttachments: false,
    HasErrors: false,
  };
  return kind === 'invoice'
    ? { Type: 'ACCREC', InvoiceID: document.id, InvoiceNumber: document.number, AmountDue: status === 'open' ? total : 0, AmountPaid: 0, ...head }
    : { Type: 'ACCRECCREDIT', CreditNoteID: document.id, CreditNoteNumber: document.number, RemainingCredit: total, ...head };
} // prettier-ignore
