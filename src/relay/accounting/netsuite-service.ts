// How NetSuite is reached: the account's own address, the signed sign-in, SuiteQL over its pages.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  type Answer,
  type Http,
  type HttpService,
} from '../http.ts';
import type { BooksTools, Grant } from './accounting.ts';
import { currencySetting } from './currency-setting.ts';
import { explain } from './netsuite-answers.ts';
import { signAssertion, signingKey } from './signed-assertion.ts';

export const TITLE = 'NetSuite';
const TOKEN_PATH = '/services/rest/auth/oauth2/v1/token';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Less than the hour NetSuite allows at most. */
const ASSERTION_SECONDS = 300;
const TIMEOUT_MS = 120_000;
/**
 * The smallest account takes five requests at once from all its integrations together (read
 * 2026-11-22): one place is left to the others. No period: each answer frees the place at once.
 */
const AT_ONCE = { calls: 4, perSeconds: 0 };
const PAGE_SIZE = 1000;

export const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  accountId: z
    .string()
    .regex(/^[A-Za-z\d]{1,20}(_(SB|RP)\d{1,2})?$/, 'is the id of the account ("1234567_SB1")'),
  clientId: credential,
  /** Of the certificate mapped at "OAuth 2.0 Client Credentials (M2M) Setup". */
  certificateId: credential,
  privateKey: signingKey,
  /** For accounts without the feature Multiple Currencies: their records name none. */
  homeCurrency: currencySetting.optional(),
});
export type Settings = z.infer<typeof Settings>;

/** Its page shows the seconds as a text. */
const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.union([z.number().positive(), z.string().regex(/^\d{1,6}$/)]),
});

export function openService(settings: Settings, http: Http, tools: BooksTools): HttpService {
  const { accountId, clientId, certificateId } = settings;
  // The kept token belongs to these: any other ones sign in anew.
  const first = JSON.stringify([accountId, clientId, certificateId]);
  const renew = (): Promise<Grant> => signIn(settings, http, tools);
  return http.service({
    title: TITLE,
    baseUrl: `${addressOf(settings)}/services/rest`,
    headers: { accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
    rate: { ...AT_ONCE, holder: `${accountId} ${clientId}` },
    explain,
    authorize: async (refused) => {
      const token = await tools.tokens.accessToken({ first, refused, renew });
      return { authorization: `Bearer ${token}` };
    },
  });
}

const hostOf = ({ accountId }: Settings): string =>
  `https://${accountId.toLowerCase().replace('_', '-')}.suitetalk.api.netsuite.com`;

const addressOf = (settings: Settings): string => settings.baseUrl ?? hostOf(settings);

/** There is no refresh token: every access token is asked for with a new statement. */
async function signIn(settings: Settings, http: Http, { now }: BooksTools): Promise<Grant> {
  const seconds = Math.floor(now() / 1000);
  const assertion = signAssertion(settings.privateKey, settings.certificateId, {
    iss: settings.clientId,
    scope: ['rest_webservices'],
    aud: `${hostOf(settings)}${TOKEN_PATH}`,
    iat: seconds,
    exp: seconds + ASSERTION_SECONDS,
  });
  const service = http.service({
    title: `${TITLE} sign-in`,
    baseUrl: addressOf(settings),
    headers: { accept: 'application/json' },
  });
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  };
  const token = await service.post(TOKEN_PATH, Token, { form });
  return {
    accessToken: token.access_token,
    refreshToken: null,
    expiresInSeconds: Number(token.expires_in),
  };
}

/** A text in SuiteQL; a quote in it ends nothing. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export interface Select {
  readonly columns: readonly string[];
  readonly from: string;
  readonly where?: string;
}

/** Every row, over all pages; without a fixed order pages may repeat rows and leave some out. */
export function selectAll<Row extends z.ZodType>(
  api: HttpService,
  { columns, from, where }: Select,
  row: Row,
): Promise<readonly z.infer<Row>[]> {
  const condition = where === undefined ? '' : ` WHERE ${where}`;
  const q = `SELECT ${columns.join(', ')} FROM ${from}${condition} ORDER BY id`;
  const Page = z.object({
    items: z.array(row),
    hasMore: z.boolean(),
    offset: z.int().nonnegative(),
    totalResults: z.int().nonnegative(),
  });
  return collectPages(TITLE, async (cursor) => {
    const path = '/query/v1/suiteql';
    const offset = Number(cursor ?? 0);
    const query = { limit: PAGE_SIZE, offset };
    const answer = await api.read(path, {
      query,
      headers: { prefer: 'transient' },
      question: { q },
    });
    if (answer.status !== 200) throw refusal(api, answer, `the list of ${from}`);
    const page = api.parse(answer, Page, path);
    if (page.offset !== offset) {
      throw new AppError('SOURCE_MALFORMED', `${TITLE}: ${from} gave another page.`);
    }
    const next = page.hasMore ? String(offset + PAGE_SIZE) : null;
    return { rows: page.items, next, total: page.totalResults };
  });
}

/** It was asked for `what` and said no. */
export function refusal(api: HttpService, answer: Answer, what: string): AppError {
  const words = explain(answer) ?? `It answered ${String(answer.status)}.`;
  return new AppError('SOURCE_REFUSED', `${TITLE} did not show ${what}. ${api.redact(words)}`);
}
