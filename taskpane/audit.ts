/** Rows of the sheet "MCC Audit" (W6): who did what when, readable without MCC. */
import type { Batch } from '../src/contract/contract.ts';
import type { BooksWords } from './books-words.ts';
import type { CloseState } from './close-state.ts';

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

export function postedRows(
  batch: Batch,
  { at, person, done }: Pick<BooksWords, 'done'> & { readonly at: string; readonly person: string },
): readonly (readonly string[])[] {
  return batch.postings
    .filter((posting) => posting.state === 'POSTED')
    .map((posting) => [
      at,
      person,
      done,
      batch.period,
      `${posting.clientName} ${posting.total.amount} ${posting.total.currency}`,
      '',
      '',
      batch.snapshotId ?? '',
      posting.ref ?? '',
    ]);
}
