/** Puts the tables of a sheet together: lines, totals, and what the sheet itself adds up to. */
import type { BillingPeriod } from '../core/billing-period.ts';
import { AppError } from '../core/errors.ts';
import { sumAmounts, type Currency } from '../core/money.ts';
import type { Flag, SheetReading } from '../core/model.ts';
import { cellAddress } from './address.ts';
import { compareTotals } from './compare-totals.ts';
import { makeFlag, type ReadingNotes, type TableReading, type TotalCell } from './reading-notes.ts';
import { coveredRows, grandTotal } from './shown-totals.ts';
import type { ReadingScope } from './table.ts';

export interface Parts {
  readonly scope: ReadingScope;
  readonly notes: ReadingNotes;
  readonly shape: 'grid' | 'lines';
  readonly currency: Currency;
  readonly flags: readonly Flag[];
  readonly readings: readonly TableReading[];
  readonly period: BillingPeriod | null;
}

export function assemble({
  scope,
  notes,
  shape,
  currency,
  flags,
  readings,
  period,
}: Parts): SheetReading {
  let offset = 0;
  const rows = readings.flatMap((reading) => {
    const shifted = reading.rows.map((row) => ({
      ...row,
      lines: row.lines.map((at) => at + offset),
    }));
    offset += reading.lines.length;
    return shifted;
  });
  const totals = readings
    .flatMap((reading) => reading.totals)
    .filter(
      (one, at, all) =>
        all.findIndex(
          (other) => other.at.row === one.at.row && other.at.column === one.at.column,
        ) === at,
    );
  const amountColumn = readings[0]?.amountColumn ?? null;
  const grand = grandTotal(totals, rows, readings.length === 1 ? amountColumn : null);
  const shownTotal = grand?.amount ? { ...grand, amount: grand.amount } : null;
  const covered =
    shownTotal && readings.length === 1
      ? coveredRows(shownTotal, totals, amountColumn, new Set())
      : null;
  const plain = readings.flatMap((reading) => reading.lines);
  if (plain.length === 0) throw nothingRead(scope);
  const lines = compareTotals({
    sheet: scope.index.name,
    currency,
    lines: plain,
    rows,
    shownTotal,
    covered,
  });
  return {
    shape,
    sheet: scope.index.name,
    period,
    currency,
    lines,
    skipped: notes.skipped(),
    flags: [...flags, ...unreadTotal(scope, grand)],
    total: sumAmounts(
      lines.map(({ amount }) => amount),
      currency,
    ),
    shownTotal: shownTotal && {
      cell: cellAddress(scope.index.name, shownTotal.at),
      amount: shownTotal.amount,
    },
    clientRows: readings.flatMap((reading) => reading.clientRows),
  };
}

/** A grand total that shows an error is said, but blocks nothing: no line is billed by it. */
function unreadTotal({ index }: ReadingScope, grand: TotalCell | null): readonly Flag[] {
  const value = grand && index.at(grand.at.row, grand.at.column)?.value;
  if (!grand || value?.kind !== 'error') return [];
  const cell = cellAddress(index.name, grand.at);
  const text = `${cell} shows ${value.error} for the total of the sheet, so there is nothing to compare with. Mend its formula.`;
  return [makeFlag('error value', false, text, cell)];
}

const nothingRead = ({ index }: ReadingScope): AppError =>
  new AppError(
    'INPUT_INVALID',
    `Sheet "${index.name}" has a header, but no quantity was found below it. Check that the quantities stand under their services.`,
  );
