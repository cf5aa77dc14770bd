/** One cell between exceljs and the model; both ways meet here so that saving can compare. */
import type ExcelJS from 'exceljs';
import { dateSerial, isErrorText } from '../model/input.ts';
import { emptyCell, type Cell, type Scalar } from '../model/workbook.ts';
import { fromFile, toFile, type FileColour } from './colours.ts';

/** Functions newer than the file format carry a prefix in it. */
const NEWER =
  /\b(XLOOKUP|XMATCH|IFNA|IFS|SWITCH|TEXTJOIN|CONCAT|MAXIFS|MINIFS|FILTER|UNIQUE|SORT)\(/g;
const PREFIXES = /_xlfn\.(_xlws\.)?/gi;
/** How Excel itself stores an add-in's function: _xldudf_MCC_COUNT. */
const STORED_CUSTOM = /_xldudf_([A-Za-z0-9]+)_([A-Za-z0-9_.]+)\(/g;

/** As exceljs really hands a cell over: its own types leave out that styles may be missing. */
interface LooseCell {
  readonly formula?: string;
  readonly result?: unknown;
  readonly value?: unknown;
  readonly numFmt?: string;
  readonly font?: {
    readonly color?: FileColour;
    readonly bold?: boolean;
    readonly italic?: boolean;
  };
  readonly fill?: {
    readonly type?: string;
    readonly pattern?: string;
    readonly fgColor?: FileColour;
    readonly bgColor?: FileColour;
  };
  readonly alignment?: { readonly horizontal?: string; readonly wrapText?: boolean };
  readonly note?: string | { readonly texts?: readonly { readonly text: string }[] };
}

export function readCell(real: ExcelJS.Cell, date1904: boolean): Cell {
  const cell = real as unknown as LooseCell;
  const { formula, value } = covered(real) ? NOTHING : contentOf(cell, date1904);
  return {
    ...emptyCell(),
    formula,
    value,
    numberFormat: formatOf(cell),
    fill: fillOf(cell),
    fontColor: fromFile(cell.font?.color),
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

interface Content {
  readonly formula: string | null;
  readonly value: Scalar;
}

const NOTHING: Content = { formula: null, value: '' };

function contentOf(cell: LooseCell, date1904: boolean): Content {
  const { formula } = cell;
  if (formula) {
    const text = formula.replaceAll(PREFIXES, '').replaceAll(STORED_CUSTOM, '$1.$2(');
    return { formula: `=${text}`, value: toScalar(cell.result, date1904) };
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

const formatOf = ({ numFmt }: LooseCell): string => numFmt || 'General';

function fillOf({ fill }: LooseCell): string | null {
  if (fill?.type !== 'pattern' || fill.pattern === 'none') return null;
  return fromFile(fill.fgColor ?? fill.bgColor);
}

function alignOf({ alignment }: LooseCell): Cell['align'] {
  const { horizontal } = alignment ?? {};
  if (horizontal === 'left' || horizontal === 'right') return horizontal;
  return horizontal === 'center' || horizontal === 'centerContinuous' ? 'center' : null;
}

function noteOf({ note }: LooseCell): string | null {
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
  const failed: boolean = isErrorText(cell.value);
  const value = failed ? { error: cell.value as ExcelJS.CellErrorValue['error'] } : cell.value;
  if (cell.formula === null) return cell.value === '' ? null : value;
  const formula = cell.formula.slice(1).replaceAll(NEWER, '_xlfn.$1(');
  // A cell that still waits for its function is saved without a result.
  if (cell.value === '' || cell.value === '#BUSY!') return { formula };
  return { formula, result: value };
}
