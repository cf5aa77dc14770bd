/** A client that comes or goes as a whole is one reason, not one for each of its lines. */
import { isWorth, lineFlag } from './flag-line.ts';
import type { FlagContext, MovedFlagLine } from './flag-line.ts';
import { moreOrLess, plural } from './flag-words.ts';
import { groupBy } from './lists.ts';
import type { ClientId, Flag } from './model.ts';
import { absoluteAmount, sumAmounts } from './money.ts';

const LINES_FROM = 2;

export function flagClientsGone(
  lines: readonly MovedFlagLine[],
  context: FlagContext,
): { flags: readonly Flag[]; covered: ReadonlySet<ClientId> } {
  const flags: Flag[] = [];
  for (const own of groupBy(lines, ({ line }) => line.clientId).values()) {
    const moved = own.filter(({ n }) => n.last + n.now !== 0);
    const flag = moved.length < LINES_FROM ? null : flagClient(moved, context);
    if (flag) flags.push(flag);
  }
  return { flags, covered: new Set(flags.flatMap(({ clientId }) => clientId ?? [])) };
}

function flagClient(moved: readonly MovedFlagLine[], context: FlagContext): Flag | null {
  const [dearest] = [...moved].sort(
    (a, b) => Math.abs(Number(b.money)) - Math.abs(Number(a.money)),
  );
  const total = sumAmounts(
    moved.map(({ money }) => money),
    context.currency,
  );
  if (!dearest || !isWorth(total, context)) return null;
  const many = `${plural(moved.length, 'line')}, ${moreOrLess(total, context.currency)}`;
  const [line, impact] = [dearest.line, absoluteAmount(total)];
  if (moved.every(({ n }) => n.last === 0)) {
    return whole(lineFlag('new line', line, `All lines are new: ${many}.`, impact, context));
  }
  if (!moved.every(({ n }) => n.now === 0)) return null;
  if (moved.every((each) => each.line.gone)) {
    const text = `No line of last month is in the sheet any more: ${many}.`;
    return whole(lineFlag('line gone', line, text, impact, context));
  }
  return whole(
    lineFlag('dropped', line, `Everything dropped to zero: ${many}.`, impact, context, true),
  );
}

/** About the client, not about the line it was taken from. */
const whole = (flag: Flag): Flag => ({ ...flag, serviceId: null, source: null });
