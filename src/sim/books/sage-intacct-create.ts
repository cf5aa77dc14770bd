/** A new invoice of Accounts Receivable: what Sage Intacct takes, and what it says no to. */
import * as z from 'zod';
import { sum } from '../decimals.ts';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { addDocument, closedOn, replayOf, standing } from '../ledger/documents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { invalid, malformed, refuse } from './sage-intacct-errors.ts';
import { accountId, customerId, toReference } from './sage-intacct-records.ts';

const FIRST_KEY = 1000;
const TEXT_MAX = 1000;

const Text = z.string().max(TEXT_MAX);
/** Blank references are refused, as are those that name nothing. */
const Reference = z
  .strictObject({ key: z.string().min(1).optional(), id: z.string().min(1).optional() })
  .refine(({ key, id }) => key !== undefined || id !== undefined, 'names nothing');
type Reference = z.infer<typeof Reference>;
const Line = z.strictObject({
  txnAmount: z.string().regex(/^-?\d+(\.\d{1,2})?$/),
  glAccount: Reference,
  memo: Text.optional(),
  dimensions: z
    .strictObject({
      customer: Reference.optional(),
      location: Reference.optional(),
      department: Reference.optional(),
      item: Reference.optional(),
      class: Reference.optional(),
    })
    .optional(),
});
const Body = z.strictObject({
  customer: Reference,
  invoiceDate: z.iso.date(),
  dueDate: z.iso.date(),
  invoiceNumber: z.string().min(1).optional(),
  referenceNumber: Text.optional(),
  description: Text.optional(),
  lines: z.array(Line).min(1),
});
type Body = z.infer<typeof Body>;

/** What the documentation leaves open, as the company at hand does it. */
export interface Company {
  readonly ledger: Ledger;
  readonly allowsUsedNumbers: boolean;
  readonly keepsKeys: boolean;
}

export function create(request: SimRequest, company: Company): SimAnswer {
  const key = request.headers['idempotency-key'];
  const { ledger, keepsKeys } = company;
  const { nowMs, body } = request;
  if (!keepsKeys || key === undefined) return work(request, company);
  if (replayOf(ledger, key, nowMs, null)) {
    return refuse(409, 'conflict', 'Two requests have the same idempotency key.');
  }
  const answer = work(request, company);
  ledger.put('replay', key, { key, request: body, atMs: nowMs, ...answer });
  return answer;
}

function work({ body, nowMs }: SimRequest, { ledger, allowsUsedNumbers }: Company): SimAnswer {
  const parsed = Body.safeParse(parseJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const entered = toNew(parsed.data, ledger);
  if (typeof entered === 'string') return invalid(entered);
  const isUsed = standing(ledger).some(({ number }) => number === entered.number);
  if (!allowsUsedNumbers && entered.number !== null && isUsed) {
    return refuse(409, 'conflict', `Invoice number ${entered.number} already exists.`);
  }
  const id = String(FIRST_KEY + ledger.nextNumber());
  const document = addDocument(ledger, { ...entered, id }, nowMs);
  const meta = { totalCount: 1, totalSuccess: 1, totalError: 0 };
  return answerJson(201, { 'ia::result': toReference(document), 'ia::meta': meta });
}

/** The invoice as the ledger keeps it, or why it may not be entered. */
function toNew(body: Body, ledger: Ledger) {
  const customer = ledger.all('customer').find((one) => isNamed(body.customer, one.id, customerId(one)));
  if (!customer) return 'The customer does not exist.';
  if (!customer.active) return `Customer ${customerId(customer)} is inactive.`;
  const closed = closedOn(ledger, body.invoiceDate);
  if (closed !== null) return `The books are closed through ${closed}.`;
  const accounts = ledger.all('item').filter(({ active }) => active);
  const lines = body.lines.flatMap((line) => {
    const account = accounts.find((one) => isNamed(line.glAccount, one.id, accountId(one)));
    return account ? [toLine(line, account.id)] : [];
  });
  if (lines.length < body.lines.length) return 'A GL account does not exist or is inactive.';
  return {
    kind: 'invoice' as const,
    number: body.invoiceNumber ?? null,
    customerId: customer.id,
    date: body.invoiceDate,
    dueDate: body.dueDate,
    currency: ledger.settings().currency,
    memo: body.description ?? null,
    reference: body.referenceNumber ?? null,
    externalId: null,
    lines,
  };
} // prettier-ignore

/** By key, by id, or by both when they agree. */
const isNamed = (reference: Reference, key: string, id: string): boolean =>
  (reference.key ?? key) === key && (reference.id ?? id) === id;

/** A line is an amount and a text: quantities are no part of it. */
const toLine = ({ memo, txnAmount }: z.infer<typeof Line>, itemId: string) => ({
  itemId,
  description: memo ?? '',
  quantity: '1',
  unitPrice: txnAmount,
  amount: sum([txnAmount]),
  taxCode: null,
});
