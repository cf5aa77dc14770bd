/** The query service: an object's rows by filters, in an order, a page at a time. */
import * as z from 'zod';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { standing } from '../ledger/documents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { malformed } from './sage-intacct-errors.ts';
import * as records from './sage-intacct-records.ts';

type Cells = records.Cells;

const SIZE_MAX = 4000;
const SIZE_DEFAULT = 100;

const OPERATORS = {
  $eq: (cell: string, value: string) => cell === value,
  $ne: (cell: string, value: string) => cell !== value,
  $gt: (cell: string, value: string) => cell > value,
  $gte: (cell: string, value: string) => cell >= value,
  $lt: (cell: string, value: string) => cell < value,
  $lte: (cell: string, value: string) => cell <= value,
} as const;
const Operator = z.enum(Object.keys(OPERATORS) as (keyof typeof OPERATORS)[]);
const One = z.string().min(1);

const Query = z.strictObject({
  object: z.enum([records.CUSTOMER, records.INVOICE, records.ACCOUNT]),
  fields: z.array(One).min(1),
  filters: z.array(z.partialRecord(Operator, z.record(One, z.string()))).optional(),
  filterExpression: z.enum(['and', 'or']).default('and'),
  orderBy: z.array(z.record(One, z.enum(['asc', 'desc']))).default([{ key: 'asc' }]),
  start: z.int().min(1).default(1),
  size: z.int().min(1).max(SIZE_MAX).default(SIZE_DEFAULT),
});
type Query = z.infer<typeof Query>;

export function query(request: SimRequest, ledger: Ledger, sizeMax: number): SimAnswer {
  const parsed = Query.safeParse(parseJson(request.body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const asked = parsed.data;
  const rows = cellsOf(asked.object, ledger);
  const conditions = (asked.filters ?? []).flatMap(toConditions);
  const order = asked.orderBy.flatMap((one) => Object.entries(one));
  const names = [...asked.fields, ...conditions.map(({ field }) => field), ...order.map(([field]) => field)]; // prettier-ignore
  const strange = names.find((name) => rows[0] !== undefined && !(name in rows[0]));
  if (strange !== undefined) return malformed(`${strange} is not a field of ${asked.object}.`);
  const wanted = rows.filter((row) => isWanted(row, conditions, asked.filterExpression));
  const ordered = order.reduceRight<readonly Cells[]>(
    (list, [field, way]) => list.toSorted(by(field, way)),
    wanted,
  );
  return page(ordered, asked, Math.min(asked.size, sizeMax));
}

interface Condition {
  readonly operator: keyof typeof OPERATORS;
  readonly field: string;
  readonly value: string;
}

const toConditions = (filter: NonNullable<Query['filters']>[number]): readonly Condition[] =>
  Operator.options.flatMap((operator) =>
    Object.entries(filter[operator] ?? {}).map(([field, value]) => ({ operator, field, value })),
  );

function isWanted(row: Cells, conditions: readonly Condition[], join: 'and' | 'or'): boolean {
  const holds = ({ operator, field, value }: Condition): boolean =>
    OPERATORS[operator](row[field] ?? '', value);
  if (conditions.length === 0 || join === 'and') return conditions.every(holds);
  return conditions.some(holds);
}

const by =
  (field: string, way: 'asc' | 'desc') =>
  (a: Cells, b: Cells): number => {
    const order = (a[field] ?? '').localeCompare(b[field] ?? '', 'en', { numeric: true });
    return way === 'asc' ? order : -order;
  };

function cellsOf(object: Query['object'], ledger: Ledger): readonly Cells[] {
  switch (object) {
    case records.CUSTOMER:
      return ledger.all('customer').map(records.toCustomer);
    case records.ACCOUNT:
      return ledger.all('item').map(records.toAccount);
    case records.INVOICE:
      return standing(ledger).map(records.toCells);
  }
}

function page(rows: readonly Cells[], { fields, start }: Query, size: number): SimAnswer {
  const shown = rows.slice(start - 1, start - 1 + size);
  const next = start + size;
  return answerJson(200, {
    'ia::result': shown.map((row) => Object.fromEntries(fields.map((name) => [name, row[name]]))),
    'ia::meta': {
      totalCount: rows.length,
      start,
      pageSize: size,
      next: next <= rows.length ? next : null,
      previous: start > 1 ? Math.max(1, start - size) : null,
    },
  });
}
