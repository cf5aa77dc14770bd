/** What the person decided so far, per month, in this origin's storage and never in the workbook. */
import type { BillingPeriod } from '../../src/core/billing-period.ts';
import type { Decision, HeldClient } from '../../src/core/model.ts';
import type { Pane } from '../pane.ts';

/** Reasons and holds are the person's work: they survive a closed pane. */
export function keepDecisions(pane: Pane): void {
  const { period, decisions, held } = pane.get();
  if (period)
    pane.outside.storage.setItem(`mcc.review.${period}`, JSON.stringify({ decisions, held }));
}

export function keptDecisions(
  pane: Pane,
  period: BillingPeriod,
): { decisions: readonly Decision[]; held: readonly HeldClient[] } {
  try {
    const text = pane.outside.storage.getItem(`mcc.review.${period}`);
    const kept = JSON.parse(text ?? '{}') as { decisions?: Decision[]; held?: HeldClient[] };
    return { decisions: kept.decisions ?? [], held: kept.held ?? [] };
  } catch {
    return { decisions: [], held: [] };
  }
}
