// The account in NetSuite: who it is, its customers, items and currencies.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseCurrency, type Currency } from '../../core/money.ts';
import type { HttpService } from '../http.ts';
import type { BooksCustomer, BooksItem, CompanyIdentity } from './accounting.ts';
import { isAbsent } from './netsuite-answers.ts';
import { refusal, selectAll, TITLE, type Settings } from './netsuite-service.ts';

export const Reference = z.object({ id: z.string().regex(/^\d{1,15}$/, 'is not an internal id') });
const Text = z.string().nullish();
const Flag = z.enum(['T', 'F']);
const Id = z.string().regex(/^\d{1,15}$/, 'is not an internal id');

const Home = z.object({ links: z.array(z.object({ rel: z.string(), href: z.string() })) });
/** As the record shows a customer. */
const Customer = z.object({
  id: Id,
  entityId: z.string().min(1),
  companyName: Text,
  altName: Text,
  isInactive: z.boolean(),
  currency: Reference.nullish(),
});
/** As SuiteQL shows it: an empty column is left out. */
const CustomerRow = z.object({
  id: Id,
  entityid: z.string().min(1),
  companyname: Text,
  altname: Text,
  isinactive: Flag,
  currency: Id.nullish(),
});
const ItemRow = z.object({ id: Id, itemid: z.string().min(1), isinactive: Flag });
const CurrencyRow = z.object({ id: Id, symbol: z.string() });

/** What its amounts are counted in, and the currency it names: null where the account knows one. */
export interface Counted {
  readonly named: Currency | null;
  readonly counted: Currency;
}
/** By the internal id that a record gives; undefined where the record gives none. */
export type Currencies = (id: string | undefined) => Promise<Counted>;

/** The account that answers, by the address it gives itself. */
export async function identity(api: HttpService): Promise<CompanyIdentity> {
  const path = '/record/v1/customer';
  const answer = await api.read(path, { query: { limit: 1 } });
  if (answer.status !== 200) throw refusal(api, answer, 'its customers');
  const { links } = api.parse(answer, Home, path);
  const self = links.find(({ rel }) => rel === 'self')?.href ?? '';
  const account = /^https:\/\/([a-z\d-]+)\.suitetalk\.api\.netsuite\.com\//i.exec(self)?.[1];
  if (account === undefined) {
    throw new AppError('SOURCE_MALFORMED', `${TITLE}: it does not say which account answers.`);
  }
  const id = account.toUpperCase().replace('-', '_');
  return { id, name: `${TITLE} account ${id}`, answeredAt: answer.headers['date'] ?? null };
}

export async function customers(
  api: HttpService,
  currencies: Currencies,
): Promise<readonly BooksCustomer[]> {
  const columns = ['id', 'entityid', 'companyname', 'altname', 'isinactive', 'currency'];
  const rows = await selectAll(api, { columns, from: 'customer' }, CustomerRow);
  return Promise.all(
    rows.map(async (row) =>
      toCustomer(
        {
          id: row.id,
          entityId: row.entityid,
          companyName: row.companyname,
          altName: row.altname,
          isInactive: row.isinactive === 'T',
        },
        await currencies(row.currency ?? undefined),
      ),
    ),
  );
}

export async function customer(
  api: HttpService,
  id: string,
  currencies: Currencies,
): Promise<BooksCustomer | null> {
  if (!Id.safeParse(id).success) return null;
  const path = `/record/v1/customer/${id}`;
  const answer = await api.read(path);
  // The record that was merged into another is deleted there.
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) throw refusal(api, answer, `customer ${id}`);
  const row = api.parse(answer, Customer, path);
  if (row.id !== id) throw new AppError('SOURCE_MALFORMED', `${TITLE}: it gave another customer.`);
  return toCustomer(row, await currencies(row.currency?.id));
}

/** Whatever can stand in a line, by the name it has in the item list. */
export async function items(api: HttpService): Promise<readonly BooksItem[]> {
  const columns = ['id', 'itemid', 'isinactive'];
  const rows = await selectAll(api, { columns, from: 'item' }, ItemRow);
  return rows.map(({ id, itemid, isinactive }) => ({
    id,
    name: itemid,
    active: isinactive === 'F',
  }));
}

/** Its records name a currency by an internal id, which never comes to mean another one. */
export function createCurrencies(api: HttpService, { homeCurrency }: Settings): Currencies {
  const home = homeCurrency === undefined ? null : parseCurrency(homeCurrency);
  let known: Promise<ReadonlyMap<string, Currency>> | null = null;
  /** Whoever comes meanwhile waits for the same answer; a failed question is asked anew. */
  const ask = (): Promise<ReadonlyMap<string, Currency>> => {
    const asked = askCurrencies(api);
    asked.catch(() => {
      if (known === asked) known = null;
    });
    return asked;
  };
  const find = async (id: string): Promise<Currency | undefined> => {
    const before = known;
    const currency = (await (known ??= ask())).get(id);
    if (currency !== undefined || before === null) return currency;
    // It may have come into use since.
    if (known === before) known = ask();
    return (await known).get(id);
  };
  return async (id) => {
    if (home !== null && id === undefined) return { named: null, counted: home };
    if (home !== null || id === undefined) throw wrongHome(home);
    const currency = await find(id);
    if (currency) return { named: currency, counted: currency };
    throw new AppError('SOURCE_MALFORMED', `${TITLE}: its currency ${id} has no code such as USD.`);
  };
}

const wrongHome = (home: Currency | null): AppError =>
  new AppError(
    'SETUP_MISSING',
    home === null
      ? `${TITLE} names no currency: enter homeCurrency, the one the account counts in.`
      : `${TITLE} names currencies of its own: take homeCurrency ${home} out of the settings.`,
  );

async function askCurrencies(api: HttpService): Promise<ReadonlyMap<string, Currency>> {
  const columns = ['id', 'symbol'];
  const rows = await selectAll(api, { columns, from: 'currency' }, CurrencyRow);
  const coded = rows.filter(({ symbol }) => /^[A-Z]{3}$/.test(symbol));
  return new Map(coded.map(({ id, symbol }) => [id, parseCurrency(symbol)]));
}

const toCustomer = (
  row: Omit<z.infer<typeof Customer>, 'currency'>,
  { named }: Counted,
): BooksCustomer => {
  const name = row.companyName?.trim() || row.altName?.trim() || row.entityId;
  const code = row.entityId === name ? null : row.entityId;
  return { id: row.id, name, code, active: !row.isInactive, currency: named };
};
