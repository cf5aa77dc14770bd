/** New invoices and credit notes: what Xero takes by PUT and by POST, and what it says no to. */
import * as z from 'zod';
import { uuidFrom } from '../../sample/random.ts';
import { multiply, sum } from '../decimals.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { addDocument, changeDocument, closedOn, replayOf, standing } from '../ledger/documents.ts';
import type { Ledger, LedgerDocument, LedgerKind } from '../ledger/ledger.ts';
import { numberOf, parseWithDigits } from './exact-numbers.ts';
import { toDocument } from './xero-records.ts';

/** How long a key is remembered, with whatever was answered. */
const REPLAY_MS = 6 * 60_000;
const KEY_MAX = 128;

const Line = z.strictObject({
  ItemCode: z.string().max(30),
  Description: z.string().min(1).max(4000),
  Quantity: numberOf(4),
  UnitAmount: numberOf(4),
  LineAmount: numberOf(2).optional(),
  AccountCode: z.string().optional(),
  TaxType: z.enum(['OUTPUT', 'NONE']).optional(),
});
const head = {
  Contact: z.strictObject({ ContactID: z.guid() }),
  Date: z.iso.date(),
  DueDate: z.iso.date().optional(),
  Status: z.enum(['DRAFT', 'SUBMITTED', 'AUTHORISED']),
  CurrencyCode: z.string().length(3).optional(),
  LineAmountTypes: z.enum(['Exclusive', 'Inclusive', 'NoTax']).optional(),
  Reference: z.string().max(255).optional(),
  LineItems: z.array(Line).min(1),
};
const Invoice = z.strictObject({
  ...head,
  Type: z.literal('ACCREC'),
  InvoiceNumber: z.string().max(255).optional(),
});
const CreditNote = z.strictObject({
  ...head,
  Type: z.literal('ACCRECCREDIT'),
  CreditNoteNumber: z.string().max(255).optional(),
});
const Invoices = z.strictObject({ Invoices: z.array(Invoice).length(1) });
const CreditNotes = z.strictObject({ CreditNotes: z.array(CreditNote).length(1) });
type Body = z.infer<typeof Invoice> | z.infer<typeof CreditNote>;

export function refuse(message: string): SimAnswer {
  return answerJson(400, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'A validation exception occurred',
    Elements: [{ ValidationErrors: [{ Message: message }] }],
  });
}

export function write(request: SimRequest, kind: LedgerKind, ledger: Ledger): SimAnswer {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return work(request, kind, ledger);
  if (key.length > KEY_MAX) return refuse('The idempotency key is longer than 128 characters.');
  const { method, path, body, nowMs } = request;
  const asked = `${method} ${path} ${body}`;
  const known = replayOf(ledger, key, nowMs, REPLAY_MS);
  if (known) {
    return known.request === asked
      ? answerJson(known.status, known.body)
      : refuse('The idempotency key was used for another request.');
  }
  const answer = work(request, kind, ledger);
  ledger.put('replay', key, { key, request: asked, atMs: nowMs, status: answer.status, body: answer.body });
  return answer;
} // prettier-ignore

function work(request: SimRequest, kind: LedgerKind, ledger: Ledger): SimAnswer {
  const { nowMs, method } = request;
  const body = parseBody(request, kind);
  if (typeof body === 'string') return refuse(body);
  const number = numberOfDocument(body);
  const used = standing(ledger).find((one) => one.kind === kind && one.number === number);
  const trouble = findTrouble(body, ledger);
  if (trouble !== null) return refuse(trouble);
  const fields = toFields(body, ledger);
  if (used && number !== null) {
    if (method === 'PUT') return refuse('Invoice # must be unique.');
    return answered(changeDocument(ledger, used, fields, nowMs), ledger);
  }
  const id = uuidFrom(`document ${String(ledger.nextNumber())}`);
  const rest = { id, kind, number, memo: null, externalId: null };
  return answered(addDocument(ledger, { ...rest, ...fields }, nowMs), ledger);
}

function parseBody({ body }: SimRequest, kind: LedgerKind): Body | string {
  const parsed = (kind === 'invoice' ? Invoices : CreditNotes).safeParse(parseWithDigits(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  }
  const rows = 'Invoices' in parsed.data ? parsed.data.Invoices : parsed.data.CreditNotes;
  return rows[0] ?? 'There is nothing in it.';
}

const numberOfDocument = (body: Body): string | null =>
  (body.Type === 'ACCREC' ? body.InvoiceNumber : body.CreditNoteNumber) ?? null;

function findTrouble(body: Body, ledger: Ledger): string | null {
  const contact = ledger.get('customer', body.Contact.ContactID);
  if (!contact) return 'The contact is not known.';
  if (!contact.active) return 'The contact is archived.';
  if (closedOn(ledger, body.Date) !== null) return 'The date is before the period lock date.';
  for (const line of body.LineItems) {
    if (!ledger.get('item', line.ItemCode)?.active) return `Item code '${line.ItemCode}' is not valid.`;
    const product = multiply(line.Quantity, line.UnitAmount);
    if (line.LineAmount !== undefined && product !== sum([line.LineAmount])) {
      return `The line total ${line.LineAmount} does not match the expected line total ${product}.`;
    }
  }
  return null;
} // prettier-ignore

const toFields = (body: Body, ledger: Ledger) => ({
  customerId: body.Contact.ContactID,
  date: body.Date,
  dueDate: body.DueDate ?? null,
  currency: body.CurrencyCode ?? ledger.settings().currency,
  reference: body.Reference ?? null,
  lines: body.LineItems.map((line) => ({
    itemId: line.ItemCode,
    description: line.Description,
    quantity: line.Quantity,
    unitPrice: line.UnitAmount,
    amount: multiply(line.Quantity, line.UnitAmount),
    taxCode: line.TaxType ?? null,
  })),
});

const answered = (document: LedgerDocument, ledger: Ledger): SimAnswer =>
  answerJson(200, {
    [document.kind === 'invoice' ? 'Invoices' : 'CreditNotes']: [toDocument(document, ledger)],
  });
