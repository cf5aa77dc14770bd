/**
 * What lines of recurring invoices and time entries of HaloPSA count for in a month. The contract
 * declares no answers: names and types are those of the bodies it declares for the same records
 * (API v2, read 2026-11-22).
 */
import { z } from 'zod';
import { ZERO } from '../../core/decimal.ts';
import { isOn, isOnce, stamp, touches, type PsaMonth, type Span } from './psa-month.ts';
import { amount, exact, type PsaClient, type PsaPiece } from './psa-tally.ts';

const id = z.int();

export const Line = z.object({
  id,
  item_code: z.string().nullish(),
  item_shortdescription: z.string().nullish(),
  /** Null on lines that only carry words. */
  qty_order: amount.nullish(),
  unit_cost: z.number().nonnegative().nullish(),
  isinactive: z.boolean().nullish(),
  isgroupdesc: z.boolean().nullish(),
  onetimecharge: z.boolean().nullish(),
  onetimechargeinvoiceid: z.int().nullish(),
  startdate: stamp.nullish(),
  enddate: stamp.nullish(),
});
export const RecurringInvoice = z.object({
  id,
  client_id: id,
  client_name: z.string().min(1),
  disabled: z.boolean().nullish(),
  startdate: stamp.nullish(),
  enddate: stamp.nullish(),
  lines: z.array(Line),
});
export const Action = z.object({
  id,
  ticket_id: id.nullish(),
  datetime: stamp,
  timetaken: amount,
  actisbillable: z.boolean().nullish(),
  actionchargehours: amount.nullish(),
  actionprepayhours: amount.nullish(),
  invoice_id: z.int().nullish(),
  actioninvoicenumber: z.string().nullish(),
});
export const Ticket = z.object({ id, client_id: id.nullish(), client_name: z.string().nullish() });

export type Line = z.infer<typeof Line>;
export type RecurringInvoice = z.infer<typeof RecurringInvoice>;
export type Action = z.infer<typeof Action>;
export type Ticket = z.infer<typeof Ticket>;

/** Work without a ticket belongs to nobody: it is shown, so that somebody decides. */
export const NO_CLIENT: PsaClient = { ref: 'none', name: 'Time without a client' };

/** Halo writes "no date" as a day of long ago. */
const FIRST_YEAR = '1980';

function spanOf(
  row: Pick<Line, 'startdate' | 'enddate'>,
  month: PsaMonth,
): { readonly from: Span['from']; readonly until: Span['until'] } {
  const dayOf = (text: string | null | undefined): Span['from'] =>
    text && text >= FIRST_YEAR ? month.dateOf(text) : null;
  return { from: dayOf(row.startdate), until: dayOf(row.enddate) };
}

/** A recurring invoice that was switched off, has ended or has not begun counts for nothing. */
export function isOfMonth(invoice: RecurringInvoice, month: PsaMonth): boolean {
  return !invoice.disabled && touches(spanOf(invoice, month), month);
}

/**
 * A line on both bases: Halo has no included quantity and bills every line of a recurring invoice.
 * Null for a line of words; a text for one that should have a quantity and has none.
 */
export function piecesOf(
  invoice: RecurringInvoice,
  line: Line,
  month: PsaMonth,
): readonly PsaPiece[] | string | null {
  const name = line.item_shortdescription?.trim() ?? '';
  const code = line.item_code?.trim() || name;
  if (line.isgroupdesc || code === '') return null;
  if (line.qty_order === null || line.qty_order === undefined) {
    return `line ${String(line.id)} (${code}) of recurring invoice ${String(invoice.id)} has no qty_order.`;
  }
  const isOwn = isOnceOnly(line, month);
  const isCounted = isLive(invoice, line, month) && (isOwn || isOn(spanOf(line, month), month));
  const piece = {
    clientRef: String(invoice.client_id),
    sku: isOwn ? `${code} (once)` : code,
    skuName: `${name || code}${isOwn ? ' (charged once)' : ''}`,
    quantity: isCounted ? exact(line.qty_order) : ZERO,
    id: `line ${String(line.id)}`,
    unitCost: line.unit_cost ?? undefined,
  };
  return [
    { ...piece, basis: 'bought' },
    { ...piece, basis: 'billable' },
  ];
}

/** On no invoice yet, if it is charged once; of an invoice that is in effect at the month's end. */
function isLive(invoice: RecurringInvoice, line: Line, month: PsaMonth): boolean {
  if (line.isinactive || !isOn(spanOf(invoice, month), month)) return false;
  return !line.onetimecharge || !line.onetimechargeinvoiceid;
}

const isOnceOnly = (line: Line, month: PsaMonth): boolean =>
  line.onetimecharge === true || isOnce(spanOf(line, month), month);

function classOf({ actisbillable, invoice_id: invoice, actioninvoicenumber: number }: Action): string {
  const isInvoiced = (invoice ?? 0) > 0 || !['', '0', '-1'].includes(number?.trim() ?? '');
  if (isInvoiced) return 'Invoiced';
  return actisbillable === false ? 'NonBillable' : 'Billable';
} // prettier-ignore

export const PREPAID = 'Hours: Prepay';

/**
 * Hours worked on the basis "active"; of billable ones, on "billable", Halo's hours to charge, and
 * apart from them those that were taken from a prepaid block. A text says what is missing.
 */
export function hoursOf(action: Action, clientRef: string): readonly PsaPiece[] | string {
  const billing = classOf(action);
  const sku = `Hours: ${billing}`;
  const own = { clientRef, sku, skuName: sku, id: `action ${String(action.id)}` };
  const worked: PsaPiece = { ...own, basis: 'active', quantity: exact(action.timetaken) };
  if (billing !== 'Billable') return [worked];
  const { actionchargehours: charged, actionprepayhours: prepaid } = action;
  if (charged === null || charged === undefined) {
    return `action ${String(action.id)} is billable and has no actionchargehours.`;
  }
  const pieces: PsaPiece[] = [worked, { ...own, basis: 'billable', quantity: exact(charged) }];
  if (!prepaid) return pieces;
  const block = { ...own, sku: PREPAID, skuName: PREPAID };
  return [...pieces, { ...block, basis: 'billable', quantity: exact(prepaid) }];
}
