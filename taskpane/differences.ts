/** What changed between the dry-run a person looked at and the sheet as it is now, line by line. */
import type { DryRun, DryRunInvoice, DryRunLine } from '../src/core/model.ts';

const FIELDS = ['quantity', 'unitPrice', 'amount', 'description'] as const;
const LEFT_OUT = ['taken', 'held'] as const;
const WORDS = {
  quantity: 'quantity',
  unitPrice: 'unit price',
  amount: 'amount',
  description: 'text',
};

export function differences(shown: DryRun, now: DryRun): readonly string[] {
  const after = new Map(now.invoices.map((invoice) => [invoice.clientId, invoice]));
  const before = new Map(shown.invoices.map((invoice) => [invoice.clientId, invoice]));
  const clients = [...new Set([...before.keys(), ...after.keys()])];
  const lines = clients.flatMap((id) => ofClient(before.get(id), after.get(id)));
  const isNewlyBlocked = now.blocked && !shown.blocked;
  return isNewlyBlocked && lines.length === 0
    ? ['Something in the sheet blocks the month now.']
    : lines;
}

function ofClient(
  was: DryRunInvoice | undefined,
  now: DryRunInvoice | undefined,
): readonly string[] {
  const name = (was ?? now)?.clientName ?? '';
  if (was && now && LEFT_OUT.some((why) => (was[why] === null) !== (now[why] === null))) {
    const why = now.taken ?? now.held;
    return [`${name}: ${why === null ? 'to be billed again' : `${why} meanwhile, left out`}.`];
  }
  const old = new Map(was?.lines.map((line) => [line.id, line]));
  const current = new Map(now?.lines.map((line) => [line.id, line]));
  const changed = [...current.values()].flatMap((line) => {
    const before = old.get(line.id);
    return before
      ? ofLine(name, before, line)
      : [`${name}, ${line.description}: new line of ${line.amount} (${line.cell}).`];
  });
  const gone = [...old.values()]
    .filter((line) => !current.has(line.id))
    .map(
      (line) => `${name}, ${line.description}: the line of ${line.amount} is gone (${line.cell}).`,
    );
  return [...changed, ...gone];
}

function ofLine(name: string, was: DryRunLine, now: DryRunLine): readonly string[] {
  const [field] = FIELDS.filter((one) => was[one] !== now[one]);
  if (!field) return [];
  return [
    `${name}, ${now.description}: ${WORDS[field]} was ${was[field]}, now ${now[field]} (${now.cell}).`,
  ];
}
