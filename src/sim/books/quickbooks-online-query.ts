/** The query language of QuickBooks Online, as much of it as its guide gives examples for. */

export interface Query {
  readonly entity: string;
  readonly conditions: readonly Condition[];
  readonly orderBy: string | null;
  readonly start: number;
  readonly max: number;
}

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

type Cells = Readonly<Record<string, string>>;

const MAX = 1000;
const MAX_BY_DEFAULT = 100;
const WHOLE =
  /^select \* from (\w+)(?: where (.+?))?(?: order ?by (\w+)(?: asc)?)?(?: startposition (\d{1,9}))?(?: maxresults (\d{1,9}))?$/i;
const CONDITION = /^(\w+) (?:(=|>=|<=|>|<|like) '((?:[^'\\]|\\.)*)'|in \(([^)]*)\))$/i;

/** What it asks for; words when it is not well formed. */
export function parseQuery(text: string): Query | string {
  const match = WHOLE.exec(text.trim().replace(/\s+/g, ' '));
  if (!match) return 'QueryParserError: the statement is not understood';
  const [, entity = '', where, orderBy = null, start = '1', max = String(MAX_BY_DEFAULT)] = match;
  const conditions: Condition[] = [];
  for (const part of where === undefined ? [] : where.split(/ and (?=\w+ (?:[=<>]|like|in))/i)) {
    const condition = parseCondition(part);
    if (!condition) return `QueryParserError: the condition ${part} is not understood`;
    conditions.push(condition);
  }
  if (Number(max) > MAX) return `QueryValidationError: value ${max} is too large`;
  if (Number(start) < 1) return 'QueryValidationError: a position begins at 1';
  return { entity, conditions, orderBy, start: Number(start), max: Number(max) };
}

function parseCondition(text: string): Condition | null {
  const match = CONDITION.exec(text);
  if (!match) return null;
  const [, field = '', operator, value, list] = match;
  if (operator === undefined) {
    const values = (list ?? '').split(',').map((one) => one.trim().replace(/^'|'$/g, ''));
    return { field, operator: 'in', values };
  }
  const plain = (value ?? '').replace(/\\(.)/g, '$1');
  return { field, operator: operator.toLowerCase(), values: [plain] };
}

/** The rows on the page asked for; words when a field is not one of theirs. */
export function select<Row>(
  query: Query,
  rows: readonly Row[],
  cellsOf: (row: Row) => Cells,
): readonly Row[] | string {
  const { conditions, orderBy, start, max } = query;
  const known = Object.keys(rows[0] === undefined ? {} : cellsOf(rows[0]));
  const asked = [...conditions.map(({ field }) => field), ...(orderBy === null ? [] : [orderBy])];
  const strange = asked.find((field) => rows.length > 0 && !known.includes(field));
  if (strange !== undefined) {
    return `QueryValidationError: Property ${strange} not found for Entity ${query.entity}`;
  }
  const wanted = rows.filter((row) =>
    withActive(query, cellsOf(row)).every((condition) => holds(condition, cellsOf(row))),
  );
  const ordered = orderBy === null ? wanted : wanted.toSorted(byField(orderBy, cellsOf));
  return ordered.slice(start - 1, start - 1 + max);
}

/** A list of names shows what is active, unless it is asked about. */
const withActive = ({ conditions }: Query, cells: Cells): readonly Condition[] =>
  'Active' in cells && !conditions.some(({ field }) => field === 'Active')
    ? [...conditions, { field: 'Active', operator: 'in', values: ['true'] }]
    : conditions;

function holds({ field, operator, values }: Condition, cells: Cells): boolean {
  const cell = cells[field] ?? '';
  const [value = ''] = values;
  switch (operator) {
    case 'in':
      return values.includes(cell);
    case '>=':
      return cell >= value;
    case '<=':
      return cell <= value;
    case '>':
      return cell > value;
    case '<':
      return cell < value;
    case 'like':
      return cell.startsWith(value.replace(/%$/, ''));
    default:
      // A number is compared as a text that knows no capitals.
      return cell.toLowerCase() === value.toLowerCase();
  }
}

const byField =
  <Row>(field: string, cellsOf: (row: Row) => Cells) =>
  (a: Row, b: Row): number => {
    const [left, right] = [cellsOf(a)[field] ?? '', cellsOf(b)[field] ?? ''];
    return field === 'Id' ? Number(left) - Number(right) : left.localeCompare(right);
  };
