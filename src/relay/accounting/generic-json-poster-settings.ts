// What a configuration may say about books that we have no adapter for; all of it is data, and
// nothing that makes a second copy less likely is believed without being said.

import { z } from 'zod';
import { Filter, listFindings, listKeys, type Finding } from '../described/list-settings.ts';
import { serviceFindings, serviceKeys } from '../described/service.ts';
import { HeaderName, kinds, Pointer, withPlaceholders } from '../described/values.ts';
import { currencySetting } from './currency-setting.ts';
import { Body } from './generic-json-poster-values.ts';

/** Statuses that say something of a create, by allow-list; every other one leaves it unknown. */
const Answers = z
  .strictObject({
    created: z.array(z.union([z.literal(200), z.literal(201)])).min(1).default([201]),
    refused: z.array(z.int().min(400).max(499)).default([400, 422]),
    /** A document of this number is there already. */
    exists: z.array(z.int().min(400).max(499)).default([]),
    /** Certainly nothing was made, and it may go out again later: 401, 429. */
    notSent: z.array(z.int().min(400).max(499)).default([]),
    /** Where its own words stand in an answer that says no; without them it was somebody else's. */
    error: Pointer.min(1, 'must be a field of the answer'),
    /** Where the id of what was made stands. */
    id: Pointer.min(1, 'must be a field of the answer'),
  })
  .refine(({ refused, exists, notSent }) => {
    const all = [...refused, ...exists, ...notSent];
    return new Set(all).size === all.length && !all.includes(408);
  }, { path: ['refused'], error: 'a status has one meaning, and 408 none' }); // prettier-ignore
export type Answers = z.infer<typeof Answers>;

/** One document or customer by its id. */
const One = z.strictObject({
  path: withPlaceholders(['id']).path.refine((path) => path.includes('{id}'), 'must hold {id}'),
  at: Pointer.default(''),
  /** The status, with its own words, that says there is none. */
  absent: z.int().min(400).max(499).default(404),
});
export type One = z.infer<typeof One>;

const Row = z.strictObject({
  id: Pointer,
  ref: Pointer,
  /** Where the text stands that holds our marker. */
  marker: Pointer,
  customerId: Pointer,
  /** Absent: the home currency. */
  currency: Pointer.optional(),
  date: Pointer,
  subtotal: Pointer,
  tax: Pointer.optional(),
  /** Those that are worth nothing any more. */
  voided: Filter.optional(),
  lines: Pointer,
  line: z.strictObject({
    itemId: Pointer.optional(),
    description: Pointer,
    quantity: Pointer,
    unitPrice: Pointer.optional(),
    amount: Pointer,
  }),
});
export type Row = z.infer<typeof Row>;

const Document = z.strictObject({
  create: z.strictObject({ method: z.enum(['POST', 'PUT']).default('POST'), path: withPlaceholders([]).path, body: Body }), // prettier-ignore
  find: z.strictObject(listKeys(['ref'])),
  read: One,
  list: z.strictObject(listKeys(['from', 'to'])),
  row: Row,
});
export type DocumentSettings = z.infer<typeof Document>;

/** The values of ours that a body holds. */
export const usedBy = ({ create: { body } }: DocumentSettings): readonly string[] =>
  [...Object.values(body.fields), ...Object.values(body.lines.fields)].map(({ value }) => value);

const named = { id: Pointer, name: Pointer, active: Filter.optional() };

const List = z.strictObject({ list: z.strictObject(listKeys([])), row: z.strictObject(named) });

export const FacilitySettings = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('key'),
      header: HeaderName,
      /** How long the service says it remembers a key; half of it is trusted. */
      minutes: z.int().min(2).max(525_600),
    }),
    z.strictObject({ kind: z.literal('unique reference') }),
  ],
  kinds('none, key or unique reference'),
);
export type FacilitySettings = z.infer<typeof FacilitySettings>;

const Length = z.int().min(1).max(100_000).nullable().default(null);

export const PosterSettings = z
  .strictObject({
    ...serviceKeys,
    company: z.strictObject({ path: withPlaceholders([]).path, id: Pointer, name: Pointer }),
    /** The home currency of the books. */
    currency: currencySetting,
    customers: z.strictObject({
      list: z.strictObject(listKeys([])),
      read: One.optional(),
      row: z.strictObject({ ...named, code: Pointer.optional(), currency: Pointer.optional() }),
    }),
    items: List,
    /** Where lines carry a tax code. */
    taxCodes: List.optional(),
    answers: Answers,
    invoice: Document,
    creditMemo: Document.optional(),
    facility: FacilitySettings.default({ kind: 'none' }),
    settleMinutes: z.int().min(1).max(1440).default(30),
    limits: z
      .strictObject({
        ref: z.int().min(11, 'must leave room for 11 characters').max(255).default(11),
        description: Length,
        memo: Length,
        lines: Length,
        quantityDecimals: z.int().min(0).max(4).default(4),
        priceDecimals: z.int().min(0).max(7).default(2),
      })
      .prefault({}),
  })
  .superRefine((settings, context) => {
    for (const finding of findingsOf(settings)) context.addIssue({ code: 'custom', ...finding });
  });
export type PosterSettings = z.infer<typeof PosterSettings>;

type Checked = Pick<PosterSettings, 'customers' | 'items' | 'taxCodes' | 'invoice' | 'creditMemo' | 'facility' | 'answers'>; // prettier-ignore

function findingsOf(settings: Checked & Parameters<typeof serviceFindings>[0]): Finding[] {
  const { customers, items, taxCodes, invoice, creditMemo, facility, answers } = settings;
  const documents = creditMemo ? { invoice, creditMemo } : { invoice };
  const at = (path: string[], message: string): Finding => ({ path, message });
  return [
    ...serviceFindings(settings),
    ...under(['customers'], listFindings(customers.list, 'list')),
    ...under(['items'], listFindings(items.list, 'list')),
    ...(taxCodes ? under(['taxCodes'], listFindings(taxCodes.list, 'list')) : []),
    ...(!taxCodes && Object.values(documents).some((one) => usedBy(one).includes('taxCodeId'))
      ? [at(['taxCodes'], 'a line takes taxCodeId, so say where the codes are listed')]
      : []),
    ...Object.entries(documents).flatMap(([name, { find, list }]) => [
      ...under([name], [...listFindings(find, 'find'), ...listFindings(list, 'list')]),
      ...(holds(find, '{ref}') ? [] : [at([name, 'find', 'query'], 'must ask for {ref}')]),
      ...(holds(list, '{from}') && holds(list, '{to}') ? [] : [at([name, 'list', 'query'], 'must ask for {from} and {to}')]),
    ]),
    ...(facility.kind === 'unique reference' && answers.exists.length === 0
      ? [at(['answers', 'exists'], 'name the status that says a number is used')]
      : []),
  ];
} // prettier-ignore

const under = (path: readonly string[], findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] }));

const holds = (asked: object, placeholder: string): boolean =>
  JSON.stringify(asked).includes(placeholder);
