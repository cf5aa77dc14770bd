/** Lists of Xero: conditions as its pages give examples of, and pages of rows. */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { numberOf } from '../query.ts';

type Cells = Readonly<Record<string, string>>;

const PAGE_SIZE = 100;
const CONDITION =
  /^([\w.]+)(==|>=|<=|>|<)(?:"([^"]*)"|guid\("([\w-]+)"\)|DateTime\((\d{4}), ?(\d{1,2}), ?(\d{1,2})\))$/i;

/** True for a row that is wanted; null when the condition is not understood. */
export function parseWhere(where: string): ((cells: Cells) => boolean) | null {
  const tests: ((cells: Cells) => boolean)[] = [];
  for (const part of where.split(' AND ')) {
    const match = CONDITION.exec(part.trim());
    if (!match) return null;
    const [, field = '', operator = '==', text, guid, year, month = '', day = ''] = match;
    const date =
      year === undefined ? '' : [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
    const value = text ?? guid?.toLowerCase() ?? date;
    tests.push((cells) => compare(cells[field] ?? '', operator, value));
  }
  return (cells) => tests.every((test) => test(cells));
}

function compare(cell: string, operator: string, value: string): boolean {
  switch (operator) {
    case '>=':
      return cell >= value;
    case '<=':
      return cell <= value;
    case '>':
      return cell > value;
    case '<':
      return cell < value;
    default:
      return cell.toLowerCase() === value.toLowerCase();
  }
}

/** One page of rows in the frame of their list. */
export function pageOf<Row>(
  request: SimRequest,
  list: string,
  rows: readonly Row[],
  toWire: (row: Row) => unknown,
): SimAnswer {
  const page = numberOf(request.query, 'page', 1);
  const pageSize = numberOf(request.query, 'pageSize', PAGE_SIZE);
  const shown = rows.slice((page - 1) * pageSize, page * pageSize);
  const pageCount = Math.ceil(rows.length / pageSize);
  const pagination = { page, pageSize, pageCount, itemCount: rows.length };
  return answerJson(200, { pagination, [list]: shown.map(toWire) });
}
