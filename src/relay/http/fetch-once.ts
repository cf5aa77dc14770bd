import { AppError } from '../../core/errors.ts';
import { ANSWER_BYTES_MAX, malformed, type Answer, type Headers } from './answer.ts';

export interface FetchOnce {
  readonly title: string;
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  readonly timeoutMs: number;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

/** One request over built-in fetch; redirects are handed back, never followed. */
export async function fetchOnce(ask: FetchOnce): Promise<Answer> {
  const { title, url } = ask;
  const headers = checkHeaders(title, ask);
  const content = ask.form ? new URLSearchParams(ask.form).toString() : JSON.stringify(ask.body);
  try {
    const response = await fetch(url, {
      method: ask.method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(ask.timeoutMs),
      ...(ask.method === 'POST' ? { body: content } : {}),
    });
    const text = await readBounded(response, ask);
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const what = timedOut(error) ? `no answer in ${String(ask.timeoutMs)} ms` : errorCode(error);
    // The cause stays behind: an error of fetch may carry headers, and headers carry credentials.
    throw new AppError('SOURCE_DOWN', `${title} cannot be reached for ${url.pathname}: ${what}.`);
  }
}

function checkHeaders(title: string, ask: FetchOnce): globalThis.Headers {
  const type = ask.form ? 'application/x-www-form-urlencoded' : 'application/json';
  const all = { accept: 'application/json', ...ask.headers };
  try {
    return new Headers(ask.method === 'POST' ? { 'content-type': type, ...all } : all);
  } catch {
    // The message of fetch would repeat the value.
    throw new AppError(
      'SETUP_MISSING',
      `${title}: a credential holds characters no header carries.`,
    );
  }
}

async function readBounded(response: Response, { title, url }: FetchOnce): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw malformed(title, url.pathname, 'it is larger than 32 MB');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Told by shape: an error of fetch may come from another realm than ours. */
const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

const timedOut = (error: unknown): boolean =>
  ['TimeoutError', 'AbortError'].includes(String(field(error, 'name')));

/** The code of the innermost error: ECONNREFUSED says more than "fetch failed". */
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
