/** Which installation this is: made once, kept in the data folder, said in every mark (F34). */
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 4;

/** Outside the database: a copy of the database alone does not take it along. */
export function provideInstance(directory: string): string {
  const path = join(directory, 'installation');
  if (!existsSync(path)) writeFileSync(path, `${make()}\n`, { mode: 0o600, flag: 'wx' });
  const instance = readFileSync(path, 'utf8').trim();
  if (/^[a-z2-7]{4}$/.test(instance)) return instance;
  const words = `${path}: "${instance.slice(0, 20)}" is not the name of an installation`;
  throw new AppError('SETUP_MISSING', `${words}. Put the file back from a backup.`);
}

const make = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
