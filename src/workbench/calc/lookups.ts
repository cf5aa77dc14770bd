/** VLOOKUP, HLOOKUP, MATCH and XLOOKUP: any case, wildcards where Excel takes them. */
import { wildcard } from './criteria.ts';
import type { WorksheetFunction } from './functions.ts';
import {
  compare,
  FormulaError,
  isError,
  single,
  tableOf,
  toBoolean,
  toNumber,
  type Argument,
  type Single,
  type Table,
} from './values.ts';

type Mode = 'exact' | 'wildcard' | 'smaller' | 'larger';

const comparable = (value: Single, wanted: Single): boolean =>
  value !== null && !isError(value) && typeof value === typeof (wanted ?? 0);

/** Zero-based position or -1. The nearest of an unsorted list is found by looking at all. */
function find(wanted: Single, list: readonly Single[], mode: Mode): number {
  if (isError(wanted)) throw wanted;
  if (mode === 'wildcard' && typeof wanted === 'string' && /[*?~]/.test(wanted)) {
    const pattern = wildcard(wanted);
    return list.findIndex((value) => typeof value === 'string' && pattern.test(value));
  }
  const exact = list.findIndex(
    (value) => comparable(value, wanted) && compare(value, wanted) === 0,
  );
  if (exact >= 0 || mode === 'exact' || mode === 'wildcard') return exact;
  return nearest(wanted, list, mode === 'smaller' ? -1 : 1);
}

function nearest(wanted: Single, list: readonly Single[], side: -1 | 1): number {
  let best = -1;
  list.forEach((value, index) => {
    if (!comparable(value, wanted) || compare(value, wanted) * side < 0) return;
    const held = best < 0 ? undefined : list[best];
    if (held === undefined || compare(value, held) * side < 0) best = index;
  });
  return best;
}

/** In a sorted list with repeats Excel's approximate match takes the last one. */
function approximate(wanted: Single, list: readonly Single[]): number {
  const at = find(wanted, list, 'smaller');
  if (at < 0) return at;
  const value = list[at] ?? null;
  return list.findLastIndex((one) => comparable(one, value) && compare(one, value) === 0);
}

const transpose = (table: Table): Table =>
  (table[0] ?? []).map((_value, column) => table.map((row) => row[column] ?? null));

function lookUp(args: readonly Argument[], turn: (table: Table) => Table): Single {
  const [wanted, table, index, sorted] = args;
  const rows = turn(tableOf(table));
  const keys = rows.map((row) => row[0] ?? null);
  const near = sorted === undefined || (!sorted.omitted && toBoolean(single(sorted)));
  const value = single(wanted) ?? null;
  const at = near ? approximate(value, keys) : find(value, keys, 'wildcard');
  const column = Math.trunc(toNumber(single(index)));
  if (column < 1) throw FormulaError.VALUE;
  if (column > (rows[0]?.length ?? 0)) throw FormulaError.REF;
  if (at < 0) throw FormulaError.NA;
  return rows[at]?.[column - 1] ?? 0;
}

const X_MODES: Readonly<Record<string, Mode>> = {
  '0': 'exact',
  '-1': 'smaller',
  '1': 'larger',
  '2': 'wildcard',
};

function xLookUp(args: readonly Argument[]): Single | Table {
  const [wanted, keys, values, missing, mode, direction] = args;
  const list = tableOf(keys).flat();
  const backwards = toNumber(single(direction)) === -1;
  const ordered = backwards ? list.toReversed() : list;
  const how = X_MODES[String(toNumber(single(mode)))];
  if (!how) throw FormulaError.VALUE;
  const found = find(single(wanted) ?? null, ordered, how);
  if (found < 0) {
    if (missing === undefined || missing.omitted) throw FormulaError.NA;
    return missing.value;
  }
  const at = backwards ? list.length - 1 - found : found;
  const table = tableOf(values);
  const upright = tableOf(keys).length > 1;
  if (upright) return (table[at]?.length ?? 0) === 1 ? (table[at]?.[0] ?? 0) : [table[at] ?? []];
  return table.length === 1 ? (table[0]?.[at] ?? 0) : table.map((row) => [row[at] ?? 0]);
}

function match(args: readonly Argument[]): number {
  const [wanted, range, type] = args;
  const list = tableOf(range).flat();
  const kind = type === undefined || type.omitted ? 1 : toNumber(single(type));
  const value = single(wanted) ?? null;
  const near = kind > 0 ? approximate(value, list) : find(value, list, 'larger');
  const at = kind === 0 ? find(value, list, 'wildcard') : near;
  if (at < 0) throw FormulaError.NA;
  return at + 1;
}

export const lookupFunctions: Readonly<Record<string, WorksheetFunction>> = {
  VLOOKUP: (...args) => lookUp(args, (table) => table),
  HLOOKUP: (...args) => lookUp(args, transpose),
  MATCH: (...args) => match(args),
  XLOOKUP: (...args) => xLookUp(args),
};
