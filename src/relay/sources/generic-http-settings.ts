/** What a configuration may say about a service that we have no adapter for; all of it is data. */
import { z } from 'zod';
import { BASES } from '../../core/model.ts';
import { loopbackUrl } from '../http.ts';
import { Auth, Host, kinds, ParameterName, Path, PlainHeaders, PlainQuery, Pointer } from './generic-http-values.ts'; // prettier-ignore

const ROWS_NAMED_MAX = 20;

const Numbered = {
  parameter: ParameterName,
  in: z.enum(['query', 'body']).default('query'),
  /** How many are asked for at once, and by which parameter; both or none. */
  sizeParameter: ParameterName.optional(),
  size: z.int().min(1, 'must be at least 1').max(100_000).optional(),
  /** True or false: whether there are more. Without it and a total an empty page ends the list. */
  more: Pointer.optional(),
};
/** Whether the end of the list is a null (or ""), or may be a key that is not there at all. */
const EndsBy = z.enum(['null', 'absent']).default('null');

const Paging = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('page'),
      first: z.union([z.literal(0), z.literal(1)], { error: 'must be 0 or 1' }),
      /** How many pages there are, by the answer. */
      pages: Pointer.optional(),
      ...Numbered,
    }),
    z.strictObject({ kind: z.literal('offset'), ...Numbered }),
    z.strictObject({ kind: z.literal('last-id'), id: Pointer, ...Numbered }),
    z.strictObject({ kind: z.literal('cursor'), next: Pointer, endsBy: EndsBy, ...Numbered }),
    z.strictObject({ kind: z.literal('link'), next: Pointer, endsBy: EndsBy }),
    z.strictObject({ kind: z.literal('link-header') }),
  ],
  kinds('none, page, offset, last-id, cursor, link or link-header'),
);

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be text, a number, true, false or null',
});
const Filter = z
  .strictObject({
    at: Pointer,
    equals: Scalar.optional(),
    in: z.array(Scalar).min(1, 'names no value').optional(),
    notIn: z.array(Scalar).min(1, 'names no value').optional(),
    /** The field may be left out by the service, which then means null. */
    optional: z.boolean().default(false),
  })
  .refine(
    (filter) => [filter.equals, filter.in, filter.notIn].filter((one) => one !== undefined).length === 1,
    { error: 'name one of equals, in and notIn' },
  ); // prettier-ignore

const List = {
  path: Path,
  query: PlainQuery,
  headers: PlainHeaders,
  /** Put by POST as JSON instead of GET. */
  question: z.record(z.string(), z.json()).optional(),
  /** Where the rows stand in the answer; "" when the answer is the list. */
  rows: Pointer,
  /** How many rows the whole list has, by the answer. */
  total: Pointer.optional(),
  paging: Paging.default({ kind: 'none' }),
  where: z.array(Filter).default([]),
};

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
    host: Host.optional(),
    baseUrl: loopbackUrl.optional(),
    auth: Auth,
    headers: PlainHeaders,
    rate: z
      .strictObject({ calls: z.int().min(1).max(100_000), perSeconds: z.int().min(1).max(86_400) })
      .optional(),
    clients: Clients.optional(),
    items: Items,
    /** SKUs that every client gets a row for, met or not, with words for a person. */
    skus: z.record(SkuText, SkuText).default({}),
  })
  .superRefine(checkTogether);

export type GenericSettings = z.infer<typeof GenericSettings>;
export type ListSettings = z.infer<typeof Clients> | z.infer<typeof Items>;
export type ItemSettings = z.infer<typeof Items>;
export type MeasureSettings = z.infer<typeof Measure>;
export type FilterSettings = z.infer<typeof Filter>;
export type PagingSettings = z.infer<typeof Paging>;

interface Finding {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What keys must say about each other. */
function checkTogether(settings: GenericSettings, context: z.core.$RefinementCtx): void {
  const { host, baseUrl, clients, items } = settings;
  const findings = [
    ...(host === undefined && baseUrl === undefined
      ? [{ path: ['host'], message: 'is missing' }]
      : []),
    ...(clients ? [...listFindings(clients, 'clients'), ...clientsFindings(clients)] : []),
    ...listFindings(items, 'items'),
    ...clientFindings(items, clients !== undefined),
    ...countFindings(items),
  ];
  for (const finding of findings) context.addIssue({ code: 'custom', ...finding });
}

function listFindings({ paging, query, question }: ListSettings, name: string): Finding[] {
  if (!('parameter' in paging)) return [];
  const at = (key: string, message: string): Finding => ({ path: [name, 'paging', key], message });
  const { parameter, sizeParameter, size } = paging;
  const isTwice = [parameter, sizeParameter].some((one) => one !== undefined && one in query);
  return [
    ...((sizeParameter === undefined) === (size === undefined)
      ? []
      : [at('size', 'name size and sizeParameter, or neither')]),
    ...(isTwice ? [at('parameter', 'stands under query too; leave it out there')] : []),
    ...(parameter === sizeParameter ? [at('sizeParameter', 'is the parameter of the page')] : []),
    ...(paging.in === 'body' && question === undefined
      ? [at('in', 'a list without question has no body')]
      : []),
  ];
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
