/** The folder everything of one relay lives in: checked, and held by one relay at a time. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../core/errors.ts';

/** File systems over a network, by their number (statfs(2), read 2026-11-21): NFS, SMB, CIFS, SMB2. */
const NETWORK_TYPES = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42]);

export interface HeldFolder {
  release(): void;
}

/** Throws SETUP_MISSING with what to do when the folder cannot hold books. */
export function holdDataFolder(directory: string): HeldFolder {
  refuseNetwork(directory);
  makeFolder(directory);
  return lock(directory);
}

function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(directory, 0o700);
  } catch (cause) {
    const words = `--data: ${directory} cannot be written. Name a folder of your own.`;
    throw new AppError('SETUP_MISSING', words, { cause });
  }
}

/** SQLite's locks do not hold over a network, and two relays would post twice. */
function refuseNetwork(directory: string): void {
  if (!isOnNetwork(directory, process.platform, (path) => statfsSync(path).type)) return;
  const words = `--data: ${directory} lies on a network share. Name a folder on this machine.`;
  throw new AppError('SETUP_MISSING', words);
}

/** `typeOf` gives the number of the file system under a path that exists. */
export function isOnNetwork(
  directory: string,
  platform: NodeJS.Platform,
  typeOf: (path: string) => number,
): boolean {
  if (platform === 'win32') return /^(\\\\|\/\/)/.test(directory);
  if (platform !== 'linux') return false;
  let existing = resolve(directory);
  while (!existsSync(existing)) existing = dirname(existing);
  return NETWORK_TYPES.has(typeOf(existing));
}

/** An open write transaction of a second, empty database: the system lets go of it after a kill. */
function lock(directory: string): HeldFolder {
  const file = new Sqlite(join(directory, 'relay.lock'), { timeout: 0 });
  try {
    file.pragma('journal_mode = delete');
    file.exec('begin exclusive');
  } catch (cause) {
    file.close();
    const words = `--data: another relay is running on ${directory}. Stop it, or name another folder.`;
    throw new AppError('SETUP_MISSING', words, { cause });
  }
  return { release: () => void file.close() };
}
