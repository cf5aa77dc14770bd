import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';

const PAGES_MAX = 1000;

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** What the next page is asked by; null ends the list. Page numbers and links are cursors too. */
  readonly next: string | null;
  /** Says where we are when the vendor keeps one cursor for the whole list. */
  readonly position?: string;
  /** How many rows the vendor says the whole list has. */
  readonly total?: number;
}

/** All rows of a list. Stops with SOURCE_MALFORMED when pages repeat or never end. */
export async function collectPages<Row>(
  title: string,
  fetchPage: (cursor: string | null) => Promise<Page<Row>>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page: Page<Row> = await fetchPage(cursor);
    noteNew(title, seen, page);
    // Not push(...rows): a page of 100,000 rows would overflow the stack.
    for (const row of page.rows) rows.push(row);
    if (page.next === null) return checkTotal(title, rows, page.total);
    cursor = page.next;
  }
  throw new AppError('SOURCE_MALFORMED', `${title}: the list does not end after 1,000 pages.`);
}

/** A provider has clients and devices: a list without any is a fault of the service, not a zero. */
export function refuseEmpty<Row>(
  title: string,
  what: string,
  rows: readonly Row[],
): readonly Row[] {
  if (rows.length > 0) return rows;
  throw new AppError('SOURCE_MALFORMED', `${title}: it lists no ${what} at all.`);
}

/** A list that changed while we paged through it is asked for again at the next sync. */
function checkTotal<Row>(title: string, rows: readonly Row[], total?: number): readonly Row[] {
  if (total === undefined || total === rows.length) return rows;
  const words = `says ${String(total)} rows and gives ${String(rows.length)}`;
  throw new AppError('SOURCE_MALFORMED', `${title}: the list ${words}.`);
}

function noteNew(title: string, seen: Set<string>, page: Page<unknown>): void {
  const marks = [
    ...(page.next === null ? [] : [`next ${page.position ?? page.next}`]),
    ...(page.rows.length === 0 ? [] : [`rows ${digest(page.rows)}`]),
  ];
  for (const mark of marks) {
    if (seen.has(mark)) {
      throw new AppError('SOURCE_MALFORMED', `${title}: the list gives the same page twice.`);
    }
    seen.add(mark);
  }
}

const digest = (rows: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(rows)).digest('base64');

/**
 * The path and query of a "next page" link, for asking it under the service's own base address. A
 * link to anywhere else is refused: credentials would go along.
 */
export function pathOfLink(title: string, baseUrl: string, link: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  const url = URL.parse(link, `${base}/`);
  const own = URL.parse(base);
  const basePath = own?.pathname.replace(/\/+$/, '') ?? '';
  if (url && own && url.origin === own.origin && url.pathname.startsWith(`${basePath}/`)) {
    return `${url.pathname.slice(basePath.length)}${url.search}`;
  }
  throw new AppError(
    'SOURCE_MALFORMED',
    `${title}: the next page is said to be at another address.`,
  );
}
