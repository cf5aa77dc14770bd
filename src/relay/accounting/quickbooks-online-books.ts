// The company of QuickBooks Online: who it is, its customers, items and tax codes.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseCurrency, type Currency } from '../../core/money.ts';
import type { HttpService } from '../http.ts';
import type { BooksCustomer, BooksItem, BooksTaxCode, CompanyIdentity } from './accounting.ts';
import { isAbsent } from './quickbooks-online-answers.ts';
import { queryAll, refusal, TITLE, versioned, type Settings } from './quickbooks-online-service.ts';

/** A list shows what is active only, unless it is asked for all. */
const ALL = 'Active IN (true, false)';
/** A heading and a bundle are no line of an invoice. */
const NOT_BILLED = new Set(['Category', 'Group', 'Bundle']);
/** In the United States a line is taxable or it is not; the rates are the books' own affair. */
const US_TAX_CODES: readonly BooksTaxCode[] = [
  { id: 'TAX', name: 'Taxable', active: true },
  { id: 'NON', name: 'Not taxable', active: true },
];

export const Reference = z.object({ value: z.string().min(1) });
const Company = z.object({ CompanyInfo: z.object({ CompanyName: z.string().min(1) }) });
const Preferences = z.object({
  Preferences: z.object({ SalesFormsPrefs: z.object({ CustomTxnNumbers: z.boolean() }) }),
});
const Customer = z.object({
  Id: z.string().min(1),
  DisplayName: z.string().min(1),
  Active: z.boolean(),
  CurrencyRef: Reference.nullish(),
});
const Item = z.object({
  Id: z.string().min(1),
  Name: z.string().min(1),
  FullyQualifiedName: z.string().min(1).nullish(),
  Active: z.boolean(),
  Type: z.string(),
});
const TaxCode = z.object({ Id: z.string().min(1), Name: z.string().min(1), Active: z.boolean() });

/** Refuses a company that gives its own numbers: ours would not be kept, so nothing were found. */
export async function identity(api: HttpService, { realmId }: Settings): Promise<CompanyIdentity> {
  const preferences = await api.get(versioned('/preferences'), Preferences);
  if (!preferences.Preferences.SalesFormsPrefs.CustomTxnNumbers) {
    const where = 'Account and settings, Sales, Sales form content';
    const words = `${TITLE}: turn on "Custom transaction numbers" (${where}) so that invoices keep our number.`;
    throw new AppError('SETUP_MISSING', words);
  }
  const path = versioned(`/companyinfo/${realmId}`);
  const answer = await api.read(path);
  if (answer.status !== 200) throw refusal(api, answer, 'the company');
  const { CompanyInfo } = api.parse(answer, Company, path);
  const answeredAt = answer.headers['date'] ?? null;
  return { id: realmId, name: CompanyInfo.CompanyName, answeredAt };
}

export async function checkHealth(api: HttpService, { realmId }: Settings): Promise<void> {
  await api.get(versioned(`/companyinfo/${realmId}`), Company);
}

export async function customers(api: HttpService): Promise<readonly BooksCustomer[]> {
  return (await queryAll(api, 'Customer', Customer, ALL)).map(toCustomer);
}

export async function customer(api: HttpService, id: string): Promise<BooksCustomer | null> {
  const path = versioned(`/customer/${encodeURIComponent(id)}`);
  const answer = await api.read(path);
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) throw refusal(api, answer, `customer ${id}`);
  return toCustomer(api.parse(answer, z.object({ Customer }), path).Customer);
}

export async function items(api: HttpService): Promise<readonly BooksItem[]> {
  const rows = await queryAll(api, 'Item', Item, ALL);
  return rows
    .filter(({ Type }) => !NOT_BILLED.has(Type))
    .map(({ Id, Name, FullyQualifiedName, Active }) => ({
      id: Id,
      name: FullyQualifiedName ?? Name,
      active: Active,
    }));
}

export async function taxCodes(
  api: HttpService,
  { country }: Settings,
): Promise<readonly BooksTaxCode[]> {
  if (country === 'US') return US_TAX_CODES;
  const rows = await queryAll(api, 'TaxCode', TaxCode, ALL);
  return rows.map(({ Id, Name, Active }) => ({ id: Id, name: Name, active: Active }));
}

const toCustomer = (row: z.infer<typeof Customer>): BooksCustomer => ({
  id: row.Id,
  name: row.DisplayName,
  code: null,
  active: row.Active,
  currency: currencyOf(row.CurrencyRef),
});

/** Null where the company works in its home currency alone. */
export const currencyOf = (
  reference: z.infer<typeof Reference> | null | undefined,
): Currency | null => (reference ? parseCurrency(reference.value) : null);
