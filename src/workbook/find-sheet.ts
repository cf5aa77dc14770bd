/** Finds the sheet of a month: by its tab, its title cells and notes, and the months in its headers. */
import { AppError } from '../core/errors.ts';
import {
  periodOfSerial,
  periodTitle,
  readPeriod,
  type BillingPeriod,
} from '../core/billing-period.ts';
import { findTables, monthAbove } from './find-tables.ts';
import { monthOf, wordsOf } from './header-words.ts';
import type { SheetIndex } from './sheet-index.ts';
import type { Table } from './table.ts';

export interface FoundSheet {
  readonly index: SheetIndex;
  readonly tables: readonly Table[];
  /** The month the sheet itself names; null when it names none. */
  readonly period: BillingPeriod | null;
}

interface Candidate extends FoundSheet {
  /** Months the sheet could be for, the surest evidence first. */
  readonly months: readonly { readonly period: BillingPeriod; readonly weight: number }[];
  /** A tab called "Oct" or "October", month 10, without a year. */
  readonly monthNumber: number | null;
}

const OWN_SHEETS: ReadonlySet<string> = new Set(['MCC', 'MCC Review', 'MCC Audit']);
const TITLE_ROWS = 12;
const WEIGHTS = { tabAlone: 6, tab: 5, column: 4, title: 3, monthName: 2, none: 1 };

export function candidatesOf(sheets: readonly SheetIndex[]): readonly Candidate[] {
  return sheets
    .filter(({ sheet }) => sheet.visible && !OWN_SHEETS.has(sheet.name))
    .flatMap((index) => {
      const tables = findTables(index);
      return tables.length === 0 ? [] : [candidateOf(index, tables)];
    });
}

function candidateOf(index: SheetIndex, tables: readonly Table[]): Candidate {
  const months: { period: BillingPeriod; weight: number }[] = [];
  const tab = readPeriod(index.name.replaceAll('_', ' '));
  const isAlone = /^[a-z]{3,9}[\s'._-]*\d{2,4}$|^\d{4}[-._ ]?\d{1,2}$|^\d{1,2}[-._ ]\d{4}$/i.test(
    index.name.trim(),
  );
  if (tab) months.push({ period: tab, weight: isAlone ? WEIGHTS.tabAlone : WEIGHTS.tab });
  for (const period of columnMonths(tables)) months.push({ period, weight: WEIGHTS.column });
  const blocks = tables.slice(1).flatMap((table) => monthAbove(index, table.headerTop, 0) ?? []);
  for (const period of [...titleMonths(index, tables[0]), ...blocks])
    months.push({ period, weight: WEIGHTS.title });
  const named = tab === null ? monthOf(index.name)?.mark : undefined;
  const monthNumber =
    typeof named === 'string' && named.startsWith('month ') ? Number(named.slice(6)) : null;
  return { index, tables, period: months[0]?.period ?? null, months, monthNumber };
}

function columnMonths(tables: readonly Table[]): readonly BillingPeriod[] {
  const marks = tables.flatMap(({ columns }) => columns.map(({ month }) => month));
  return marks.flatMap((mark) =>
    mark !== null && /^20\d\d-\d\d$/.test(mark) ? [mark as BillingPeriod] : [],
  );
}

/** Months in the lines above the table, and in the notes there. */
function titleMonths(index: SheetIndex, table: Table | undefined): readonly BillingPeriod[] {
  const until = Math.min(table ? table.headerTop - 1 : TITLE_ROWS, 60);
  const found: BillingPeriod[] = [];
  for (const cell of index.sheet.cells) {
    if (cell.row > until && !(cell.row === 1 && cell.column === 1)) continue;
    const { value } = cell;
    const texts = [value.kind === 'text' ? value.text : null, cell.note];
    const dated = value.kind === 'date' ? periodOfSerial(value.serial) : null;
    for (const period of [
      ...texts.map((text) => (text === null ? null : readPeriod(text))),
      dated,
    ]) {
      if (period) found.push(period);
    }
  }
  return found;
}

export function chooseSheet(
  candidates: readonly Candidate[],
  period: BillingPeriod | null,
): FoundSheet {
  if (candidates.length === 0) throw noTable();
  const ranked = candidates
    .map((one) => ({ one, weight: weightOf(one, period) }))
    .filter(({ weight }) => weight > 0);
  const best = Math.max(0, ...ranked.map(({ weight }) => weight));
  const top = ranked.filter(({ weight }) => weight === best).map(({ one }) => one);
  if (top.length === 0) throw wrongMonth(candidates, period);
  const [chosen] = top.length === 1 ? top : mainOf(top);
  if (!chosen) throw severalFit(top, period);
  return {
    ...chosen,
    period:
      best > WEIGHTS.monthName
        ? (period ?? chosen.period)
        : best === WEIGHTS.monthName
          ? period
          : null,
  };
}

function weightOf(candidate: Candidate, period: BillingPeriod | null): number {
  const { months, monthNumber } = candidate;
  if (period === null)
    return months[0] ? months[0].weight * 10_000 + monthIndex(months[0].period) : WEIGHTS.none;
  const tab = months.find(({ weight }) => weight >= WEIGHTS.tab);
  if (
    tab &&
    tab.period !== period &&
    !months.some((one) => one.weight === WEIGHTS.column && one.period === period)
  )
    return 0;
  const fit = months.find((one) => one.period === period);
  if (fit) return fit.weight;
  if (monthNumber !== null)
    return monthNumber === Number(period.slice(5)) && months.length === 0 ? WEIGHTS.monthName : 0;
  return months.length === 0 ? WEIGHTS.none : 0;
}

const monthIndex = (period: BillingPeriod): number =>
  Number(period.slice(0, 4)) * 12 + Number(period.slice(5)) - 24_000;

/** Of several tabs without a month the one that is no summary, price list or template. */
function mainOf<T extends Candidate>(top: readonly T[]): readonly T[] {
  const plain = top.filter(
    ({ index }) =>
      !/\b(?:summary|by client|prices?|price list|template|archive|old|copy|backup|pivot|chart|map|catalog(?:ue)?|cost|export|rates?)\b|\(\d\)$/.test(
        wordsOf(index.name),
      ),
  );
  return plain.length === 1 ? plain : [];
}

const noTable = (): AppError =>
  new AppError(
    'INPUT_INVALID',
    'No visible sheet has a billing table. MCC looks for a header row with a client column, and rows of quantities below it.',
  );

function wrongMonth(candidates: readonly Candidate[], period: BillingPeriod | null): AppError {
  const seen = candidates.map(
    ({ index, period: own }) => `"${index.name}"${own ? ` (${periodTitle(own)})` : ''}`,
  );
  const wanted = period ? periodTitle(period) : 'any month';
  return new AppError(
    'INPUT_INVALID',
    `No sheet for ${wanted} was found. Sheets with a table: ${seen.join(', ')}. Name the month in the tab or the title of the sheet.`,
  );
}

function severalFit(top: readonly Candidate[], period: BillingPeriod | null): AppError {
  const names = top.map(({ index }) => `"${index.name}"`).join(' and ');
  const month = period ? ` for ${periodTitle(period)}` : '';
  return new AppError(
    'INPUT_INVALID',
    `The sheets ${names} both could be the one${month}. Choose one of them by its name.`,
  );
}
