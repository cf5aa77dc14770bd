// ConnectWise PSA: additions of agreements, and hours by billing class, for one month.
// API: ConnectWise PSA 2026.4 (finance/agreements, additions, time/entries), read 2026-11-22. Lists
// are paged forward only (pageId is the last id seen), so that what is written meanwhile neither
// hides nor doubles a row; the count of each list is asked beside it. No rate limit is published;
// it says 429 and when to come back.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages, credential, loopbackUrl, refuseEmpty, type Http, type HttpService, type Query,
} from '../http.ts'; // prettier-ignore
import {
  Addition, Agreement, clientOf, COVERED, hoursOf, isOfMonth, piecesOf, TimeEntry,
} from './connectwise-psa-rows.ts'; // prettier-ignore
import { psaMonth, timeZone, type PsaMonth } from './psa-month.ts';
import { tallyPsa, type Doubt, type PsaFound, type PsaPiece, type PsaSku } from './psa-tally.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'ConnectWise PSA';
const PAGE_SIZE = 1000;
const MEDIA_TYPE = 'application/vnd.connectwise.com+json; version=2026.4';
const BASE_PATH = '/v4_6_release/apis/3.0';
const REGIONS = {
  na: 'https://api-na.myconnectwise.net',
  eu: 'https://api-eu.myconnectwise.net',
  au: 'https://api-au.myconnectwise.net',
} as const;

/** Part of a Basic sign-in, where a plus and a colon are the separators. */
const part = credential.refine((text) => !/[+:]/.test(text), 'holds a plus or a colon');

const Settings = z.strictObject({
  region: z.enum(['na', 'eu', 'au'], 'is missing or is not one of na, eu, au'),
  baseUrl: loopbackUrl.optional(),
  timeZone,
  /** The company that people type when they sign in. */
  companyId: part,
  publicKey: part,
  privateKey: credential,
  /** The GUID that ConnectWise gave this integration. */
  clientId: credential,
});
type Settings = z.infer<typeof Settings>;

const Total = z.object({ count: z.int().nonnegative() });
const Refusal = z.object({ message: z.string().min(1) });

const skus = {
  'Hours: Billable': 'Hours: Billable',
  'Hours: DoNotBill': 'Hours: DoNotBill',
  'Hours: NoCharge': 'Hours: NoCharge',
  'Hours: Agreement': COVERED,
};
const ALWAYS: readonly PsaSku[] = [
  { sku: 'Hours: Billable', name: skus['Hours: Billable'], basis: 'active' },
  { sku: 'Hours: Billable', name: skus['Hours: Billable'], basis: 'billable' },
  { sku: 'Hours: DoNotBill', name: skus['Hours: DoNotBill'], basis: 'active' },
  { sku: 'Hours: NoCharge', name: skus['Hours: NoCharge'], basis: 'active' },
  { sku: 'Hours: Agreement', name: COVERED, basis: 'billable' },
];

export const connectwisePsa = defineCountSource({
  id: 'connectwise-psa',
  title: TITLE,
  kind: 'api',
  skus,
  settings: Settings,

  async count(settings, period, http) {
    const api = connect(settings, http);
    const month = psaMonth(period, settings.timeZone);
    const agreements = await listAll(api, '/finance/agreements', Agreement);
    refuseEmpty(TITLE, 'agreement', agreements);
    const bought = await readAdditions(api, agreements.filter((one) => isOfMonth(one, month)), month);
    const worked = await readHours(api, month);
    return tallyPsa({
      title: TITLE,
      always: ALWAYS,
      found: [bought, worked],
    });
  },
}); // prettier-ignore

function connect(settings: Settings, http: Http): HttpService {
  const { region, baseUrl, companyId, publicKey, privateKey, clientId } = settings;
  const basic = Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString('base64');
  return http.service({
    title: TITLE,
    baseUrl: `${baseUrl ?? REGIONS[region]}${BASE_PATH}`,
    headers: { accept: MEDIA_TYPE, authorization: `Basic ${basic}`, clientid: clientId, 'pagination-type': 'forward-only' },
    explain: ({ text }) => explain(text),
  });
} // prettier-ignore

function explain(text: string): string | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.message ?? null;
  } catch {
    return null;
  }
}

/** A list and how many rows ConnectWise says it has; an empty answer by mistake is noticed so. */
async function listAll<Row extends z.ZodType<{ id: number }>>(
  api: HttpService,
  path: string,
  row: Row,
  query: Query = {},
): Promise<readonly z.infer<Row>[]> {
  const { count: total } = await api.get(`${path}/count`, Total, { query });
  return listRows(api, path, row, { query, total });
}

interface Asked {
  readonly query?: Query;
  readonly total?: number;
}

function listRows<Row extends z.ZodType<{ id: number }>>(
  api: HttpService,
  path: string,
  row: Row,
  { query = {}, total }: Asked,
): Promise<readonly z.infer<Row>[]> {
  return collectPages(TITLE, async (pageId) => {
    const answer = await api.read(path, { query: { ...query, pageSize: PAGE_SIZE, pageId } });
    if (answer.status !== 200) throw refusedOrOdd(path, answer.status, explain(answer.text));
    const rows = api.parse(answer, z.array(row), path);
    // Whose address the link names does not matter: the last id says where to go on.
    const more = rows.length >= PAGE_SIZE || /rel="?next"?/i.test(answer.headers['link'] ?? '');
    const last = rows.at(-1);
    const next = more && last ? String(last.id) : null;
    return { rows, next, ...(total === undefined ? {} : { total }) };
  });
}

function refusedOrOdd(path: string, status: number, words: string | null): AppError {
  const code = status >= 400 ? 'SOURCE_REFUSED' : 'SOURCE_MALFORMED';
  return new AppError(code, `${TITLE} answered ${path} with ${String(status)}. ${words ?? ''}`.trim());
} // prettier-ignore

/** Agreement by agreement: ConnectWise has no list of all additions. */
async function readAdditions(
  api: HttpService,
  agreements: readonly Agreement[],
  month: PsaMonth,
): Promise<PsaFound> {
  const [pieces, doubts]: [PsaPiece[], Doubt[]] = [[], []];
  for (const agreement of agreements) {
    const client = clientOf(agreement.company);
    const own = await additionsOf(api, agreement).catch(unusable);
    const results = typeof own === 'string' ? [own] : own.map((one) => piecesOf(agreement, one, month));
    for (const result of results) {
      if (typeof result === 'string') doubts.push({ client, reason: result });
      else pieces.push(...result);
    }
  }
  return { clients: agreements.map(({ company }) => clientOf(company)), pieces, doubts };
} // prettier-ignore

/** One agreement that cannot be read is a doubt about its client; a vendor that is down is down. */
function unusable(error: unknown): string {
  if (error instanceof AppError && error.code === 'SOURCE_MALFORMED') return error.message;
  throw error;
}

async function additionsOf(api: HttpService, { id }: Agreement): Promise<readonly Addition[]> {
  const path = `/finance/agreements/${String(id)}/additions`;
  const rows = await listRows(api, path, Addition, {});
  if (rows.length > 0) return rows.filter(({ agreementId }) => (agreementId ?? id) === id);
  // Agreements without additions exist, and answers that lost their rows too.
  return (await api.get(`${path}/count`, Total)).count === 0 ? [] : listAll(api, path, Addition);
}

async function readHours(api: HttpService, month: PsaMonth): Promise<PsaFound> {
  const conditions = `timeStart>=[${month.askFrom}] and timeStart<[${month.askUntil}]`;
  const all = await listAll(api, '/time/entries', TimeEntry, { conditions });
  const entries = all.filter(({ timeStart }) => month.holds(month.dayOf(timeStart)));
  const results = entries.map((entry) => ({ client: clientOf(entry.company), hours: hoursOf(entry) }));
  return {
    clients: results.map(({ client }) => client),
    pieces: results.flatMap(({ hours }) => (typeof hours === 'string' ? [] : hours)),
    doubts: results.flatMap(({ client, hours }) =>
      typeof hours === 'string' ? [{ client, reason: hours }] : [],
    ),
  };
} // prettier-ignore
