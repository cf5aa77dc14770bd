/** What we sell and how the books call it: the services of the configuration beside the items. */
import { sql } from 'kysely';
import { AppError } from '../../core/errors.ts';
import type { Service, ServiceId } from '../../core/model.ts';
import { SHEET_SOURCE } from '../config-rules.ts';
import type { RelayConfig } from '../config.ts';
import type { Store, StoreTransaction } from '../store/database.ts';

type Reader = Store | StoreTransaction;

/** Services with the spellings that a person confirmed for the sheet. */
export async function readServices(store: Reader, config: RelayConfig): Promise<Service[]> {
  const confirmed = await store
    .selectFrom('mapping')
    .select(['ref', 'name', 'target'])
    .where('source', '=', SHEET_SOURCE)
    .where('kind', '=', 'service')
    .where('state', '=', 'confirmed')
    .execute();
  return config.services.map(({ id, name, basis, unit, members, bundle, aliases }) => {
    const spelled = confirmed.filter(({ target }) => target === id).map((row) => row.name);
    return {
      ...{ id, name, basis, unit, members },
      ...(bundle.length > 0 ? { bundle } : {}),
      aliases: [...new Set([...aliases, ...spelled])],
    };
  });
}

/** The item a service is billed as; by id, else by exactly one equal name. */
export async function itemOf(
  store: Reader,
  config: RelayConfig,
  serviceId: ServiceId,
): Promise<{ id: string; name: string }> {
  const service = config.services.find(({ id }) => id === serviceId);
  if (!service) {
    throw new AppError('INPUT_INVALID', `There is no service "${serviceId}" in the catalogue.`);
  }
  if (service.members.length > 0) {
    const words = `${service.name} is a group and never billed itself. Bill one of its members.`;
    throw new AppError('INPUT_INVALID', words);
  }
  const wanted = service.item ?? '';
  const items = await store
    .selectFrom('item')
    .selectAll()
    .where((where) =>
      where.or([
        where('id', '=', wanted),
        where(sql`lower(name)`, '=', wanted.trim().toLowerCase()),
      ]),
    )
    .execute();
  const named = items.filter(({ name }) => sameName(name, wanted));
  const item = items.find(({ id }) => id === wanted) ?? (named.length === 1 ? named[0] : undefined);
  if (!item) {
    const why = named.length > 1 ? `${String(named.length)} items have this name` : 'there is none';
    const words = `Service ${service.name}: no item "${wanted}" in the books (${why}). Correct "item" or create it there.`;
    throw new AppError('SETUP_MISSING', words);
  }
  if (item.active === 0) {
    const words = `Service ${service.name}: the item "${item.name}" is inactive in the books. Activate it there.`;
    throw new AppError('SETUP_MISSING', words);
  }
  return { id: item.id, name: item.name };
}

/**
 * The tax code of a customer by the configuration, its own or the default: by id, else by exactly
 * one equal name. Null where none is configured: tax is then the books' own affair.
 */
export async function taxCodeOf(
  store: Reader,
  { books: { tax } }: Pick<RelayConfig, 'books'>,
  customer: { readonly customerId: string; readonly clientName: string },
): Promise<{ id: string; name: string } | null> {
  const { customerId, clientName } = customer;
  const own = Object.entries(tax?.customers ?? {}).find(
    ([name]) => name === customerId || sameName(name, clientName),
  );
  const wanted = own?.[1] ?? tax?.default;
  if (wanted === undefined) return null;
  const codes = await store.selectFrom('tax_code').selectAll().execute();
  const named = codes.filter(({ name }) => sameName(name, wanted));
  const code = codes.find(({ id }) => id === wanted) ?? (named.length === 1 ? named[0] : undefined);
  const key = own ? `books.tax.customers."${own[0]}"` : 'books.tax.default';
  if (!code) {
    const why = named.length > 1 ? `${String(named.length)} have this name` : 'there is none';
    const words = `${clientName}: no tax code "${wanted}" in the books (${why})`;
    throw new AppError('SETUP_MISSING', `${words}. Correct ${key} or create it there.`);
  }
  if (code.active === 0) {
    const words = `${clientName}: the tax code "${code.name}" is inactive in the books`;
    throw new AppError('SETUP_MISSING', `${words}. Activate it there or correct ${key}.`);
  }
  return { id: code.id, name: code.name };
}

const sameName = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();
