/** Stand-in for NetSuite: record v1 2026.1, SuiteQL and the sign-in (contract read 2026-11-22). */
import type { SimAnswer, SimRequest } from '../exchange.ts';
import { standing } from '../ledger/documents.ts';
import type { Ledger, LedgerKind } from '../ledger/ledger.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore } from '../tokens.ts';
import { write } from './netsuite-create.ts';
import * as records from './netsuite-records.ts';
import { HOST, signIn, TOKEN_PATH, TOKEN_SECONDS } from './netsuite-sign-in.ts';
import { ask, PAGE, SUITEQL_PATH } from './netsuite-suiteql.ts';

const SYSTEM = 'netsuite';
/** Of the smallest account, over all its integrations. */
const AT_ONCE_MAX = 5;
const FIRST_CUSTOMER = 100;
const KINDS: Readonly<Record<string, LedgerKind>> = {
  invoice: 'invoice',
  creditMemo: 'credit memo',
};
const YES_NO = { kind: 'choice', oneOf: ['true', 'false'] } as const;
const ONE: Parameters = {
  expandSubResources: YES_NO,
  simpleEnumFormat: YES_NO,
  fields: { kind: 'text' },
};
const { refuse } = records;

export const netsuite: StandIn = {
  system: SYSTEM,
  base: '',
  atOnce: { max: AT_ONCE_MAX, refuse: () => tooMany() },
  create(stage) {
    const ledger = stage.ledger(SYSTEM, {
      customer: (position) => String(FIRST_CUSTOMER + position),
      item: (position) => String(position),
    });
    const tokens = createTokenStore(TOKEN_SECONDS);
    return {
      answer(request) {
        if (request.path === TOKEN_PATH) return signIn(request, tokens);
        const { headers, nowMs } = request;
        const isSignedIn = tokens.isValid(headers['authorization'], nowMs);
        return isSignedIn ? answer(request, ledger) : strange();
      },
      revokeTokens: () => {
        tokens.revokeAll();
      },
    };
  },
};

const strange = (): SimAnswer =>
  refuse(401, 'INVALID_LOGIN', 'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI.'); // prettier-ignore

const tooMany = (): SimAnswer =>
  refuse(429, 'CONCURRENCY_LIMIT_EXCEEDED', 'The request could not be processed: too many concurrent requests.'); // prettier-ignore

const notPlayed = (path: string): SimAnswer =>
  refuse(404, 'NOT_FOUND', `There is no resource ${path}.`);

function answer(request: SimRequest, ledger: Ledger): SimAnswer {
  const { method, path } = request;
  if (path === SUITEQL_PATH) {
    return method === 'POST'
      ? (refuseType(request) ?? ask(request, ledger))
      : refuse(405, 'METHOD_NOT_ALLOWED', 'SuiteQL is asked by POST.');
  }
  const base = `${records.RECORD_BASE}/`;
  const [record = '', key, more] = path.startsWith(base) ? path.slice(base.length).split('/') : [];
  if (more !== undefined || !['customer', ...Object.keys(KINDS)].includes(record)) {
    return notPlayed(path);
  }
  const kind = KINDS[record];
  if (method === 'GET') {
    return key === undefined ? list(request, record, ledger) : one(request, record, key, ledger);
  }
  return kind === undefined ? notPlayed(path) : change(request, kind, key, ledger);
}

/** POST makes a record; PUT of an external id makes it or changes the one that has it. */
function change(
  request: SimRequest,
  kind: LedgerKind,
  key: string | undefined,
  ledger: Ledger,
): SimAnswer {
  const refused = refuseType(request) ?? refuseQuery(request, { replace: { kind: 'text' } });
  if (refused) return refused;
  const { method } = request;
  if (method === 'POST' && key === undefined) return write(request, kind, ledger, null);
  const isUpsert = method === 'PUT' && key?.startsWith('eid:') === true;
  if (isUpsert) return write(request, kind, ledger, key.slice('eid:'.length));
  return refuse(405, 'METHOD_NOT_ALLOWED', `${method} is not played here.`);
}

function refuseType({ headers }: SimRequest): SimAnswer | null {
  if (headers['content-type']?.startsWith('application/json')) return null;
  return refuse(415, 'UNSUPPORTED_MEDIA_TYPE', 'The content type is not application/json.');
}

function refuseQuery({ query }: SimRequest, parameters: Parameters): SimAnswer | null {
  const [trouble] = queryTroubles(query, parameters);
  return trouble === undefined ? null : refuse(400, 'INVALID_PARAMETER', trouble);
}

/** Ids and links alone, as every list of records. */
function list(request: SimRequest, record: string, ledger: Ledger): SimAnswer {
  const refused = refuseQuery(request, PAGE);
  if (refused) return refused;
  const kind = KINDS[record];
  const all =
    kind === undefined
      ? ledger.all('customer').filter(({ mergedInto }) => mergedInto === null)
      : standing(ledger).filter((document) => document.kind === kind);
  const { query } = request;
  const [limit, offset] = [numberOf(query, 'limit', 1000), numberOf(query, 'offset', 0)];
  const shown = all.slice(offset, offset + limit);
  const href = `${HOST}${records.RECORD_BASE}/${record}`;
  return records.typed(200, 'collection', {
    links: [records.self(`${href}?limit=${String(limit)}&offset=${String(offset)}`)],
    items: shown.map(({ id }) => ({ links: [records.self(`${href}/${id}`)], id })),
    count: shown.length,
    hasMore: offset + shown.length < all.length,
    offset,
    totalResults: all.length,
  });
}

function one(request: SimRequest, record: string, key: string, ledger: Ledger): SimAnswer {
  const refused = refuseQuery(request, ONE);
  if (refused) return refused;
  const kind = KINDS[record];
  if (kind === undefined) {
    const customer = ledger.get('customer', key);
    if (!customer || customer.mergedInto !== null) return records.absent();
    return records.typed(200, 'singular', records.toCustomer(customer));
  }
  const found = standing(ledger).find(({ id, externalId }) =>
    key.startsWith('eid:') ? `eid:${externalId ?? ''}` === key : id === key,
  );
  if (found && found.kind !== kind) {
    return refuse(400, 'USER_ERROR', 'Error while accessing a resource. Transaction type specified is incorrect.'); // prettier-ignore
  }
  if (!found) return records.absent();
  const isExpanded = request.query.get('expandSubResources') === 'true';
  return records.typed(200, 'singular', records.toDocument(found, ledger, isExpanded));
}
