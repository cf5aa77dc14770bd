// The close from a terminal: npm run close -- FILE.xlsx --period 2026-10. See arguments.ts for all.
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { routes } from '../contract/contract.ts';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { SheetReading } from '../core/model.ts';
import { readArguments, USAGE, type Arguments } from './arguments.ts';
import { closeAlone, closeWithCounts, readWorkbook, type ClosedSheet } from './close-sheet.ts';
import { approveMonth, isAllPosted, isInDoubt, postMonth, printBatch } from './post-month.ts';
import { printReport } from './print.ts';
import { startRelay, type RelaySession } from './relay-session.ts';
import { blocks, toReport } from './report.ts';

const EXIT = { fine: 0, blocked: 1, input: 2, outside: 3 } as const;
type ExitCode = (typeof EXIT)[keyof typeof EXIT];
const INPUT: ReadonlySet<ErrorCode> = new Set([
  'INPUT_INVALID',
  'NOT_FOUND',
  'APPROVAL_STALE',
  'NOT_ALLOWED',
]);

async function run(words: readonly string[]): Promise<ExitCode> {
  try {
    const args = readArguments(words);
    if (args) return await close(args);
    process.stdout.write(`${USAGE}\n`);
    return EXIT.fine;
  } catch (error) {
    const known = error instanceof AppError ? error : defect(error);
    process.stderr.write(`${known.message}\n${known.remedy}\n`);
    return INPUT.has(known.code) ? EXIT.input : EXIT.outside;
  }
}

/** A defect of ours must not look like a month that is merely in the way (exit code 1). */
function defect(error: unknown): AppError {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AppError('INTERNAL', words, { cause: error });
}

async function close(args: Arguments): Promise<ExitCode> {
  const reading = await readWorkbook(args.file, args.period, args.sheet);
  if (!args.counts) return show(args, closeAlone(reading, args.period));
  const session = await startRelay(args.config, args.approve);
  try {
    return await closeWithRelay(args, reading, session);
  } finally {
    await session.stop();
  }
}

async function closeWithRelay(
  args: Arguments,
  reading: SheetReading,
  { client }: RelaySession,
): Promise<ExitCode> {
  const params = { period: args.period };
  const { snapshotId } = await client.call(routes.refresh, { params, body: {} });
  const snapshot = await client.call(routes.snapshot, {
    params: { ...params, snapshot: snapshotId },
  });
  const { months } = await client.call(routes.history, { params });
  const closed = closeWithCounts(reading, args.period, snapshot, months);
  const shown = show(args, closed);
  if (args.approve === null) return shown;
  if (shown !== EXIT.fine) {
    process.stderr.write('Nothing was approved: first settle what is in the way.\n');
    return shown;
  }
  const approved = await approveMonth(client, closed.dryRun, basename(args.file));
  const batch = args.post ? await postMonth(client, approved, delay) : approved;
  const { books } = await client.call(routes.session, {});
  say(args, printBatch(batch, books.kind));
  if (!args.post || isAllPosted(batch)) return EXIT.fine;
  return isInDoubt(batch) ? EXIT.outside : EXIT.blocked;
}

function show(args: Arguments, closed: ClosedSheet): ExitCode {
  const report = toReport(closed);
  if (args.json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    for (const { text } of closed.dryRun.notices) process.stderr.write(`${text}\n`);
  } else process.stdout.write(printReport(report, closed));
  return blocks(report) || closed.dryRun.blocked ? EXIT.blocked : EXIT.fine;
}

/** With --json stdout belongs to the one object. */
function say({ json }: Arguments, text: string): void {
  (json ? process.stderr : process.stdout).write(`\n${text}`);
}

process.exitCode = await run(process.argv.slice(2));
