import { sageIntacct } from '../../../src/relay/accounting/sage-intacct.ts';
import { INTACCT_CREDENTIALS } from '../../../src/sim/books/sage-intacct.ts';
import { workInOffice } from '../../../src/sim/ledger/office.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { ledgerTruth, type BooksCase, type Shape, type TrueDocument } from './case.ts';
import { memoryTools } from './memory-tools.ts';

const BASE = '/sage-intacct/ia/api/v1';

export const intacctSettings = (address: string) => ({
  baseUrl: address.endsWith(BASE) ? address : `${address}${BASE}`,
  ...INTACCT_CREDENTIALS,
  currency: 'USD',
  dueDays: 14,
});

/** What a server that plays a recording says to the sign-in; null for every other request. */
export const intacctSignIn = ({ path }: Seen): Reply | null =>
  path.endsWith('/oauth2/token')
    ? { body: { token_type: 'Bearer', access_token: 'canary-access', expires_in: 43_200 } }
    : null;

export const refusal = (status: number, code: string, message: string, words: readonly string[] = []): Reply => ({
  status,
  body: {
    'ia::result': { 'ia::error': { code, message, errorId: 'REST-1', details: words.map((one) => ({ code: 'x', message: one })) } },
    'ia::meta': { totalCount: 1, totalSuccess: 0, totalError: 1 },
  },
}); // prettier-ignore

const said = (
  status: number, code: string, words: string, verdict: Shape['verdict'],
): Shape => ({
  what: `${String(status)} ${code}: ${words}`,
  reply: refusal(status, code, 'The operation failed', [words]),
  verdict,
}); // prettier-ignore

const META = { 'ia::meta': { totalCount: 1, totalSuccess: 1, totalError: 0 } };
const REFERENCE = { key: '1001', id: '1001', href: '/objects/accounts-receivable/invoice/1001' };
const made = (result: unknown, status = 201): Reply => ({
  status,
  body: { 'ia::result': result, ...META },
});

/** Quantities stand in the text of a line, "Backup (12 @ 45.00)". */
const truth = (sim: RunningSim): readonly TrueDocument[] =>
  ledgerTruth(sim, 'sage-intacct').map((document) => ({
    ...document,
    lines: document.lines.map((line) => {
      const text = 'description' in line ? String(line.description) : '';
      return { ...line, quantity: /\(([^()]*) @ [^()]*\)$/.exec(text)?.[1] ?? 'none' };
    }),
  }));

export const sageIntacctCase: BooksCase = {
  system: sageIntacct,
  standIn: 'sage-intacct',
  settings: intacctSettings,
  tools: memoryTools,
  goneId: '999999',
  create: { method: 'POST', path: '/objects/accounts-receivable/invoice' },
  lookupPaths: ['/services/core/query'],
  truth,
  deactivate({ standIns: { ledgers, clock } }, id) {
    const ledger = ledgers.get('sage-intacct');
    if (ledger) workInOffice(ledger, { do: 'deactivate customer', id }, clock.nowMs());
  },
  shapes: [
    { what: '201 with the key', reply: made(REFERENCE), verdict: 'created' },
    { what: '201 with the key alone', reply: { status: 201, body: { 'ia::result': { key: '7' } } }, verdict: 'created' },
    { what: '200 with the key', reply: made(REFERENCE, 200), verdict: 'unknown' },
    { what: '202 with the key', reply: made(REFERENCE, 202), verdict: 'unknown' },
    { what: '207 with the key', reply: made(REFERENCE, 207), verdict: 'unknown' },
    { what: '201 with a list', reply: made([REFERENCE]), verdict: 'unknown' },
    { what: '201 without a key', reply: made({ id: '1001' }), verdict: 'unknown' },
    { what: '201 with an empty key', reply: made({ ...REFERENCE, key: '' }), verdict: 'unknown' },
    { what: '201 with a key that is a number', reply: made({ ...REFERENCE, key: 1001 }), verdict: 'unknown' },
    { what: '201 with an error beside the key', reply: made({ ...REFERENCE, 'ia::error': { code: 'x', message: 'No.' } }), verdict: 'unknown' },
    { what: '201 with an error alone', reply: { ...refusal(201, 'x', 'No.') }, verdict: 'unknown' },
    { what: '201 cut short', reply: { ...made(REFERENCE), cutAt: 20 }, verdict: 'unknown' },
    { what: '200 with an error', reply: refusal(200, 'x', 'No.'), verdict: 'unknown' },
    said(400, 'invalidRequest', 'txnAmount: not a decimal', 'rejected'),
    said(400, 'invalidRequest', 'Invoice number MC2609-0001 already exists.', 'exists'),
    said(401, 'unauthorized', 'The access token has expired.', 'not sent'),
    said(403, 'forbidden', 'No permission to add invoices.', 'rejected'),
    said(404, 'objectNotFound', 'The customer was not found.', 'rejected'),
    said(405, 'methodNotAllowed', 'Not here.', 'unknown'),
    said(408, 'timeout', 'Too slow.', 'unknown'),
    said(409, 'conflict', 'Two requests have the same idempotency key.', 'exists'),
    said(409, 'conflict', 'The unique key is used.', 'exists'),
    said(413, 'payloadTooLarge', 'Too large.', 'unknown'),
    said(415, 'unsupportedMediaType', 'No JSON.', 'unknown'),
    said(422, 'businessRuleError', 'The books are closed through 2026-09-30.', 'rejected'),
    said(422, 'businessRuleError', 'Customer ALD is inactive.', 'rejected'),
    said(422, 'businessRuleError', 'A duplicate invoice number was found.', 'exists'),
    said(429, 'tooManyRequests', 'Slow down.', 'not sent'),
    ...[500, 501, 502, 503, 504].map((status) => said(status, 'internalError', 'It failed.', 'unknown')),
    { what: '422 with the error outside the result', reply: { status: 422, body: { 'ia::error': { code: 'x', message: 'No.' } } }, verdict: 'rejected' },
    { what: '422 with an error and no words', reply: refusal(422, 'x', ''), verdict: 'unknown' },
    { what: '422 with an error and no code', reply: refusal(422, '', 'No.'), verdict: 'unknown' },
    { what: '422 with a result alone', reply: made(REFERENCE, 422), verdict: 'unknown' },
    { what: '401 of a proxy', reply: { status: 401, body: { error: 'sign in' } }, verdict: 'unknown' },
    { what: '409 of a proxy', reply: { status: 409, body: { error: 'conflict' } }, verdict: 'unknown' },
    { what: '422 of a proxy', reply: { status: 422, body: { message: 'no' } }, verdict: 'unknown' },
    { what: '400 with our secrets in its words', reply: refusal(400, 'canary-access', 'Bearer canary-access is odd'), verdict: 'rejected' },
  ],
  prelude: intacctSignIn,
}; // prettier-ignore
