/** Secrets of the settings: {"env": "NAME"} or {"file": "path"}; plain text in sample and lab only. */
import { readFileSync, statSync } from 'node:fs';

interface HasSettings {
  readonly profile: 'sample' | 'local' | 'team' | 'lab';
  readonly connections: readonly {
    readonly id: string;
    readonly settings: Record<string, unknown>;
  }[];
  readonly books: { readonly settings: Record<string, unknown> };
}

interface Findings {
  readonly secrets: string[];
  /** Of those, the ones that stand in the file itself. */
  readonly plain: string[];
  readonly troubles: string[];
  readonly warnings: string[];
}

const SECRET_NAME = /secret|password|passphrase|token|api_?key|private_?key/i;
/** No secrets by themselves, but nothing for a log either. */
const PRIVATE_NAME = /(client|user|tenant|account)_?id$/i;
const OTHERS_MAY_READ = 0o077;

/** Puts every secret in its place; what is wrong comes back as words, never as values. */
export function resolveSecrets<Config extends HasSettings>(
  config: Config,
  env: NodeJS.ProcessEnv,
): Findings & { readonly config: Config; readonly holdsSecrets: boolean } {
  const findings: Findings = { secrets: [], plain: [], troubles: [], warnings: [] };
  const allowPlain = config.profile === 'sample' || config.profile === 'lab';
  const settle = (settings: Record<string, unknown>, path: string): Record<string, unknown> =>
    resolveValue(settings, path, { env, allowPlain, findings }) as Record<string, unknown>;
  const connections = config.connections.map((connection, index) => ({
    ...connection,
    settings: settle(connection.settings, `connections.${String(index)}.settings`),
  }));
  const books = { ...config.books, settings: settle(config.books.settings, 'books.settings') };
  const holdsSecrets = findings.plain.length > 0;
  return { ...findings, holdsSecrets, config: { ...config, connections, books } };
}

/** A word when others on this machine may read the file; null on Windows, which has no modes. */
export function modeWarning(path: string, what: string): string | null {
  if (process.platform === 'win32') return null;
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS_MAY_READ) === 0) return null;
  return `${path}: ${what} can be read by others (mode ${mode.toString(8)}). Run: chmod 600 ${path}`;
}

interface Resolving {
  readonly env: NodeJS.ProcessEnv;
  readonly allowPlain: boolean;
  readonly findings: Findings;
}

function resolveValue(value: unknown, path: string, work: Resolving): unknown {
  if (Array.isArray(value)) {
    return value.map((each, index) => resolveValue(each, `${path}.${String(index)}`, work));
  }
  if (typeof value === 'object' && value !== null) {
    const [entry, ...more] = Object.entries(value);
    const isReference = entry && more.length === 0 && (entry[0] === 'env' || entry[0] === 'file');
    if (isReference) return readSecret(entry[0] as 'env' | 'file', entry[1], path, work);
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, resolveValue(each, `${path}.${key}`, work)]),
    );
  }
  if (typeof value === 'string' && PRIVATE_NAME.test(path)) work.findings.secrets.push(value);
  if (typeof value === 'string' && SECRET_NAME.test(path.split('.').at(-1) ?? '')) {
    work.findings.secrets.push(value);
    work.findings.plain.push(value);
    if (!work.allowPlain) {
      const how =
        'Put it in the environment or a file and write {"env": "NAME"} or {"file": "path"}';
      work.findings.troubles.push(`${path}: a secret stands here as plain text. ${how}.`);
    }
  }
  return value;
}

function readSecret(kind: 'env' | 'file', from: unknown, path: string, work: Resolving): string {
  const { troubles, warnings, secrets } = work.findings;
  const raw = typeof from === 'string' ? readRaw(kind, from, path, work) : null;
  if (typeof from !== 'string') {
    troubles.push(
      `${path}.${kind}: must be the name of ${kind === 'env' ? 'a variable' : 'a file'}.`,
    );
  }
  if (raw === null) return '';
  const value = raw.replace(/^\uFEFF/, '').trim();
  const where = `${path}: the secret from ${kind} ${String(from)}`;
  if (value !== raw)
    warnings.push(`${where} had a byte order mark, space or line end round it; removed.`);
  if (value === '') troubles.push(`${where} is empty. Put the secret there.`);
  else secrets.push(value);
  if (/^(["'`]).*\1$/s.test(value))
    troubles.push(`${where} is wrapped in quotes. Remove the quotes.`);
  if (kind === 'env' && /[\r\n]/.test(value)) {
    troubles.push(`${where} has a line break inside. Put it on one line or in a file.`);
  }
  return value;
}

function readRaw(kind: 'env' | 'file', from: string, path: string, work: Resolving): string | null {
  const { troubles, warnings } = work.findings;
  if (kind === 'env') {
    const value = work.env[from];
    if (value === undefined) {
      troubles.push(`${path}: environment variable ${from} is not set. Set it and start again.`);
    }
    return value ?? null;
  }
  try {
    const loose = modeWarning(from, 'the secret');
    if (loose) warnings.push(`${path}: ${loose}`);
    return readFileSync(from, 'utf8');
  } catch {
    troubles.push(`${path}: file ${from} cannot be read. Check the path and its rights.`);
    return null;
  }
}
