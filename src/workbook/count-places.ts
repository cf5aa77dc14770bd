/** Where quantities stand: which rows and columns are hidden, merged, counted by a formula. */
import type { Entry } from '../core/model.ts';
import type { Cell } from './workbook.ts';
import type { SheetIndex } from './sheet-index.ts';
import { columnLetters, localAddress } from './address.ts';
import { readCountFormula, type Counted } from './count-formula.ts';
import type { CellRemark } from './quantity-cell.ts';

export interface Origin {
  readonly entry: Entry;
  readonly counted: Counted | null;
}

export function originOf(
  cell: Cell,
  index: SheetIndex,
  others: ReadonlyMap<string, SheetIndex>,
): Origin {
  const counted = readCountFormula(cell, index, others);
  if (counted) return { entry: 'count', counted };
  return { entry: cell.formula === null ? 'typed' : 'formula', counted: null };
}

/** A hidden row or column with money is billed only after a person looked (rulings 11). */
export function hiddenRemark(
  cell: { row: number; column: number },
  index: SheetIndex,
  amount: string,
): CellRemark | null {
  const isRow = index.hiddenRows.has(cell.row);
  const isColumn = index.hiddenColumns.has(cell.column);
  if (!isRow && !isColumn) return null;
  const where = isRow ? `row ${String(cell.row)}` : `column ${columnLetters(cell.column)}`;
  const text = `${localAddress(cell)} stands in the hidden ${where} and makes ${amount}. Show the ${isRow ? 'row' : 'column'}, or take the quantity out.`;
  return { rule: 'hidden with money', blocks: true, text };
}

/** One quantity merged over several rows belongs to nobody in particular. */
export function mergedRemark(
  cell: Cell,
  index: SheetIndex,
  holdsLine: (row: number) => boolean,
): CellRemark | null {
  const area = index.area(cell.row, cell.column);
  if (!area || area.bottom === area.top) return null;
  for (let row = area.top + 1; row <= area.bottom; row += 1) {
    if (holdsLine(row)) {
      const range = `${localAddress(cell)}:${localAddress({ row: area.bottom, column: area.right })}`;
      return {
        rule: 'not a quantity',
        blocks: true,
        text: `${range} is one merged cell over several rows, so its quantity belongs to no single one. Unmerge it and type each quantity.`,
      };
    }
  }
  return null;
}

const LARGE = 10_000;

/** Two or more five-digit quantities in a column: 45,991 there is a count, not a lost date. */
export function hasLargeQuantities(
  index: SheetIndex,
  column: number,
  rows: Iterable<number>,
): boolean {
  let large = 0;
  for (const row of rows) {
    const value = index.at(row, column)?.value;
    if (value?.kind === 'number' && value.number >= LARGE) large += 1;
  }
  return large >= 3;
}
