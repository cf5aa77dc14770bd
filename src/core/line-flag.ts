/** A flag of one billed line, at its cell; no money at stake is no impact. */
import type { BillingLine, Flag, FlagRule } from './model.ts';
import { absoluteAmount, isZero } from './money.ts';
import type { Amount, Currency } from './money.ts';

export function makeLineFlag(
  rule: FlagRule,
  line: BillingLine,
  text: string,
  amount: Amount,
  currency: Currency,
  blocks = false,
): Flag {
  const { clientId, serviceId, cell, count } = line;
  const impact = isZero(amount) ? null : { amount: absoluteAmount(amount), currency };
  return { rule, blocks, text, cell, clientId, serviceId, source: count?.source ?? null, impact };
}
