/** The file a month was counted from: never that of another month, never silently of another kind. */
import * as z from 'zod';
import type { BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { SourceHealth } from '../../core/model.ts';
import type { ImportedFile } from '../sources/source.ts';
import type { StoreTransaction } from '../store/database.ts';
import type { SyncTable } from '../store/schema-counts.ts';
import { plainWords } from './words.ts';

const REASON_MAX = 400;

const Kept = z.strictObject({
  name: z.string(),
  digest: z.string(),
  profile: z.string(),
  reason: z.string(),
  by: z.enum(['headings', 'settings']),
});

export function writeFile(file: ImportedFile): string {
  const { digest, profile, by } = file;
  const kept = { name: plainWords(file.name), digest, profile, reason: plainWords(file.reason, REASON_MAX), by }; // prettier-ignore
  return JSON.stringify(kept satisfies z.infer<typeof Kept>);
}

/** Null of a source that reads no files, and before its first good one. */
export function describeFile(
  row: Pick<SyncTable, 'file'> | undefined,
): SourceHealth['file'] | null {
  if (!row?.file) return null;
  const { name, profile, reason } = parse(row.file);
  return { name, profile, reason };
}

export interface FileQuestion {
  readonly source: string;
  readonly title: string;
  readonly period: BillingPeriod;
  readonly file: ImportedFile;
  /** A person has said that the vendor's files are of another kind from now on. */
  readonly confirmProfile: boolean;
}

/** Throws SOURCE_MALFORMED naming both months, or both kinds of file. */
export async function refuseFile(
  transaction: StoreTransaction,
  question: FileQuestion,
): Promise<void> {
  const { source, period, file } = question;
  const rows = await transaction
    .selectFrom('sync')
    .select(['period', 'file'])
    .where('source', '=', source)
    .where('file', 'is not', null)
    .orderBy('good_at', 'desc')
    .execute();
  const known = rows.map((row) => ({ period: row.period, file: parse(row.file ?? '') }));
  const twin = known.find((one) => one.period !== period && one.file.digest === file.digest);
  if (twin) throw sameFile(question, twin.period, twin.file.name);
  if (question.confirmProfile || file.by === 'settings') return;
  const [newest] = known;
  const own = known.find((one) => one.period === period);
  const isKnown = [newest, own].some((one) => one?.file.profile === file.profile);
  if (newest && !isKnown) throw otherKind(question, newest.file.profile);
}

function sameFile(
  { title, period, file }: FileQuestion,
  other: string,
  otherName: string,
): AppError {
  const words = `${title}: ${file.name} has the very bytes of ${otherName}, which was counted for ${other}. One file cannot be that of ${period} too; export ${period} anew.`;
  return new AppError('SOURCE_MALFORMED', words);
}

function otherKind({ title, file }: FileQuestion, before: string): AppError {
  const words = `${title}: ${file.name} is of the kind "${file.profile}", but the files before it were "${before}". Take the file of this vendor; when it is the right one, set "profile" to "${file.profile}" or confirm it.`;
  return new AppError('SOURCE_MALFORMED', words);
}

const parse = (json: string): z.infer<typeof Kept> => Kept.parse(JSON.parse(json));
