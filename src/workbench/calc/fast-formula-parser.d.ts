/** The part of fast-formula-parser 1.0.19 that we use; the package ships no types. */
declare module 'fast-formula-parser' {
  export interface CellReference {
    sheet?: string;
    row: number;
    col: number;
  }
  export interface RangeReference {
    sheet?: string;
    from: { row: number; col: number };
    to: { row: number; col: number };
  }
  export interface Position {
    sheet: string;
    row: number;
    col: number;
  }
  export interface ParserOptions {
    functions?: Record<string, (...args: readonly unknown[]) => unknown>;
    functionsNeedContext?: Record<string, (...args: readonly unknown[]) => unknown>;
    onCell?: (reference: CellReference) => unknown;
    onRange?: (reference: RangeReference) => unknown;
    onVariable?: (name: string, sheet: string) => CellReference | RangeReference | null;
  }
  export interface FormulaErrorValue extends Error {
    readonly error: string;
    readonly details?: unknown;
  }
  interface FormulaErrorClass {
    new (error: string, message?: string, details?: unknown): FormulaErrorValue;
    readonly VALUE: FormulaErrorValue;
    readonly NA: FormulaErrorValue;
    readonly NAME: FormulaErrorValue;
    readonly REF: FormulaErrorValue;
    readonly DIV0: FormulaErrorValue;
    readonly NUM: FormulaErrorValue;
  }
  export interface Extracted {
    readonly val: unknown;
    readonly isArray: boolean;
  }
  export interface Parser {
    parse(formula: string, position: Position, allowReturnArray?: boolean): unknown;
    /** Which functions get the parser first, and which get references instead of values. */
    funsNeedContext: string[];
    funsNeedContextAndNoDataRetrieve: string[];
    readonly utils: {
      _applyInfix(left: Extracted, symbol: string, right: Extracted): unknown;
      _applyPrefix(prefixes: readonly string[], value: unknown): unknown;
    };
  }
  interface ParserClass {
    new (options: ParserOptions): Parser;
    readonly FormulaError: FormulaErrorClass;
    readonly SSF: {
      format(format: string, value: unknown): string;
      is_date(format: string): boolean;
    };
  }
  const FormulaParser: ParserClass;
  // eslint-disable-next-line no-restricted-syntax -- the package is CommonJS with one export
  export default FormulaParser;
}
