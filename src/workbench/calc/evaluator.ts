/**
 * One formula parser for the whole workbook. A pass is synchronous: whatever it reads is noted,
 * and a custom function without an answer yet makes the pass busy instead of waiting for it, so
 * that any number of cells ask their functions in one message.
 */
import FormulaParser, { type Parser, type Position } from 'fast-formula-parser';
import type { Rect } from '../model/a1.ts';
import { isErrorText } from '../model/input.ts';
import { findName, nameFormula } from '../model/names.ts';
import { findSheet, usedRange } from '../model/sheets.ts';
import { peek, type Scalar, type Sheet, type Workbook } from '../model/workbook.ts';
import type { FunctionMetadata, FunctionResult } from './custom-functions.ts';
import { cellId, noReads, type Reads } from './dependencies.ts';
import { worksheetFunctions } from './functions.ts';
import { lookupFunctions } from './lookups.ts';
import { moreFunctions } from './more-functions.ts';
import { infix, negate } from './operators.ts';
import {
  FormulaError,
  isError,
  isTable,
  toTable,
  type Argument,
  type Single,
  type Table,
} from './values.ts';

export const BUSY = '#BUSY!';
const BUSY_ERROR = new FormulaError(BUSY);

/** The answer of a custom function for these arguments, or null while it is on its way. */
export type AskFunction = (
  metadata: FunctionMetadata,
  args: readonly unknown[],
) => FunctionResult | null;

export interface Pass {
  readonly value: Scalar;
  readonly message: string | null;
  readonly busy: boolean;
  readonly reads: Reads;
}

export interface Evaluator {
  evaluate(
    formula: string,
    at: { sheet: Sheet; row: number; column: number },
    ask: AskFunction,
  ): Pass;
}

interface Running {
  readonly reads: Reads;
  readonly ask: AskFunction;
  busy: boolean;
  message: string | null;
}

export function createEvaluator(
  book: Workbook,
  custom: ReadonlyMap<string, FunctionMetadata>,
): Evaluator {
  let running: Running = { reads: noReads(), ask: () => null, busy: false, message: null };

  function read(sheet: Sheet, row: number, column: number): Single {
    const { value } = peek(sheet, row, column);
    if (value === '') return peek(sheet, row, column).formula === null ? null : '';
    if (value === BUSY) running.busy = true;
    return toSingle(value);
  }

  function sheetNamed(name: string | undefined): Sheet {
    const sheet = name === undefined ? null : findSheet(book, name);
    if (sheet) return sheet;
    running.reads.missingSheets.add((name ?? '').toLowerCase());
    throw FormulaError.REF;
  }

  function readRect(sheet: Sheet, rect: Rect): Table {
    running.reads.ranges.push({ sheetId: sheet.id, rect });
    const size = rect.rows > FULL_ROWS || rect.columns > FULL_COLUMNS ? cut(sheet, rect) : rect;
    return Array.from({ length: size.rows }, (_row, i) =>
      Array.from({ length: size.columns }, (_column, j) =>
        read(sheet, rect.row + i, rect.column + j),
      ),
    );
  }

  function askCustom(metadata: FunctionMetadata, args: readonly Argument[]): Single | Table {
    const plain = args.map((argument, index) => toArgument(argument, metadata, index));
    const broken = plain.flat(2).find((value) => isError(value));
    if (broken) return broken;
    const result = running.ask(metadata, plain);
    if (result === null) {
      running.busy = true;
      return BUSY_ERROR;
    }
    if (isErrorText(result.value)) running.message = result.message;
    return fromResult(result.value);
  }

  const parser = createParser(custom, askCustom, {
    onCell: ({ sheet, row, col }) => {
      const found = sheetNamed(sheet);
      running.reads.cells.add(cellId(found.id, row - 1, col - 1));
      return read(found, row - 1, col - 1);
    },
    onRange: ({ sheet, from, to }) =>
      readRect(sheetNamed(sheet), {
        row: from.row - 1,
        column: from.col - 1,
        rows: to.row - from.row + 1,
        columns: to.col - from.col + 1,
      }),
    onVariable: (name) => {
      running.reads.names.add(name.toLowerCase());
      return referenceOf(book, name);
    },
  });

  return {
    evaluate: (formula, at, ask) => {
      running = { reads: noReads(), ask, busy: false, message: null };
      const position = { sheet: at.sheet.name, row: at.row + 1, col: at.column + 1 };
      const value = parse(parser, formula.replace(/^=\s*/, ''), position);
      const { busy, reads, message } = running;
      return { value, busy, reads, message: isErrorText(value) ? message : null };
    },
  };
}

const FULL_ROWS = 100_000;
const FULL_COLUMNS = 10_000;

/** Whole columns and rows end where the sheet ends. */
function cut(sheet: Sheet, rect: Rect): { rows: number; columns: number } {
  const used = usedRange(sheet, true);
  const bottom = used ? used.row + used.rows : 0;
  const right = used ? used.column + used.columns : 0;
  return {
    rows: Math.min(rect.rows, Math.max(1, bottom - rect.row)),
    columns: Math.min(rect.columns, Math.max(1, right - rect.column)),
  };
}

/** A name that is a constant or another formula is read by inlining it where it is one cell. */
function referenceOf(book: Workbook, name: string) {
  const found = findName(book, name);
  if (!found?.target || nameFormula(book, found) === '=#REF!') return null;
  const { sheetId, rect } = found.target;
  const sheet = book.sheets.find((one) => one.id === sheetId)?.name ?? '';
  const from = { row: rect.row + 1, col: rect.column + 1 };
  if (rect.rows * rect.columns === 1) return { sheet, ...from };
  return { sheet, from, to: { row: rect.row + rect.rows, col: rect.column + rect.columns } };
}

function toArgument(argument: Argument, metadata: FunctionMetadata, index: number): unknown {
  if (argument.omitted) return null;
  const { value } = argument;
  if (metadata.parameters[index]?.dimensionality === 'matrix') return toTable(value);
  return isTable(value) ? (value[0]?.[0] ?? null) : value;
}

const toSingle = (value: Scalar): Single =>
  isErrorText(value) ? new FormulaError(String(value)) : value;

function fromResult(value: FunctionResult['value']): Single | Table {
  if (typeof value === 'object') return value.map((row) => row.map(toSingle));
  return toSingle(value);
}

function parse(parser: Parser, text: string, position: Position): Scalar {
  try {
    return toScalar(parser.parse(text, position));
  } catch (error) {
    return errorText(error);
  }
}

function toScalar(value: unknown): Scalar {
  if (isError(value)) return value.error;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  return 0;
}

/** The parser wraps what went wrong; a formula it cannot read at all is #NAME?. */
function errorText(error: unknown): string {
  if (!isError(error)) return '#VALUE!';
  if (isError(error.details)) return error.details.error;
  return isErrorText(error.error) ? error.error : '#NAME?';
}

type Ask = (metadata: FunctionMetadata, args: readonly Argument[]) => Single | Table;

function createParser(
  custom: ReadonlyMap<string, FunctionMetadata>,
  ask: Ask,
  hooks: ConstructorParameters<typeof FormulaParser>[0],
): Parser {
  const asked = [...custom].map(
    ([name, metadata]) =>
      [name, (...args: readonly unknown[]) => ask(metadata, args as readonly Argument[])] as const,
  );
  const parser = new FormulaParser({
    ...hooks,
    functions: {
      ...moreFunctions(),
      ...worksheetFunctions,
      ...lookupFunctions,
      ...Object.fromEntries(asked),
    } as Record<string, (...args: readonly unknown[]) => unknown>,
  });
  // IF, SUMIF and the like are ours and take values, not references and the parser.
  const ours = ['IF', 'SUMIF', 'AVERAGEIF', 'CHOOSE'];
  const keep = (names: readonly string[]): string[] => names.filter((one) => !ours.includes(one));
  parser.funsNeedContext = keep(parser.funsNeedContext);
  parser.funsNeedContextAndNoDataRetrieve = keep(parser.funsNeedContextAndNoDataRetrieve);
  parser.utils._applyInfix = (left, symbol, right) =>
    infix(symbol, left.val as Single | Table, right.val as Single | Table);
  parser.utils._applyPrefix = (prefixes, value) => {
    const signs = prefixes.filter((prefix) => prefix === '-');
    // --(A1:A5="x") makes numbers of TRUE and FALSE, so two signs are not none.
    return signs.reduce<Single | Table>((now) => negate(now), value as Single | Table);
  };
  return parser;
}
