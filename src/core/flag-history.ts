/** What the flag rules need of the months before: last year's quantity, how lively a source is. */
import type { BillingPeriod, Instant } from './billing-period.ts';
import { shiftPeriod } from './billing-period.ts';
import { countedBefore } from './causes.ts';
import { changesBetween, usualChanges } from './flag-sources.ts';
import type { FlagSource, RawCounts } from './flag-sources.ts';
import { pairKeys } from './lists.ts';
import type {
  BillingLine,
  ClientId,
  Count,
  PostedMonth,
  Snapshot,
  SourceHealth,
  SourceId,
} from './model.ts';
import { addQuantities, ZERO_QUANTITY } from './money.ts';
import type { Quantity } from './money.ts';
import { billedBy } from './lines.ts';

/** Oldest first, each month once, all before the period. */
export function monthsBefore(
  period: BillingPeriod,
  history: readonly PostedMonth[],
  previous: PostedMonth | null,
): readonly PostedMonth[] {
  const months = new Map(history.map((month) => [month.period, month]));
  if (previous) months.set(previous.period, previous);
  return [...months.values()]
    .filter((month) => month.period < period)
    .sort((a, b) => (a.period < b.period ? -1 : 1));
}

/** "client|service" to the recurring quantity of the same month last year; null when not posted. */
export function quantitiesLastYear(
  period: BillingPeriod,
  months: readonly PostedMonth[],
): ReadonlyMap<string, Quantity> | null {
  const month = months.find((each) => each.period === shiftPeriod(period, -12));
  if (!month) return null;
  const sums = new Map<string, Quantity>();
  for (const line of month.lines.filter(({ kind }) => kind === 'recurring')) {
    const key = `${line.clientId}|${line.serviceId}`;
    sums.set(key, addQuantities([sums.get(key) ?? ZERO_QUANTITY, line.quantity]));
  }
  return sums;
}

export function toFlagSources(
  snapshot: Snapshot | null,
  lines: readonly BillingLine[],
  months: readonly PostedMonth[],
): readonly FlagSource[] {
  const keyOf = pairKeys();
  return (snapshot?.sources ?? []).map((health) => {
    const billed = lines.flatMap((line) => {
      const count = billedBy(line);
      return count?.source === health.id ? [{ line, count }] : [];
    });
    const now = new Map(billed.map(({ line, count }) => [keyOf(line), count.quantity]));
    const before = months.map((month) => rawCounts(month, health.id, keyOf));
    return {
      health,
      asOf: newest(snapshot?.counts ?? [], health),
      changed: changedSince(before.at(-1), now),
      usual: usualChanges(before.filter((month) => month.size > 0)),
      used: billed.filter(({ line }) => isKept(health, line.clientId)).length,
    };
  });
}

/** Whether the counts of a client are older than the answer: all of them, or those in a gap. */
const isKept = ({ state, gaps = [] }: SourceHealth, clientId: ClientId): boolean =>
  state !== 'partial' || gaps.some((gap) => gap.clientId === clientId);

function rawCounts(
  month: PostedMonth,
  source: SourceId,
  keyOf: ReturnType<typeof pairKeys>,
): RawCounts {
  const counts = new Map<string, Quantity>();
  for (const line of month.lines) {
    if (line.source !== source || line.kind !== 'recurring') continue;
    counts.set(keyOf(line), countedBefore(line) ?? line.quantity);
  }
  return counts;
}

/** Of lines counted in both months only: a line typed over or taken out says nothing of a source. */
function changedSince(before: RawCounts | undefined, now: RawCounts): number | null {
  const both = [...(before ?? [])].filter(([key]) => now.has(key));
  if (both.length === 0) return null;
  const kept = new Map([...now].filter(([key]) => before?.has(key)));
  return changesBetween(new Map(both), kept);
}

function newest(counts: readonly Count[], health: SourceHealth): Instant | null {
  const own = counts.filter(({ source }) => source === health.id).map(({ asOf }) => asOf);
  if (own.length === 0) return health.lastGoodAt;
  return own.reduce((a, b) => (a > b ? a : b));
}
