/** What must be right on a line before it can be billed, and what a person did to its formula. */
import { floorOf } from './flag-line.ts';
import { groupBy } from './lists.ts';
import type { BilledLine } from './lines.ts';
import type { Client, ClientId, Flag, FlagRule, PostedLine, Service, ServiceId } from './model.ts';
import {
  absoluteAmount, compareDecimals, isNegative, isWhole, isZero, lineAmount, subtractQuantities, zeroAmount,
} from './money.ts'; // prettier-ignore
import type { Amount, Currency } from './money.ts';
import { countedBefore } from './causes.ts';

export interface CheckSetting {
  readonly currency: Currency;
  readonly clients: ReadonlyMap<ClientId, Client>;
  readonly services: ReadonlyMap<ServiceId, Service>;
  /** Sources with a notice: what they say is old, so nothing is held against it. */
  readonly silenced: ReadonlySet<string>;
  /** Nothing was ever posted: what was counted last month is told by the other cells of a service. */
  readonly isFirst: boolean;
}

/** So many cells of a service, and so large a share, are counts: a typed one among them stands out. */
const COUNTED_MIN = 3;
const COUNTED_SHARE = 0.6;

const WHOLE_UNITS = new Set(['licence', 'device', 'agent']);

/** The flags of each line, in the order of the lines. */
export function checkLines(
  lines: readonly BilledLine[],
  previous: readonly (PostedLine | null)[],
  setting: CheckSetting,
): readonly (readonly Flag[])[] {
  const recurring = lines.filter(({ line }) => line.kind === 'recurring');
  const mostly = mostlyCounted(recurring);
  const rows = groupBy(recurring, ({ line }) => `${line.clientId}|${line.serviceId}`);
  return lines.map((billed, index) => {
    const { line } = billed;
    const own =
      line.kind === 'recurring' ? (rows.get(`${line.clientId}|${line.serviceId}`) ?? []) : [];
    const alone = own.length === 1;
    const [first] = own;
    const found = [
      ...checkService(billed, setting),
      ...checkCount(billed, setting),
      ...checkNumbers(billed, setting),
      ...(first && first !== billed ? [twoRows(first, billed, setting)] : []),
      ...(alone ? checkTyped(billed, previous[index] ?? null, mostly, setting) : []),
    ];
    const kept = billed.sheet.flags.filter((flag) => !isSettledByCount(flag, billed));
    const read = kept.map((flag) => ({
      ...flag,
      clientId: line.clientId,
      serviceId: line.serviceId,
    }));
    const isSaid = (flag: Flag): boolean =>
      kept.some(({ rule, blocks }) => rule === flag.rule && (blocks || !flag.blocks));
    return [...read, ...found.filter((flag) => !isSaid(flag))];
  });
}

/** The shown error of a count cell is nothing once the snapshot has its count. */
const isSettledByCount = (flag: Flag, { line }: BilledLine): boolean =>
  line.entry === 'count' && line.count !== null && /^(error value|not a quantity)$/.test(flag.rule);

function checkService({ line, sheet }: BilledLine, setting: CheckSetting): readonly Flag[] {
  const service = setting.services.get(line.serviceId);
  if (!service || service.members.length === 0) return [];
  const members = service.members.map((id) => setting.services.get(id)?.name ?? id).join(', ');
  const words = `${sheet.cell}: ${service.name} is a group and has no price of its own`;
  const text = `${words}. Bill one of its members: ${members}.`;
  return [lineFlag('service unknown', line, text, line.amount, setting, true)];
}

function checkCount(billed: BilledLine, setting: CheckSetting): readonly Flag[] {
  const { line, sheet, counted, answer } = billed;
  if (line.entry !== 'count' || !sheet.counted) return [];
  const flag = (rule: FlagRule, text: string): Flag =>
    lineFlag(rule, line, `${sheet.cell}: ${text}`, line.amount, setting, true);
  if (line.unknown) {
    const unlinked = answer?.kind === 'unknown' && answer.reason === 'not linked';
    const rule = unlinked ? 'source unmapped' : 'count missing';
    return [flag(rule, answer?.kind === 'unknown' ? answer.text : unknownName(billed))];
  }
  if (!counted?.clientId || !counted.serviceId) return [];
  const service = setting.services.get(counted.serviceId);
  const isSame = counted.clientId === line.clientId && counted.serviceId === line.serviceId;
  if (isSame) return [];
  const named = setting.clients.get(counted.clientId)?.name ?? counted.clientId;
  const here = setting.clients.get(line.clientId)?.name ?? line.clientId;
  const what = `the formula counts ${service?.name ?? counted.serviceId} of ${named}`;
  const words = `${what}, but the line is ${line.description} of ${here}. Correct it or keep it.`;
  return [flag('count differs', words)];
}

function unknownName({ sheet, counted }: BilledLine): string {
  const { client = '', service = '' } = sheet.counted ?? {};
  if (!counted?.clientId)
    return `no client "${client}" is known. Point the formula at its name or code.`;
  return `no service "${service}" is known. Use a name or id from the list of services.`;
}

function checkNumbers({ line, sheet }: BilledLine, setting: CheckSetting): readonly Flag[] {
  const flags: Flag[] = [];
  const unit = setting.services.get(line.serviceId)?.unit ?? 'other';
  const { quantity, unitPrice, amount } = line;
  if (line.kind === 'recurring' && isNegative(quantity)) {
    const text = `${sheet.cell}: ${quantity} ${line.description} is negative. Enter a refund as a credit line.`;
    flags.push(lineFlag('negative or fractional', line, text, amount, setting, true));
  } else if (line.kind === 'recurring' && !isWhole(quantity) && WHOLE_UNITS.has(unit)) {
    const text = `${sheet.cell}: ${quantity} ${line.description} is not whole; a ${unit} is billed whole.`;
    flags.push(lineFlag('negative or fractional', line, text, amount, setting, true));
  }
  const right = lineAmount(quantity, unitPrice, setting.currency);
  if (right !== amount) {
    const words = `${quantity} × ${unitPrice} is ${right}, the sheet says ${amount}`;
    flags.push(lineFlag('amount differs', line, `${sheet.cell}: ${words}.`, amount, setting, true));
  }
  return flags;
}

function twoRows(first: BilledLine, { line, sheet }: BilledLine, setting: CheckSetting): Flag {
  const cells = `${first.sheet.cell} and ${sheet.cell}`;
  const words = `${line.description} stands twice for ${sheet.client.trim()}: ${cells}`;
  const text = `${words}. Remove one, or keep both when both are meant.`;
  return lineFlag('two rows for one client', line, text, line.amount, setting, true);
}

/** Typed where last month was counted, or typed and not what the source counts. */
function checkTyped(
  { line, sheet, answer }: BilledLine,
  previous: PostedLine | null,
  mostly: ReadonlySet<ServiceId>,
  setting: CheckSetting,
): readonly Flag[] {
  if (line.kind !== 'recurring' || line.entry === 'count') return [];
  const was = previous?.source ?? null;
  const count = line.count;
  const differs = count !== null && count.quantity !== line.quantity;
  const money = count
    ? worth(line.quantity, count.quantity, line.unitPrice, setting.currency)
    : null;
  const words = `${sheet.cell}: ${line.quantity} ${line.description} was ${line.entry === 'typed' ? 'typed' : 'calculated'}`;
  const stands = setting.isFirst && differs && mostly.has(line.serviceId);
  if (was !== null || stands) {
    const says = count ? `; ${sourceTitle(answer)} counts ${count.quantity}` : '';
    const over = was === null ? 'where the other cells hold a count' : "over last month's count";
    const text = `${words} ${over}${says}.`;
    return [
      lineFlag(
        'formula typed over',
        line,
        text,
        differs && money ? money : zeroAmount(setting.currency),
        setting,
      ),
    ];
  }
  if (!differs || !money || setting.silenced.has(count.source)) return [];
  if (compareDecimals(money, floorOf(setting.currency)) < 0 || stood(line, previous)) return [];
  const text = `${words}, ${sourceTitle(answer)} counts ${count.quantity}: ${money} ${setting.currency} a month apart.`;
  return [lineFlag('count differs', line, text, money, setting)];
}

function mostlyCounted(lines: readonly BilledLine[]): ReadonlySet<ServiceId> {
  const services = [...groupBy(lines, ({ line }) => line.serviceId)].filter(([, own]) => {
    const counted = own.filter(({ line }) => line.entry === 'count').length;
    return counted >= COUNTED_MIN && counted >= own.length * COUNTED_SHARE;
  });
  return new Set(services.map(([id]) => id));
}

/** The same difference was there, and approved, last month. */
function stood(line: BilledLine['line'], previous: PostedLine | null): boolean {
  const before = previous && previous.parts.length > 0 ? countedBefore(previous) : null;
  return before !== null && before === line.count?.quantity && previous?.quantity === line.quantity;
}

const sourceTitle = (answer: BilledLine['answer']): string =>
  answer?.kind === 'count' ? (answer.source?.title ?? answer.count.source) : 'the source';

function worth(
  a: BilledLine['line']['quantity'],
  b: BilledLine['line']['quantity'],
  price: BilledLine['line']['unitPrice'],
  currency: Currency,
): Amount {
  return absoluteAmount(lineAmount(subtractQuantities(a, b), price, currency));
}

function lineFlag(
  rule: FlagRule,
  line: BilledLine['line'],
  text: string,
  amount: Amount,
  { currency }: CheckSetting,
  blocks = false,
): Flag {
  const { clientId, serviceId, cell } = line;
  const impact = isZero(amount) ? null : { amount: absoluteAmount(amount), currency };
  return {
    rule,
    blocks,
    text,
    cell,
    clientId,
    serviceId,
    source: line.count?.source ?? null,
    impact,
  };
}
