/** An approval stands for one client as long as that client's invoice stays what it was. */
import type { ClientId, InvoiceContent, InvoiceLine } from './model.ts';

/** One difference between what was approved and what the sheet says now. */
export interface Lapse {
  readonly clientId: ClientId;
  /** Null when it is about the invoice itself or the client's mapping. */
  readonly lineId: string | null;
  readonly field: string;
  readonly approved: string | null;
  readonly now: string | null;
  /** A whole sentence, for example "Mail security: quantity was 18, now 31." */
  readonly words: string;
}

const FIELDS = [
  'serviceId',
  'itemId',
  'kind',
  'description',
  'quantity',
  'unitPrice',
  'amount',
] as const;
const HEADERS = [
  'period', 'series', 'revision', 'currency', 'document', 'invoiceDate', 'customerId', 'mappingVersion', 'total',
] as const; // prettier-ignore

const WORDS: Readonly<Record<string, string>> = {
  serviceId: 'service', itemId: 'item in the books', unitPrice: 'unit price', invoiceDate: 'invoice date', customerId: 'customer in the books', mappingVersion: 'version of the customer mapping',
}; // prettier-ignore

/**
 * Names every difference, client by client: a changed, added or missing line, another customer,
 * price or currency. The order of invoices and lines is no difference. A sum that moved only
 * because a line did is not named again.
 */
export function compareWithApproved(
  approved: readonly InvoiceContent[],
  now: readonly InvoiceContent[],
): readonly Lapse[] {
  const after = new Map(now.map((invoice) => [invoice.clientId, invoice]));
  const before = new Set(approved.map((invoice) => invoice.clientId));
  const added = now.filter((invoice) => !before.has(invoice.clientId));
  return [
    ...approved.flatMap((old) => compareInvoice(old, after.get(old.clientId))),
    ...added.map(({ clientId, total }) =>
      lapse(clientId, null, 'invoice', null, total, `The invoice of ${total} was not approved.`),
    ),
  ];
}

function compareInvoice(old: InvoiceContent, now: InvoiceContent | undefined): readonly Lapse[] {
  const { clientId, total } = old;
  if (!now) {
    const words = `The approved invoice of ${total} is no longer in the sheet.`;
    return [lapse(clientId, null, 'invoice', total, null, words)];
  }
  const lines = compareLines(old, now);
  const headers = HEADERS.filter((field) => old[field] !== now[field]).filter(
    (field) => !(lines.length > 0 && (field === 'total' || field === 'document')),
  );
  return [
    ...lines,
    ...headers.map((field) => {
      const [was, is] = [String(old[field]), String(now[field])];
      const words = `The ${WORDS[field] ?? field} was ${was}, now ${is}.`;
      return lapse(clientId, null, field, was, is, words);
    }),
  ];
}

function compareLines(old: InvoiceContent, now: InvoiceContent): readonly Lapse[] {
  const after = new Map(now.lines.map((line) => [line.lineId, line]));
  const before = new Set(old.lines.map((line) => line.lineId));
  const added = now.lines.filter((line) => !before.has(line.lineId));
  return [
    ...old.lines.flatMap((line) => compareLine(old.clientId, line, after.get(line.lineId))),
    ...added.map((line) => {
      const words = `${line.description}: a line of ${line.amount} was added.`;
      return lapse(old.clientId, line.lineId, 'line', null, line.amount, words);
    }),
  ];
}

function compareLine(
  clientId: ClientId,
  old: InvoiceLine,
  now: InvoiceLine | undefined,
): readonly Lapse[] {
  if (!now) {
    const words = `${old.description}: the line of ${old.amount} is gone.`;
    return [lapse(clientId, old.lineId, 'line', old.amount, null, words)];
  }
  const changed = FIELDS.filter((field) => old[field] !== now[field]);
  const named = changed.length > 1 ? changed.filter((field) => field !== 'amount') : changed;
  return named.map((field) => {
    const words = `${old.description}: ${WORDS[field] ?? field} was ${old[field]}, now ${now[field]}.`;
    return lapse(clientId, old.lineId, field, old[field], now[field], words);
  });
}

function lapse(
  clientId: ClientId,
  lineId: string | null,
  field: string,
  approved: string | null,
  now: string | null,
  words: string,
): Lapse {
  return { clientId, lineId, field, approved, now, words };
}
