/** What one client lost another gained: possibly one wrong mapping, shown as one. */
import { clientName, isWorth, lineFlag, serviceName } from './flag-line.ts';
import type { FlagContext, MovedFlagLine } from './flag-line.ts';
import { moreOrLess, signed } from './flag-words.ts';
import { groupBy } from './lists.ts';
import type { ClientId, Flag } from './model.ts';
import { absoluteAmount, sumAmounts } from './money.ts';

const LOST_FROM = 3;
/** "The same": within a tenth or one unit, for ordinary churn falls into the same month. */
const SLACK_SHARE = 0.1;
/** Where several services of a source went over together, chance is out and churn adds up. */
const SLACK_SHARE_TOGETHER = 0.25;

export interface Pair {
  readonly lost: ClientId;
  readonly gained: ClientId;
}

/** Lines of one client and source that went to zero, and those of another that rose. */
interface Match {
  readonly lost: readonly MovedFlagLine[];
  readonly gained: readonly MovedFlagLine[];
}

/** The flag goes to the client that gained; the one that lost is flagged by its own drop. */
export function flagPairs(
  lines: readonly MovedFlagLine[],
  context: FlagContext,
): { flags: readonly Flag[]; pairs: readonly Pair[] } {
  const rises = lines.filter(({ n }) => n.moved > 0);
  const drops = lines.filter(({ n }) => n.now === 0 && n.last > 0);
  const matches = [
    ...groupBy(drops, ({ line }) => `${line.clientId}|${line.source ?? ''}`).values(),
  ]
    .flatMap((lost) => matchesOf(lost, rises, context))
    .filter(({ gained }) => isWorth(moneyOf(gained, context), context));
  const pairs = matches.flatMap(({ lost: [loser], gained: [winner] }) =>
    loser && winner ? [{ lost: loser.line.clientId, gained: winner.line.clientId }] : [],
  );
  const once = new Map(pairs.map((pair) => [pair.lost, pair]));
  return { flags: matches.flatMap((match) => pairFlag(match, context)), pairs: [...once.values()] };
}

/** All that a source lost for a client together; else each service by itself. */
function matchesOf(
  lost: readonly MovedFlagLine[],
  rises: readonly MovedFlagLine[],
  context: FlagContext,
): readonly Match[] {
  const together = lost.length > 1 ? theOneMatch(lost, rises, SLACK_SHARE_TOGETHER) : null;
  if (together) return [together];
  return lost
    .filter(({ money }) => isWorth(money, context))
    .flatMap((line) => theOneMatch([line], rises, SLACK_SHARE) ?? []);
}

/** The client that gained the nearest number of all these services; two equally near are none. */
function theOneMatch(
  lost: readonly MovedFlagLine[],
  rises: readonly MovedFlagLine[],
  slackShare: number,
): Match | null {
  const size = lost.reduce((sum, { n }) => sum + n.last, 0);
  if (size < LOST_FROM) return null;
  const source = lost[0]?.line.source;
  const services = new Set(lost.map(({ line }) => line.serviceId));
  const fitting = rises.filter(
    ({ line }) => line.source === source && services.has(line.serviceId),
  );
  const distance = (gained: readonly MovedFlagLine[]): number =>
    Math.abs(gained.reduce((sum, { n }) => sum + n.moved, 0) - size);
  const [first, second] = [...groupBy(fitting, ({ line }) => line.clientId).values()]
    .filter((gained) => gained.length === services.size)
    .filter((gained) => distance(gained) <= Math.max(1, size * slackShare))
    .sort((a, b) => distance(a) - distance(b));
  if (!first || (second && distance(second) === distance(first))) return null;
  return { lost, gained: first };
}

const moneyOf = (lines: readonly MovedFlagLine[], { currency }: FlagContext) =>
  sumAmounts(
    lines.map(({ money }) => money),
    currency,
  );

function pairFlag({ lost, gained }: Match, context: FlagContext): readonly Flag[] {
  const [loser, winner] = [dearest(lost), dearest(gained)];
  if (!loser || !winner) return [];
  const money = moneyOf(gained, context);
  const rose = gained.map(
    (each) => `${serviceName(each.line, context)} rose from ${numbers(each)}`,
  );
  const other = `${clientName(loser.line, context)} went to 0 from ${lost.map(({ last }) => last).join(' and ')}`;
  const words = `${rose.join(' and ')}, ${moreOrLess(money, context.currency)}`;
  const text = `${words}, while ${other}: possibly one wrong mapping.`;
  return [lineFlag('wrong mapping', winner.line, text, absoluteAmount(money), context)];
}

const numbers = ({ last, line, moved }: MovedFlagLine): string =>
  `${last} to ${line.quantity} (${signed(moved)})`;

const dearest = (lines: readonly MovedFlagLine[]): MovedFlagLine | undefined =>
  [...lines].sort((a, b) => Math.abs(Number(b.money)) - Math.abs(Number(a.money)))[0];
