/** Reads a grid: a row per client, a column per service, prices from wherever the sheet keeps them. */
import { isZero, sumAmounts, type Amount } from '../core/money.ts';
import type { SheetLine } from '../core/model.ts';
import { localAddress } from './address.ts';
import { cellText, quoted } from './cell-text.ts';
import { codeWidth, readClientCell, readCodeCell, type RowClient } from './client-cell.ts';
import { hasLargeQuantities } from './count-places.ts';
import { planGrid, type GridPlan } from './grid-plan.ts';
import { explainRow } from './explain-row.ts';
import type { Linear } from './linear-formula.ts';
import type { RowReading, TableReading, TotalCell } from './reading-notes.ts';
import { shownAmount, totalCells } from './shown-totals.ts';
import type { Cell } from './workbook.ts';
import type { ReadingScope, Table } from './table.ts';
import type { GridScope, GridInput, Entry, RowResult } from './grid-scope.ts';
import { readEntry } from './grid-entry.ts';
import { constantOf, withConstant } from './grid-constant.ts';

export function readGrid(input: GridInput, table: Table): TableReading {
  const plan = planGrid(input, table);
  const scope = prepare(input, plan);
  const lines: SheetLine[] = [];
  const rows: RowReading[] = [];
  const clientRows: { client: string; row: number }[] = [];
  for (const [row, kind] of plan.kinds) {
    if (kind !== 'data') continue;
    const read = readRow(scope, row);
    if (read.lines.length === 0) continue;
    rows.push({ ...read.row, lines: read.lines.map((_, at) => lines.length + at) });
    lines.push(...read.lines);
    clientRows.push({ client: read.client, row });
  }
  const totals: readonly TotalCell[] = totalCells(scope, table, plan.kinds, plan.amountColumn);
  noteTheRest(scope);
  return { lines, rows, totals, clientRows, amountColumn: plan.amountColumn };
}

function prepare(input: GridInput, plan: GridPlan): GridScope {
  const explained = new Map<number, Linear>();
  const counted = new Set<number>();
  const rows = [...plan.kinds].filter(([, kind]) => kind === 'data').map(([row]) => row);
  for (const row of rows) {
    const linear = explainRow(input, plan, row);
    if (!linear) continue;
    explained.set(row, linear);
    for (const key of linear.terms.keys()) counted.add(Number(key.split(',')[1]));
  }
  const large = plan.values
    .map(({ column }) => column)
    .filter((column) => hasLargeQuantities(input.index, column, rows));
  const { firstRow, lastRow } = plan.table;
  const width =
    plan.codeColumn === null ? null : codeWidth(input.index, plan.codeColumn, firstRow, lastRow);
  return { ...input, plan, explained, counted, large: new Set(large), codeWidth: width };
}

function readRow(scope: GridScope, row: number): RowResult {
  const client = readClient(scope, row);
  const linear = scope.explained.get(row) ?? null;
  const entries = scope.plan.values.flatMap(
    (value) => readEntry(scope, row, value, client, linear) ?? [],
  );
  const formulas = { home: scope.index, others: scope.others, isUnknown: () => false };
  const { amountColumn } = scope.plan;
  const shown =
    amountColumn === null
      ? null
      : shownAmount(scope.index.at(row, amountColumn), scope.currency, formulas);
  if (scope.index.hiddenRows.has(row) && isWorthNothing(scope, entries, shown?.amount ?? null)) {
    for (const cell of scope.index.row(row))
      scope.notes.skip(cell, `row ${String(row)} is hidden and makes no money`);
    return { client: client.name, lines: [], row: emptyRow(row) };
  }
  const priced = withConstant(scope, row, client, entries, constantOf(linear, entries, shown));
  if (priced.length === 0) {
    for (const cell of scope.index.row(row)) scope.notes.skip(cell, 'the row has no quantities');
    return { client: client.name, lines: [], row: emptyRow(row) };
  }
  takeRow(scope, row, entries);
  const suspects = entries.flatMap((entry, line) => suspectOf(entry, line) ?? []);
  const isRefused = entries.some((entry) => entry.isRefused);
  return {
    client: client.name,
    lines: priced,
    row: { ...emptyRow(row), shown, suspects, isRefused },
  };
}

const emptyRow = (row: number): RowReading => ({
  row,
  lines: [],
  shown: null,
  suspects: [],
  isRefused: false,
});

function suspectOf(entry: Entry, line: number): { line: number; why: string } | null {
  const at = localAddress(entry.cell);
  const asText = entry.cell.value.kind === 'text' && !isZero(entry.line.quantity);
  if (asText)
    return {
      line,
      why: `${at} holds ${quoted(cellText(entry.cell) ?? '')} as text, which a sum leaves out`,
    };
  return entry.isInTotal || isZero(entry.line.amount)
    ? null
    : { line, why: `the row's own total leaves ${at} out` };
}

/** Hidden rows count by what the sheet shows for them; without a total, by what they would make. */
function isWorthNothing(
  scope: GridScope,
  entries: readonly Entry[],
  shown: Amount | null,
): boolean {
  if (entries.some(({ isRefused }) => isRefused)) return false;
  if (shown !== null) return isZero(shown);
  return isZero(
    sumAmounts(
      entries.map(({ line }) => line.amount),
      scope.currency,
    ),
  );
}

function readClient(scope: GridScope, row: number): RowClient {
  const { clientColumn, codeColumn } = scope.plan;
  const column = clientColumn ?? codeColumn ?? scope.plan.table.left;
  const code =
    codeColumn === null
      ? { code: null, remarks: [] }
      : readCodeCell(ownOrMerged(scope, row, codeColumn), scope.codeWidth);
  const read = readClientCell(ownOrMerged(scope, row, column), { row, column });
  if (read.name === '' && code.code !== null && read.remarks[0]?.rule === 'client unknown') {
    return { name: code.code, code: code.code, remarks: code.remarks };
  }
  return { name: read.name, code: code.code, remarks: [...read.remarks, ...code.remarks] };
}

/** A name merged downwards stands for each of its rows. */
function ownOrMerged(scope: ReadingScope, row: number, column: number): Cell | null {
  const area = scope.index.area(row, column);
  return area && area.left === column
    ? scope.index.at(area.top, area.left)
    : scope.index.at(row, column);
}

function takeRow(scope: GridScope, row: number, entries: readonly Entry[]): void {
  for (const { cell, value } of entries) {
    scope.notes.take(cell);
    if (value.priceColumn !== null) scope.notes.take({ row, column: value.priceColumn });
  }
  const { clientColumn, codeColumn, amountColumn } = scope.plan;
  for (const column of [clientColumn, codeColumn, amountColumn])
    if (column !== null) scope.notes.take({ row, column });
}

function noteTheRest(scope: GridScope): void {
  const { plan, index, notes } = scope;
  for (const row of plan.priceRows) {
    for (const cell of index.row(row)) {
      const isUsed = plan.values.some(({ column }) => column === cell.column);
      if (isUsed) notes.take(cell);
      else notes.skip(cell, 'label of the price row');
    }
  }
  for (const { column } of plan.table.columns.filter(({ column }) =>
    plan.otherMonths.has(column),
  )) {
    for (const [row, kind] of plan.kinds)
      if (kind === 'data' && index.at(row, column))
        notes.skip({ row, column }, 'a column of another month');
  }
}
