/** Typed cells against the counts: typed over a formula, or not what the source counts. */
import { countedBefore } from './causes.ts';
import { floorOf } from './flag-line.ts';
import { makeLineFlag } from './line-flag.ts';
import type { BilledLine } from './lines.ts';
import { groupBy } from './lists.ts';
import type { BillingLine, Flag, PostedLine, ServiceId } from './model.ts';
import { absoluteAmount, compareDecimals, lineAmount, subtractQuantities } from './money.ts';
import type { Amount, Currency, Quantity } from './money.ts';

/** So many cells of a service, and so large a share, are counts: a typed one among them stands out. */
const COUNTED_MIN = 3;
const COUNTED_SHARE = 0.6;

export interface TypedSetting {
  readonly currency: Currency;
  /** Sources with a notice: what they say is old, so nothing is held against it. */
  readonly silenced: ReadonlySet<string>;
  /** Nothing was ever posted: what was counted last month is told by the other cells of a service. */
  readonly isFirst: boolean;
}

/** The services whose cells are mostly counts. */
export function mostlyCounted(lines: readonly BilledLine[]): ReadonlySet<ServiceId> {
  const services = [...groupBy(lines, ({ line }) => line.serviceId)].filter(([, own]) => {
    const counted = own.filter(({ line }) => line.entry === 'count').length;
    return counted >= COUNTED_MIN && counted >= own.length * COUNTED_SHARE;
  });
  return new Set(services.map(([id]) => id));
}

export function checkTyped(
  billed: BilledLine,
  previous: PostedLine | null,
  mostly: ReadonlySet<ServiceId>,
  setting: TypedSetting,
): readonly Flag[] {
  const { line } = billed;
  if (line.kind !== 'recurring' || line.entry === 'count') return [];
  const wasCounted = (previous?.source ?? null) !== null;
  const standsOut = setting.isFirst && mostly.has(line.serviceId) && differs(line);
  if (wasCounted || standsOut) return [typedOver(billed, previous, setting)];
  return checkCompared(billed, previous, setting);
}

/** It costs what lies between the typed number and the count, or last month's where none is known. */
function typedOver(
  billed: BilledLine,
  previous: PostedLine | null,
  { currency }: TypedSetting,
): Flag {
  const { line } = billed;
  const wasCounted = (previous?.source ?? null) !== null;
  const over = wasCounted ? "over last month's count" : 'where the other cells hold a count';
  const says = line.count ? `${sourceTitle(billed)} counts ${line.count.quantity}` : null;
  const then = previous ? `last month ${previous.quantity} were counted` : null;
  const text = `${entered(billed)} ${over}; ${says ?? then ?? 'nothing is counted now'}.`;
  const reference = line.count?.quantity ?? previous?.quantity ?? line.quantity;
  return makeLineFlag('formula typed over', line, text, worth(line, reference, currency), currency);
}

function checkCompared(
  billed: BilledLine,
  previous: PostedLine | null,
  { currency, silenced }: TypedSetting,
): readonly Flag[] {
  const { line } = billed;
  const { count } = line;
  if (!count || !differs(line) || silenced.has(count.source) || stood(line, previous)) return [];
  const money = worth(line, count.quantity, currency);
  if (compareDecimals(money, floorOf(currency)) < 0) return [];
  const counts = `${sourceTitle(billed)} counts ${count.quantity}`;
  const text = `${entered(billed)}, ${counts}: ${money} ${currency} a month apart.`;
  return [makeLineFlag('count differs', line, text, money, currency)];
}

const differs = ({ count, quantity }: BillingLine): boolean =>
  count !== null && count.quantity !== quantity;

/** The same difference was there, and approved, last month. */
function stood(line: BillingLine, previous: PostedLine | null): boolean {
  const before = previous && previous.parts.length > 0 ? countedBefore(previous) : null;
  return before !== null && before === line.count?.quantity && previous?.quantity === line.quantity;
}

function entered({ line, sheet }: BilledLine): string {
  const how = line.entry === 'typed' ? 'typed' : 'calculated';
  return `${sheet.cell}: ${line.quantity} ${line.description} was ${how}`;
}

const sourceTitle = ({ answer }: BilledLine): string =>
  answer?.kind === 'count' ? (answer.source?.title ?? answer.count.source) : 'the source';

function worth(line: BillingLine, reference: Quantity, currency: Currency): Amount {
  const apart = subtractQuantities(line.quantity, reference);
  return absoluteAmount(lineAmount(apart, line.unitPrice, currency));
}
