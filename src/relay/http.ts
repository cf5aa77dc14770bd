/**
 * The one door to other people's services. Reads may be repeated (three tries, Retry-After);
 * a create goes out once, on a connection of its own, so that "not a byte left" is something we
 * saw and never something we guessed from the name of an error.
 */
import type { LookupFunction } from 'node:net';
import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { checkBaseUrl, toUrl } from './http/address.ts';
import { parseAnswer, type Answer, type Headers, type Query } from './http/answer.ts';
import { createDestinations, type Destinations } from './http/destination.ts';
import { fetchOnce } from './http/fetch-once.ts';
import { createRateLimits, type Rate, type RateLimits } from './http/rate-limit.ts';
import { redactor } from './http/redact.ts';
import { isDown, refused, refuseUnusable, unexpected, wordsOf } from './http/refusals.ts';
import { waitBeforeRetry } from './http/retry-after.ts';
import { sendOnce, type SendOutcome } from './http/send-once.ts';

export type { Answer, Headers, Query } from './http/answer.ts';
export { collectPages, pathOfLink, refuseEmpty, type Page } from './http/pages.ts';
export type { SendOutcome } from './http/send-once.ts';
export { credential, loopbackUrl } from './http/settings.ts';

export interface GetOptions {
  /** Null values are left out; a list repeats its name. */
  readonly query?: Query;
  readonly headers?: Headers;
  /** A question that is put by POST; it changes nothing there, so it is repeated as a GET is. */
  readonly question?: unknown;
  /** Never repeated: a cursor that moves on with each use gives another page the second time. */
  readonly once?: boolean;
}

export interface SendRequest {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: unknown;
  /** The JSON of the body where its numbers are written from decimals; wins over `body`. */
  readonly bodyText?: string;
  readonly headers?: Headers;
  readonly timeoutMs?: number;
}

export interface PostOptions {
  readonly headers?: Headers;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

export interface ServiceOptions {
  /** How messages name the service: "NinjaOne". */
  readonly title: string;
  /** Https from the adapter's own table, or http on loopback where the profile allows it. */
  readonly baseUrl: string;
  readonly headers?: Headers;
  /** Gives the headers that prove who we are; asked before the first read and once more after 401. */
  readonly signIn?: (anonymous: HttpService) => Promise<Headers>;
  /**
   * The same for tokens that run out (OAuth books): asked before every request, sends too.
   * `refused`: the headers it gave last met a 401.
   */
  readonly authorize?: (refused: boolean) => Promise<Headers>;
  readonly timeoutMs?: number;
  /** The service's own words for a refusal, from its documented error body; null: none there. */
  readonly explain?: (answer: Answer) => string | null;
  /** A refusal under a 5xx that asking again does not change: handed to the caller of read. */
  readonly isFinal?: (answer: Answer) => boolean;
  /** The documented limit, kept by a token bucket of our own before the service has to say 429. */
  readonly rate?: Rate;
  /** So long it is left alone after a 429 at least, whatever the answer says (QuickBooks Online). */
  readonly quietSecondsMin?: number;
}

export interface HttpService {
  /** Repeats after 429 and 5xx, three tries in all; throws the SOURCE_* codes. */
  get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    options?: GetOptions,
  ): Promise<z.infer<Schema>>;
  /** As get, and hands 4xx answers but 401, 403 and 429 to the caller to judge. */
  read(path: string, options?: GetOptions): Promise<Answer>;
  /** For signing in: never repeated. */
  post<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    options: PostOptions,
  ): Promise<z.infer<Schema>>;
  /**
   * Waits for a place under the limit and keeps it for the next sendOnce; what it gives takes the
   * place back when nothing was sent. With one place in all, nothing may be read in between.
   */
  reserve(): Promise<() => void>;
  /** For creates: one try, no redirect, three outcomes; never throws for what the network does. */
  sendOnce(request: SendRequest): Promise<SendOutcome>;
  /** Parses the text of an answer or throws SOURCE_MALFORMED naming what does not fit. */
  parse<Schema extends z.ZodType>(answer: Answer, schema: Schema, path: string): z.infer<Schema>;
  /** Takes our own secrets out of words that came from outside. */
  readonly redact: (text: string) => string;
}

export interface Http {
  service(options: ServiceOptions): HttpService;
}

export interface HttpOptions {
  /** Sample, lab and test profiles only: http on a loopback address. */
  readonly allowLoopback?: boolean;
  /** How names become addresses; the system's own way, or a test's. */
  readonly lookup?: LookupFunction;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly delay?: (ms: number) => Promise<void>;
  /** No request of any service waits longer; tests and labs shorten it. */
  readonly timeoutMaxMs?: number;
  /** All secrets of the configuration: no words from outside carry them on. */
  readonly secrets?: readonly string[];
}

const READ_TIMEOUT_MS = 30_000;
const TRIES_MAX = 3;

export function createHttp(options: HttpOptions = {}): Http {
  const setup = {
    allowLoopback: options.allowLoopback ?? false,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    delay: options.delay ?? sleep,
    timeoutMaxMs: options.timeoutMaxMs ?? Number.MAX_SAFE_INTEGER,
    secrets: options.secrets ?? [],
  };
  const rates = createRateLimits(setup);
  const destinations = createDestinations(setup.allowLoopback, options.lookup);
  return { service: (service) => createService(service, { ...setup, rates, destinations }) };
}

interface Setup extends Required<Omit<HttpOptions, 'lookup'>> {
  readonly rates: RateLimits;
  readonly destinations: Destinations;
}

function createService(service: ServiceOptions, setup: Setup): HttpService {
  const { title } = service;
  const { destinations } = setup;
  const base = checkBaseUrl(title, service.baseUrl, destinations);
  const takeToken = setup.rates.of(base, service.headers ?? {}, service.rate);
  const { remember, redact } = redactor(setup.secrets);
  remember(service.headers ?? {});
  const timeoutMs = Math.min(service.timeoutMs ?? READ_TIMEOUT_MS, setup.timeoutMaxMs);
  let signedIn: Promise<Headers> | null = null;
  const patience = { ...setup, quietMsMin: (service.quietSecondsMin ?? 0) * 1000 };
  let wasRefused = false;
  /** Places kept for sends, each with what gives it back. */
  const reserved: (() => void)[] = [];

  const proof = (renew: boolean): Headers | Promise<Headers> => {
    if (service.authorize) {
      const given = service.authorize(renew || wasRefused).then(remember);
      wasRefused = false;
      return given;
    }
    if (!service.signIn) return {};
    if (renew) signedIn = null;
    signedIn ??= service.signIn(createService(withoutSignIn(service), setup)).then(remember);
    return signedIn;
  };

  const ask = async (path: string, get: GetOptions, renew = false): Promise<Answer> => {
    const url = toUrl(base, path, get.query);
    const headers = { ...service.headers, ...(await proof(renew)), ...get.headers };
    const giveBack = await takeToken();
    const { question: body } = get;
    const question = body === undefined ? null : ({ method: 'POST', body } as const);
    const all = { title, url, method: 'GET', headers, timeoutMs, ...question } as const;
    return fetchOnce(all, destinations).finally(giveBack);
  };

  /** A token may have run out between two pages: sign in once more, then believe the 401. */
  const askSignedIn = async (path: string, get: GetOptions): Promise<Answer> => {
    const answer = await ask(path, get);
    const maySignIn = service.signIn ?? service.authorize;
    return answer.status === 401 && maySignIn ? ask(path, get, true) : answer;
  };

  const read = async (path: string, get: GetOptions = {}): Promise<Answer> => {
    if (service.signIn) await proof(false);
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === TRIES_MAX || get.once === true;
      const answer = await askSignedIn(path, get).catch((error: unknown) => {
        if (isLast || !isDown(error)) throw error;
        return null;
      });
      if (answer && service.isFinal?.(answer)) return answer;
      const wait = isLast ? null : waitBeforeRetry(answer, attempt, patience);
      if (answer && wait === null) return refuseUnusable(service, path, answer, redact);
      await setup.delay(wait ?? 0);
    }
  };

  return {
    read,
    async get(path, schema, get = {}) {
      const answer = await read(path, get);
      if (answer.status !== 200) throw unexpected(service, path, answer, redact);
      return parseAnswer(title, path, answer, schema);
    },
    async post(path, schema, { headers, body, form }) {
      const giveBack = await takeToken();
      const all = { ...service.headers, ...headers };
      const content = form ? { form } : { body };
      const url = toUrl(base, path);
      const request = { title, url, method: 'POST', headers: all, timeoutMs, ...content } as const;
      const answer = await fetchOnce(request, destinations).finally(giveBack);
      refuseUnusable(service, path, answer, redact);
      if (answer.status === 400) throw refused(title, path, 400, wordsOf(service, answer, redact));
      if (answer.status !== 200 && answer.status !== 201)
        throw unexpected(service, path, answer, redact);
      return parseAnswer(title, path, answer, schema);
    },
    async reserve() {
      const giveBack = await takeToken();
      const place = (): void => giveBack();
      reserved.push(place);
      return () => {
        if (!reserved.includes(place)) return;
        reserved.splice(reserved.indexOf(place), 1);
        place();
      };
    },
    async sendOnce(request) {
      const proven = await proofOf(service.authorize ? () => proof(false) : null);
      if ('kind' in proven) return proven;
      const headers = { ...service.headers, ...proven.headers, ...request.headers };
      const limitMs = Math.min(request.timeoutMs ?? timeoutMs, setup.timeoutMaxMs);
      const giveBack = reserved.shift() ?? (await takeToken());
      const url = toUrl(base, request.path);
      const { lookup } = destinations;
      const sending = sendOnce({ ...request, url, headers, timeoutMs: limitMs, lookup });
      const outcome = await sending.finally(giveBack);
      wasRefused = outcome.kind === 'answer' && outcome.status === 401;
      return outcome;
    },
    parse: (answer, schema, path) => parseAnswer(title, path, answer, schema),
    redact,
  };
}

/** Who cannot prove who it is has sent nothing. */
async function proofOf(
  proof: (() => Headers | Promise<Headers>) | null,
): Promise<{ readonly headers: Headers } | Extract<SendOutcome, { kind: 'not sent' }>> {
  try {
    return { headers: (await proof?.()) ?? {} };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { kind: 'not sent', reason: cause.message };
  }
}

const withoutSignIn = ({ title, baseUrl, timeoutMs, rate }: ServiceOptions): ServiceOptions => ({
  title,
  baseUrl,
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
  ...(rate === undefined ? {} : { rate }),
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
