// The business in Sage Accounting: who it is, its contacts, ledger accounts and tax rates.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseCurrency, type Currency } from '../../core/money.ts';
import type { HttpService } from '../http.ts';
import type { BooksCustomer, BooksItem, BooksTaxCode, CompanyIdentity } from './accounting.ts';
import { listAll, readOne, refusal, TITLE, type Settings } from './sage-accounting-service.ts';

export const Reference = z.object({ id: z.string().min(1) });
const Businesses = z.object({
  $items: z.array(z.object({ id: z.string().min(1), displayed_as: z.string().min(1) })),
});
export const Contact = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  reference: z.string().nullish(),
  contact_types: z.array(Reference),
  currency: Reference.nullish(),
  default_sales_tax_rate: Reference.nullish(),
  deleted_at: z.string().nullish(),
  gdpr_obfuscated: z.boolean().nullish(),
  system: z.boolean().nullish(),
});
export const LedgerAccount = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  tax_rate: Reference.nullish(),
});
const TaxRate = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  is_visible: z.boolean().nullish(),
});

const CUSTOMER = 'CUSTOMER';

/** Refuses a business that is none of the person's: Sage might answer for another one. */
export async function identity(
  api: HttpService,
  { businessId }: Settings,
): Promise<CompanyIdentity> {
  const path = '/businesses';
  const answer = await api.read(path);
  if (answer.status !== 200) throw refusal(api, answer, 'the businesses');
  const { $items } = api.parse(answer, Businesses, path);
  const own = $items.find(({ id }) => id === businessId);
  if (!own) {
    const words = `${TITLE}: businessId: the person who signed in has no business of this id.`;
    throw new AppError('SETUP_MISSING', words);
  }
  return { id: own.id, name: own.displayed_as, answeredAt: answer.headers['date'] ?? null };
}

export async function customers(api: HttpService): Promise<readonly BooksCustomer[]> {
  const query = { contact_type_id: CUSTOMER, exclude_system: true };
  return (await listAll(api, '/contacts', Contact, query)).map(toCustomer);
}

export async function customer(api: HttpService, id: string): Promise<BooksCustomer | null> {
  const row = await readOne(api, { list: '/contacts', id }, Contact);
  return row && toCustomer(row);
}

export const ledgerAccounts = (
  api: HttpService,
): Promise<readonly z.infer<typeof LedgerAccount>[]> =>
  listAll(api, '/ledger_accounts', LedgerAccount, { visible_in: 'sales' });

/** A line names the ledger account it is sold to; one that sales does not see is not listed. */
export async function items(api: HttpService): Promise<readonly BooksItem[]> {
  return (await ledgerAccounts(api)).map(({ id, name }) => ({ id, name, active: true }));
}

export async function taxCodes(api: HttpService): Promise<readonly BooksTaxCode[]> {
  const rows = await listAll(api, '/tax_rates', TaxRate);
  return rows.map(({ id, name, is_visible: isVisible }) => ({
    id,
    name,
    active: isVisible !== false,
  }));
}

/** A contact has no switch: it is there or deleted, and who only sells to us is no customer. */
const toCustomer = (row: z.infer<typeof Contact>): BooksCustomer => ({
  id: row.id,
  name: row.name,
  code: row.reference?.trim() || null,
  active:
    row.deleted_at == null &&
    row.gdpr_obfuscated !== true &&
    row.system !== true &&
    row.contact_types.some(({ id }) => id === CUSTOMER),
  currency: currencyOf(row.currency),
});

/** Null where the business works in its home currency alone. */
export const currencyOf = (
  reference: { readonly id: string } | null | undefined,
): Currency | null => (reference ? parseCurrency(reference.id) : null);
