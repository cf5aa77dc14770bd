/**
 * Stand-in for QuickBooks Online: Accounting API v3 with minor version 75 and Intuit's sign-in,
 * from Intuit's schema files and pages (read 2026-11-22), as it publishes no OpenAPI.
 */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { standing } from '../ledger/documents.ts';
import type { Ledger, LedgerDocument, LedgerKind } from '../ledger/ledger.ts';
import { queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { create, type Company } from './quickbooks-online-create.ts';
import * as faults from './quickbooks-online-faults.ts';
import { parseQuery, select, type Query } from './quickbooks-online-query.ts';
import * as records from './quickbooks-online-records.ts';
import { createRotatingLogin } from './rotating-login.ts';

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const QUICKBOOKS_CREDENTIALS = {
  clientId: 'canary-intuit-client',
  clientSecret: 'canary-intuit-secret',
  refreshToken: 'canary-intuit-refresh',
  realmId: '4620816365278301470',
} as const;

const SYSTEM = 'quickbooks-online';
const SIGN_IN = {
  path: '/oauth2/v1/tokens/bearer',
  lifetimeSeconds: 3600,
  more: { token_type: 'bearer', x_refresh_token_expires_in: 8_726_400 },
};
const BY_MINUTE = { calls: 500, perSeconds: 60 };
const BY_SECOND = { calls: 10, perSeconds: 1 };
const FIRST_ITEM = 100;
const VERSION: Parameters = { minorversion: { kind: 'integer', min: 1, max: 75 } };
const CREATE: Parameters = { ...VERSION, requestid: { kind: 'text', pattern: /^[\w-]{1,50}$/ } };
const QUERY: Parameters = { ...VERSION, query: { kind: 'text' } };
const TAX_CODES = ['TAX', 'NON'].map((Id) => ({ Id, Name: Id, Active: true, domain: 'QBO' }));
const KINDS: Readonly<Record<string, LedgerKind>> = {
  invoice: 'invoice',
  creditmemo: 'credit memo',
};

export const quickbooksOnline: StandIn = {
  system: SYSTEM,
  base: '',
  create(stage) {
    const ledger = stage.ledger(SYSTEM, {
      customer: (position) => String(position),
      item: (position) => String(FIRST_ITEM + position),
    });
    const login = createRotatingLogin({ ...QUICKBOOKS_CREDENTIALS, ...SIGN_IN }, ledger);
    const limits = [BY_MINUTE, BY_SECOND].map((rate) =>
      createRateLimit(rate.calls, rate.perSeconds),
    );
    return {
      answer(request) {
        const signedIn = login.signIn(request);
        if (signedIn) return signedIn;
        const { nowMs } = request;
        if (!login.isSignedIn(request)) {
          const problem = faults.badToken('The token is not good or no longer.');
          return faults.fault(401, problem, nowMs, 'AuthenticationFault');
        }
        const { rateLimits, allowsUsedNumbers = false } = stage.options();
        if (rateLimits && !limits.every((allow) => allow(nowMs))) {
          return faults.fault(429, faults.tooMany('statusCode=429'), nowMs);
        }
        return answer(request, { ledger, allowsUsedNumbers });
      },
      revokeTokens: () => {
        login.revokeTokens();
      },
    };
  },
};

function answer(request: SimRequest, company: Company): SimAnswer {
  const { method, path, nowMs } = request;
  const [, version, word, realm, name = '', id, more] = path.split('/');
  if (version !== 'v3' || word !== 'company' || realm !== QUICKBOOKS_CREDENTIALS.realmId) {
    const problem = faults.noSuchCompany('The token is not for this company.');
    return faults.fault(403, problem, nowMs, 'AuthorizationFault');
  }
  if (more !== undefined) return notPlayed(request);
  if (method === 'POST') return post(request, { name, id }, company);
  return method === 'GET' ? get(request, { name, id }, company) : notPlayed(request);
}

interface Place {
  readonly name: string;
  readonly id: string | undefined;
}

function post(request: SimRequest, { name, id }: Place, company: Company): SimAnswer {
  const kind = KINDS[name];
  if (kind === undefined || id !== undefined) return notPlayed(request);
  const refused = refuseQuery(request, CREATE);
  if (refused) return refused;
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return faults.fault(400, faults.badProperty('The body is no JSON.'), request.nowMs);
  }
  return create(request, kind, company);
}

function get(request: SimRequest, { name, id }: Place, { ledger }: Company): SimAnswer {
  if (name === 'query' && id === undefined) return query(request, ledger);
  const refused = refuseQuery(request, VERSION);
  if (refused) return refused;
  if (name === 'preferences' && id === undefined) {
    return found('Preferences', records.toPreferences(ledger), request);
  }
  if (id === undefined) return notPlayed(request);
  if (name === 'companyinfo') return found('CompanyInfo', records.toCompany(ledger), request);
  const entity = { customer: 'Customer', invoice: 'Invoice', creditmemo: 'CreditMemo' }[name];
  if (entity === undefined) return notPlayed(request);
  const row = readOne(name, id, ledger);
  if (row) return found(entity, row, request);
  return faults.fault(400, faults.notFound('Object Not Found.'), request.nowMs);
}

/** A customer that was merged into another one is no longer there. */
function readOne(name: string, id: string, ledger: Ledger): records.Row | null {
  if (name === 'customer') {
    const customer = ledger.get('customer', id);
    return customer?.mergedInto === null ? records.toCustomer(customer) : null;
  }
  const document = standing(ledger).find((one) => one.id === id && one.kind === KINDS[name]);
  return document ? records.toDocument(document, ledger) : null;
}

function query(request: SimRequest, ledger: Ledger): SimAnswer {
  const refused = refuseQuery(request, QUERY);
  if (refused) return refused;
  const refuse = (words: string): SimAnswer =>
    faults.fault(400, faults.badQuery(words), request.nowMs);
  const asked = parseQuery(request.query.get('query') ?? '');
  if (typeof asked === 'string') return refuse(asked);
  const rows = selected(asked, ledger);
  if (typeof rows === 'string') return refuse(rows);
  const QueryResponse =
    rows.length === 0
      ? {}
      : { [asked.entity]: rows, startPosition: asked.start, maxResults: rows.length };
  return answerJson(200, { QueryResponse, time: timeOf(request) });
}

function selected(asked: Query, ledger: Ledger): readonly records.Row[] | string {
  switch (asked.entity) {
    case 'Customer': {
      const rows = ledger.all('customer').filter(({ mergedInto }) => mergedInto === null);
      return select(asked, rows.map(records.toCustomer), cellsOf);
    }
    case 'Item':
      return select(asked, ledger.all('item').map(records.toItem), cellsOf);
    case 'TaxCode':
      return select(asked, TAX_CODES, cellsOf);
    case 'Invoice':
      return documents(asked, 'invoice', ledger);
    case 'CreditMemo':
      return documents(asked, 'credit memo', ledger);
    default:
      return `QueryValidationError: Entity ${asked.entity} is not played`;
  }
}

function documents(
  asked: Query,
  kind: LedgerKind,
  ledger: Ledger,
): readonly records.Row[] | string {
  const rows = standing(ledger).filter((one) => one.kind === kind);
  const found = select(asked, rows, documentCells);
  return typeof found === 'string'
    ? found
    : found.map((document) => records.toDocument(document, ledger));
}

const cellsOf = (row: records.Row): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['Id', 'DisplayName', 'Name', 'Active', 'Type']
      .filter((name) => name in row)
      .map((name) => [name, String(row[name])]),
  );

const documentCells = (document: LedgerDocument): Readonly<Record<string, string>> => ({
  Id: document.id,
  DocNumber: document.number ?? '',
  TxnDate: document.date,
  CustomerRef: document.customerId,
});

const timeOf = ({ nowMs }: SimRequest): string => new Date(nowMs).toISOString();

const found = (entity: string, row: records.Row, request: SimRequest): SimAnswer =>
  answerJson(200, { [entity]: row, time: timeOf(request) });

const notPlayed = ({ nowMs }: SimRequest): SimAnswer =>
  faults.fault(404, faults.notFound('There is no such address.'), nowMs);

function refuseQuery(request: SimRequest, parameters: Parameters): SimAnswer | null {
  const [trouble] = queryTroubles(request.query, parameters);
  return trouble === undefined
    ? null
    : faults.fault(400, faults.badProperty(trouble), request.nowMs);
}
