/** SuiteQL over REST, as far as its page and public queries show it: one table, AND, OR, an order. */
import * as z from 'zod';
import { parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { standing } from '../ledger/documents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import {
  currencyId,
  currencyRows,
  entityIdOf,
  refuse,
  self,
  typed,
  TYPES,
} from './netsuite-records.ts';
import { HOST } from './netsuite-sign-in.ts';

type Cells = Readonly<Record<string, string | null>>;
type Test = (cells: Cells) => boolean;

export const SUITEQL_PATH = '/services/rest/query/v1/suiteql';
export const PAGE: Parameters = {
  limit: { kind: 'integer', min: 1, max: 1000 },
  offset: { kind: 'integer', min: 0 },
};
const Body = z.strictObject({ q: z.string().min(1) });
const STATEMENT = /^SELECT ([\w, ]+) FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY (\w+))?$/i;
const TEXT = "'((?:[^']|'')*)'";
const EQUALS = new RegExp(`^(\\w+) (=|LIKE) ${TEXT}$`, 'i');
const ONE_OF = new RegExp(`^(\\w+) IN \\((${TEXT}(?:, ?${TEXT})*)\\)$`, 'i');
const DAY = /^(\w+) (>=|<=) TO_DATE\('(\d{4}-\d\d-\d\d)', ?'YYYY-MM-DD'\)$/i;

export function ask(request: SimRequest, ledger: Ledger): SimAnswer {
  const [trouble] = queryTroubles(request.query, PAGE);
  if (trouble !== undefined) return refuse(400, 'INVALID_PARAMETER', trouble);
  if (request.headers['prefer'] !== 'transient') {
    return refuse(400, 'INVALID_HEADER', 'The required request header Prefer is missing or not "transient".');
  }
  const body = Body.safeParse(parseJson(request.body));
  if (!body.success) return refuse(400, 'INVALID_CONTENT', 'The request body holds no query q.');
  const rows = select(body.data.q, ledger);
  if (typeof rows === 'string') {
    return refuse(400, 'INVALID_PARAMETER', `Invalid search query. Detailed unprocessed description follows. ${rows}.`);
  }
  const [limit, offset] = [numberOf(request.query, 'limit', 1000), numberOf(request.query, 'offset', 0)];
  if (offset % limit !== 0) return refuse(400, 'INVALID_PARAMETER', 'The offset is not divisible by the limit.');
  const shown = rows.slice(offset, offset + limit);
  return typed(200, 'collection', {
    links: [self(`${HOST}${SUITEQL_PATH}?limit=${String(limit)}&offset=${String(offset)}`)],
    count: shown.length,
    hasMore: offset + shown.length < rows.length,
    // An empty column is left out.
    items: shown.map((row) => ({ links: [], ...Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null)) })),
    offset,
    totalResults: rows.length,
  });
} // prettier-ignore

function select(statement: string, ledger: Ledger): readonly Cells[] | string {
  const match = STATEMENT.exec(statement.trim());
  if (!match) return 'The statement is not understood';
  const [, list = '', table = '', where = '', order] = match;
  const rows = rowsOf(table.toLowerCase(), ledger);
  if (!rows) return `Record '${table}' was not found`;
  const columns = list.split(',').map((column) => column.trim().toLowerCase());
  const tests = where === '' ? [] : parts(where, ' AND ').map(toTest);
  const known = new Set(Object.keys(rows[0] ?? {}));
  const named = [...columns, ...(order === undefined ? [] : [order.toLowerCase()])];
  const stranger = rows.length === 0 ? undefined : named.find((column) => !known.has(column));
  if (stranger !== undefined) return `Field '${stranger}' not found`;
  if (tests.includes(null)) return 'The condition is not understood';
  return rows
    .filter((row) => tests.every((test) => test?.(row)))
    .toSorted((a, b) => (order === undefined ? 0 : Number(a[order]) - Number(b[order])))
    .map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
}

const flag = (value: boolean): string => (value ? 'T' : 'F');

function rowsOf(table: string, ledger: Ledger): readonly Cells[] | null {
  switch (table) {
    case 'customer':
      return ledger
        .all('customer')
        .filter(({ mergedInto }) => mergedInto === null)
        .map((one) => ({ id: one.id, entityid: entityIdOf(one), companyname: one.name, altname: one.name, isinactive: flag(!one.active), currency: currencyId(one.currency) }));
    case 'item':
      return ledger.all('item').map(({ id, name, active }) => ({ id, itemid: name, displayname: null, isinactive: flag(!active) }));
    case 'currency':
      return currencyRows;
    case 'transaction':
      return standing(ledger).map((one) => ({ id: one.id, type: TYPES[one.kind], externalid: one.externalId, tranid: one.number, otherrefnum: one.reference, memo: one.memo, entity: one.customerId, trandate: one.date }));
    default:
      return null;
  }
} // prettier-ignore

/** Parts beside each other, not those within brackets or quotes. */
function parts(text: string, separator: string): readonly string[] {
  const found: string[] = [];
  let [depth, isQuoted, start] = [0, false, 0];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "'") isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0 && text.slice(at, at + separator.length).toUpperCase() === separator) {
      found.push(text.slice(start, at));
      start = at + separator.length;
    }
  }
  return [...found, text.slice(start)].map((part) => part.trim());
}

function toTest(part: string): Test | null {
  if (part.startsWith('(') && part.endsWith(')')) {
    const tests = parts(part.slice(1, -1), ' OR ').map(toTest);
    return tests.includes(null) ? null : (cells) => tests.some((test) => test?.(cells));
  }
  return toEquals(part) ?? toOneOf(part) ?? toDay(part);
}

const plain = (text: string): string => text.replaceAll("''", "'");

function toEquals(part: string): Test | null {
  const [, column, operator, text] = EQUALS.exec(part) ?? [];
  if (column === undefined || text === undefined) return null;
  const wanted = plain(text);
  if (operator === '=') return (cells) => cells[column.toLowerCase()] === wanted;
  const source = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.'); // prettier-ignore
  const pattern = new RegExp(`^${source}$`, 's');
  return (cells) => pattern.test(cells[column.toLowerCase()] ?? '');
}

function toOneOf(part: string): Test | null {
  const [, column, list] = ONE_OF.exec(part) ?? [];
  if (column === undefined || list === undefined) return null;
  const texts = [...list.matchAll(new RegExp(TEXT, 'g'))].map(([, text = '']) => plain(text));
  return (cells) => texts.includes(cells[column.toLowerCase()] ?? '');
}

function toDay(part: string): Test | null {
  const [, column, operator, day] = DAY.exec(part) ?? [];
  if (column === undefined || day === undefined) return null;
  return (cells) => {
    const cell = cells[column.toLowerCase()] ?? '';
    return operator === '>=' ? cell >= day : cell !== '' && cell <= day;
  };
}
