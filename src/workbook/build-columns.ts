/** Gives each column of a table its role, its name and its month, from one or more header rows. */
import type { SheetIndex } from './sheet-index.ts';
import { monthOf, roleOf, wordsOf, type MonthMark, type Role } from './header-words.ts';
import { headerText, type Column, type Table } from './table.ts';

type Bounds = Omit<Table, 'columns'>;

/** Words under a header that only say how it is counted: "per device", "each", "qty". */
const HOW = /^(?:\(?(?:per|each|ea|by)\b.*|\$|monthly|mrr|recurring|users?|seats?|devices?|mo)$/;

export function buildColumns(index: SheetIndex, bounds: Bounds): readonly Column[] {
  const columns: Column[] = [];
  for (let column = bounds.left; column <= bounds.right; column += 1) {
    columns.push(buildColumn(index, bounds, column));
  }
  return settleAccounts(index, bounds, nameTheNameless(index, bounds, columns));
}

function buildColumn(index: SheetIndex, bounds: Bounds, column: number): Column {
  const path: string[] = [];
  for (let row = bounds.headerTop; row <= bounds.headerBottom; row += 1) {
    const text = textOver(index, bounds, row, column);
    if (text !== null && path.at(-1) !== text) path.push(text);
  }
  return { column, path, ...meaningOf(path) };
}

/** The header over a column: its own, that of the merged cell, or of the group begun at its left. */
function textOver(index: SheetIndex, bounds: Bounds, row: number, column: number): string | null {
  const area = index.area(row, column);
  const own = headerText(index.through(row, column));
  if (own !== null || row === bounds.headerBottom) {
    const isTitle =
      area !== null && area.right - area.left + 1 > (bounds.right - bounds.left + 1) * 0.8;
    return isTitle ? null : own;
  }
  if (headerText(index.at(bounds.headerBottom, column)) === null) return null;
  const firstGroup = index.row(row).find((cell) => cell.column > bounds.left);
  for (let left = column - 1; firstGroup && left >= firstGroup.column; left -= 1) {
    if (index.area(row, left)) return null;
    const text = headerText(index.at(row, left));
    if (text !== null) return text;
  }
  return null;
}

interface Meaning {
  readonly role: Role;
  readonly name: string | null;
  readonly month: MonthMark | null;
}

/** The lowest header says what the column is; a name above it says of which service. */
function meaningOf(path: readonly string[]): Meaning {
  let month: MonthMark | null = null;
  let role: Role | null = null;
  let name: string | null = null;
  for (const text of [...path].reverse()) {
    const dated = monthOf(text);
    if (dated) month ??= dated.mark;
    const words = dated ? dated.rest : wordsOf(text);
    if (words === '') continue;
    const one = roleOf(words);
    if (one !== 'other') role ??= one;
    else if (name === null && !isOnlyHow(words, path.length)) name = text;
  }
  return settle(role, name, month, path);
}

const isOnlyHow = (words: string, levels: number): boolean => levels > 1 && HOW.test(words);

function settle(
  role: Role | null,
  name: string | null,
  month: MonthMark | null,
  path: readonly string[],
): Meaning {
  if (role === 'previous') return { role: 'quantity', name, month: month ?? 'last' };
  const leaf = path.at(-1);
  if (role === null)
    return { role: month !== null && name === null ? 'quantity' : 'other', name, month };
  // "DEVICES" over "Total": a group name above a role is a name only where it names a service.
  if (name !== null && leaf !== undefined && name === leaf) return { role: 'other', name, month };
  return { role, name, month };
}

/** A list of clients whose header is missing or unknown: the first column of texts. */
function nameTheNameless(
  index: SheetIndex,
  bounds: Bounds,
  columns: readonly Column[],
): readonly Column[] {
  const isKnown = columns.some(
    ({ role }) => role === 'client' || role === 'account' || role === 'service',
  );
  if (isKnown) return columns;
  const first = columns.find(({ column }) => isMostlyText(index, bounds, column));
  return columns.map((one) =>
    one === first ? { ...one, role: 'client' as const, name: null } : one,
  );
}

const SAMPLE_ROWS = 60;

function isMostlyText(index: SheetIndex, bounds: Bounds, column: number): boolean {
  let [texts, all] = [0, 0];
  for (
    let row = bounds.firstRow;
    row <= Math.min(bounds.lastRow, bounds.firstRow + SAMPLE_ROWS);
    row += 1
  ) {
    const kind = index.at(row, column)?.value.kind;
    if (kind === undefined || kind === 'blank') continue;
    all += 1;
    if (kind === 'text') texts += 1;
  }
  return texts >= 2 && texts * 2 > all;
}

/** "Account" is the client where nothing else is, else the client's code. */
function settleAccounts(
  index: SheetIndex,
  bounds: Bounds,
  columns: readonly Column[],
): readonly Column[] {
  const hasClient = columns.some(({ role }) => role === 'client');
  let taken = hasClient;
  const settled = columns.map((one) => {
    if (one.role !== 'account') return one;
    const role: Role = taken || !isMostlyText(index, bounds, one.column) ? 'code' : 'client';
    if (role === 'client') taken = true;
    return { ...one, role };
  });
  if (settled.some(({ role }) => role === 'client')) return settled;
  const code = settled.find(({ role }) => role === 'code');
  return settled.map((one) =>
    one === code && code.role === 'code' && !hasService(settled)
      ? { ...one, role: 'client' as const }
      : one,
  );
}

const hasService = (columns: readonly Column[]): boolean =>
  columns.some(({ role }) => role === 'service');
