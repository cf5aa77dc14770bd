/** The single values of a described service: host, paths, pointers, names, and who we are. */
import { z } from 'zod';
import { credential } from '../http.ts';

const TEXT_MAX = 500;

/** Names of a private network or of this machine; what a name resolves to is judged by http.ts. */
const PRIVATE_NAMES =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|lan|home|corp|arpa|onion)$/;
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(${LABEL}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`);

/** The one place a destination is named: plain DNS labels, at least two, the last no number. */
export const Host = z
  .string()
  .max(253, 'is too long for a host name')
  .regex(
    HOST,
    'must be a public host name in small letters such as api.vendor.com: no address, port, path, user or final dot',
  )
  .refine((host) => !PRIVATE_NAMES.test(host), 'names a private network or this machine')
  .refine((host) => !/(^|\.)xn--/.test(host), 'holds letters of another script; they look alike');

/** RFC 6901; "" is the whole answer or the whole row. */
export const Pointer = z
  .string()
  .max(TEXT_MAX)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON pointer such as /customer/id (RFC 6901)');

/** "{from}" in a path or query: a value of ours that is put there. */
export const PLACEHOLDER = /\{(\w+)\}/g;

/** A path of a service, without placeholders. */
const PathText = z
  .string()
  .max(TEXT_MAX)
  .regex(
    /^\/(?!\/)[\w.~!$&'()*+,;=:@{}/-]*$/,
    'must be a path such as /v1/devices: no host, query, fragment, space or %',
  )
  .refine((path) => !/(^|\/)\.{1,2}(\/|$)/.test(path), 'must not hold . or .. as a part');
export const FixedPath = PathText.refine((path) => !/[{}]/.test(path), 'must hold no placeholder');

const SECRET_NAME = /auth|cookie|secret|password|token|api[-_]?key|signature|credential/i;
const OURS =
  /^(host|content-.*|accept-encoding|connection|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i;
const WITHOUT_SECRETS = 'must hold no secret: name it under auth';

export const HeaderName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'is no name of a header')
  .refine((name) => !OURS.test(name), 'is a header the relay sets itself');
export const PlainHeaders = z
  .record(
    HeaderName.refine((name) => !SECRET_NAME.test(name), WITHOUT_SECRETS),
    z.string().regex(/^[\x20-\x7e]*$/, 'holds a character no header carries'),
  )
  .default({});

export const ParameterName = z.string().min(1, 'is empty').max(100);

/** Paths and queries that may hold these placeholders and no others. */
export function withPlaceholders(names: readonly string[]) {
  const isKnown = (text: string): boolean =>
    !/[{}]/.test(
      text.replace(PLACEHOLDER, (whole, name: string) => (names.includes(name) ? '' : whole)),
    );
  const words = `knows ${inWords(names.map((name) => `{${name}}`))} only`;
  const value = z.union(
    [z.string().max(TEXT_MAX).refine(isKnown, words), z.number(), z.boolean()],
    { error: `must be text, a number, true or false; text ${words}` },
  );
  return {
    path: PathText.refine(isKnown, words),
    query: z
      .record(
        ParameterName.refine((name) => !SECRET_NAME.test(name), WITHOUT_SECRETS),
        value,
      )
      .default({}),
  };
}

const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** Words for a kind that is none of the kinds. */
export const kinds = (words: string) => ({
  error: (issue: { code?: string; message?: string | undefined }) =>
    issue.code === 'invalid_union' ? `must be ${words}` : undefined,
});

const GRANT = /^(grant_type|client_id|client_secret)$/;
export const Auth = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('header'), name: HeaderName, apiKey: credential }),
    z.strictObject({
      kind: z.literal('basic'),
      user: credential.refine((user) => !user.includes(':'), 'holds a colon'),
      password: credential,
    }),
    z.strictObject({ kind: z.literal('bearer'), token: credential }),
    z.strictObject({
      kind: z.literal('oauth2'),
      /** Absent: the host of the service itself. */
      host: Host.optional(),
      path: FixedPath,
      body: z.enum(['form', 'json']).default('form'),
      /** Where client id and secret stand (RFC 6749 2.3.1). */
      credentials: z.enum(['body', 'basic']).default('body'),
      clientId: credential,
      clientSecret: credential,
      /** Scope, audience or resource. */
      fields: z
        .record(
          ParameterName.refine((name) => !GRANT.test(name), 'is set by the relay itself'),
          z.string().max(TEXT_MAX),
        )
        .default({}),
    }),
  ],
  kinds('none, header, basic, bearer or oauth2'),
);
