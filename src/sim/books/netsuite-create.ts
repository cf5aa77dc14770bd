/** New invoices and credit memos: what NetSuite takes by POST, and by PUT of an external id. */
import * as z from 'zod';
import { multiply } from '../decimals.ts';
import type { SimAnswer, SimRequest } from '../exchange.ts';
import { addDocument, changeDocument, closedOn, standing } from '../ledger/documents.ts';
import type { Ledger, LedgerDocument, LedgerKind } from '../ledger/ledger.ts';
import { numberOf, parseWithDigits } from './exact-numbers.ts';
import { addressOf, currencyId, currencyRows, refuse } from './netsuite-records.ts';

/** Ids of this account's documents begin here; the number of a document is the account's own. */
const FIRST_ID = 5000;

const Reference = z.strictObject({ id: z.string().regex(/^\d+$/) });
const Line = z.strictObject({
  item: Reference,
  description: z.string().max(999).optional(),
  quantity: numberOf(5),
  rate: numberOf(8),
  amount: numberOf(2).optional(),
});
const Body = z.strictObject({
  externalId: z.string().regex(/^[\w-]+$/).optional(),
  entity: Reference,
  tranDate: z.iso.date(),
  dueDate: z.iso.date().optional(),
  currency: Reference.optional(),
  otherRefNum: z.string().max(45).optional(),
  memo: z.string().max(999).optional(),
  item: z.strictObject({ items: z.array(Line).min(1) }),
}); // prettier-ignore
type Body = z.infer<typeof Body>;

/** `upsertKey`: the external id of a PUT, which changes what is there under it. */
export function write(
  request: SimRequest,
  kind: LedgerKind,
  ledger: Ledger,
  upsertKey: string | null,
): SimAnswer {
  const parsed = Body.safeParse(parseWithDigits(request.body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const detail = `Invalid content in the request body. ${issue?.message ?? ''}`;
    return refuse(400, 'INVALID_CONTENT', detail, issue?.path.join('.') ?? '');
  }
  const body = parsed.data;
  const key = upsertKey ?? body.externalId ?? null;
  const trouble = findTrouble(body, ledger);
  if (trouble) return trouble;
  const before = standing(ledger).find((one) => key !== null && one.kind === kind && one.externalId === key);
  const fields = toFields(body, ledger);
  if (before && upsertKey === null) {
    // In these words; SOAP has the code DUP_RCRD for it.
    return refuse(400, 'USER_ERROR', 'Error while accessing a resource. This record already exists.');
  }
  if (before) return answered(changeDocument(ledger, before, fields, request.nowMs));
  const position = ledger.nextNumber();
  const number = `${kind === 'invoice' ? 'INV' : 'CM'}${String(position)}`;
  const fresh = { id: String(FIRST_ID + position), kind, number, externalId: key };
  return answered(addDocument(ledger, { ...fresh, ...fields }, request.nowMs));
} // prettier-ignore

function findTrouble(body: Body, ledger: Ledger): SimAnswer | null {
  const customer = ledger.get('customer', body.entity.id);
  if (!customer?.active || customer.mergedInto !== null) {
    return invalidField(body.entity.id, 'entity', 'entity');
  }
  for (const [index, { item }] of body.item.items.entries()) {
    if (!ledger.get('item', item.id)?.active) {
      return invalidField(item.id, 'item', `item.items[${String(index)}].item`);
    }
  }
  if (closedOn(ledger, body.tranDate) === null) return null;
  return refuse(400, 'USER_ERROR', 'Error while accessing a resource. The transaction date you specified is not within the date range of your accounting period.'); // prettier-ignore
}

const invalidField = (value: string, field: string, path: string): SimAnswer =>
  refuse(400, 'INVALID_CONTENT', `Error while accessing a resource. You have entered an Invalid Field Value ${value} for the following field: ${field}.`, path); // prettier-ignore

function toFields(body: Body, ledger: Ledger) {
  const own = ledger.get('customer', body.entity.id)?.currency ?? ledger.settings().currency;
  const named = currencyRows.find(({ id }) => id === (body.currency?.id ?? currencyId(own)));
  return {
    customerId: body.entity.id,
    date: body.tranDate,
    dueDate: body.dueDate ?? null,
    currency: named?.symbol ?? own,
    memo: body.memo ?? null,
    reference: body.otherRefNum ?? null,
    lines: body.item.items.map((line) => ({
      itemId: line.item.id,
      description: line.description ?? '',
      quantity: line.quantity,
      unitPrice: line.rate,
      amount: line.amount ?? multiply(line.quantity, line.rate),
      taxCode: null,
    })),
  };
}

const answered = ({ kind, id }: LedgerDocument): SimAnswer => ({
  status: 204,
  headers: { location: addressOf(kind === 'invoice' ? 'invoice' : 'creditMemo', id) },
  body: '',
});
