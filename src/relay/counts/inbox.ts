/** The files a person imports: one of each source and month, under the data folder. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';

const STEM_MAX = 60;
const KINDS = /^(.+)\.(csv|txt|tsv|xlsx)$/i;
/** Names that Windows keeps for devices, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** An id has no per cent sign and may be "..": a folder of that name would lie elsewhere. */
export const inboxOf = (data: string, source: string, period: BillingPeriod): string =>
  join(data, 'imports', source.replace(/^\./, '%2E'), period);

/** Letters, digits and few signs alone; throws INPUT_INVALID for a path and for other kinds of file. */
export function fileNameOf(name: string): string {
  if (/[/\\:]/.test(name)) throw new AppError('INPUT_INVALID', 'name: give the name of the file without its folder.'); // prettier-ignore
  const [, stem = '', kind = ''] = KINDS.exec(name.normalize('NFC')) ?? [];
  if (kind === '') {
    const words = `${name} is no CSV and no Excel file (.csv, .txt, .tsv, .xlsx). Save it as one of them.`;
    throw new AppError('INPUT_INVALID', words);
  }
  const plain = Array.from(stem.replace(/[^\p{L}\p{N} ._()-]/gu, '_'))
    .slice(0, STEM_MAX)
    .join('')
    .trim();
  const isSafe = /^[\p{L}\p{N}_(]/u.test(plain) && !DEVICE.test(plain.split('.')[0] ?? '');
  return `${isSafe ? plain : `_${plain}`}.${kind.toLowerCase()}`;
}

/** The whole file or none of it; it replaces the one that was imported for the month before. */
export async function keepFile(inbox: string, name: string, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) throw new AppError('INPUT_INVALID', `${name} is empty.`);
  await mkdir(inbox, { recursive: true, mode: 0o700 });
  const coming = join(inbox, `.${randomUUID()}.coming`);
  try {
    await writeWhole(coming, bytes);
    const before = await readdir(inbox);
    await rename(coming, join(inbox, name));
    const others = before.filter((one) => one !== name && join(inbox, one) !== coming);
    await Promise.all(others.map((one) => rm(join(inbox, one), { force: true })));
  } catch (error) {
    await rm(coming, { force: true });
    throw error;
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
