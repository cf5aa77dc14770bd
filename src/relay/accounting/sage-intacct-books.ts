// The company of Sage Intacct: who it is, its customers, and the accounts that lines are billed to.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Currency } from '../../core/money.ts';
import type { HttpService } from '../http.ts';
import type { BooksCustomer, BooksItem, CompanyIdentity } from './accounting.ts';
import { isAbsent } from './sage-intacct-answers.ts';
import { queryAll, refusal, TITLE, type Settings } from './sage-intacct-service.ts';

const CUSTOMER = 'accounts-receivable/customer';

const Row = z.object({
  key: z.string().min(1),
  id: z.string().min(1),
  name: z.string().min(1),
  status: z.string().min(1),
});
type Row = z.infer<typeof Row>;
const FIELDS = ['key', 'id', 'name', 'status'];

/**
 * No call that names the company is described; the sign-in is for the company of the user's name
 * and no other, so a list that answers has shown it.
 */
export async function identity(
  api: HttpService,
  { username, entityId }: Settings,
): Promise<CompanyIdentity> {
  const answer = await api.read(`/objects/${CUSTOMER}`, { query: { start: 1, size: 1 } });
  if (answer.status !== 200) throw refusal(api, answer, 'the company');
  api.parse(answer, z.object({ 'ia::result': z.array(z.unknown()) }), CUSTOMER);
  const company = username.slice(username.lastIndexOf('@') + 1);
  const name = entityId === undefined ? company : `${company}, ${entityId}`;
  return { id: name, name, answeredAt: answer.headers['date'] ?? null };
}

export async function customers(
  api: HttpService,
  { currency }: Settings,
): Promise<readonly BooksCustomer[]> {
  const rows = await queryAll(api, { object: CUSTOMER, fields: FIELDS, row: Row });
  return rows.map((row) => toCustomer(row, currency));
}

export async function customer(
  api: HttpService,
  { currency }: Settings,
  key: string,
): Promise<BooksCustomer | null> {
  const path = `/objects/${CUSTOMER}/${encodeURIComponent(key)}`;
  const answer = await api.read(path);
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) throw refusal(api, answer, `customer ${key}`);
  const found = api.parse(answer, z.object({ 'ia::result': Row }), path)['ia::result'];
  if (found.key !== key) {
    throw new AppError('SOURCE_MALFORMED', `${TITLE} gave another customer than ${key}.`);
  }
  return toCustomer(found, currency);
}

/** An invoice line names a ledger account; one whose name another bears shows its number too. */
export async function accounts(api: HttpService): Promise<readonly BooksItem[]> {
  const object = 'general-ledger/account';
  const rows = await queryAll(api, { object, fields: FIELDS, row: Row });
  const names = Map.groupBy(rows, ({ name }) => name);
  return rows.map(({ key, id, name, status }) => ({
    id: key,
    name: names.get(name)?.length === 1 ? name : `${name} (${id})`,
    active: isActive(status),
  }));
}

/** "activeNonPosting" takes no invoices. */
const isActive = (status: string): boolean => status === 'active';

const toCustomer = ({ key, id, name, status }: Row, currency: Currency): BooksCustomer => ({
  id: key,
  name,
  code: id,
  active: isActive(status),
  currency,
});
