/**
 * Stand-in for "Ledger Post", invented books that nobody wrote an adapter for. It has no published
 * contract; its rules are this file. The first part of a path is its edition, which says what it
 * does against a second copy and how it is signed into: a key, Basic, or a token.
 */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { standing } from '../ledger/documents.ts';
import type { Ledger, LedgerCustomer, LedgerKind } from '../ledger/ledger.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';
import { EDITIONS, refusal, TAX_CODES, toWire, write, type Edition } from './generic-json-poster-create.ts'; // prettier-ignore

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const LEDGER_POST_CREDENTIALS = {
  apiKey: 'canary-ledger-post-key',
  user: 'canary-ledger-post-user',
  password: 'canary-ledger-post-password',
  clientId: 'canary-ledger-post-client',
  clientSecret: 'canary-ledger-post-secret',
} as const;
const OURS = LEDGER_POST_CREDENTIALS;

const SYSTEM = 'generic-json-poster';
const TOKEN_SECONDS = 900;
const LIMIT = { calls: 120, perSeconds: 60 };
const SIZE = 25;
const KINDS: Readonly<Record<string, LedgerKind>> = { invoices: 'invoice', credits: 'credit memo' };
const DAY = /^\d{4}-\d\d-\d\d$/;
const PAGES: Parameters = { page: { kind: 'integer', min: 1 }, size: { kind: 'integer', min: 1, max: 100 } }; // prettier-ignore
const DOCUMENTS: Parameters = {
  ...PAGES,
  number: { kind: 'text' },
  from: { kind: 'text', pattern: DAY },
  to: { kind: 'text', pattern: DAY },
};

export const genericJsonPoster: StandIn = {
  system: SYSTEM,
  base: '',
  create(stage) {
    const ledger = stage.ledger(SYSTEM, {
      customer: (position) => String(1000 + position),
      item: (position) => `ITEM-${String(position)}`,
    });
    const tokens = createTokenStore(TOKEN_SECONDS);
    const allow = createRateLimit(LIMIT.calls, LIMIT.perSeconds);
    return {
      answer(request) {
        const [, edition = '', ...rest] = request.path.split('/');
        if (!isEdition(edition)) return refusal(404, 'no_edition', 'There is no such edition.');
        if (edition === 'unique' && rest.join('/') === 'token') return issueToken(request, tokens);
        if (!isKnown(request, edition, tokens)) return refusal(401, 'who', 'Who are you?');
        const { rateLimits, pageSizeMax } = stage.options();
        if (rateLimits && !allow(request.nowMs)) {
          const error = { code: 'too_many', message: 'Too many requests.' };
          return answerJson(429, { error }, { 'retry-after': '20' });
        }
        return answer({ request, edition, rest, ledger, sizeMax: pageSizeMax ?? NO_LIMIT });
      },
      revokeTokens: () => tokens.revokeAll(),
    };
  },
};

const isEdition = (text: string): text is Edition => EDITIONS.some((one) => one === text);

function isKnown({ headers, nowMs }: SimRequest, edition: Edition, tokens: TokenStore): boolean {
  if (edition === 'none') return headers['x-api-key'] === OURS.apiKey;
  if (edition === 'unique') return tokens.isValid(headers['authorization'], nowMs);
  const basic = Buffer.from(`${OURS.user}:${OURS.password}`).toString('base64');
  return headers['authorization'] === `Basic ${basic}`;
}

/** RFC 6749 4.4, by form. */
function issueToken(request: SimRequest, tokens: TokenStore): SimAnswer {
  const form = new URLSearchParams(request.body);
  if (request.method !== 'POST' || form.get('grant_type') !== 'client_credentials') {
    return answerJson(400, { error: 'invalid_request' });
  }
  const { clientId, clientSecret } = OURS;
  if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
    return answerJson(401, { error: 'invalid_client' });
  }
  const token = tokens.issue(request.nowMs);
  return answerJson(200, { access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS });
}

interface Question {
  readonly request: SimRequest;
  readonly edition: Edition;
  /** "invoices", "7001". */
  readonly rest: readonly string[];
  readonly ledger: Ledger;
  readonly sizeMax: number;
}

function answer(question: Question): SimAnswer {
  const { request, edition, rest, ledger } = question;
  const [list = '', id, more] = rest;
  const kind = KINDS[list];
  if (more !== undefined) return refusal(404, 'no_path', 'There is nothing here.');
  if (request.method === 'POST' && kind && id === undefined) {
    return refuseQuery(request, {}) ?? write(request, { edition, kind }, ledger);
  }
  if (request.method !== 'GET') return refusal(405, 'no_method', 'Not by this method.');
  if (kind) return id === undefined ? documents(question, kind) : document(question, kind, id);
  if (list === 'customers') return id === undefined ? customers(question) : customer(question, id);
  if (id !== undefined) return refusal(404, 'no_path', 'There is nothing here.');
  return small(question, list);
}

function small(question: Question, list: string): SimAnswer {
  const { request, ledger } = question;
  if (list === 'items') {
    const wire = ledger.all('item').map(({ id, name, active }) => ({ code: id, name, sold: active }));
    return refuseQuery(request, PAGES) ?? pageOf(question, 'items', wire);
  }
  if (list === 'tax-codes') {
    return refuseQuery(request, PAGES) ?? pageOf(question, 'codes', TAX_CODES);
  }
  if (list !== 'company') return refusal(404, 'no_path', 'There is nothing here.');
  const company = { key: 'ledger-post-1', name: ledger.settings().company };
  return refuseQuery(request, {}) ?? answerJson(200, { company });
} // prettier-ignore

const toCustomer = ({ id, name, code, active, currency, mergedInto }: LedgerCustomer) => ({
  id: Number(id),
  name,
  code: code ?? '',
  state: active && mergedInto === null ? 'open' : 'closed',
  currency,
});

function customers(question: Question): SimAnswer {
  const rows = question.ledger.all('customer').map(toCustomer);
  return refuseQuery(question.request, PAGES) ?? pageOf(question, 'customers', rows);
}

function customer({ request, ledger }: Question, id: string): SimAnswer {
  const found = ledger.get('customer', id);
  const gone = refusal(404, 'not_there', 'There is no such customer.');
  return refuseQuery(request, {}) ?? (found ? answerJson(200, { customer: toCustomer(found) }) : gone);
} // prettier-ignore

function documents(question: Question, kind: LedgerKind): SimAnswer {
  const { request, ledger, edition } = question;
  const { query } = request;
  const [number, from, to] = [query.get('number'), query.get('from'), query.get('to')];
  const rows = standing(ledger).filter(
    (one) =>
      one.kind === kind &&
      (number === null || one.number === number) &&
      one.date >= (from ?? '') &&
      one.date <= (to ?? '9999'),
  );
  const wire = rows.map((one) => toWire(one, edition));
  return refuseQuery(request, DOCUMENTS) ?? pageOf(question, 'documents', wire);
}

function document({ request, ledger, edition }: Question, kind: LedgerKind, id: string): SimAnswer {
  const found = standing(ledger).find((one) => one.kind === kind && one.id === id);
  const gone = refusal(404, 'not_there', 'There is no such document.');
  const there = found && answerJson(200, { document: toWire(found, edition) });
  return refuseQuery(request, {}) ?? there ?? gone;
}

function pageOf({ request, sizeMax }: Question, name: string, rows: readonly unknown[]): SimAnswer {
  const page = numberOf(request.query, 'page', 1);
  const size = Math.min(numberOf(request.query, 'size', SIZE), sizeMax);
  const shown = rows.slice((page - 1) * size, page * size);
  return answerJson(200, { [name]: shown, pages: Math.ceil(rows.length / size), total: rows.length });
} // prettier-ignore

function refuseQuery({ query }: SimRequest, parameters: Parameters): SimAnswer | null {
  const [trouble] = queryTroubles(query, parameters);
  return trouble === undefined ? null : refusal(400, 'query', trouble);
}
