/** Rows of the sheet "MCC Audit" (W6): who did what when, readable without MCC. */
import type { Batch, Posting } from '../src/contract/contract.ts';
import type { CloseState } from './close-state.ts';

/** Where a row says what was done and to which invoice; one-based. */
export const AUDIT_COLUMNS = { what: 3, ref: 9 } as const;

export function auditRow(state: CloseState, batch: Batch): readonly string[] {
  const total = batch.totals.map((sum) => `${sum.amount} ${sum.currency}`).join(', ');
  const decisions = state.decisions.map(
    (one) => `${one.rule}: ${one.choice}${one.reason ? ` (${one.reason})` : ''}`,
  );
  const held = batch.held.map((one) => `${one.clientId}: ${one.reason}`);
  return [
    batch.approvedAt ?? batch.preparedAt,
    batch.approvedBy ?? batch.preparedBy,
    batch.approvedBy ? 'approved' : 'submitted',
    batch.period,
    `${batch.postings.length} invoices, ${total}`,
    decisions.join('; '),
    held.join('; '),
    batch.snapshotId ?? '',
    batch.digest.slice(0, 16),
  ];
}

/** When it went out, and who has approved it: whoever looks on has not posted it. */
export const postedRows = (
  { approvedAt, approvedBy, preparedAt, preparedBy, period, snapshotId }: Batch,
  postings: readonly Posting[],
  done: string,
): readonly (readonly string[])[] =>
  postings.map(({ sentAt, clientName, total, ref }) => [
    sentAt ?? approvedAt ?? preparedAt,
    approvedBy ?? preparedBy,
    done,
    period,
    `${clientName} ${total.amount} ${total.currency}`,
    '',
    '',
    snapshotId ?? '',
    ref ?? '',
  ]);
