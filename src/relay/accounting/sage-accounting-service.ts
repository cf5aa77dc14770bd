// How Sage Accounting is reached: address, tokens, the business, rate, and lists over their pages.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { collectPages, type Answer, type Http, type HttpService, type Query } from '../http.ts';
import type { BooksTools } from './accounting.ts';
import { quoteNumbers } from './exact-json.ts';
import { openRotating, signInSettings } from './rotating-sign-in.ts';
import { explain, isAbsent } from './sage-accounting-answers.ts';

export const TITLE = 'Sage Accounting';
const TIMEOUT_MS = 60_000;
/** Sage takes 200 in any minute for a business (read 2026-11-22): a tenth is left to others. */
const RATE = { calls: 9, perSeconds: 3 };
const PAGE_SIZE = 200;

export const Settings = z.strictObject({
  ...signInSettings,
  /** Without it Sage would answer for the lead business of the person, whichever that is. */
  businessId: z
    .string()
    .regex(/^[\da-f]{32}$|^[\da-f-]{36}$/i, 'is the id of the business, 32 letters and digits'),
});
export type Settings = z.infer<typeof Settings>;

const Count = z.string().regex(/^\d+$/);

export const openService = (settings: Settings, http: Http, tools: BooksTools): HttpService =>
  openRotating(
    {
      service: {
        title: TITLE,
        headers: { accept: 'application/json', 'x-business': settings.businessId },
        timeoutMs: TIMEOUT_MS,
        rate: { ...RATE, holder: `${settings.clientId} ${settings.businessId}` },
        explain,
      },
      serviceUrl: 'https://api.accounting.sage.com',
      servicePath: '/v3.1',
      tokenUrl: 'https://oauth.accounting.sage.com',
      tokenPath: '/token',
      clientIn: 'form',
    },
    settings,
    http,
    tools,
  );

/** Every row of a list with all its fields, over all pages; numbers are texts in the rows. */
export function listAll<Row extends z.ZodType>(
  api: HttpService,
  path: string,
  row: Row,
  query: Query = {},
): Promise<readonly z.infer<Row>[]> {
  const Page = z.object({
    $total: Count,
    $page: Count,
    $next: z.string().nullable(),
    $items: z.array(row),
  });
  return collectPages(TITLE, async (cursor) => {
    const page = cursor ?? '1';
    const asked = { ...query, attributes: 'all', items_per_page: PAGE_SIZE, page };
    const answer = await api.read(path, { query: asked });
    if (answer.status !== 200) throw refusal(api, answer, path);
    const { $total, $page, $next, $items } = api.parse(quoteNumbers(answer), Page, path);
    if ($page !== page) {
      throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${path} gave another page.`);
    }
    const next = $next === null ? null : String(Number(page) + 1);
    return { rows: $items, next, total: Number($total) };
  });
}

/** One record with all its fields; null when Sage says that there is none. Another one is a fault. */
export async function readOne<Row extends z.ZodType<{ readonly id: string }>>(
  api: HttpService,
  { list, id }: { readonly list: string; readonly id: string },
  row: Row,
  query: Query = {},
): Promise<z.infer<Row> | null> {
  const path = `${list}/${encodeURIComponent(id)}`;
  const answer = await api.read(path, { query: { ...query, attributes: 'all' } });
  if (isAbsent(answer)) return null;
  if (answer.status !== 200) throw refusal(api, answer, path);
  const one = api.parse(quoteNumbers(answer), row, path);
  if (one.id === id) return one;
  throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${path} gave another record.`);
}

export function refusal(api: HttpService, answer: Answer, what: string): AppError {
  const words = explain(answer) ?? `It answered ${String(answer.status)}.`;
  return new AppError('SOURCE_REFUSED', `${TITLE} did not show ${what}. ${api.redact(words)}`);
}
