/** One count over several clients. Whatever the rule, the parts sum to the whole exactly. */
import { format, parseFixed, trim } from './decimal.ts';
import { assert } from './errors.ts';
import type { ClientId, Split } from './model.ts';
import { addQuantities, isNegative, subtractQuantities, type Quantity } from './money.ts';

export interface Portion {
  readonly clientId: ClientId;
  readonly quantity: Quantity;
  /** The rule in words: "2 of 3 shares". */
  readonly rule: string;
}

/** Null when fixed quantities are more than was counted: then nobody's part is known. */
export function splitQuantity(split: Split, sku: string, whole: Quantity): Portion[] | null {
  return split.by === 'shares' ? byShares(split.parts, whole) : byQuantities(split, sku, whole);
}

type Shares = Extract<Split, { readonly by: 'shares' }>['parts'];

function byShares(parts: Shares, whole: Quantity): Portion[] {
  const shares = parts.map((part) => part.shares);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const quantities = divide(whole, shares);
  return parts.map(({ clientId, shares: own }, index) => ({
    clientId,
    quantity: quantities[index] ?? whole,
    rule: `${String(own)} of ${String(total)} shares`,
  }));
}

/**
 * By largest remainder: everybody gets the whole units of his share, and what is left over goes
 * one by one to the largest rests, the first named first. The unit is the last decimal of the count.
 */
function divide(whole: Quantity, shares: readonly number[]): Quantity[] {
  const { units, scale } = trim(parseFixed(whole, 'quantity'));
  const total = shares.reduce((sum, share) => sum + BigInt(share), 0n);
  assert(total > 0n && units >= 0n, 'a split has shares, and a count is never negative');
  const exact = shares.map((share, index) => {
    const product = units * BigInt(share);
    return { index, floor: product / total, rest: product % total };
  });
  const given = exact.reduce((sum, { floor }) => sum + floor, 0n);
  const byRest = exact.toSorted((a, b) => Number(b.rest - a.rest) || a.index - b.index);
  const lucky = new Set(byRest.slice(0, Number(units - given)).map(({ index }) => index));
  return exact.map(({ floor, index }) => {
    const own = floor + (lucky.has(index) ? 1n : 0n);
    return format(trim({ units: own, scale })) as Quantity;
  });
}

function byQuantities(
  { parts, rest }: Extract<Split, { readonly by: 'quantities' }>,
  sku: string,
  whole: Quantity,
): Portion[] | null {
  const fixed = parts.filter((part) => part.sku === sku);
  const left = subtractQuantities(whole, addQuantities(fixed.map(({ quantity }) => quantity)));
  if (isNegative(left)) return null;
  return [
    ...fixed.map(({ clientId, quantity }) => ({ clientId, quantity, rule: 'fixed quantity' })),
    { clientId: rest, quantity: left, rule: fixed.length > 0 ? 'what the others leave' : 'all of it' },
  ];
} // prettier-ignore

/** Everybody who gets a part, each once. */
export const clientsOfSplit = (split: Split): ClientId[] => [
  ...new Set([
    ...split.parts.map(({ clientId }) => clientId),
    ...(split.by === 'quantities' ? [split.rest] : []),
  ]),
];
