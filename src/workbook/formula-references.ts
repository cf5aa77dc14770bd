/** Which cells a formula names, and which of its row it multiplies with each other. */
import type { Formula } from './formula-parser.ts';

/** All single cells a formula names; of ranges both corners and what is between them in one row. */
export function references(
  tree: Formula,
): readonly { row: number; column: number; sheet: string | null }[] {
  switch (tree.kind) {
    case 'reference':
      return [tree];
    case 'range': {
      const { from, to } = tree;
      if (from.row !== to.row) return [from, to];
      const width = Math.min(Math.abs(to.column - from.column), 300);
      return Array.from({ length: width + 1 }, (_, at) => ({
        ...from,
        column: Math.min(from.column, to.column) + at,
      }));
    }
    case 'call':
      return tree.args.flatMap(references);
    case 'sign':
    case 'percent':
      return references(tree.of);
    case 'operation':
      return [...references(tree.left), ...references(tree.right)];
    case 'number':
    case 'text':
    case 'boolean':
    case 'name':
    case 'missing':
      return [];
  }
}

/** Products of two plain cells of the row, as columns. */
export function productsOf(tree: Formula, row: number): readonly (readonly [number, number])[] {
  if (tree.kind === 'call') return tree.args.flatMap((one) => productsOf(one, row));
  if (tree.kind === 'sign' || tree.kind === 'percent') return productsOf(tree.of, row);
  if (tree.kind !== 'operation') return [];
  const { left, right } = tree;
  const isPair = tree.operator === '*' && left.kind === 'reference' && right.kind === 'reference';
  if (isPair && isHere(left, row) && isHere(right, row)) return [[left.column, right.column]];
  return [...productsOf(left, row), ...productsOf(right, row)];
}

const isHere = (one: { row: number; sheet: string | null }, row: number): boolean =>
  one.row === row && one.sheet === null;
