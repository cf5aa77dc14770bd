/** The rectangles Office.js hands over, as the cells of our port. */
import type { Cell, CellValue, MergedArea, Sheet } from './workbook.ts';

export interface Rectangle {
  readonly rowIndex: number;
  readonly columnIndex: number;
  readonly rowCount: number;
  readonly columnCount: number;
}

export interface RangeContent extends Rectangle {
  readonly values: readonly (readonly unknown[])[];
  readonly valueTypes: readonly (readonly string[])[];
  readonly formulas: readonly (readonly unknown[])[];
  readonly numberFormat: readonly (readonly string[])[];
}

/** Letters that only a date or time format has, outside quotes, brackets and escapes. */
const DATE_LETTERS = /[dyh]|m{1,5}(?![^\s/.,:-])|s{1,2}/i;

/** Blank cells are left out; notes and bold are not read, no reader of ours asks for them here. */
export function toCells(content: RangeContent): Cell[] {
  return content.values.flatMap((row, i) =>
    row.flatMap((value, j): Cell[] => {
      const formula = formulaOf(content.formulas[i]?.[j]);
      const numberFormat = content.numberFormat[i]?.[j] ?? 'General';
      const cell = toValue(value, content.valueTypes[i]?.[j] ?? '', numberFormat);
      if (cell.kind === 'blank' && formula === null) return [];
      const row = content.rowIndex + i + 1;
      const column = content.columnIndex + j + 1;
      return [{ row, column, value: cell, formula, numberFormat, note: null, bold: false }];
    }),
  );
}

/** Rows or columns of a rectangle in which nothing is visible, one-based. */
export function hiddenIn(
  whole: Rectangle,
  visible: readonly Rectangle[],
  axis: 'row' | 'column',
): readonly number[] {
  const [first, count] =
    axis === 'row' ? [whole.rowIndex, whole.rowCount] : [whole.columnIndex, whole.columnCount];
  const seen = new Set(
    visible.flatMap((area) => {
      const [from, many] =
        axis === 'row' ? [area.rowIndex, area.rowCount] : [area.columnIndex, area.columnCount];
      return Array.from({ length: many }, (_, index) => from + index);
    }),
  );
  const all = Array.from({ length: count }, (_, index) => first + index);
  return all.filter((index) => !seen.has(index)).map((index) => index + 1);
}

/** A filter hides rows below its header, inside its own range; all others were hidden by hand. */
export function splitHidden(
  hidden: readonly number[],
  filter: Rectangle | null,
): Pick<Sheet, 'hiddenRows' | 'filteredRows'> {
  if (!filter) return { hiddenRows: hidden, filteredRows: [] };
  const isFiltered = (row: number): boolean =>
    row > filter.rowIndex + 1 && row <= filter.rowIndex + filter.rowCount;
  return {
    hiddenRows: hidden.filter((row) => !isFiltered(row)),
    filteredRows: hidden.filter(isFiltered),
  };
}

export const toMerged = (area: Rectangle): MergedArea => ({
  top: area.rowIndex + 1,
  left: area.columnIndex + 1,
  bottom: area.rowIndex + area.rowCount,
  right: area.columnIndex + area.columnCount,
});

export function isDateFormat(numberFormat: string): boolean {
  const plain = numberFormat.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '');
  return plain !== 'General' && DATE_LETTERS.test(plain.replace(/E[+-]/gi, ''));
}

function toValue(value: unknown, type: string, numberFormat: string): CellValue {
  if (type === 'Error') return { kind: 'error', error: String(value) };
  if (typeof value === 'boolean') return { kind: 'boolean', boolean: value };
  if (typeof value === 'number') {
    return isDateFormat(numberFormat)
      ? { kind: 'date', serial: value }
      : { kind: 'number', number: value };
  }
  const text = typeof value === 'string' ? value : '';
  return text === '' ? { kind: 'blank' } : { kind: 'text', text };
}

const formulaOf = (formula: unknown): string | null =>
  typeof formula === 'string' && formula.startsWith('=') && formula.length > 1 ? formula : null;
