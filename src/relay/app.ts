/**
 * The contract's routes over Fastify: guards first, both sides of every exchange parsed by the
 * contract's own schemas, every refusal as problem JSON. It holds no rule of billing.
 */
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '../core/errors.ts';
import { IMPORT_BYTES_MAX, routes, type RouteName } from '../contract/contract.ts';
import type { Auth } from './auth.ts';
import { checkEffects, type EffectLimit } from './effect-limit.ts';
import { checkToken, guardRequests } from './guards.ts';
import type { Handler, Handlers } from './handlers.ts';
import type { Log } from './log.ts';
import { openApiDocument } from './openapi.ts';
import { ProblemDocument, isDefect, toProblem } from './problem.ts';
import { parseStrictJson } from './strict-json.ts';

export interface ReadLimit {
  readonly max: number;
  readonly windowMs: number;
}

export interface AppOptions {
  readonly handlers: Handlers;
  readonly auth: Auth;
  readonly log: Log;
  readonly effects: EffectLimit;
  readonly reads: ReadLimit;
  /** The port we listen on; known only after listening. */
  readonly port: () => number;
  readonly version: string;
}

const BODY_BYTES_MAX = 1024 * 1024;
/** Of one token; rulings 19. */
export const READ_LIMIT: ReadLimit = { max: 50, windowMs: 1000 };
const API_POLICY = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };
const OWN_HEADERS = {
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

// Without a locale every message is only "Invalid input" (rulings 24).
z.config(z.locales.en());

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    frameworkErrors: (error, request, reply) => refuseAddress(error, request, reply, options.log),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, options.log));
  acceptOnlyJson(app);
  // Headers first: a refused request carries them too.
  await addHeaders(app);
  guardRequests(app, options.port);
  await limitReads(app, options.reads);
  const names = Object.keys(routes) as RouteName[];
  for (const name of names) if (routes[name].carries === 'json') addRoute(app, name, options);
  await app.register((scope, _options, done) => {
    acceptOnlyBytes(scope);
    for (const name of names) if (routes[name].carries === 'bytes') addRoute(scope, name, options);
    done();
  });
  app.get('/openapi.json', () => openApiDocument(options.version));
  app.setNotFoundHandler((request, reply) => refuseUnknown(request, reply, options.log));
  return app;
}

function addRoute(
  app: FastifyInstance,
  name: RouteName,
  { handlers, auth, effects }: AppOptions,
): void {
  const { method, path, params, query, body, response, carries, auth: needs } = routes[name];
  const handler = handlers[name] as Handler<RouteName>;
  app.route({
    method,
    url: path,
    config: { carries },
    ...(carries === 'bytes' ? { bodyLimit: IMPORT_BYTES_MAX } : {}),
    schema: {
      params,
      querystring: query,
      ...(method === 'GET' ? {} : { body }),
      response: { 200: response, '4xx': ProblemDocument, '5xx': ProblemDocument },
    },
    ...(needs === 'token' ? { onRequest: (request) => checkToken(request, auth) } : {}),
    handler: async (request, reply) => {
      checkEffects(effects, name, request);
      const { id: requestId, person } = request;
      const asked = {
        params: request.params,
        query: request.query,
        body: request.body ?? {},
        person,
        requestId,
      };
      const answer = await handler(asked as Parameters<typeof handler>[0]);
      void reply.header('content-type', 'application/json; charset=utf-8');
      return answer;
    },
    ...(name === 'snapshot' ? { onSend: tagWhole } : {}),
  });
}

/** A weak client asks with what it has; an unchanged snapshot costs no transfer. */
async function tagWhole(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`;
  void reply.header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return Promise.resolve(payload);
  void reply.code(304);
  return null;
}

function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseStrictJson(decodeUtf8(body as Buffer), 'The request'));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Of a scope of its own: no other route takes bytes. */
function acceptOnlyBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const type = 'application/octet-stream';
  scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new AppError('INPUT_INVALID', 'The request is not UTF-8 text.', { cause });
  }
}

/** The table of posting-safety 3.4; pages replace the policy by their own. */
async function addHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: false,
    crossOriginEmbedderPolicy: false,
    originAgentCluster: false,
    dnsPrefetchControl: false,
    hsts: false,
    // Excel on the web shows the pane in a frame; frame-ancestors says who may.
    xFrameOptions: false,
    xXssProtection: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  });
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(OWN_HEADERS);
    await Promise.resolve();
  });
}

async function limitReads(app: FastifyInstance, { max, windowMs }: ReadLimit): Promise<void> {
  await app.register(rateLimit, {
    max,
    timeWindow: windowMs,
    keyGenerator: (request) => request.headers.authorization ?? 'nobody',
    allowList: (request) => request.method !== 'GET' || !request.url.startsWith('/api/'),
    errorResponseBuilder: () =>
      new AppError('LIMIT_REACHED', `More than ${String(max)} reads in so short a time.`),
  });
}

/** An address that no route can be looked for comes before every hook, those of the headers too. */
function refuseAddress(
  error: FastifyError,
  { id: requestId }: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): void {
  const problem = toProblem(error, requestId);
  const { code, status } = problem;
  log.info({ event: 'refused', requestId, code, status });
  void reply.headers({
    ...OWN_HEADERS,
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  });
  sendDocument(reply, problem);
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const problem = toProblem(error, request.id, request.routeOptions.config.carries);
  if (isDefect(error)) log.error({ event: 'defect', requestId: request.id, err: error });
  else
    log.info({
      event: 'refused',
      requestId: request.id,
      code: problem.code,
      status: problem.status,
    });
  const isUnpaired =
    problem.code === 'NOT_ALLOWED' && request.routeOptions.url?.startsWith('/api/');
  if (isUnpaired && request.person === 'nobody') void reply.header('www-authenticate', 'Bearer');
  sendDocument(reply, problem);
}

/** Serialised here: the route's own response schema must never stand in the way of a refusal. */
function sendDocument(reply: FastifyReply, problem: { readonly status: number }): void {
  void reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((document: unknown) => JSON.stringify(document))
    .send(problem);
}

/** A known path under another method is 405 and says which methods it knows. */
function refuseUnknown(request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const path = request.url.split('?')[0] ?? '';
  const known = Object.values(routes).filter((route) => patternOf(route.path).test(path));
  if (known.length === 0 && (request.method === 'GET' || request.method === 'HEAD')) {
    sendProblem(
      new AppError('NOT_FOUND', 'There is nothing at this address.'),
      request,
      reply,
      log,
    );
    return;
  }
  const allow = known.length === 0 ? ['GET'] : [...new Set(known.map((route) => route.method))];
  const error = new AppError('INPUT_INVALID', `${request.method} is not possible here.`);
  void reply.header('allow', allow.join(', '));
  sendDocument(reply, { ...toProblem(error, request.id), status: 405 });
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
