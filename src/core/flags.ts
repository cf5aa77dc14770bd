/**
 * Reasons to look at what moved. Rules and constants are those of matching.md "Flags" (measured
 * there on generated worlds), never fitted to the files at hand: source rules first, then prices,
 * then typed rules, then the jump; nothing under 40 a month.
 */
import { flagClientsGone } from './flag-clients.ts';
import { flagPairs } from './flag-pairs.ts';
import { flagPrices } from './flag-prices.ts';
import { flagQuantities } from './flag-rules.ts';
import { floorOf, movedLine } from './flag-line.ts';
import type { FlagContext, FlagLine } from './flag-line.ts';
import { flagSources } from './flag-sources.ts';
import type { FlagSource } from './flag-sources.ts';
import type { BillingPeriod, Instant } from './billing-period.ts';
import type { ClientId, Flag, Service } from './model.ts';
import type { Currency } from './money.ts';

export interface FlagMonthInput {
  readonly period: BillingPeriod;
  /** When the counts were published: the age of an export is measured from here. */
  readonly at: Instant | null;
  readonly currency: Currency;
  readonly lines: readonly FlagLine[];
  readonly sources: readonly FlagSource[];
  readonly services: readonly Service[];
  readonly clientNames: ReadonlyMap<ClientId, string>;
}

export interface FlaggedMonth {
  /** One for a whole source or service. */
  readonly notices: readonly Flag[];
  /** About one client each; those of a line name its service. */
  readonly flags: readonly Flag[];
  /** "What A lost, B gained": shown as one possible wrong mapping. */
  readonly pairs: readonly { readonly lost: ClientId; readonly gained: ClientId }[];
}

export function flagMonth(input: FlagMonthInput): FlaggedMonth {
  const context = contextOf(input);
  const { notices: sourceNotices, silenced } = flagSources(input);
  const known = input.lines.filter((line) => !line.unknown);
  // A price stands in the sheet: it is right or wrong however old the counts are.
  const prices = flagPrices(known, context);
  const heard = known.filter((line) => !silenced.has(line.source ?? ''));
  const moved = heard.map((line) => movedLine(line, context));
  const clients = flagClientsGone(moved, context);
  const rest = moved.filter(({ line }) => !clients.covered.has(line.clientId));
  const { flags: pairFlags, pairs } = flagPairs(moved, context);
  return {
    notices: [...sourceNotices, ...prices.notices],
    flags: [...clients.flags, ...flagQuantities(rest, context), ...pairFlags, ...prices.flags],
    pairs,
  };
}

function contextOf(input: FlagMonthInput): FlagContext {
  return {
    currency: input.currency,
    floor: floorOf(input.currency),
    serviceNames: new Map(input.services.map(({ id, name }) => [id, name])),
    clientNames: input.clientNames,
    groups: input.services.filter(({ members }) => members.length > 1),
  };
}
