// Rows of a described answer as customers, items and documents; numbers are texts in them.

import { AppError } from '../../core/errors.ts';
import {
  parseAmount,
  parseCurrency,
  parseQuantity,
  parseUnitPrice,
  type Currency,
} from '../../core/money.ts';
import { isWanted, listAt, malformedAt, nextAt, textAt, valueAt, type Row } from '../described/rows.ts'; // prettier-ignore
import type { FilterSettings } from '../described/list-settings.ts';
import type { BooksCustomer, BooksInvoice, BooksItem, DocumentKind } from './accounting.ts';
import type { PosterSettings, Row as RowSettings } from './generic-json-poster-settings.ts';
import { markerIn } from './lookup.ts';

/** Numbers are texts in these rows, so those of a filter are too. */
export function isPosterRow(row: Row, filters: readonly FilterSettings[]): boolean {
  return isWanted(row, filters.map(withTexts));
}

const asText = <Value>(value: Value): Value | string =>
  typeof value === 'number' ? String(value) : value;

const withTexts = (filter: FilterSettings): FilterSettings => ({
  ...filter,
  equals: asText(filter.equals),
  in: filter.in?.map(asText),
  notIn: filter.notIn?.map(asText),
});

type CustomerRow = PosterSettings['customers']['row'];
type ItemRow = PosterSettings['items']['row'];

export const toCustomer = (row: Row, at: CustomerRow): BooksCustomer => ({
  ...toItem(row, at),
  code: at.code === undefined ? null : optionalText(row, at.code),
  currency: at.currency === undefined ? null : read(row, at.currency, parseCurrency),
});

export const toItem = (row: Row, { id, name, active }: ItemRow): BooksItem => ({
  id: textAt(row, id),
  name: textAt(row, name),
  active: active === undefined || isPosterRow(row, [active]),
});

export function toInvoice(
  row: Row,
  at: RowSettings,
  { document, home }: { readonly document: DocumentKind; readonly home: Currency },
): BooksInvoice {
  const currency = at.currency === undefined ? home : read(row, at.currency, parseCurrency);
  const toMoney = (text: string) => parseAmount(text, currency);
  return {
    id: textAt(row, at.id),
    document,
    ref: optionalText(row, at.ref),
    marker: markerIn(optionalText(row, at.marker)),
    customerId: textAt(row, at.customerId),
    currency,
    date: read(row, at.date, parseDay),
    lines: listAt(row, at.lines).map((value, index) => {
      const line = { value, place: `${row.place}, line ${String(index + 1)}` };
      const { itemId, description, quantity, unitPrice, amount } = at.line;
      return {
        itemId: itemId === undefined ? null : optionalText(line, itemId),
        description: optionalText(line, description) ?? '',
        quantity: read(line, quantity, parseQuantity),
        unitPrice: unitPrice === undefined ? null : read(line, unitPrice, parseUnitPrice),
        amount: read(line, amount, toMoney),
      };
    }),
    subtotal: read(row, at.subtotal, toMoney),
    tax: at.tax === undefined ? null : read(row, at.tax, toMoney),
    voided: at.voided !== undefined && isPosterRow(row, [at.voided]),
  };
}

/** Null for null and ""; a pointer that finds nothing is a description that does not fit. */
const optionalText = (row: Row, pointer: string): string | null => nextAt(row, pointer, false);

/** A text of decimals may have zeros at its end that ours never have. */
function read<Value>(row: Row, pointer: string, parse: (text: string) => Value): Value {
  const value = valueAt(row, pointer);
  if (typeof value !== 'string') throw malformedAt(row.place, pointer, 'is no text and no number');
  try {
    return parse(value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''));
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw malformedAt(row.place, pointer, `cannot be read: ${cause.message}`);
  }
}

/** A day, or an instant that begins with one. */
function parseDay(text: string): string {
  const day = /^\d{4}-\d\d-\d\d(?=$|T)/.exec(text)?.[0];
  if (day !== undefined) return day;
  throw new AppError('INPUT_INVALID', `"${text.slice(0, 40)}" is no day such as 2026-10-31`);
}
