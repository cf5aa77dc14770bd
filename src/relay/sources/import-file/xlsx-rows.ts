// The rows of one sheet of an .xlsx, streamed, by the same plan as those of a CSV file.

import exceljs from 'exceljs';
import { AppError } from '../../../core/errors.ts';
import { unusable } from '../../tables/csv-text.ts';
import { rowReader, type TablePlan } from '../../tables/table-rows.ts';
import { newTextStore } from './text-store.ts';
import { checkXlsx } from './xlsx-zip.ts';

export interface XlsxQuestion {
  readonly path: string;
  readonly name: string;
  readonly plan: TablePlan;
  /** Absent: the first sheet that is shown. */
  readonly sheet?: string | undefined;
}

type Reader = exceljs.stream.xlsx.WorkbookReader;
type Worksheet = exceljs.stream.xlsx.WorksheetReader;
/** What the streaming reader carries beside its declared types. */
interface SheetName {
  readonly name?: string;
  readonly state?: string;
}

export async function readXlsx(question: XlsxQuestion): Promise<void> {
  const { path, name } = question;
  await checkXlsx(path, name);
  try {
    await readSheet(question);
  } catch (error) {
    if (error instanceof AppError) throw error;
    // The parser's own words speak of XML.
    throw new AppError(
      'SOURCE_MALFORMED',
      unusable(name, 'its sheets cannot be read. Open and save it in Excel').message,
      { cause: error },
    );
  }
}

async function readSheet({ path, name, plan, sheet }: XlsxQuestion): Promise<void> {
  const workbook = new exceljs.stream.xlsx.WorkbookReader(path, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  keepTextsApart(workbook, name);
  let isFound = false;
  for await (const worksheet of workbook) {
    if (isFound || !isWanted(workbook, worksheet, sheet)) continue;
    isFound = true;
    const reader = rowReader(plan, name, 'empty');
    for await (const row of worksheet) {
      reader.read(cellsOf(row, name), row.number);
    }
    reader.end();
  }
  if (isFound) return;
  throw unusable(name, sheet === undefined ? 'it shows no sheet' : `it has no sheet "${sheet}"`);
}

type SharedText =
  string | null | { readonly richText: readonly { readonly text: string | null }[] };

/** The reader sets a list, adds to it, and reads it by index: here that list is a text store. */
function keepTextsApart(workbook: Reader, name: string): void {
  let texts: object | undefined;
  Object.defineProperty(workbook, 'sharedStrings', {
    get: () => texts,
    set: () => {
      const store = newTextStore(name);
      const push = (text: SharedText): void => {
        store.push(plainText(text));
      };
      texts = new Proxy(
        {},
        { get: (_target, key) => (key === 'push' ? push : store.at(Number(key))) },
      );
    },
  });
}

function plainText(text: SharedText): string {
  if (text === null || typeof text === 'string') return text ?? '';
  return text.richText.map((part) => part.text).join('');
}

/** The order of the tabs is in the workbook's own list, not in the order of the parts. */
function isWanted(workbook: Reader, worksheet: Worksheet, sheet: string | undefined): boolean {
  const { name, state = 'visible' } = worksheet as unknown as SheetName;
  if (sheet !== undefined) return name === sheet;
  const { model } = workbook as unknown as {
    readonly model?: { readonly sheets?: readonly SheetName[] };
  };
  const shown = (model?.sheets ?? []).filter((one) => (one.state ?? 'visible') === 'visible');
  return state === 'visible' && (shown[0]?.name ?? name) === name;
}

function cellsOf(row: exceljs.Row, name: string): string[] {
  const cells: string[] = [];
  row.eachCell({ includeEmpty: false }, (cell, column) => {
    while (cells.length < column) cells.push('');
    cells[column - 1] = toText(cell, name);
  });
  return cells;
}

/** A number that could be read in two ways as text ("1.234") gets one more decimal. */
function toText(cell: exceljs.Cell, name: string): string {
  const { value } = cell;
  const isFormula = cell.type === exceljs.ValueType.Formula;
  const plain = isFormula ? resultOf(cell, name) : value;
  if (plain === null || plain === undefined) return '';
  if (typeof plain === 'number') return writeNumber(plain);
  if (typeof plain === 'string') return plain;
  if (typeof plain === 'boolean') return plain ? 'TRUE' : 'FALSE';
  if (plain instanceof Date) return plain.toISOString();
  if ('richText' in plain) return plain.richText.map(({ text }) => text).join('');
  if ('text' in plain) return plain.text;
  const said = 'error' in plain ? plain.error : 'no plain value';
  throw unusable(name, `cell ${cell.address} holds ${said}`);
}

/** What Excel calculated last; a file made by a program may hold none. */
function resultOf(cell: exceljs.Cell, name: string): exceljs.CellValue {
  const result = cell.result as exceljs.CellValue;
  if (result !== null && result !== undefined) return result;
  const words = `cell ${cell.address} is a formula without a value; save it in Excel first`;
  throw unusable(name, words);
}

function writeNumber(value: number): string {
  const text = String(value);
  return /\.\d{3}$/.test(text) ? `${text}0` : text;
}
