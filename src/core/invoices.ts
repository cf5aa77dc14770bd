/** A draft of the sheet becomes the invoice that is approved and posted. */
import { lastDay } from './billing-period.ts';
import type { BillingPeriod } from './billing-period.ts';
import type { DraftInvoice, DraftLine } from './drafts.ts';
import { AppError } from './errors.ts';
import type { InvoiceContent, InvoiceLine, ServiceId } from './model.ts';
import {
  isNegative,
  isZero,
  lineAmount,
  negateAmount,
  negateQuantity,
  sumAmounts,
} from './money.ts';
import type { Amount, Currency } from './money.ts';

/** Where the invoice goes: the confirmed mapping of one client, and the books' items. */
export interface InvoiceTarget {
  readonly clientName: string;
  readonly customerId: string;
  readonly mappingVersion: number;
  readonly itemIds: ReadonlyMap<ServiceId, string>;
  /** The books' own id; absent: tax is left to their defaults. */
  readonly taxCodeId?: string | undefined;
}

export interface InvoiceIssue {
  readonly period: BillingPeriod;
  readonly series: string;
  readonly revision: number;
}

/**
 * Dated the last day of the month (rulings 10). A negative total makes a credit memo, whose lines
 * are written with their signs turned (rulings 9). Lines of quantity and amount zero were shown in
 * the dry-run and are not put on the document. Throws when the draft does not add up or an item
 * is missing, naming client and line.
 */
export function toInvoiceContent(
  draft: Readonly<DraftInvoice>,
  target: InvoiceTarget,
  issue: InvoiceIssue,
): InvoiceContent {
  checkSums(draft, target.clientName);
  const turned = isNegative(draft.total);
  const lines = draft.lines
    .filter((line) => !(isZero(line.quantity) && isZero(line.amount)))
    .map((line) => toLine(line, target, turned))
    .sort((a, b) => (a.lineId < b.lineId ? -1 : 1));
  if (lines.length === 0) {
    throw new AppError('INPUT_INVALID', `${target.clientName}: there is no line to bill.`);
  }
  return {
    clientId: draft.clientId,
    period: issue.period,
    series: issue.series,
    revision: issue.revision,
    currency: draft.currency,
    document: turned ? 'credit memo' : 'invoice',
    invoiceDate: lastDay(issue.period),
    customerId: target.customerId,
    mappingVersion: target.mappingVersion,
    lines,
    total: turned ? negateAmount(draft.total) : draft.total,
  };
}

function toLine(line: Readonly<DraftLine>, target: InvoiceTarget, turned: boolean): InvoiceLine {
  const itemId = target.itemIds.get(line.serviceId);
  if (itemId === undefined) {
    const what = `${target.clientName}: service ${line.serviceId} has no item in the books`;
    throw new AppError('SETUP_MISSING', `${what}. Name its item in the configuration.`);
  }
  return {
    lineId: line.lineId,
    serviceId: line.serviceId,
    itemId,
    ...(target.taxCodeId === undefined ? {} : { taxCodeId: target.taxCodeId }),
    kind: line.kind,
    description: line.description,
    quantity: turned ? negateQuantity(line.quantity) : line.quantity,
    unitPrice: line.unitPrice,
    amount: turned ? negateAmount(line.amount) : line.amount,
  };
}

function checkSums(draft: Readonly<DraftInvoice>, clientName: string): void {
  const ids = new Set<string>();
  for (const line of draft.lines) {
    if (ids.has(line.lineId)) {
      throw new AppError('INPUT_INVALID', `${clientName}: line ${line.lineId} comes twice.`);
    }
    ids.add(line.lineId);
    checkLine(line, draft.currency, clientName);
  }
  const sum: Amount = sumAmounts(
    draft.lines.map((line) => line.amount),
    draft.currency,
  );
  if (sum === draft.total) return;
  const words = `the lines sum to ${sum}, the total says ${draft.total}`;
  throw new AppError('INPUT_INVALID', `${clientName}: ${words}.`);
}

function checkLine(line: Readonly<DraftLine>, currency: Currency, clientName: string): void {
  const where = `${clientName}, ${line.description} (${line.cell})`;
  const right = lineAmount(line.quantity, line.unitPrice, currency);
  if (right !== line.amount) {
    const words = `${line.quantity} × ${line.unitPrice} is ${right}, not ${line.amount}`;
    throw new AppError('INPUT_INVALID', `${where}: ${words}.`);
  }
  if (line.kind === 'recurring' && isNegative(line.quantity)) {
    const words = `a recurring quantity is never negative, this one is ${line.quantity}`;
    throw new AppError('INPUT_INVALID', `${where}: ${words}. Enter it as a credit line.`);
  }
}
