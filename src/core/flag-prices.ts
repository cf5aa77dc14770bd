/** Prices: one notice when a service moved for most of its clients, else a flag of the client. */
import { isWorth, lineFlag, serviceName } from './flag-line.ts';
import type { FlagContext, FlagLine } from './flag-line.ts';
import { moreOrLess, percent } from './flag-words.ts';
import { groupBy } from './lists.ts';
import type { Flag } from './model.ts';
import {
  absoluteAmount,
  lineAmount,
  subtractPrices,
  sumAmounts,
  toNumber,
  zeroAmount,
} from './money.ts';
import type { Amount, UnitPrice } from './money.ts';

const PRICE_SHARE = 0.01;
const SERVICE_SHARE = 0.6;
/** Of two clients one is already half: "most clients" needs three. */
const SERVICE_CLIENTS_MIN = 3;

interface PricedLine {
  readonly line: FlagLine;
  readonly was: UnitPrice;
  readonly ratio: number;
  readonly money: Amount;
}

export function flagPrices(
  lines: readonly FlagLine[],
  context: FlagContext,
): { notices: readonly Flag[]; flags: readonly Flag[] } {
  const priced = lines.flatMap((line) => toPriced(line, context));
  const notices: Flag[] = [];
  const flags: Flag[] = [];
  for (const all of groupBy(priced, ({ line }) => line.serviceId).values()) {
    const moved = all.filter(({ ratio }) => Math.abs(ratio - 1) >= PRICE_SHARE);
    if (moved.length === 0) continue;
    const usual = isOfService(moved, all) ? middle(moved.map(({ ratio }) => ratio)) : null;
    if (usual !== null) notices.push(notice(moved, all.length, context));
    const own = moved.filter((line) => usual === null || isApart(line, usual, context));
    flags.push(...own.flatMap((line) => (isWorth(line.money, context) ? flag(line, context) : [])));
  }
  return { notices, flags };
}

function toPriced(line: FlagLine, context: FlagContext): readonly PricedLine[] {
  if (!line.last || line.gone || toNumber(line.quantity) <= 0) return [];
  const was = line.last.unitPrice;
  if (toNumber(was) === 0 || toNumber(line.last.quantity) <= 0) return [];
  if (line.unitPrice === was) return [{ line, was, ratio: 1, money: zeroAmount(context.currency) }];
  const ratio = toNumber(line.unitPrice) / toNumber(was);
  const change = subtractPrices(line.unitPrice, was);
  return [{ line, was, ratio, money: lineAmount(line.quantity, change, context.currency) }];
}

const isOfService = (moved: readonly PricedLine[], all: readonly PricedLine[]): boolean => {
  const clients = (lines: readonly PricedLine[]): number =>
    new Set(lines.map(({ line }) => line.clientId)).size;
  return clients(all) >= SERVICE_CLIENTS_MIN && clients(moved) >= clients(all) * SERVICE_SHARE;
};

/** Beside the move of the whole service this client's own price moved too, by enough to matter. */
function isApart({ line, was, ratio }: PricedLine, usual: number, context: FlagContext): boolean {
  const apart = Math.abs(ratio - usual);
  const money = apart * toNumber(was) * toNumber(line.quantity);
  return apart >= PRICE_SHARE && money >= toNumber(context.floor);
}

function flag({ line, was, money }: PricedLine, context: FlagContext): Flag {
  const prices = `${was} to ${line.unitPrice} (${percent(was, line.unitPrice)})`;
  const total = `on ${line.quantity} that is ${moreOrLess(money, context.currency)}`;
  const text = `The price of ${serviceName(line, context)} went from ${prices}; ${total}.`;
  return lineFlag('price changed', line, text, absoluteAmount(money), context);
}

function notice(moved: readonly PricedLine[], all: number, context: FlagContext): Flag {
  const total = sumAmounts(
    moved.map(({ money }) => money),
    context.currency,
  );
  const share = (middle(moved.map(({ ratio }) => ratio)) - 1) * 100;
  const line = (moved[0] as PricedLine).line;
  const by = `${share < 0 ? '−' : '+'}${Math.abs(share).toFixed(1)} %`;
  const who = `for ${moved.length} of ${all} clients by about ${by}`;
  const words = `The price of ${serviceName(line, context)} moved ${who}`;
  const text = `${words}, together ${moreOrLess(total, context.currency)}: a vendor's new price?`;
  const made = lineFlag('vendor price moved', line, text, absoluteAmount(total), context);
  return { ...made, clientId: null, cell: null, source: null };
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}
