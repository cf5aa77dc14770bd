import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../core/errors.ts';
import { ANSWER_BYTES_MAX, malformed, type Answer, type Headers } from './answer.ts';
import { NOT_PUBLIC, type Destinations } from './destination.ts';

export interface FetchOnce {
  readonly title: string;
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  readonly timeoutMs: number;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * One request; redirects are handed back, never followed. Not built-in fetch: it resolves names by
 * itself, and where credentials go is judged by the address that a name resolves to.
 */
export async function fetchOnce(ask: FetchOnce, destinations: Destinations): Promise<Answer> {
  const { title, url } = ask;
  const headers = checkHeaders(title, ask);
  const signal = AbortSignal.timeout(ask.timeoutMs);
  try {
    const response = await send(ask, headers, destinations, signal);
    const text = await readBounded(response, ask);
    return { status: response.statusCode ?? 0, headers: flatten(response), text };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = errorCode(error);
    if (code === NOT_PUBLIC) throw notPublic(title, url);
    const what = signal.aborted ? `no answer in ${String(ask.timeoutMs)} ms` : code;
    // The cause stays behind: an error of the network may carry headers, and they carry credentials.
    throw new AppError('SOURCE_DOWN', `${title} cannot be reached for ${url.pathname}: ${what}.`);
  }
}

const notPublic = (title: string, { hostname }: URL): AppError =>
  new AppError(
    'SETUP_MISSING',
    `${title}: ${hostname} is at a private, local or reserved address, and credentials are sent to public ones only. Name the public host of the service.`,
  );

function send(
  ask: FetchOnce,
  headers: Readonly<Record<string, string>>,
  { agents }: Destinations,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url, method } = ask;
  const isTls = url.protocol === 'https:';
  const content = ask.form ? new URLSearchParams(ask.form).toString() : JSON.stringify(ask.body);
  return new Promise((resolve, reject) => {
    const agent = isTls ? agents.https : agents.http;
    const request = (isTls ? requestHttps : requestHttp)(url, { method, headers, agent, signal });
    request.once('error', reject);
    request.once('response', (response) => {
      // Later troubles show where the answer is read.
      request.on('error', () => undefined);
      resolve(response);
    });
    request.end(method === 'POST' ? content : undefined);
  });
}

function checkHeaders(title: string, ask: FetchOnce): Readonly<Record<string, string>> {
  const type = ask.form ? 'application/x-www-form-urlencoded' : 'application/json';
  const all = {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': 'mcc-relay',
    ...ask.headers,
  };
  try {
    const headers = new Headers(ask.method === 'POST' ? { 'content-type': type, ...all } : all);
    return Object.fromEntries(headers);
  } catch {
    // The message of Headers would repeat the value.
    throw new AppError(
      'SETUP_MISSING',
      `${title}: a credential holds characters no header carries.`,
    );
  }
}

/** The limit holds for what is unpacked: a small answer may unfold to any size. */
async function readBounded(response: IncomingMessage, { title, url }: FetchOnce): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of unpacked(response, title, url)) {
    const part = chunk as Buffer;
    bytes += part.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw malformed(title, url.pathname, 'it is larger than 32 MB');
    chunks.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function unpacked(response: IncomingMessage, title: string, url: URL): Readable {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return response;
  if (encoding !== 'gzip') {
    response.destroy();
    throw malformed(title, url.pathname, 'it is packed in a way we did not ask for');
  }
  const unpacking = createGunzip();
  response.once('error', (error) => unpacking.destroy(error));
  unpacking.once('close', () => response.destroy());
  return response.pipe(unpacking);
}

function flatten(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** Told by shape: an error of Node may come from another realm than ours. */
const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

/** The code of the innermost error: ECONNREFUSED says more than the name of its wrapper. */
function errorCode(error: unknown): string {
  let inner: unknown = error;
  for (let depth = 0; depth < 4; depth += 1) {
    const code = field(inner, 'code');
    if (typeof code === 'string') return code;
    const several = field(inner, 'errors');
    inner = Array.isArray(several) ? several[0] : field(inner, 'cause');
  }
  return 'the connection broke';
}
