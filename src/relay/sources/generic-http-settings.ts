/** What a configuration may say about a service that we have no adapter for; all of it is data. */
import { z } from 'zod';
import { BASES } from '../../core/model.ts';
import {
  Filter,
  listFindings,
  listKeys,
  type Finding,
  type ListSettings,
} from '../described/list-settings.ts';
import { serviceFindings, serviceKeys } from '../described/service.ts';
import { Pointer } from '../described/values.ts';

const ROWS_NAMED_MAX = 20;

const List = listKeys(['clientId', 'from', 'to']);

const Basis = z.enum(BASES);
const SkuText = z.string().trim().min(1, 'is empty').max(200);
const BasisRule = z.union(
  [
    Basis,
    /** By SKU; a SKU that is not named has the other one. */
    z.strictObject({ ofSku: z.record(SkuText, Basis), otherwise: Basis }),
    /** By a field of the row, whose values are named one by one. */
    z.strictObject({ at: Pointer, values: z.record(z.string(), Basis) }),
  ],
  { error: `must be ${BASES.join(', ')}, or ofSku with otherwise, or at with values` },
);

const Measure = z
  .strictObject({
    /** One of the two: the same SKU for every row, or a field. */
    sku: SkuText.optional(),
    skuAt: Pointer.optional(),
    skuName: SkuText.optional(),
    skuNameAt: Pointer.optional(),
    basis: BasisRule.default('active'),
    /** Absent: every row counts one. */
    quantityAt: Pointer.optional(),
    quantityAs: z.enum(['number', 'text']).default('number'),
    where: z.array(Filter).default([]),
  })
  .refine(({ sku, skuAt }) => (sku === undefined) !== (skuAt === undefined), {
    path: ['sku'],
    error: 'name either sku or skuAt',
  });

const Clients = z.strictObject({ ...List, client: z.strictObject({ id: Pointer, name: Pointer }) });
const Items = z.strictObject({
  ...List,
  /** Absent only where each client is asked for by its path. */
  client: z.strictObject({ id: Pointer, name: Pointer.optional() }).optional(),
  /** A value met twice for one client, SKU and basis counts once. */
  distinct: Pointer.optional(),
  /** The vendor's id of what a row counts, kept as a hash. */
  ids: Pointer.optional(),
  /** What the vendor asks for one: a number or decimal text. */
  unitCost: Pointer.optional(),
  counts: z.array(Measure).min(1, 'names nothing to count').max(ROWS_NAMED_MAX),
});

export const GenericSettings = z
  .strictObject({
    ...serviceKeys,
    clients: Clients.optional(),
    items: Items,
    /** SKUs that every client gets a row for, met or not, with words for a person. */
    skus: z.record(SkuText, SkuText).default({}),
  })
  .superRefine(checkTogether);

export type GenericSettings = z.infer<typeof GenericSettings>;
export type ItemSettings = z.infer<typeof Items>;
export type MeasureSettings = z.infer<typeof Measure>;

/** What keys must say about each other. */
function checkTogether(settings: GenericSettings, context: z.core.$RefinementCtx): void {
  const { clients, items } = settings;
  const findings = [
    ...serviceFindings(settings),
    ...(clients ? [...listFindings(clients, 'clients'), ...clientsFindings(clients)] : []),
    ...listFindings(items, 'items'),
    ...clientFindings(items, clients !== undefined),
    ...countFindings(items),
  ];
  for (const finding of findings) context.addIssue({ code: 'custom', ...finding });
}

const clientsFindings = (clients: ListSettings): Finding[] =>
  asksByClient(clients) ? [{ path: ['clients', 'path'], message: 'knows no {clientId} yet' }] : [];

/** A service that overlooks a filter would give everybody's rows to each: then rows name theirs. */
function clientFindings(items: ItemSettings, hasClients: boolean): Finding[] {
  if (!asksByClient(items)) {
    return items.client ? [] : [{ path: ['items', 'client'], message: 'is missing' }];
  }
  if (!hasClients) return [{ path: ['clients'], message: 'is missing, and {clientId} is of it' }];
  return items.client || items.path.includes('{clientId}')
    ? []
    : [{ path: ['items', 'client'], message: 'is missing: a filter may be overlooked, a row names its client' }]; // prettier-ignore
}

const countFindings = ({ distinct, counts }: ItemSettings): Finding[] =>
  counts.flatMap(({ quantityAt }, index) =>
    quantityAt !== undefined && distinct !== undefined
      ? [{ path: ['items', 'counts', index, 'quantityAt'], message: 'goes not with distinct, which counts rows' }] // prettier-ignore
      : [],
  );

/** Whether each client is asked for by itself. */
export const asksByClient = ({ path, query, question }: ListSettings): boolean =>
  JSON.stringify([path, query, question ?? null]).includes('{clientId}');
