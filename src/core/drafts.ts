/** What the pane sends to the relay: the billable part of a dry-run, signs as in the sheet. */
import type { BillingPeriod } from './billing-period.ts';
import { AppError } from './errors.ts';
import type {
  CellAddress, ClientId, Decision, DecisionChoice, DryRun, DryRunInvoice, DryRunLine, LineKind, ServiceId, SourceId,
} from './model.ts'; // prettier-ignore
import type { Amount, Currency, Quantity, UnitPrice } from './money.ts';
import { isZero } from './money.ts';

export interface DraftLine {
  lineId: string;
  serviceId: ServiceId;
  kind: LineKind;
  description: string;
  quantity: Quantity;
  unitPrice: UnitPrice;
  amount: Amount;
  cell: CellAddress;
  /** The source whose count is billed; null for what a person typed. */
  source: SourceId | null;
}

export interface DraftInvoice {
  clientId: ClientId;
  currency: Currency;
  lines: DraftLine[];
  total: Amount;
}

/** The contract's Draft; arrays are plain because they go on the wire. */
export interface Draft {
  period: BillingPeriod;
  snapshotId: string | null;
  workbook: string;
  invoices: DraftInvoice[];
  held: { clientId: ClientId; reason: string }[];
  decisions: {
    clientId: ClientId | null;
    rule: string;
    choice: DecisionChoice;
    reason: string;
    serviceId?: ServiceId | undefined;
    source?: SourceId | undefined;
  }[];
}

/** It is neither held back nor billed by an earlier approval. */
export const isForApproval = ({ held, taken }: Pick<DryRunInvoice, 'held' | 'taken'>): boolean =>
  held === null && taken === null;

/**
 * The draft of everything that can be approved: clients held are named as held, clients taken and
 * clients without anything to bill are left out. Throws when something still blocks: a draft is
 * never partial by accident.
 */
export function toDraft(dryRun: DryRun, workbook: string, decisions: readonly Decision[]): Draft {
  const blocking = dryRun.invoices.find((invoice) => invoice.blocked && isForApproval(invoice));
  if (dryRun.blocked) throw new AppError('INPUT_INVALID', whatBlocks(dryRun, blocking));
  const billed = dryRun.invoices.filter(
    (invoice) => isForApproval(invoice) && invoice.document !== 'none',
  );
  return {
    period: dryRun.period,
    snapshotId: dryRun.snapshotId,
    workbook,
    invoices: billed.map(toDraftInvoice),
    held: dryRun.invoices.flatMap(({ clientId, held, taken }) =>
      held === null || taken !== null ? [] : [{ clientId, reason: held }],
    ),
    decisions: decisions.map((decision) => ({ ...decision })),
  };
}

/** One invoice of the draft. Lines of quantity 0 stay in the dry-run and are not billed. */
export function toDraftInvoice(invoice: DryRunInvoice): DraftInvoice {
  const { clientId, currency, total } = invoice;
  const lines = invoice.lines.filter((line) => !(isZero(line.quantity) && isZero(line.amount)));
  return { clientId, currency, lines: lines.map(toDraftLine), total };
}

function toDraftLine(line: DryRunLine): DraftLine {
  const { serviceId, kind, description, quantity, unitPrice, amount, cell } = line;
  const source = line.entry === 'count' ? (line.count?.source ?? null) : null;
  return {
    lineId: line.id, serviceId, kind, description, quantity, unitPrice, amount, cell, source,
  }; // prettier-ignore
}

function whatBlocks(dryRun: DryRun, invoice: DryRunInvoice | undefined): string {
  const flags = [
    ...dryRun.flags,
    ...(invoice
      ? [
          ...invoice.flags,
          ...invoice.lines.flatMap((line) => line.flags),
          ...invoice.gone.flatMap((line) => line.flags),
          ...invoice.notices,
        ]
      : []),
  ];
  const first = flags.find((flag) => flag.blocks);
  return first?.text ?? 'Something still blocks this month.';
}
