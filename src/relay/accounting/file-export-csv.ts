// CSV of invoices: a row for each line, texts guarded, decimals as they were approved.

import Papa from 'papaparse';
import { parseAmount, parseCurrency, parseQuantity, parseUnitPrice } from '../../core/money.ts';
import { guardText, openText } from './file-export-text.ts';
import { brokenRow, parsed, type FileForm, type FileInvoice } from './file-export-record.ts';

const COLUMNS = [
  'document', 'number', 'date', 'customerId', 'customer', 'currency', 'total', 'memo',
  'line', 'itemId', 'description', 'quantity', 'unitPrice', 'amount',
] as const; // prettier-ignore
type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

const LINE_END = '\r\n';

export const csvForm: FileForm = {
  extension: 'csv',
  limits: {
    ref: { length: 40, alphabet: 'A-Z 0-9 -' },
    descriptionLength: 4000,
    memoLength: null,
    idLength: 255,
    linesPerInvoice: null,
    quantityDecimals: 4,
    priceDecimals: 7,
    amountIsProduct: false,
    documents: ['invoice', 'credit memo'],
    tax: 'books',
    currency: 'document',
  },
  itemColumns: [],
  findBrokenRule: () => null,
  findBrokenItem: () => null,
  // Excel takes UTF-8 for UTF-8 by this mark only.
  head: `\uFEFF${COLUMNS.join(',')}${LINE_END}`,
  encode: (text) => Buffer.from(text, 'utf8'),
  decode: (bytes) => bytes.toString('utf8'),

  rowsOf: (invoice) =>
    invoice.lines
      .map((_, index) => toCells(invoice, index))
      .map((cells) => Papa.unparse([COLUMNS.map((column) => cells[column])]) + LINE_END)
      .join(''),

  read(text, file) {
    const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { delimiter: ',' });
    if (errors.length > 0) throw brokenRow(file, (errors[0]?.row ?? 0) + 1, 'is no row of CSV');
    const [titles, ...rows] = data;
    if (titles?.join() !== COLUMNS.join()) throw brokenRow(file, 1, 'has other columns');
    while (rows.at(-1)?.join('') === '') rows.pop();
    const invoices: FileInvoice[] = [];
    for (const [index, row] of rows.entries()) addRow(invoices, row, { file, row: index + 2 });
    return invoices;
  },
};

function toCells(invoice: FileInvoice, index: number): Cells {
  const line = invoice.lines[index];
  return {
    document: invoice.document,
    number: invoice.ref,
    date: invoice.date,
    customerId: guardText(invoice.customerId),
    customer: guardText(invoice.customerName),
    currency: invoice.currency,
    total: invoice.total,
    memo: guardText(invoice.memo),
    line: String(index + 1),
    itemId: guardText(line?.itemId ?? ''),
    description: guardText(line?.description ?? ''),
    quantity: line?.quantity ?? '',
    unitPrice: line?.unitPrice ?? '',
    amount: line?.amount ?? '',
  };
}

interface Place {
  readonly file: string;
  readonly row: number;
}

/** Line 1 begins an invoice, so that the same one twice is two. */
function addRow(invoices: FileInvoice[], row: readonly string[], { file, row: at }: Place): void {
  if (row.length !== COLUMNS.length) throw brokenRow(file, at, 'has another number of values');
  const cells = Object.fromEntries(COLUMNS.map((name, index) => [name, row[index] ?? ''])) as Cells;
  const invoice = parsed(file, at, () => toInvoice(cells));
  if (!invoice) throw brokenRow(file, at, 'is no invoice and no credit memo');
  const open = invoices.at(-1);
  if (cells.line === '1') {
    invoices.push(invoice);
  } else if (open && cells.line === String(open.lines.length + 1) && isSameHead(open, invoice)) {
    invoices[invoices.length - 1] = { ...open, lines: [...open.lines, ...invoice.lines] };
  } else {
    throw brokenRow(file, at, 'does not follow the line before it');
  }
}

function toInvoice(cells: Cells): FileInvoice | null {
  const { document, number: ref, date } = cells;
  if (document !== 'invoice' && document !== 'credit memo') return null;
  const currency = parseCurrency(cells.currency);
  const line = {
    itemId: openText(cells.itemId),
    account: '',
    description: openText(cells.description),
    quantity: parseQuantity(cells.quantity),
    unitPrice: parseUnitPrice(cells.unitPrice),
    amount: parseAmount(cells.amount, currency),
  };
  return {
    document,
    ref,
    date,
    customerId: openText(cells.customerId),
    customerName: openText(cells.customer),
    currency,
    memo: openText(cells.memo),
    total: parseAmount(cells.total, currency),
    lines: [line],
  };
}

const headOf = (invoice: FileInvoice): string => JSON.stringify({ ...invoice, lines: [] });
const isSameHead = (a: FileInvoice, b: FileInvoice): boolean => headOf(a) === headOf(b);
