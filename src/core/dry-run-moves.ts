/** Pairs each billed line with the same line of last month and explains what moved. */
import { causeContext } from './cause-context.ts';
import type { MovedCount } from './cause-context.ts';
import { causesOf, countedBefore } from './causes.ts';
import type { CauseContext } from './count-causes.ts';
import { countOf } from './counts.ts';
import type { CountIndex } from './counts.ts';
import { deltaOf, lineIds } from './deltas.ts';
import type { BilledLine } from './lines.ts';
import type {
  BillingLine,
  ClientId,
  DryRunLine,
  PostedLine,
  PostedMonth,
  Service,
  ServiceId,
  Snapshot,
} from './model.ts';
import { isZero, subtractQuantities, zeroAmount, ZERO_QUANTITY } from './money.ts';
import type { Currency, Quantity } from './money.ts';
import type { RolledLine } from './roll-forward.ts';

export interface MoveSetting {
  readonly currency: Currency;
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly counts: CountIndex | null;
  readonly previous: PostedMonth | null;
  currencyOf(id: ClientId): Currency;
}

/** A line of the month with its past; flags come later. */
export interface MovedBilledLine {
  readonly billed: BilledLine;
  readonly line: DryRunLine;
}

export interface MovedMonth {
  readonly lines: readonly MovedBilledLine[];
  readonly gone: readonly DryRunLine[];
  /** Gone lines of clients that are billed in another currency than the sheet's. */
  readonly elsewhere: readonly RolledLine[];
}

export function moveLines(
  billed: readonly BilledLine[],
  setting: MoveSetting,
  snapshot: Snapshot | null,
): MovedMonth {
  const before = previousById(setting.previous);
  const { currency } = setting;
  const isOwn = (id: ClientId): boolean => setting.currencyOf(id) === currency;
  const pairs = billed.map((each) => ({
    billed: each,
    previous: isOwn(each.line.clientId) ? (before.get(each.line.id) ?? null) : null,
  }));
  const met = new Set(
    pairs.flatMap(({ billed: { line }, previous }) => (previous ? [line.id] : [])),
  );
  const missing = [...before].filter(([id, line]) => !met.has(id) && !isNothing(line));
  const gone = missing.map(([id, line]) => toGone(id, line, setting));
  const context = contextOf(pairs, gone, setting, snapshot);
  const lines = pairs.map(({ billed: each, previous }) => {
    const delta = deltaOf(previous, each.line, currency);
    const causes = causesOf({ ...each.line, previous, gone: false }, context);
    return { billed: each, line: { ...each.line, previous, delta, causes, flags: [] } };
  });
  const explained = gone.map((line) =>
    explainGone(line, context, setting.currencyOf(line.clientId)),
  );
  return {
    lines,
    gone: explained.filter((line) => isOwn(line.clientId)),
    elsewhere: explained
      .filter((line) => !isOwn(line.clientId))
      .map((line) => ({ line, currency: setting.currencyOf(line.clientId), held: false })),
  };
}

function previousById(previous: PostedMonth | null): ReadonlyMap<string, PostedLine> {
  const lines = previous?.lines ?? [];
  const ids = lineIds(lines);
  return new Map(lines.map((line, index) => [ids[index] ?? '', line]));
}

const isNothing = ({ quantity, amount }: PostedLine): boolean => isZero(quantity) && isZero(amount);

/** It bills nothing now, keeps last month's price and shows what the source still counts. */
function toGone(
  id: string,
  previous: PostedLine,
  setting: MoveSetting,
): BillingLine & { previous: PostedLine } {
  const { clientId, serviceId, kind, description, unitPrice } = previous;
  const amount = zeroAmount(setting.currencyOf(clientId));
  const answer =
    setting.counts && kind === 'recurring' ? countOf(setting.counts, clientId, serviceId) : null;
  const count = answer?.kind === 'count' ? answer.count : null;
  return {
    id, clientId, serviceId, kind, description, quantity: ZERO_QUANTITY, unitPrice, amount, entry: 'typed', cell: '', count, previous,
  }; // prettier-ignore
}

function explainGone(
  line: BillingLine & { previous: PostedLine },
  context: CauseContext,
  currency: Currency,
): DryRunLine {
  const delta = deltaOf(line.previous, null, currency);
  const causes = causesOf({ ...line, gone: true }, { ...context, currency });
  return { ...line, delta, causes, flags: [] };
}

function contextOf(
  pairs: readonly { readonly billed: BilledLine; readonly previous: PostedLine | null }[],
  gone: readonly (BillingLine & { previous: PostedLine })[],
  setting: MoveSetting,
  snapshot: Snapshot | null,
): CauseContext {
  const now = pairs.map(({ billed: { line }, previous }) => ({ ...line, previous }));
  const recurring = [...now, ...gone].filter(({ kind }) => kind === 'recurring');
  return causeContext({
    currency: setting.currency,
    sources: snapshot?.sources ?? [],
    services: [...setting.services.values()],
    counts: snapshot?.counts ?? [],
    previous: setting.previous?.lines ?? [],
    moved: recurring.map((line): MovedCount => ({
      clientId: line.clientId,
      serviceId: line.serviceId,
      moved: countMove(line),
    })),
  });
}

/** How far the vendor's count moved where both are known, else how far the bill moved. */
function countMove(line: BillingLine & { previous: PostedLine | null }): Quantity {
  const was = countedBefore(line.previous);
  if (line.count && was !== null) return subtractQuantities(line.count.quantity, was);
  return subtractQuantities(line.quantity, line.previous?.quantity ?? ZERO_QUANTITY);
}
