/** A new invoice or credit memo: what QuickBooks Online takes, and what it says no to. */
import * as z from 'zod';
import { multiply, sum } from '../decimals.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { addDocument, closedOn, replayOf, standing } from '../ledger/documents.ts';
import type { Ledger, LedgerKind, LedgerLine } from '../ledger/ledger.ts';
import { numberOf, parseWithDigits } from './exact-numbers.ts';
import * as faults from './quickbooks-online-faults.ts';
import { toDocument } from './quickbooks-online-records.ts';

/** How long an answer is kept under its requestid: Intuit does not say; a day is played. */
const REPLAY_MS = 24 * 3_600_000;
const FIRST_ID = 1000;

const Reference = z.strictObject({ value: z.string().min(1), name: z.string().optional() });
const Line = z.strictObject({
  DetailType: z.literal('SalesItemLineDetail'),
  Description: z.string().max(4000).optional(),
  Amount: numberOf(2),
  SalesItemLineDetail: z.strictObject({
    ItemRef: Reference,
    Qty: numberOf(7).optional(),
    UnitPrice: numberOf(7).optional(),
    ServiceDate: z.iso.date().optional(),
    TaxCodeRef: Reference.optional(),
  }),
});
const Body = z.strictObject({
  CustomerRef: Reference,
  CurrencyRef: Reference.optional(),
  TxnDate: z.iso.date().optional(),
  DueDate: z.iso.date().optional(),
  DocNumber: z.string().max(21).optional(),
  PrivateNote: z.string().max(4000).optional(),
  CustomerMemo: z.strictObject({ value: z.string().max(1000) }).optional(),
  GlobalTaxCalculation: z.enum(['TaxExcluded', 'TaxInclusive', 'NotApplicable']).optional(),
  Line: z.array(Line).min(1),
});
type Body = z.infer<typeof Body>;

export interface Company {
  readonly ledger: Ledger;
  /** The company only warns of a number that is used already. */
  readonly allowsUsedNumbers: boolean;
}

export function create(request: SimRequest, kind: LedgerKind, company: Company): SimAnswer {
  const { ledger } = company;
  const { nowMs, query, body } = request;
  const requestId = query.get('requestid');
  const known = requestId === null ? null : replayOf(ledger, requestId, nowMs, REPLAY_MS);
  if (known) return answerJson(known.status, known.body);
  const answer = work(request, kind, company);
  if (requestId !== null) {
    const replay = { key: requestId, request: body, atMs: nowMs, ...answer };
    ledger.put('replay', requestId, replay);
  }
  return answer;
}

function work(request: SimRequest, kind: LedgerKind, company: Company): SimAnswer {
  const { ledger } = company;
  const { nowMs } = request;
  const parsed = Body.safeParse(parseWithDigits(request.body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const detail = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    return faults.fault(400, faults.badProperty(detail), nowMs);
  }
  const body = parsed.data;
  const problem = findProblem(body, kind, company);
  if (problem) return faults.fault(400, problem, nowMs);
  const id = String(FIRST_ID + ledger.nextNumber());
  const document = addDocument(ledger, toNew(body, kind, ledger, { id, nowMs }), nowMs);
  const entity = kind === 'invoice' ? 'Invoice' : 'CreditMemo';
  const time = new Date(nowMs).toISOString();
  return answerJson(200, { [entity]: toDocument(document, ledger), time });
}

function findProblem(body: Body, kind: LedgerKind, company: Company): faults.Problem | null {
  const { ledger, allowsUsedNumbers } = company;
  const closed = closedOn(ledger, body.TxnDate ?? '9999');
  if (closed !== null) return faults.periodClosed(`The books are closed through ${closed}.`);
  return (
    findBadReference(body, ledger) ??
    body.Line.map(findWrongAmount).find((found) => found !== null) ??
    (allowsUsedNumbers ? null : findUsedNumber(body, kind, ledger))
  );
}

function findBadReference(body: Body, ledger: Ledger): faults.Problem | null {
  const inactive = 'Something you are trying to use has been made inactive.';
  const customer = ledger.get('customer', body.CustomerRef.value);
  if (!customer) return faults.badReference('The customer is not known.', 'CustomerRef');
  if (!customer.active) return faults.notFound(inactive, 'CustomerRef');
  const currency = body.CurrencyRef?.value ?? customer.currency;
  if (currency !== customer.currency) {
    return faults.badReference('The currency is not that of the customer.', 'CurrencyRef');
  }
  for (const { SalesItemLineDetail: detail } of body.Line) {
    const item = ledger.get('item', detail.ItemRef.value);
    if (!item) return faults.badReference('The item is not known.', 'ItemRef');
    if (!item.active) return faults.notFound(inactive, 'ItemRef');
    if (!['TAX', 'NON'].includes(detail.TaxCodeRef?.value ?? 'NON')) {
      return faults.badReference('The tax code is not known.', 'TaxCodeRef');
    }
  }
  return null;
}

function findWrongAmount({
  Amount,
  SalesItemLineDetail: { Qty, UnitPrice },
}: Body['Line'][number]): faults.Problem | null {
  if (Qty === undefined || UnitPrice === undefined) return null;
  const product = multiply(Qty, UnitPrice);
  if (product === sum([Amount])) return null;
  return faults.wrongAmount(`Amount is not equal to UnitPrice * Qty. Supplied value:${Amount}`);
}

function findUsedNumber(body: Body, kind: LedgerKind, ledger: Ledger): faults.Problem | null {
  const used = standing(ledger).find(
    (one) => one.kind === kind && one.number !== null && one.number === body.DocNumber,
  );
  if (!used) return null;
  const detail = `You must specify a different number. DocNumber=${used.number ?? ''} is assigned to TxnType=Invoice with TxnId=${used.id}`;
  return faults.usedNumber(detail);
}

function toNew(
  body: Body, kind: LedgerKind, ledger: Ledger, { id, nowMs }: { readonly id: string; readonly nowMs: number },
) {
  return {
    id,
    kind,
    number: body.DocNumber ?? null,
    customerId: body.CustomerRef.value,
    date: body.TxnDate ?? new Date(nowMs).toISOString().slice(0, 10),
    dueDate: body.DueDate ?? null,
    currency: ledger.get('customer', body.CustomerRef.value)?.currency ?? ledger.settings().currency,
    memo: body.PrivateNote ?? null,
    reference: null,
    externalId: null,
    lines: body.Line.map(toLine),
  };
} // prettier-ignore

const toLine = ({
  Description,
  Amount,
  SalesItemLineDetail: { ItemRef, Qty = '1', UnitPrice, TaxCodeRef },
}: Body['Line'][number]): LedgerLine => ({
  itemId: ItemRef.value,
  description: Description ?? '',
  quantity: Qty,
  unitPrice: UnitPrice ?? Amount,
  amount: sum([Amount]),
  taxCode: TaxCodeRef?.value ?? null,
});
