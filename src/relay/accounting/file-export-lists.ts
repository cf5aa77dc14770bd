// Whom and what is billed, where no service can be asked: two lists that a person keeps as CSV,
// read again at each question.

import { basename } from 'node:path';
import { parseCurrency } from '../../core/money.ts';
import { readCsv } from '../tables/csv-rows.ts';
import { unusable } from '../tables/csv-text.ts';
import { planByName } from '../tables/named-columns.ts';
import type { BooksCustomer, BooksItem } from './accounting.ts';

const CUSTOMER_COLUMNS = ['id', 'code', 'name', 'currency', 'active'];
const ITEM_COLUMNS = ['id', 'name', 'active'];
const YES_OR_NO: Readonly<Record<string, boolean>> = { yes: true, no: false, true: true, false: false, '1': true, '0': false }; // prettier-ignore

export interface ListedItem extends BooksItem {
  /** What more the form of file asks of an item, by column. */
  readonly more: Readonly<Record<string, string>>;
}

export async function readCustomers(path: string): Promise<readonly BooksCustomer[]> {
  const rows = await readList(path, CUSTOMER_COLUMNS);
  return rows.map(({ at, id, name, cells, active }) => {
    const { code, currency } = cells;
    try {
      return { id, name, code: code || null, active, currency: currency ? parseCurrency(currency) : null }; // prettier-ignore
    } catch {
      throw unusable(basename(path), `${at}, column "currency": "${currency ?? ''}" is none`);
    }
  });
}

export async function readItems(
  path: string,
  more: readonly string[],
): Promise<readonly ListedItem[]> {
  const rows = await readList(path, [...ITEM_COLUMNS, ...more]);
  return rows.map(({ at, id, name, cells, active }) => {
    const empty = more.find((column) => !cells[column]);
    if (empty !== undefined) throw unusable(basename(path), `${at}, column "${empty}" is empty`);
    return { id, name, active, more: cells };
  });
}

interface ListedRow {
  readonly at: string;
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly cells: Readonly<Record<string, string>>;
}

/** An id twice or an empty cell where one is needed refuses the list: whom it names is not sure. */
async function readList(path: string, columns: readonly string[]): Promise<readonly ListedRow[]> {
  const name = basename(path);
  const rows = new Map<string, ListedRow>();
  const plan = planByName(columns, name, (values, row) => {
    const at = `row ${String(row)}`;
    const cells = Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
    const empty = ['id', 'name', 'active'].find((column) => !cells[column]);
    if (empty !== undefined) throw unusable(name, `${at}, column "${empty}" is empty`);
    const { id = '', active = '' } = cells;
    const isActive = YES_OR_NO[active.toLowerCase()];
    if (isActive === undefined) throw unusable(name, `${at}, column "active": "${active}" is neither yes nor no`); // prettier-ignore
    if (rows.has(id)) throw unusable(name, `${at}: the id "${id}" stands there twice`);
    rows.set(id, { at, id, name: cells['name'] ?? '', active: isActive, cells });
  });
  await readCsv({ path, plan });
  return [...rows.values()];
}
