import { quickbooksOnline } from '../../../src/relay/accounting/quickbooks-online.ts';
import { QUICKBOOKS_CREDENTIALS } from '../../../src/sim/books/quickbooks-online.ts';
import { workInOffice } from '../../../src/sim/ledger/office.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { ledgerTruth, type BooksCase, type Shape } from './case.ts';
import { memoryTools } from './memory-tools.ts';
import type { SignIn } from './rotating-bearer.ts';

export const quickbooksSettings = (address: string) => ({
  baseUrl: address.endsWith('/quickbooks-online') ? address : `${address}/quickbooks-online`,
  ...QUICKBOOKS_CREDENTIALS,
});

export const intuitSignIn: SignIn = {
  standIn: 'quickbooks-online',
  path: '/oauth2/v1/tokens/bearer',
  clientIn: 'header',
  ...QUICKBOOKS_CREDENTIALS,
};

/** What a server that plays a recording says to the sign-in; null for every other request. */
const signIn = ({ path }: Seen): Reply | null =>
  path.endsWith(intuitSignIn.path)
    ? { body: { access_token: 'canary-access', refresh_token: 'canary-next', expires_in: 3600, token_type: 'bearer' } }
    : null; // prettier-ignore

export const faultReply = (
  status: number,
  code: string,
  type = 'ValidationFault',
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers,
  body: {
    Fault: { Error: [{ Message: 'Refused', Detail: 'It was refused because.', code, element: '' }], type },
    time: '2026-10-31T10:00:00.000Z',
  },
}); // prettier-ignore

const said = (
  status: number,
  code: string,
  verdict: Shape['verdict'],
  type = 'ValidationFault',
): Shape => ({
  what: `${String(status)} ${type} ${code}`,
  reply: faultReply(status, code, type),
  verdict,
});

const gateway = (status: number, type: string, verdict: Shape['verdict']): Shape => ({
  what: `${String(status)} of the gateway, ${type}`,
  reply: {
    status,
    body: { warnings: null, intuitObject: null, fault: { error: [{ message: 'message=Failed', detail: 'No.', code: '3200', element: null }], type } },
  },
  verdict,
}); // prettier-ignore

export const quickbooksOnlineCase: BooksCase = {
  system: quickbooksOnline,
  standIn: 'quickbooks-online',
  settings: quickbooksSettings,
  tools: memoryTools,
  goneId: '999999',
  create: { method: 'POST', path: '/v3/company/*/invoice' },
  lookupPaths: ['/v3/company/*/query'],
  pace: { calls: 500, perSeconds: 60 },
  truth: (sim) => ledgerTruth(sim, 'quickbooks-online'),
  deactivate({ standIns: { ledgers, clock } }, id) {
    const ledger = ledgers.get('quickbooks-online');
    if (ledger) workInOffice(ledger, { do: 'deactivate customer', id }, clock.nowMs());
  },
  shapes: [
    { what: '200 with the invoice', reply: { body: { Invoice: { Id: '145', SyncToken: '0' }, time: 'now' } }, verdict: 'created' },
    { what: '200 with a number as id', reply: { body: { Invoice: { Id: 145 } } }, verdict: 'unknown' },
    { what: '200 with an empty id', reply: { body: { Invoice: { Id: '' } } }, verdict: 'unknown' },
    { what: '200 with a credit memo', reply: { body: { CreditMemo: { Id: '145' } } }, verdict: 'unknown' },
    { what: '200 with a fault', reply: { ...faultReply(200, '6140') }, verdict: 'unknown' },
    { what: '200 with a batch', reply: { body: { BatchItemResponse: [{ Invoice: { Id: '1' } }] } }, verdict: 'unknown' },
    { what: '200 cut short', reply: { body: { Invoice: { Id: '145' } }, cutAt: 9 }, verdict: 'unknown' },
    { what: '201 with the invoice', reply: { status: 201, body: { Invoice: { Id: '145' } } }, verdict: 'unknown' },
    said(400, '6140', 'exists'),
    ...['610', '2010', '2020', '2050', '2170', '2500', '5010', '6000', '6070', '6190', '6210', '6240', '6540'].map((code) => said(400, code, 'rejected')),
    said(400, '10000', 'unknown'),
    said(400, '-1', 'unknown'),
    said(400, '6000', 'unknown', 'SystemFault'),
    said(400, '6000', 'unknown', 'SomethingNew'),
    said(401, '3200', 'not sent', 'AuthenticationFault'),
    said(401, '3200', 'unknown', 'ValidationFault'),
    gateway(401, 'AUTHENTICATION', 'not sent'),
    said(403, '3100', 'rejected', 'AuthorizationFault'),
    gateway(403, 'AUTHORIZATION', 'rejected'),
    said(403, '3100', 'unknown', 'SystemFault'),
    said(404, '610', 'rejected'),
    said(409, '6140', 'unknown'),
    said(422, '6000', 'unknown'),
    said(429, '3001', 'not sent', 'SystemFault'),
    gateway(429, 'THROTTLE', 'not sent'),
    ...[500, 502, 503, 504].map((status) => said(status, '10000', 'unknown', 'SystemFault')),
    said(500, '6140', 'unknown'),
    said(503, '6000', 'unknown'),
    { what: '400 with two errors, one uncertain', reply: { status: 400, body: { Fault: { Error: [{ Message: 'a', code: '6000' }, { Message: 'b', code: '10000' }], type: 'ValidationFault' } } }, verdict: 'unknown' },
    { what: '400 with a fault and no error in it', reply: { status: 400, body: { Fault: { Error: [], type: 'ValidationFault' } } }, verdict: 'unknown' },
    { what: '400 with our token in its words', reply: { status: 400, body: { Fault: { Error: [{ Message: 'bad', Detail: 'Bearer canary-access', code: '2010' }], type: 'ValidationFault' } } }, verdict: 'rejected' },
  ],
  prelude: signIn,
}; // prettier-ignore
