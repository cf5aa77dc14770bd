// How Xero is reached: addresses, tokens, the organisation, rate, and lists over their pages.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  type Http,
  type HttpService,
  type Query,
} from '../http.ts';
import type { BooksTools, Grant } from './accounting.ts';
import { quoteNumbers } from './exact-json.ts';
import { explain } from './xero-answers.ts';

export const TITLE = 'Xero';
const SERVICE_URL = 'https://api.xero.com';
const TOKEN_URL = 'https://identity.xero.com';
const TIMEOUT_MS = 100_000;
/** Five at once and sixty a minute are Xero's limits for an organisation (read 2026-11-22). */
const RATE = { calls: 5, perSeconds: 5 };
const PAGE_SIZE = 100;

export const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  clientId: credential,
  clientSecret: credential,
  /** Of the first sign-in; Xero gives another one at each renewal. */
  refreshToken: credential,
  tenantId: z.uuid('is the id of the organisation (tenant id)'),
});
export type Settings = z.infer<typeof Settings>;

const Token = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
});
const Pagination = z.object({
  page: z.string().regex(/^\d+$/),
  pageCount: z.string().regex(/^\d+$/),
  itemCount: z.string().regex(/^\d+$/),
});

export function openService(settings: Settings, http: Http, tools: BooksTools): HttpService {
  const { baseUrl, clientId, tenantId, refreshToken: first } = settings;
  const renew = (refreshToken: string): Promise<Grant> => renewToken(settings, http, refreshToken);
  return http.service({
    title: TITLE,
    baseUrl: `${baseUrl ?? SERVICE_URL}/api.xro/2.0`,
    headers: { accept: 'application/json', 'xero-tenant-id': tenantId },
    timeoutMs: TIMEOUT_MS,
    rate: { ...RATE, holder: `${clientId} ${tenantId}` },
    explain,
    authorize: async (refused) => {
      const token = await tools.tokens.accessToken({ first, refused, renew });
      return { authorization: `Bearer ${token}` };
    },
  });
}

async function renewToken(
  { baseUrl, clientId, clientSecret }: Settings,
  http: Http,
  refreshToken: string,
): Promise<Grant> {
  const secret = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const service = http.service({
    title: `${TITLE} sign-in`,
    baseUrl: baseUrl ?? TOKEN_URL,
    headers: { accept: 'application/json', authorization: `Basic ${secret}` },
  });
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const token = await service.post('/connect/token', Token, { form });
  return {
    accessToken: token.access_token,
    refreshToken: token.refresh_token,
    expiresInSeconds: token.expires_in,
  };
}

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
    const parsed = (await ask(api, list, Page, asked)) as {
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

/** A list that Xero gives whole. */
export async function listWhole<Row extends z.ZodType>(
  api: HttpService,
  list: string,
  row: Row,
  path = list,
): Promise<readonly z.infer<Row>[]> {
  const Whole = z.object({ [list]: z.array(row) });
  const parsed = (await ask(api, path, Whole, {})) as Readonly<
    Record<string, readonly z.infer<Row>[]>
  >;
  return parsed[list] ?? [];
}

async function ask(
  api: HttpService,
  path: string,
  schema: z.ZodType,
  query: Query,
): Promise<unknown> {
  const answer = await api.read(`/${path}`, { query });
  if (answer.status === 200) return api.parse(quoteNumbers(answer), schema, `/${path}`);
  const words = explain(answer) ?? `It answered ${String(answer.status)}.`;
  throw new AppError('SOURCE_REFUSED', `${TITLE} did not show ${path}. ${api.redact(words)}`);
}
