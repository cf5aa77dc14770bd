/** A new sales invoice or credit note: what Sage Accounting takes, and what it says no to. */
import * as z from 'zod';
import { uuidFrom } from '../../sample/random.ts';
import { multiply, sum } from '../decimals.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { addDocument, closedOn, replayOf, type NewDocument } from '../ledger/documents.ts';
import type { Ledger, LedgerKind } from '../ledger/ledger.ts';
import { numberOf, parseWithDigits } from './exact-numbers.ts';
import { invalid } from './sage-accounting-problems.ts';
import { percentageOf, toDocument } from './sage-accounting-records.ts';

/** How long the first answer is kept under its key: said to be seven days, in no file. */
const REPLAY_MS = 7 * 24 * 3_600_000;
/** A double holds fifteen digits; the file names no other limit. */
const DECIMALS = 10;

const Line = z.strictObject({
  description: z.string().min(1),
  ledger_account_id: z.string().min(1),
  quantity: numberOf(DECIMALS).optional(),
  unit_price: numberOf(DECIMALS),
  unit_price_includes_tax: z.boolean().optional(),
  net_amount: numberOf(2).optional(),
  tax_rate_id: z.string().min(1).optional(),
  tax_amount: numberOf(2).optional(),
});
type Line = z.infer<typeof Line>;
const head = {
  idempotency_id: z
    .string()
    .regex(/^[\da-f]{32}$/i, 'must be a GUID without hyphens')
    .optional(),
  contact_id: z.string().min(1),
  date: z.iso.date(),
  reference: z.string().max(25).optional(),
  notes: z.string().max(2000).optional(),
  currency_id: z.string().length(3).optional(),
};
const lines = z.array(Line).min(1);
const Invoice = z.strictObject({
  sales_invoice: z.strictObject({ ...head, due_date: z.iso.date().optional(), invoice_lines: lines }),
}); // prettier-ignore
const CreditNote = z.strictObject({
  sales_credit_note: z.strictObject({ ...head, credit_note_lines: lines }),
});
interface Body {
  readonly head: z.infer<typeof Invoice>['sales_invoice'] | z.infer<typeof CreditNote>['sales_credit_note']; // prettier-ignore
  readonly dueDate: string | null;
  readonly lines: readonly Line[];
}

/** Under a key that is known, the first answer comes back, whatever is asked now. */
export function create(request: SimRequest, kind: LedgerKind, ledger: Ledger): SimAnswer {
  const body = parseBody(request, kind);
  if ('status' in body) return body;
  const key = body.head.idempotency_id;
  if (key === undefined) return work(body, kind, ledger, request.nowMs);
  const known = replayOf(ledger, key, request.nowMs, REPLAY_MS);
  if (known) {
    return known.request === request.path
      ? answerJson(known.status, known.body)
      : invalid('The idempotency_id was used for another resource.', 'idempotency_id');
  }
  const answer = work(body, kind, ledger, request.nowMs);
  const { status } = answer;
  const replay = { key, request: request.path, atMs: request.nowMs, status, body: answer.body };
  ledger.put('replay', key, replay);
  return answer;
}

function parseBody(request: SimRequest, kind: LedgerKind): Body | SimAnswer {
  const sent = parseWithDigits(request.body);
  const parsed = kind === 'invoice' ? Invoice.safeParse(sent) : CreditNote.safeParse(sent);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return invalid(issue?.message ?? '', issue?.path.slice(1).join('.') ?? '');
  }
  if ('sales_invoice' in parsed.data) {
    const { sales_invoice: one } = parsed.data;
    return { head: one, dueDate: one.due_date ?? null, lines: one.invoice_lines };
  }
  const { sales_credit_note: one } = parsed.data;
  return { head: one, dueDate: null, lines: one.credit_note_lines };
}

function work(body: Body, kind: LedgerKind, ledger: Ledger, nowMs: number): SimAnswer {
  const refused = findTrouble(body, ledger);
  if (refused) return refused;
  const id = uuidFrom(`sage document ${String(ledger.nextNumber())}`).replaceAll('-', '');
  const document = addDocument(ledger, toNew(body, kind, ledger, id), nowMs);
  return answerJson(201, toDocument(document, ledger));
}

function findTrouble({ head: { contact_id: contact, date, currency_id: currency }, lines: rows }: Body, ledger: Ledger): SimAnswer | null {
  const customer = ledger.get('customer', contact);
  if (!customer?.active) return invalid('The contact does not exist.', 'contact_id');
  if (closedOn(ledger, date) !== null) {
    return invalid('The date is before the year end lockdown date.', 'date');
  }
  if ((currency ?? customer.currency) !== customer.currency) {
    return invalid('The currency is not that of the contact.', 'currency_id');
  }
  return rows.map((line) => findLineTrouble(line, ledger)).find((found) => found !== null) ?? null;
} // prettier-ignore

function findLineTrouble(line: Line, ledger: Ledger): SimAnswer | null {
  const account = ledger.get('item', line.ledger_account_id);
  if (!account?.active) return invalid('The ledger account does not exist.', 'ledger_account_id');
  const net = netOf(line);
  if (line.net_amount !== undefined && sum([line.net_amount]) !== net) {
    return invalid(`The net amount is not ${net}.`, 'net_amount');
  }
  if (line.tax_rate_id === undefined) return null;
  const percentage = percentageOf(line.tax_rate_id, ledger);
  if (percentage === null) return invalid('The tax rate does not exist.', 'tax_rate_id');
  const isTaxed = /[1-9]/.test(percentage);
  return isTaxed && line.tax_amount === undefined
    ? invalid('This field is required.', 'tax_amount')
    : null;
}

const netOf = (line: Line): string => multiply(line.quantity ?? '1', line.unit_price);

/** Its number is given by Sage: ours is the reference, which the ledger keeps as the number. */
const toNew = (
  { head: one, dueDate, lines: rows }: Body,
  kind: LedgerKind,
  ledger: Ledger,
  id: string,
): NewDocument => ({
  id,
  kind,
  number: one.reference ?? null,
  customerId: one.contact_id,
  date: one.date,
  dueDate,
  currency: one.currency_id ?? ledger.settings().currency,
  memo: one.notes ?? null,
  reference: null,
  externalId: one.idempotency_id ?? null,
  tax: sum(rows.map((line) => line.tax_amount ?? '0')),
  lines: rows.map((line) => ({
    itemId: line.ledger_account_id,
    description: line.description,
    quantity: line.quantity ?? '1',
    unitPrice: line.unit_price,
    amount: netOf(line),
    taxCode: line.tax_rate_id ?? null,
  })),
});
