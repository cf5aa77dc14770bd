// The organisation in Xero: who it is, its contacts, items and tax rates.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseCurrency } from '../../core/money.ts';
import type { HttpService } from '../http.ts';
import type { BooksCustomer, BooksItem, BooksTaxCode, CompanyIdentity } from './accounting.ts';
import { listAll, listWhole, TITLE } from './xero-service.ts';

const Organisation = z.object({ OrganisationID: z.guid(), Name: z.string().min(1) });
const Contact = z.object({
  ContactID: z.guid(),
  Name: z.string().min(1),
  ContactStatus: z.string().min(1),
  AccountNumber: z.string().nullish(),
  DefaultCurrency: z.string().nullish(),
  MergedToContactID: z.string().nullish(),
});
const Item = z.object({
  Code: z.string().min(1),
  Name: z.string().nullish(),
  IsSold: z.boolean().nullish(),
});
const TaxRate = z.object({
  TaxType: z.string().min(1),
  Name: z.string().min(1),
  Status: z.string().nullish(),
});

export async function identity(api: HttpService): Promise<CompanyIdentity> {
  const { rows, answeredAt } = await listWhole(api, 'Organisations', Organisation, 'Organisation');
  const [organisation] = rows;
  if (!organisation) throw new AppError('SOURCE_MALFORMED', `${TITLE}: it names no organisation.`);
  return { id: organisation.OrganisationID, name: organisation.Name, answeredAt };
}

export async function customers(api: HttpService): Promise<readonly BooksCustomer[]> {
  const rows = await listAll(api, 'Contacts', Contact, { includeArchived: true });
  return rows.filter((row) => !row.MergedToContactID).map(toCustomer);
}

export async function customer(api: HttpService, id: string): Promise<BooksCustomer | null> {
  const rows = await listAll(api, 'Contacts', Contact, { IDs: id, includeArchived: true });
  const row = rows.find(({ ContactID }) => ContactID.toLowerCase() === id.toLowerCase());
  return row && !row.MergedToContactID ? toCustomer(row) : null;
}

/** A line names its item by code; accounts and tax come from the item. */
export async function items(api: HttpService): Promise<readonly BooksItem[]> {
  const { rows } = await listWhole(api, 'Items', Item);
  return rows.map(({ Code, Name, IsSold }) => ({
    id: Code,
    name: Name?.trim() || Code,
    active: IsSold !== false,
  }));
}

export async function taxCodes(api: HttpService): Promise<readonly BooksTaxCode[]> {
  const { rows } = await listWhole(api, 'TaxRates', TaxRate);
  return rows.map(({ TaxType, Name, Status }) => ({
    id: TaxType,
    name: Name,
    active: Status === 'ACTIVE',
  }));
}

const toCustomer = (row: z.infer<typeof Contact>): BooksCustomer => ({
  id: row.ContactID,
  name: row.Name,
  code: row.AccountNumber?.trim() || null,
  active: row.ContactStatus === 'ACTIVE',
  currency: row.DefaultCurrency ? parseCurrency(row.DefaultCurrency) : null,
});
