/**
 * The configuration file: JSON, checked whole before anything starts. Every trouble names its key
 * and what to do; secrets come from the environment or a file and are never printed.
 */
import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import { AppError } from '../core/errors.ts';
import { parseCurrency } from '../core/money.ts';
import { ruleTroubles } from './config-rules.ts';
import { ConfigSchema, type Profile, type RelayConfig } from './config-schema.ts';
import { resolveSecrets, modeWarning } from './config-secrets.ts';
import { parseStrictJson } from './strict-json.ts';

export type { ConnectionConfig, Profile, RelayConfig, ServiceConfig } from './config-schema.ts';

export interface LoadedConfig {
  readonly config: RelayConfig;
  /** Every secret value, for the log to leave out. */
  readonly secrets: readonly string[];
  /** A secret stands in the file itself; possible in sample and lab only. */
  readonly holdsSecrets: boolean;
  /** What was put right or should be looked at; said once at the start. */
  readonly warnings: readonly string[];
}

export const isPlayground = (profile: Profile): boolean =>
  profile === 'sample' || profile === 'lab';

export function loadConfig(path: string, env: NodeJS.ProcessEnv): LoadedConfig {
  const loaded = parseConfig(parseStrictJson(readText(path), path), env, path);
  const loose = loaded.holdsSecrets
    ? modeWarning(path, 'the configuration with its secrets')
    : null;
  return { ...loaded, warnings: [...loaded.warnings, ...(loose ? [loose] : [])] };
}

/** Checks a configuration that was read already; throws SETUP_MISSING with one line per trouble. */
export function parseConfig(
  raw: unknown,
  env: NodeJS.ProcessEnv,
  path = 'configuration',
): LoadedConfig {
  const shape = ConfigSchema.safeParse(raw);
  if (!shape.success) throw refused(path, shape.error.issues.map(issueWords));
  const resolved = resolveSecrets(shape.data, env);
  const troubles = [...resolved.troubles, ...ruleTroubles(resolved.config)];
  if (troubles.length > 0) throw refused(path, troubles);
  const config = { ...resolved.config, currency: parseCurrency(resolved.config.currency) };
  const { secrets, holdsSecrets, warnings } = resolved;
  return { config, secrets, holdsSecrets, warnings };
}

export function refused(path: string, troubles: readonly string[]): AppError {
  return new AppError('SETUP_MISSING', `${path} cannot be used:\n${troubles.join('\n')}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new AppError('SETUP_MISSING', `${path} cannot be read (${reason}). Check --config.`, {
      cause,
    });
  }
}

function issueWords(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (path ? `${path}.${key}` : key)).join(', ');
    return `${keys}: this key is not known. Correct its spelling or remove it.`;
  }
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return isMissing ? `${path}: is missing. Add it.` : `${path || 'file'}: ${issue.message}.`;
}
