// The truth of the books, asked of the stand-in itself and compared with what was approved.
import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import type { InvoiceContent } from '../../../src/core/model.ts';
import type { Mcc } from './mcc.ts';

interface WireDocument {
  readonly id: string;
  readonly customer: { readonly id: string };
  readonly refNumber: string | null;
  readonly transactionDate: string;
  readonly memo: string | null;
  readonly lines: readonly {
    readonly item: { readonly id: string } | null;
    readonly description: string | null;
    readonly quantity: number | string | null;
    readonly amount: string | null;
  }[];
}

export interface BooksDocument {
  readonly customerId: string;
  readonly ref: string | null;
  readonly date: string;
  /** One text a line, sorted: item, description, quantity, amount. */
  readonly lines: readonly string[];
}

export async function booksOf(mcc: Pick<Mcc, 'sim'>): Promise<readonly BooksDocument[]> {
  const truth = await mcc.sim<{ invoices: WireDocument[]; creditMemos: WireDocument[] }>(
    'GET',
    '/_sim/books',
  );
  return [...truth.invoices, ...truth.creditMemos].map((document) => ({
    customerId: document.customer.id,
    ref: document.refNumber,
    date: document.transactionDate,
    lines: document.lines
      .map((line) =>
        [
          line.item?.id ?? '',
          line.description ?? '',
          String(Number(line.quantity)),
          line.amount ?? '',
        ].join(' | '),
      )
      .sort(),
  }));
}

/** What is approved for a month and was not withdrawn, read from the relay's database and nowhere else. */
export function approvedOf(data: string, period: string): readonly BooksDocument[] {
  const database = new Sqlite(join(data, 'relay.sqlite'), { readonly: true });
  try {
    const standing =
      "select ref, content from posting where state not in ('CANCELLED', 'SUPERSEDED')";
    const rows = database.prepare(standing).all() as { ref: string; content: string }[];
    return rows
      .map(({ ref, content }) => ({ ref, content: JSON.parse(content) as InvoiceContent }))
      .filter(({ content }) => content.period === period)
      .map(({ ref, content }) => ({
        customerId: content.customerId,
        ref,
        date: content.invoiceDate,
        lines: content.lines
          .map((line) =>
            [line.itemId, line.description, String(Number(line.quantity)), line.amount].join(' | '),
          )
          .sort(),
      }));
  } finally {
    database.close();
  }
}

export const byCustomer = (documents: readonly BooksDocument[]): readonly BooksDocument[] =>
  [...documents].sort((a, b) => a.customerId.localeCompare(b.customerId));
