/** Of the tables on a sheet those of the month: beside or below each other there may be others. */
import { assertOneBesideOther, monthAbove } from './find-tables.ts';
import { sideOf } from './month-side.ts';
import type { ReadingScope, Table } from './table.ts';

/** Blocks of two months beside each other: the one of this month is read. */
export function tablesForMonth(scope: ReadingScope, tables: readonly Table[]): readonly Table[] {
  const [first] = tables;
  const beside = tables.filter((table) => table.headerTop === first?.headerTop);
  if (beside.length < 2) return stackedForMonth(scope, tables);
  const sides = beside.map((table) => sidesOf(scope, table));
  const now = beside.filter((_, at) => sides[at]?.has('this'));
  const isDated = sides.every((one) => one.has('this') || one.has('last') || one.has('other'));
  const [only] = now;
  if (now.length === 1 && only && isDated)
    return [only, ...tables.filter((table) => !beside.includes(table))];
  assertOneBesideOther(scope.index, beside);
  return tables;
}

function sidesOf(scope: ReadingScope, table: Table): ReadonlySet<string> {
  return new Set(table.columns.map(({ month }) => sideOf(month, scope.period)));
}

/** Blocks of several months below each other: each begins with a title that names its month. */
function stackedForMonth(scope: ReadingScope, tables: readonly Table[]): readonly Table[] {
  if (tables.length < 2 || scope.period === null) return tables;
  const months = tables.map((table) => monthAbove(scope.index, table.headerTop, 0));
  const isSplit = new Set(months.filter((month) => month !== null)).size > 1;
  if (!isSplit) return tables;
  const now = tables.filter((_, at) => months[at] === scope.period);
  return now.length > 0 ? now : tables;
}
