/** What a client's total holds beside its quantities. */
import { isZero, lineAmount, type Amount } from '../core/money.ts';
import type { SheetLine } from '../core/model.ts';
import { cellAddress, type Position } from './address.ts';
import { adjustmentLine, priceFromNote } from './adjustments.ts';
import { cellText, isEmptyText } from './cell-text.ts';
import type { RowClient } from './client-cell.ts';
import { hiddenRemark } from './count-places.ts';
import { decimalOf, isNothing, NOTHING, type Decimal } from './decimal.ts';
import type { Linear } from './linear-formula.ts';
import { flagOfRemark, type RowReading } from './reading-notes.ts';
import { toMoney } from './sheet-money.ts';
import type { GridScope, Entry } from './grid-scope.ts';

/** What the row adds beside its quantities; a row of a total alone is all constant. */
export function constantOf(
  linear: Linear | null,
  entries: readonly Entry[],
  shown: RowReading['shown'],
): Decimal {
  if (entries.length > 0) return linear?.constant ?? NOTHING;
  return (shown && decimalOf(shown.amount)) ?? NOTHING;
}

export function withConstant(
  scope: GridScope,
  row: number,
  client: RowClient,
  entries: readonly Entry[],
  constant: Decimal,
): readonly SheetLine[] {
  const lines = entries.map(({ line }) => line);
  const column = scope.plan.amountColumn;
  if (column === null || isNothing(constant)) return lines;
  const note = rowNote(scope, row, column);
  const recurring = lines.filter(({ kind }) => kind === 'recurring');
  const agreed = priceFromNote(note, constant, recurring);
  const changed = agreed && recurring[agreed.at];
  if (agreed && changed) {
    const { unitPrice } = agreed;
    const amount = lineAmount(changed.quantity, unitPrice, scope.currency);
    return lines.map((line) =>
      line === changed ? { ...line, unitPrice, amount, note: line.note ?? note } : line,
    );
  }
  const amount = toMoney(constant, scope.currency);
  if (amount === null || isZero(amount)) return lines;
  return [...lines, constantLine(scope, { row, column }, client, amount, note)];
}

function constantLine(
  scope: GridScope,
  at: Position,
  client: RowClient,
  amount: Amount,
  note: string | null,
): SheetLine {
  const cell = cellAddress(scope.index.name, at);
  const place = { client: client.name, clientCode: client.code, cell, note };
  const hidden = hiddenRemark(at, scope.index, amount);
  const remarks = [...client.remarks, ...(hidden ? [hidden] : [])];
  const flags = remarks.map((remark) => flagOfRemark(remark, cell));
  return { ...adjustmentLine(place, amount, scope.currency), flags };
}

/** The note on the total, and what the row's note columns say. */
function rowNote(scope: GridScope, row: number, column: number): string | null {
  const texts = scope.plan.notesColumns.map((one) => cellText(scope.index.at(row, one)));
  const all = [scope.index.at(row, column)?.note ?? null, ...texts].filter(
    (text) => !isEmptyText(text),
  );
  return all.length === 0 ? null : all.join('\n');
}
