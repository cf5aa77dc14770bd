// How QuickBooks Online is reached: addresses, tokens, rate, and its query language.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { collectPages, type Answer, type Http, type HttpService } from '../http.ts';
import type { BooksTools } from './accounting.ts';
import { quoteNumbers } from './exact-json.ts';
import { explain, QUIET_SECONDS } from './quickbooks-online-answers.ts';
import { openRotating, signInSettings } from './rotating-sign-in.ts';

export const TITLE = 'QuickBooks Online';
/** Intuit gives up after 120 seconds; we wait a little longer. */
const TIMEOUT_MS = 130_000;
/** Of ten a second and 500 a minute: a sixth is left to others who work in the same company. */
const RATE = { calls: 7, perSeconds: 1 };
const PAGE_SIZE = 1000;
/** The newest version of the fields (read 2026-11-22). */
const MINOR_VERSION = 75;

export const Settings = z.strictObject({
  ...signInSettings,
  realmId: z.string().regex(/^\d{1,20}$/, 'is the number of the company (realm id)'),
  /** Outside the United States each line needs a tax code of its own. */
  country: z.enum(['US', 'other']).default('US'),
});
export type Settings = z.infer<typeof Settings>;

export const openService = (settings: Settings, http: Http, tools: BooksTools): HttpService =>
  openRotating(
    {
      service: {
        title: TITLE,
        headers: { accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
        rate: { ...RATE, holder: settings.clientId },
        quietSecondsMin: QUIET_SECONDS,
        explain,
      },
      serviceUrl: 'https://quickbooks.api.intuit.com',
      servicePath: `/v3/company/${settings.realmId}`,
      tokenUrl: 'https://oauth.platform.intuit.com',
      tokenPath: '/oauth2/v1/tokens/bearer',
      clientIn: 'header',
    },
    settings,
    http,
    tools,
  );

export const versioned = (path: string, more: Readonly<Record<string, string>> = {}): string =>
  `${path}?${new URLSearchParams({ minorversion: String(MINOR_VERSION), ...more }).toString()}`;

/** A text in a condition; a quote in it ends nothing. */
export const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/**
 * Every row of an entity, over all pages; numbers are texts in the rows. A row that goes meanwhile
 * moves the others up and one out of sight, so each page begins with the last row of the one before.
 */
export function queryAll<Row extends z.ZodType<{ readonly Id: string }>>(
  api: HttpService,
  entity: string,
  row: Row,
  condition: string,
): Promise<readonly z.infer<Row>[]> {
  // An empty result has no list at all, an answer without a result is none.
  const Page = z.object({ QueryResponse: z.object({ [entity]: z.array(row).optional() }) });
  const select = `select * from ${entity} where ${condition} ORDERBY Id`;
  let last: string | undefined;
  return collectPages(TITLE, async (cursor) => {
    const start = Number(cursor ?? 1);
    const query = `${select} STARTPOSITION ${start} MAXRESULTS ${PAGE_SIZE}`;
    const path = versioned('/query', { query });
    const answer = quoteNumbers(await api.read(path));
    if (answer.status !== 200) throw refusal(api, answer, entity);
    const parsed = api.parse(answer, Page, '/query') as {
      readonly QueryResponse: Readonly<Record<string, readonly z.infer<Row>[] | undefined>>;
    };
    const rows = parsed.QueryResponse[entity] ?? [];
    if (rows[0]?.Id !== last && cursor !== null) {
      throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${entity} changed between two pages.`);
    }
    last = rows.at(-1)?.Id;
    const next = rows.length < PAGE_SIZE ? null : String(start + rows.length - 1);
    return { rows: cursor === null ? rows : rows.slice(1), next };
  });
}

/** It was asked for `what` and said no. */
export function refusal(api: HttpService, answer: Answer, what: string): AppError {
  const words = explain(answer) ?? `It answered ${String(answer.status)}.`;
  return new AppError('SOURCE_REFUSED', `${TITLE} did not show ${what}. ${api.redact(words)}`);
}
