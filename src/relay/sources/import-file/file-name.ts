// Which file: named by the month it is of, found in a folder, and not last month's over again.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { previousPeriod, readPeriod, type BillingPeriod } from '../../../core/billing-period.ts';
import { AppError } from '../../../core/errors.ts';
import { unusable } from '../../tables/csv-text.ts';
import type { FileProfile } from './profile.ts';

export interface Place {
  readonly path?: string | undefined;
  readonly folder?: string | undefined;
  /** Holds the one file that was imported for the month. */
  readonly inbox?: string | undefined;
}

const EXTENSIONS = ['.csv', '.txt', '.tsv', '.xlsx'];

/** "PAX8_2026-10.csv". */
export const suggestName = (
  profile: FileProfile | undefined,
  period: BillingPeriod,
  extension = '.csv',
): string => `${profile?.fileName ?? 'VENDOR'}_${period}${extension}`;

/** The path itself, or the newest file of the month in the folder. */
export async function locateFile(
  { path, folder, inbox }: Place,
  profile: FileProfile | undefined,
  period: BillingPeriod,
): Promise<string> {
  if (path !== undefined) {
    refuseOtherMonth(path, profile, period);
    return path;
  }
  if (inbox !== undefined) return importedFile(inbox, profile, period);
  const found = await filesOfMonth(folder ?? '.', profile, period);
  const [newest, second] = found.sort((a, b) => b.written - a.written);
  if (!newest) {
    const wanted = suggestName(profile, period);
    const words = `The folder ${basename(folder ?? '.')} holds no file of ${period}. Save it as ${wanted}.`;
    throw new AppError('SOURCE_DOWN', words);
  }
  if (second?.written === newest.written) {
    const both = `${basename(second.path)} was written at the same moment`;
    throw unusable(basename(newest.path), `${both}; keep one file of ${period}`);
  }
  return newest.path;
}

async function importedFile(
  inbox: string,
  profile: FileProfile | undefined,
  period: BillingPeriod,
): Promise<string> {
  const names = await readdir(inbox).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const [name] = names.filter((one) => EXTENSIONS.includes(extname(one).toLowerCase()));
  if (name === undefined) {
    const words = `No file of ${period} was imported yet. Choose it in the pane, at Sources.`;
    throw new AppError('SOURCE_DOWN', words);
  }
  refuseOtherMonth(name, profile, period);
  return join(inbox, name);
}

/** Throws when last month's file beside it has the same bytes; gives the SHA-256 of this one. */
export async function refuseSameAsBefore(path: string, period: BillingPeriod): Promise<string> {
  const digest = await digestOf(path);
  const { size } = await stat(path);
  const before = previousPeriod(period);
  for (const name of await readdir(dirname(path))) {
    if (!isSibling(name, basename(path)) || monthOfName(name) !== before) continue;
    const other = join(dirname(path), name);
    const found = await stat(other);
    if (!found.isFile() || found.size !== size || (await digestOf(other)) !== digest) continue;
    throw unusable(basename(path), `it is the file of ${before} (${name}) over again`);
  }
  return digest;
}

/** The one month a file's name carries. */
export const monthOfName = (name: string): BillingPeriod | null =>
  readPeriod(name.slice(0, name.length - extname(name).length).replace(/[_.\s]+/g, ' '));

function refuseOtherMonth(
  path: string,
  profile: FileProfile | undefined,
  period: BillingPeriod,
): void {
  const month = monthOfName(basename(path));
  if (month === null || month === period) return;
  const wanted = suggestName(profile, period, extname(path));
  const words = `its name says ${month}, not ${period}; the file of ${period} would be called ${wanted}`;
  throw unusable(basename(path), words);
}

async function filesOfMonth(
  folder: string,
  profile: FileProfile | undefined,
  period: BillingPeriod,
): Promise<{ readonly path: string; readonly written: number }[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new AppError('SOURCE_DOWN', `The folder ${basename(folder)} cannot be read (${code}).`);
  });
  const wanted = names.filter(
    (name) =>
      EXTENSIONS.includes(extname(name).toLowerCase()) &&
      monthOfName(name) === period &&
      (!profile || name.toUpperCase().startsWith(profile.fileName)),
  );
  return Promise.all(
    wanted.map(async (name) => {
      const path = join(folder, name);
      return { path, written: (await stat(path)).mtimeMs };
    }),
  );
}

/** The same name but for its digits: last month's file of the same vendor. */
const isSibling = (name: string, own: string): boolean =>
  name !== own && letters(name) === letters(own);
const letters = (name: string): string => name.toLowerCase().replace(/\d+/g, '');

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}
