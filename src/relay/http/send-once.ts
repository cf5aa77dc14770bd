import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ANSWER_BYTES_MAX, type Answer, type Headers } from './answer.ts';

/** Sent once: an answer, or certainly not sent, or nobody knows. */
export type SendOutcome =
  | ({ readonly kind: 'answer' } & Answer)
  | { readonly kind: 'not sent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string };

export interface SendOnce {
  readonly url: URL;
  readonly method: 'POST' | 'PUT';
  readonly headers: Headers;
  readonly body: unknown;
  readonly bodyText?: string;
  readonly timeoutMs: number;
  readonly lookup: LookupFunction;
}

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * One request on a connection of its own. Not fetch: fetch takes connections from a pool, repeats
 * after 421 and tells a failed handshake from a lost answer by error names only. Here nothing is
 * written before the connection (with TLS: the checked handshake) stands, so a failure before
 * that moment is certainly "not sent" and every one after it is "lost".
 */
export function sendOnce(send: SendOnce): Promise<SendOutcome> {
  const body = Buffer.from(send.bodyText ?? JSON.stringify(send.body), 'utf8');
  return new Promise((resolve) => {
    let ready = false;
    const request = open(send, body.byteLength, resolve);
    if (!request) return;
    const fail = (reason: string): void => {
      clearTimeout(connecting);
      clearTimeout(answering);
      resolve(ready ? { kind: 'lost', reason } : { kind: 'not sent', reason });
      request.destroy();
    };
    const connecting = setTimeout(
      () => {
        if (!ready) fail('no connection could be made in time');
      },
      Math.min(CONNECT_TIMEOUT_MS, send.timeoutMs),
    );
    const answering = setTimeout(() => {
      fail(`no answer within ${String(send.timeoutMs / 1000)} seconds`);
    }, send.timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      fail(error.code ?? 'the connection broke');
    });
    request.once('socket', (socket) => {
      socket.once(send.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        ready = true;
        request.end(body);
      });
    });
    request.once('response', (response) => {
      collect(response, fail, (answer) => {
        clearTimeout(connecting);
        clearTimeout(answering);
        resolve({ kind: 'answer', ...answer });
      });
    });
  });
}

function open(
  { url, method, headers, lookup }: SendOnce,
  length: number,
  resolve: (outcome: SendOutcome) => void,
): ClientRequest | null {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const all = {
    accept: 'application/json',
    'content-type': 'application/json',
    'content-length': String(length),
    ...headers,
  };
  try {
    return request(url, { method, headers: all, agent: false, lookup });
  } catch {
    // Node's message would repeat the header's value.
    resolve({ kind: 'not sent', reason: 'a credential holds characters no header carries' });
    return null;
  }
}

function collect(
  response: IncomingMessage,
  fail: (reason: string) => void,
  done: (answer: Answer) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    chunks.push(chunk);
    if (bytes > ANSWER_BYTES_MAX) fail('the answer is larger than 32 MB');
  });
  response.on('error', () => {
    fail('the answer broke off');
  });
  response.on('close', () => {
    // A body shorter than it was announced closes without being complete.
    if (!response.complete) fail('the answer broke off');
    else done({ status: response.statusCode ?? 0, headers: flatten(response), text: text(chunks) });
  });
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');

function flatten(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
