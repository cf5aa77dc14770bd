/** What a person decided, applied to the flags: it is remembered on them, and some stop blocking. */
import type { Decision, Flag, FlagRule, HeldClient } from './model.ts';

/** Nobody can decide these away: the number, name or price itself is missing or wrong. */
const NEVER_SETTLED: ReadonlySet<FlagRule> = new Set([
  'not a quantity', 'error value', 'negative or fractional', 'client unknown', 'client inactive', 'amount differs', 'service unknown', 'price missing', 'currency differs', 'count missing', 'source unmapped',
]); // prettier-ignore

const NEEDS_LATE_COUNTS: ReadonlySet<FlagRule> = new Set(['source late', 'source failed']);

/** Can a person's word lift this block, or must the sheet, mapping or source be mended? */
export const canSettle = ({ rule, blocks }: Flag): boolean => !(blocks && NEVER_SETTLED.has(rule));

/** What a person says to lift it. */
export const choiceFor = (rule: FlagRule): Decision['choice'] =>
  NEEDS_LATE_COUNTS.has(rule)
    ? 'use late counts'
    : rule === 'formula typed over'
      ? 'typed over'
      : 'keep';

export function settle(flag: Flag, decisions: readonly Decision[]): Flag {
  if (!canSettle(flag)) return flag;
  const decision = decisions.find((each) => isAbout(each, flag) && isEnough(each, flag));
  return decision ? { ...flag, blocks: false, decided: decision.choice } : flag;
}

/** Clients held by name and by the decision "hold". */
export function heldClients(
  held: readonly HeldClient[],
  decisions: readonly Decision[],
): ReadonlyMap<string, string> {
  const byDecision = decisions.flatMap(({ choice, clientId, reason }) =>
    choice === 'hold' && clientId !== null ? [{ clientId, reason }] : [],
  );
  return new Map([...byDecision, ...held].map(({ clientId, reason }) => [clientId, reason]));
}

function isAbout(decision: Decision, flag: Flag): boolean {
  return (
    decision.rule === flag.rule &&
    decision.clientId === flag.clientId &&
    (decision.serviceId === undefined || decision.serviceId === flag.serviceId) &&
    (decision.source === undefined || decision.source === flag.source)
  );
}

const isEnough = ({ choice }: Decision, { rule }: Flag): boolean =>
  choice !== 'hold' &&
  (NEEDS_LATE_COUNTS.has(rule) ? choice === 'use late counts' : choice !== 'use late counts');
