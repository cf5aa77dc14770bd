/** What still stands between the dry-run and its approval, in words a person can act on. */
import { canSettle, choiceFor } from '../src/core/decisions.ts';
import { isForApproval } from '../src/core/drafts.ts';
import type { Decision, DryRun, DryRunInvoice, Flag, FlagRule } from '../src/core/model.ts';
import { sumAmounts, type Amount, type Currency } from '../src/core/money.ts';

/** A source that owes its newest counts: using the old ones takes a reason (ux.md 1.2). */
const LATE: ReadonlySet<FlagRule> = new Set<FlagRule>([
  'source late',
  'source failed',
  'source frozen',
]);

const NEEDS_REASON: ReadonlySet<FlagRule> = new Set<FlagRule>([
  ...LATE,
  'formula typed over',
  'hidden with money',
  'sheet total differs',
]);

/** Can a person's word answer it, or must sheet, mapping or source be mended? */
export const isDecidable = (flag: Flag): boolean => canSettle(flag);
export const needsReason = (flag: Flag): boolean => NEEDS_REASON.has(flag.rule);
export const isOpen = (flag: Flag): boolean => flag.decided === undefined;
export const isLate = (flag: Flag): boolean => LATE.has(flag.rule);

/** The decision that answers exactly this flag: its client, its line or its source. */
export function decisionFor(flag: Flag, reason: string): Decision {
  return {
    clientId: flag.clientId,
    rule: flag.rule,
    choice: choiceFor(flag.rule),
    reason,
    ...(flag.serviceId === null ? {} : { serviceId: flag.serviceId }),
    ...(flag.source === null ? {} : { source: flag.source }),
  };
}

export const sameTarget = (a: Decision, b: Decision): boolean =>
  a.clientId === b.clientId &&
  a.rule === b.rule &&
  a.serviceId === b.serviceId &&
  a.source === b.source;

/** Everything that blocks, cards without an answer, and late sources nobody has spoken for. */
export function obstaclesOf(dryRun: DryRun): readonly Flag[] {
  const standing = dryRun.invoices.filter(isForApproval);
  const flags = [...dryRun.flags, ...dryRun.notices, ...standing.flatMap(flagsOf)];
  const asked = dryRun.cards
    .filter((card) => standing.some((invoice) => invoice.clientId === card.clientId))
    .flatMap((card) => card.reasons);
  const open = [...flags.filter((flag) => flag.blocks || isLate(flag)), ...asked].filter(isOpen);
  return [...new Map(open.map((flag) => [flagKey(flag), flag])).values()];
}

export const flagKey = (flag: Flag): string =>
  [flag.rule, flag.clientId, flag.serviceId, flag.source, flag.cell, flag.text].join('|');

/** All flags of a client, its own first. */
export const flagsOf = (invoice: DryRunInvoice): readonly Flag[] => [
  ...invoice.flags,
  ...[...invoice.lines, ...invoice.gone].flatMap((line) => line.flags),
];

/** The invoices that would be approved now: with something to bill, neither held nor taken. */
export const toApprove = (dryRun: DryRun): readonly DryRunInvoice[] =>
  dryRun.invoices.filter((invoice) => invoice.document !== 'none' && isForApproval(invoice));

export function totalsOf(
  invoices: readonly DryRunInvoice[],
): readonly { readonly currency: Currency; readonly amount: Amount }[] {
  const currencies = [...new Set(invoices.map((invoice) => invoice.currency))];
  return currencies.map((currency) => {
    const own = invoices.filter((invoice) => invoice.currency === currency);
    return {
      currency,
      amount: sumAmounts(
        own.map((invoice) => invoice.total),
        currency,
      ),
    };
  });
}
