/** The front door: a workbook in, the month's lines out, with a reason for every cell not taken. */
import { AppError } from '../core/errors.ts';
import { previousPeriod, type BillingPeriod } from '../core/billing-period.ts';
import type { Currency } from '../core/money.ts';
import type { SheetLine, SheetReading } from '../core/model.ts';
import { cellAddress } from './address.ts';
import { nameKey } from './cell-text.ts';
import { assemble } from './assemble-reading.ts';
import { findTables } from './find-tables.ts';
import { candidatesOf, chooseSheet, type FoundSheet } from './find-sheet.ts';
import { tablesForMonth } from './tables-of-month.ts';
import { planLines } from './lines-plan.ts';
import { readPriceLists, type PriceList } from './price-list.ts';
import { readGrid } from './read-grid.ts';
import { readLines } from './read-lines.ts';
import { startNotes, type ReadingNotes, type TableReading } from './reading-notes.ts';
import { sheetCurrency } from './sheet-currency.ts';
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

/** What comes back every month; an agreed price makes its adjustment in both tabs. */
const STANDING: ReadonlySet<SheetLine['kind']> = new Set(['recurring', 'adjustment']);

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
    const match = STANDING.has(line.kind) ? last.get(lineKey(line)) : null;
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
