/**
 * What one agreement, addition and time entry of ConnectWise PSA count for in a month. Read from
 * its API contract 2026.4 (2026-11-22).
 */
import { z } from 'zod';
import { ZERO } from '../../core/decimal.ts';
import { isOn, isOnce, stamp, touches, type PsaMonth, type Span } from './psa-month.ts';
import {
  amount,
  beyond,
  exact,
  inWords,
  isEqual,
  type PsaClient,
  type PsaPiece,
} from './psa-tally.ts';

const Company = z.object({ id: z.int(), name: z.string().min(1).optional() });

export const Agreement = z.object({
  id: z.int(),
  name: z.string().min(1),
  company: Company,
  startDate: stamp.nullish(),
  endDate: stamp.nullish(),
  noEndingDateFlag: z.boolean().nullish(),
  cancelledFlag: z.boolean().nullish(),
  dateCancelled: stamp.nullish(),
  agreementStatus: z.enum(['Active', 'Cancelled', 'Expired', 'Inactive']).nullish(),
});
export type Agreement = z.infer<typeof Agreement>;

export const Addition = z.object({
  id: z.int(),
  product: z.object({ identifier: z.string().min(1) }),
  description: z.string().optional(),
  quantity: amount,
  /** Absent or null: nothing is included in the price of the agreement. */
  lessIncluded: amount.nullish(),
  billedQuantity: z.number().nullish(),
  billCustomer: z.enum(['Billable', 'DoNotBill', 'NoCharge']),
  effectiveDate: stamp.nullish(),
  cancelledDate: stamp.nullish(),
  agreementId: z.int().nullish(),
  unitCost: z.number().nonnegative().nullish(),
});
export type Addition = z.infer<typeof Addition>;

export const TimeEntry = z.object({
  id: z.int(),
  company: Company.nullish(),
  timeStart: stamp,
  actualHours: amount,
  billableOption: z.enum(['Billable', 'DoNotBill', 'NoCharge', 'NoDefault']).nullish(),
  hoursBilled: amount.nullish(),
  invoiceHours: amount.nullish(),
  agreementHours: amount.nullish(),
  status: z.string().nullish(),
  invoice: z.object({ id: z.int().nullish() }).nullish(),
});
export type TimeEntry = z.infer<typeof TimeEntry>;

/** Work of the provider itself may have no company: it is shown, so that somebody decides. */
export const NO_COMPANY: PsaClient = { ref: 'none', name: 'Time without a company' };

export const clientOf = (company: z.infer<typeof Company> | null | undefined): PsaClient =>
  company
    ? { ref: String(company.id), name: company.name ?? `company ${String(company.id)}` }
    : NO_COMPANY;

/**
 * Dates decide and not the status: that is of today, and an agreement that ended last week was in
 * effect at the end of last month. Where a status has no date, the agreement counts for nothing.
 * Both the end and the day of cancelling are the last days that count.
 */
export function spanOf(agreement: Agreement, month: PsaMonth): Span | null {
  const { startDate, endDate, noEndingDateFlag, dateCancelled, agreementStatus } = agreement;
  const end = endDate && !noEndingDateFlag ? month.dateOf(endDate) : null;
  const isCancelled = agreement.cancelledFlag === true || agreementStatus === 'Cancelled';
  if (isCancelled && !dateCancelled) return null;
  if (agreementStatus === 'Expired' && end === null) return null;
  const cancelled = isCancelled && dateCancelled ? month.dateOf(dateCancelled) : null;
  const [until = null] = [end, cancelled].filter((day) => day !== null).sort();
  return { from: startDate ? month.dateOf(startDate) : null, until };
}

/** Agreements whose additions are asked for: those of the month. */
export function isOfMonth(agreement: Agreement, month: PsaMonth): boolean {
  const span = spanOf(agreement, month);
  return span !== null && touches(span, month);
}

/** The addition on both bases, at none where it does not count; or what contradicts itself in it. */
export function piecesOf(
  agreement: Agreement,
  addition: Addition,
  month: PsaMonth,
): readonly PsaPiece[] | string {
  const { id, product, description, unitCost } = addition;
  const span = spanOfAddition(agreement, addition, month);
  const isOwn = span !== null && isOnce(span, month);
  const counts = isOwn || (span !== null && isOn(span, month));
  const quantity = exact(addition.quantity);
  const billable = beyond(quantity, exact(addition.lessIncluded ?? 0));
  const isBilled = counts && addition.billCustomer === 'Billable';
  if (isBilled && disagrees(addition, billable)) {
    const own = `addition ${String(id)} (${product.identifier}) of agreement ${agreement.name}`;
    return `${own} has billedQuantity ${String(addition.billedQuantity)}, but quantity less lessIncluded is ${inWords(billable)}. Correct it in ConnectWise PSA.`;
  }
  const name = description?.trim() || product.identifier;
  const piece = {
    clientRef: clientOf(agreement.company).ref,
    sku: isOwn ? `${product.identifier} (once)` : product.identifier,
    skuName: isOwn ? `${name} (began and ended in the month)` : name,
    id: `addition ${String(id)}`,
    unitCost: unitCost ?? undefined,
  };
  return [
    { ...piece, basis: 'bought', quantity: counts ? quantity : ZERO },
    { ...piece, basis: 'billable', quantity: isBilled ? billable : ZERO },
  ];
}

/** ConnectWise's own figure is compared and never taken: which of the two is right, a person knows. */
const disagrees = ({ billedQuantity }: Addition, billable: PsaPiece['quantity']): boolean =>
  typeof billedQuantity === 'number' && !isEqual(exact(billedQuantity), billable);

/** An addition ends with its agreement at the latest. */
function spanOfAddition(agreement: Agreement, addition: Addition, month: PsaMonth): Span | null {
  const whole = spanOf(agreement, month);
  if (whole === null) return null;
  const from = addition.effectiveDate ? month.dateOf(addition.effectiveDate) : null;
  const until = addition.cancelledDate ? month.dateOf(addition.cancelledDate) : null;
  const [last = null] = [whole.until, until].filter((day) => day !== null).sort();
  const [first = null] = [whole.from, from]
    .filter((day) => day !== null)
    .sort()
    .toReversed();
  return { from: first, until: last };
}

/** Done with elsewhere: on an invoice of ConnectWise already, written off, or not accepted. */
const SETTLED = new Set([
  'Billed',
  'BilledAgreement',
  'WrittenOff',
  'Rejected',
  'RejectBySecondTier',
]);

/** The billing class, as ConnectWise calls it: "Hours: Billable", "Hours: WrittenOff". */
function classOf({ billableOption, status, invoice }: TimeEntry): string {
  if (status && SETTLED.has(status)) return status;
  if (invoice?.id) return 'Billed';
  return billableOption ?? 'no class';
}

/**
 * Hours worked on the basis "active"; of billable ones, on "billable", what is to be billed; what
 * an agreement covered is a class of its own (block hours). A text says what contradicts itself.
 */
export function hoursOf(entry: TimeEntry): readonly PsaPiece[] | string {
  const billing = classOf(entry);
  const own = {
    clientRef: clientOf(entry.company).ref,
    sku: `Hours: ${billing}`,
    skuName: `Hours: ${billing}`,
    id: `time ${String(entry.id)}`,
  };
  const worked: PsaPiece = { ...own, basis: 'active', quantity: exact(entry.actualHours) };
  if (billing !== 'Billable') return [worked];
  const toBill = hoursToBill(entry);
  if (typeof toBill === 'string') return toBill;
  const covered = exact(entry.agreementHours ?? 0);
  const pieces: PsaPiece[] = [worked, { ...own, basis: 'billable', quantity: toBill }];
  if (covered.units === 0n) return pieces;
  const sku = 'Hours: Agreement';
  return [...pieces, { ...own, sku, skuName: COVERED, basis: 'billable', quantity: covered }];
}

export const COVERED = 'Hours covered by an agreement';

/**
 * The hours of the invoice. The contract does not say whether they still hold those that an
 * agreement covers, so both readings are tried against hoursBilled and a third is refused: billing
 * covered hours again, or none of the rest, are both wrong.
 */
function hoursToBill(entry: TimeEntry): PsaPiece['quantity'] | string {
  const { hoursBilled, invoiceHours, agreementHours } = entry;
  const stated = invoiceHours ?? hoursBilled;
  if (stated === null || stated === undefined) {
    return `time entry ${String(entry.id)} is Billable and has neither invoiceHours nor hoursBilled.`;
  }
  const [hours, covered] = [exact(stated), exact(agreementHours ?? 0)];
  if (covered.units === 0n) return hours;
  const billed = exact(hoursBilled ?? stated);
  const rest = beyond(billed, covered);
  if (isEqual(hours, rest) || isEqual(hours, billed)) return rest;
  return `time entry ${String(entry.id)} has invoiceHours ${inWords(hours)}, hoursBilled ${inWords(billed)} and agreementHours ${inWords(covered)}, which do not add up.`;
}
