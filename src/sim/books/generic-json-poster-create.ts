/** New documents of Ledger Post, and what it does against a second copy in each of its editions. */
import * as z from 'zod';
import { multiply } from '../decimals.ts';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { addDocument, closedOn, replayOf, standing } from '../ledger/documents.ts';
import type { Ledger, LedgerDocument, LedgerKind } from '../ledger/ledger.ts';
import { numberOf, parseWithDigits } from './exact-numbers.ts';

/** none: takes a copy. key: replays a key for a day. unique: refuses a number that is used. */
export const EDITIONS = ['none', 'key', 'unique'] as const;
export type Edition = (typeof EDITIONS)[number];

const KEY_HEADER = 'x-request-key';
const KEY_MS = 24 * 60 * 60_000;

/** What a line may name; without one its tax is none. */
export const TAX_CODES = [
  { code: 'S', name: 'Standard', open: true },
  { code: 'Z', name: 'Zero rated', open: true },
  { code: 'OLD', name: 'Before 2020', open: false },
] as const;

export interface Asked {
  readonly edition: Edition;
  readonly kind: LedgerKind;
}

export const refusal = (status: number, code: string, message: string): SimAnswer =>
  answerJson(status, { error: { code, message } });

/** The edition with keys writes decimals as texts, the others as numbers. */
const decimalOf = (edition: Edition, decimals: number) =>
  edition === 'key'
    ? z.string().regex(new RegExp(`^-?\\d{1,15}(\\.\\d{1,${decimals}})?$`))
    : numberOf(decimals);

const WholeNumber = z
  .strictObject({ digits: z.string().regex(/^\d{1,15}$/) })
  .transform(({ digits }) => digits);

const bodyOf = (edition: Edition) =>
  z.strictObject({
    type: z.literal('standard'),
    customer: z.strictObject({ id: WholeNumber }),
    number: z.string().min(1).max(20),
    date: z.iso.date(),
    currency: z.string().length(3),
    note: z.string().max(200),
    rows: z
      .array(
        z.strictObject({
          item: z.string(),
          text: z.string().min(1).max(500),
          quantity: decimalOf(edition, 4),
          price: decimalOf(edition, 4),
          amount: decimalOf(edition, 2),
          taxCode: z.string().optional(),
        }),
      )
      .min(1),
  });
type Body = z.infer<ReturnType<typeof bodyOf>>;

export function write(request: SimRequest, asked: Asked, ledger: Ledger): SimAnswer {
  const key = asked.edition === 'key' ? request.headers[KEY_HEADER] : undefined;
  if (key === undefined) return work(request, asked, ledger);
  const { path, body, nowMs } = request;
  const known = replayOf(ledger, key, nowMs, KEY_MS);
  if (known) {
    return known.request === `${path} ${body}`
      ? answerJson(known.status, known.body)
      : refusal(409, 'key_reused', 'The key was used for another request.');
  }
  const answer = work(request, asked, ledger);
  ledger.put('replay', key, { key, request: `${path} ${body}`, atMs: nowMs, status: answer.status, body: answer.body });
  return answer;
} // prettier-ignore

function work(request: SimRequest, { edition, kind }: Asked, ledger: Ledger): SimAnswer {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return refusal(415, 'no_json', 'The body is no JSON.');
  }
  const parsed = bodyOf(edition).safeParse(parseWithDigits(request.body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refusal(400, 'malformed', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const body = parsed.data;
  const isUsed = standing(ledger).some((one) => one.kind === kind && one.number === body.number);
  if (edition === 'unique' && isUsed) {
    return refusal(409, 'number_used', `The number ${body.number} is used.`);
  }
  const trouble = findTrouble(body, ledger);
  if (trouble !== null) return refusal(422, 'not_possible', trouble);
  const id = String(7000 + ledger.nextNumber());
  const document = addDocument(ledger, { id, kind, ...toFields(body) }, request.nowMs);
  return answerJson(201, { document: toWire(document, edition) });
}

function findTrouble(body: Body, ledger: Ledger): string | null {
  const customer = ledger.get('customer', body.customer.id);
  if (!customer?.active) return 'There is no such customer, or it is closed.';
  if (customer.currency !== body.currency) return 'The customer is billed in another currency.';
  if (closedOn(ledger, body.date) !== null) return 'The period is closed.';
  for (const { item, quantity, price, amount, taxCode } of body.rows) {
    const isKnown = TAX_CODES.some(({ code, open }) => open && code === taxCode);
    if (taxCode !== undefined && !isKnown) return `There is no tax code ${taxCode}.`;
    if (!ledger.get('item', item)?.active) return `There is no item ${item}.`;
    if (multiply(quantity, price) !== multiply(amount, '1')) return 'An amount is not its product.';
  }
  return null;
}

const toFields = (body: Body) => ({
  number: body.number,
  customerId: body.customer.id,
  date: body.date,
  dueDate: null,
  currency: body.currency,
  memo: body.note,
  reference: null,
  externalId: null,
  lines: body.rows.map(({ item, text, quantity, price, amount, taxCode }) => ({
    itemId: item,
    description: text,
    quantity,
    unitPrice: price,
    amount: multiply(amount, '1'),
    taxCode: taxCode ?? null,
  })),
});

export function toWire(document: LedgerDocument, edition: Edition): unknown {
  const decimal = (text: string): unknown => (edition === 'key' ? text : Number(text));
  return {
    id: Number(document.id),
    number: document.number,
    customer: { id: Number(document.customerId) },
    date: document.date,
    currency: document.currency,
    note: document.memo,
    state: document.status === 'voided' ? 'void' : 'open',
    net: decimal(document.subtotal),
    tax: decimal(document.tax),
    rows: document.lines.map((line) => ({
      item: line.itemId,
      text: line.description,
      quantity: decimal(line.quantity),
      price: decimal(line.unitPrice),
      amount: decimal(line.amount),
    })),
  };
}
