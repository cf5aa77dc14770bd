// How Xero is reached: addresses, tokens, the organisation, rate, and lists over their pages.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { collectPages, type Http, type HttpService, type Query } from '../http.ts';
import type { BooksTools } from './accounting.ts';
import { quoteNumbers } from './exact-json.ts';
import { openRotating, signInSettings } from './rotating-sign-in.ts';
import { explain } from './xero-answers.ts';

export const TITLE = 'Xero';
const TIMEOUT_MS = 100_000;
/** Five at once and sixty a minute are Xero's limits for an organisation (read 2026-11-22). */
const RATE = { calls: 5, perSeconds: 5 };
const PAGE_SIZE = 100;

export const Settings = z.strictObject({
  ...signInSettings,
  /** Xero says of no id which version it is. */
  tenantId: z.guid('is the id of the organisation (tenant id)'),
});
export type Settings = z.infer<typeof Settings>;

const Pagination = z.object({
  page: z.string().regex(/^\d+$/),
  pageCount: z.string().regex(/^\d+$/),
  itemCount: z.string().regex(/^\d+$/),
});

export const openService = (settings: Settings, http: Http, tools: BooksTools): HttpService =>
  openRotating(
    {
      service: {
        title: TITLE,
        headers: { accept: 'application/json', 'xero-tenant-id': settings.tenantId },
        timeoutMs: TIMEOUT_MS,
        rate: { ...RATE, holder: `${settings.clientId} ${settings.tenantId}` },
        explain,
      },
      serviceUrl: 'https://api.xero.com',
      servicePath: '/api.xro/2.0',
      tokenUrl: 'https://identity.xero.com',
      tokenPath: '/connect/token',
      clientIn: 'header',
    },
    settings,
    http,
    tools,
  );

/** Every row of a list, over all pages; numbers are texts in the rows. */
export function listAll<Row extends z.ZodType>(
  api: HttpService,
  list: string,
  row: Row,
  query: Query,
): Promise<readonly z.infer<Row>[]> {
  const Page = z.object({ [list]: z.array(row), pagination: Pagination });
  return collectPages(TITLE, async (cursor) => {
    const page = cursor ?? '1';
    const asked = { ...query, page, pageSize: PAGE_SIZE };
    const parsed = (await ask(api, list, Page, asked)).body as {
      readonly pagination: z.infer<typeof Pagination>;
    } & Readonly<Record<string, readonly z.infer<Row>[]>>;
    const { pagination } = parsed;
    if (pagination.page !== page) {
      throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${list} gave another page.`);
    }
    const isLast = Number(pagination.pageCount) <= Number(page);
    const next = isLast ? null : String(Number(page) + 1);
    return { rows: parsed[list] ?? [], next, total: Number(pagination.itemCount) };
  });
}

interface Whole<Row> {
  readonly rows: readonly Row[];
  /** By Xero's clock. */
  readonly answeredAt: string | null;
}

/** A list that Xero gives whole. */
export async function listWhole<Row extends z.ZodType>(
  api: HttpService,
  list: string,
  row: Row,
  path = list,
): Promise<Whole<z.infer<Row>>> {
  const schema = z.object({ [list]: z.array(row) });
  const { body, answeredAt } = await ask(api, path, schema, {});
  const rows = (body as Readonly<Record<string, readonly z.infer<Row>[]>>)[list] ?? [];
  return { rows, answeredAt };
}

async function ask(
  api: HttpService,
  path: string,
  schema: z.ZodType,
  query: Query,
): Promise<{ readonly body: unknown; readonly answeredAt: string | null }> {
  const answer = await api.read(`/${path}`, { query });
  if (answer.status === 200) {
    const body: unknown = api.parse(quoteNumbers(answer), schema, `/${path}`);
    return { body, answeredAt: answer.headers['date'] ?? null };
  }
  const words = explain(answer) ?? `It answered ${String(answer.status)}.`;
  throw new AppError('SOURCE_REFUSED', `${TITLE} did not show ${path}. ${api.redact(words)}`);
}
