/** A source's recording: what is asked with which settings, what comes back, what that counts. */
import { readFileSync } from 'node:fs';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { VendorCount } from '../../src/relay/sources/source.ts';
import type { Reply, Seen } from './replay-server.ts';

export interface Recording {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings that may be left out. */
  readonly optional?: readonly string[];
  readonly period: string;
  readonly exchanges: readonly {
    readonly request: {
      method: string;
      path: string;
      query?: Record<string, string>;
      /** Of headers that tell one account's question from another's; names in lower case. */
      headers?: Record<string, string>;
      /** Of a question put by POST: its body. Any other POST signs in. */
      question?: unknown;
      /** Of a sign-in: its body, where that tells one account's from another's. */
      body?: unknown;
    };
    readonly response: Reply;
  }[];
  /** What a service without clients would answer to each question, and what is then missing. */
  readonly nothing?: {
    readonly body: unknown;
    readonly what: string;
    /** Of questions that ask for no list: their answers, by the end of their path. */
    readonly others?: Readonly<Record<string, unknown>>;
  };
  /** Fields that carry a count in an answer; none where rows are counted. */
  readonly numbers?: readonly string[];
  /** These counts may have decimals: hours, gigabytes. */
  readonly decimals?: boolean;
  /** What a redirect means where it is not a change of address. */
  readonly redirect?: ErrorCode;
  readonly file?: string;
  readonly asOf?: string;
  readonly counts: readonly VendorCount[];
}

export const recordingOf = (id: string): Recording =>
  JSON.parse(readFileSync(`test/relay/recordings/${id}.json`, 'utf8')) as Recording;

/** A question, not a sign-in: those are POSTs that the recording does not mark. */
export function isQuestion(
  { exchanges }: Recording,
  { method, path }: { readonly method: string; readonly path: string },
): boolean {
  if (method === 'GET') return true;
  return exchanges.some(({ request }) => request.path === path && request.question !== undefined);
}

/** What was recorded for a request; 418 for one that was not. */
export function replay(recording: Recording, seen: Seen): Reply {
  const hit = recording.exchanges.find(
    ({ request }) =>
      request.method === seen.method &&
      request.path === seen.path &&
      [request.question, request.body].every(
        (body) =>
          body === undefined || JSON.stringify(body) === JSON.stringify(JSON.parse(seen.body)),
      ) &&
      Object.entries(request.headers ?? {}).every(
        ([name, value]) => seen.headers[name] === value,
      ) &&
      JSON.stringify(Object.entries(request.query ?? {}).sort()) ===
        JSON.stringify(Object.entries(seen.query).sort()),
  );
  return hit?.response ?? { status: 418, body: `${seen.method} ${seen.path} was not recorded` };
}
