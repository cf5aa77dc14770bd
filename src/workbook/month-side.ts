/** Whether a column belongs to the month that is closed, to the one before, or to another. */
import { previousPeriod, type BillingPeriod } from '../core/billing-period.ts';
import type { MonthMark } from './header-words.ts';

export type MonthSide = 'this' | 'last' | 'other' | 'none';

export function sideOf(mark: MonthMark | null, period: BillingPeriod | null): MonthSide {
  if (mark === null) return 'none';
  if (mark === 'this') return 'this';
  if (mark === 'last') return 'last';
  if (period === null) return 'other';
  const before = previousPeriod(period);
  if (mark === period || mark === `month ${Number(period.slice(5))}`) return 'this';
  return mark === before || mark === `month ${Number(before.slice(5))}` ? 'last' : 'other';
}
