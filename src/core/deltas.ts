/** A line against the same line of the last posted month. */
import { groupBy } from './lists.ts';
import type { Delta, LineKind, PostedLine } from './model.ts';
import {
  compareDecimals, isNegative, isZero, subtractAmounts, subtractQuantities, zeroAmount, ZERO_QUANTITY,
} from './money.ts'; // prettier-ignore
import type { Amount, Currency, Quantity, UnitPrice } from './money.ts';

interface Nameable {
  readonly clientId: string;
  readonly serviceId: string;
  readonly kind: LineKind;
  readonly description: string;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
}

/**
 * The id of each line: client, service, kind, and a number among equals. Equals are numbered by
 * what they are, not by where they stand, so that sorting a sheet renames nothing.
 */
export function lineIds(lines: readonly Nameable[]): readonly string[] {
  const keyOf = (line: Nameable): string => `${line.clientId}|${line.serviceId}|${line.kind}`;
  const indexes = lines.map((line, index) => ({ line, index }));
  const ids = new Array<string>(lines.length);
  for (const [key, equals] of groupBy(indexes, ({ line }) => keyOf(line))) {
    if (equals.length > 1) equals.sort((a, b) => compareEquals(a.line, b.line));
    equals.forEach(({ index }, place) => {
      ids[index] = `${key}|${place + 1}`;
    });
  }
  return ids;
}

function compareEquals(a: Nameable, b: Nameable): number {
  if (a.description !== b.description) return a.description < b.description ? -1 : 1;
  return compareDecimals(a.unitPrice, b.unitPrice) || compareDecimals(a.quantity, b.quantity);
}

/** Null on either side: the line is new, or gone. What stayed 0 moved nothing. */
export function deltaOf(
  previous: Pick<PostedLine, 'quantity' | 'amount'> | null,
  now: { readonly quantity: Quantity; readonly amount: Amount } | null,
  currency: Currency,
): Delta {
  const was = previous ?? { quantity: ZERO_QUANTITY, amount: zeroAmount(currency) };
  const is = now ?? { quantity: ZERO_QUANTITY, amount: zeroAmount(currency) };
  const quantity = subtractQuantities(is.quantity, was.quantity);
  const amount = subtractAmounts(is.amount, was.amount, currency);
  const still = isZero(quantity) && isZero(amount);
  const up = !isNegative(isZero(amount) ? quantity : amount);
  const movement = still ? 'same' : !previous ? 'new' : !now ? 'gone' : up ? 'up' : 'down';
  return { movement, quantity, amount };
}
