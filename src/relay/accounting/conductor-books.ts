// The company behind Conductor: who it is, its customers and its items.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseCurrency, type Currency } from '../../core/money.ts';
import { collectPages, type HttpService, type Page, type Query } from '../http.ts';
import type {
  BooksCustomer,
  BooksItem,
  CompanyIdentity,
  DeletedInvoice,
  DocumentKind,
} from './accounting.ts';
import { explain, isAbsent } from './conductor-answers.ts';

const TITLE = 'QuickBooks Desktop';
const ROOT = '/quickbooks-desktop';
const PAGE_SIZE = 150;

const Company = z.object({
  companyName: z.string().nullable(),
  legalCompanyName: z.string().nullable(),
});
const Health = z.object({ status: z.literal('ok') });
const Customer = z.object({
  id: z.string().min(1),
  fullName: z.string().min(1),
  isActive: z.boolean(),
  accountNumber: z.string().nullable(),
  currency: z.object({ fullName: z.string().nullable() }).nullable(),
});
const Item = z.object({
  id: z.string().min(1),
  fullName: z.string().min(1),
  isActive: z.boolean(),
});

/** A page without an end: QuickBooks gives all deletions of 90 days at once. */
const Deletions = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      refNumber: z.string().nullable(),
      deletedAt: z.string().regex(/^\d{4}-\d\d-\d\d/, 'is no instant'),
    }),
  ),
});
const TRANSACTION_TYPES = { invoice: 'invoice', 'credit memo': 'credit_memo' } as const;

/** What an MSP bills with; discounts, subtotals and stock are not services. */
const ITEM_KINDS = ['service-items', 'non-inventory-items', 'other-charge-items'] as const;

export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    data: z.array(row),
    nextCursor: z.string().nullable(),
    remainingCount: z.number().nullable(),
    hasMore: z.boolean(),
  });

/**
 * Conductor keeps one cursor for the whole list, and each use of it moves on: a page is asked for
 * once, and what remains is held against what came.
 */
export function listAll<Row>(
  api: HttpService,
  path: string,
  schema: z.ZodType<{
    data: Row[];
    nextCursor: string | null;
    remainingCount: number | null;
    hasMore: boolean;
  }>,
  query: Query,
): Promise<readonly Row[]> {
  let seen = 0;
  let total: number | null = null;
  return collectPages(TITLE, async (cursor): Promise<Page<Row>> => {
    const asked = { ...query, limit: PAGE_SIZE, cursor };
    const page = await api.get(path, schema, { query: asked, once: cursor !== null });
    seen += page.data.length;
    const says = page.remainingCount === null ? total : seen + page.remainingCount;
    total ??= says;
    if (says !== total) throw malformed(`${path} lost a page or changed while it was read`);
    const rows = page.data;
    if (!page.hasMore) return { rows, next: null, ...(total === null ? {} : { total }) };
    if (page.nextCursor === null || rows.length === 0) {
      throw malformed(`${path} has more pages and names none`);
    }
    return { rows, next: page.nextCursor, position: `${page.nextCursor} ${String(seen)}` };
  });
}

const malformed = (words: string): AppError =>
  new AppError('SOURCE_MALFORMED', `${TITLE}: ${words}.`);

/** A company file has no id of its own: the connection and its names stand for it (F29). */
export async function identity(api: HttpService, endUserId: string): Promise<CompanyIdentity> {
  const path = `${ROOT}/company`;
  const answer = await api.read(path);
  if (answer.status !== 200) {
    const says = `${TITLE} refused ${path} (${String(answer.status)}).`;
    throw new AppError('SOURCE_REFUSED', `${says} ${api.redact(explain(answer) ?? '')}`.trim());
  }
  const { companyName, legalCompanyName } = api.parse(answer, Company, path);
  const name = companyName ?? legalCompanyName;
  if (!name) throw new AppError('SOURCE_MALFORMED', `${TITLE}: the company file has no name.`);
  const text = JSON.stringify([endUserId, companyName, legalCompanyName]);
  return {
    id: createHash('sha256').update(text).digest('hex').slice(0, 24),
    name,
    answeredAt: answer.headers['date'] ?? null,
  };
}

export async function checkHealth(api: HttpService): Promise<void> {
  await api.get(`${ROOT}/health-check`, Health);
}

export async function customers(api: HttpService): Promise<readonly BooksCustomer[]> {
  const query = { status: 'all', excludeAlternateShippingAddresses: true };
  const rows = await listAll(api, `${ROOT}/customers`, pageOf(Customer), query);
  return rows.map(toCustomer);
}

export async function customer(api: HttpService, id: string): Promise<BooksCustomer | null> {
  const path = `${ROOT}/customers/${encodeURIComponent(id)}`;
  const answer = await api.read(path);
  if (isAbsent(answer)) return null;
  if (answer.status === 200) return toCustomer(api.parse(answer, Customer, path));
  const words = explain(answer) ?? `It answered ${String(answer.status)}.`;
  throw new AppError(
    'SOURCE_REFUSED',
    `${TITLE} did not show customer ${id}. ${api.redact(words)}`,
  );
}

export async function items(api: HttpService): Promise<readonly BooksItem[]> {
  const found: BooksItem[] = [];
  // One after the other: QuickBooks works on one request at a time.
  for (const kind of ITEM_KINDS) {
    const rows = await listAll(api, `${ROOT}/${kind}`, pageOf(Item), { status: 'all' });
    found.push(
      ...rows.map(({ id, fullName, isActive }) => ({ id, name: fullName, active: isActive })),
    );
  }
  return found;
}

/** They come in the order in which they were deleted. */
export async function findDeleted(
  api: HttpService,
  document: DocumentKind,
  ref: string,
): Promise<DeletedInvoice | null> {
  const query = { transactionTypes: [TRANSACTION_TYPES[document]] };
  const { data } = await api.get(`${ROOT}/deleted-transactions`, Deletions, { query });
  const last = data.findLast(({ refNumber }) => refNumber === ref);
  return last ? { id: last.id, deletedAt: last.deletedAt } : null;
}

const toCustomer = (row: z.infer<typeof Customer>): BooksCustomer => ({
  id: row.id,
  name: row.fullName,
  code: row.accountNumber?.trim() || null,
  active: row.isActive,
  currency: currencyOf(row.currency),
});

const NAMES = new Intl.DisplayNames('en', { type: 'currency' });
/** QuickBooks' own names where they differ from the usual English ones (read 2026-11-21). */
const BY_NAME = new Map([
  ...Intl.supportedValuesOf('currency').map(
    (code) => [fold(NAMES.of(code) ?? code), code] as const,
  ),
  ['british pound sterling', 'GBP'] as const,
]);

/** Null when the books know one currency only. A name nobody knows is no currency: it never matches. */
export function currencyOf(
  reference: { readonly fullName: string | null } | null,
): Currency | null {
  const name = reference?.fullName;
  if (!name) return null;
  const code = BY_NAME.get(fold(name)) ?? name;
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code)
    ? parseCurrency(code)
    : ('XXX' as Currency);
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
