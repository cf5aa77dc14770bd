/** One cell between exceljs and the model; both ways meet here so that saving can compare. */
import ExcelJS from 'exceljs';
import { dateSerial, isErrorText } from '../model/input.ts';
import { emptyCell, type Cell, type Scalar } from '../model/workbook.ts';
import { fromFile, toFile, type FileColour } from './colours.ts';

/** Functions newer than the file format carry a prefix in it. */
const NEWER =
  /\b(XLOOKUP|XMATCH|IFNA|IFS|SWITCH|TEXTJOIN|CONCAT|MAXIFS|MINIFS|FILTER|UNIQUE|SORT)\(/g;
const PREFIXES = /_xlfn\.(_xlws\.)?/gi;
/** How Excel itself stores an add-in's function: _xldudf_MCC_COUNT. */
const STORED_CUSTOM = /_xldudf_([A-Za-z0-9]+)_([A-Za-z0-9_.]+)\(/g;

export function readCell(cell: ExcelJS.Cell, date1904: boolean): Cell {
  const { formula, value } = contentOf(cell, date1904);
  return {
    ...emptyCell(),
    formula,
    value,
    numberFormat: formatOf(cell),
    fill: fillOf(cell),
    fontColor: fromFile(cell.font?.color as FileColour | undefined),
    bold: cell.font?.bold === true,
    italic: cell.font?.italic === true,
    align: alignOf(cell),
    wrap: cell.alignment?.wrapText === true,
    note: noteOf(cell),
  };
}

/** A cell covered by a merge mirrors the first one; it holds nothing of its own. */
const covered = (cell: ExcelJS.Cell): boolean =>
  cell.isMerged && cell.master.address !== cell.address;

function contentOf(
  cell: ExcelJS.Cell,
  date1904: boolean,
): { formula: string | null; value: Scalar } {
  if (covered(cell)) return { formula: null, value: '' };
  const { formula } = cell;
  if (typeof formula === 'string' && formula !== '') {
    const text = formula.replaceAll(PREFIXES, '').replaceAll(STORED_CUSTOM, '$1.$2(');
    return { formula: `=${text}`, value: toScalar(cell.result as unknown, date1904) };
  }
  return { formula: null, value: toScalar(cell.value, date1904) };
}

function toScalar(value: unknown, date1904: boolean): Scalar {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  if (value instanceof Date) return dateSerial(value) - (date1904 ? 1462 : 0);
  const { error, richText, text } = value as {
    error?: string;
    richText?: readonly { text: string }[];
    text?: unknown;
  };
  if (error !== undefined) return error;
  if (richText) return richText.map((part) => part.text).join('');
  return text === undefined ? '' : toScalar(text, date1904);
}

const formatOf = (cell: ExcelJS.Cell): string => (cell.numFmt as string | undefined) || 'General';

function fillOf(cell: ExcelJS.Cell): string | null {
  const fill = cell.fill as ExcelJS.Fill | undefined;
  if (fill?.type !== 'pattern' || fill.pattern === 'none') return null;
  return fromFile((fill.fgColor ?? fill.bgColor) as FileColour | undefined);
}

function alignOf(cell: ExcelJS.Cell): Cell['align'] {
  const { horizontal } = (cell.alignment as Partial<ExcelJS.Alignment> | undefined) ?? {};
  if (horizontal === 'left' || horizontal === 'right') return horizontal;
  return horizontal === 'center' || horizontal === 'centerContinuous' ? 'center' : null;
}

function noteOf(cell: ExcelJS.Cell): string | null {
  const note = cell.note as string | ExcelJS.Comment | undefined;
  if (note === undefined) return null;
  const text = typeof note === 'string' ? note : (note.texts ?? []).map((one) => one.text).join('');
  return text.trim() === '' ? null : text;
}

/** Writes what differs; a cell nobody changed stays as it was opened, down to its details. */
export function writeCell(cell: ExcelJS.Cell, now: Readonly<Cell>, date1904: boolean): void {
  if (covered(cell)) return;
  const was = readCell(cell, date1904);
  if (was.formula !== now.formula || was.value !== now.value) cell.value = toFileValue(now);
  if (was.numberFormat !== now.numberFormat) cell.numFmt = now.numberFormat;
  if (was.fill !== now.fill) {
    cell.fill =
      now.fill === null
        ? { type: 'pattern', pattern: 'none' }
        : { type: 'pattern', pattern: 'solid', fgColor: toFile(now.fill) };
  }
  writeFont(cell, was, now);
  if (was.align !== now.align || was.wrap !== now.wrap) {
    cell.alignment = {
      ...cell.alignment,
      ...(now.align === null ? {} : { horizontal: now.align }),
      wrapText: now.wrap,
    };
  }
}

function writeFont(cell: ExcelJS.Cell, was: Cell, now: Readonly<Cell>): void {
  const same =
    was.bold === now.bold && was.italic === now.italic && was.fontColor === now.fontColor;
  if (same) return;
  cell.font = {
    ...cell.font,
    bold: now.bold,
    italic: now.italic,
    ...(now.fontColor === null ? {} : { color: toFile(now.fontColor) }),
  };
}

function toFileValue(cell: Readonly<Cell>): ExcelJS.CellValue {
  const failed: boolean = isErrorText(cell.value as unknown);
  const value = failed ? { error: cell.value as ExcelJS.CellErrorValue['error'] } : cell.value;
  if (cell.formula === null) return cell.value === '' ? null : value;
  const formula = cell.formula.slice(1).replaceAll(NEWER, '_xlfn.$1(');
  // A cell that still waits for its function is saved without a result.
  if (cell.value === '' || cell.value === '#BUSY!') return { formula } as ExcelJS.CellFormulaValue;
  return { formula, result: value };
}
