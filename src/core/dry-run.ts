/** The dry-run: every invoice, line, delta, cause and flag of a month, from values alone. */
import { toCards } from './cards.ts';
import { heldClients } from './decisions.ts';
import { isForApproval } from './drafts.ts';
import { indexCounts } from './counts.ts';
import { toInvoices } from './dry-run-invoices.ts';
import type { DryRunInput } from './dry-run-input.ts';
import { flagEverything } from './dry-run-flags.ts';
import { moveLines } from './dry-run-moves.ts';
import { isKnown, toBilledLines } from './lines.ts';
import { indexNames } from './names.ts';
import type {
  ClientId,
  Comparison,
  DryRun,
  DryRunInvoice,
  Flag,
  PostedMonth,
  ResolvedLine,
} from './model.ts';
import { sumAmounts } from './money.ts';
import type { Currency, Money } from './money.ts';
import { rollForward } from './roll-forward.ts';
import type { RolledLine } from './roll-forward.ts';
import { previousFromSheet } from './sheet-alone.ts';

export type { DryRunInput } from './dry-run-input.ts';

export function dryRun(input: DryRunInput): DryRun {
  const { period, reading, clients, services, snapshot, decisions = [] } = input;
  const { currency } = reading;
  const byId = new Map(clients.map((client) => [client.id, client]));
  const previous = input.previous ?? previousFromSheet(period, input.lines, currency);
  const setting = {
    period,
    currency,
    clients: byId,
    services: new Map(services.map((service) => [service.id, service])),
    names: indexNames(clients, services),
    counts: snapshot ? indexCounts(snapshot) : null,
    currencyOf: (id: ClientId): Currency => byId.get(id)?.currency ?? currency,
    held: heldClients(input.held ?? [], decisions),
    taken: input.taken ?? new Map<ClientId, string>(),
    previous,
  };
  const billed = toBilledLines(input.lines.filter(isKnown), setting);
  const moved = moveLines(billed, setting, snapshot);
  const found = flagEverything(
    { ...input, history: input.history ?? [], decisions },
    moved,
    setting,
  );
  const invoices = toInvoices(moved, found, setting);
  const rolled = [...rolledLines(invoices), ...moved.elsewhere];
  const totals = totalsOf(invoices, currency);
  const previousTotals = previousTotalsOf(previous, setting.currencyOf, currency);
  const cards = toCards(flagsOfInvoices(invoices), {
    currency,
    clientNames: new Map(invoices.map(({ clientId, clientName }) => [clientId, clientName])),
    settled: new Set([...setting.held.keys(), ...setting.taken.keys()]),
    pairs: found.pairs,
  });
  return {
    period,
    previous: previous && { period: previous.period, origin: previous.origin },
    snapshotId: snapshot?.id ?? null,
    invoices,
    cards,
    notices: found.notices,
    flags: found.general,
    skipped: reading.skipped,
    totals,
    previousTotals,
    rollForward: rollForward(endsOf(previousTotals, totals), rolled),
    comparison: compare(invoices, input.lines),
    blocked:
      found.general.some((flag) => flag.blocks) ||
      invoices.some((invoice) => invoice.blocked && isForApproval(invoice)),
  };
}

/** All flags of the invoices: of each as a whole, of its lines, of its gone lines. */
export const flagsOfInvoices = (invoices: readonly DryRunInvoice[]): readonly Flag[] =>
  invoices.flatMap(({ flags, lines, gone }) => [
    ...flags,
    ...[...lines, ...gone].flatMap((line) => line.flags),
  ]);

function rolledLines(invoices: readonly DryRunInvoice[]): readonly RolledLine[] {
  return invoices.flatMap(({ currency, held, lines, gone }) =>
    [...lines, ...gone].map((line) => ({ currency, line, held: held !== null })),
  );
}

/** What is billed: held clients are not in it. Sorted by currency, the sheet's own always. */
function totalsOf(invoices: readonly DryRunInvoice[], own: Currency): readonly Money[] {
  const posted = invoices.filter(({ held }) => held === null);
  return sumByCurrency(
    posted.map(({ total, currency }) => ({ amount: total, currency })),
    own,
  );
}

function previousTotalsOf(
  previous: PostedMonth | null,
  currencyOf: (id: ClientId) => Currency,
  own: Currency,
): readonly Money[] {
  const lines = previous?.lines ?? [];
  return sumByCurrency(
    lines.map(({ clientId, amount }) => ({ amount, currency: currencyOf(clientId) })),
    own,
  );
}

function sumByCurrency(money: readonly Money[], own: Currency): readonly Money[] {
  const currencies = [...new Set([own, ...money.map(({ currency }) => currency)])].sort();
  return currencies.map((currency) => {
    const amounts = money.filter((each) => each.currency === currency).map(({ amount }) => amount);
    return { amount: sumAmounts(amounts, currency), currency };
  });
}

function endsOf(before: readonly Money[], now: readonly Money[]) {
  const currencies = [...new Set([...before, ...now].map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const of = (totals: readonly Money[]) =>
      totals.find((total) => total.currency === currency)?.amount ?? sumAmounts([], currency);
    return { currency, opening: of(before), closing: of(now) };
  });
}

/** Counted twice, by two ways: all at once, and one by one as what became of each. */
function compare(invoices: readonly DryRunInvoice[], lines: readonly ResolvedLine[]): Comparison {
  const of = (held: boolean) =>
    invoices
      .filter((invoice) => (invoice.held !== null) === held)
      .flatMap((invoice) => [...invoice.lines, ...invoice.gone]);
  const included = of(false);
  const gone = invoices.reduce((count, invoice) => count + invoice.gone.length, 0);
  return {
    compared: lines.length + gone,
    matched: included.filter(({ flags }) => flags.length === 0).length,
    flagged: included.filter(({ flags }) => flags.length > 0).length,
    excluded: of(true).length,
    unmapped: lines.filter((line) => !isKnown(line)).length,
  };
}
