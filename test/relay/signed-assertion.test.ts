/** Signed statements are what RFC 7515 and 7518 describe: each is checked with the public key alone. */
import { constants, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signAssertion, signingKey } from '../../src/relay/accounting/signed-assertion.ts';

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const CLAIMS = { iss: 'client', scope: ['rest_webservices'], iat: 1, exp: 301 };
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve });

const read = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
const pemOf = ({ privateKey }: Pair): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe.each([
  ['PS256', 'sha256', RSA],
  ['ES256', 'sha256', ec('P-256')],
  ['ES384', 'sha384', ec('P-384')],
  ['ES512', 'sha512', ec('P-521')],
] as const)('%s', (alg, hash, pair) => {
  const pem = pemOf(pair);
  const [head, claims, signature = ''] = signAssertion(pem, 'certificate', CLAIMS).split('.');
  const check = (text: string): boolean =>
    verify(
      hash,
      Buffer.from(text),
      {
        key: pair.publicKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        dsaEncoding: 'ieee-p1363',
      },
      Buffer.from(signature, 'base64url'),
    );

  it('follows from the key, and says what is claimed', () => {
    expect(signingKey.safeParse(pem).success).toBe(true);
    expect(read(head)).toEqual({ typ: 'JWT', alg, kid: 'certificate' });
    expect(read(claims)).toEqual(CLAIMS);
  });

  it('is signed, and by nothing else', () => {
    expect(check(`${head ?? ''}.${claims ?? ''}`)).toBe(true);
    expect(check(`${head ?? ''}.${claims ?? ''}x`)).toBe(false);
  });
});

it.each([
  ['a text', 'key'],
  ['nothing', undefined],
  ['a public key', RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  ['a key of a curve nobody takes', pemOf(ec('secp256k1'))],
])('%s is no key to sign with', (_what, text) => {
  expect(signingKey.safeParse(text).success).toBe(false);
});
