/** A count that moved because an account became shared, is shared no more, or by another rule. */
import type { CountPart } from './model.ts';
import { isZero, subtractQuantities, type Quantity } from './money.ts';

interface SplitCause {
  readonly kind: 'mapping changed';
  readonly quantity: Quantity;
  readonly text: string;
}

/** What the change of a rule alone did to each part; the vendor's own movement is left over. */
export function explainSplits(
  before: readonly CountPart[],
  now: readonly CountPart[],
): readonly SplitCause[] {
  return now.flatMap((part) => {
    const was = before.find(({ account, sku }) => account === part.account && sku === part.sku);
    if (!was || was.split?.rule === part.split?.rule) return [];
    const quantity = moved(was, part);
    if (isZero(quantity)) return [];
    const rule = part.split ? `is shared: ${part.split.rule}` : 'is shared no more';
    return [
      { kind: 'mapping changed' as const, quantity, text: `Account ${part.account} ${rule}.` },
    ];
  });
}

/** Against all of what the account counts, on the side where it is, or was, not shared. */
function moved(was: CountPart, part: CountPart): Quantity {
  if (part.split && !was.split) return subtractQuantities(part.quantity, part.split.whole);
  if (was.split && !part.split) return subtractQuantities(was.split.whole, was.quantity);
  return subtractQuantities(part.quantity, was.quantity);
}
