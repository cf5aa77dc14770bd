/** What one row of a list bills by: price, what is added to it, and what is wrong with both. */
import { isZero, parseUnitPrice, type Quantity, type UnitPrice } from '../core/money.ts';
import { localAddress } from './address.ts';
import { quoted } from './cell-text.ts';
import { decimalOf, dividedBy, isSame, NOTHING, rounded, times, type Decimal } from './decimal.ts';
import { parseFormula, type Formula } from './formula-parser.ts';
import { explainFormula, termKey } from './linear-formula.ts';
import type { CellRemark } from './quantity-cell.ts';
import { priceOfCell, toPrice } from './sheet-money.ts';
import { shownAmount } from './shown-totals.ts';
import type { Cell } from './workbook.ts';
import { through, type LinesScope, type RowFacts } from './lines-scope.ts';

interface Pricing {
  readonly unitPrice: UnitPrice;
  readonly constant: Decimal;
  readonly remarks: readonly CellRemark[];
  readonly isUnpriced: boolean;
}

/** The price a row bills by: what its amount's formula multiplies with, else its price cell. */
export function priceOf(
  scope: LinesScope,
  facts: RowFacts,
  cell: Cell,
  quantity: Quantity,
): Pricing {
  const priceCell =
    scope.plan.priceColumn === null ? null : through(scope, facts.row, scope.plan.priceColumn);
  const named =
    priceOfCell(priceCell) ??
    (priceCell && !isBlankCell(priceCell) ? null : scope.prices.priceOf(facts.service));
  const formula = facts.amountCell?.formula ?? null;
  const linear = formula === null ? null : explain(scope, formula, cell);
  const coefficient = linear?.terms.get(termKey(cell.row, cell.column)) ?? null;
  const made = coefficient && toPrice(coefficient);
  if (linear && made && formula !== null) {
    const slips = named !== null && made !== named && !namesCell(formula, priceCell);
    const remarks = slips ? [slipRemark(facts, made, named)] : [];
    return {
      unitPrice: slips ? named : made,
      constant: linear.constant,
      remarks,
      isUnpriced: slips,
    };
  }
  if (named !== null)
    return { unitPrice: named, constant: NOTHING, remarks: [], isUnpriced: false };
  return derivedPrice(scope, facts, cell, quantity);
}

const isBlankCell = (cell: Cell): boolean => cell.value.kind === 'blank';

function explain(
  scope: LinesScope,
  formula: string,
  cell: Cell,
): ReturnType<typeof explainFormula> {
  const isUnknown = (row: number, column: number): boolean =>
    row === cell.row && column === cell.column;
  return explainFormula(formula, { home: scope.index, others: scope.others, isUnknown });
}

/** "F7*G8" in row 7: the formula multiplies with the price of another row. */
function slipRemark(facts: RowFacts, made: UnitPrice, named: UnitPrice): CellRemark {
  const at = facts.amountCell ? localAddress(facts.amountCell) : `row ${String(facts.row)}`;
  return {
    rule: 'sheet total differs',
    blocks: true,
    text: `${at} multiplies with ${made}, but the price of its row is ${named}. Correct the formula.`,
  };
}

function namesCell(formula: string, cell: Cell | null): boolean {
  const tree = parseFormula(formula);
  return cell !== null && tree !== null && names(tree, cell);
}

export function names(tree: Formula, cell: Cell): boolean {
  switch (tree.kind) {
    case 'reference':
      return tree.row === cell.row && tree.column === cell.column;
    case 'range':
      return (
        tree.from.row <= cell.row &&
        cell.row <= tree.to.row &&
        tree.from.column <= cell.column &&
        cell.column <= tree.to.column
      );
    case 'call':
      return tree.args.some((one) => names(one, cell));
    case 'sign':
    case 'percent':
      return names(tree.of, cell);
    case 'operation':
      return names(tree.left, cell) || names(tree.right, cell);
    case 'number':
    case 'text':
    case 'boolean':
    case 'name':
    case 'missing':
      return false;
  }
}

/** No price anywhere: the amount divided by the quantity, where that comes out even. */
function derivedPrice(scope: LinesScope, facts: RowFacts, cell: Cell, quantity: Quantity): Pricing {
  const formulas = { home: scope.index, others: scope.others, isUnknown: () => false };
  const shown = shownAmount(facts.amountCell, scope.currency, formulas);
  const nothing = {
    unitPrice: parseUnitPrice('0'),
    constant: NOTHING,
    remarks: [],
    isUnpriced: false,
  };
  if (isZero(quantity)) return nothing;
  const [amount, count] = [shown && decimalOf(shown.amount), decimalOf(quantity)];
  const quotient = amount && count ? dividedBy(amount, count) : null;
  const unitPrice = quotient && toPrice(rounded(quotient, 7));
  const back = unitPrice && decimalOf(unitPrice);
  if (
    unitPrice &&
    back &&
    amount &&
    count &&
    isSame(rounded(times(back, count), 2), rounded(amount, 2))
  )
    return { ...nothing, unitPrice };
  const text = `${localAddress(cell)} counts ${quantity} of ${quoted(facts.service)}, which has no price in its row. Type the unit price.`;
  return { ...nothing, remarks: [{ rule: 'price missing', blocks: true, text }], isUnpriced: true };
}
