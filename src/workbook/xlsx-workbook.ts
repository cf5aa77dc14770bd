/** Adapter: reads an .xlsx file through exceljs, with what exceljs leaves out read from its parts. */
import ExcelJS from 'exceljs';
import { AppError, assert } from '../core/errors.ts';
import type { Cell, CellValue, MergedArea, Sheet, WorkbookReader } from './workbook.ts';
import { splitAddress } from './address.ts';
import { filtersOf, type Filters } from './xlsx-filters.ts';
import { unpackXlsx } from './xlsx-container.ts';

/** Parts that hold no figures and that exceljs trips over: drawings, and validations of whole columns. */
const IGNORED = ['dataValidations', 'conditionalFormatting', 'extLst', 'drawing', 'picture', 'hyperlinks', 'headerFooter', 'pageSetup', 'rowBreaks']; // prettier-ignore
const CELLS_MAX = 2_000_000;
const UNIX_EPOCH_SERIAL = 25_569;
const DAY_MS = 86_400_000;

export async function openXlsx(bytes: Buffer, file: string): Promise<WorkbookReader> {
  const parts = unpackXlsx(bytes, file);
  const book = new ExcelJS.Workbook();
  try {
    const options: Partial<ExcelJS.XlsxReadOptions> = { ignoreNodes: IGNORED };
    await book.xlsx.load(bytes as unknown as ExcelJS.Buffer, options); // its typing asks for a Buffer of its own
  } catch (cause) {
    throw new AppError(
      'INPUT_INVALID',
      `"${file}" has a part that cannot be read. Open it in Excel, save it, and try again.`,
      { cause },
    );
  }
  const filters = filtersOf(parts);
  const sheets = new Map(book.worksheets.map((sheet) => [sheet.name, sheet]));
  const read = new Map<string, Sheet>();
  return {
    sheetNames: () =>
      Promise.resolve(
        book.worksheets.map(({ name, state }) => ({ name, visible: state === 'visible' })),
      ),
    readSheet: (name) => {
      const sheet = sheets.get(name);
      assert(sheet, `"${file}" has a sheet "${name}"`);
      const known = read.get(name) ?? toSheet(sheet, filters.get(name) ?? [], file);
      read.set(name, known);
      return Promise.resolve(known);
    },
    readName: (name) => Promise.resolve(readName(book, name)),
  };
}

function toSheet(sheet: ExcelJS.Worksheet, filters: Filters, file: string): Sheet {
  const cells: Cell[] = [];
  const hidden: number[] = [];
  sheet.eachRow({ includeEmpty: true }, (row) => {
    if (row.hidden) hidden.push(row.number);
    row.eachCell({ includeEmpty: false }, (cell) => {
      const made = toCell(cell);
      if (made) cells.push(made);
      if (cells.length > CELLS_MAX) throw tooMany(sheet.name, file);
    });
  });
  const isFiltered = (row: number): boolean =>
    filters.some(({ top, bottom }) => top <= row && row <= bottom);
  return {
    name: sheet.name,
    visible: sheet.state === 'visible',
    cells,
    merged: mergedOf(sheet),
    hiddenRows: hidden.filter((row) => !isFiltered(row)),
    filteredRows: hidden.filter(isFiltered),
    hiddenColumns: hiddenColumnsOf(sheet),
  };
}

const tooMany = (name: string, file: string): AppError =>
  new AppError(
    'INPUT_INVALID',
    `Sheet "${name}" of "${file}" has more than ${String(CELLS_MAX)} cells. Keep the billing sheet alone in the file.`,
  );

function toCell(cell: ExcelJS.Cell): Cell | null {
  if (cell.type === ExcelJS.ValueType.Merge) return null;
  const numberFormat = cell.numFmt || 'General';
  const value = toValue(cell, numberFormat);
  const formula = formulaOf(cell);
  const note = noteText(cell);
  if (value.kind === 'blank' && formula === null && note === null) return null;
  return {
    row: Number(cell.row),
    column: Number(cell.col),
    value,
    formula,
    numberFormat,
    note,
    bold: cell.font?.bold === true, // eslint-disable-line @typescript-eslint/no-unnecessary-condition -- a cell without a style has no font
  };
}

/** Slaves of a shared formula get theirs translated to their own place. */
function formulaOf(cell: ExcelJS.Cell): string | null {
  if (cell.type !== ExcelJS.ValueType.Formula) return null;
  const text: unknown = cell.formula;
  return typeof text === 'string' && text !== '' ? `=${text}` : null;
}

function toValue(cell: ExcelJS.Cell, numberFormat: string): CellValue {
  // cell.value.result is missing when the stored result is 0; cell.result is right (rulings, traps).
  const raw: unknown = cell.type === ExcelJS.ValueType.Formula ? cell.result : cell.value;
  return plainValue(raw, numberFormat);
}

function plainValue(raw: unknown, numberFormat: string): CellValue {
  if (raw === null || raw === undefined) return { kind: 'blank' };
  if (typeof raw === 'number')
    return Number.isNaN(raw) ? { kind: 'error', error: '#NUM!' } : { kind: 'number', number: raw };
  if (typeof raw === 'boolean') return { kind: 'boolean', boolean: raw };
  if (typeof raw === 'string') return { kind: 'text', text: raw };
  if (raw instanceof Date) return dateValue(raw, numberFormat);
  if (typeof raw !== 'object') return { kind: 'blank' };
  if ('error' in raw) return { kind: 'error', error: String(raw.error) };
  if ('richText' in raw && Array.isArray(raw.richText))
    return { kind: 'text', text: joinRuns(raw.richText) };
  if ('text' in raw) return plainValue(raw.text, numberFormat);
  return { kind: 'blank' };
}

/** exceljs takes the format '0 \s\e\a\t\s' for a date; dates of the 1904 system it has moved to 1900. */
function dateValue(date: Date, numberFormat: string): CellValue {
  const serial = Math.round((date.getTime() / DAY_MS + UNIX_EPOCH_SERIAL) * 1e9) / 1e9;
  if (!Number.isFinite(serial)) return { kind: 'error', error: '#NUM!' };
  return isDateFormat(numberFormat) ? { kind: 'date', serial } : { kind: 'number', number: serial };
}

/** exceljs drops the backslashes of a format, so a placeholder for digits tells "0 days" from a date. */
function isDateFormat(format: string): boolean {
  const plain = format
    .replace(/"[^"]*"/g, '')
    .replace(/[_*]./g, '')
    .replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
    .replace(/s\.0+/gi, 's');
  return !/[0#?]/.test(plain) && /[ymdhs]/i.test(plain.replace(/general|standard/gi, ''));
}

function joinRuns(runs: readonly unknown[]): string {
  return runs
    .map((run) =>
      typeof run === 'object' && run !== null && 'text' in run ? String(run.text) : '',
    )
    .join('');
}

function noteText(cell: ExcelJS.Cell): string | null {
  const note: unknown = cell.note;
  if (typeof note === 'string') return note;
  if (typeof note !== 'object' || note === null || !('texts' in note) || !Array.isArray(note.texts))
    return null;
  return joinRuns(note.texts);
}

function mergedOf(sheet: ExcelJS.Worksheet): readonly MergedArea[] {
  const { merges } = sheet.model as { merges?: readonly string[] };
  return (merges ?? []).flatMap((range) => {
    const [from = '', to = from] = range.split(':');
    const [a, b] = [splitAddress(`x!${from}`), splitAddress(`x!${to}`)];
    return a && b ? [{ top: a.row, left: a.column, bottom: b.row, right: b.column }] : [];
  });
}

function hiddenColumnsOf(sheet: ExcelJS.Worksheet): readonly number[] {
  const numbers = Array.from({ length: sheet.columnCount }, (_, index) => index + 1);
  return numbers.filter((number) => sheet.getColumn(number).hidden);
}

function readName(book: ExcelJS.Workbook, name: string): string | number | null {
  const [range] = book.definedNames.getRanges(name).ranges;
  const at = range === undefined ? null : splitAddress(range);
  const cell = at && book.getWorksheet(at.sheet)?.getCell(at.row, at.column);
  const value = cell ? toValue(cell, cell.numFmt || 'General') : null;
  if (value?.kind === 'text') return value.text;
  if (value?.kind === 'date') return value.serial;
  return value?.kind === 'number' ? value.number : null;
}
