import { xero } from '../../../src/relay/accounting/xero.ts';
import { XERO_CREDENTIALS } from '../../../src/sim/books/xero.ts';
import { workInOffice } from '../../../src/sim/ledger/office.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { ledgerTruth, type BooksCase, type Shape } from './case.ts';
import { memoryTools } from './memory-tools.ts';
import type { SignIn } from './rotating-bearer.ts';

export const xeroSettings = (address: string) => ({
  baseUrl: address.endsWith('/xero') ? address : `${address}/xero`,
  ...XERO_CREDENTIALS,
});

export const xeroSignIn: SignIn = {
  standIn: 'xero',
  path: '/connect/token',
  clientIn: 'header',
  ...XERO_CREDENTIALS,
};

/** What a server that plays a recording says to the sign-in; null for every other request. */
const signIn = ({ path }: Seen): Reply | null =>
  path.endsWith(xeroSignIn.path)
    ? { body: { access_token: 'canary-access', refresh_token: 'canary-next', expires_in: 1800, token_type: 'Bearer' } }
    : null; // prettier-ignore

const ID = '0a925a79-43ef-41e8-8156-da7279fdb1da';

const refused = (status: number, message: string, type = 'ValidationException'): Reply => ({
  status,
  body: {
    ErrorNumber: 10,
    Type: type,
    Message: 'A validation exception occurred',
    Elements: [{ ValidationErrors: [{ Message: message }] }],
  },
});

const gate = (status: number, own = status): Reply => ({
  status,
  body: { Type: null, Title: 'Refused', Status: own, Detail: 'TokenExpired', Instance: '', Extensions: {} },
}); // prettier-ignore

const said = (
  status: number,
  message: string,
  verdict: Shape['verdict'],
): Shape => ({ what: `${String(status)} ${message}`, reply: refused(status, message), verdict }); // prettier-ignore

const one = (invoice: object): Reply => ({ body: { Invoices: [{ InvoiceID: ID, ...invoice }] } });

export const xeroCase: BooksCase = {
  system: xero,
  standIn: 'xero',
  settings: xeroSettings,
  tools: memoryTools,
  goneId: '00000000-0000-4000-8000-00000000dead',
  create: { method: 'PUT', path: '/api.xro/2.0/Invoices' },
  lookupPaths: ['/api.xro/2.0/Invoices'],
  pace: { calls: 60, perSeconds: 60 },
  truth: (sim) => ledgerTruth(sim, 'xero'),
  deactivate({ standIns: { ledgers, clock } }, id) {
    const ledger = ledgers.get('xero');
    if (ledger) workInOffice(ledger, { do: 'deactivate customer', id }, clock.nowMs());
  },
  shapes: [
    { what: '200 with the invoice', reply: one({ HasErrors: false, StatusAttributeString: 'OK' }), verdict: 'created' },
    { what: '200 with warnings', reply: one({ Warnings: [{ Message: 'Account code is odd' }] }), verdict: 'created' },
    { what: '200 with no id', reply: { body: { Invoices: [{ InvoiceNumber: 'x' }] } }, verdict: 'unknown' },
    { what: '200 with an empty id', reply: one({ InvoiceID: '00000000-0000-0000-0000-000000000000' }), verdict: 'unknown' },
    { what: '200 with two invoices', reply: { body: { Invoices: [{ InvoiceID: ID }, { InvoiceID: ID }] } }, verdict: 'unknown' },
    { what: '200 with none', reply: { body: { Invoices: [] } }, verdict: 'unknown' },
    { what: '200 with a credit note', reply: { body: { CreditNotes: [{ CreditNoteID: ID }] } }, verdict: 'unknown' },
    { what: '200 with errors beside it', reply: one({ HasErrors: true, ValidationErrors: [{ Message: 'The contact is archived.' }] }), verdict: 'rejected' },
    { what: '200 with status ERROR', reply: one({ StatusAttributeString: 'ERROR', ValidationErrors: [{ Message: 'No.' }] }), verdict: 'rejected' },
    { what: '200 with errors and no words', reply: one({ HasErrors: true }), verdict: 'unknown' },
    { what: '200 that says the number is used', reply: one({ HasErrors: true, ValidationErrors: [{ Message: 'Invoice # must be unique.' }] }), verdict: 'exists' },
    { what: '200 cut short', reply: { ...one({}), cutAt: 14 }, verdict: 'unknown' },
    { what: '201 with the invoice', reply: { ...one({}), status: 201 }, verdict: 'unknown' },
    said(400, 'Invoice # must be unique.', 'exists'),
    said(400, 'The document date cannot be before the period lock date.', 'rejected'),
    said(400, 'Account code is not valid.', 'rejected'),
    said(400, 'The idempotency key was used for another request.', 'unknown'),
    { what: '400 of another type', reply: refused(400, 'No.', 'PostDataInvalidException'), verdict: 'rejected' },
    { what: '400 without elements', reply: { status: 400, body: { ErrorNumber: 14, Type: 'PostDataInvalidException', Message: 'Invalid JSON data' } }, verdict: 'rejected' },
    { what: '400 of the gateway', reply: gate(400), verdict: 'unknown' },
    { what: '401 of the gateway', reply: gate(401), verdict: 'not sent' },
    { what: '401 that says 403', reply: gate(401, 403), verdict: 'unknown' },
    { what: '403 of the gateway', reply: gate(403), verdict: 'rejected' },
    { what: '403 that says 200', reply: gate(403, 200), verdict: 'unknown' },
    { what: '404 of the gateway', reply: gate(404), verdict: 'unknown' },
    { what: '409 of the gateway', reply: gate(409), verdict: 'unknown' },
    { what: '412', reply: gate(412), verdict: 'unknown' },
    ...['minute', 'day', 'concurrent'].map((limit): Shape => ({
      what: `429 by the ${limit}`,
      reply: { status: 429, headers: { 'x-rate-limit-problem': limit, 'retry-after': '9' }, body: '' },
      verdict: 'not sent',
    })),
    { what: '429 without its name', reply: { status: 429, headers: { 'retry-after': '9' }, body: '' }, verdict: 'unknown' },
    ...[401, 404, 422, 500, 503].map((status) => said(status, 'A validation exception', 'unknown')),
    ...[500, 501, 503, 504].map((status): Shape => ({ what: `${String(status)} of the gateway`, reply: gate(status), verdict: 'unknown' })),
    { what: '400 with our token in its words', reply: refused(400, 'Bearer canary-access is odd'), verdict: 'rejected' },
  ],
  prelude: signIn,
}; // prettier-ignore
