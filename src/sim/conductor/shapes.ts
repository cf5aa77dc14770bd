/** The stored books in the exact shapes of Conductor's answers: every field, unknown ones null. */
import * as decimals from '../decimals.ts';
import type {
  Books,
  DeletedDocument,
  StoredCustomer,
  StoredDocument,
  StoredItem,
} from './books.ts';

type Wire = Readonly<Record<string, unknown>>;

const nulls = (...names: readonly string[]): Wire =>
  Object.fromEntries(names.map((name) => [name, null]));
const NET_15 = { id: '80000002-1730000000', fullName: 'Net 15' };
const RECEIVABLES = { id: '80000010-1730000000', fullName: 'Accounts Receivable' };
const INCOME = { id: '80000011-1730000000', fullName: 'Managed services income' };
const TAX_ITEM = { id: '80000012-1730000000', fullName: 'Sales tax' };

export function toCompany(books: Books): Wire {
  return {
    isSampleCompanyFile: false,
    companyName: books.companyName(),
    legalCompanyName: books.companyName(),
    ...nulls('address', 'legalAddress', 'addressForCustomer', 'phone', 'fax', 'email', 'website', 'companyType', 'ein', 'ssn', 'taxForm', 'subscribedServices', 'accountantCopy'),
    fiscalYearStartMonth: 'january',
    incomeTaxYearStartMonth: 'january',
    customFields: [],
  }; // prettier-ignore
}

export function toCustomer(customer: StoredCustomer, books: Books): Wire {
  const parent = books.customers().find(({ id }) => id === customer.parentId);
  return {
    id: customer.id,
    objectType: 'qbd_customer',
    createdAt: customer.createdAt,
    updatedAt: customer.updatedAt,
    revisionNumber: String(customer.revision),
    name: customer.fullName.split(':').at(-1) ?? customer.fullName,
    fullName: customer.fullName,
    isActive: customer.isActive,
    parent: parent ? { id: parent.id, fullName: parent.fullName } : null,
    sublevel: customer.fullName.split(':').length - 1,
    companyName: customer.fullName.split(':')[0] ?? null,
    accountNumber: customer.code,
    terms: NET_15,
    balance: '0.00',
    totalBalance: '0.00',
    preferredDeliveryMethod: 'email',
    jobStatus: 'none',
    customContactFields: [],
    additionalContacts: [],
    additionalNotes: [],
    customFields: [],
    alternateShippingAddresses: [],
    ...nulls('class', 'salutation', 'firstName', 'middleName', 'lastName', 'jobTitle', 'billingAddress', 'shippingAddress', 'phone', 'alternatePhone', 'fax', 'email', 'ccEmail', 'contact', 'alternateContact', 'customerType', 'salesRepresentative', 'salesTaxCode', 'salesTaxItem', 'salesTaxCountry', 'resaleNumber', 'creditLimit', 'preferredPaymentMethod', 'creditCard', 'jobStartDate', 'jobProjectedEndDate', 'jobEndDate', 'jobDescription', 'jobType', 'note', 'priceLevel', 'externalId', 'taxRegistrationNumber', 'currency'),
  }; // prettier-ignore
}

const ITEM_FIELDS: Readonly<Record<StoredItem['kind'], Wire>> = {
  service: nulls('unitOfMeasureSet'),
  other_charge: nulls('specialItemType'),
  non_inventory: nulls('sku', 'unitOfMeasureSet'),
};

export function toItem(item: StoredItem): Wire {
  return {
    id: item.id,
    objectType: `qbd_${item.kind}_item`,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
    revisionNumber: String(item.revision),
    name: item.name,
    fullName: item.name,
    isActive: item.isActive,
    sublevel: 0,
    salesOrPurchaseDetails: {
      description: item.description,
      price: decimals.toRate(item.price),
      pricePercentage: null,
      postingAccount: INCOME,
    },
    customFields: [],
    ...nulls('barcode', 'class', 'parent', 'salesTaxCode', 'salesAndPurchaseDetails', 'externalId'),
    ...ITEM_FIELDS[item.kind],
  };
}

export const subtotalOf = (document: StoredDocument): string =>
  decimals.sum(document.lines.map((line) => line.amount ?? '0.00'));

export function toDocument(document: StoredDocument, books: Books, withLines = true): Wire {
  const subtotal = subtotalOf(document);
  const tax = decimals.percentOf(subtotal, document.salesTaxPercent);
  const total = decimals.sum([subtotal, tax]);
  return {
    ...documentHead(document, books),
    subtotal,
    salesTaxItem: document.salesTaxPercent === '0' ? null : TAX_ITEM,
    salesTaxPercentage: document.salesTaxPercent,
    salesTaxTotal: tax,
    ...(document.kind === 'invoice' ? invoiceFields(total) : creditMemoFields(total)),
    lines: withLines ? document.lines.map((line) => toLine(line, document.kind, books)) : [],
  };
}

const invoiceFields = (total: string): Wire => ({
  isFinanceCharge: false,
  appliedAmount: '0.00',
  balanceRemaining: total,
  isPaid: decimals.sum([total]) === '0.00',
  ...nulls('balanceRemainingInHomeCurrency', 'suggestedDiscountAmount', 'suggestedDiscountDate'),
});

const creditMemoFields = (total: string): Wire => ({
  totalAmount: total,
  creditRemaining: total,
  ...nulls('creditRemainingInHomeCurrency'),
});

function documentHead(document: StoredDocument, books: Books): Wire {
  const customer = books.customers().find(({ id }) => id === document.customerId);
  return {
    id: document.id,
    objectType: `qbd_${document.kind}`,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
    revisionNumber: String(document.revision),
    customer: { id: document.customerId, fullName: customer?.fullName ?? null },
    receivablesAccount: RECEIVABLES,
    transactionDate: document.transactionDate,
    refNumber: document.refNumber,
    isPending: document.isPending,
    purchaseOrderNumber: document.purchaseOrderNumber,
    terms: NET_15,
    dueDate: document.dueDate,
    memo: document.memo,
    isQueuedForPrint: false,
    isQueuedForEmail: document.isQueuedForEmail,
    externalId: document.externalId,
    linkedTransactions: [],
    lineGroups: [],
    customFields: [],
    ...nulls('class', 'documentTemplate', 'billingAddress', 'shippingAddress', 'salesRepresentative', 'shipmentOrigin', 'shippingDate', 'shippingMethod', 'currency', 'exchangeRate', 'customerMessage', 'salesTaxCode', 'otherCustomField'),
  }; // prettier-ignore
}

function toLine(
  line: StoredDocument['lines'][number], kind: StoredDocument['kind'], books: Books,
): Wire {
  const item = books.items().find(({ id }) => id === line.itemId);
  return {
    id: line.id,
    objectType: `qbd_${kind}_line`,
    item: line.itemId === null ? null : { id: line.itemId, fullName: item?.name ?? null },
    description: line.description,
    quantity: line.quantity,
    rate: line.rate,
    amount: line.amount,
    serviceDate: line.serviceDate,
    customFields: [],
    ...nulls('unitOfMeasure', 'overrideUnitOfMeasureSet', 'ratePercent', 'class', 'inventorySite', 'inventorySiteLocation', 'serialNumber', 'lotNumber', 'expirationDate', 'salesTaxCode', 'otherCustomField1', 'otherCustomField2'),
  };
} // prettier-ignore

export const toDeleted = (row: DeletedDocument): Wire => ({
  transactionType: row.kind,
  id: row.id,
  objectType: 'qbd_deleted_transaction',
  createdAt: row.createdAt,
  deletedAt: row.deletedAt,
  refNumber: row.refNumber,
});
