/**
 * Opens an .xlsx file into the workbook through exceljs. What the model does not know (print
 * settings, validations, images ...) stays in the exceljs workbook, which saving starts from.
 */
import ExcelJS from 'exceljs';
import { bounding, parseAddress, type Rect } from '../model/a1.ts';
import { addName } from '../model/names.ts';
import { activate, addSheet } from '../model/sheets.ts';
import { announce, cellKey, nextId } from '../model/workbook.ts';
import type { ConditionalFormat, Sheet, Visibility, Workbook } from '../model/workbook.ts';
import { readCell } from './cells.ts';
import { fromFile, type FileColour } from './colours.ts';

export interface OpenedFile {
  readonly file: ExcelJS.Workbook;
  /** Worksheet ids of the file by sheet ids of the model. */
  readonly worksheets: ReadonlyMap<string, number>;
}

const VISIBILITY: Readonly<Record<string, Visibility>> = {
  visible: 'Visible',
  hidden: 'Hidden',
  veryHidden: 'VeryHidden',
};

/** Replaces everything in the workbook. A file that is no workbook leaves it as it was. */
export async function openXlsx(
  book: Workbook,
  bytes: ArrayBuffer | Uint8Array,
  name: string,
): Promise<OpenedFile> {
  const file = new ExcelJS.Workbook();
  await parse(file, bytes, name);
  separateSharedFormulas(file);
  const stale = [...book.sheets];
  book.sheets.length = 0;
  book.names.clear();
  book.settings.clear();
  book.name = name;
  book.activeSheetId = '';
  const worksheets = new Map<string, number>();
  const pairs = ordered(file).map((worksheet) => {
    const sheet = readSheet(book, worksheet, file.properties.date1904);
    worksheets.set(sheet.id, worksheet.id);
    return { sheet, worksheet };
  });
  readNames(book, file);
  for (const { sheet, worksheet } of pairs) {
    sheet.visibility = VISIBILITY[worksheet.state] ?? 'Visible';
    sheet.conditionalFormats = readConditionalFormats(book, worksheet);
  }
  activateFirst(book, file);
  if (stale.length > 0) announce(book, { kind: 'sheets' });
  for (const { sheet } of pairs) announceCells(book, sheet);
  announce(book, { kind: 'active' });
  announce(book, { kind: 'selection' });
  return { file, worksheets };
}

async function parse(
  file: ExcelJS.Workbook,
  bytes: ArrayBuffer | Uint8Array,
  name: string,
): Promise<void> {
  try {
    await file.xlsx.load(bytes as ArrayBuffer);
  } catch (cause) {
    throw new Error(`${name} cannot be opened: it is not an .xlsx workbook`, { cause });
  }
  if (file.worksheets.length === 0) throw new Error(`${name} cannot be opened: it has no sheet`);
}

const ordered = (file: ExcelJS.Workbook): readonly ExcelJS.Worksheet[] => file.worksheets;

/** exceljs loses the shared formula of a block once its first cell is written; so none is shared. */
function separateSharedFormulas(file: ExcelJS.Workbook): void {
  for (const worksheet of file.worksheets) {
    const found: { cell: ExcelJS.Cell; formula: string; result: unknown }[] = [];
    worksheet.eachRow((row) =>
      row.eachCell((cell) => {
        const { sharedFormula, shareType } = cell.value as {
          sharedFormula?: string;
          shareType?: string;
        };
        if (sharedFormula === undefined && shareType !== 'shared') return;
        found.push({ cell, formula: cell.formula, result: cell.result });
      }),
    );
    for (const { cell, formula, result } of found) {
      cell.value = { formula, result } as ExcelJS.CellFormulaValue;
    }
  }
}

function readSheet(book: Workbook, worksheet: ExcelJS.Worksheet, date1904: boolean): Sheet {
  const sheet = addSheet(book, worksheet.name);
  worksheet.eachRow({ includeEmpty: true }, (row, number) => {
    if (row.hidden) sheet.hiddenRows.add(number - 1);
    const { height } = row as { height?: number };
    if (height !== undefined) sheet.rowHeights.set(number - 1, Math.round((height * 4) / 3));
    row.eachCell({ includeEmpty: false }, (cell, column) => {
      sheet.cells.set(cellKey(number - 1, column - 1), readCell(cell, date1904));
    });
  });
  for (let column = 1; column <= worksheet.columnCount; column += 1) {
    const { hidden, width } = worksheet.getColumn(column);
    if (hidden) sheet.hiddenColumns.add(column - 1);
    if (width !== undefined) sheet.columnWidths.set(column - 1, pixels(width));
  }
  sheet.merges = merges(worksheet);
  const { autoFilter } = worksheet;
  const filtered = typeof autoFilter === 'string' ? parseAddress(autoFilter) : null;
  if (filtered)
    sheet.autoFilter = { rect: filtered.rect, criteria: filterCriteria(sheet, filtered.rect) };
  // exceljs leaves null where the sheet says nothing of views.
  const [view] = (worksheet.views as ExcelJS.Worksheet['views'] | null) ?? [];
  if (view?.state === 'frozen') {
    sheet.frozenRows = view.ySplit ?? 0;
    sheet.frozenColumns = view.xSplit ?? 0;
  }
  return sheet;
}

/** Widths of files count characters of 7 pixels and 5 pixels of padding. */
export const pixels = (width: number): number => Math.round(width * 7 + 5);
export const characters = (width: number): number => Math.max(0, (width - 5) / 7);

/** exceljs drops the criteria; hidden rows under a filter show that there were some. */
function filterCriteria(sheet: Sheet, rect: Rect): readonly unknown[] {
  const hidden = [...sheet.hiddenRows].some((row) => row > rect.row && row < rect.row + rect.rows);
  return hidden ? [{ filterOn: 'Values', values: [] }] : [];
}

function merges(worksheet: ExcelJS.Worksheet): Rect[] {
  const { merges: texts } = worksheet.model as { merges?: readonly string[] };
  return (texts ?? []).flatMap((text) => parseAddress(text)?.rect ?? []);
}

function readNames(book: Workbook, file: ExcelJS.Workbook): void {
  for (const { name, ranges } of file.definedNames.model) {
    const [reference, ...more] = ranges;
    if (reference === undefined || more.length > 0 || name.startsWith('_xlnm')) continue;
    if (!book.names.has(name.toLowerCase())) addName(book, name, `=${reference}`);
  }
}

interface FileRule {
  readonly type?: string;
  readonly formulae?: readonly unknown[];
  readonly style?: { readonly fill?: unknown; readonly font?: unknown };
}

export const isCustomRule = (rule: FileRule): boolean =>
  rule.type === 'expression' && typeof rule.formulae?.[0] === 'string';

function readConditionalFormats(book: Workbook, worksheet: ExcelJS.Worksheet): ConditionalFormat[] {
  const blocks = fileRules(worksheet);
  return blocks.flatMap(({ ref, rules }) => {
    const rects = ref.split(' ').flatMap((one) => parseAddress(one)?.rect ?? []);
    return rules.filter(isCustomRule).map((rule) => ({
      id: nextId(book),
      rects,
      formula: `=${String(rule.formulae?.[0])}`,
      ...styleOf(rule),
      stopIfTrue: false,
    }));
  });
}

export function fileRules(worksheet: ExcelJS.Worksheet): { ref: string; rules: FileRule[] }[] {
  const { conditionalFormattings } = worksheet as unknown as {
    conditionalFormattings?: { ref: string; rules: FileRule[] }[];
  };
  return conditionalFormattings ?? [];
}

function styleOf(rule: FileRule): Pick<ConditionalFormat, 'fill' | 'fontColor' | 'bold'> {
  const { fill, font } = (rule.style ?? {}) as {
    fill?: { bgColor?: FileColour; fgColor?: FileColour };
    font?: { color?: FileColour; bold?: boolean };
  };
  return {
    fill: fromFile(fill?.bgColor ?? fill?.fgColor),
    fontColor: fromFile(font?.color),
    bold: font?.bold ?? null,
  };
}

function activateFirst(book: Workbook, file: ExcelJS.Workbook): void {
  const [view] = (file.views as ExcelJS.Workbook['views'] | null) ?? [];
  const chosen = book.sheets[view?.activeTab ?? 0];
  const sheet =
    chosen?.visibility === 'Visible'
      ? chosen
      : book.sheets.find((one) => one.visibility === 'Visible');
  const first = sheet ?? book.sheets[0];
  if (!first) return;
  first.visibility = 'Visible';
  book.activeSheetId = '';
  activate(book, first);
}

function announceCells(book: Workbook, sheet: Sheet): void {
  const rects: Rect[] = [];
  for (const key of sheet.cells.keys()) {
    rects.push({ row: Math.floor(key / 16_384), column: key % 16_384, rows: 1, columns: 1 });
  }
  const rect = bounding(rects);
  if (rect) announce(book, { kind: 'cells', sheet, rect, source: 'file', before: null });
}
