/**
 * Clients are the customers of the books (rulings 1). What the relay keeps beside the books' own
 * words is the version: it grows when a customer changes, and an approval knows the version it saw.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { Client, ClientId } from '../../core/model.ts';
import type { Currency } from '../../core/money.ts';
import type { BooksCustomer, BooksItem, BooksTaxCode } from '../accounting/accounting.ts';
import type { Clock } from '../clock.ts';
import { SHEET_SOURCE } from '../config-rules.ts';
import type { CustomerLink } from '../handlers.ts';
import { appendAudit } from '../store/audit.ts';
import type { Store, StoreTransaction } from '../store/database.ts';
import type { ClientTable } from '../store/schema-counts.ts';
import { plainWords } from './words.ts';

type Reader = Store | StoreTransaction;

export interface BooksContents {
  readonly customers: readonly BooksCustomer[];
  readonly items: readonly BooksItem[];
  /** Absent where no tax code is configured, or the books have none. */
  readonly taxCodes?: readonly BooksTaxCode[] | undefined;
}

const CODE_MAX = 60;

/** Equal for spellings that only differ in case, white space and characters nobody sees. */
export const nameFingerprint = (name: string): string =>
  createHash('sha256').update(plainWords(name, Infinity).toLowerCase()).digest('hex');

export async function readClients(store: Reader): Promise<Client[]> {
  const rows = await store.selectFrom('client').selectAll().orderBy('name').orderBy('id').execute();
  const confirmed = await store
    .selectFrom('mapping')
    .select(['name', 'target'])
    .where('source', '=', SHEET_SOURCE)
    .where('kind', '=', 'client')
    .where('state', '=', 'confirmed')
    .execute();
  return rows.map(({ id, code, name, currency, active }) => ({
    id,
    code,
    name,
    currency: currency as Currency,
    active: active === 1,
    aliases: confirmed.filter(({ target }) => target === id).map((row) => row.name),
  }));
}

export async function customerOf(store: Reader, clientId: ClientId): Promise<CustomerLink | null> {
  const row = await store
    .selectFrom('client')
    .selectAll()
    .where('id', '=', clientId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    clientId: row.id,
    clientName: row.name,
    customerId: row.customer_id,
    fingerprint: row.fingerprint,
    version: row.version,
    currency: row.currency,
    active: row.active === 1,
  };
}

/** Takes over what the books hold now. An empty answer never replaces a known one. */
export async function storeBooks(
  transaction: StoreTransaction,
  clock: Clock,
  contents: BooksContents,
  home: Currency,
): Promise<void> {
  const known = await transaction.selectFrom('client').selectAll().execute();
  if (contents.customers.length === 0 && known.length > 0) {
    const words = `The books list no customer at all; ${String(known.length)} are known. Nothing was taken over.`;
    throw new AppError('SOURCE_MALFORMED', words);
  }
  const byId = new Map(known.map((row) => [row.id, row]));
  for (const customer of contents.customers) {
    await storeCustomer(transaction, clock, { customer, row: byId.get(customer.id), home });
    byId.delete(customer.id);
  }
  for (const row of byId.values()) {
    if (row.active === 1)
      await changeClient(transaction, clock, row, { active: 0 }, 'is gone from the books');
  }
  await storeItems(transaction, contents.items);
  await storeTaxCodes(transaction, contents.taxCodes ?? []);
}

interface Arriving {
  readonly customer: BooksCustomer;
  readonly row: ClientTable | undefined;
  readonly home: Currency;
}

async function storeCustomer(
  transaction: StoreTransaction,
  clock: Clock,
  { customer, row, home }: Arriving,
): Promise<void> {
  const name = plainWords(customer.name);
  const now = {
    code: customer.code ? plainWords(customer.code, CODE_MAX) : null,
    name,
    fingerprint: nameFingerprint(customer.name),
    currency: customer.currency ?? home,
    active: customer.active ? 1 : 0,
  };
  if (!row) {
    const at = clock.now();
    const first = {
      id: customer.id,
      customer_id: customer.id,
      version: 1,
      first_seen_at: at,
      changed_at: at,
    };
    await transaction
      .insertInto('client')
      .values({ ...first, ...now })
      .execute();
    return;
  }
  const changed = (Object.keys(now) as (keyof typeof now)[]).filter((key) => now[key] !== row[key]);
  if (changed.length > 0) {
    const words = `changed in the books: ${changed.filter((key) => key !== 'fingerprint').join(', ')}`;
    await changeClient(transaction, clock, row, now, words);
  }
}

async function changeClient(
  transaction: StoreTransaction,
  clock: Clock,
  row: ClientTable,
  change: Partial<ClientTable>,
  words: string,
): Promise<void> {
  const version = row.version + 1;
  await transaction
    .updateTable('client')
    .set({ ...change, version, changed_at: clock.now() })
    .where('id', '=', row.id)
    .execute();
  await appendAudit(transaction, clock, {
    person: 'relay',
    action: 'changed customer',
    object: row.id,
    words: `${row.name} ${words} (version ${String(version)}).`,
  });
}

async function storeTaxCodes(
  transaction: StoreTransaction,
  codes: readonly BooksTaxCode[],
): Promise<void> {
  if (codes.length === 0) return;
  await transaction.deleteFrom('tax_code').execute();
  for (const { id, name, active } of codes) {
    const values = { id, name: plainWords(name), active: active ? 1 : 0 };
    await transaction.insertInto('tax_code').values(values).execute();
  }
}

async function storeItems(
  transaction: StoreTransaction,
  items: readonly BooksItem[],
): Promise<void> {
  if (items.length === 0) return;
  await transaction.deleteFrom('item').execute();
  for (const { id, name, active } of items) {
    const values = { id, name: plainWords(name), active: active ? 1 : 0 };
    await transaction.insertInto('item').values(values).execute();
  }
}
