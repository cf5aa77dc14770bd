/** Columns that price another column in the same row, told by the formulas of the totals. */
import { parseFormula } from './formula-parser.ts';
import { productsOf } from './formula-references.ts';
import { splitHeader } from './header-words.ts';
import { currencySign } from './sheet-money.ts';
import type { Column, ReadingScope, Table } from './table.ts';

/**
 * "=B7*C7" in the totals: two columns of the row multiply, one counts and the other prices. By
 * price column, its count column. The price is the one shown as money or headed as a price, else
 * the right one.
 */
export function factorColumns(
  scope: ReadingScope,
  table: Table,
  amountColumn: number | null,
): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  if (amountColumn === null) return pairs;
  for (let row = table.firstRow; row <= table.lastRow; row += 1) {
    const formula = scope.index.at(row, amountColumn)?.formula;
    const tree = formula ? parseFormula(formula) : null;
    for (const [left, right] of tree ? productsOf(tree, row) : []) {
      const isLeft =
        isMoneyColumn(scope, table, left, row) && !isMoneyColumn(scope, table, right, row);
      pairs.set(isLeft ? left : right, isLeft ? right : left);
    }
  }
  return pairs;
}

function isMoneyColumn(scope: ReadingScope, table: Table, column: number, row: number): boolean {
  const cell = scope.index.at(row, column);
  const header = table.columns.find((one) => one.column === column);
  return (
    (header !== undefined && isPriceColumn(header)) ||
    (cell !== null && currencySign(cell.numberFormat) !== null)
  );
}

export const isPriceColumn = ({ role, path }: Column): boolean =>
  role === 'price' || splitHeader(path.at(-1) ?? '')?.role === 'price';
