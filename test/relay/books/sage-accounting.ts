import { sageAccounting } from '../../../src/relay/accounting/sage-accounting.ts';
import { SAGE_CREDENTIALS } from '../../../src/sim/books/sage-accounting.ts';
import { workInOffice } from '../../../src/sim/ledger/office.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { ledgerTruth, type BooksCase, type Shape } from './case.ts';
import { memoryTools } from './memory-tools.ts';
import type { SignIn } from './rotating-bearer.ts';

const STAND_IN = 'sage-accounting';

export const sageSettings = (address: string) => ({
  baseUrl: address.endsWith(`/${STAND_IN}`) ? address : `${address}/${STAND_IN}`,
  ...SAGE_CREDENTIALS,
});

export const sageSignIn: SignIn = {
  standIn: STAND_IN,
  path: '/token',
  clientIn: 'form',
  ...SAGE_CREDENTIALS,
};

const RATE = { id: 'GB_STANDARD', displayed_as: 'Standard', percentage: 20.0 };
/** What is asked before a create: the note, the customer's tax rate. */
const PRELUDE: Readonly<Record<string, unknown>> = {
  '/token': { access_token: 'canary-access', refresh_token: 'canary-next', expires_in: 300, token_type: 'bearer' },
  '/v3.1/invoice_settings': { default_note_on_invoice: null },
  '/v3.1/tax_rates/GB_STANDARD': RATE,
}; // prettier-ignore

const contact = (id: string): unknown => ({
  id,
  name: 'Somebody',
  contact_types: [{ id: 'CUSTOMER' }],
  default_sales_tax_rate: { id: RATE.id },
});

/** Null for what is asked neither to sign in nor to make a document ready. */
export function sagePrelude({ method, path }: Seen): Reply | null {
  const own = path.replace(/^\/sage-accounting/, '');
  const isRead = method === 'GET' || own === '/token';
  if (isRead && own in PRELUDE) return { body: PRELUDE[own] };
  const id = /^\/v3\.1\/contacts\/(\w+)$/.exec(own)?.[1];
  return id === undefined ? null : { body: contact(id) };
}

export const problems = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers,
  body: [{ $severity: 'error', $dataCode: code, $message: message, $source: 'invoice_lines' }],
});

const said = (status: number, code: string, verdict: Shape['verdict'], words = 'No.'): Shape => ({
  what: `${String(status)} ${code}: ${words}`,
  reply: problems(status, code, words),
  verdict,
});

const ID = '0d40342d0287cd6b13555c54afca6c90';
const made = (more: object = {}): Reply => ({
  status: 201,
  body: { id: ID, displayed_as: 'SI-1', $path: `/sales_invoices/${ID}`, ...more },
});

export const sageAccountingCase: BooksCase = {
  system: sageAccounting,
  standIn: STAND_IN,
  settings: sageSettings,
  tools: memoryTools,
  goneId: '00000000000000000000000000000bad',
  create: { method: 'POST', path: '/v3.1/sales_invoices' },
  lookupPaths: ['/v3.1/sales_invoices'],
  pace: { calls: 200, perSeconds: 60 },
  truth: (sim) => ledgerTruth(sim, STAND_IN),
  deactivate({ standIns: { ledgers, clock } }, id) {
    const ledger = ledgers.get(STAND_IN);
    if (ledger) workInOffice(ledger, { do: 'deactivate customer', id }, clock.nowMs());
  },
  shapes: [
    { what: '201 with the invoice', reply: made(), verdict: 'created' },
    { what: '201 with much more', reply: made({ status: { id: 'UNPAID' }, total_amount: '12.0' }), verdict: 'created' },
    { what: '201 with no id', reply: made({ id: undefined }), verdict: 'unknown' },
    { what: '201 with an empty id', reply: made({ id: '' }), verdict: 'unknown' },
    { what: '201 with a number for an id', reply: made({ id: 12 }), verdict: 'unknown' },
    { what: '201 without its path', reply: made({ $path: undefined }), verdict: 'unknown' },
    { what: '201 with a credit note', reply: made({ $path: `/sales_credit_notes/${ID}` }), verdict: 'unknown' },
    { what: '201 with another invoice in its path', reply: made({ $path: '/sales_invoices/1' }), verdict: 'unknown' },
    { what: '201 with a list of one', reply: { status: 201, body: [{ id: ID, $path: `/sales_invoices/${ID}` }] }, verdict: 'unknown' },
    { what: '201 with a list of invoices', reply: { status: 201, body: { $total: 1, $items: [{ id: ID }] } }, verdict: 'unknown' },
    { what: '201 with problems', reply: { ...problems(201, 'RecordInvalid', 'No.') }, verdict: 'unknown' },
    { what: '201 and nothing', reply: { status: 201, body: '' }, verdict: 'unknown' },
    { what: '201 cut short', reply: { ...made(), cutAt: 20 }, verdict: 'unknown' },
    { what: '200 with the invoice', reply: { ...made(), status: 200 }, verdict: 'unknown' },
    { what: '204', reply: { status: 204, body: '' }, verdict: 'unknown' },
    said(422, 'RecordInvalid', 'rejected', 'This field is required.'),
    said(422, 'RecordInvalid', 'rejected', 'The date is before the year end lockdown date.'),
    said(422, 'RecordInvalid', 'unknown', 'The idempotency_id was used for another resource.'),
    said(422, 'IdempotencyConflict', 'unknown'),
    { what: '422 with two problems', reply: { status: 422, body: [problems(422, 'A', 'One.').body, problems(422, 'B', 'Two.').body].flat() }, verdict: 'rejected' },
    { what: '422 with an empty list', reply: { status: 422, body: [] }, verdict: 'unknown' },
    { what: '422 with one problem and no list', reply: { status: 422, body: { $severity: 'error', $dataCode: 'RecordInvalid', $message: 'No.' } }, verdict: 'unknown' },
    { what: '422 of another service', reply: { status: 422, body: { errors: ['No.'] } }, verdict: 'unknown' },
    { what: '422 with a problem without a code', reply: { status: 422, body: [{ $severity: 'error', $message: 'No.' }] }, verdict: 'unknown' },
    said(400, 'InvalidParameter', 'rejected'),
    said(401, 'AuthorizationFailure', 'not sent', 'No active subscription. (MSE)'),
    { what: '401 without words', reply: { status: 401, body: '' }, verdict: 'unknown' },
    said(403, 'MultiUserAccessDenied', 'rejected'),
    said(404, 'RecordNotFound', 'rejected'),
    said(409, 'Conflict', 'unknown'),
    said(415, 'UnsupportedMediaType', 'unknown'),
    { what: '429 of Sage', reply: problems(429, 'TooManyRequests', 'Slow down.', { 'retry-after': '9' }), verdict: 'not sent' },
    { what: '429 with words of its own', reply: { status: 429, headers: { 'retry-after': '9' }, body: { message: 'API rate limit exceeded' } }, verdict: 'unknown' },
    ...[500, 502, 503, 504].map((status) => said(status, 'UnexpectedError', 'unknown', 'An unexpected error occurred.')),
    { what: '422 with our token in its words', reply: problems(422, 'RecordInvalid', 'Bearer canary-access is odd'), verdict: 'rejected' },
  ],
  prelude: sagePrelude,
}; // prettier-ignore
