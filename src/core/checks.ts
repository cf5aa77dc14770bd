/** What must be right on a line before it can be billed. */
import { makeLineFlag } from './line-flag.ts';
import type { BilledLine } from './lines.ts';
import { groupBy } from './lists.ts';
import type { Client, ClientId, Flag, FlagRule, PostedLine, Service, ServiceId } from './model.ts';
import { isNegative, isWhole, lineAmount } from './money.ts';
import { checkTyped, mostlyCounted } from './typed-lines.ts';
import type { TypedSetting } from './typed-lines.ts';

export interface CheckSetting extends TypedSetting {
  readonly clients: ReadonlyMap<ClientId, Client>;
  readonly services: ReadonlyMap<ServiceId, Service>;
}

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
    const { clientId, serviceId, kind } = billed.line;
    const equals = kind === 'recurring' ? (rows.get(`${clientId}|${serviceId}`) ?? []) : [];
    const [first] = equals;
    const found = [
      ...checkService(billed, setting),
      ...checkCount(billed, setting),
      ...checkNumbers(billed, setting),
      ...(first && first !== billed ? [twoRows(first, billed, setting)] : []),
      ...(equals.length === 1 ? checkTyped(billed, previous[index] ?? null, mostly, setting) : []),
    ];
    return withRead(billed, found);
  });
}

/** What the reader found comes first; what it already said is not said again. */
function withRead(billed: BilledLine, found: readonly Flag[]): readonly Flag[] {
  const { clientId, serviceId } = billed.line;
  const kept = billed.sheet.flags.filter((flag) => !isSettledByCount(flag, billed));
  const isSaid = (flag: Flag): boolean =>
    kept.some(({ rule, blocks }) => rule === flag.rule && (blocks || !flag.blocks));
  const read = kept.map((flag) => ({ ...flag, clientId, serviceId }));
  return [...read, ...found.filter((flag) => !isSaid(flag))];
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
  return [makeLineFlag('service unknown', line, text, line.amount, setting.currency, true)];
}

function checkCount(billed: BilledLine, setting: CheckSetting): readonly Flag[] {
  const { line, sheet, counted, answer } = billed;
  if (line.entry !== 'count') return [];
  const flag = (rule: FlagRule, text: string): Flag =>
    makeLineFlag(rule, line, `${sheet.cell}: ${text}`, line.amount, setting.currency, true);
  if (line.unknown) {
    const isUnlinked = answer?.kind === 'unknown' && answer.reason === 'not linked';
    const text = answer?.kind === 'unknown' ? answer.text : unknownName(billed);
    return [flag(isUnlinked ? 'source unmapped' : 'count missing', text)];
  }
  if (!counted?.clientId || !counted.serviceId) return [];
  if (counted.clientId === line.clientId && counted.serviceId === line.serviceId) return [];
  const client = (id: ClientId): string => setting.clients.get(id)?.name ?? id;
  const service = setting.services.get(counted.serviceId)?.name ?? counted.serviceId;
  const what = `the formula counts ${service} of ${client(counted.clientId)}`;
  const here = `the line is ${line.description} of ${client(line.clientId)}`;
  return [flag('count differs', `${what}, but ${here}. Correct it or keep it.`)];
}

function unknownName({ sheet, counted }: BilledLine): string {
  const { client = '', service = '' } = sheet.counted ?? {};
  if (!counted?.clientId)
    return `no client "${client}" is known. Point the formula at its name or code.`;
  return `no service "${service}" is known. Use a name or id from the list of services.`;
}

function checkNumbers({ line, sheet }: BilledLine, setting: CheckSetting): readonly Flag[] {
  const { quantity, unitPrice, amount, description } = line;
  const unit = setting.services.get(line.serviceId)?.unit ?? 'other';
  const flag = (rule: FlagRule, words: string): Flag =>
    makeLineFlag(rule, line, `${sheet.cell}: ${words}`, amount, setting.currency, true);
  const flags: Flag[] = [];
  const what = `${quantity} ${description}`;
  if (line.kind === 'recurring' && isNegative(quantity)) {
    const words = `${what} is negative. Enter a refund as a credit line.`;
    flags.push(flag('negative or fractional', words));
  } else if (line.kind === 'recurring' && !isWhole(quantity) && WHOLE_UNITS.has(unit)) {
    const words = `${what} is not whole; a ${unit} is billed whole. Correct the quantity.`;
    flags.push(flag('negative or fractional', words));
  }
  const right = lineAmount(quantity, unitPrice, setting.currency);
  if (right !== amount) {
    const words = `${quantity} × ${unitPrice} is ${right}, the sheet says ${amount}.`;
    flags.push(flag('amount differs', words));
  }
  return flags;
}

function twoRows(first: BilledLine, { line, sheet }: BilledLine, setting: CheckSetting): Flag {
  const cells = `${first.sheet.cell} and ${sheet.cell}`;
  const words = `${line.description} stands twice for ${sheet.client.trim()}: ${cells}`;
  const text = `${words}. Remove one, or keep both when both are meant.`;
  return makeLineFlag('two rows for one client', line, text, line.amount, setting.currency, true);
}
