/** Values inside the formula parser: blanks are null, errors are FormulaError objects. */
import FormulaParser, { type FormulaErrorValue } from 'fast-formula-parser';

export const { FormulaError } = FormulaParser;

export type Single = number | string | boolean | null | FormulaErrorValue;
export type Table = readonly (readonly Single[])[];

/** One argument as fast-formula-parser hands it to a function. */
export interface Argument {
  readonly value: Single | Table;
  readonly isRangeRef?: boolean;
  readonly isCellRef?: boolean;
  readonly omitted?: boolean;
}

export const isError = (value: unknown): value is FormulaErrorValue =>
  value instanceof FormulaError;

export const isTable = (value: Single | Table): value is Table => Array.isArray(value);

export const toTable = (value: Single | Table): Table => (isTable(value) ? value : [[value]]);

export const flat = (value: Single | Table): readonly Single[] => toTable(value).flat();

/** The first value of a table, or the value. Omitted and missing arguments are undefined. */
export function single(argument: Argument | undefined): Single | undefined {
  if (argument === undefined || argument.omitted) return undefined;
  return isTable(argument.value) ? (argument.value[0]?.[0] ?? null) : argument.value;
}

export function tableOf(argument: Argument | undefined): Table {
  if (argument === undefined) throw FormulaError.NA;
  return toTable(argument.value);
}

/** A number as Excel's operators take it: blank is 0, TRUE is 1, "12" is 12, other text fails. */
export function toNumber(value: Single | undefined): number {
  if (isError(value)) throw value;
  if (value === null || value === undefined) return 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = value.trim() === '' ? Number.NaN : Number(value.replaceAll(',', ''));
  if (Number.isNaN(number)) throw FormulaError.VALUE;
  return number;
}

export function toText(value: Single | undefined): string {
  if (isError(value)) throw value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'number' ? String(Number(value.toPrecision(15))) : value;
}

export function toBoolean(value: Single | undefined): boolean {
  if (isError(value)) throw value;
  if (typeof value === 'string') {
    if (/^true$/i.test(value)) return true;
    if (/^false$/i.test(value)) return false;
    throw FormulaError.VALUE;
  }
  return Boolean(value);
}

const rank = (value: number | string | boolean): number =>
  ['number', 'string', 'boolean'].indexOf(typeof value);

/** Excel's order: numbers, then text (any case), then FALSE and TRUE. */
export function compare(a: Single, b: Single): number {
  if (isError(a)) throw a;
  if (isError(b)) throw b;
  const left = a ?? blankLike(b);
  const right = b ?? blankLike(a);
  if (typeof left === 'string' && typeof right === 'string') {
    const [x, y] = [left.toLowerCase(), right.toLowerCase()];
    return x < y ? -1 : Number(x > y);
  }
  if (typeof left !== typeof right) return rank(left) - rank(right);
  return Number(left) - Number(right);
}

/** A blank cell equals 0, "" and FALSE alike. */
function blankLike(other: Single): number | string | boolean {
  if (typeof other === 'string') return '';
  return typeof other === 'boolean' ? false : 0;
}
