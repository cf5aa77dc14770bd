/** One close in values: the sheet as it reads, and the dry-run made of it. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { dryRun } from '../core/dry-run.ts';
import { AppError } from '../core/errors.ts';
import { sheetAlone } from '../core/sheet-alone.ts';
import type { BillingPeriod } from '../core/billing-period.ts';
import type { DryRun, PostedMonth, ResolvedLine, SheetReading, Snapshot } from '../core/model.ts';
import { resolveReading } from '../matching/resolve.ts';
import { readSheet } from '../workbook/read-sheet.ts';
import { openXlsx } from '../workbook/xlsx-workbook.ts';

export interface ClosedSheet {
  readonly reading: SheetReading;
  readonly lines: readonly ResolvedLine[];
  readonly dryRun: DryRun;
}

export async function readWorkbook(
  file: string,
  period: BillingPeriod,
  sheet: string | null,
): Promise<SheetReading> {
  const bytes = await readBytes(file);
  const workbook = await openXlsx(bytes, basename(file));
  return readSheet(workbook, sheet === null ? { period } : { period, sheet });
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    const words =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : 'cannot be opened';
    throw new AppError('INPUT_INVALID', `"${file}" ${words}. Name the .xlsx file to close.`, {
      cause,
    });
  }
}

/** Without a relay: the sheet's own spellings are the clients and services, last month's is its own. */
export function closeAlone(reading: SheetReading, period: BillingPeriod): ClosedSheet {
  const { lines, clients, services } = sheetAlone(reading);
  const made = dryRun({
    period,
    reading,
    lines,
    clients,
    services,
    snapshot: null,
    previous: null,
  });
  return { reading, lines, dryRun: made };
}

export function closeWithCounts(
  reading: SheetReading,
  period: BillingPeriod,
  snapshot: Snapshot,
  history: readonly PostedMonth[],
): ClosedSheet {
  const { clients, services, previous } = snapshot;
  const lines = resolveReading(reading, clients, services);
  const made = dryRun({ period, reading, lines, clients, services, snapshot, previous, history });
  return { reading, lines, dryRun: made };
}
