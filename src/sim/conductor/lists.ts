/** Lists of the books: filters, and pages through an iterator as QuickBooks Desktop has them. */
import { randomUUID } from 'node:crypto';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { invalidRequest, missingElement, requestId } from './errors.ts';

type Wire = Readonly<Record<string, unknown>>;

const LIMIT_MAX = 150;
/** Documented: a next page must be asked for within 10 seconds. */
const ITERATOR_LIFE_MS = 10_000;
const OPEN_ITERATORS_MAX = 200;

export const PAGING: Parameters = {
  limit: { kind: 'integer', min: 1, max: LIMIT_MAX },
  cursor: { kind: 'text' },
};
const STATUS: Parameters = { status: { kind: 'choice', oneOf: ['active', 'all', 'inactive'] } };
const UPDATED: Parameters = { updatedAfter: { kind: 'text' }, updatedBefore: { kind: 'text' } };
export const NAMED: Parameters = {
  ...PAGING, ...STATUS, ...UPDATED,
  ids: { kind: 'texts' },
  fullNames: { kind: 'texts' },
  nameContains: { kind: 'text' },
  nameStartsWith: { kind: 'text' },
  nameEndsWith: { kind: 'text' },
  nameFrom: { kind: 'text' },
  nameTo: { kind: 'text' },
  classIds: { kind: 'texts' },
}; // prettier-ignore
const DAY = /^\d{4}-\d\d-\d\d$/;
const BOOLEAN = ['true', 'false'];
export const DOCUMENTS: Parameters = {
  ...PAGING, ...UPDATED,
  ids: { kind: 'texts' },
  refNumbers: { kind: 'texts' },
  transactionDateFrom: { kind: 'text', pattern: DAY },
  transactionDateTo: { kind: 'text', pattern: DAY },
  customerIds: { kind: 'texts' },
  refNumberContains: { kind: 'text' },
  refNumberStartsWith: { kind: 'text' },
  refNumberEndsWith: { kind: 'text' },
  includeLineItems: { kind: 'choice', oneOf: BOOLEAN },
  includeLinkedTransactions: { kind: 'choice', oneOf: BOOLEAN },
}; // prettier-ignore

/** Of a group of filters at most one may be used. */
const ONE_OF = [
  ['nameContains', 'nameStartsWith', 'nameEndsWith'],
  ['refNumberContains', 'refNumberStartsWith', 'refNumberEndsWith'],
];

interface Iterator {
  readonly rows: readonly Wire[];
  offset: number;
  lastMs: number;
}

export interface Iterators {
  page(request: SimRequest, rows: readonly Wire[], limitMax: number): SimAnswer;
}

/**
 * One list that is being walked through has one cursor from its first page to its last; each use
 * moves it on (contract: nextCursor stays the same during a walk).
 */
export function createIterators(): Iterators {
  const open = new Map<string, Iterator>();
  return {
    page(request, rows, limitMax) {
      const limit = Math.min(numberOf(request.query, 'limit', LIMIT_MAX), limitMax);
      const cursor = request.query.get('cursor');
      const walked =
        cursor === null ? { rows, offset: 0, lastMs: request.nowMs } : open.get(cursor);
      if (!walked || request.nowMs - walked.lastMs > ITERATOR_LIFE_MS) {
        return invalidRequest('The cursor is not known or was not used within 10 seconds.');
      }
      const data = walked.rows.slice(walked.offset, walked.offset + limit);
      walked.offset += data.length;
      walked.lastMs = request.nowMs;
      const remainingCount = walked.rows.length - walked.offset;
      const name = cursor ?? randomUUID();
      if (remainingCount > 0) keep(open, name, walked);
      else open.delete(name);
      return listAnswer(request, data, {
        nextCursor: remainingCount > 0 ? name : null,
        remainingCount,
        hasMore: remainingCount > 0,
      });
    },
  };
}

function keep(open: Map<string, Iterator>, name: string, iterator: Iterator): void {
  const oldest = open.keys().next().value;
  if (open.size >= OPEN_ITERATORS_MAX && oldest !== undefined) open.delete(oldest);
  open.set(name, iterator);
}

export const listAnswer = (
  request: SimRequest,
  data: readonly Wire[],
  paging: Wire = {},
): SimAnswer =>
  answerJson(
    200,
    { objectType: 'list', url: `/v1${request.path}`, data, ...paging },
    { 'conductor-request-id': requestId() },
  );

/** The answer to a query that breaks the contract, or null. */
export function refuseQuery({ query }: SimRequest, parameters: Parameters): SimAnswer | null {
  const clash = ONE_OF.find((names) => names.filter((name) => query.has(name)).length > 1);
  const troubles = [
    ...queryTroubles(query, parameters),
    ...(clash ? [`Only one of ${clash.join(', ')} can be used.`] : []),
  ];
  return troubles.length > 0 ? invalidRequest(troubles.join(' ')) : null;
}

/**
 * Filters by id, number or full name: every value must be there, and all other filters are
 * ignored (contract). Null when no such filter is used.
 */
export function pickExact<Row>(
  { query }: SimRequest,
  rows: readonly Row[],
  filters: Readonly<Record<string, (row: Row) => string>>,
  fold: (text: string) => string = (text) => text,
): SimAnswer | readonly Row[] | null {
  const used = Object.entries(filters).find(([name]) => query.has(name));
  if (!used) return null;
  const [name, valueOf] = used;
  const wanted = query.getAll(name).map(fold);
  const missing = wanted.find((value) => !rows.some((row) => fold(valueOf(row)) === value));
  if (missing !== undefined) return missingElement(missing);
  return rows.filter((row) => wanted.includes(fold(valueOf(row))));
}

/** "Contains", "StartsWith", "EndsWith", "From", "To" and the like on one text of a row. */
export function matchesText({ query }: SimRequest, prefix: string, text: string): boolean {
  const get = (suffix: string): string | null => query.get(`${prefix}${suffix}`);
  return (
    text.includes(get('Contains') ?? '') &&
    text.startsWith(get('StartsWith') ?? '') &&
    text.endsWith(get('EndsWith') ?? '') &&
    text >= (get('From') ?? '') &&
    text <= (get('To') ?? '\uffff')
  );
}

export function isUpdatedWithin({ query }: SimRequest, updatedAt: string): boolean {
  const from = query.get('updatedAfter') ?? '';
  const to = query.get('updatedBefore') ?? '\uffff';
  return updatedAt >= from && (updatedAt <= to || updatedAt.startsWith(to));
}
