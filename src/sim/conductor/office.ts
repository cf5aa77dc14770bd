/** What people in the office do in QuickBooks, behind the back of every program. */
import * as z from 'zod';
import type { Books, StoredCustomer, StoredDocument, StoredItem } from './books.ts';
import { deleteDocument, touched } from './document-changes.ts';
import { stamp } from './documents.ts';

const Decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

/** Another company: these customers and items instead of the sample's. */
export const WorldSchema = z.strictObject({
  company: z.string().min(1).optional(),
  customers: z
    .array(
      z.strictObject({
        id: z.string().max(36).optional(),
        name: z.string().min(1),
        code: z.string().nullish(),
        isActive: z.boolean().default(true),
      }),
    )
    .optional(),
  items: z
    .array(
      z.strictObject({
        id: z.string().max(36).optional(),
        name: z.string().min(1),
        kind: z.enum(['service', 'other_charge', 'non_inventory']).default('service'),
        price: Decimal.default('0'),
        isActive: z.boolean().default(true),
      }),
    )
    .optional(),
  /** Adds to what is there instead of replacing it. */
  keep: z.boolean().default(false),
});

export const EditSchema = z.union([
  z.strictObject({
    kind: z.literal('customer'),
    id: z.string(),
    set: z
      .strictObject({ fullName: z.string(), isActive: z.boolean(), code: z.string() })
      .partial(),
  }),
  z.strictObject({
    kind: z.literal('item'),
    id: z.string(),
    set: z.strictObject({ name: z.string(), isActive: z.boolean(), price: Decimal }).partial(),
  }),
  z.strictObject({
    kind: z.enum(['invoice', 'credit_memo']),
    id: z.string(),
    set: z
      .strictObject({
        refNumber: z.string(),
        memo: z.string().nullable(),
        customerId: z.string(),
        transactionDate: z.iso.date(),
        /** The amount of the first line. */
        firstAmount: z.string().regex(/^-?\d+\.\d{2}$/),
      })
      .partial(),
  }),
  z.strictObject({
    kind: z.enum(['invoice', 'credit_memo', 'customer', 'item']),
    id: z.string(),
    delete: z.literal(true),
  }),
]);

type World = z.output<typeof WorldSchema>;
type Edit = z.output<typeof EditSchema>;
type Answer = Readonly<Record<string, unknown>>;

export function replaceBooks(books: Books, world: World, nowMs: number): Answer {
  if (!world.keep) books.write({ event: 'cleared' });
  if (world.company !== undefined) books.write({ event: 'company', name: world.company });
  for (const customer of world.customers ?? []) addCustomer(books, customer, nowMs);
  for (const item of world.items ?? []) addItem(books, item, nowMs);
  return { customers: books.customers().length, items: books.items().length };
}

/** A name with a colon is a sub-customer; its parent is made when it is not there. */
export function addCustomer(
  books: Books,
  customer: NonNullable<World['customers']>[number],
  nowMs: number,
): StoredCustomer {
  const parentName = customer.name.split(':').slice(0, -1).join(':');
  const parent = parentName === '' ? null : findOrAddParent(books, parentName, nowMs);
  const value: StoredCustomer = {
    id: customer.id ?? listId(books.customers().length + 1),
    fullName: customer.name,
    parentId: parent?.id ?? null,
    code: customer.code ?? null,
    isActive: customer.isActive,
    ...born(nowMs),
  };
  books.write({ event: 'customer', value });
  return value;
}

function findOrAddParent(books: Books, name: string, nowMs: number): StoredCustomer {
  const known = books.customers().find(({ fullName }) => fullName === name);
  return known ?? addCustomer(books, { name, isActive: true }, nowMs);
}

export function addItem(
  books: Books,
  item: NonNullable<World['items']>[number],
  nowMs: number,
): void {
  const id = item.id ?? listId(0x1000 + books.items().length);
  const { name, kind, price, isActive } = item;
  books.write({
    event: 'item',
    value: { id, name, kind, price, isActive, description: name, ...born(nowMs) },
  });
}

const listId = (number: number): string =>
  `${(0x80000000 + number).toString(16).toUpperCase()}-1730200000`;

const born = (nowMs: number): Pick<StoredCustomer, 'createdAt' | 'updatedAt' | 'revision'> => ({
  createdAt: stamp(nowMs),
  updatedAt: stamp(nowMs),
  revision: Math.floor(nowMs / 1000),
});

export function editBooks(books: Books, edit: Edit, nowMs: number): Answer {
  if ('delete' in edit) return remove(books, edit.kind, edit.id, nowMs);
  switch (edit.kind) {
    case 'customer':
      return change<StoredCustomer>(books.customers(), edit, nowMs, (value) =>
        books.write({ event: 'customer', value }),
      );
    case 'item':
      return change<StoredItem>(books.items(), edit, nowMs, (value) =>
        books.write({ event: 'item', value }),
      );
    case 'invoice':
    case 'credit_memo': {
      const { firstAmount, ...set } = edit.set;
      return change<StoredDocument>(books.documents(edit.kind), { ...edit, set }, nowMs, (value) =>
        books.write({ event: 'document', value: withFirstAmount(value, firstAmount) }),
      );
    }
  }
}

function withFirstAmount(document: StoredDocument, amount: string | undefined): StoredDocument {
  if (amount === undefined) return document;
  const lines = document.lines.map((line, index) => (index === 0 ? { ...line, amount } : line));
  return { ...document, lines };
}

function change<Row extends { readonly id: string; readonly revision: number }>(
  rows: readonly Row[],
  { id, set }: { readonly id: string; readonly set: object },
  nowMs: number,
  write: (row: Row) => void,
): Answer {
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) return { changed: false };
  write({ ...row, ...set, ...touched(row, nowMs) });
  return { changed: true };
}

function remove(books: Books, kind: Edit['kind'], id: string, nowMs: number): Answer {
  if (kind === 'invoice' || kind === 'credit_memo') {
    return { changed: deleteDocument(id, kind, nowMs, books).status === 200 };
  }
  books.write({ event: 'removed', id });
  return { changed: true };
}
