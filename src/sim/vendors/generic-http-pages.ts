/** The ways in which Backup Units gives a list out in parts. */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import type { Parameters } from '../query.ts';
import type { Row } from './generic-http-world.ts';

export const PAGINGS = ['all', 'page0', 'page1', 'offset', 'last-id', 'cursor', 'cursor-absent', 'link', 'link-header'] as const; // prettier-ignore
export type Paging = (typeof PAGINGS)[number];

const SIZE_DEFAULT = 25;
const SIZE_MAX = 100;

const size = { kind: 'integer', min: 1, max: SIZE_MAX } as const;
const from = (min: number) => ({ kind: 'integer', min }) as const;

export function pageParameters(paging: Paging): Parameters {
  switch (paging) {
    case 'all':
      return {};
    case 'page0':
      return { size, page: from(0) };
    case 'page1':
      return { size, page: from(1) };
    case 'offset':
      return { size, offset: from(0) };
    case 'last-id':
      return { size, after: from(0) };
    case 'cursor':
    case 'cursor-absent':
    case 'link':
    case 'link-header':
      return { size, cursor: { kind: 'text', pattern: /^at-\d{1,6}$/ } };
  }
}

interface Giving {
  readonly paging: Paging;
  /** Parameters of the page, from the query or the body of a question. */
  readonly asked: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  readonly sizeMax: number;
  readonly request: SimRequest;
}

export function pageOf({ paging, asked, rows, sizeMax, request }: Giving): SimAnswer {
  if (paging === 'all') return answerJson(200, { data: rows });
  const each = Math.min(Number(asked['size'] ?? SIZE_DEFAULT), sizeMax);
  const start = startOf(paging, asked, rows, each);
  const data = rows.slice(start, start + each);
  const end = start + data.length;
  const next = end < rows.length ? `at-${String(end)}` : null;
  const total = rows.length;
  switch (paging) {
    case 'page0':
      return answerJson(200, { data, meta: { total, pages: Math.ceil(total / each) } });
    case 'page1':
    case 'last-id':
      return answerJson(200, data);
    case 'offset':
      return answerJson(200, { data, meta: { more: next !== null } });
    case 'cursor':
      return answerJson(200, { data, meta: { total, next } });
    case 'cursor-absent':
      return answerJson(200, { data, meta: next === null ? {} : { next } });
    case 'link':
      return answerJson(200, { data, links: { next: next && linkTo(request, next) } });
    case 'link-header':
      return answerJson(200, data, headerFor(request, next));
  }
}

function startOf(
  paging: Paging, asked: Giving['asked'], rows: readonly Row[], each: number,
): number {
  if (paging === 'page0') return Number(asked['page'] ?? 0) * each;
  if (paging === 'page1') return (Number(asked['page'] ?? 1) - 1) * each;
  if (paging === 'offset') return Number(asked['offset'] ?? 0);
  if (paging !== 'last-id') return Number((asked['cursor'] ?? 'at-0').slice(3));
  const after = Number(asked['after'] ?? 0);
  const first = rows.findIndex(({ id }) => id > after);
  return first === -1 ? rows.length : first;
} // prettier-ignore

function linkTo({ baseUrl, path, query }: SimRequest, cursor: string): string {
  const next = new URLSearchParams(query);
  next.set('cursor', cursor);
  return `${baseUrl}${path}?${next.toString()}`;
}

/** Among others, as RFC 8288 allows; the last page names its first and no next. */
function headerFor(request: SimRequest, next: string | null): Record<string, string> {
  const first = `<${linkTo(request, 'at-0')}>; rel="first"`;
  return { link: next === null ? first : `${first}, <${linkTo(request, next)}>; rel="next"` };
}
