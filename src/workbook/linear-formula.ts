/**
 * What a row's total is made of: "SUMPRODUCT(C8:N8,C$6:N$6)-48.65" is 65 of each C8, 145 of each
 * D8 and so on, and a constant of -48.65. Chosen cells stay unknowns, all others count with their
 * value; without unknowns this simply calculates. Null when the formula is not such a sum.
 */
import type { Cell } from './workbook.ts';
import type { SheetIndex } from './sheet-index.ts';
import { decimalOf, decimalOfNumber, dividedBy, isNothing, isSame, minus, negated, NOTHING, ONE, plus, rounded, times, type Decimal } from './decimal.ts'; // prettier-ignore
import { parseFormula, type Formula, type Reference } from './formula-parser.ts';

/** Coefficients by "row,column" of the home sheet, and what is added whatever they are. */
export interface Linear {
  readonly terms: ReadonlyMap<string, Decimal>;
  readonly constant: Decimal;
}

export interface FormulaScope {
  readonly home: SheetIndex;
  readonly others: ReadonlyMap<string, SheetIndex>;
  isUnknown(row: number, column: number): boolean;
}

type Values = readonly Linear[];
interface Walk extends FormulaScope {
  readonly depth: number;
}

const RANGE_CELLS_MAX = 20_000;
const DEPTH_MAX = 12;

export const termKey = (row: number, column: number): string => `${String(row)},${String(column)}`;

export function explainFormula(formula: string, scope: FormulaScope): Linear | null {
  const tree = parseFormula(formula);
  return tree && single(valuesOf(tree, { ...scope, depth: 0 }));
}

/** The exact value of a cell: its number, or its formula worked out where no value is stored. */
export function cellDecimal(cell: Cell | null, scope: FormulaScope): Decimal | null {
  const value = cell && linearOfCell(cell, { ...scope, isUnknown: () => false, depth: 0 });
  return value && isConstant(value) ? value.constant : null;
}

const constantOf = (constant: Decimal): Linear => ({ terms: new Map(), constant });
const isConstant = (value: Linear): boolean => value.terms.size === 0;
const single = (values: Values | null): Linear | null =>
  values?.length === 1 ? (values[0] ?? null) : null;

function valuesOf(tree: Formula, walk: Walk): Values | null {
  switch (tree.kind) {
    case 'number': {
      const number = decimalOf(tree.text);
      return number && [constantOf(number)];
    }
    case 'reference': {
      const value = linearAt(tree, tree.row, tree.column, walk, false);
      return value && [value];
    }
    case 'range':
      return rangeValues(tree.from, tree.to, walk);
    case 'call':
      return callValues(tree.name.toUpperCase(), tree.args, walk);
    case 'sign':
      return each(valuesOf(tree.of, walk), (value) =>
        tree.negative ? scaled(value, negated(ONE)) : value,
      );
    case 'percent':
      return each(valuesOf(tree.of, walk), (value) => scaled(value, { units: 1n, scale: 2 }));
    case 'operation':
      return operate(tree.operator, valuesOf(tree.left, walk), valuesOf(tree.right, walk));
    case 'text':
    case 'boolean':
    case 'name':
    case 'missing':
      return null;
  }
}

function callValues(name: string, args: readonly Formula[], walk: Walk): Values | null {
  const [first, second] = args;
  if (!first) return null;
  if (name === 'SUM') return each1(listsOf(args, walk), (lists) => sum(lists.flat()));
  if (name === 'SUMPRODUCT') return each1(listsOf(args, walk), (lists) => sumOfProducts(lists));
  if (name === 'PRODUCT') return each1(listsOf(args, walk), (lists) => product(lists.flat()));
  if (name === 'SUBTOTAL' && second) {
    const isSum = first.kind === 'number' && (first.text === '9' || first.text === '109');
    return isSum ? each1(listsOf(args.slice(1), walk), (lists) => sum(lists.flat())) : null;
  }
  if (name === 'ROUND') return roundedValue(first, second, walk);
  // N() gives nothing for a text, as a range does in a sum.
  if (name === 'N' && first.kind === 'reference') return rangeValues(first, first, walk);
  if (['IFERROR', 'IFNA', 'N', 'VALUE', '_XLFN.SINGLE'].includes(name))
    return valuesOf(first, walk);
  return null;
}

/** ROUND to cents (or finer) of a sum changes nothing we bill: lines are rounded by one rule. */
function roundedValue(of: Formula, digits: Formula | undefined, walk: Walk): Values | null {
  const count = digits?.kind === 'number' ? Number(digits.text) : 0;
  const value = single(valuesOf(of, walk));
  if (!value || !Number.isInteger(count)) return null;
  if (isConstant(value)) return [constantOf(rounded(value.constant, count))];
  return count >= 2 ? [value] : null;
}

function listsOf(args: readonly Formula[], walk: Walk): Values[] | null {
  const lists = args.map((argument) =>
    argument.kind === 'missing' ? [] : valuesOf(argument, walk),
  );
  return lists.every((list): list is Linear[] => list !== null) ? lists : null;
}

function operate(operator: string, left: Values | null, right: Values | null): Values | null {
  if (!left || !right) return null;
  const length = Math.max(left.length, right.length);
  if (
    (left.length !== 1 && left.length !== length) ||
    (right.length !== 1 && right.length !== length)
  )
    return null;
  const results = Array.from({ length }, (_, index) => {
    const a = left.length === 1 ? left[0] : left[index];
    const b = right.length === 1 ? right[0] : right[index];
    return a && b ? combine(operator, a, b) : null;
  });
  return results.every((value): value is Linear => value !== null) ? results : null;
}

function combine(operator: string, a: Linear, b: Linear): Linear | null {
  if (operator === '+') return add(a, b);
  if (operator === '-') return add(a, scaled(b, negated(ONE)));
  if (operator === '*') return multiply(a, b);
  if (operator === '/' && isConstant(b)) {
    const inverse = dividedBy(ONE, b.constant);
    const exact = isConstant(a) ? dividedBy(a.constant, b.constant) : null;
    return exact ? constantOf(exact) : inverse && scaled(a, inverse);
  }
  return null;
}

function multiply(a: Linear, b: Linear): Linear | null {
  if (isConstant(a)) return scaled(b, a.constant);
  return isConstant(b) ? scaled(a, b.constant) : null;
}

function scaled(value: Linear, factor: Decimal): Linear {
  const terms = new Map(
    [...value.terms].map(([key, coefficient]) => [key, times(coefficient, factor)]),
  );
  return { terms, constant: times(value.constant, factor) };
}

function add(a: Linear, b: Linear): Linear {
  const terms = new Map(a.terms);
  for (const [key, value] of b.terms) terms.set(key, plus(terms.get(key) ?? NOTHING, value));
  return { terms, constant: plus(a.constant, b.constant) };
}

const sum = (values: Values): Linear => values.reduce(add, constantOf(NOTHING));

const product = (values: Values): Linear | null =>
  values.reduce<Linear | null>((total, value) => total && multiply(total, value), constantOf(ONE));

function sumOfProducts(lists: readonly Values[]): Linear | null {
  const length = lists[0]?.length ?? 0;
  if (lists.some((list) => list.length !== length)) return null;
  const products = Array.from({ length }, (_, index) =>
    product(lists.flatMap((list) => list[index] ?? [])),
  );
  return products.every((value): value is Linear => value !== null) ? sum(products) : null;
}

function rangeValues(from: Reference, to: Reference, walk: Walk): Values | null {
  const [top, bottom] = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
  const [left, right] = [Math.min(from.column, to.column), Math.max(from.column, to.column)];
  if ((bottom - top + 1) * (right - left + 1) > RANGE_CELLS_MAX) return null;
  const values: Linear[] = [];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const value = linearAt(from, row, column, walk, true);
      if (!value) return null;
      values.push(value);
    }
  }
  return values;
}

function linearAt(
  of: Reference,
  row: number,
  column: number,
  walk: Walk,
  inRange: boolean,
): Linear | null {
  const sheet =
    of.sheet === null || of.sheet === walk.home.name ? walk.home : walk.others.get(of.sheet);
  if (!sheet) return null;
  if (sheet === walk.home && walk.isUnknown(row, column)) {
    return { terms: new Map([[termKey(row, column), ONE]]), constant: NOTHING };
  }
  const cell = sheet.at(row, column);
  const value = linearOfCell(cell, { ...walk, home: sheet, depth: walk.depth + 1 });
  // Inside a range Excel leaves texts and truth values out of a sum.
  const isLeftOut = cell?.value.kind === 'text' || cell?.value.kind === 'boolean';
  return value ?? (inRange && isLeftOut ? constantOf(NOTHING) : null);
}

function linearOfCell(cell: Cell | null, walk: Walk): Linear | null {
  if (!cell) return constantOf(NOTHING);
  if (cell.value.kind === 'number') {
    const number = decimalOfNumber(cell.value.number);
    return number && constantOf(number);
  }
  if (cell.value.kind === 'blank' && cell.formula === null) return constantOf(NOTHING);
  if (cell.value.kind !== 'blank' || cell.formula === null || walk.depth > DEPTH_MAX) return null;
  const tree = parseFormula(cell.formula);
  return tree && single(valuesOf(tree, walk));
}

function each(values: Values | null, change: (value: Linear) => Linear): Values | null {
  return values && values.map(change);
}

function each1(lists: Values[] | null, join: (lists: Values[]) => Linear | null): Values | null {
  const value = lists && join(lists);
  return value && [value];
}

/** Whether two linear forms say the same. */
export function isSameLinear(a: Linear, b: Linear): boolean {
  const difference = add(a, scaled(b, negated(ONE)));
  return isNothing(difference.constant) && [...difference.terms.values()].every(isNothing);
}

export const differs = (a: Decimal, b: Decimal, scale: number): boolean =>
  !isSame(rounded(a, scale), rounded(b, scale)) && !isNothing(minus(a, b));
