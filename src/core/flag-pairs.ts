/** What one client lost another gained: possibly one wrong mapping, shown as one. */
import { clientName, isWorth, lineFlag, serviceName } from './flag-line.ts';
import type { FlagContext, MovedFlagLine } from './flag-line.ts';
import { moreOrLess, signed } from './flag-words.ts';
import { groupBy } from './lists.ts';
import type { ClientId, Flag } from './model.ts';
import { absoluteAmount } from './money.ts';

const LOST_FROM = 3;
/** "The same": within a tenth or one unit, for ordinary churn falls into the same month. */
const SLACK_SHARE = 0.1;

export interface Pair {
  readonly lost: ClientId;
  readonly gained: ClientId;
}

/** The flag goes to the client that gained; the one that lost is flagged by its own drop. */
export function flagPairs(
  lines: readonly MovedFlagLine[],
  context: FlagContext,
): { flags: readonly Flag[]; pairs: readonly Pair[] } {
  const moved = lines.filter(({ n, money }) => n.moved !== 0 && isWorth(money, context));
  const flags: Flag[] = [];
  const pairs = new Map<ClientId, Pair>();
  for (const ofService of groupBy(moved, ({ line }) => line.serviceId).values()) {
    for (const loser of ofService.filter(({ n }) => n.now === 0 && n.last >= LOST_FROM)) {
      const winner = theOneRise(loser, ofService);
      if (!winner) continue;
      flags.push(pairFlag(loser, winner, context));
      const [lost, gained] = [loser.line.clientId, winner.line.clientId];
      if (!pairs.has(lost)) pairs.set(lost, { lost, gained });
    }
  }
  return { flags, pairs: [...pairs.values()] };
}

/** The nearest rise of that service; two equally near are no pair. */
function theOneRise(loser: MovedFlagLine, lines: readonly MovedFlagLine[]): MovedFlagLine | null {
  const distance = ({ n }: MovedFlagLine): number => Math.abs(n.moved - loser.n.last);
  const slack = Math.max(1, loser.n.last * SLACK_SHARE);
  const fitting = lines
    .filter((line) => line.line.source === loser.line.source)
    .filter((line) => line.n.moved > 0 && distance(line) <= slack)
    .sort((a, b) => distance(a) - distance(b));
  const [first, second] = fitting;
  if (!first || (second && distance(second) === distance(first))) return null;
  return first;
}

function pairFlag(loser: MovedFlagLine, winner: MovedFlagLine, context: FlagContext): Flag {
  const gained = `${winner.last} to ${winner.line.quantity} (${signed(winner.moved)})`;
  const other = `${clientName(loser.line, context)} went from ${loser.last} to 0`;
  const money = moreOrLess(winner.money, context.currency);
  const service = serviceName(winner.line, context);
  const text = `${service} rose from ${gained}, ${money}, while ${other}: possibly one wrong mapping.`;
  return lineFlag('wrong mapping', winner.line, text, absoluteAmount(winner.money), context);
}
