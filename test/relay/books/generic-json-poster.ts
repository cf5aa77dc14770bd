import { genericJsonPoster } from '../../../src/relay/accounting/generic-json-poster.ts';
import type { Edition } from '../../../src/sim/books/generic-json-poster-create.ts';
import { LEDGER_POST_CREDENTIALS } from '../../../src/sim/books/generic-json-poster.ts';
import { workInOffice } from '../../../src/sim/ledger/office.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { ledgerTruth, type BooksCase, type Shape } from './case.ts';

const STAND_IN = 'generic-json-poster';
const { apiKey, user, password, clientId, clientSecret } = LEDGER_POST_CREDENTIALS;

const AUTH = {
  none: { kind: 'header', name: 'x-api-key', apiKey },
  key: { kind: 'basic', user, password },
  unique: { kind: 'oauth2', path: '/unique/token', clientId, clientSecret },
} as const;
/** What a service of this edition has seen of our secrets. */
const SECRETS = { none: apiKey, key: password, unique: 'canary-access' } as const;
const FACILITY = {
  none: { kind: 'none' },
  key: { kind: 'key', header: 'x-request-key', minutes: 1440 },
  unique: { kind: 'unique reference' },
} as const;

const paging = { kind: 'page', parameter: 'page', first: 1, pages: '/pages', sizeParameter: 'size', size: 20 } as const; // prettier-ignore

function documentOf(edition: Edition, list: 'invoices' | 'credits') {
  const as = edition === 'key' ? 'text' : 'number';
  const path = `/${edition}/${list}`;
  const rows = { rows: '/documents', total: '/total', paging };
  return {
    create: {
      path,
      body: {
        constants: { '/type': 'standard' },
        fields: {
          '/customer/id': { value: 'customerId', as: 'number' },
          '/number': 'ref',
          '/date': 'date',
          '/currency': 'currency',
          '/note': 'memo',
        },
        lines: {
          at: '/rows',
          fields: {
            '/item': 'itemId',
            '/text': 'description',
            '/quantity': { value: 'quantity', as },
            '/price': { value: 'unitPrice', as },
            '/amount': { value: 'amount', as },
          },
        },
      },
    },
    find: { path, query: { number: '{ref}' }, ...rows },
    read: { path: `${path}/{id}`, at: '/document' },
    list: { path, query: { from: '{from}', to: '{to}' }, ...rows },
    row: {
      id: '/id',
      ref: '/number',
      marker: '/note',
      customerId: '/customer/id',
      currency: '/currency',
      date: '/date',
      subtotal: '/net',
      tax: '/tax',
      voided: { at: '/state', equals: 'void' },
      lines: '/rows',
      line: { itemId: '/item', description: '/text', quantity: '/quantity', unitPrice: '/price', amount: '/amount' },
    },
  };
} // prettier-ignore

export const posterSettings = (edition: Edition) => (address: string) => ({
  baseUrl: address.endsWith(`/${STAND_IN}`) ? address : `${address}/${STAND_IN}`,
  auth: AUTH[edition],
  rate: { calls: 120, perSeconds: 60 },
  currency: 'USD',
  company: { path: `/${edition}/company`, id: '/company/key', name: '/company/name' },
  customers: {
    list: { path: `/${edition}/customers`, rows: '/customers', total: '/total', paging },
    // One edition is asked for the whole list instead.
    ...(edition === 'key' ? {} : { read: { path: `/${edition}/customers/{id}`, at: '/customer' } }),
    row: { id: '/id', name: '/name', code: '/code', currency: '/currency', active: { at: '/state', equals: 'open' } },
  },
  items: {
    list: { path: `/${edition}/items`, rows: '/items', total: '/total', paging },
    row: { id: '/code', name: '/name', active: { at: '/sold', equals: true } },
  },
  answers: {
    error: '/error/message',
    id: '/document/id',
    notSent: [401, 429],
    ...(edition === 'unique' ? { exists: [409] } : {}),
  },
  invoice: documentOf(edition, 'invoices'),
  creditMemo: documentOf(edition, 'credits'),
  facility: FACILITY[edition],
  settleMinutes: 5,
  limits: { ref: 20, description: 500, memo: 200, priceDecimals: 4 },
}); // prettier-ignore

export const posterSignIn = ({ path }: Seen): Reply | null =>
  path.endsWith('/unique/token') ? { body: { access_token: 'canary-access' } } : null;

const refused = (status: number, message: unknown = 'It says no.'): Reply => ({
  status,
  headers: status === 429 ? { 'retry-after': '20' } : {},
  body: { error: { code: 'x', message } },
});
const made = (status: number, document: unknown): Reply => ({ status, body: { document } });

const shapesOf = (edition: Edition): readonly Shape[] => [
  { what: '201 with the document', reply: made(201, { id: 7001 }), verdict: 'created' },
  { what: '201 with an id of text', reply: made(201, { id: 'd-1' }), verdict: 'created' },
  { what: '201 with an id of 19 digits', reply: { status: 201, body: '{"document":{"id":9007199254740993123}}' }, verdict: 'created' },
  { what: '200 with the document', reply: made(200, { id: 7001 }), verdict: 'unknown' },
  { what: '202 with the document', reply: made(202, { id: 7001 }), verdict: 'unknown' },
  { what: '201 without an id', reply: made(201, {}), verdict: 'unknown' },
  { what: '201 with an empty id', reply: made(201, { id: '' }), verdict: 'unknown' },
  { what: '201 with an id of null', reply: made(201, { id: null }), verdict: 'unknown' },
  { what: '201 with an id of true', reply: made(201, { id: true }), verdict: 'unknown' },
  { what: '201 with two documents', reply: made(201, [{ id: 1 }, { id: 2 }]), verdict: 'unknown' },
  { what: '201 with an error', reply: refused(201), verdict: 'unknown' },
  { what: '201 cut short', reply: { ...made(201, { id: 7001 }), cutAt: 12 }, verdict: 'unknown' },
  { what: '201 and a sign-in page', reply: { status: 201, body: '<!doctype html>' }, verdict: 'unknown' },
  { what: '400 with its words', reply: refused(400), verdict: 'rejected' },
  { what: '422 with its words', reply: refused(422), verdict: 'rejected' },
  { what: '422 with our secret in its words', reply: refused(422, `${SECRETS[edition]} is odd`), verdict: 'rejected' },
  { what: '400 with empty words', reply: refused(400, '  '), verdict: 'unknown' },
  { what: '400 with a number for words', reply: refused(400, 7), verdict: 'unknown' },
  { what: '400 with null for words', reply: refused(400, null), verdict: 'unknown' },
  { what: '422 with words elsewhere', reply: { status: 422, body: { message: 'No.' } }, verdict: 'unknown' },
  { what: '422 of a proxy', reply: { status: 422, body: '<html>No</html>' }, verdict: 'unknown' },
  { what: '401 with its words', reply: refused(401), verdict: 'not sent' },
  { what: '401 without words', reply: { status: 401, body: '' }, verdict: 'unknown' },
  { what: '429 with its words', reply: refused(429), verdict: 'not sent' },
  { what: '409 with its words', reply: refused(409), verdict: edition === 'unique' ? 'exists' : 'unknown' },
  ...[402, 403, 404, 405, 406, 408, 410, 412, 413, 415, 423, 500, 501, 502, 503, 504].map((status): Shape => ({
    what: `${String(status)} with its words`,
    reply: refused(status),
    verdict: 'unknown',
  })),
]; // prettier-ignore

const caseOf = (edition: Edition): BooksCase => ({
  system: genericJsonPoster,
  standIn: STAND_IN,
  settings: posterSettings(edition),
  goneId: '999999',
  create: { method: 'POST', path: `/${edition}/invoices` },
  lookupPaths: [`/${edition}/invoices`],
  truth: (sim) => ledgerTruth(sim, STAND_IN),
  deactivate({ standIns: { ledgers, clock } }, id) {
    const ledger = ledgers.get(STAND_IN);
    if (ledger) workInOffice(ledger, { do: 'deactivate customer', id }, clock.nowMs());
  },
  shapes: shapesOf(edition),
  prelude: posterSignIn,
});

export const posterWithout = caseOf('none');
export const posterWithKey = caseOf('key');
export const posterWithNumbers = caseOf('unique');
