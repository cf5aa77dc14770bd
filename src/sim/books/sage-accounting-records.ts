/** What the ledger holds, in the words of Sage Accounting 3.1. */
import { percentOf } from '../decimals.ts';
import { totalOf } from '../ledger/documents.ts';
import type { Ledger, LedgerCustomer, LedgerDocument, LedgerItem } from '../ledger/ledger.ts';

export type Row = Readonly<Record<string, unknown>>;

export const DOCUMENT_PATHS = {
  invoice: '/sales_invoices',
  'credit memo': '/sales_credit_notes',
} as const;

export const STANDARD_RATE = 'US_STANDARD';
export const NO_TAX = 'US_NO_TAX';

const base = (path: string, id: string, name: string): Row => ({
  id,
  displayed_as: name,
  $path: `${path}/${id}`,
});

/** Only what every record shows, and what was asked for beside it. */
export function shown(row: Row, attributes: string | null): Row {
  if (attributes === 'all') return row;
  const names = ['id', 'displayed_as', '$path', ...(attributes?.split(',') ?? [])];
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));
}

/** A contact has no switch: who may not be billed any more was deleted. */
export const toContact = (customer: LedgerCustomer): Row => ({
  ...base('/contacts', customer.id, displayed(customer)),
  created_at: customer.updatedAt,
  updated_at: customer.updatedAt,
  deleted_at: customer.active ? null : customer.updatedAt,
  contact_types: [base('/contact_types', 'CUSTOMER', 'Customer')],
  name: customer.name,
  reference: customer.code,
  default_sales_tax_rate: null,
  currency: currencyOf(customer.currency),
  gdpr_obfuscated: false,
  system: false,
});

const displayed = ({ name, code }: LedgerCustomer): string =>
  code === null ? name : `${name} (${code})`;

export const toLedgerAccount = (item: LedgerItem, position: number): Row => ({
  ...base('/ledger_accounts', item.id, `${item.name} (${String(4000 + position)})`),
  name: item.name,
  nominal_code: 4000 + position,
  tax_rate: base('/tax_rates', STANDARD_RATE, 'Standard'),
  visible_in_sales: item.active,
  is_control_account: false,
});

export const taxRates = (ledger: Ledger): readonly Row[] =>
  [
    { id: STANDARD_RATE, name: 'Standard', percentage: percentageOf(STANDARD_RATE, ledger) },
    { id: NO_TAX, name: 'No Tax', percentage: percentageOf(NO_TAX, ledger) },
  ].map(({ id, name, percentage }) => ({
    ...base('/tax_rates', id, name),
    name,
    percentage: Number(percentage),
    is_visible: true,
    editable: false,
  }));

/** Null for a rate that there is not. */
export function percentageOf(rateId: string, ledger: Ledger): string | null {
  if (rateId === STANDARD_RATE) return ledger.settings().taxPercent;
  return rateId === NO_TAX ? '0' : null;
}

export const INVOICE_SETTINGS: Row = {
  $path: '/invoice_settings',
  default_note_on_invoice: 'Please pay to account 00-11-22 33445566.',
  default_note_on_credit_note: null,
  separate_invoice_credit_note_numbering: true,
};

const STATUSES = { open: 'UNPAID', voided: 'VOID', deleted: 'DELETED' } as const;

export const statusOf = ({ status }: LedgerDocument): string => STATUSES[status];

export function toDocument(document: LedgerDocument, ledger: Ledger): Row {
  const { kind, currency, status } = document;
  const customer = ledger.get('customer', document.customerId);
  const number = `SI-${String(ledger.all('document').indexOf(document) + 1)}`;
  const head = {
    ...base(DOCUMENT_PATHS[kind], document.id, number),
    created_at: document.createdAt,
    updated_at: document.updatedAt,
    deleted_at: status === 'deleted' ? document.updatedAt : null,
    contact: base('/contacts', document.customerId, customer?.name ?? ''),
    contact_name: customer?.name ?? '',
    date: document.date,
    reference: document.number,
    notes: document.memo,
    sent: document.sent ?? false,
    currency: currencyOf(currency),
    status: base('/artefact_statuses', statusOf(document), statusOf(document)),
    net_amount: Number(document.subtotal),
    tax_amount: Number(document.tax),
    total_amount: Number(totalOf(document)),
    outstanding_amount: Number(totalOf(document)),
  };
  const lines = document.lines.map((line, index) => {
    const rate = line.taxCode ?? NO_TAX;
    return {
      id: `${document.id}${String(index)}`,
      displayed_as: line.description,
      description: line.description,
      ledger_account: base('/ledger_accounts', line.itemId ?? '', nameOf(line.itemId, ledger)),
      quantity: Number(line.quantity),
      unit_price: Number(line.unitPrice),
      unit_price_includes_tax: false,
      net_amount: Number(line.amount),
      tax_rate: base('/tax_rates', rate, rate),
      tax_amount: Number(percentOf(line.amount, percentageOf(rate, ledger) ?? '0')),
    };
  });
  return kind === 'invoice'
    ? {
        ...head,
        invoice_number: number,
        due_date: document.dueDate ?? document.date,
        invoice_lines: lines,
      }
    : { ...head, credit_note_number: number, credit_note_lines: lines };
}

const nameOf = (itemId: string | null, ledger: Ledger): string =>
  (itemId === null ? undefined : ledger.get('item', itemId))?.name ?? '';

const currencyOf = (id: string): Row => ({ id, displayed_as: id, $path: `/currencies/${id}` });
