/**
 * Operators with Excel's rules. fast-formula-parser takes only the first cell of a range in
 * A1:A5*B1:B5 and says that a blank cell differs from ""; both matter in billing sheets.
 */
import {
  compare,
  FormulaError,
  isError,
  isTable,
  toNumber,
  toTable,
  toText,
  type Single,
  type Table,
} from './values.ts';

type Operator = (a: Single, b: Single) => Single;

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': (a, b) => toNumber(a) + toNumber(b),
  '-': (a, b) => toNumber(a) - toNumber(b),
  '*': (a, b) => toNumber(a) * toNumber(b),
  '/': (a, b) => {
    const divisor = toNumber(b);
    if (divisor === 0) throw FormulaError.DIV0;
    return toNumber(a) / divisor;
  },
  '^': (a, b) => {
    const power = toNumber(a) ** toNumber(b);
    if (!Number.isFinite(power)) throw FormulaError.NUM;
    return power;
  },
  '&': (a, b) => toText(a) + toText(b),
  '=': (a, b) => compare(a, b) === 0,
  '<>': (a, b) => compare(a, b) !== 0,
  '<': (a, b) => compare(a, b) < 0,
  '>': (a, b) => compare(a, b) > 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '>=': (a, b) => compare(a, b) >= 0,
};

function attempt(operator: Operator, a: Single, b: Single): Single {
  try {
    return operator(a, b);
  } catch (error) {
    if (isError(error)) return error;
    throw error;
  }
}

export function infix(symbol: string, a: Single | Table, b: Single | Table): Single | Table {
  const operator = OPERATORS[symbol];
  if (!operator) throw FormulaError.VALUE;
  if (!isTable(a) && !isTable(b)) return attempt(operator, a, b);
  return broadcast(toTable(a), toTable(b), (x, y) => attempt(operator, x, y));
}

export function negate(value: Single | Table): Single | Table {
  return infix('-', 0, value);
}

/** A single row, column or cell is repeated to the size of the other side. */
function broadcast(a: Table, b: Table, combine: (x: Single, y: Single) => Single): Table {
  const rows = Math.max(a.length, b.length);
  const columns = Math.max(a[0]?.length ?? 0, b[0]?.length ?? 0);
  return Array.from({ length: rows }, (_row, i) =>
    Array.from({ length: columns }, (_column, j) => combine(at(a, i, j), at(b, i, j))),
  );
}

function at(table: Table, row: number, column: number): Single {
  const line = table.length === 1 ? table[0] : table[row];
  const value = line?.length === 1 ? line[0] : line?.[column];
  return value === undefined ? FormulaError.NA : value;
}
