/** The rules about quantities of one client: typed rules first, then the jump. */
import { isWorth, lineFlag, serviceName } from './flag-line.ts';
import type { FlagContext, FlagLine, MovedFlagLine } from './flag-line.ts';
import { moreOrLess, percent, plural, signed } from './flag-words.ts';
import { groupBy } from './lists.ts';
import type { Flag } from './model.ts';
import { absoluteAmount, sumAmounts } from './money.ts';

const DROP_FROM = 3;
const DROP_TO_SHARE = 0.25;
const DOUBLED_FROM = 2;
const SWAP_FROM = 3;
/** "About the same" of a plan swap: a quarter, at least one seat (hires follow late). */
const SWAP_SLACK_SHARE = 0.25;
const JUMP_UNITS = 3;
const JUMP_SHARE = 0.2;
const JUMP_ROOTS = 1.2;
const SEASON_SHARE = 0.12;

export function flagQuantities(
  lines: readonly MovedFlagLine[],
  context: FlagContext,
): readonly Flag[] {
  const moved = lines.filter(({ n }) => n.moved !== 0);
  const swaps = flagSwaps(moved, context);
  const rest = moved.filter(({ line }) => !swaps.covered.has(line));
  return [...swaps.flags, ...rest.flatMap((line) => flagLine(line, context) ?? [])];
}

function flagLine(moved: MovedFlagLine, context: FlagContext): Flag | null {
  if (!isWorth(moved.money, context)) return null;
  const { line, n } = moved;
  if (line.gone) return flag(moved, 'line gone', 'is no longer in the sheet', context);
  if (n.now === 0) return flag(moved, 'dropped', 'dropped to zero', context, true);
  if (n.last === 0) return flag(moved, 'new line', 'is new', context);
  if (n.last >= DROP_FROM && n.now <= n.last * DROP_TO_SHARE) {
    return flag(moved, 'dropped', 'fell to a quarter or less', context);
  }
  if (n.last >= DOUBLED_FROM && n.now === n.last * 2) {
    return flag(moved, 'doubled', 'is exactly double, perhaps listed twice', context);
  }
  if (!isJump(moved) || isSeason(moved)) return null;
  const words = `moved by ${plural(JUMP_UNITS, 'unit')} and ${JUMP_SHARE * 100} % or more`;
  return flag(moved, 'jump', words, context);
}

const isJump = ({ n }: MovedFlagLine): boolean =>
  Math.abs(n.moved) >= JUMP_UNITS &&
  Math.abs(n.moved) >= n.last * JUMP_SHARE &&
  Math.abs(n.moved) >= JUMP_ROOTS * Math.sqrt(n.last);

/** A jump that lands where the same month stood last year is a season. */
function isSeason({ line, n }: MovedFlagLine): boolean {
  const then = line.lastYear === null ? 0 : Number(line.lastYear);
  return then > 0 && Math.abs(n.now - then) <= then * SEASON_SHARE;
}

function flag(
  moved: MovedFlagLine,
  rule: 'line gone' | 'dropped' | 'new line' | 'doubled' | 'jump',
  words: string,
  context: FlagContext,
  blocks = false,
): Flag {
  const { line, last, money } = moved;
  const share = rule === 'jump' ? `, ${percent(last, line.quantity)}` : '';
  const numbers = `${last} to ${line.quantity} (${signed(moved.moved)}${share})`;
  const text = `${serviceName(line, context)} ${words}: ${numbers}, ${moreOrLess(money, context.currency)}.`;
  return lineFlag(rule, line, text, absoluteAmount(money), context, blocks);
}

/** Within a client and a group of plans: one down by three or more, another up by about that. */
function flagSwaps(
  moved: readonly MovedFlagLine[],
  context: FlagContext,
): { flags: readonly Flag[]; covered: ReadonlySet<FlagLine> } {
  const flags: Flag[] = [];
  const covered = new Set<FlagLine>();
  const byClient = groupBy(moved, ({ line }) => line.clientId);
  for (const group of context.groups) {
    for (const lines of byClient.values()) {
      const own = lines.filter(({ line }) => group.members.includes(line.serviceId));
      const downs = own
        .filter(({ n }) => n.moved <= -SWAP_FROM)
        .sort((a, b) => a.n.moved - b.n.moved);
      for (const down of downs) {
        const up = closestRise(
          down,
          own.filter(({ line }) => !covered.has(line)),
        );
        if (!up || !isWorth(tradedMoney(down, up, context), context)) continue;
        covered.add(down.line).add(up.line);
        flags.push(swapFlag(down, up, context));
      }
    }
  }
  return { flags, covered };
}

function closestRise(down: MovedFlagLine, lines: readonly MovedFlagLine[]): MovedFlagLine | null {
  const size = -down.n.moved;
  const distance = (line: MovedFlagLine): number => Math.abs(line.n.moved - size);
  const slack = Math.max(1, size * SWAP_SLACK_SHARE);
  const fitting = lines.filter((line) => line.n.moved > 0 && distance(line) <= slack);
  return fitting.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

const tradedMoney = (down: MovedFlagLine, up: MovedFlagLine, { currency }: FlagContext) =>
  sumAmounts([absoluteAmount(down.money), absoluteAmount(up.money)], currency);

function swapFlag(down: MovedFlagLine, up: MovedFlagLine, context: FlagContext): Flag {
  const [from, to] = [serviceName(down.line, context), serviceName(up.line, context)];
  const numbers = (of: MovedFlagLine): string =>
    `${of.last} to ${of.line.quantity} (${signed(of.moved)})`;
  const net = sumAmounts([down.money, up.money], context.currency);
  const money = moreOrLess(net, context.currency);
  const text = `Plan swapped: ${from} ${numbers(down)}, ${to} ${numbers(up)}, together ${money}.`;
  return lineFlag('plan swapped', down.line, text, tradedMoney(down, up, context), context);
}
