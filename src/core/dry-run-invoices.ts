/** One invoice for each client, in the order of the sheet; then those of last month that are gone. */
import type { FoundFlags } from './dry-run-flags.ts';
import type { MovedMonth } from './dry-run-moves.ts';
import { groupBy } from './lists.ts';
import { billedBy } from './lines.ts';
import type { Client, ClientId, DryRunInvoice, DryRunLine, Flag } from './model.ts';
import { isNegative, isZero, sumAmounts } from './money.ts';
import type { Amount, Currency } from './money.ts';

export interface InvoiceSetting {
  readonly currency: Currency;
  readonly clients: ReadonlyMap<ClientId, Client>;
  readonly held: ReadonlyMap<ClientId, string>;
  readonly taken: ReadonlyMap<ClientId, string>;
}

export function toInvoices(
  moved: MovedMonth,
  found: FoundFlags,
  setting: InvoiceSetting,
): readonly DryRunInvoice[] {
  const flagged = (line: DryRunLine): DryRunLine => ({
    ...line,
    flags: found.ofLine.get(line.id) ?? [],
  });
  const lines = groupBy(
    moved.lines.map(({ line }) => flagged(line)),
    ({ clientId }) => clientId,
  );
  const gone = groupBy(moved.gone.map(flagged), ({ clientId }) => clientId);
  const clients = new Set([...lines.keys(), ...gone.keys(), ...found.ofClient.keys()]);
  return [...clients].map((id) =>
    toInvoice(id, lines.get(id) ?? [], gone.get(id) ?? [], found, setting),
  );
}

function toInvoice(
  clientId: ClientId,
  lines: readonly DryRunLine[],
  gone: readonly DryRunLine[],
  found: FoundFlags,
  { currency, clients, held, taken }: InvoiceSetting,
): DryRunInvoice {
  const total = sumAmounts(
    lines.map(({ amount }) => amount),
    currency,
  );
  const before = [...lines, ...gone].flatMap(({ previous }) => (previous ? [previous.amount] : []));
  const flags = found.ofClient.get(clientId) ?? [];
  const notices = noticesFor(lines, found.notices);
  const all = [...flags, ...notices, ...[...lines, ...gone].flatMap((line) => line.flags)];
  return {
    clientId,
    clientName: clients.get(clientId)?.name ?? clientId,
    currency,
    document: documentOf(lines, total),
    lines,
    gone,
    total,
    previousTotal: sumAmounts(before, currency),
    flags,
    notices,
    blocked: all.some((flag) => flag.blocks),
    held: held.get(clientId) ?? null,
    taken: taken.get(clientId) ?? null,
  };
}

/** Lines of quantity 0 are shown, and make no document by themselves. */
function documentOf(lines: readonly DryRunLine[], total: Amount): DryRunInvoice['document'] {
  if (lines.every(({ quantity, amount }) => isZero(quantity) && isZero(amount))) return 'none';
  return isNegative(total) ? 'credit memo' : 'invoice';
}

function noticesFor(lines: readonly DryRunLine[], notices: readonly Flag[]): readonly Flag[] {
  const sources = new Set(lines.flatMap((line) => billedBy(line)?.source ?? []));
  return notices.filter(({ source }) => source !== null && sources.has(source));
}
