/** What a person types after "npm run close --". */
import { parseArgs } from 'node:util';
import { readPeriod, type BillingPeriod } from '../core/billing-period.ts';
import { AppError } from '../core/errors.ts';

export interface Arguments {
  readonly file: string;
  readonly period: BillingPeriod;
  readonly sheet: string | null;
  readonly json: boolean;
  readonly counts: boolean;
  readonly config: string | null;
  /** Who approves; null when nothing is to be approved. */
  readonly approve: string | null;
  readonly post: boolean;
}

export const USAGE = `Closes a month from a billing workbook.

  npm run close -- FILE.xlsx --period 2026-10 [options]

  --period MONTH   the month to close, for example 2026-10
  --sheet NAME     read this sheet; else the sheet of the month is found
  --no-counts      read the sheet alone, without a relay
  --config FILE    configuration of the relay; else the sample month's
  --json           one JSON object on stdout and nothing else there
  --approve NAME   approve the whole month as this person, when nothing blocks
  --post           post what was approved (together with --approve)

Exit code: 0 nothing blocks, 1 something blocks, 2 input or usage, 3 an outside system.`;

const OPTIONS = {
  period: { type: 'string' },
  sheet: { type: 'string' },
  json: { type: 'boolean', default: false },
  'no-counts': { type: 'boolean', default: false },
  config: { type: 'string' },
  approve: { type: 'string' },
  post: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
} as const;

/** Null when help was asked for. */
export function readArguments(words: readonly string[]): Arguments | null {
  const { values, positionals } = parse(words);
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (file === undefined) throw usage('Which workbook? Name the .xlsx file');
  if (more.length > 0)
    throw usage(`One workbook at a time; "${more.join('", "')}" is one too many`);
  if (values.period === undefined)
    throw usage('Which month? Add --period, for example --period 2026-10');
  const period = readPeriod(values.period);
  if (period === null) throw usage(`Month not understood: "${values.period}". Use 2026-10`);
  const approve = values.approve?.trim() ?? null;
  if (approve === '') throw usage('Who approves? Add a name after --approve');
  if (values.post && approve === null)
    throw usage('Nothing is posted without an approval. Add --approve NAME');
  if (values['no-counts'] && approve !== null)
    throw usage('--no-counts reads the sheet alone; it cannot approve or post');
  const { sheet = null, config = null } = values;
  return {
    file,
    period,
    sheet,
    config,
    approve,
    post: values.post,
    json: values.json,
    counts: !values['no-counts'],
  };
}

function parse(
  words: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const words_ =
      cause instanceof Error ? (cause.message.split('. ')[0] ?? cause.message) : 'Not understood';
    throw usage(words_, cause);
  }
}

const usage = (words: string, cause?: unknown): AppError =>
  new AppError('INPUT_INVALID', `${words.replace(/\.$/, '')}. See npm run close -- --help.`, {
    cause,
  });
