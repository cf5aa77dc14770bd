/** A client's total in a grid, taken apart into its quantities. */
import { plus, times, type Decimal } from './decimal.ts';
import { isPriceColumn } from './grid-factors.ts';
import type { GridPlan } from './grid-plan.ts';
import { splitHeader } from './header-words.ts';
import { explainFormula, type Linear } from './linear-formula.ts';
import type { ReadingScope } from './table.ts';

/** The row's total as a sum of its quantities, subtotals of the row worked in. */
export function explainRow(scope: ReadingScope, plan: GridPlan, row: number): Linear | null {
  const cell = plan.amountColumn === null ? null : scope.index.at(row, plan.amountColumn);
  if (!cell?.formula) return null;
  const named = plan.table.columns.filter(isPriceColumn).map(({ column }) => column);
  const paired = plan.values.flatMap(({ priceColumn }) => priceColumn ?? []);
  const priceColumns = new Set([...named, ...paired]);
  const isUnknown = (r: number, c: number): boolean => r === row && !priceColumns.has(c);
  const explain = (formula: string): Linear | null =>
    explainFormula(formula, { home: scope.index, others: scope.others, isUnknown });
  let linear = explain(cell.formula);
  for (let pass = 0; linear && pass < 4; pass += 1)
    linear = workIn(scope, plan, row, linear, explain);
  return linear;
}

function workIn(
  scope: ReadingScope,
  plan: GridPlan,
  row: number,
  linear: Linear,
  explain: (formula: string) => Linear | null,
): Linear {
  const terms = new Map<string, Decimal>();
  let { constant } = linear;
  const add = (key: string, value: Decimal): void =>
    void terms.set(key, plus(terms.get(key) ?? { units: 0n, scale: 0 }, value));
  for (const [key, coefficient] of linear.terms) {
    const column = Number(key.split(',')[1]);
    const inner = isSubtotal(plan, column) ? scope.index.at(row, column)?.formula : null;
    const made = inner ? explain(inner) : null;
    if (!made || made.terms.size === 0) add(key, coefficient);
    else {
      for (const [innerKey, value] of made.terms) add(innerKey, times(value, coefficient));
      constant = plus(constant, times(made.constant, coefficient));
    }
  }
  return { terms, constant };
}

const isSubtotal = (plan: GridPlan, column: number): boolean =>
  plan.table.columns.some(
    (one) =>
      one.column === column &&
      (one.role === 'amount' || splitHeader(one.path.at(-1) ?? '')?.role === 'amount'),
  );
