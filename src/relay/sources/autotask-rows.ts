/**
 * What services of contracts and time entries of Autotask count for in a month. Field names from
 * its REST contract v1, meanings from its pages on the entities (read 2026-11-22).
 */
import { z } from 'zod';
import { ZERO } from '../../core/decimal.ts';
import { isOn, stamp, touches, type PsaMonth, type Span } from './psa-month.ts';
import { amount, AMOUNT_MAX, exact, type PsaClient, type PsaPiece } from './psa-tally.ts';

const id = z.int().nonnegative();

export const Company = z.object({ id, companyName: z.string().min(1) });
export const Contract = z.object({
  id,
  companyID: id,
  contractName: z.string().min(1),
  contractType: z.int().nullish(),
  /** 1: active, 0: not. */
  status: z.int(),
  startDate: stamp.nullish(),
  endDate: stamp.nullish(),
});
export const Service = z.object({ id, name: z.string().min(1) });
const Units = {
  id,
  contractID: id,
  units: z.int().nonnegative().max(AMOUNT_MAX),
  startDate: stamp,
  endDate: stamp.nullish(),
};
export const ServiceUnits = z.object({ ...Units, contractServiceID: id, serviceID: id });
export const BundleUnits = z.object({ ...Units, contractServiceBundleID: id, serviceBundleID: id });
export const TimeEntry = z.object({
  id,
  dateWorked: stamp,
  contractID: id.nullish(),
  ticketID: id.nullish(),
  hoursWorked: amount,
  hoursToBill: amount.nullish(),
  isNonBillable: z.boolean().nullish(),
});
export const Ticket = z.object({ id, companyID: id.nullish() });

export type Contract = z.infer<typeof Contract>;
export type TimeEntry = z.infer<typeof TimeEntry>;

/** Units of a service or of a bundle of services: both are billed alike. */
export interface UnitsRow {
  readonly id: number;
  readonly contractID: number;
  readonly units: number;
  readonly startDate: string;
  readonly endDate?: string | null | undefined;
  /** "service 12" or "bundle 3": their numbers may be equal. */
  readonly sku: string;
  /** One service on one contract, over all its ranges of dates. */
  readonly line: string;
}

/** Internal time has no contract and no ticket: it is shown, so that somebody decides. */
export const NO_COMPANY: PsaClient = { ref: 'none', name: 'Time without a company' };

/**
 * Where a status says "not active" there is no date, so it counts for nothing. The end is the last
 * day that counts.
 */
export function spanOf({ status, startDate, endDate }: Contract, month: PsaMonth): Span | null {
  if (status !== 1) return null;
  return {
    from: startDate ? month.dateOf(startDate) : null,
    until: endDate ? month.dateOf(endDate) : null,
  };
}

/**
 * The units of one service on the last day of the month. A change inside a period ends one range
 * and begins the next on the same day, so on that day both are there: the later one holds. Two
 * that begin together contradict each other.
 */
export function unitsOn(
  contract: Contract,
  rows: readonly UnitsRow[],
  month: PsaMonth,
): UnitsRow | string | null {
  const span = spanOf(contract, month);
  if (span === null || !isOn(span, month)) return null;
  const dated = rows.map((row) => ({ row, span: rangeOf(row, month) }));
  const live = dated.filter(({ span: own }) => isOn(own, month));
  const sorted = live.toSorted((a, b) => (String(a.span.from) < String(b.span.from) ? 1 : -1));
  const [last, before] = sorted;
  if (!last) return null;
  if (before?.span.from !== last.span.from) return last.row;
  return `contract ${contract.contractName} has ${last.row.sku} twice from ${String(last.span.from)}: ${String(last.row.units)} and ${String(before.row.units)} units.`;
}

export const isOfMonth = (row: UnitsRow, month: PsaMonth): boolean =>
  touches(rangeOf(row, month), month);

const rangeOf = (row: UnitsRow, month: PsaMonth): Span => ({
  from: month.dateOf(row.startDate),
  until: row.endDate ? month.dateOf(row.endDate) : null,
});

/** Autotask has no included quantity and no line that is not billed: both bases are the units. */
export function piecesOf(
  clientRef: string,
  sku: string,
  skuName: string,
  units: UnitsRow | null,
): readonly PsaPiece[] {
  const quantity = units ? exact(units.units) : ZERO;
  const piece = { clientRef, sku, skuName, quantity, id: `units of ${units?.line ?? sku}` };
  return [
    { ...piece, basis: 'bought' },
    { ...piece, basis: 'billable' },
  ];
}

/** The system's contract types whose hours are paid for by the contract. */
const COVERING: Readonly<Record<number, string>> = {
  3: 'Fixed Price',
  4: 'Block Hours',
  6: 'Retainer',
  7: 'Recurring Service',
  8: 'Per Ticket',
};
const TIME_AND_MATERIALS = 1;

function classOf({ isNonBillable }: TimeEntry, contract: Contract | null): string {
  if (isNonBillable) return 'NonBillable';
  const type = contract?.contractType ?? TIME_AND_MATERIALS;
  if (type === TIME_AND_MATERIALS) return 'Billable';
  return COVERING[type] ?? `contract type ${String(type)}`;
}

/**
 * Hours worked on the basis "active"; of those that are not marked non-billable, on "billable",
 * Autotask's hours to bill, by what pays for them. A text says what is missing.
 */
export function hoursOf(
  entry: TimeEntry,
  clientRef: string,
  contract: Contract | null,
): readonly PsaPiece[] | string {
  const sku = `Hours: ${classOf(entry, contract)}`;
  const own = { clientRef, sku, skuName: sku, id: `time ${String(entry.id)}` };
  const worked: PsaPiece = { ...own, basis: 'active', quantity: exact(entry.hoursWorked) };
  if (entry.isNonBillable) return [worked];
  if (entry.hoursToBill === null || entry.hoursToBill === undefined) {
    return `time entry ${String(entry.id)} is billable and has no hoursToBill.`;
  }
  return [worked, { ...own, basis: 'billable', quantity: exact(entry.hoursToBill) }];
}
