/** One GET of the relay for the cells: few tries, never longer than a person waits for a cell. */
import { AppError } from '../src/core/errors.ts';

/** An unresolved promise is a cell on #BUSY! for ever, so every path below ends within this. */
const LIMIT_MS = 20_000;
const TRIES_MAX = 3;
const PAUSES_MS = [400, 1_200];
const PASSING = new Set([408, 425, 429, 502, 503, 504]);

export interface AskOptions {
  readonly url: string;
  readonly token: () => string | null;
  readonly fetch: typeof fetch;
  readonly delay: (ms: number) => Promise<void>;
  readonly isOnline: () => boolean;
  readonly limitMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | null;
}

export async function ask(options: AskOptions, path: string, etag: string | null): Promise<Answer> {
  const token = options.token();
  if (!token) throw new AppError('NOT_ALLOWED', 'Sign in to MCC: open the MCC pane.');
  const limit = AbortSignal.timeout(options.limitMs ?? LIMIT_MS);
  for (let attempt = 1; ; attempt += 1) {
    const response = await tryOnce(options, path, token, etag, limit);
    if (response && (response.ok || response.status === 304)) return read(response);
    const status = response?.status ?? null;
    const mayPass = status === null ? !limit.aborted : PASSING.has(status);
    if (!mayPass || attempt >= TRIES_MAX) throw await trouble(options, response, limit);
    await pause(options, pauseMs(response, attempt), limit);
  }
}

async function tryOnce(
  options: AskOptions,
  path: string,
  token: string,
  etag: string | null,
  signal: AbortSignal,
): Promise<Response | null> {
  try {
    return await options.fetch(`${options.url}${path}`, {
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'x-mcc': '1',
        ...(etag ? { 'if-none-match': etag } : {}),
      },
      signal,
    });
  } catch {
    return null;
  }
}

async function read(response: Response): Promise<Answer> {
  const etag = response.headers.get('etag');
  if (response.status === 304) return { status: 304, body: null, etag };
  try {
    return { status: response.status, body: await response.json(), etag };
  } catch (cause) {
    throw new AppError('SOURCE_DOWN', 'The answer of MCC broke off. Refresh in the MCC pane.', {
      cause,
    });
  }
}

async function trouble(
  options: AskOptions,
  response: Response | null,
  limit: AbortSignal,
): Promise<AppError> {
  if (response === null) {
    const words = options.isOnline()
      ? `MCC did not answer (${limit.aborted ? 'time is up' : 'not reachable'}). Refresh in the MCC pane.`
      : 'Offline, and this snapshot is not on this computer.';
    return new AppError('SOURCE_DOWN', words);
  }
  switch (response.status) {
    case 401:
      return new AppError('NOT_ALLOWED', 'Sign in to MCC: open the MCC pane.');
    case 403:
      return new AppError('NOT_ALLOWED', 'Your account cannot see these counts.');
    case 404:
      return new AppError(
        'NOT_FOUND',
        await words(response, 'MCC has no such snapshot. Refresh in the MCC pane.'),
      );
    case 429:
      return new AppError('SOURCE_BUSY', 'MCC is busy. It will be tried again in 30 s.');
    default:
      return new AppError(
        'SOURCE_DOWN',
        `MCC did not answer (${response.status}). Refresh in the MCC pane.`,
      );
  }
}

async function words(response: Response, otherwise: string): Promise<string> {
  try {
    const body: unknown = await response.json();
    const message: unknown = typeof body === 'object' && body ? Reflect.get(body, 'message') : null;
    return typeof message === 'string' && message ? message : otherwise;
  } catch {
    return otherwise;
  }
}

/** Waits, but never past the limit. */
async function pause(options: AskOptions, ms: number, limit: AbortSignal): Promise<void> {
  await Promise.race([
    options.delay(ms),
    new Promise<void>((done) => limit.addEventListener('abort', () => done(), { once: true })),
  ]);
}

/** Retry-After is honoured as far as a cell can wait; a little chance keeps panes apart. */
function pauseMs(response: Response | null, attempt: number): number {
  const asked = Number(response?.headers.get('retry-after') ?? 0) * 1000;
  const planned = (PAUSES_MS[attempt - 1] ?? 1_200) * (0.75 + Math.random() / 2);
  return Number.isFinite(asked) ? Math.max(asked, planned) : planned;
}
