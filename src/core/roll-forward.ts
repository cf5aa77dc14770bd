/** From last month's total to this one's, each step by name, each currency by itself. */
import { groupBy } from './lists.ts';
import type { Amount, Currency } from './money.ts';
import type { DryRunLine, RollForward } from './model.ts';
import { lineAmount, negateAmount, subtractAmounts, sumAmounts } from './money.ts';

/** One line of the month, gone ones too, in the currency of its client. */
export interface RolledLine {
  readonly currency: Currency;
  readonly line: DryRunLine;
  /** Left out of the batch: it moves the total back by its amount. */
  readonly held: boolean;
}

/** The totals as they were computed elsewhere: the roll-forward has to meet them. */
export interface RollEnds {
  readonly currency: Currency;
  readonly opening: Amount;
  readonly closing: Amount;
}

const NAMES = [
  'new lines', 'up', 'down', 'gone lines', 'price', 'one-offs', 'credits', 'adjustments', 'held back',
] as const; // prettier-ignore
type Name = (typeof NAMES)[number];

/**
 * opening + new + up − down − gone ± price ± one-offs ± credits ± adjustments − held = closing.
 * Opening and closing come from outside, the movements from the lines; the difference is shown.
 */
export function rollForward(
  ends: readonly RollEnds[],
  lines: readonly RolledLine[],
): readonly RollForward[] {
  const byCurrency = groupBy(lines, ({ currency }) => currency);
  return ends.map(({ currency, opening, closing }) => {
    const steps = (byCurrency.get(currency) ?? []).flatMap((rolled) =>
      movementsOf(rolled, currency),
    );
    const byName = groupBy(steps, ({ name }) => name);
    const movements = NAMES.map((name) => {
      const amounts = (byName.get(name) ?? []).map(({ amount }) => amount);
      return { name, amount: sumAmounts(amounts, currency) };
    });
    const reached = sumAmounts([opening, ...movements.map(({ amount }) => amount)], currency);
    const difference = subtractAmounts(closing, reached, currency);
    return { currency, opening, movements, closing, difference };
  });
}

interface Step {
  readonly name: Name;
  readonly amount: Amount;
}

function movementsOf({ line, held }: RolledLine, currency: Currency): readonly Step[] {
  const back: Step[] = held ? [{ name: 'held back', amount: negateAmount(line.amount) }] : [];
  const { kind, previous, delta } = line;
  if (kind === 'one-off') return [...back, { name: 'one-offs', amount: delta.amount }];
  if (kind === 'credit') return [...back, { name: 'credits', amount: delta.amount }];
  if (kind === 'adjustment') return [...back, { name: 'adjustments', amount: delta.amount }];
  if (delta.movement === 'same') return back;
  if (!previous) return [...back, { name: 'new lines', amount: line.amount }];
  if (delta.movement === 'gone') return [...back, { name: 'gone lines', amount: delta.amount }];
  const atOldPrice = lineAmount(line.quantity, previous.unitPrice, currency);
  const byCount = subtractAmounts(atOldPrice, previous.amount, currency);
  const byPrice = subtractAmounts(line.amount, atOldPrice, currency);
  const name = byCount.startsWith('-') ? 'down' : 'up';
  return [...back, { name, amount: byCount }, { name: 'price', amount: byPrice }];
}
