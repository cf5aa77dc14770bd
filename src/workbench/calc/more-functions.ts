/** Functions the parser lacks, from formulajs: enough for sheets people bring along. */
import * as formulajs from '@formulajs/formulajs';
import type { WorksheetFunction } from './functions.ts';
import { FormulaError, isError, type Single, type Table } from './values.ts';

const NAMES = [
  'SWITCH',
  'CHOOSE',
  'LARGE',
  'SMALL',
  'MEDIAN',
  'RANK',
  'TEXTJOIN',
  'DAYS360',
  'VALUE',
  'STDEV',
  'VAR',
  'MODE',
  'PERCENTILE',
  'QUARTILE',
] as const;

type Plain = (...args: readonly unknown[]) => unknown;

function lift(run: Plain): WorksheetFunction {
  return (...args) => {
    const plain = args.map((argument) => (argument.omitted ? undefined : argument.value));
    const broken = plain.flat(2).find((value) => isError(value));
    if (broken) throw broken;
    const result = run(...plain);
    if (result instanceof Error) throw new FormulaError(result.message);
    return result as Single | Table;
  };
}

export function moreFunctions(): Record<string, WorksheetFunction> {
  const library = formulajs as unknown as Readonly<Record<string, Plain | undefined>>;
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const run = library[name];
      return run ? [[name, lift(run)] as const] : [];
    }),
  );
}
