/**
 * A signed statement of who we are (JWT bearer assertion, RFC 7523), for sign-ins where the private
 * key of a certificate stands for a secret. The algorithm follows from the key.
 */
import { constants, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';

interface Algorithm {
  readonly alg: string;
  readonly hash: string;
}

const RSA: Algorithm = { alg: 'PS256', hash: 'sha256' };
const BY_CURVE: Readonly<Record<string, Algorithm>> = {
  prime256v1: { alg: 'ES256', hash: 'sha256' },
  secp384r1: { alg: 'ES384', hash: 'sha384' },
  secp521r1: { alg: 'ES512', hash: 'sha512' },
};

/** The PEM text of a private key that such a statement can be signed with. */
export const signingKey = z
  .string('is missing')
  .refine(
    canSign,
    'is not the private key of the certificate as PEM text (RSA or EC, no password)',
  );

function canSign(pem: string): boolean {
  try {
    return algorithmOf(createPrivateKey(pem)) !== null;
  } catch {
    return false;
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm | null {
  if (asymmetricKeyType === 'rsa') return RSA;
  return BY_CURVE[asymmetricKeyDetails?.namedCurve ?? ''] ?? null;
}

/** `pem` has passed signingKey; `keyId` tells the service which certificate to check with. */
export function signAssertion(
  pem: string,
  keyId: string,
  claims: Readonly<Record<string, unknown>>,
): string {
  const key = createPrivateKey(pem);
  const { alg, hash } = algorithmOf(key) ?? RSA;
  const text = [{ typ: 'JWT', alg, kid: keyId }, claims].map(encode).join('.');
  const signature = sign(hash, Buffer.from(text), {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    dsaEncoding: 'ieee-p1363',
  });
  return `${text}.${signature.toString('base64url')}`;
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
