/** The criteria of SUMIF and its family: ">=10", "<>x", "Acme*", 12, in any case. */
import { compare, FormulaError, isError, toNumber, type Single, type Table } from './values.ts';

export type Test = (value: Single) => boolean;

export function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/~([*?~])|([*?])|[.+^${}()|[\]\\]/g, (all, escaped, wild) => {
    if (typeof escaped === 'string') return `\\${escaped}`;
    if (typeof wild === 'string') return wild === '*' ? '.*' : '.';
    return `\\${all}`;
  });
  return new RegExp(`^${source}$`, 'is');
}

export function criterion(wanted: Single): Test {
  if (typeof wanted !== 'string') return (value) => !isError(value) && equal(value, wanted);
  const [, operator = '', rest = ''] = /^(<>|>=|<=|=|>|<)?([\s\S]*)$/.exec(wanted) ?? [];
  const number = rest.trim() === '' ? Number.NaN : Number(rest.replace(/[$,]/g, ''));
  if (operator === '' || operator === '=') return equals(rest, number, operator === '=');
  if (operator === '<>') {
    const same = equals(rest, number, true);
    return (value) => !same(value);
  }
  const limit = Number.isNaN(number) ? rest : number;
  return (value) => {
    if (isError(value) || value === null || typeof value !== typeof limit) return false;
    const order = compare(value, limit);
    if (operator === '>') return order > 0;
    if (operator === '<') return order < 0;
    return operator === '>=' ? order >= 0 : order <= 0;
  };
}

function equals(rest: string, number: number, blankMatches: boolean): Test {
  if (rest === '') return (value) => value === null || (!blankMatches && value === '');
  if (!Number.isNaN(number)) {
    return (value) => value === number || (typeof value === 'string' && Number(value) === number);
  }
  if (/^(true|false)$/i.test(rest)) return (value) => value === /^t/i.test(rest);
  const pattern = wildcard(rest);
  return (value) => typeof value === 'string' && pattern.test(value);
}

function equal(value: Single, wanted: Single): boolean {
  if (wanted === null) return value === 0;
  if (typeof wanted === 'number' && typeof value === 'string') return Number(value) === wanted;
  return value !== null && typeof value === typeof wanted && compare(value, wanted) === 0;
}

/** Positions (row by row) where every range passes its test; ranges must have one shape. */
export function matching(pairs: readonly { range: Table; wanted: Single }[]): number[] {
  const lists = pairs.map(({ range, wanted }) => {
    const test = criterion(wanted);
    return range.flat().map(test);
  });
  const [first] = lists;
  if (!first || lists.some((list) => list.length !== first.length)) throw FormulaError.VALUE;
  return first.flatMap((_hit, index) => (lists.every((list) => list[index]) ? [index] : []));
}

/** Numbers at the positions; an error among them is the result. */
export function numbersAt(range: Table, positions: readonly number[]): number[] {
  const values = range.flat();
  return positions.flatMap((position) => {
    const value = values[position] ?? null;
    if (isError(value)) throw value;
    return typeof value === 'number' ? [toNumber(value)] : [];
  });
}
