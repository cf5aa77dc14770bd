/** Tells the rows of a table apart: clients and lines, headings, totals, prices, repeated headers. */
import type { Cell } from './workbook.ts';
import type { SheetIndex } from './sheet-index.ts';
import { cellText, isEmptyText } from './cell-text.ts';
import { decimalOfNumber, isSame, NOTHING, plus, type Decimal } from './decimal.ts';
import { parseFormula, type Formula } from './formula-parser.ts';
import {
  isCostRowLabel,
  isPriceLabel,
  isTotalLabel,
  mentionsTotal,
  wordsOf,
} from './header-words.ts';
import { hasNumber, headerText, type Table } from './table.ts';

export type RowKind = 'blank' | 'header' | 'price' | 'cost' | 'total' | 'text' | 'data';

export interface RowPlan {
  readonly index: SheetIndex;
  readonly table: Table;
  /** Columns whose numbers are quantities or money. */
  readonly numberColumns: ReadonlySet<number>;
  readonly clientColumn: number | null;
  /** Lines only: where the service stands. */
  readonly itemColumn: number | null;
  /** Rows that formulas of several other rows point at: prices, whatever their label. */
  readonly priceRows: ReadonlySet<number>;
}

export function kindsOfRows(plan: RowPlan): ReadonlyMap<number, RowKind> {
  const kinds = new Map<number, RowKind>();
  let hasData = false;
  const sums: Sums = new Map();
  for (let row = plan.table.firstRow; row <= plan.table.lastRow; row += 1) {
    const kind = kindOfRow(plan, row, hasData, sums);
    kinds.set(row, kind);
    if (kind === 'data') {
      hasData = true;
      addToSums(plan, row, sums);
    }
    if (kind === 'total') closeSection(sums);
  }
  return kinds;
}

/** Of a column: what its rows add up to, and of how many rows, since the last total and in all. */
interface Sum {
  readonly section: Decimal;
  readonly sectionRows: number;
  readonly all: Decimal;
  readonly allRows: number;
}
type Sums = Map<number, Sum>;

const NO_SUM: Sum = { section: NOTHING, sectionRows: 0, all: NOTHING, allRows: 0 };

function kindOfRow(plan: RowPlan, row: number, hasData: boolean, sums: Sums): RowKind {
  const cells = cellsOf(plan, row);
  if (cells.length === 0) return 'blank';
  if (isRepeatedHeader(plan, row)) return 'header';
  const numbers = cells.filter((cell) => plan.numberColumns.has(cell.column) && isFigure(cell));
  const labels = labelsOf(plan, row, cells);
  if (numbers.length === 0) return plan.itemColumn !== null && hasItem(plan, row) ? 'data' : 'text';
  if (isTotalRow(plan, row, numbers, labels, sums)) return 'total';
  if (plan.itemColumn === null) {
    const price = priceKind(plan, row, numbers, labels, hasData);
    if (price) return price;
  }
  return 'data';
}

function cellsOf(plan: RowPlan, row: number): readonly Cell[] {
  const { left, right } = plan.table;
  return plan.index.row(row).filter(({ column }) => column >= left && column <= right);
}

/** A number, a dash, an error: anything in a column of numbers that is not an empty text. */
export const isFigure = (cell: Cell): boolean =>
  cell.value.kind !== 'text'
    ? hasNumber(cell) || cell.value.kind !== 'blank'
    : cell.value.text !== '';

function labelsOf(plan: RowPlan, row: number, cells: readonly Cell[]): readonly string[] {
  const texts = cells.flatMap((cell) => (cell.value.kind === 'text' ? [cell.value.text] : []));
  const client =
    plan.clientColumn === null ? null : cellText(plan.index.at(row, plan.clientColumn));
  return client === null || texts.includes(client) ? texts : [client, ...texts];
}

function isRepeatedHeader(plan: RowPlan, row: number): boolean {
  const cells = cellsOf(plan, row);
  if (cells.length < 2 || cells.some((cell) => headerText(cell) === null)) return false;
  const same = cells.filter((cell) => {
    const path = plan.table.columns.find(({ column }) => column === cell.column)?.path ?? [];
    return path.some((text) => wordsOf(text) === wordsOf(headerText(cell) ?? ''));
  });
  return same.length >= 2 && same.length * 2 > cells.length;
}

function hasItem(plan: RowPlan, row: number): boolean {
  if (plan.itemColumn === null) return false;
  const cell = plan.index.at(row, plan.itemColumn);
  const client = plan.clientColumn === null ? null : plan.index.through(row, plan.clientColumn);
  return !isEmptyText(cellText(cell)) && !isEmptyText(cellText(client)) && cell !== client;
}

function isTotalRow(
  plan: RowPlan,
  row: number,
  numbers: readonly Cell[],
  labels: readonly string[],
  sums: Sums,
): boolean {
  const formulas = numbers.filter((cell) => cell.formula !== null);
  const typed = numbers.filter((cell) => cell.formula === null && cell.value.kind === 'number');
  const isVertical =
    formulas.length > 0 && formulas.every((cell) => isVerticalSum(cell, plan.index));
  if (isVertical && typed.length === 0) return true;
  const isLabelled = labels.some(isTotalLabel);
  if (isLabelled && !(hasItem(plan, row) && typed.length >= 2)) return true;
  if (hasItem(plan, row) || !labels.some(mentionsTotal)) return false;
  return isVertical === formulas.length > 0 && addsUp(typed, sums);
}

/** "SUM(C8:C18)", "O19+O39+O56": built from other rows of the sheet only, and from several. */
export function isVerticalSum(cell: Cell, index: SheetIndex): boolean {
  const tree = cell.formula === null ? null : parseFormula(cell.formula);
  if (!tree) return cell.formula !== null && /^=SUBTOTAL\(/i.test(cell.formula);
  const rows: number[] = [];
  const isPlain = collectRows(tree, cell, index, rows);
  const isSum = tree.kind === 'call' && /^(?:SUM|SUBTOTAL|SUMIFS?|AGGREGATE)$/i.test(tree.name);
  return isPlain && !rows.includes(cell.row) && rows.length >= (isSum ? 1 : 2);
}

/** False when the formula reads another sheet or multiplies: such a formula prices, it does not add. */
function collectRows(tree: Formula, cell: Cell, index: SheetIndex, rows: number[]): boolean {
  switch (tree.kind) {
    case 'reference':
      rows.push(tree.row);
      return tree.sheet === null || tree.sheet === index.name;
    case 'range': {
      const [from, to] = [
        Math.min(tree.from.row, tree.to.row),
        Math.max(tree.from.row, tree.to.row),
      ];
      if (from <= cell.row && cell.row <= to) rows.push(cell.row);
      else rows.push(from, to);
      return tree.from.sheet === null || tree.from.sheet === index.name;
    }
    case 'call':
      return (
        tree.name.toUpperCase() !== 'SUMPRODUCT' &&
        tree.args.every((one) => collectRows(one, cell, index, rows))
      );
    case 'sign':
    case 'percent':
      return collectRows(tree.of, cell, index, rows);
    case 'operation':
      return !['*', '/', '^'].includes(tree.operator) && collectRows(tree.left, cell, index, rows) && collectRows(tree.right, cell, index, rows); // prettier-ignore
    case 'number':
    case 'text':
    case 'boolean':
    case 'name':
    case 'missing':
      return true;
  }
}

/** "Total Care Dental" is a client, unless its figures are the sums of two or more rows above. */
function addsUp(typed: readonly Cell[], sums: Sums): boolean {
  const figures = typed.filter((cell) => cell.value.kind === 'number' && cell.value.number !== 0);
  if (figures.length === 0) return false;
  return figures.every((cell) => {
    const value = cell.value.kind === 'number' ? decimalOfNumber(cell.value.number) : null;
    const sum = sums.get(cell.column) ?? NO_SUM;
    const isSection = sum.sectionRows >= 2 && value !== null && isSame(value, sum.section);
    return isSection || (sum.allRows >= 2 && value !== null && isSame(value, sum.all));
  });
}

function addToSums(plan: RowPlan, row: number, sums: Sums): void {
  for (const column of plan.numberColumns) {
    const value = plan.index.at(row, column)?.value;
    const number = value?.kind === 'number' ? decimalOfNumber(value.number) : null;
    if (!number) continue;
    const { section, sectionRows, all, allRows } = sums.get(column) ?? NO_SUM;
    sums.set(column, {
      section: plus(section, number),
      sectionRows: sectionRows + 1,
      all: plus(all, number),
      allRows: allRows + 1,
    });
  }
}

function closeSection(sums: Sums): void {
  for (const [column, sum] of sums) sums.set(column, { ...sum, section: NOTHING, sectionRows: 0 });
}

function priceKind(
  plan: RowPlan,
  row: number,
  numbers: readonly Cell[],
  labels: readonly string[],
  hasData: boolean,
): RowKind | null {
  const label =
    plan.clientColumn === null ? undefined : cellText(plan.index.at(row, plan.clientColumn));
  const isNamed = !isEmptyText(label ?? null);
  const about = isNamed ? [label ?? ''] : labels;
  if (plan.priceRows.has(row)) return 'price';
  if (about.some(isCostRowLabel) && !hasData) return 'cost';
  const isConstant = numbers.every((cell) => cell.formula === null && cell.value.kind === 'number');
  if (about.some(isPriceLabel) && isConstant) return 'price';
  return !isNamed && !hasData && isConstant && numbers.length >= 2 ? 'price' : null;
}
