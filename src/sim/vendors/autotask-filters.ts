/** Filters of a question to Autotask: a list of comparisons that must all hold. */
import type { Row } from './autotask-entities.ts';

type Test = (own: unknown, wanted: unknown) => boolean;

const asOrder = (value: unknown): number =>
  typeof value === 'string' ? Date.parse(value) : Number(value);

const OPERATORS: Readonly<Record<string, Test>> = {
  eq: (own, wanted) => own === wanted,
  noteq: (own, wanted) => own !== wanted,
  gt: (own, wanted) => asOrder(own) > asOrder(wanted),
  gte: (own, wanted) => asOrder(own) >= asOrder(wanted),
  lt: (own, wanted) => asOrder(own) < asOrder(wanted),
  lte: (own, wanted) => asOrder(own) <= asOrder(wanted),
  in: (own, wanted) => Array.isArray(wanted) && wanted.includes(own),
};

/** Null when there is no filter or one that cannot be read: it must not find everything. */
export function matcherOf(
  filters: unknown,
  sample: Row | undefined,
): ((row: Row) => boolean) | null {
  if (!Array.isArray(filters) || filters.length === 0) return null;
  const tests = filters.map((filter: unknown) => toTest(filter, sample));
  if (tests.includes(null)) return null;
  return (row) => tests.every((test) => test?.(row));
}

function toTest(filter: unknown, sample: Row | undefined): ((row: Row) => boolean) | null {
  const { op, field, value } = (filter ?? {}) as Record<string, unknown>;
  const test = OPERATORS[String(op)];
  if (!test || typeof field !== 'string' || value === undefined) return null;
  if (sample && !(field in sample)) return null;
  return (row) => row[field] !== null && test(row[field], value);
}
