/** Holds an invoice of the books against what was approved, to the cent and the line. */
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import { compareDecimals, type Amount, type Quantity, type UnitPrice } from '../../core/money.ts';
import type { BooksInvoice, InvoiceKeys } from '../accounting/accounting.ts';

export interface ComparedField {
  readonly name: string;
  readonly approved: string;
  readonly books: string;
  readonly equal: boolean;
}

type BooksLine = BooksInvoice['lines'][number];

/** What books show where they hold nothing. */
const NOTHING = '(nothing)';

/**
 * Every field that was approved beside what the books hold. Tax and due date are the books' own
 * (rulings 10). `keys` null: a person said that this is the invoice, so its number may differ.
 */
export function compareFields(
  content: InvoiceContent,
  keys: Pick<InvoiceKeys, 'ref'> | null,
  found: BooksInvoice,
): readonly ComparedField[] {
  const lines = pairLines(content.lines, found.lines);
  return [
    plain('Document', content.document, found.voided ? `voided ${found.document}` : found.document),
    ...(keys ? [plain('Number', keys.ref, found.ref)] : []),
    plain('Customer', content.customerId, found.customerId),
    // Books with one home currency do not name it.
    plain('Currency', content.currency, found.currency ?? content.currency),
    plain('Date', content.invoiceDate, found.date),
    plain('Lines', String(content.lines.length), String(found.lines.length)),
    ...lines.flatMap(({ approved, books }, index) => compareLine(index + 1, approved, books)),
    decimal('Total', content.total, found.subtotal),
  ];
}

export const isEqual = (fields: readonly ComparedField[]): boolean =>
  fields.every((field) => field.equal);

/** "Total: approved 1240.00, in the books 1220.00", for persons; the first three say enough. */
export function differenceWords(fields: readonly ComparedField[]): string {
  const wrong = fields.filter((field) => !field.equal);
  const named = wrong.slice(0, 3).map(({ name, approved, books }) => {
    return `${name}: approved ${approved}, in the books ${books}`;
  });
  const more = wrong.length > 3 ? `; and ${wrong.length - 3} more` : '';
  return `${named.join('; ')}${more}`;
}

function compareLine(
  position: number,
  approved: InvoiceLine,
  books: BooksLine | null,
): ComparedField[] {
  const name = `Line ${position} ${approved.description}`.slice(0, 60);
  if (!books) return [plain(name, approved.amount, null)];
  return [
    plain(`${name} item`, approved.itemId, books.itemId),
    plain(`${name} text`, squeeze(approved.description), squeeze(books.description)),
    decimal(`${name} quantity`, approved.quantity, books.quantity),
    // Books may keep the amount alone; then the amount is what can be compared.
    ...(books.unitPrice === null
      ? []
      : [decimal(`${name} price`, approved.unitPrice, books.unitPrice)]),
    decimal(`${name} amount`, approved.amount, books.amount),
  ];
}

/** In the order of the approval; books that sort lines their own way are matched line by line. */
function pairLines(
  approved: readonly InvoiceLine[],
  books: readonly BooksLine[],
): readonly { approved: InvoiceLine; books: BooksLine | null }[] {
  const left = [...books];
  const exact = approved.map((line) => {
    const index = left.findIndex((candidate) => isSameLine(line, candidate));
    return { approved: line, books: index < 0 ? null : (left.splice(index, 1)[0] ?? null) };
  });
  return exact.map((pair) => (pair.books ? pair : { ...pair, books: left.shift() ?? null }));
}

const isSameLine = (line: InvoiceLine, candidate: BooksLine): boolean =>
  isEqual(compareLine(1, line, candidate));

function plain(name: string, approved: string, books: string | null): ComparedField {
  return { name, approved, books: books ?? NOTHING, equal: approved === books };
}

function decimal<Kind extends Quantity | UnitPrice | Amount>(
  name: string,
  approved: Kind,
  books: Kind,
): ComparedField {
  return { name, approved, books, equal: compareDecimals(approved, books) === 0 };
}

const squeeze = (text: string): string => text.trim().replaceAll(/\s+/gu, ' ');
