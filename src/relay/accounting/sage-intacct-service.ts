// How Sage Intacct is reached: the sign-in of a Web Services user, the entity, and its queries.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { isCurrency } from '../../core/money.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  type Answer,
  type Http,
  type HttpService,
  type ServiceOptions,
} from '../http.ts';
import type { BooksTools, Grant } from './accounting.ts';
import { explain } from './sage-intacct-answers.ts';

export const TITLE = 'Sage Intacct';
const SERVICE_URL = 'https://api.intacct.com/ia/api/v1';
const TIMEOUT_MS = 100_000;
/** How many requests at once depends on the company's tier and is not published: one at a time. */
const AT_ONCE = { calls: 1, perSeconds: 0 };
const PAGE_SIZE = 1000;

const dimensionId = z.string().regex(/^[\x21-\x7e]{1,40}$/, 'is an id as the company writes it');

export const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  clientId: credential,
  clientSecret: credential,
  /** The Web Services user; what follows the last @ is the company that is connected. */
  username: z.string().regex(/^[^\s|]+@[^\s@|]+$/, 'is the user and the company: "user@company"'),
  /** Of a company with several; absent: its top level. */
  entityId: dimensionId.optional(),
  /** The home currency: an invoice names none. */
  currency: z.string().refine(isCurrency, 'is the home currency as a code, such as USD'),
  /** Days from invoice date to due date: Sage Intacct wants a due date on each invoice. */
  dueDays: z.int().min(0).max(365),
  /** Put on every line, where the company asks for it. */
  locationId: dimensionId.optional(),
  departmentId: dimensionId.optional(),
});
export type Settings = z.infer<typeof Settings>;

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

export function openService(settings: Settings, http: Http, tools: BooksTools): HttpService {
  const { entityId, clientId, username } = settings;
  const service = serviceOf(settings);
  const entity = entityId === undefined ? {} : { 'x-ia-api-param-entity': entityId };
  const sign = { first: fingerprint(settings), renew: () => signIn(settings, http.service(service)) };
  return http.service({
    ...service,
    headers: { accept: 'application/json', ...entity },
    rate: { ...AT_ONCE, holder: `${clientId} ${username}` },
    authorize: async (refused) => {
      const token = await tools.tokens.accessToken({ ...sign, refused });
      return { authorization: `Bearer ${token}` };
    },
  });
} // prettier-ignore

const serviceOf = ({ baseUrl }: Settings): ServiceOptions => ({
  title: TITLE,
  baseUrl: baseUrl ?? SERVICE_URL,
  timeoutMs: TIMEOUT_MS,
  explain,
});

/** Nothing rotates here: the credentials themselves are traded for each access token. */
async function signIn(
  { clientId, clientSecret, username }: Settings,
  service: HttpService,
): Promise<Grant> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    username,
  };
  const token = await service.post('/oauth2/token', Token, { form });
  return {
    accessToken: token.access_token,
    refreshToken: null,
    expiresInSeconds: token.expires_in,
  };
}

/** The kept token belongs to this user and company: any other settings sign in anew. */
function fingerprint({ clientId, clientSecret, username }: Settings): string {
  const text = JSON.stringify([clientId, clientSecret, username]);
  return createHash('sha256').update(text).digest('hex');
}

/** "$gte": {"invoiceDate": "2026-09-01"}; several are joined by "and". */
export type Filter = Readonly<Record<`$${string}`, Readonly<Record<string, string>>>>;

export interface Question<Row extends z.ZodType> {
  readonly object: string;
  readonly fields: readonly string[];
  readonly row: Row;
  readonly filters?: readonly Filter[];
}

const Meta = z.object({ totalCount: z.int(), start: z.int(), next: z.int().nullish() });

/** Every row of an object that the filters let through, over all pages. */
export function queryAll<Row extends z.ZodType>(
  api: HttpService,
  { object, fields, row, filters = [] }: Question<Row>,
): Promise<readonly z.infer<Row>[]> {
  const path = '/services/core/query';
  const Page = z.object({ 'ia::result': z.array(row), 'ia::meta': Meta });
  const conditions = filters.length === 0 ? {} : { filters, filterExpression: 'and' };
  return collectPages(TITLE, async (cursor) => {
    const start = Number(cursor ?? 1);
    const page = { start, size: PAGE_SIZE, orderBy: [{ key: 'asc' }] };
    const answer = await api.read(path, { question: { object, fields, ...conditions, ...page } });
    if (answer.status !== 200) throw refusal(api, answer, object);
    const { 'ia::result': rows, 'ia::meta': meta } = api.parse(answer, Page, path);
    if (meta.start !== start) {
      throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${object} gave another page.`);
    }
    return { rows, next: meta.next ? String(meta.next) : null, total: meta.totalCount };
  });
}

/** It was asked for `what` and said no. */
export function refusal(api: HttpService, answer: Answer, what: string): AppError {
  const words = explain(answer) ?? `It answered ${String(answer.status)}.`;
  return new AppError('SOURCE_REFUSED', `${TITLE} did not show ${what}. ${api.redact(words)}`);
}
