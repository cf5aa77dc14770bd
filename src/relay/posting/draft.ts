/**
 * Checks a draft as if nobody had checked it before: the pane is not believed. Every refusal names
 * the client, the line and its cell, and what to do.
 */
import type { Draft, DraftInvoice, PostingState } from '../../contract/contract.ts';
import { periodTitle } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { toInvoiceContent } from '../../core/invoices.ts';
import type { InvoiceContent, ServiceId } from '../../core/model.ts';
import {
  compareDecimals, isZero, parseAmount, parseCurrency, parseQuantity, parseUnitPrice, sumAmounts, type Currency,
} from '../../core/money.ts'; // prettier-ignore
import { periodAt } from '../clock.ts';
import type { CustomerLink } from '../handlers.ts';

import type { PostingRow } from '../store/posting.ts';
import type { Engine } from './engine.ts';
import { LEAVE_OUT } from './ports.ts';
import { CLOSED, REPLACEABLE, wordOf } from './states.ts';
import type { PostingTransaction } from './store-port.ts';

/** "main" is the one invoice of a client and month; the contract knows no other series yet. */
export const MAIN_SERIES = 'main';

export interface CheckedInvoice {
  readonly link: CustomerLink;
  readonly content: InvoiceContent;
}

/** What the checks need to know of earlier approvals of the same month. */
export type EarlierPostings = ReadonlyMap<string, readonly PostingRow[]>;

/** Checks what can be said without the books or the mapping. */
export function checkDraft(engine: Engine, draft: Draft): void {
  if (draft.period > periodAt(engine.clock.now(), engine.timeZone ?? 'UTC')) {
    refuse(`${periodTitle(draft.period)} has not begun. Bill a month that has.`);
  }
  checkTexts(draft);
  checkTwice(draft);
}

/** One invoice against the client's customer, its services and the money rules of core. */
export async function checkInvoice(
  engine: Engine,
  transaction: PostingTransaction,
  draft: Draft,
  invoice: DraftInvoice,
  earlier: EarlierPostings,
): Promise<CheckedInvoice> {
  const link = await linkOf(transaction, invoice.clientId);
  checkClient(link, invoice.currency);
  checkDecimals(invoice, link.clientName);
  const revision = nextRevision(draft, link, earlier.get(invoice.clientId) ?? []);
  const content = toInvoiceContent(
    invoice,
    {
      clientName: link.clientName,
      customerId: link.customerId,
      mappingVersion: link.version,
      itemIds: await itemIdsOf(engine, transaction, invoice, link.clientName),
      taxCodeId: (await transaction.taxCode(link))?.id,
    },
    { period: draft.period, series: MAIN_SERIES, revision },
  );
  checkWorth(engine, content, link.clientName);
  return { link, content };
}

/** The customer a client is billed to now; refuses a client nobody knows. */
export async function linkOf(
  transaction: PostingTransaction,
  clientId: string,
): Promise<CustomerLink> {
  const link = await transaction.customer(clientId);
  if (link) return link;
  return refuse(`Client ${clientId} is not known. Map it to a customer of the books first.`);
}

export async function itemIdsOf(
  engine: Engine,
  transaction: PostingTransaction,
  invoice: DraftInvoice,
  clientName: string,
): Promise<ReadonlyMap<ServiceId, string>> {
  const items = new Map<ServiceId, string>();
  for (const line of invoice.lines) {
    const service = engine.services.find((one) => one.id === line.serviceId);
    const where = `${clientName}, ${line.description} (${line.cell})`;
    if (!service) refuse(`${where}: service ${line.serviceId} is not known. Name one that is.`);
    if (service.members.length > 0) {
      const members = service.members.join(', ');
      refuse(`${where}: ${service.name} is a group and is never billed. Bill one of ${members}.`);
    }
    const item = await transaction.item(line.serviceId);
    items.set(line.serviceId, item.id);
  }
  return items;
}

/** One invoice per customer and month (F32): two clients may not be mapped to one customer. */
export function checkCustomers(
  checked: readonly CheckedInvoice[],
  earlier: readonly PostingRow[],
): void {
  const taken = new Map<string, string>();
  for (const { customer_id: id, client_id: client, client_name: name, state } of earlier) {
    if (!CLOSED.includes(state)) taken.set(id, `${client} ${name}`);
  }
  for (const { link } of checked) {
    const own = `${link.clientId} ${link.clientName}`;
    const other = taken.get(link.customerId);
    if (other !== undefined && other !== own && !other.startsWith(`${link.clientId} `)) {
      const name = other.slice(other.indexOf(' ') + 1);
      refuse(`${link.clientName} and ${name} are one customer of the books: bill it once a month.`);
    }
    taken.set(link.customerId, own);
  }
}

function checkClient(link: CustomerLink, currency: Currency): void {
  if (!link.active) {
    refuse(`${link.clientName}: the customer is inactive in the books. Activate it or hold it.`);
  }
  if (link.currency !== currency) {
    refuse(
      `${link.clientName}: billed in ${link.currency} in the books, the sheet says ${currency}.`,
    );
  }
}

/** Texts of the wire must be the one canonical text of their value: a digest covers them. */
function checkDecimals(invoice: DraftInvoice, clientName: string): void {
  const currency = parseCurrency(invoice.currency);
  const canonical = (words: string, given: string, right: string): void => {
    if (given !== right) refuse(`${clientName}, ${words}: write ${right} instead of ${given}.`);
  };
  for (const line of invoice.lines) {
    const where = `${line.description} (${line.cell})`;
    canonical(where, line.quantity, parseQuantity(line.quantity));
    canonical(where, line.unitPrice, parseUnitPrice(line.unitPrice));
    canonical(where, line.amount, parseAmount(line.amount, currency));
  }
  canonical('total', invoice.total, parseAmount(invoice.total, currency));
  const sum = sumAmounts(invoice.lines.map((line) => line.amount), currency); // prettier-ignore
  if (sum !== invoice.total) {
    refuse(`${clientName}: the lines sum to ${sum}, the total says ${invoice.total}.`);
  }
}

function checkWorth(engine: Engine, content: InvoiceContent, clientName: string): void {
  if (isZero(content.total)) {
    refuse(`${clientName}: the invoice comes to ${content.total}. Leave the client out.`);
  }
  const max = engine.policy.amountPerInvoiceMax;
  if (max === null || compareDecimals(content.total, parseAmount(max, content.currency)) <= 0)
    return;
  const { total, currency } = content;
  const words = `the invoice comes to ${total} ${currency}; the configuration allows ${max} ${currency}`;
  refuse(`${clientName}: ${words}. Check the quantities, or raise caps.invoiceMax.`);
}

/**
 * One invoice per client, month and series, for ever. Whatever may be in the books, or may still
 * get there, stands in the way; a closed or refused one is followed by the next revision.
 */
function nextRevision(draft: Draft, link: CustomerLink, earlier: readonly PostingRow[]): number {
  const own = earlier.filter((posting) => posting.series === MAIN_SERIES);
  for (const posting of own) {
    if (CLOSED.includes(posting.state) || REPLACEABLE.includes(posting.state)) continue;
    if (posting.state === 'READY') continue; // Judged at approval: its batch may not be running.
    const month = periodTitle(draft.period);
    const words = `invoice ${posting.ref} of ${month} is ${STANDING[posting.state] ?? wordOf(posting.state)}`;
    const why = `${link.clientName}: ${words}. Leave the client out.`;
    throw new AppError('LEDGER_CONFLICT', why, LEAVE_OUT);
  }
  return 1 + own.reduce((highest, posting) => Math.max(highest, posting.revision), 0);
}

/** Why a client gets no other invoice now. */
const STANDING: Readonly<Partial<Record<PostingState, string>>> = {
  SENDING: 'on its way into the books',
  UNKNOWN: 'in doubt: it may be in the books',
  NEEDS_PERSON: 'in doubt: a person has to decide first',
  POSTED: 'in the books already',
  DUPLICATE_IN_LEDGER: 'in the books more than once',
};

function checkTwice(draft: Draft): void {
  const seen = new Set<string>();
  for (const { clientId } of [...draft.invoices, ...draft.held]) {
    if (seen.has(clientId))
      refuse(`Client ${clientId} comes twice. Keep one invoice for a client.`);
    seen.add(clientId);
  }
}

function checkTexts(draft: Draft): void {
  for (const { clientId, reason } of draft.held) {
    if (reason.trim() === '') refuse(`Client ${clientId} is held without a reason. Give one.`);
  }
  const texts = [
    draft.workbook,
    ...draft.held.map((held) => held.reason),
    ...draft.decisions.map((decision) => decision.reason),
    ...draft.invoices.flatMap(({ lines }) =>
      lines.flatMap((line) => [line.description, line.cell]),
    ),
  ];
  const broken = texts.find((text) => !text.isWellFormed());
  if (broken !== undefined) refuse(`"${broken.toWellFormed()}" holds half a character. Retype it.`);
}

export function refuse(words: string): never {
  throw new AppError('INPUT_INVALID', words);
}
