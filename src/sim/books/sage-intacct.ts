/**
 * Stand-in for Sage Intacct's REST API v1: sign-in, customers, accounts, invoices, queries. Written
 * from a derived description and Sage's public pages (trust D, read 2026-11-22), never from a live
 * company. What they leave open is played at its worst: keys and numbers may be used again.
 */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { standing } from '../ledger/documents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';
import { create, type Company } from './sage-intacct-create.ts';
import { malformed, notFound, refuse } from './sage-intacct-errors.ts';
import { query } from './sage-intacct-query.ts';
import { CUSTOMER, INVOICE, toCustomer, toInvoice, toReference } from './sage-intacct-records.ts';

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const INTACCT_CREDENTIALS = {
  clientId: 'canary-intacct-client',
  clientSecret: 'canary-intacct-secret',
  username: 'relay@ALDERMSP',
} as const;
/** The one entity of the company. */
export const INTACCT_ENTITY = 'ALDER-US';

const SYSTEM = 'sage-intacct';
const TOKEN_SECONDS = 43_200;
/** The numbers of the tiers are not published; two at once are played. */
const AT_ONCE = 2;
const FIRST_ACCOUNT = 100;
const PAGES: Parameters = {
  start: { kind: 'integer', min: 1 },
  size: { kind: 'integer', min: 1, max: 4000 },
};

interface Playing extends Company {
  readonly sizeMax: number;
}

export const sageIntacct: StandIn = {
  system: SYSTEM,
  base: '/ia/api/v1',
  atOnce: {
    max: AT_ONCE,
    refuse: () => refuse(429, 'tooManyRequests', 'Too many concurrent requests.'),
  },
  create(stage) {
    const ledger = stage.ledger(SYSTEM, {
      customer: (position) => String(position),
      item: (position) => String(FIRST_ACCOUNT + position),
    });
    const tokens = createTokenStore(TOKEN_SECONDS);
    return {
      answer(request) {
        const { path, headers, nowMs } = request;
        if (path === '/oauth2/token') return signIn(request, tokens);
        if (!tokens.isValid(headers['authorization'], nowMs)) {
          return refuse(401, 'unauthorized', 'The access token is not good or no longer.');
        }
        const entity = headers['x-ia-api-param-entity'];
        if (entity !== undefined && entity !== INTACCT_ENTITY) {
          return refuse(403, 'forbidden', 'The entity is not one of the company.');
        }
        const {
          allowsUsedNumbers = true,
          keepsKeys = false,
          pageSizeMax = NO_LIMIT,
        } = stage.options();
        return answer(request, { ledger, allowsUsedNumbers, keepsKeys, sizeMax: pageSizeMax });
      },
      revokeTokens: () => {
        tokens.revokeAll();
      },
    };
  },
};

function signIn({ method, headers, body, nowMs }: SimRequest, tokens: TokenStore): SimAnswer {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (method !== 'POST' || !isForm) return malformed('The sign-in is a form that is posted.');
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'client_credentials') return malformed('grant_type is not played');
  const { clientId, clientSecret, username } = INTACCT_CREDENTIALS;
  const isKnown =
    form.get('client_id') === clientId &&
    form.get('client_secret') === clientSecret &&
    form.get('username') === username;
  if (!isKnown) return refuse(401, 'invalidClient', 'The client or its user is not known.');
  return answerJson(200, {
    token_type: 'Bearer',
    access_token: tokens.issue(nowMs),
    expires_in: TOKEN_SECONDS,
  });
}

function answer(request: SimRequest, playing: Playing): SimAnswer {
  const { method, path } = request;
  if (method === 'POST') return post(request, playing);
  if (method !== 'GET') return refuse(405, 'methodNotAllowed', 'This method is not played.');
  const [, objects, area, name, key, more] = path.split('/');
  if (objects !== 'objects' || more !== undefined) return notFound();
  const object = `${area ?? ''}/${name ?? ''}`;
  return key === undefined ? list(request, object, playing) : one(request, { object, key }, playing);
} // prettier-ignore

function post(request: SimRequest, playing: Playing): SimAnswer {
  const isCreate = request.path === `/objects/${INVOICE}`;
  if (!isCreate && request.path !== '/services/core/query') return notFound();
  const refused = refuseQuery(request, {});
  if (refused) return refused;
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return refuse(415, 'unsupportedMediaType', 'The body is no JSON.');
  }
  return isCreate ? create(request, playing) : query(request, playing.ledger, playing.sizeMax);
}

function list(request: SimRequest, object: string, { ledger, sizeMax }: Playing): SimAnswer {
  const refused = refuseQuery(request, PAGES);
  if (refused) return refused;
  const rows = referencesOf(object, ledger);
  if (!rows) return notFound();
  const start = numberOf(request.query, 'start', 1);
  const pageSize = Math.min(numberOf(request.query, 'size', 100), sizeMax);
  return answerJson(200, {
    'ia::result': rows.slice(start - 1, start - 1 + pageSize),
    'ia::meta': { totalCount: rows.length, start, pageSize },
  });
}

function referencesOf(object: string, ledger: Ledger): readonly unknown[] | null {
  if (object === INVOICE) return standing(ledger).map(toReference);
  if (object !== CUSTOMER) return null;
  return ledger.all('customer').map((customer) => {
    const { key, id, href } = toCustomer(customer);
    return { key, id, href };
  });
}

interface Place {
  readonly object: string;
  readonly key: string;
}

/** A customer that was merged into another one is no longer there. */
function one(request: SimRequest, { object, key }: Place, { ledger }: Playing): SimAnswer {
  const refused = refuseQuery(request, {});
  if (refused) return refused;
  const customer = object === CUSTOMER ? ledger.get('customer', key) : undefined;
  if (customer?.mergedInto === null) return found(toCustomer(customer));
  const invoice = object === INVOICE ? standing(ledger).find(({ id }) => id === key) : undefined;
  return invoice ? found(toInvoice(invoice, ledger)) : notFound();
}

const found = (row: unknown): SimAnswer =>
  answerJson(200, {
    'ia::result': row,
    'ia::meta': { totalCount: 1, totalSuccess: 1, totalError: 0 },
  });

function refuseQuery(request: SimRequest, parameters: Parameters): SimAnswer | null {
  const [trouble] = queryTroubles(request.query, parameters);
  return trouble === undefined ? null : malformed(trouble);
}
