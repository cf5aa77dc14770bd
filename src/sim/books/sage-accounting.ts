/** Stand-in for Sage Accounting: API 3.1 and its sign-in (contract read 2026-11-22). */
import { uuidFrom } from '../../sample/random.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { standing } from '../ledger/documents.ts';
import { openLedger, type Ledger, type LedgerDocument, type LedgerKind } from '../ledger/ledger.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createRotatingLogin } from './rotating-login.ts';
import { create } from './sage-accounting-create.ts';
import { notFound, notPlayed, problem } from './sage-accounting-problems.ts';
import * as records from './sage-accounting-records.ts';

const hexId = (seed: string): string => uuidFrom(seed).replaceAll('-', '');

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const SAGE_CREDENTIALS = {
  clientId: 'canary-sage-client',
  clientSecret: 'canary-sage-secret',
  refreshToken: 'canary-sage-refresh',
  businessId: hexId('business of sage'),
} as const;

const SYSTEM = 'sage-accounting';
const BASE = '/v3.1';
const LEAD_BUSINESS = hexId('lead business of sage');
const SIGN_IN = {
  path: '/token',
  lifetimeSeconds: 300,
  clientIn: 'form',
  more: { token_type: 'bearer', refresh_token_expires_in: 2_678_400, scope: 'full_access' },
} as const;
const BY_MINUTE = { calls: 200, perSeconds: 60 };
const PER_PAGE = 20;
const KINDS: Readonly<Record<string, LedgerKind>> = {
  sales_invoices: 'invoice',
  sales_credit_notes: 'credit memo',
};

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const BOOLEAN = { kind: 'choice', oneOf: ['true', 'false'] } as const;
const ONE: Parameters = { attributes: { kind: 'text' } };
const PAGES: Parameters = {
  ...ONE,
  items_per_page: { kind: 'integer', min: 1, max: 200 },
  page: { kind: 'integer', min: 1 },
};
const DOCUMENTS: Parameters = {
  ...PAGES,
  search: { kind: 'text' },
  contact_id: { kind: 'text' },
  status_id: { kind: 'text' },
  from_date: { kind: 'text', pattern: DATE_TIME },
  to_date: { kind: 'text', pattern: DATE_TIME },
  sort: { kind: 'text', pattern: /^(created_at|updated_at|date)(:(asc|desc))?$/ },
};
const CONTACTS: Parameters = {
  ...PAGES,
  search: { kind: 'text' },
  contact_type_id: { kind: 'choice', oneOf: ['CUSTOMER', 'VENDOR'] },
  exclude_system: BOOLEAN,
};
const ACCOUNTS: Parameters = {
  ...PAGES,
  visible_in: { kind: 'choice', oneOf: ['sales', 'banking', 'expenses', 'other_payments', 'other_receipts', 'journals', 'reporting'] },
}; // prettier-ignore
const DOCUMENT: Parameters = {
  ...ONE,
  mark_as_sent: BOOLEAN,
  nested_attributes: { kind: 'text' },
  show_payments_allocations: BOOLEAN,
  show_corrections: BOOLEAN,
  show_recurring_invoice: BOOLEAN,
};
const RATE: Parameters = { ...ONE, date: { kind: 'text', pattern: /^\d{4}-\d\d-\d\d$/ } };
const ONES: Readonly<Record<string, Parameters>> = {
  tax_rates: RATE,
  sales_invoices: DOCUMENT,
  sales_credit_notes: DOCUMENT,
};

interface Business {
  readonly ledger: Ledger;
  readonly pageSizeMax: number;
}

export const sageAccounting: StandIn = {
  system: SYSTEM,
  base: '',
  create(stage) {
    const ledger = stage.ledger(SYSTEM, {
      customer: (position) => hexId(`sage contact ${String(position)}`),
      item: (position) => hexId(`sage ledger account ${String(position)}`),
    });
    // Whoever names no business is answered for the person's lead business.
    const lead = openLedger(null);
    const login = createRotatingLogin({ ...SAGE_CREDENTIALS, ...SIGN_IN }, ledger);
    const allow = createRateLimit(BY_MINUTE.calls, BY_MINUTE.perSeconds);
    return {
      answer(request) {
        const signedIn = login.signIn(request);
        if (signedIn) return signedIn;
        if (!login.isSignedIn(request)) {
          return problem(401, 'Unauthorized', 'The access token is not good or no longer.');
        }
        const { rateLimits, pageSizeMax = NO_LIMIT } = stage.options();
        if (rateLimits && !allow(request.nowMs)) {
          const headers = { 'retry-after': '60' };
          return problem(429, 'TooManyRequests', 'There were too many requests.', '', headers);
        }
        const business = request.headers['x-business'] ?? LEAD_BUSINESS;
        if (business === LEAD_BUSINESS) return answer(request, { ledger: lead, pageSizeMax });
        if (business !== SAGE_CREDENTIALS.businessId) return notFound();
        return answer(request, { ledger, pageSizeMax });
      },
      revokeTokens: () => {
        login.revokeTokens();
      },
    };
  },
};

function answer(request: SimRequest, business: Business): SimAnswer {
  const { method, path } = request;
  const [, name = '', id, more] = path.startsWith(`${BASE}/`)
    ? path.slice(BASE.length).split('/')
    : [];
  if (more !== undefined) return notPlayed();
  const kind = KINDS[name];
  if (method === 'POST' && kind !== undefined && id === undefined) {
    const isJson = request.headers['content-type']?.startsWith('application/json');
    if (!isJson) return problem(415, 'UnsupportedMediaType', 'The body is no JSON.');
    return refuseQuery(request, {}) ?? create(request, kind, business.ledger);
  }
  if (method !== 'GET') return notPlayed();
  return id === undefined ? list(request, name, business) : one(request, name, id, business.ledger);
}

function list(request: SimRequest, name: string, business: Business): SimAnswer {
  const { ledger } = business;
  const kind = KINDS[name];
  if (kind !== undefined) return documents(request, kind, business);
  switch (name) {
    case 'businesses':
      return refuseQuery(request, {}) ?? pageOf(request, businesses(ledger), business);
    case 'contacts':
      return refuseQuery(request, CONTACTS) ?? pageOf(request, contacts(request, ledger), business);
    case 'ledger_accounts':
      return refuseQuery(request, ACCOUNTS) ?? pageOf(request, accounts(request, ledger), business);
    case 'tax_rates':
      return refuseQuery(request, PAGES) ?? pageOf(request, records.taxRates(ledger), business);
    case 'invoice_settings':
      return refuseQuery(request, {}) ?? answerJson(200, records.INVOICE_SETTINGS);
    default:
      return notPlayed();
  }
}

function one(request: SimRequest, name: string, id: string, ledger: Ledger): SimAnswer {
  const refused = refuseQuery(request, ONES[name] ?? ONE);
  if (refused) return refused;
  if (KINDS[name] === undefined && name !== 'contacts' && name !== 'tax_rates') return notPlayed();
  if (KINDS[name] !== undefined) markAsSent(request, id, ledger);
  const row = readOne(name, id, ledger);
  if (!row) return notFound();
  return answerJson(200, records.shown(row, request.query.get('attributes')));
}

/** Whoever reads a document has sent it, unless he says that he has not. */
function markAsSent({ query }: SimRequest, id: string, ledger: Ledger): void {
  const document = standing(ledger).find((each) => each.id === id);
  if (!document || query.get('mark_as_sent') === 'false') return;
  ledger.put('document', id, { ...document, sent: true });
}

/** A contact that was merged into another one is no longer there. */
function readOne(name: string, id: string, ledger: Ledger): records.Row | null {
  if (name === 'tax_rates') return records.taxRates(ledger).find((row) => row['id'] === id) ?? null;
  if (name === 'contacts') {
    const customer = ledger.get('customer', id);
    return customer?.mergedInto === null ? records.toContact(customer) : null;
  }
  const document = standing(ledger).find((each) => each.id === id && each.kind === KINDS[name]);
  return document ? records.toDocument(document, ledger) : null;
}

const businesses = (ledger: Ledger): readonly records.Row[] =>
  [
    { id: LEAD_BUSINESS, displayed_as: 'Another business' },
    { id: SAGE_CREDENTIALS.businessId, displayed_as: ledger.settings().company },
  ].map((row) => ({ ...row, $path: `/businesses/${row.id}` }));

function contacts({ query }: SimRequest, ledger: Ledger): readonly records.Row[] {
  const wanted = query.get('search')?.toLowerCase() ?? '';
  if (query.get('contact_type_id') === 'VENDOR') return [];
  return ledger
    .all('customer')
    .filter(({ active, name }) => active && name.toLowerCase().includes(wanted))
    .map(records.toContact);
}

const accounts = ({ query }: SimRequest, ledger: Ledger): readonly records.Row[] =>
  ledger
    .all('item')
    .map((item, index) => ({ item, row: records.toLedgerAccount(item, index + 1) }))
    .filter(({ item }) => item.active || query.get('visible_in') !== 'sales')
    .map(({ row }) => row);

/** What was deleted is not listed; what was voided is, as such. */
function documents(request: SimRequest, kind: LedgerKind, business: Business): SimAnswer {
  const refused = refuseQuery(request, DOCUMENTS);
  if (refused) return refused;
  const { ledger } = business;
  const rows = standing(ledger)
    .filter((each) => each.kind === kind && isWanted(each, request.query, ledger))
    .map((each) => records.toDocument(each, ledger));
  const isBackwards = request.query.get('sort')?.endsWith(':desc');
  return pageOf(request, isBackwards ? rows.toReversed() : rows, business);
}

function isWanted(one: LedgerDocument, query: URLSearchParams, ledger: Ledger): boolean {
  const search = query.get('search')?.toLowerCase() ?? '';
  const texts = [one.number ?? '', ledger.get('customer', one.customerId)?.name ?? ''];
  const day = (name: string): string | null => query.get(name)?.slice(0, 10) ?? null;
  return (
    texts.some((text) => text.toLowerCase().includes(search)) &&
    one.customerId === (query.get('contact_id') ?? one.customerId) &&
    records.statusOf(one) === (query.get('status_id') ?? records.statusOf(one)) &&
    one.date >= (day('from_date') ?? one.date) &&
    one.date <= (day('to_date') ?? one.date)
  );
}

function pageOf(
  { path, query }: SimRequest,
  rows: readonly records.Row[],
  { pageSizeMax }: Business,
): SimAnswer {
  const page = numberOf(query, 'page', 1);
  const size = Math.min(numberOf(query, 'items_per_page', PER_PAGE), pageSizeMax);
  const link = (to: number): string =>
    `${path.slice(BASE.length)}?page=${String(to)}&items_per_page=${String(size)}`;
  const attributes = query.get('attributes');
  return answerJson(200, {
    $total: rows.length,
    $page: page,
    $next: page * size < rows.length ? link(page + 1) : null,
    $back: page > 1 ? link(page - 1) : null,
    $items_per_page: size,
    $items: rows.slice((page - 1) * size, page * size).map((row) => records.shown(row, attributes)),
  });
}

function refuseQuery(request: SimRequest, parameters: Parameters): SimAnswer | null {
  const [trouble] = queryTroubles(request.query, parameters);
  return trouble === undefined ? null : problem(400, 'InvalidParameter', trouble);
}
