/**
 * What every request must show before a handler sees it (posting-safety 6.2): our own host name,
 * no foreign origin, our header, on all but two routes a token, and then plain JSON.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../core/errors.ts';
import type { Auth } from './auth.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; "nobody" before and without a token. */
    person: string;
  }
  interface FastifyContextConfig {
    /** What a body of this route is on the wire; absent: JSON. */
    carries?: 'json' | 'bytes';
  }
}

const BODY_METHODS = new Set(['POST', 'PUT']);
const KINDS = {
  json: /^application\/json(; ?charset=utf-8)?$/i,
  bytes: /^application\/octet-stream$/i,
} as const;
const OWN_SITES = new Set(['same-origin', 'none']);

/** Host names by which this machine reaches itself; anything else is DNS rebinding. */
export const ownHosts = (port: number): readonly string[] =>
  ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${String(port)}`);

/** `port` is asked late: with port 0 it is known only after listening. */
export function guardRequests(app: FastifyInstance, port: () => number): void {
  app.decorateRequest('person', 'nobody');
  app.addHook('onRequest', async (request) => {
    const hosts = ownHosts(port());
    checkHost(request, hosts);
    if (isGuarded(request)) checkOrigin(request, hosts);
    if (request.url.startsWith('/api/') && request.headers['x-mcc'] !== '1') {
      throw new AppError('NOT_ALLOWED', 'The header "X-MCC: 1" is missing.');
    }
    await Promise.resolve();
  });
  // After the token of the route: who may not ask learns nothing of what a route takes.
  app.addHook('preParsing', async (request) => {
    if (isGuarded(request)) checkBodyKind(request);
    await Promise.resolve();
  });
}

const isGuarded = ({ url }: FastifyRequest): boolean =>
  url.startsWith('/api/') || url.startsWith('/_test/');

/** Sets request.person, or refuses. */
export async function checkToken(request: FastifyRequest, auth: Auth): Promise<void> {
  const [, token] = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '') ?? [];
  const person = token ? await auth.whoHas(token) : null;
  if (person === null) {
    throw new AppError(
      'NOT_ALLOWED',
      'This workbook is not paired with the relay, or was idle for 30 days.',
    );
  }
  request.person = person;
}

function checkHost(request: FastifyRequest, hosts: readonly string[]): void {
  const named = request.raw.rawHeaders.filter(
    (name, index) => index % 2 === 0 && /^host$/i.test(name),
  );
  const host = request.headers.host?.toLowerCase() ?? '';
  if (named.length !== 1 || !hosts.includes(host)) {
    throw new AppError('NOT_ALLOWED', 'The relay answers only under its own name, localhost.');
  }
}

function checkOrigin(request: FastifyRequest, hosts: readonly string[]): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOwn = origin === undefined || hosts.some((host) => origin === `https://${host}`);
  if (!isOwn || (typeof site === 'string' && !OWN_SITES.has(site))) {
    throw new AppError('NOT_ALLOWED', 'The request comes from a foreign page.');
  }
}

function checkBodyKind(request: FastifyRequest): void {
  if (!BODY_METHODS.has(request.method)) return;
  const kind = request.headers['content-type'] ?? '';
  const wanted = KINDS[request.routeOptions.config.carries ?? 'json'];
  if (!wanted.test(kind) || request.headers['content-encoding']) {
    throw Object.assign(new Error('another kind of body'), { statusCode: 415 });
  }
}
