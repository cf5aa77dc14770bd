/** A request as a stand-in sees it, its answer, and the record of both. */

/** Of registry.ts. */
export type SystemName = string;

export interface SimRequest {
  readonly system: SystemName;
  readonly method: string;
  /** As the vendor's contract writes it, without the base of its server address. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The stand-ins' own clock, in milliseconds. */
  readonly nowMs: number;
  /** Where this system is reached from outside, for links in answers. */
  readonly baseUrl: string;
}

export interface SimAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Already text when it is no JSON. */
  readonly body: unknown;
}

/** One exchange, without secrets, as a contract check reads it. */
export interface Exchange {
  readonly system: SystemName;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly answerType: string;
  readonly answer: unknown;
  /** The fault that was at work; its answer is no vendor's answer. */
  readonly fault: string | null;
}

const SECRET_HEADERS = new Set([
  'authorization',
  'cookie',
  'x-subscription-key',
  'x-api-key',
  'x-backup-key',
  'clientid',
  'apiintegrationcode',
  'username',
  'secret',
]);
const SECRET_FIELDS = new Set([
  'client_secret',
  'client_id',
  'client_assertion',
  'access_token',
  'refresh_token',
  'username',
  'password',
  'Username',
  'Password',
  'AccessToken',
  'token',
]);
const REMOVED = '(removed)';

export const answerJson = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): SimAnswer => ({ status, headers: { 'content-type': 'application/json', ...headers }, body });

/** Parses JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function recordOf(
  request: SimRequest,
  answer: SimAnswer | null,
  fault: string | null,
): Exchange {
  return {
    system: request.system,
    method: request.method,
    path: request.path,
    query: Object.fromEntries(
      [...new Set(request.query.keys())].map((name) => [name, request.query.getAll(name)]),
    ),
    requestHeaders: withoutSecrets(request.headers),
    requestBody: withoutSecretFields(parseBody(request)),
    status: answer?.status ?? 0,
    answerType: answer?.headers['content-type'] ?? '',
    answer: withoutSecretFields(answer?.body ?? null),
    fault,
  };
}

/** The scheme stays, the secret goes: "Bearer (removed)"; a bare key leaves nothing. */
function withoutSecrets(headers: SimRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const scheme = value.includes(' ') ? `${value.split(' ')[0] ?? ''} ` : '';
      return [[name, SECRET_HEADERS.has(name) ? `${scheme}${REMOVED}` : value]];
    }),
  );
}

function parseBody({ body, headers }: SimRequest): unknown {
  if (body === '') return null;
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  return parseJson(body) ?? body;
}

function withoutSecretFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, SECRET_FIELDS.has(name) ? REMOVED : field]),
  );
}
