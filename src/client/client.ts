/** One typed call per route of the contract; a problem of the relay becomes an AppError again. */
import * as z from 'zod/mini';
import type { Method, Route } from '../contract/contract.ts';
import { AppError, ERRORS, type ErrorCode } from '../core/errors.ts';

const READ_TIMEOUT_MS = 20_000;
/** A refresh asks every vendor; the relay bounds each of them itself. */
const CHANGE_TIMEOUT_MS = 120_000;
const TRIES_MAX = 3;
const PAUSE_MS = [400, 1200];
const PAUSE_MAX_MS = 5_000;
const PASSING = new Set([408, 425, 429, 502, 503, 504]);

export interface ClientOptions {
  /** Origin of the relay, without a slash at the end. */
  readonly url: string;
  readonly token: () => string | null;
  readonly fetch: typeof fetch;
  readonly delay?: (ms: number) => Promise<void>;
}

/** A part without a field that is needed may be left out of the call. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- "needs nothing" is what is tested
type Part<Name extends string, Value> = {} extends Value
  ? { readonly [K in Name]?: Value }
  : { readonly [K in Name]: Value };

export type CallInput<R extends Route> = Part<'params', z.infer<R['params']>> &
  Part<'query', z.infer<R['query']>> &
  Part<'body', z.infer<R['body']>> & { readonly signal?: AbortSignal };

export interface Client {
  call<R extends Route>(route: R, input: CallInput<R>): Promise<z.infer<R['response']>>;
}

interface Loose {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

const ProblemBody = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.optional(z.string()),
});

export function createClient(options: ClientOptions): Client {
  const delay = options.delay ?? ((ms) => new Promise<void>((done) => setTimeout(done, ms)));
  return {
    call: async <R extends Route>(route: R, input: CallInput<R>) => {
      const asked = checked(route, input);
      const answer = await send(options, delay, route, asked);
      return parseAnswer(route, answer);
    },
  };
}

/** What we send must fit the contract before it leaves: the message then names the field. */
function checked(route: Route, input: Loose): Loose {
  const body = z.safeParse(route.body, input.body ?? {});
  if (!body.success) {
    throw new AppError('INPUT_INVALID', `${route.summary} ${fields(body.error)}`);
  }
  return input;
}

async function send(
  options: ClientOptions,
  delay: (ms: number) => Promise<void>,
  route: Route,
  input: Loose,
): Promise<Response> {
  const tries = route.method === 'GET' ? TRIES_MAX : 1;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sendOnce(options, route, input);
    const isPassing = outcome instanceof AppError || PASSING.has(outcome.status);
    if (attempt >= tries || !isPassing || input.signal?.aborted) return settle(route, outcome);
    await delay(pauseMs(outcome, attempt));
  }
}

async function sendOnce(
  options: ClientOptions,
  route: Route,
  input: Loose,
): Promise<Response | AppError> {
  const timeoutMs = route.method === 'GET' ? READ_TIMEOUT_MS : CHANGE_TIMEOUT_MS;
  const signals = [AbortSignal.timeout(timeoutMs), ...(input.signal ? [input.signal] : [])];
  try {
    return await options.fetch(address(options.url, route, input), {
      method: route.method,
      headers: headers(route, options.token()),
      body: bodyOf(route, input.body),
      signal: AbortSignal.any(signals),
      redirect: 'error',
    });
  } catch (cause) {
    return unanswered(route.method, timeoutMs, cause);
  }
}

async function settle(route: Route, outcome: Response | AppError): Promise<Response> {
  if (outcome instanceof AppError) throw outcome;
  if (outcome.ok) return outcome;
  throw await problemOf(route, outcome);
}

/** A change whose answer got lost is neither done nor undone: the words say so. */
function unanswered(method: Method, timeoutMs: number, cause: unknown): AppError {
  const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError';
  const what = isTimeout
    ? `MCC did not answer within ${timeoutMs / 1000} seconds`
    : 'MCC is not reachable';
  const words = method === 'GET' ? `${what}.` : `${what}; look again before you repeat this.`;
  return new AppError('SOURCE_DOWN', words, { cause });
}

async function problemOf(route: Route, response: Response): Promise<AppError> {
  const body = z.safeParse(ProblemBody, await jsonOf(response));
  if (body.success && isErrorCode(body.data.code)) {
    const { code, message, remedy } = body.data;
    return new AppError(code, message, remedy === undefined ? {} : { remedy });
  }
  if (response.status === 401 || response.status === 403) {
    return new AppError('NOT_ALLOWED', 'You are not signed in to MCC.');
  }
  const words = `${route.method} ${route.path}: MCC answered ${response.status}.`;
  return new AppError(PASSING.has(response.status) ? 'SOURCE_DOWN' : 'INTERNAL', words);
}

async function parseAnswer<R extends Route>(
  route: R,
  response: Response,
): Promise<z.infer<R['response']>> {
  const parsed = z.safeParse(route.response, await jsonOf(response));
  if (parsed.success) return parsed.data as z.infer<R['response']>;
  const words = `${route.method} ${route.path}: the answer of MCC does not fit. ${fields(parsed.error)}`;
  throw new AppError('SOURCE_MALFORMED', words);
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function address(url: string, route: Route, input: Loose): string {
  const params = new Map(Object.entries(input.params ?? {}));
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params.get(name))),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const search = query.toString();
  return `${url}${path}${search ? `?${search}` : ''}`;
}

function bodyOf(
  { method, carries }: Route,
  body: unknown,
): string | Uint8Array<ArrayBuffer> | null {
  if (method === 'GET') return null;
  return carries === 'bytes' ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body ?? {});
}

const TYPES = { json: 'application/json', bytes: 'application/octet-stream' } as const;

function headers({ method, carries }: Route, token: string | null): Record<string, string> {
  return {
    accept: 'application/json',
    'x-mcc': '1',
    ...(method === 'GET' ? {} : { 'content-type': TYPES[carries] }),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
}

function pauseMs(outcome: Response | AppError, attempt: number): number {
  const asked = outcome instanceof AppError ? 0 : Number(outcome.headers.get('retry-after') ?? 0);
  const planned = PAUSE_MS[attempt - 1] ?? PAUSE_MAX_MS;
  return Math.min(PAUSE_MAX_MS, Math.max(planned, Number.isFinite(asked) ? asked * 1000 : 0));
}

const isErrorCode = (code: string): code is ErrorCode => code in ERRORS;

const fields = (error: z.core.$ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'value'}: ${issue.message}`)
    .join('; ');
