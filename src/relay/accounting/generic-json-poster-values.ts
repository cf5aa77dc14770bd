// What a described body is made of: values of ours under names, written as the description says.

import { z } from 'zod';
import { periodTitle } from '../../core/billing-period.ts';
import type { InvoiceContent, InvoiceLine } from '../../core/model.ts';
import type { Quantity } from '../../core/money.ts';
import type { InvoiceKeys } from './accounting.ts';
import { jsonNumber } from './exact-json.ts';

const HEAD_VALUES = ['customerId', 'ref', 'marker', 'memo', 'postingKey', 'date', 'period', 'document', 'currency', 'total'] as const; // prettier-ignore
const LINE_VALUES = ['itemId', 'description', 'quantity', 'unitPrice', 'amount', 'taxCodeId', 'position'] as const; // prettier-ignore
type HeadValue = (typeof HEAD_VALUES)[number];
type LineValue = (typeof LINE_VALUES)[number];
/** Those that may be JSON numbers; the others are texts always. */
const NUMBERS: readonly string[] = ['customerId', 'total', 'itemId', 'quantity', 'unitPrice', 'amount', 'position']; // prettier-ignore

/** Names of objects within objects; no lists, and nothing that every object has of itself. */
const Place = z
  .string()
  .max(200)
  .regex(/^(\/[\w.$-]{1,60}){1,8}$/, 'must be a place in the body such as /customer/id')
  .refine(
    (place) => !/\/(__proto__|constructor|prototype)(\/|$)/.test(place),
    'is no name for a field',
  );

const named = <Name extends string>(names: readonly Name[]) => {
  const one = z.enum(names, { error: `must be one of ${names.join(', ')}` });
  return z.record(
    Place,
    z.union([
      one.transform((value) => ({ value, as: 'text' as const })),
      z
        .strictObject({ value: one, as: z.enum(['text', 'number']) })
        .refine(({ value, as }) => as === 'text' || NUMBERS.includes(value), {
          path: ['as'],
          error: 'goes with customerId, itemId and decimals only',
        }),
    ]),
  );
};
const Constants = z
  .record(Place, z.union([z.string().max(500), z.boolean(), z.null()]))
  .default({});

/** No place stands within another: "/customer" is no text when "/customer/id" is there. */
const areApart = (places: readonly string[]): boolean =>
  new Set(places).size === places.length &&
  places.every((place) => !places.some((other) => other.startsWith(`${place}/`)));

export const Body = z
  .strictObject({
    fields: named<HeadValue>(HEAD_VALUES),
    constants: Constants,
    lines: z.strictObject({
      at: Place,
      fields: named<LineValue>(LINE_VALUES),
      constants: Constants,
    }),
  })
  .refine(
    ({ fields, constants, lines }) =>
      areApart([...Object.keys(fields), ...Object.keys(constants), lines.at]) &&
      areApart([...Object.keys(lines.fields), ...Object.keys(lines.constants)]),
    { path: ['fields'], error: 'two values have one place' },
  )
  .superRefine(({ fields, lines }, context) => {
    const head = new Set(Object.values(fields).map(({ value }) => value));
    const line = new Set(Object.values(lines.fields).map(({ value }) => value));
    const missing = [
      ...(['customerId', 'ref', 'date'] as const).filter((value) => !head.has(value)),
      ...(head.has('memo') || head.has('marker') ? [] : ['memo or marker']),
      ...(['description', 'quantity', 'unitPrice'] as const).filter((value) => !line.has(value)),
    ];
    for (const value of missing) {
      context.addIssue({ code: 'custom', path: ['fields'], message: `name a place for ${value}` });
    }
  });
export type Body = z.infer<typeof Body>;

/** The body of a create; numbers in the digits that were approved. */
export function toBody(body: Body, content: InvoiceContent, keys: InvoiceKeys): unknown {
  const head = headOf(content, keys);
  const lines = content.lines.map((line, index) => {
    const values = lineOf(line, index + 1);
    return placed(body.lines.fields, body.lines.constants, (name) => values[name]);
  });
  const whole = placed(body.fields, body.constants, (name) => head[name]);
  put(whole, body.lines.at, lines);
  return whole;
}

const headOf = (
  content: InvoiceContent,
  { ref, marker, postingKey }: InvoiceKeys,
): Readonly<Record<HeadValue, string>> => ({
  customerId: content.customerId,
  ref,
  marker,
  memo: `${periodTitle(content.period)} ${marker}`,
  postingKey,
  date: content.invoiceDate,
  period: content.period,
  document: content.document,
  currency: content.currency,
  total: content.total,
});

const lineOf = (
  line: InvoiceLine,
  position: number,
): Readonly<Record<LineValue, string | undefined>> => ({
  itemId: line.itemId,
  description: line.description,
  quantity: line.quantity,
  unitPrice: line.unitPrice,
  amount: line.amount,
  taxCodeId: line.taxCodeId,
  position: String(position),
});

type Tree = Record<string, unknown>;

function placed<Name extends string>(
  fields: Readonly<Record<string, { readonly value: Name; readonly as: 'text' | 'number' }>>,
  constants: Readonly<Record<string, unknown>>,
  valueOf: (name: Name) => string | undefined,
): Tree {
  const tree: Tree = {};
  for (const [place, constant] of Object.entries(constants)) put(tree, place, constant);
  for (const [place, { value, as }] of Object.entries(fields)) {
    const text = valueOf(value);
    if (text !== undefined) put(tree, place, as === 'text' ? text : jsonNumber(text as Quantity));
  }
  return tree;
}

function put(tree: Tree, place: string, value: unknown): void {
  const names = place.split('/').slice(1);
  const last = names.pop() ?? '';
  const at = names.reduce<Tree>((node, name) => (node[name] ??= {}) as Tree, tree);
  at[last] = value;
}

/** An id that is sent as a number must be one; null when all are. */
export function findNoNumber(body: Body, { customerId, lines }: InvoiceContent): string | null {
  const isNumber = (id: string): boolean => /^(0|[1-9]\d{0,14})$/.test(id);
  const asNumber = (fields: Readonly<Record<string, { value: string; as: string }>>, name: string) =>
    Object.values(fields).some(({ value, as }) => value === name && as === 'number');
  if (asNumber(body.fields, 'customerId') && !isNumber(customerId)) {
    return `customer "${customerId}": it is sent as a number and is none`;
  }
  const index = lines.findIndex(({ itemId }) => !isNumber(itemId));
  return index >= 0 && asNumber(body.lines.fields, 'itemId')
    ? `line ${index + 1}, item "${lines[index]?.itemId ?? ''}": it is sent as a number and is none`
    : null;
} // prettier-ignore
