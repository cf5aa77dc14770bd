/**
 * Every fault of the stand-ins (src/sim/faults.ts) as it may strike a vendor while it is counted,
 * or the books while they are read or written, with what must come of it.
 */
import type { FAULT_KINDS } from '../../src/sim/faults.ts';
import type { BadValue } from './bad-input-vendors.ts';

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface VendorFault {
  readonly name: string;
  readonly fault: FaultKind;
  readonly more?: object;
  /** What stands where a count should be, in each vendor's own place. */
  readonly value?: BadValue;
  /** What the message says beside the name of the system. */
  readonly says: RegExp;
}

const LATER_MS = 2_500;
const DOWN = /cannot be reached|answered .* with 5\d\d/;

export const VENDOR_FAULTS: readonly VendorFault[] = [
  { name: 'no answer at all', fault: 'hold-answer', says: /cannot be reached.*no answer in/ },
  { name: 'an answer too late', fault: 'slow', more: { ms: LATER_MS }, says: /no answer in/ },
  { name: 'the request is lost', fault: 'drop-request', says: DOWN },
  { name: 'the answer is lost', fault: 'drop-answer', says: DOWN },
  { name: 'the connection is reset', fault: 'reset', says: DOWN },
  { name: 'the answer is cut off', fault: 'truncate', says: /cut short|cannot be reached/ },
  { name: '81 a sign-in page', fault: 'html', says: /web page/ },
  { name: '82 an empty answer', fault: 'status', more: { status: 200, body: '' }, says: /empty/ },
  { name: '89 sent elsewhere', fault: 'status', more: { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, says: /elsewhere/ },
  { name: '90 not signed in', fault: 'status', more: { status: 401 }, says: /refused our credentials/ },
  { name: '91 no licence', fault: 'status', more: { status: 403 }, says: /refused our credentials or their rights/ },
  { name: 'not found', fault: 'status', more: { status: 404 }, says: /\(404\)/ },
  { name: '92 timed out', fault: 'status', more: { status: 408 }, says: /with 408/ },
  { name: '93 conflict', fault: 'status', more: { status: 409 }, says: /\(409\)/ },
  { name: '94 too many requests', fault: 'status', more: { status: 429 }, says: /too many requests/ },
  { name: '95 too many, come back never', fault: 'status', more: { status: 429, headers: { 'retry-after': 'never' } }, says: /too many requests/ },
  { name: '95 too many, come back in years', fault: 'status', more: { status: 429, headers: { 'retry-after': '1000000000' } }, says: /too many requests/ },
  { name: 'an error of the vendor', fault: 'status', more: { status: 500 }, says: DOWN },
  { name: '97 the page of a proxy', fault: 'status', more: { status: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } }, says: DOWN },
  { name: '98 the time-out of a gateway', fault: 'late-landing', says: /with 504/ },
  { name: 'a list that is suddenly empty', fault: 'empty-list', says: /lists no|rows and gives 0/ },
  { name: 'another schema', fault: 'changed-schema', says: /cannot be used/ },
  { name: '103 a page again and again', fault: 'repeat-page', says: /same page twice|not the page asked for|rows and gives/ },
  { name: '104 null', fault: 'patch', value: 'null', says: /cannot be used/ },
  { name: '104 a count as text', fault: 'patch', value: 'text', says: /cannot be used/ },
  { name: '104 a negative count', fault: 'patch', value: 'negative', says: /cannot be used|never negative/ },
  { name: '104 half a licence', fault: 'patch', value: 'half', says: /cannot be used/ },
]; // prettier-ignore

export interface CreateFault {
  readonly name: string;
  readonly fault: FaultKind | null;
  readonly more?: object;
  /** Where it comes to rest while the fault is there, and whether the books have it. */
  readonly ends: 'POSTED' | 'NEEDS_PERSON' | 'REJECTED';
  readonly inBooks: boolean;
}

const failure = (httpStatusCode: number, type: string): object => ({
  status: httpStatusCode,
  body: {
    error: { message: 'No.', userFacingMessage: 'The books say no.', type, code: 'X', httpStatusCode },
  },
}); // prettier-ignore

/** One client each; where nothing tells whether it arrived, only a person may send again. */
export const CREATE_FAULTS: readonly CreateFault[] = [
  { name: 'nothing wrong', fault: null, ends: 'POSTED', inBooks: true },
  { name: 'answer held back', fault: 'hold-answer', ends: 'POSTED', inBooks: true },
  { name: 'request lost', fault: 'drop-request', ends: 'NEEDS_PERSON', inBooks: false },
  { name: 'answer lost', fault: 'drop-answer', ends: 'POSTED', inBooks: true },
  { name: '99 reset', fault: 'reset', ends: 'POSTED', inBooks: true },
  { name: '83 truncated', fault: 'truncate', ends: 'POSTED', inBooks: true },
  { name: '81 sign-in page, done', fault: 'html', more: { work: true }, ends: 'POSTED', inBooks: true },
  { name: '81 sign-in page, not done', fault: 'html', ends: 'NEEDS_PERSON', inBooks: false },
  { name: 'slow', fault: 'slow', more: { ms: 100 }, ends: 'POSTED', inBooks: true },
  { name: '96 500 after the work', fault: 'status', more: { status: 500, work: true }, ends: 'POSTED', inBooks: true },
  { name: '500 without work', fault: 'status', more: { status: 500 }, ends: 'NEEDS_PERSON', inBooks: false },
  { name: '84 200 without an id', fault: 'status', more: { status: 200, body: { errors: [] } }, ends: 'NEEDS_PERSON', inBooks: false },
  { name: '89 sent elsewhere', fault: 'status', more: { status: 302 }, ends: 'NEEDS_PERSON', inBooks: false },
  { name: '90 401 in a shape of its own', fault: 'status', more: { status: 401 }, ends: 'NEEDS_PERSON', inBooks: false },
  { name: '90 401 in the words of the books', fault: 'status', more: failure(401, 'AUTHENTICATION_ERROR'), ends: 'REJECTED', inBooks: false },
  { name: '94 429', fault: 'status', more: failure(429, 'RATE_LIMIT_ERROR'), ends: 'POSTED', inBooks: true },
  { name: '91 403', fault: 'status', more: failure(403, 'PERMISSION_ERROR'), ends: 'REJECTED', inBooks: false },
  { name: '92 408', fault: 'status', more: { status: 408 }, ends: 'NEEDS_PERSON', inBooks: false },
  { name: '93 409', fault: 'status', more: { status: 409 }, ends: 'NEEDS_PERSON', inBooks: false },
  { name: '97 502 of a proxy', fault: 'status', more: { status: 502, body: '<html></html>' }, ends: 'NEEDS_PERSON', inBooks: false },
  { name: 'another schema', fault: 'changed-schema', ends: 'POSTED', inBooks: true },
  { name: 'empty list', fault: 'empty-list', ends: 'POSTED', inBooks: true },
  { name: '85 another id', fault: 'patch', more: { set: { id: 'FFFF-1' } }, ends: 'POSTED', inBooks: true },
  { name: '98 504, lands later', fault: 'late-landing', ends: 'POSTED', inBooks: true },
]; // prettier-ignore

/** The created invoice as the books show it afterwards: another one than was approved. */
export const READ_BACK_FAULTS = [
  { name: '85 another customer', set: { 'customer.id': 'FFFF-1' }, says: /customer/i },
  { name: '86 another total', set: { subtotal: '9.99' }, says: /9\.99/ },
] as const;

/** What may happen to every read of the books; nothing is ever sent on the strength of it. */
export const READ_FAULTS: readonly VendorFault[] = VENDOR_FAULTS.filter(
  ({ name, fault }) =>
    !['patch', 'repeat-page', 'empty-list'].includes(fault) && name !== 'not found',
);
