import { netsuite } from '../../../src/relay/accounting/netsuite.ts';
import { signAssertion } from '../../../src/relay/accounting/signed-assertion.ts';
import { HOST, NETSUITE_CREDENTIALS, TOKEN_PATH } from '../../../src/sim/books/netsuite-sign-in.ts';
import { workInOffice } from '../../../src/sim/ledger/office.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import type { Reply, Seen } from '../replay-server.ts';
import { ledgerTruth, type BooksCase, type Shape } from './case.ts';
import { memoryTools } from './memory-tools.ts';

export const netsuiteSettings = (address: string) => ({
  baseUrl: address.endsWith('/netsuite') ? address : `${address}/netsuite`,
  ...NETSUITE_CREDENTIALS,
});

/** What a server that plays a recording says to the sign-in; null for every other request. */
export const netsuiteSignIn = ({ path }: Seen): Reply | null =>
  path.endsWith(TOKEN_PATH)
    ? { body: { access_token: 'canary-access', expires_in: '3600', token_type: 'bearer' } }
    : null;

/** Signs in at the stand-in without the adapter, as the page on the request token writes it. */
export async function netsuiteBearer(sim: RunningSim): Promise<{ readonly authorization: string }> {
  const { clientId, certificateId, privateKey } = NETSUITE_CREDENTIALS;
  const seconds = Math.floor(sim.standIns.clock.nowMs() / 1000);
  const assertion = signAssertion(privateKey, certificateId, {
    iss: clientId,
    scope: 'rest_webservices',
    aud: `${HOST}${TOKEN_PATH}`,
    iat: seconds,
    exp: seconds + 60,
  });
  const answer = await fetch(`${sim.url}/netsuite${TOKEN_PATH}`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  const { access_token: token } = (await answer.json()) as { readonly access_token: string };
  return { authorization: `Bearer ${token}` };
}

interface Said {
  readonly code: string;
  readonly detail?: string;
  /** What the body says of the status; the status itself by default. */
  readonly own?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const errorReply = (
  status: number,
  { code, detail = 'It was refused because.', own = status, headers = {} }: Said,
): Reply => ({
  status,
  headers,
  body: {
    type: 'https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.1',
    title: 'Refused',
    status: own,
    'o:errorDetails': [{ detail, 'o:errorCode': code }],
  },
});

/** Nothing is there under our key: what is asked after a refusal. */
export const absentReply = errorReply(404, {
  code: 'NONEXISTENT_ID',
  detail: 'The record instance does not exist. Provide a valid record instance ID.',
});

const prelude = (seen: Seen): Reply | null =>
  netsuiteSignIn(seen) ?? (seen.method === 'GET' ? absentReply : null);

const said = (status: number, said: Said, verdict: Shape['verdict']): Shape => ({
  what: `${String(status)} ${said.code}${said.own === undefined ? '' : ` that says ${String(said.own)}`} ${said.detail ?? ''}`,
  reply: errorReply(status, said),
  verdict,
}); // prettier-ignore

const BASE = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1';
const made = (location: string, status = 204): Reply => ({
  status,
  headers: { location },
  body: '',
});
const located = (what: string, location: string, verdict: Shape['verdict']): Shape => ({
  what,
  reply: made(location),
  verdict,
});

export const netsuiteCase: BooksCase = {
  system: netsuite,
  standIn: 'netsuite',
  settings: netsuiteSettings,
  tools: memoryTools,
  goneId: '999999',
  create: { method: 'POST', path: '/services/rest/record/v1/invoice' },
  lookupPaths: ['/services/rest/record/v1/invoice/eid:*'],
  truth: (sim) =>
    // The number is the account's own; ours is the reference.
    ledgerTruth(sim, 'netsuite').map((one) => ({
      ...one,
      number: sim.standIns.ledgers.get('netsuite')?.get('document', one.id)?.reference ?? null,
    })),
  deactivate({ standIns: { ledgers, clock } }, id) {
    const ledger = ledgers.get('netsuite');
    if (ledger) workInOffice(ledger, { do: 'deactivate customer', id }, clock.nowMs());
  },
  shapes: [
    located('204 with the address of the invoice', `${BASE}/invoice/5001`, 'created'),
    located('204 with a path alone', '/services/rest/record/v1/invoice/5001', 'created'),
    located('204 with a credit memo', `${BASE}/creditMemo/5001`, 'unknown'),
    located('204 with a customer', `${BASE}/customer/5001`, 'unknown'),
    located('204 with an external id', `${BASE}/invoice/eid:abc`, 'unknown'),
    located('204 with an id of no number', `${BASE}/invoice/abc`, 'unknown'),
    located('204 with the id 0', `${BASE}/invoice/0`, 'unknown'),
    located('204 with a job of later', 'https://1234567.suitetalk.api.netsuite.com/services/rest/async/v1/job/12', 'unknown'),
    { what: '204 without an address', reply: { status: 204, body: '' }, verdict: 'unknown' },
    { what: '202 with a job', reply: made('/services/rest/async/v1/job/12', 202), verdict: 'unknown' },
    { what: '202 with the address of an invoice', reply: made(`${BASE}/invoice/5001`, 202), verdict: 'unknown' },
    { what: '200 with the invoice', reply: { body: { id: '5001', links: [] } }, verdict: 'unknown' },
    { what: '201 with the address of the invoice', reply: made(`${BASE}/invoice/5001`, 201), verdict: 'unknown' },
    said(400, { code: 'DUP_RCRD', detail: 'A record with that external id exists.' }, 'exists'),
    said(400, { code: 'USER_ERROR', detail: 'Error while accessing a resource. This record already exists.' }, 'exists'),
    said(400, { code: 'USER_ERROR', detail: 'Error while accessing a resource. This entity already exists.' }, 'exists'),
    said(400, { code: 'USER_ERROR', detail: 'Error while accessing a resource. Please enter value(s) for: Location.' }, 'rejected'),
    said(400, { code: 'INVALID_CONTENT', detail: 'You have entered an Invalid Field Value 9999 for the following field: item' }, 'rejected'),
    said(400, { code: 'INVALID_PARAMETER' }, 'rejected'),
    said(400, { code: 'UNEXPECTED_ERROR' }, 'unknown'),
    said(400, { code: 'SSS_TIME_LIMIT_EXCEEDED' }, 'unknown'),
    said(400, { code: 'SSS_USAGE_LIMIT_EXCEEDED' }, 'unknown'),
    said(400, { code: 'INVALID_CONTENT', own: 200 }, 'unknown'),
    said(401, { code: 'INVALID_LOGIN' }, 'not sent'),
    said(401, { code: 'INVALID_LOGIN', own: 403 }, 'unknown'),
    said(403, { code: 'INSUFFICIENT_PERMISSION' }, 'rejected'),
    said(404, { code: 'NONEXISTENT_ID' }, 'rejected'),
    said(405, { code: 'METHOD_NOT_ALLOWED' }, 'unknown'),
    said(409, { code: 'CONFLICT' }, 'unknown'),
    said(412, { code: 'PRECONDITION' }, 'unknown'),
    said(415, { code: 'UNSUPPORTED_MEDIA_TYPE' }, 'unknown'),
    said(422, { code: 'INVALID_CONTENT' }, 'unknown'),
    said(429, { code: 'CONCURRENCY_LIMIT_EXCEEDED' }, 'not sent'),
    said(429, { code: 'CONCURRENCY_LIMIT_EXCEEDED', own: 503 }, 'unknown'),
    ...[500, 502, 503, 504].map((status) => said(status, { code: 'UNEXPECTED_ERROR' }, 'unknown')),
    said(500, { code: 'DUP_RCRD' }, 'unknown'),
    { what: '400 with two errors, one uncertain', reply: { status: 400, body: { title: 'Bad Request', status: 400, 'o:errorDetails': [{ detail: 'a', 'o:errorCode': 'INVALID_CONTENT' }, { detail: 'b', 'o:errorCode': 'UNEXPECTED_ERROR' }] } }, verdict: 'unknown' },
    { what: '400 without details', reply: { status: 400, body: { title: 'Bad Request', status: 400, 'o:errorDetails': [] } }, verdict: 'unknown' },
    { what: '400 of another Oracle service', reply: { status: 400, body: { title: 'Bad Request', status: '400', 'o:errorDetails': [{ detail: 'a', 'o:errorCode': 'X' }] } }, verdict: 'unknown' },
    said(400, { code: 'INVALID_CONTENT', detail: 'Bearer canary-access is odd' }, 'rejected'),
  ],
  prelude,
}; // prettier-ignore
