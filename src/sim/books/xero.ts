/** Stand-in for Xero: Accounting API 16.1.0 and its sign-in (contract read 2026-11-22). */
import { uuidFrom } from '../../sample/random.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import type { Ledger, LedgerDocument, LedgerKind } from '../ledger/ledger.ts';
import { queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createRotatingLogin } from './rotating-login.ts';
import { refuse, write } from './xero-create.ts';
import { pageOf, parseWhere } from './xero-list.ts';
import * as records from './xero-records.ts';

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const XERO_CREDENTIALS = {
  clientId: 'canary-xero-client',
  clientSecret: 'canary-xero-secret',
  refreshToken: 'canary-xero-refresh',
  tenantId: uuidFrom('tenant of xero'),
} as const;

const SYSTEM = 'xero';
const BASE = '/api.xro/2.0';
const SIGN_IN = { path: '/connect/token', lifetimeSeconds: 1800, more: { token_type: 'Bearer' } };
const BY_MINUTE = { calls: 60, perSeconds: 60 };
const AT_ONCE = 5;
const BY_DAY = { calls: 5000, perSeconds: 86_400 };
const KINDS: Readonly<Record<string, LedgerKind>> = {
  Invoices: 'invoice',
  CreditNotes: 'credit memo',
};
const PAGES: Parameters = {
  where: { kind: 'text' },
  order: { kind: 'text', pattern: /^\w+( ASC| DESC)?$/ },
  page: { kind: 'integer', min: 1 },
  pageSize: { kind: 'integer', min: 1, max: 1000 },
};
const DECIMALS: Parameters = { unitdp: { kind: 'choice', oneOf: ['2', '4'] } };
const ARCHIVED: Parameters = { includeArchived: { kind: 'choice', oneOf: ['true', 'false'] } };
const CONTACTS: Parameters = { ...PAGES, ...ARCHIVED, IDs: { kind: 'text' } };
const DOCUMENTS: Readonly<Record<LedgerKind, Parameters>> = {
  invoice: { ...PAGES, ...DECIMALS, ...ARCHIVED },
  'credit memo': { ...PAGES, ...DECIMALS },
};

export const xero: StandIn = {
  system: SYSTEM,
  base: '',
  atOnce: { max: AT_ONCE, refuse: () => tooMany('concurrent', '1') },
  create(stage) {
    const ledger = stage.ledger(SYSTEM, {
      customer: (position) => uuidFrom(`xero contact ${String(position)}`),
      item: (position) => `SVC-${String(position).padStart(3, '0')}`,
    });
    const login = createRotatingLogin({ ...XERO_CREDENTIALS, ...SIGN_IN }, ledger);
    const limits = [
      { name: 'minute', retryAfter: '37', allow: createRateLimit(BY_MINUTE.calls, BY_MINUTE.perSeconds) },
      { name: 'day', retryAfter: '43200', allow: createRateLimit(BY_DAY.calls, BY_DAY.perSeconds) },
    ]; // prettier-ignore
    return {
      answer(request) {
        const signedIn = login.signIn(request);
        if (signedIn) return signedIn;
        if (!login.isSignedIn(request)) return gate(401, 'Unauthorized', 'TokenExpired');
        if (request.headers['xero-tenant-id'] !== XERO_CREDENTIALS.tenantId) {
          return gate(403, 'Forbidden', 'AuthenticationUnsuccessful');
        }
        const { rateLimits } = stage.options();
        const reached = rateLimits ? limits.find(({ allow }) => !allow(request.nowMs)) : undefined;
        if (reached) return tooMany(reached.name, reached.retryAfter);
        return answer(request, ledger);
      },
      revokeTokens: () => {
        login.revokeTokens();
      },
    };
  },
};

const gate = (status: number, title: string, detail: string): SimAnswer =>
  answerJson(status, { Type: null, Title: title, Status: status, Detail: detail, Instance: '', Extensions: {} }); // prettier-ignore

const tooMany = (problem: string, retryAfter: string): SimAnswer =>
  answerJson(429, '', { 'retry-after': retryAfter, 'x-rate-limit-problem': problem });

const notPlayed = (): SimAnswer => gate(404, 'Not Found', 'There is no such resource.');

function answer(request: SimRequest, ledger: Ledger): SimAnswer {
  const { method, path } = request;
  const [, list = '', more] = path.startsWith(`${BASE}/`) ? path.slice(BASE.length).split('/') : [];
  if (more !== undefined) return notPlayed();
  const kind = KINDS[list];
  if (kind !== undefined && (method === 'PUT' || method === 'POST')) {
    const isJson = request.headers['content-type']?.startsWith('application/json');
    if (!isJson) return gate(415, 'Unsupported Media Type', 'The body is no JSON.');
    return refuseQuery(request, DECIMALS) ?? write(request, kind, ledger);
  }
  if (method !== 'GET') return notPlayed();
  if (kind !== undefined) return documents(request, list, kind, ledger);
  return list === 'Contacts' ? contacts(request, ledger) : small(request, list, ledger);
}

function small(request: SimRequest, list: string, ledger: Ledger): SimAnswer {
  const refused = refuseQuery(request, {});
  if (refused) return refused;
  switch (list) {
    case 'Items':
      return answerJson(200, { Items: ledger.all('item').map(records.toItem) });
    case 'TaxRates':
      return answerJson(200, { TaxRates: records.TAX_RATES });
    case 'Organisation': {
      const one = records.toOrganisation(ledger, uuidFrom('organisation of xero'));
      return answerJson(200, { Organisations: [one] });
    }
    default:
      return notPlayed();
  }
}

function contacts(request: SimRequest, ledger: Ledger): SimAnswer {
  const refused = refuseQuery(request, CONTACTS);
  if (refused) return refused;
  const { query } = request;
  const ids = query.get('IDs')?.split(',');
  const rows = ledger
    .all('customer')
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .filter(({ active }) => active || query.get('includeArchived') === 'true');
  return pageOf(request, 'Contacts', rows, records.toContact);
}

function documents(request: SimRequest, list: string, kind: LedgerKind, ledger: Ledger): SimAnswer {
  const refused = refuseQuery(request, DOCUMENTS[kind]);
  if (refused) return refused;
  const isWanted = parseWhere(request.query.get('where') ?? `Type=="${typeOf(kind)}"`);
  if (!isWanted) return refuse('The where clause is not understood.');
  // What was deleted is still shown, as deleted.
  const isAll = kind === 'credit memo' || request.query.get('includeArchived') === 'true';
  const rows = ledger
    .all('document')
    .filter((one) => one.kind === kind && (isAll || !one.archived) && isWanted(cellsOf(one)));
  return pageOf(request, list, rows, (row) => records.toDocument(row, ledger));
}

const typeOf = (kind: LedgerKind): string => (kind === 'invoice' ? 'ACCREC' : 'ACCRECCREDIT');

const cellsOf = (one: LedgerDocument): Readonly<Record<string, string>> => ({
  Type: typeOf(one.kind),
  Date: one.date,
  'Contact.ContactID': one.customerId,
  [one.kind === 'invoice' ? 'InvoiceID' : 'CreditNoteID']: one.id,
  [one.kind === 'invoice' ? 'InvoiceNumber' : 'CreditNoteNumber']: one.number ?? '',
});

function refuseQuery(request: SimRequest, parameters: Parameters): SimAnswer | null {
  const [trouble] = queryTroubles(request.query, parameters);
  return trouble === undefined ? null : refuse(trouble);
}
