// IIF, the text QuickBooks Desktop imports by hand: tab separated, one TRNS and a SPL for each line.
// Keywords, columns and signs by Intuit's reference to import files (read 2026-11-22): a debit is
// positive, so an invoice is positive on accounts receivable and negative on each of its lines.

import Papa from 'papaparse';
import type { InvoiceContent } from '../../core/model.ts';
import {
  negateAmount,
  negateQuantity,
  parseAmount,
  parseQuantity,
  parseUnitPrice,
  type Amount,
  type Currency,
} from '../../core/money.ts';
import { brokenLetters, decodeLetters, encodeLetters } from './file-export-letters.ts';
import { oneLine } from './file-export-text.ts';
import {
  brokenRow,
  parsed,
  type FileForm,
  type FileInvoice,
  type FileLine,
} from './file-export-record.ts';

const TRNS = ['TRNS', 'TRNSTYPE', 'DATE', 'ACCNT', 'NAME', 'AMOUNT', 'DOCNUM', 'MEMO'];
const SPL = ['SPL', 'TRNSTYPE', 'DATE', 'ACCNT', 'NAME', 'AMOUNT', 'DOCNUM', 'MEMO', 'QNTY', 'PRICE', 'INVITEM']; // prettier-ignore
const HEAD = [['!TRNS', ...TRNS.slice(1)], ['!SPL', ...SPL.slice(1)], ['!ENDTRNS']];
const TYPES = { invoice: 'INVOICE', 'credit memo': 'CREDIT MEMO' } as const;
const LINE_END = '\r\n';

interface Company {
  /** An IIF names no currency: it is the one of the company file. */
  readonly currency: Currency;
  /** The account of what customers owe. */
  readonly receivable: string;
}

export const iifForm = ({ currency, receivable }: Company): FileForm => ({
  extension: 'iif',
  limits: {
    ref: { length: 11, alphabet: 'A-Z 0-9 -' },
    descriptionLength: 4000,
    memoLength: 4000,
    idLength: 159,
    linesPerInvoice: 500,
    quantityDecimals: 4,
    priceDecimals: 5,
    amountIsProduct: true,
    documents: ['invoice', 'credit memo'],
    tax: 'books',
    currency: 'home',
  },
  itemColumns: ['account'],
  findBrokenRule: (content) => findBrokenRule(content, currency),
  findBrokenItem: ({ id, more: { account = '' } }) => {
    const letters = brokenLetters(account);
    return letters && `item "${id}", account "${account}": ${letters}`;
  },
  head: HEAD.map(toRow).join(''),
  rowsOf: (invoice) => toRows(invoice, receivable).map(toRow).join(''),
  encode: encodeLetters,
  decode: decodeLetters,
  read: (text, file) => read(text, file, currency),
});

function findBrokenRule(content: InvoiceContent, home: Currency): string | null {
  const { currency, customerId, lines } = content;
  if (currency !== home) return `currency ${currency}: an IIF file is in ${home} alone`;
  const customer = brokenLetters(customerId);
  if (customer !== null) return `customer "${customerId}": ${customer}`;
  for (const [index, { itemId, description }] of lines.entries()) {
    const where = `line ${index + 1}`;
    const item = brokenLetters(itemId);
    if (item !== null) return `${where}, item "${itemId}": ${item}`;
    const letters = brokenLetters(description);
    if (letters !== null) return `${where}, description: ${letters}`;
  }
  return null;
}

type Row = readonly string[];

const toRow = (cells: Row): string =>
  `${cells.map((cell) => (/["\r\n\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')}${LINE_END}`;

/** Texts stand as they are, "@Work" too: with a mark before it QuickBooks would make a customer. */
function toRows(invoice: FileInvoice, receivable: string): readonly Row[] {
  const { document, ref, customerId, total, memo } = invoice;
  const isInvoice = document === 'invoice';
  const [type, day] = [TYPES[document], toDay(invoice.date)];
  const owed = isInvoice ? total : negateAmount(total);
  return [
    ['TRNS', type, day, receivable, customerId, owed, ref, oneLine(memo)],
    ...invoice.lines.map(({ account, amount, description, quantity, unitPrice, itemId }) => {
      const sold = isInvoice ? negateAmount(amount) : amount;
      const pieces = isInvoice ? negateQuantity(quantity) : quantity;
      return ['SPL', type, day, account, '', sold, ref, oneLine(description), pieces, unitPrice, itemId]; // prettier-ignore
    }),
    ['ENDTRNS'],
  ];
}

/** "2026-09-30" is 9/30/2026 there. */
const toDay = (day: string): string => {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${String(Number(month))}/${String(Number(date))}/${year}`;
};

function fromDay(text: string): string | null {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (!match) return null;
  const [, month = '', day = '', year = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function read(text: string, file: string, currency: Currency): readonly FileInvoice[] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: '\t' });
  if (errors.length > 0) throw brokenRow(file, (errors[0]?.row ?? 0) + 1, 'is no row of IIF');
  while (data.at(-1)?.join('') === '') data.pop();
  const invoices: FileInvoice[] = [];
  let rows: PlacedRow[] = [];
  for (const [index, cells] of data.entries()) {
    const placed = { cells, place: { file, row: index + 1, currency } };
    const title = HEAD[index];
    if (title) {
      if (cells.join('\t') !== title.join('\t'))
        throw brokenRow(file, index + 1, 'has other columns');
    } else if (cells[0] === 'ENDTRNS') {
      invoices.push(readInvoice(rows, placed));
      rows = [];
    } else {
      rows.push(placed);
    }
  }
  if (rows.length > 0 || data.length < HEAD.length) {
    throw brokenRow(file, data.length, 'is the last one and ends nothing');
  }
  return invoices;
}

interface Place {
  readonly file: string;
  readonly row: number;
  readonly currency: Currency;
}

interface PlacedRow {
  readonly cells: Row;
  readonly place: Place;
}

function readInvoice([first, ...more]: readonly PlacedRow[], end: PlacedRow): FileInvoice {
  if (!first) throw brokenRow(end.place.file, end.place.row, 'ends nothing');
  const at = <Value>({ place }: PlacedRow, read: () => Value): Value =>
    parsed(place.file, place.row, read);
  const head = at(first, () => readHead(first.cells, first.place));
  const lines = more.map((row) => at(row, () => readLine(row.cells, head.document, row.place)));
  return { ...head, lines };
}

function readHead(cells: Row, { file, row, currency }: Place): Omit<FileInvoice, 'lines'> {
  const [keyword, type, day = '', , customerId = '', owed = '', ref = '', memo = ''] = cells;
  const document = type === TYPES.invoice ? 'invoice' : 'credit memo';
  const date = fromDay(day);
  if (keyword !== 'TRNS' || cells.length !== TRNS.length || type !== TYPES[document] || !date) {
    throw brokenRow(file, row, 'is no TRNS of an invoice or credit memo');
  }
  const amount: Amount = parseAmount(owed, currency);
  const total = document === 'invoice' ? amount : negateAmount(amount);
  return {
    document,
    ref,
    date,
    customerId,
    customerName: customerId,
    currency,
    memo,
    total,
  };
}

function readLine(cells: Row, document: FileInvoice['document'], place: Place): FileLine {
  const [keyword, type, , account = '', , sold = '', , text = '', pieces = '', price = '', itemId = ''] = cells; // prettier-ignore
  if (keyword !== 'SPL' || cells.length !== SPL.length || type !== TYPES[document]) {
    throw brokenRow(place.file, place.row, 'is no SPL of its TRNS');
  }
  const amount = parseAmount(sold, place.currency);
  const quantity = parseQuantity(pieces);
  return {
    itemId,
    account,
    description: text,
    quantity: document === 'invoice' ? negateQuantity(quantity) : quantity,
    unitPrice: parseUnitPrice(price),
    amount: document === 'invoice' ? negateAmount(amount) : amount,
  };
}
