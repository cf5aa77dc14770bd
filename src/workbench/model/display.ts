/** A cell's text as Excel shows it, through SSF, the number formatter inside the formula parser. */
import FormulaParser from 'fast-formula-parser';
import { isErrorText } from './input.ts';
import type { Cell } from './workbook.ts';

const { SSF } = FormulaParser;
const SIGNIFICANT_DIGITS = 11;

export function displayText(cell: Readonly<Cell>): string {
  const { value, numberFormat } = cell;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'string')
    return isErrorText(value) ? value : textThrough(numberFormat, value);
  if (numberFormat === 'General' || numberFormat === '@') return generalText(value);
  try {
    return SSF.format(numberFormat, value);
  } catch {
    // A format SSF cannot read shows the plain number; Excel would refuse the format itself.
    return generalText(value);
  }
}

function textThrough(numberFormat: string, value: string): string {
  const section = numberFormat.split(';')[3];
  return section === undefined ? value : section.replaceAll('"', '').replaceAll('@', value);
}

/** General shows up to eleven digits and hides the noise of binary fractions. */
function generalText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e11) return String(value);
  const size = Math.abs(value);
  if (size >= 1e11 || (size > 0 && size < 1e-9)) {
    return value
      .toExponential(5)
      .replace(/\.?0+e/, 'e')
      .replace(/e([+-])(\d)$/, 'E$10$2')
      .replace('e', 'E');
  }
  const whole = Math.trunc(size) === 0 ? 1 : String(Math.trunc(size)).length;
  return String(Number(value.toFixed(Math.max(0, SIGNIFICANT_DIGITS - 1 - whole))));
}

export function valueType(cell: Readonly<Cell>): string {
  if (typeof cell.value === 'number') return 'Double';
  if (typeof cell.value === 'boolean') return 'Boolean';
  if (cell.value === '') return cell.formula === null ? 'Empty' : 'String';
  return isErrorText(cell.value) ? 'Error' : 'String';
}
