/** What the flag rules look at, line by line. */
import type {
  CellAddress,
  ClientId,
  Flag,
  FlagRule,
  Service,
  ServiceId,
  SourceId,
} from './model.ts';
import {
  absoluteAmount,
  compareDecimals,
  lineAmount,
  minorDigits,
  parseAmount,
  subtractQuantities,
  toNumber,
  ZERO_QUANTITY,
} from './money.ts';
import type { Amount, Currency, Quantity, UnitPrice } from './money.ts';

/** One client and service of the month under review against the last approved month. */
export interface FlagLine {
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
  /** The source that counted it; null when a person typed it. */
  readonly source: SourceId | null;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  /** What was approved last month; null when there was no such line. */
  readonly last: { readonly quantity: Quantity; readonly unitPrice: UnitPrice } | null;
  /** The approved quantity of the same month last year; null without twelve months of history. */
  readonly lastYear: Quantity | null;
  /** The line is no longer in the sheet. */
  readonly gone: boolean;
  /** The quantity is not known (its count is missing): nothing is compared. */
  readonly unknown: boolean;
  readonly cell: CellAddress | null;
}

/** What every rule is given beside the lines. */
export interface FlagContext {
  readonly currency: Currency;
  readonly floor: Amount;
  readonly serviceNames: ReadonlyMap<ServiceId, string>;
  readonly clientNames: ReadonlyMap<ClientId, string>;
  readonly groups: readonly Service[];
}

/** A flag of one line that asks; the rule says whether it blocks. */
export function lineFlag(
  rule: FlagRule,
  line: FlagLine,
  text: string,
  impact: Amount,
  context: FlagContext,
  blocks = false,
): Flag {
  const { clientId, serviceId, cell, source } = line;
  const money = { amount: impact, currency: context.currency };
  return { rule, blocks, text, cell, clientId, serviceId, source, impact: money };
}

/** A line with its movement worked out once, for all rules. */
export interface MovedFlagLine {
  readonly line: FlagLine;
  readonly last: Quantity;
  readonly moved: Quantity;
  /** Signed money a month at this month's price. */
  readonly money: Amount;
  /** The same three as numbers, for thresholds only. */
  readonly n: { readonly last: number; readonly now: number; readonly moved: number };
}

export function movedLine(line: FlagLine, context: FlagContext): MovedFlagLine {
  const last = line.last?.quantity ?? ZERO_QUANTITY;
  const moved = subtractQuantities(line.quantity, last);
  const money = lineAmount(moved, line.unitPrice, context.currency);
  const [was, now] = [toNumber(last), toNumber(line.quantity)];
  return { line, last, moved, money, n: { last: was, now, moved: now - was } };
}

export const isWorth = (amount: Amount, context: FlagContext): boolean =>
  compareDecimals(absoluteAmount(amount), context.floor) >= 0;

export const serviceName = (line: FlagLine, context: FlagContext): string =>
  context.serviceNames.get(line.serviceId) ?? line.serviceId;

export const clientName = (line: FlagLine, context: FlagContext): string =>
  context.clientNames.get(line.clientId) ?? line.clientId;

/** 40 a month, as measured in dollars; 4,000 where the currency has no cents. */
export function floorOf(currency: Currency): Amount {
  return parseAmount(minorDigits(currency) === 0 ? '4000' : '40', currency);
}
