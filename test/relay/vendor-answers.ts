/**
 * The 26 vendor and ledger answers of posting-safety 3.5 D, 81 to 106, as they may strike a source
 * while it counts: what it answers, and the one outcome that must come of it.
 */
import type { ErrorCode } from '../../src/core/errors.ts';
import { isQuestion, type Recording } from './recording.ts';
import type { Reply } from './replay-server.ts';

export interface VendorAnswer {
  readonly number: number;
  readonly name: string;
  /** What comes instead of the recorded reply to a question; asked is how many came before. */
  readonly reply: (whole: Reply, asked: number, recording: Recording) => Reply;
  readonly codes: readonly ErrorCode[];
  readonly says?: RegExp;
  /** Sources whose protocol cannot show this, each with the reason. */
  readonly not?: Readonly<Record<string, string>>;
}

const always = (reply: Reply) => (): Reply => reply;
const status = (code: number, headers: Record<string, string> = {}): (() => Reply) =>
  always({ status: code, body: '', headers });
const busy = (retryAfter: string): (() => Reply) => status(429, { 'retry-after': retryAfter });

/** Every field that carries a count shows this instead. */
const numbered =
  (value: string) =>
  (whole: Reply, _asked: number, { numbers = [] }: Recording): Reply => {
    const text = typeof whole.body === 'string' ? whole.body : JSON.stringify(whole.body);
    const field = new RegExp(`"(${numbers.join('|')})":"?[\\d.]+"?`, 'g');
    return { ...whole, body: numbers.length > 0 ? text.replace(field, `"$1":${value}`) : text };
  };

export const VENDOR_ANSWERS: readonly VendorAnswer[] = [
  { number: 81, name: 'a sign-in page', reply: always({ body: '<!doctype html><title>Sign in</title>' }), codes: ['SOURCE_MALFORMED'], says: /web page/ },
  { number: 82, name: 'nothing', reply: always({ body: '' }), codes: ['SOURCE_MALFORMED'], says: /empty/ },
  { number: 83, name: 'JSON that ends early', reply: (whole) => ({ body: JSON.stringify(whole.body).slice(0, -3) }), codes: ['SOURCE_MALFORMED'], says: /cut short/ },
  { number: 84, name: 'an empty list of errors', reply: always({ body: { errors: [] } }), codes: ['SOURCE_MALFORMED'] },
  { number: 89, name: 'sent elsewhere', reply: status(302, { location: 'http://127.0.0.1:9/x' }), codes: ['SOURCE_MALFORMED'], says: /elsewhere/ },
  { number: 90, name: '401 in the middle of the list', reply: (whole, asked) => (asked > 0 ? { status: 401, body: '' } : whole), codes: ['SOURCE_REFUSED'], says: /credentials/ },
  { number: 91, name: '403, no licence', reply: status(403), codes: ['SOURCE_REFUSED'], says: /rights/ },
  { number: 92, name: '408', reply: status(408), codes: ['SOURCE_DOWN'] },
  { number: 93, name: '409', reply: status(409), codes: ['SOURCE_REFUSED'], says: /409/ },
  { number: 94, name: '429 without Retry-After', reply: status(429), codes: ['SOURCE_BUSY'], says: /too many/ },
  { number: 95, name: '429, come back never', reply: busy('never'), codes: ['SOURCE_BUSY'] },
  { number: 95, name: '429, come back in 1e9 seconds', reply: busy('1000000000'), codes: ['SOURCE_BUSY'] },
  { number: 95, name: '429, come back in the past', reply: busy('Fri, 30 Oct 2026 10:00:00 GMT'), codes: ['SOURCE_BUSY'] },
  { number: 97, name: '502 of a proxy', reply: always({ status: 502, body: '<html>Bad gateway</html>' }), codes: ['SOURCE_DOWN'] },
  { number: 98, name: '504', reply: status(504), codes: ['SOURCE_DOWN'] },
  { number: 99, name: 'reset after the headers', reply: (whole) => ({ ...whole, cutAt: 0 }), codes: ['SOURCE_DOWN', 'SOURCE_MALFORMED'] },
  { number: 102, name: 'the first page again and again', reply: firstAgain, codes: ['SOURCE_MALFORMED'] },
  { number: 104, name: 'a count that is null', reply: numbered('null'), codes: ['SOURCE_MALFORMED'] },
  { number: 104, name: 'a count that is text', reply: numbered('"12x"'), codes: ['SOURCE_MALFORMED'] },
  { number: 104, name: 'a count that is negative', reply: numbered('-1'), codes: ['SOURCE_MALFORMED'] },
  { number: 104, name: 'a count of 1e9', reply: numbered('1e9'), codes: ['SOURCE_MALFORMED'] },
]; // prettier-ignore

function firstAgain(_whole: Reply, _asked: number, recording: Recording): Reply {
  const first = recording.exchanges.find(({ request }) => isQuestion(recording, request));
  return first?.response ?? {};
}

/** Of the answers to a create: where the books' own tests hold them. */
export const OF_THE_BOOKS: readonly { number: number; file: string; holds: string }[] = [
  { number: 85, file: 'test/start/bad-input-faults.ts', holds: '85 another customer' },
  { number: 86, file: 'test/start/bad-input-faults.ts', holds: '86 another total' },
  {
    number: 87,
    file: 'test/relay/posting/answers.test.ts',
    holds: '87: an invoice in another currency',
  },
  {
    number: 88,
    file: 'test/relay/posting/answers.test.ts',
    holds: '88: two invoices under one number',
  },
  { number: 96, file: 'test/start/bad-input-faults.ts', holds: '96 500 after the work' },
];

/** Tested one by one in vendor-answers.test.ts: their form is that of one vendor. */
export const ONE_BY_ONE: readonly number[] = [100, 101, 103, 105, 106];
