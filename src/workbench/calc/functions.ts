/**
 * Worksheet functions that billing sheets live on, with Excel's rules for blanks, text and errors.
 * The parser brings the rest; a few more come from formulajs (more-functions.ts).
 */
import { matching, numbersAt } from './criteria.ts';
import {
  flat,
  FormulaError,
  isError,
  isTable,
  single,
  tableOf,
  toBoolean,
  toNumber,
  type Argument,
  type Single,
  type Table,
} from './values.ts';

export type WorksheetFunction = (...args: readonly Argument[]) => Single | Table;

/** In ranges text and blanks are passed over; typed arguments must be numbers. */
function numbers(args: readonly Argument[]): number[] {
  return args.flatMap((argument) => {
    const listed = argument.isRangeRef || argument.isCellRef || isTable(argument.value);
    if (!listed) return [toNumber(argument.omitted ? 0 : single(argument))];
    return flat(argument.value).flatMap((value) => {
      if (isError(value)) throw value;
      return typeof value === 'number' ? [value] : [];
    });
  });
}

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

function average(list: readonly number[]): number {
  if (list.length === 0) throw FormulaError.DIV0;
  return sum(list) / list.length;
}

const extreme = (list: readonly number[], pick: (a: number, b: number) => number): number =>
  list.length === 0 ? 0 : list.reduce((a, b) => pick(a, b));

/** Range and criterion by turns. */
function pairs(args: readonly Argument[]): { range: Table; wanted: Single }[] {
  const out: { range: Table; wanted: Single }[] = [];
  for (let index = 0; index + 1 < args.length; index += 2) {
    out.push({ range: tableOf(args[index]), wanted: single(args[index + 1]) ?? null });
  }
  return out;
}

/** SUMIF's third range is as large as the first; the calculation widens it when it reads it. */
function oneCriterion(args: readonly Argument[]): number[] {
  const [range, , values] = args;
  const positions = matching(pairs(args.slice(0, 2)));
  return numbersAt(tableOf(values ?? range), positions);
}

function manyCriteria(args: readonly Argument[]): number[] {
  const [values, ...rest] = args;
  return numbersAt(tableOf(values), matching(pairs(rest)));
}

function sumProduct(args: readonly Argument[]): number {
  const tables = args.map((argument) => tableOf(argument));
  const [first] = tables;
  const shape = (table: Table): string => `${table.length}x${table[0]?.length ?? 0}`;
  if (!first || tables.some((table) => shape(table) !== shape(first))) throw FormulaError.VALUE;
  const lists = tables.map((table) => table.flat());
  return sum(
    first.flat().map((_value, index) =>
      lists.reduce((product, list) => {
        const value = list[index] ?? null;
        if (isError(value)) throw value;
        return product * (typeof value === 'number' ? value : 0);
      }, 1),
    ),
  );
}

/** Excel rounds what 15 digits show, so 1.005 becomes 1.01. */
export function round(value: number, digits: number, way: (x: number) => number): number {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toPrecision(15).split('e');
  const shifted = Number(`${mantissa}e${Number(exponent) + digits}`);
  const [whole = '0', power = '0'] = String(way(shifted)).split('e');
  const size = Number(`${whole}e${Number(power) - digits}`);
  return size === 0 ? 0 : Math.sign(value) * size;
}

const rounding =
  (way: (x: number) => number): WorksheetFunction =>
  (value, digits) =>
    round(toNumber(single(value)), Math.trunc(toNumber(single(digits))), way);

function choose(test: Argument | undefined, yes?: Argument, no?: Argument): Single | Table {
  const branch = toBoolean(single(test)) ? yes : (no ?? { value: false });
  return branch === undefined || branch.omitted ? 0 : (branch.value ?? 0);
}

const isMissing = (value: Single | Table): boolean => isError(value) && value.error === '#N/A';

const logicals = (args: readonly Argument[]): boolean[] =>
  args.flatMap((argument) =>
    flat(argument.value)
      .filter((value) => typeof value !== 'string' || !argument.isRangeRef)
      .filter((value) => value !== null)
      .map(toBoolean),
  );

export const worksheetFunctions: Readonly<Record<string, WorksheetFunction>> = {
  SUM: (...args) => sum(numbers(args)),
  AVERAGE: (...args) => average(numbers(args)),
  MIN: (...args) => extreme(numbers(args), Math.min),
  MAX: (...args) => extreme(numbers(args), Math.max),
  PRODUCT: (...args) => numbers(args).reduce((a, b) => a * b, 1),
  COUNT: (...args) =>
    args.flatMap((one) => flat(one.value)).filter((one) => typeof one === 'number').length,
  COUNTA: (...args) => args.flatMap((one) => flat(one.value)).filter((one) => one !== null).length,
  COUNTBLANK: (range) =>
    tableOf(range)
      .flat()
      .filter((value) => value === null || value === '').length,
  SUMPRODUCT: (...args) => sumProduct(args),
  SUMIF: (...args) => sum(oneCriterion(args)),
  AVERAGEIF: (...args) => average(oneCriterion(args)),
  COUNTIF: (...args) => matching(pairs(args)).length,
  COUNTIFS: (...args) => matching(pairs(args)).length,
  SUMIFS: (...args) => sum(manyCriteria(args)),
  AVERAGEIFS: (...args) => average(manyCriteria(args)),
  MAXIFS: (...args) => extreme(manyCriteria(args), Math.max),
  MINIFS: (...args) => extreme(manyCriteria(args), Math.min),
  ROUND: rounding((size) => Math.floor(size + 0.5)),
  ROUNDUP: rounding(Math.ceil),
  ROUNDDOWN: rounding(Math.floor),
  IF: (test, yes, no) => choose(test, yes, no),
  IFERROR: (value, instead) =>
    isError(single(value)) ? (single(instead) ?? 0) : (single(value) ?? 0),
  IFNA: (value, instead) =>
    isMissing(single(value) ?? null) ? (single(instead) ?? 0) : (single(value) ?? 0),
  AND: (...args) => logicals(args).every(Boolean),
  OR: (...args) => logicals(args).some(Boolean),
  NOT: (value) => !toBoolean(single(value)),
};
