/** The front door: a workbook in, the month's lines out, with a reason for every cell not taken. */
import { AppError } from '../core/errors.ts';
import { previousPeriod, readPeriod, type BillingPeriod } from '../core/billing-period.ts';
import { sumAmounts, type Currency } from '../core/money.ts';
import type { Flag, SheetLine, SheetReading } from '../core/model.ts';
import { cellAddress } from './address.ts';
import { nameKey } from './cell-text.ts';
import { compareTotals } from './compare-totals.ts';
import { assertOneBesideOther, findTables } from './find-tables.ts';
import { candidatesOf, chooseSheet, type FoundSheet } from './find-sheet.ts';
import { sideOf } from './grid-plan.ts';
import { planLines } from './lines-plan.ts';
import { readPriceLists, type PriceList } from './price-list.ts';
import { readGrid } from './read-grid.ts';
import { readLines } from './read-lines.ts';
import { startNotes, type ReadingNotes, type TableReading } from './reading-notes.ts';
import { sheetCurrency } from './sheet-currency.ts';
import { coveredRows, grandTotal } from './shown-totals.ts';
import { skipTheRest } from './skip-the-rest.ts';
import { indexSheet, type SheetIndex } from './sheet-index.ts';
import { columnsOf, type ReadingScope, type Table } from './table.ts';
import type { WorkbookReader } from './workbook.ts';

export interface ReadOptions {
  /** Read this sheet and no other. */
  readonly sheet?: string;
  /** The month to close; without it the latest month the workbook names. */
  readonly period?: BillingPeriod;
  /** What the books are kept in; a sheet that shows another currency is flagged. */
  readonly currency?: Currency;
  /** The sheet a person confirmed earlier; taken when it still fits the month. */
  readonly remembered?: { readonly sheet: string };
}

const DEFAULT_CURRENCY = 'USD' as Currency;

export async function readSheet(
  workbook: WorkbookReader,
  options: ReadOptions = {},
): Promise<SheetReading> {
  const names = await workbook.sheetNames();
  const sheets = await Promise.all(
    names.map(async ({ name }) => indexSheet(await workbook.readSheet(name))),
  );
  const found = findSheet(sheets, options);
  const prices = readPriceLists(sheets.filter((one) => one !== found.index));
  const reading = readFound(found, sheets, prices, options);
  return withPreviousTab(reading, sheets, prices, options, found);
}

function findSheet(sheets: readonly SheetIndex[], options: ReadOptions): FoundSheet {
  const period = options.period ?? null;
  const candidates = candidatesOf(sheets);
  const named = options.sheet === undefined ? null : namedSheet(sheets, options.sheet);
  if (named) return { index: named, tables: tablesOf(named), period };
  const { remembered } = options;
  const kept = remembered && candidates.filter(({ index }) => index.name === remembered.sheet);
  if (kept?.length === 1) {
    const [only] = kept;
    const fits =
      only &&
      (period === null ||
        only.period === period ||
        only.months.some((one) => one.period === period));
    if (only && fits) return { ...only, period: period ?? only.period };
  }
  return chooseSheet(candidates, period);
}

function namedSheet(sheets: readonly SheetIndex[], name: string): SheetIndex {
  const found = sheets.find((one) => one.name === name);
  if (!found) {
    const names = sheets.filter(({ sheet }) => sheet.visible).map((one) => `"${one.name}"`);
    throw new AppError(
      'INPUT_INVALID',
      `There is no sheet "${name}". The workbook has ${names.join(', ')}.`,
    );
  }
  if (!found.sheet.visible)
    throw new AppError('INPUT_INVALID', `Sheet "${name}" is hidden. Show it, or name another one.`);
  return found;
}

function tablesOf(index: SheetIndex): readonly Table[] {
  const tables = findTables(index);
  if (tables.length > 0) return tables;
  throw new AppError(
    'INPUT_INVALID',
    `Sheet "${index.name}" has no table that MCC can read: no header row with a client column above rows of quantities.`,
  );
}

function readFound(
  found: FoundSheet,
  sheets: readonly SheetIndex[],
  prices: PriceList,
  options: ReadOptions,
): SheetReading {
  const { index } = found;
  const others = new Map(sheets.filter((one) => one !== index).map((one) => [one.name, one]));
  const scope: ReadingScope = { index, others, period: options.period ?? found.period };
  const tables = tablesForMonth(scope, found.tables);
  const notes = startNotes(index.name);
  const money = sheetCurrency(index, options.currency ?? null, DEFAULT_CURRENCY);
  const reader = { ...scope, notes, currency: money.currency, prices };
  const readings = tables.map((table) => readTable(reader, table));
  const shape = readings[0]?.shape ?? 'grid';
  skipTheRest(
    index,
    tables,
    readings.map(({ reading }) => reading),
    notes,
  );
  return assemble({
    scope,
    notes,
    shape,
    currency: money.currency,
    flags: money.flags,
    readings: readings.map(({ reading }) => reading),
    period: found.period,
  });
}

/** Blocks of two months beside each other: the one of this month is read. */
function tablesForMonth(scope: ReadingScope, tables: readonly Table[]): readonly Table[] {
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
  const months = tables.map((table) => titleAbove(scope.index, table));
  const isSplit = new Set(months.filter((month) => month !== null)).size > 1;
  if (!isSplit) return tables;
  const now = tables.filter((_, at) => months[at] === scope.period);
  return now.length > 0 ? now : tables;
}

const TITLE_GAP = 4;

function titleAbove(index: SheetIndex, table: Table): BillingPeriod | null {
  for (let row = table.headerTop - 1; row >= Math.max(1, table.headerTop - TITLE_GAP); row -= 1) {
    for (const cell of index.row(row)) {
      const month = cell.value.kind === 'text' ? readPeriod(cell.value.text) : null;
      if (month) return month;
    }
  }
  return null;
}

function readTable(
  reader: ReadingScope & { notes: ReadingNotes; currency: Currency; prices: PriceList },
  table: Table,
): { shape: 'grid' | 'lines'; reading: TableReading } {
  const plan = planLines(reader, table);
  if (plan) return { shape: 'lines', reading: readLines(reader, plan) };
  refuseTransposed(reader.index, table);
  return { shape: 'grid', reading: readGrid(reader, table) };
}

/** Services down and clients across cannot be told from a list by its figures, only by its header. */
function refuseTransposed(index: SheetIndex, table: Table): void {
  const hasClient = columnsOf(table, 'client').length > 0 || columnsOf(table, 'code').length > 0;
  const [service] = columnsOf(table, 'service');
  if (hasClient || !service) return;
  const at = cellAddress(index.name, { row: table.headerBottom, column: service.column });
  throw new AppError(
    'INPUT_INVALID',
    `Sheet "${index.name}" has its services down the side (${at}) and its clients across. MCC reads a row per client, or a row per client and service. Turn the table round with Copy, Paste Special, Transpose.`,
  );
}

interface Parts {
  readonly scope: ReadingScope;
  readonly notes: ReadingNotes;
  readonly shape: 'grid' | 'lines';
  readonly currency: Currency;
  readonly flags: readonly Flag[];
  readonly readings: readonly TableReading[];
  readonly period: BillingPeriod | null;
}

function assemble({ scope, notes, shape, currency, flags, readings, period }: Parts): SheetReading {
  let offset = 0;
  const rows = readings.flatMap((reading) => {
    const shifted = reading.rows.map((row) => ({
      ...row,
      lines: row.lines.map((at) => at + offset),
    }));
    offset += reading.lines.length;
    return shifted;
  });
  const totals = readings
    .flatMap((reading) => reading.totals)
    .filter(
      (one, at, all) =>
        all.findIndex(
          (other) => other.at.row === one.at.row && other.at.column === one.at.column,
        ) === at,
    );
  const amountColumn = readings[0]?.amountColumn ?? null;
  const shownTotal = grandTotal(totals, rows, readings.length === 1 ? amountColumn : null);
  const covered =
    shownTotal && readings.length === 1
      ? coveredRows(shownTotal, totals, amountColumn, new Set())
      : null;
  const plain = readings.flatMap((reading) => reading.lines);
  if (plain.length === 0) throw nothingRead(scope);
  const lines = compareTotals({
    sheet: scope.index.name,
    currency,
    lines: plain,
    rows,
    shownTotal,
    covered,
  });
  return {
    shape,
    sheet: scope.index.name,
    period,
    currency,
    lines,
    skipped: notes.skipped(),
    flags,
    total: sumAmounts(
      lines.map(({ amount }) => amount),
      currency,
    ),
    shownTotal: shownTotal && {
      cell: cellAddress(scope.index.name, shownTotal.at),
      amount: shownTotal.amount,
    },
    clientRows: readings.flatMap((reading) => reading.clientRows),
  };
}

const nothingRead = ({ index }: ReadingScope): AppError =>
  new AppError(
    'INPUT_INVALID',
    `Sheet "${index.name}" has a header, but no quantity was found below it. Check that the quantities stand under their services.`,
  );

/** Without a posted month, last month's tab says what was billed then (rulings 14). */
function withPreviousTab(
  reading: SheetReading,
  sheets: readonly SheetIndex[],
  prices: PriceList,
  options: ReadOptions,
  found: FoundSheet,
): SheetReading {
  const period = options.period ?? reading.period;
  if (period === null || reading.lines.some(({ previous }) => previous !== null)) return reading;
  const before = readTab(sheets, previousPeriod(period), prices, found.index);
  if (!before) return reading;
  const last = new Map<string, SheetLine | null>();
  for (const line of before.lines) last.set(lineKey(line), last.has(lineKey(line)) ? null : line);
  const lines = reading.lines.map((line) => {
    const match = line.kind === 'recurring' ? last.get(lineKey(line)) : null;
    return match
      ? { ...line, previous: { quantity: match.quantity, unitPrice: match.unitPrice } }
      : line;
  });
  return { ...reading, lines };
}

const lineKey = (line: SheetLine): string =>
  `${nameKey(line.client)}\n${nameKey(line.service)}\n${line.kind}`;

function readTab(
  sheets: readonly SheetIndex[],
  period: BillingPeriod,
  prices: PriceList,
  current: SheetIndex,
): SheetReading | null {
  try {
    const candidates = candidatesOf(sheets.filter((one) => one !== current));
    const dated = candidates.filter(({ months }) => months.some((one) => one.period === period));
    return dated.length === 0
      ? null
      : readFound(chooseSheet(dated, period), sheets, prices, { period });
  } catch (error) {
    // Last month's tab is a convenience: when it cannot be read, the lines have no previous.
    if (error instanceof AppError) return null;
    throw error;
  }
}
