/** One card for each client that needs a human, with all its reasons, dearest first. */
import { groupBy } from './lists.ts';
import type { Card, ClientId, Flag, FlagRule } from './model.ts';
import { absoluteAmount, compareDecimals, isZero, sumAmounts, zeroAmount } from './money.ts';
import type { Currency } from './money.ts';

/** Rules that make a card whatever they cost, or when money is at stake. */
const CARD_RULES: ReadonlySet<FlagRule> = new Set([
  'price changed', 'dropped', 'new line', 'line gone', 'doubled', 'plan swapped', 'jump', 'wrong mapping', 'count differs', 'bundle differs', 'formula typed over',
]); // prettier-ignore

export interface CardSetting {
  readonly currency: Currency;
  readonly clientNames: ReadonlyMap<ClientId, string>;
  /** Held back, or billed by an earlier approval. */
  readonly settled: ReadonlySet<ClientId>;
  readonly pairs: readonly { readonly lost: ClientId; readonly gained: ClientId }[];
}

export function toCards(flags: readonly Flag[], setting: CardSetting): readonly Card[] {
  const asking = groupBy(flags.filter(isForCard), (flag) => flag.clientId ?? '');
  const pairOf = new Map(setting.pairs.map((pair) => [pair.lost, pair.gained]));
  const folded = new Set<ClientId>();
  for (const { lost, gained } of setting.pairs) {
    if (asking.has(lost) && !pairOf.has(gained)) folded.add(gained);
  }
  const used = new Set<ClientId>();
  const cards = [...asking].flatMap(([clientId, own]) => {
    if (folded.has(clientId)) return [];
    const gained = pairOf.get(clientId);
    const isPair = gained !== undefined && folded.has(gained);
    const theirs = isPair && !used.has(gained) ? (asking.get(gained) ?? []) : [];
    if (isPair) used.add(gained);
    return [toCard(clientId, isPair ? gained : null, [...own, ...theirs], setting)];
  });
  return cards.sort((a, b) => byMoney(b, a) || (a.clientName < b.clientName ? -1 : 1));
}

const byMoney = (a: Card, b: Card): number => compareDecimals(a.impact.amount, b.impact.amount);

/** A flag that only tells (a number stored as text, a formula gone but equal) makes no card. */
function isForCard({ rule, blocks, decided, impact, clientId }: Flag): boolean {
  if (clientId === null) return false;
  if (blocks) return true;
  const matters = impact !== null && !isZero(impact.amount);
  return (CARD_RULES.has(rule) && matters) || (decided !== undefined && !CARD_RULES.has(rule));
}

function toCard(
  clientId: ClientId,
  partner: ClientId | null,
  flags: readonly Flag[],
  { currency, clientNames, settled }: CardSetting,
): Card {
  const cost = (flag: Flag) => flag.impact?.amount ?? zeroAmount(currency);
  const reasons = [...flags].sort((a, b) => compareDecimals(cost(b), cost(a)));
  const amount = sumAmounts(
    reasons.map((flag) => absoluteAmount(cost(flag))),
    currency,
  );
  const name = (id: ClientId): string => clientNames.get(id) ?? id;
  const isDecided = (flag: Flag): boolean =>
    flag.decided !== undefined || settled.has(flag.clientId ?? '');
  return {
    clientId,
    clientName: name(clientId),
    reasons,
    impact: { amount, currency },
    pairedWith: partner === null ? null : { clientId: partner, clientName: name(partner) },
    decided: reasons.every(isDecided),
  };
}
