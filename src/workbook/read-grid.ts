/** Reads a grid: a row per client, a column per service, prices from wherever the sheet keeps them. */
import { isNegative, isZero, lineAmount, negateQuantity, parseUnitPrice, sumAmounts, type Amount, type Currency, type Quantity, type UnitPrice } from '../core/money.ts'; // prettier-ignore
import type { Flag, LineKind, SheetLine } from '../core/model.ts';
import { cellAddress, localAddress, type Position } from './address.ts';
import { adjustmentLine, priceFromNote } from './adjustments.ts';
import { cellText, isEmptyText, quoted } from './cell-text.ts';
import { codeWidth, readClientCell, readCodeCell, type RowClient } from './client-cell.ts';
import { hasLargeQuantities, hiddenRemark, mergedRemark, originOf } from './count-places.ts';
import { decimalOf, isNothing } from './decimal.ts';
import {
  explainRow,
  isAttribute,
  isOne,
  planGrid,
  type GridPlan,
  type ValueColumn,
} from './grid-plan.ts';
import { isCreditText, isOneOffText } from './header-words.ts';
import { termKey, type Linear } from './linear-formula.ts';
import { readQuantityCell, type CellRemark } from './quantity-cell.ts';
import { flagOfRemark, type ReadingNotes, type RowReading, type TableReading, type TotalCell } from './reading-notes.ts'; // prettier-ignore
import { currencySign, priceOfCell, toMoney, toPrice } from './sheet-money.ts';
import { shownAmount, totalCells } from './shown-totals.ts';
import type { Cell } from './workbook.ts';
import type { ReadingScope, Table } from './table.ts';
import type { PriceList } from './price-list.ts';

interface GridScope extends ReadingScope {
  readonly plan: GridPlan;
  readonly notes: ReadingNotes;
  readonly currency: Currency;
  readonly prices: PriceList;
  /** Columns that some row's own total counts; the others without a price only describe. */
  readonly counted: ReadonlySet<number>;
  readonly explained: ReadonlyMap<number, Linear>;
  readonly large: ReadonlySet<number>;
  readonly codeWidth: number | null;
}

export interface GridInput extends ReadingScope {
  readonly notes: ReadingNotes;
  readonly currency: Currency;
  readonly prices: PriceList;
}

interface Entry {
  readonly value: ValueColumn;
  readonly cell: Cell;
  readonly line: SheetLine;
  readonly isRefused: boolean;
  readonly isInTotal: boolean;
}

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

interface RowResult {
  readonly client: string;
  readonly lines: readonly SheetLine[];
  readonly row: RowReading;
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
  const priced = withConstant(scope, row, client, entries, linear);
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

function readEntry(
  scope: GridScope,
  row: number,
  value: ValueColumn,
  client: RowClient,
  linear: Linear | null,
): Entry | null {
  const cell = scope.index.at(row, value.column);
  const quantityScope = {
    index: scope.index,
    others: scope.others,
    hasLargeQuantities: scope.large.has(value.column),
  };
  const reading = readQuantityCell(cell, quantityScope);
  if (!cell) return null;
  if (reading.kind === 'blank') {
    if (reading.reason !== null) scope.notes.skip(cell, reading.reason);
    return null;
  }
  const coefficient = linear?.terms.get(termKey(row, value.column)) ?? null;
  const price = priceFor(scope, row, value, coefficient);
  if (price.kind === 'describes') {
    scope.notes.skip(cell, `column "${value.service.trim()}" has no price and is in no total`);
    return null;
  }
  const line = makeLine(scope, cell, value, client, price, reading.quantity, reading.remarks);
  if (
    scope.index.hiddenColumns.has(value.column) &&
    isZero(line.amount) &&
    !reading.remarks.some(({ blocks }) => blocks)
  ) {
    scope.notes.skip(cell, 'the column is hidden and makes no money');
    return null;
  }
  const isRefused = reading.remarks.some(({ blocks }) => blocks);
  return { value, cell, line, isRefused, isInTotal: linear === null || coefficient !== null };
}

type Price =
  | { readonly kind: 'unit'; readonly unitPrice: UnitPrice }
  | { readonly kind: 'money' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'describes' };

/** In order: the row's own formula, its price cell, the price row, the header, the price list. */
function priceFor(
  scope: GridScope,
  row: number,
  value: ValueColumn,
  coefficient: ReturnType<typeof decimalOf>,
): Price {
  const named = namedPrice(scope, row, value);
  if (coefficient) {
    const unitPrice = toPrice(coefficient);
    if (unitPrice && !(isOne(coefficient) && named === null)) return { kind: 'unit', unitPrice };
    if (isOne(coefficient)) return { kind: 'money' };
  }
  if (named !== null) return { kind: 'unit', unitPrice: named };
  const cell = scope.index.at(row, value.column);
  if (cell && currencySign(cell.numberFormat) !== null) return { kind: 'money' };
  if (scope.explained.size > 0 && !scope.counted.has(value.column)) return { kind: 'describes' };
  return isAttribute(value) ? { kind: 'describes' } : { kind: 'missing' };
}

function namedPrice(scope: GridScope, row: number, value: ValueColumn): UnitPrice | null {
  const own =
    value.priceColumn === null ? null : priceOfCell(scope.index.at(row, value.priceColumn));
  if (own !== null) return own;
  const rows = scope.plan.priceRows;
  const nearest = [
    ...rows.filter((one) => one < row).reverse(),
    ...rows.filter((one) => one > row),
  ];
  for (const one of nearest) {
    const price = priceOfCell(scope.index.at(one, value.column));
    if (price !== null) return price;
  }
  return value.headerPrice ?? scope.prices.priceOf(value.service);
}

function makeLine(
  scope: GridScope,
  cell: Cell,
  value: ValueColumn,
  client: RowClient,
  price: Price,
  read: Quantity,
  remarks: readonly CellRemark[],
): SheetLine {
  const address = cellAddress(scope.index.name, cell);
  const isOneOff = isOneOffText(value.service) || isCreditText(value.service);
  const money = price.kind === 'money' ? moneyOf(read) : null;
  const quantity = money?.quantity ?? read;
  const unitPrice =
    money?.unitPrice ?? (price.kind === 'unit' ? price.unitPrice : parseUnitPrice('0'));
  const kind: LineKind =
    isNegative(quantity) && (isOneOff || money !== null)
      ? 'credit'
      : isOneOff
        ? 'one-off'
        : 'recurring';
  const amount = lineAmount(quantity, unitPrice, scope.currency);
  const ownRemarks = money
    ? remarks.filter(({ rule, blocks }) => blocks || rule !== 'negative or fractional')
    : remarks;
  const found = [
    ...client.remarks,
    ...ownRemarks,
    ...pricing(scope, cell, value, price, quantity, kind),
  ];
  const hidden = isZero(amount) ? null : hiddenRemark(cell, scope.index, amount);
  const merged = mergedRemark(cell, scope.index, (row) => scope.plan.kinds.get(row) === 'data');
  const flags: Flag[] = [...found, ...(hidden ? [hidden] : []), ...(merged ? [merged] : [])].map(
    (one) => flagOfRemark(one, address),
  );
  return {
    client: client.name,
    clientCode: client.code,
    service: value.service,
    kind,
    quantity,
    unitPrice,
    amount,
    cell: address,
    ...originOf(cell, scope.index, scope.others),
    note: isEmptyText(cell.note) ? null : cell.note,
    previous: previousOf(scope, cell, value, unitPrice),
    flags,
  };
}

/** A money column: the cell is the amount, one of it; less than nothing is a credit. */
function moneyOf(read: Quantity): { quantity: Quantity; unitPrice: UnitPrice } {
  const isLess = isNegative(read);
  const unitPrice = parseUnitPrice(isLess ? negateQuantity(read) : read);
  return { quantity: (isLess ? '-1' : isZero(read) ? '0' : '1') as Quantity, unitPrice };
}

function pricing(
  scope: GridScope,
  cell: Cell,
  value: ValueColumn,
  price: Price,
  quantity: Quantity,
  kind: LineKind,
): CellRemark[] {
  const at = localAddress(cell);
  const remarks: CellRemark[] = [];
  if (price.kind === 'missing' && !isZero(quantity)) {
    remarks.push({
      rule: 'price missing',
      blocks: true,
      text: `${at} counts ${quantity} of "${value.service.trim()}", which has no price on sheet "${scope.index.name}". Type a price under its header.`,
    });
  }
  if (isNegative(quantity) && kind === 'recurring') {
    remarks.push({
      rule: 'negative or fractional',
      blocks: true,
      text: `${at} holds ${quantity}: a recurring quantity is never negative. Make it a credit line, or correct it.`,
    });
  }
  return remarks;
}

function previousOf(
  scope: GridScope,
  cell: Cell,
  value: ValueColumn,
  unitPrice: UnitPrice,
): SheetLine['previous'] {
  const column = scope.plan.previous.get(value.column);
  if (column === undefined) return null;
  const before = scope.index.at(cell.row, column);
  const reading = readQuantityCell(before, {
    index: scope.index,
    others: scope.others,
    hasLargeQuantities: true,
  });
  if (before) scope.notes.take(before);
  if (reading.kind === 'blank' || reading.remarks.some(({ blocks }) => blocks)) return null;
  return { quantity: reading.quantity, unitPrice };
}

function withConstant(
  scope: GridScope,
  row: number,
  client: RowClient,
  entries: readonly Entry[],
  linear: Linear | null,
): readonly SheetLine[] {
  const lines = entries.map(({ line }) => line);
  const column = scope.plan.amountColumn;
  if (!linear || column === null || isNothing(linear.constant)) return lines;
  const at: Position = { row, column };
  const note = rowNote(scope, row, column);
  const agreed = priceFromNote(
    note,
    linear.constant,
    lines.filter(({ kind }) => kind === 'recurring'),
  );
  const changed = agreed && lines.filter(({ kind }) => kind === 'recurring')[agreed.at];
  if (agreed && changed) {
    const { unitPrice } = agreed;
    const amount = lineAmount(changed.quantity, unitPrice, scope.currency);
    return lines.map((line) =>
      line === changed ? { ...line, unitPrice, amount, note: line.note ?? note } : line,
    );
  }
  const amount = toMoney(linear.constant, scope.currency);
  if (amount === null || isZero(amount)) return lines;
  const place = {
    client: client.name,
    clientCode: client.code,
    cell: cellAddress(scope.index.name, at),
    note,
  };
  const line = adjustmentLine(place, amount, scope.currency);
  return [
    ...lines,
    { ...line, flags: client.remarks.map((remark) => flagOfRemark(remark, place.cell)) },
  ];
}

/** The note on the total, and what the row's note columns say. */
function rowNote(scope: GridScope, row: number, column: number): string | null {
  const texts = scope.plan.notesColumns.map((one) => cellText(scope.index.at(row, one)));
  const all = [scope.index.at(row, column)?.note ?? null, ...texts].filter(
    (text) => !isEmptyText(text),
  );
  return all.length === 0 ? null : all.join('\n');
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
