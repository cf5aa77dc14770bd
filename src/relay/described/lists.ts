/** Asks a described list page by page, and gives its rows with their places. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { collectPages, pathOfLink, type Answer, type Page } from '../http.ts';
import { listAt, nextAt, textAt, truthAt, wholeAt, type Row } from './rows.ts';
import type { ListSettings, PagingSettings } from './list-settings.ts';
import type { Service } from './service.ts';
import { PLACEHOLDER } from './values.ts';

const ANY = z.unknown();

/** What each placeholder of a description stands for. */
export type Placeholders = Readonly<Record<string, string>>;

interface Asking {
  readonly service: Service;
  readonly list: ListSettings;
  readonly path: string;
  readonly values: Placeholders;
}

/** What the answer to one page says beside its rows. */
interface Given {
  readonly page: Row;
  readonly answer: Answer;
  readonly rows: readonly unknown[];
  /** How many rows came before these. */
  readonly before: number;
  readonly total: number | undefined;
}

export async function readList(
  service: Service,
  list: ListSettings,
  values: Placeholders,
): Promise<readonly Row[]> {
  const asking = { service, list, path: pathFor(service, list.path, values), values };
  let before = 0;
  const rows = await collectPages(service.title, async (cursor): Promise<Page<unknown>> => {
    const given = await askPage(asking, cursor, before);
    before += given.rows.length;
    const next = nextOf(asking, given, cursor);
    const { total } = given;
    return { rows: given.rows, next, ...(total === undefined ? {} : { total }) };
  });
  return rows.map((value, index) => ({
    value,
    place: `${service.title}: ${asking.path}, row ${String(index + 1)}`,
  }));
}

async function askPage(asking: Asking, cursor: string | null, before: number): Promise<Given> {
  const { service, list, path } = asking;
  const isLink = cursor !== null && !('parameter' in list.paging);
  const asked = isLink ? cursor : path;
  const parameters = isLink ? {} : parametersOf(list.paging, cursor);
  const inBody = 'in' in list.paging && list.paging.in === 'body';
  const body = list.question && (fill(list.question, asking.values) as Record<string, unknown>);
  const question = body && { ...body, ...(inBody ? parameters : {}) };
  const query = isLink ? {} : (fill(list.query, asking.values) as Record<string, string>);
  const answer = await service.api.read(asked, {
    query: inBody ? query : { ...query, ...parameters },
    headers: list.headers,
    ...(question ? { question } : {}),
  });
  const page = { value: parseAnswer(service, answer, path), place: `${service.title}: ${path}` };
  const total = list.total === undefined ? undefined : wholeAt(page, list.total);
  const exact = service.rowsOf && service.api.parse(service.rowsOf(answer), ANY, path);
  const rows = listAt(service.rowsOf ? { ...page, value: exact } : page, list.rows);
  return { page, answer, rows, before, total };
}

function parseAnswer({ api, title }: Service, answer: Answer, path: string): unknown {
  const { status } = answer;
  if (status === 200) return api.parse(answer, ANY, path);
  if (status < 400) {
    throw new AppError('SOURCE_MALFORMED', `${title} answered ${path} with ${String(status)}.`);
  }
  const words = `${title} refused ${path} (${String(status)}).`;
  throw new AppError('SOURCE_REFUSED', `${words} Check path, query and question of the list.`);
}

/** The parameters that ask for one page; the first one of a cursor is asked for by nothing. */
function parametersOf(paging: PagingSettings, cursor: string | null): Record<string, string | number> {
  if (!('parameter' in paging)) return {};
  const { parameter, sizeParameter, size } = paging;
  const sized = sizeParameter === undefined || size === undefined ? {} : { [sizeParameter]: size };
  if (paging.kind === 'page') return { [parameter]: Number(cursor ?? paging.first), ...sized };
  if (paging.kind === 'offset') return { [parameter]: Number(cursor ?? 0), ...sized };
  return { ...(cursor === null ? {} : { [parameter]: cursor }), ...sized };
} // prettier-ignore

/**
 * A short page ends nothing, as a service may give fewer than it was asked for: the end is what
 * the answer says of it (a total, a number of pages, "more"), or else an empty page.
 */
function nextOf(asking: Asking, given: Given, cursor: string | null): string | null {
  const { paging } = asking.list;
  switch (paging.kind) {
    case 'none':
      refuseMore(asking, given.answer);
      return null;
    case 'link':
      return linkOf(asking, nextAt(given.page, paging.next, paging.endsBy === 'absent'), cursor);
    case 'link-header':
      return linkOf(asking, nextInHeader(given.answer.headers['link'] ?? ''), cursor);
    case 'cursor':
      return nextAt(given.page, paging.next, paging.endsBy === 'absent');
    case 'page': {
      const at = Number(cursor ?? paging.first);
      const pages = paging.pages === undefined ? null : wholeAt(given.page, paging.pages);
      if (pages !== null) return at + 1 < pages + paging.first ? String(at + 1) : null;
      return isEnd(paging, given) ? null : String(at + 1);
    }
    case 'offset':
      return isEnd(paging, given) ? null : String(given.before + given.rows.length);
    case 'last-id':
      return isEnd(paging, given) ? null : lastId(given, paging.id);
  }
}

function isEnd({ more }: { readonly more?: string | undefined }, given: Given): boolean {
  if (more !== undefined) return !truthAt(given.page, more);
  const seen = given.before + given.rows.length;
  return given.rows.length === 0 || (given.total !== undefined && seen >= given.total);
}

const lastId = ({ page, rows }: Given, pointer: string): string =>
  textAt({ value: rows.at(-1), place: `${page.place}, last row of the page` }, pointer);

/** A link is followed under the service's own address only; a relative one from where it stood. */
function linkOf({ service, path }: Asking, link: string | null, cursor: string | null): string | null {
  if (link === null) return null;
  const here = `${service.baseUrl}${cursor ?? path}`;
  return pathOfLink(service.title, service.baseUrl, URL.parse(link, here)?.href ?? link);
} // prettier-ignore

/** A list that was said to come at once and says itself that there is more. */
function refuseMore({ service, path }: Asking, { headers }: Answer): void {
  if (nextInHeader(headers['link'] ?? '') === null) return;
  throw new AppError(
    'SOURCE_MALFORMED',
    `${service.title}: ${path} has a next page, and its paging is "none". Use "link-header".`,
  );
}

/** RFC 8288: <https://…>; rel="next", among others. */
function nextInHeader(header: string): string | null {
  for (const [, link = '', parameters = ''] of header.matchAll(/<([^<>]*)>((?:\s*;[^,<>]*)*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(parameters);
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return link;
  }
  return null;
}

/** The path with its placeholders filled in, each as one part. */
export function pathFor(
  { title }: Pick<Service, 'title'>,
  path: string,
  values: Placeholders,
): string {
  return path.replace(PLACEHOLDER, (_whole, name: string) => {
    const text = values[name] ?? '';
    // They would mean another path.
    if (text === '.' || text === '..') {
      throw new AppError('SOURCE_MALFORMED', `${title}: "${text}" is no {${name}}.`);
    }
    return encodeURIComponent(text);
  });
}

/** Placeholders in every text, however deep; all else as it is. */
function fill(value: unknown, values: Placeholders): unknown {
  if (typeof value === 'string') {
    return value.replace(PLACEHOLDER, (_whole, name: string) => values[name] ?? '');
  }
  if (Array.isArray(value)) return value.map((each) => fill(each, values));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, fill(each, values)]);
  return Object.fromEntries(entries) as unknown;
}
