/**
 * The relay's own certificate for this machine only. Made once, kept in DATA/tls, renewed before
 * it ends; the key file is readable by its owner alone.
 */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Where the certificate (never the key) lies, for clients that must trust it. */
  readonly path: string;
}

const DAY_MS = 86_400_000;
const LIFE_DAYS = 365;
const RENEW_DAYS = 30;
const HOST = 'localhost';

/** `nowMs` is the machine's time: browsers compare with theirs, not with a moved clock. */
export async function provideCertificate(directory: string, nowMs: number): Promise<Certificate> {
  const folder = join(directory, 'tls');
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = existsSync(paths.cert) && existsSync(paths.key) ? readPair(paths) : null;
  if (kept && troubleOf(kept, nowMs + RENEW_DAYS * DAY_MS) === null) return kept;
  const made = await makePair(nowMs);
  writePrivately(paths.key, made.private);
  writePrivately(paths.cert, made.cert);
  return { cert: made.cert, key: made.private, path: paths.cert };
}

/** A certificate of the person's own; every trouble is named, nothing is replaced. */
export function useCertificate(paths: { cert: string; key: string }, nowMs: number): Certificate {
  for (const [name, path] of Object.entries(paths)) {
    if (!existsSync(path)) {
      throw new AppError(
        'SETUP_MISSING',
        `tls.${name}: there is no file ${path}. Correct the path.`,
      );
    }
  }
  const pair = readPair(paths);
  const trouble = troubleOf(pair, nowMs);
  if (trouble) throw new AppError('SETUP_MISSING', `tls.cert: ${trouble}`);
  return pair;
}

const readPair = (paths: { cert: string; key: string }): Certificate => ({
  cert: readFileSync(paths.cert, 'utf8'),
  key: readFileSync(paths.key, 'utf8'),
  path: paths.cert,
});

function troubleOf(pair: Certificate, validUntilMs: number): string | null {
  try {
    const certificate = new X509Certificate(pair.cert);
    if (certificate.validToDate.getTime() <= validUntilMs) {
      return `the certificate ended on ${certificate.validTo}. Renew it, or remove "tls".`;
    }
    if (certificate.checkHost(HOST) === undefined) {
      return `the certificate is not for ${HOST}. Use one that names it, or remove "tls".`;
    }
    const fits = certificate.checkPrivateKey(createPrivateKey(pair.key));
    return fits ? null : 'the key does not belong to the certificate. Name the key made with it.';
  } catch {
    return 'certificate or key cannot be read as PEM. Name PEM files, or remove "tls".';
  }
}

async function makePair(nowMs: number) {
  // Loaded late: once a year is often enough.
  const { generate } = await import('selfsigned');
  return generate([{ name: 'commonName', value: HOST }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // An hour back: the clock of the browser may be a little behind.
    notBeforeDate: new Date(nowMs - 3_600_000),
    notAfterDate: new Date(nowMs + LIFE_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: HOST },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
}

function writePrivately(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
}
