/** Finds the cells that are exactly one MCC.COUNT, as people type it and as files store it. */
import { BASES, type Basis } from '../core/model.ts';
import type { Cell } from './workbook.ts';
import type { SheetIndex } from './sheet-index.ts';
import { parseFormula, type Formula } from './formula-parser.ts';

export interface Counted {
  readonly client: string;
  readonly service: string;
  readonly basis: Basis | null;
}

/** A file keeps the function's id behind a prefix (office-js #5611, read 2026-11-21). */
const COUNT_NAME = /^(?:_XLFN\.)?(?:_XLWS\.)?(?:_XLUDF\.|_XLDUDF_)?MCC[._]?(?:MCC)?COUNT$/i;
const BASIS_ARGUMENT = 3;

export const mentionsCount = (formula: string): boolean =>
  /MCC[._](?:MCC)?COUNT\s*\(/i.test(formula);

/** The arguments of the one MCC.COUNT with cell references read; null when it is anything else. */
export function readCountFormula(
  cell: Cell,
  home: SheetIndex,
  others: ReadonlyMap<string, SheetIndex>,
): Counted | null {
  if (cell.formula === null || !mentionsCount(cell.formula)) return null;
  const tree = parseFormula(cell.formula.replace(/@(?=[A-Za-z_])/g, ''));
  if (tree?.kind !== 'call' || !COUNT_NAME.test(tree.name)) return null;
  const [client, service] = tree.args.map((argument) => argumentText(argument, home, others));
  if (!client || !service) return null;
  const basis = tree.args[BASIS_ARGUMENT];
  return { client, service, basis: basis ? basisOf(argumentText(basis, home, others)) : null };
}

function argumentText(
  argument: Formula,
  home: SheetIndex,
  others: ReadonlyMap<string, SheetIndex>,
): string | null {
  if (argument.kind === 'text' || argument.kind === 'number') return argument.text;
  if (argument.kind !== 'reference') return null;
  const { sheet: name } = argument;
  const sheet = name === null || name === home.name ? home : others.get(name);
  const value = sheet?.through(argument.row, argument.column)?.value;
  if (value?.kind === 'text') return value.text;
  return value?.kind === 'number' ? String(value.number) : null;
}

function basisOf(text: string | null): Basis | null {
  const word = text?.trim().toLowerCase();
  return BASES.find((basis) => basis === word) ?? null;
}
