/**
 * Why a line moved. The causes of a line sum to its delta exactly, in units and in money: units
 * are split first, each step priced at last month's price; what the new price does to the new
 * quantity is the price's own cause (the order is fixed, so the cross term belongs to the price).
 */
import type { Cause, CauseKind, Count, Entry, LineKind, PostedLine } from './model.ts';
import { explainCount, quantityOfParts } from './count-causes.ts';
import type { CauseContext, QuantityCause } from './count-causes.ts';
import {
  addQuantities, isZero, lineAmount, subtractAmounts, subtractQuantities, zeroAmount, ZERO_QUANTITY,
} from './money.ts'; // prettier-ignore
import type { Amount, Currency, Quantity, UnitPrice } from './money.ts';

/** One line as it was and is. Gone: quantity and amount are zero and gone says so. */
export interface MovedLine {
  readonly clientId: string;
  readonly serviceId: string;
  readonly kind: LineKind;
  readonly previous: PostedLine | null;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly amount: Amount;
  readonly entry: Entry;
  readonly count: Count | null;
  readonly gone: boolean;
}

export function causesOf(line: MovedLine, context: CauseContext): readonly Cause[] {
  const { currency } = context;
  const amountWas = line.previous?.amount ?? zeroAmount(currency);
  const quantityWas = line.previous?.quantity ?? ZERO_QUANTITY;
  const quantity = subtractQuantities(line.quantity, quantityWas);
  const amount = subtractAmounts(line.amount, amountWas, currency);
  if (isZero(quantity) && isZero(amount)) return [];
  if (line.kind !== 'recurring') {
    return [{ kind: 'one-off', quantity, amount, text: oneOffText(line) }];
  }
  return price(line, balance(quantityCauses(line, context), quantity), currency);
}

/** The last month's count behind a line; null when nobody knows it. */
export function countedBefore(previous: PostedLine | null): Quantity | null {
  if (!previous) return ZERO_QUANTITY;
  if (previous.parts.length > 0) return quantityOfParts(previous.parts);
  return previous.source === null ? null : previous.quantity;
}

function quantityCauses(line: MovedLine, context: CauseContext): readonly QuantityCause[] {
  const was = line.previous?.quantity ?? ZERO_QUANTITY;
  const moved = subtractQuantities(line.quantity, was);
  const countWas = countedBefore(line.previous);
  const countIs = line.count?.quantity ?? null;
  if (countIs === null || countWas === null) return uncounted(line, moved, context);
  const typedNow = subtractQuantities(line.quantity, countIs);
  const typedBefore = subtractQuantities(was, countWas);
  const override = subtractQuantities(typedNow, typedBefore);
  return [
    ...explainCount(line, subtractQuantities(countIs, countWas), context),
    { kind: 'override' as const, quantity: override, text: overrideText(line, countIs) },
  ];
}

/** Without a count on both sides: a person's doing where a count was replaced, else unexplained. */
function uncounted(
  line: MovedLine,
  moved: Quantity,
  context: CauseContext,
): readonly QuantityCause[] {
  const was = line.previous?.quantity ?? ZERO_QUANTITY;
  const swapped = context.swaps.get(`${line.clientId}|${line.serviceId}`);
  if (swapped) return [swapped];
  if (line.entry !== 'count' && line.previous?.source != null) {
    const text = line.gone
      ? `The line is no longer in the sheet; ${was} were counted last month.`
      : `${line.quantity} was typed; last month ${was} were counted.`;
    return [{ kind: 'override', quantity: moved, text }];
  }
  if (line.entry === 'count' && line.previous && line.count) {
    const text = `${was} was typed last month; now the count of ${line.count.quantity} is billed.`;
    return [{ kind: 'override', quantity: moved, text }];
  }
  return [];
}

function overrideText(line: MovedLine, count: Quantity): string {
  if (line.gone) return `The line is no longer in the sheet; the source counts ${count}.`;
  if (line.entry === 'count') return `What was typed last month gave way to the count of ${count}.`;
  return `${line.quantity} was typed; the source counts ${count}.`;
}

/** Drops empty steps and adds what no step explains. */
function balance(steps: readonly QuantityCause[], moved: Quantity): readonly QuantityCause[] {
  const named = steps.filter((step) => !isZero(step.quantity));
  const rest = subtractQuantities(moved, addQuantities(named.map((step) => step.quantity)));
  if (isZero(rest)) return named;
  const text = 'Nothing in the sources or the sheet says why.';
  return [...named, { kind: 'unexplained', quantity: rest, text }];
}

function price(
  line: MovedLine,
  steps: readonly QuantityCause[],
  currency: Currency,
): readonly Cause[] {
  const { previous } = line;
  const oldPrice = previous?.unitPrice ?? line.unitPrice;
  let quantity = previous?.quantity ?? ZERO_QUANTITY;
  let amount = previous?.amount ?? zeroAmount(currency);
  const causes: Cause[] = [];
  for (const step of steps) {
    quantity = addQuantities([quantity, step.quantity]);
    const after = lineAmount(quantity, oldPrice, currency);
    causes.push({ ...step, amount: subtractAmounts(after, amount, currency) });
    amount = after;
  }
  const rest = subtractAmounts(line.amount, amount, currency);
  if (isZero(rest)) return causes;
  return [...causes, { ...priceCause(line, oldPrice), quantity: ZERO_QUANTITY, amount: rest }];
}

function priceCause(line: MovedLine, was: UnitPrice): { kind: CauseKind; text: string } {
  if (was !== line.unitPrice) {
    return { kind: 'price changed', text: `The unit price went from ${was} to ${line.unitPrice}.` };
  }
  const text = `Last month's amount was not ${was} times its quantity.`;
  return { kind: 'unexplained', text };
}

function oneOffText(line: MovedLine): string {
  if (line.gone) return 'It was billed last month only.';
  return line.previous ? 'It is billed again, differently.' : 'It is billed this month.';
}
