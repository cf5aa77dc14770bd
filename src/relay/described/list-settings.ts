/** What a configuration may say about a list: where it is asked, how it pages, which rows count. */
import { z } from 'zod';
import { kinds, ParameterName, PlainHeaders, Pointer, withPlaceholders } from './values.ts';

const Numbered = {
  parameter: ParameterName,
  in: z.enum(['query', 'body']).default('query'),
  /** How many are asked for at once, and by which parameter; both or none. */
  sizeParameter: ParameterName.optional(),
  size: z.int().min(1, 'must be at least 1').max(100_000).optional(),
  /** True or false: whether there are more. Without it and a total an empty page ends the list. */
  more: Pointer.optional(),
};
/** Whether the end of the list is a null (or ""), or may be a key that is not there at all. */
const EndsBy = z.enum(['null', 'absent']).default('null');

const Paging = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('page'),
      first: z.union([z.literal(0), z.literal(1)], { error: 'must be 0 or 1' }),
      /** How many pages there are, by the answer. */
      pages: Pointer.optional(),
      ...Numbered,
    }),
    z.strictObject({ kind: z.literal('offset'), ...Numbered }),
    z.strictObject({ kind: z.literal('last-id'), id: Pointer, ...Numbered }),
    z.strictObject({ kind: z.literal('cursor'), next: Pointer, endsBy: EndsBy, ...Numbered }),
    z.strictObject({ kind: z.literal('link'), next: Pointer, endsBy: EndsBy }),
    z.strictObject({ kind: z.literal('link-header') }),
  ],
  kinds('none, page, offset, last-id, cursor, link or link-header'),
);

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be text, a number, true, false or null',
});
export const Filter = z
  .strictObject({
    at: Pointer,
    equals: Scalar.optional(),
    in: z.array(Scalar).min(1, 'names no value').optional(),
    notIn: z.array(Scalar).min(1, 'names no value').optional(),
    /** The field may be left out by the service, which then means null. */
    optional: z.boolean().default(false),
  })
  .refine(
    (filter) => [filter.equals, filter.in, filter.notIn].filter((one) => one !== undefined).length === 1,
    { error: 'name one of equals, in and notIn' },
  ); // prettier-ignore

/** A list whose path, query and question may hold these placeholders. */
export const listKeys = (placeholders: readonly string[]) => ({
  ...withPlaceholders(placeholders),
  headers: PlainHeaders,
  /** Put by POST as JSON instead of GET. */
  question: z.record(z.string(), z.json()).optional(),
  /** Where the rows stand in the answer; "" when the answer is the list. */
  rows: Pointer,
  /** How many rows the whole list has, by the answer. */
  total: Pointer.optional(),
  paging: Paging.default({ kind: 'none' }),
  where: z.array(Filter).default([]),
});

export type ListSettings = z.infer<z.ZodObject<ReturnType<typeof listKeys>>>;
export type FilterSettings = z.infer<typeof Filter>;
export type PagingSettings = z.infer<typeof Paging>;

export interface Finding {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What the keys of a list must say about each other. */
export function listFindings({ paging, query, question }: ListSettings, name: string): Finding[] {
  if (!('parameter' in paging)) return [];
  const at = (key: string, message: string): Finding => ({ path: [name, 'paging', key], message });
  const { parameter, sizeParameter, size } = paging;
  const isTwice = [parameter, sizeParameter].some((one) => one !== undefined && one in query);
  return [
    ...((sizeParameter === undefined) === (size === undefined)
      ? []
      : [at('size', 'name size and sizeParameter, or neither')]),
    ...(isTwice ? [at('parameter', 'stands under query too; leave it out there')] : []),
    ...(parameter === sizeParameter ? [at('sizeParameter', 'is the parameter of the page')] : []),
    ...(paging.in === 'body' && question === undefined
      ? [at('in', 'a list without question has no body')]
      : []),
  ];
}
