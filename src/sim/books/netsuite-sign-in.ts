/** Signing in to NetSuite: a statement signed by the key of a certificate gives a token for an hour. */
import { createECDH, createHash, createPrivateKey, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import type { TokenStore } from '../tokens.ts';

const CURVE = { jwk: 'P-256', openssl: 'prime256v1', coordinateBytes: 32 };
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LIFE_SECONDS_MAX = 3600;
/** How far the clocks of two machines may be apart. */
const SKEW_SECONDS = 300;
export const TOKEN_PATH = '/services/rest/auth/oauth2/v1/token';
export const TOKEN_SECONDS = 3600;

/** A key pair that follows from a text: invented and worth nothing anywhere else. */
function keyFrom(words: string): string {
  const pair = createECDH(CURVE.openssl);
  const secret = createHash('sha256').update(words).digest();
  pair.setPrivateKey(secret);
  const point = pair.getPublicKey().subarray(1);
  const key = {
    kty: 'EC',
    crv: CURVE.jwk,
    d: secret.toString('base64url'),
    x: point.subarray(0, CURVE.coordinateBytes).toString('base64url'),
    y: point.subarray(CURVE.coordinateBytes).toString('base64url'),
  };
  const pem = createPrivateKey({ format: 'jwk', key }).export({ type: 'pkcs8', format: 'pem' });
  return pem.toString();
}

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const NETSUITE_CREDENTIALS = {
  accountId: '1234567',
  clientId: 'canary-netsuite-client',
  certificateId: 'canary-netsuite-certificate',
  privateKey: keyFrom('canary netsuite key'),
} as const;

export const HOST = 'https://1234567.suitetalk.api.netsuite.com';
const certificate = createPublicKey(NETSUITE_CREDENTIALS.privateKey);

const Head = z.strictObject({
  typ: z.literal('JWT'),
  alg: z.literal('ES256'),
  kid: z.literal(NETSUITE_CREDENTIALS.certificateId),
});
const Scope = z.enum(['restlets', 'rest_webservices', 'suite_analytics']);
const Claims = z.strictObject({
  iss: z.literal(NETSUITE_CREDENTIALS.clientId),
  scope: z.union([Scope, z.array(Scope).min(1)]),
  aud: z.literal(`${HOST}${TOKEN_PATH}`),
  iat: z.int(),
  exp: z.int(),
});
const Form = z.strictObject({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal(ASSERTION_TYPE),
  client_assertion: z.string().min(1),
});

export function signIn(request: SimRequest, tokens: TokenStore): SimAnswer {
  if (request.method !== 'POST') return answerJson(405, { error: 'invalid_request' });
  const type = request.headers['content-type'] ?? '';
  const form = Form.safeParse(Object.fromEntries(new URLSearchParams(request.body)));
  if (!type.startsWith('application/x-www-form-urlencoded') || !form.success) {
    return answerJson(400, { error: 'invalid_request' });
  }
  if (!isSigned(form.data.client_assertion, request.nowMs)) {
    return answerJson(400, { error: 'invalid_grant' });
  }
  return answerJson(200, {
    access_token: tokens.issue(request.nowMs),
    expires_in: String(TOKEN_SECONDS),
    token_type: 'bearer',
  });
}

function isSigned(assertion: string, nowMs: number): boolean {
  const [head = '', claims = '', signature = '', more] = assertion.split('.');
  const parsed = Claims.safeParse(decode(claims));
  if (more !== undefined || !parsed.success || !Head.safeParse(decode(head)).success) return false;
  const { scope, iat, exp } = parsed.data;
  const now = nowMs / 1000;
  const isInTime = iat <= now + SKEW_SECONDS && exp > now - SKEW_SECONDS;
  if (!isInTime || exp - iat >= LIFE_SECONDS_MAX) return false;
  if (![scope].flat().includes('rest_webservices')) return false;
  const key = { key: certificate, dsaEncoding: 'ieee-p1363' } as const;
  const bytes = Buffer.from(signature, 'base64url');
  return verify('sha256', Buffer.from(`${head}.${claims}`), key, bytes);
}

const decode = (part: string): unknown =>
  parseJson(Buffer.from(part, 'base64url').toString('utf8'));
