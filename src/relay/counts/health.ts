/** How far the counts of one source can be relied on, before any of them is. */
import * as z from 'zod';
import type { Instant } from '../../core/billing-period.ts';
import type { SourceHealth, SourceState } from '../../core/model.ts';
import { millisecondsBetween } from '../clock.ts';
import type { SyncTable } from '../store/schema-counts.ts';
import { gapsInWords, parseGaps } from './partial.ts';

const HOUR_MS = 3_600_000;
const Trouble = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() });

/** Late wins over failed: how old the counts are matters more than the newest try. */
export function stateOf(
  row: SyncTable | undefined,
  now: Instant,
  lateAfterHours: number,
): SourceState {
  if (!row) return 'never';
  if (!row.good_at) return row.error ? 'failed' : 'never';
  const oldest = row.as_of && row.as_of < row.good_at ? row.as_of : row.good_at;
  if (millisecondsBetween(oldest as Instant, now) > lateAfterHours * HOUR_MS) return 'late';
  if (row.error) return 'failed';
  return row.gaps ? 'partial' : 'fresh';
}

/** Why the last try gave nothing, or what it could not say. */
export function troubleOf(row: SyncTable | undefined, title: string): SourceHealth['error'] {
  if (row?.error) return Trouble.parse(JSON.parse(row.error));
  const gaps = parseGaps(row);
  if (gaps.length === 0) return null;
  return {
    code: 'SOURCE_DOWN',
    message: `${title} could not read ${gaps.length === 1 ? 'one account' : `${String(gaps.length)} accounts`}: ${gapsInWords(gaps)}.`,
    remedy: 'Sync it again; when that does not help, look at these accounts there.',
  };
}
