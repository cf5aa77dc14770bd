/** Clients, services, counts and mappings as they travel. */
import * as z from 'zod/mini';
import {
  AmountText,
  BasisName,
  CurrencyCode,
  Id,
  InstantText,
  LineKindName,
  Period,
  QuantityText,
  UnitPriceText,
  Words,
} from './values.ts';

export const ClientSchema = z.strictObject({
  id: Id,
  code: z.nullable(Words(60)),
  name: Words(255),
  currency: CurrencyCode,
  active: z.boolean(),
  aliases: z.array(Words(255)),
});

export const ServiceSchema = z.strictObject({
  id: Id,
  name: Words(120),
  basis: BasisName,
  unit: z.enum(['licence', 'device', 'agent', 'hour', 'other']),
  members: z.array(Id),
  bundle: z.optional(z.array(Id)),
  aliases: z.array(Words(255)),
});

const CountPartSchema = z.strictObject({
  account: Words(255),
  sku: Words(255),
  quantity: QuantityText,
  ids: z.optional(z.array(Words(80))),
  split: z.optional(
    z.strictObject({ whole: QuantityText, rule: Words(80), by: Words(120), at: InstantText }),
  ),
});

/** An account over several clients; the relay refuses a rule that names a client twice. */
export const SplitSchema = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('shares'),
    parts: z
      .array(z.strictObject({ clientId: Id, shares: z.int().check(z.gte(1), z.lte(1_000_000)) }))
      .check(z.minLength(2), z.maxLength(100)),
  }),
  z.strictObject({
    by: z.literal('quantities'),
    parts: z
      .array(z.strictObject({ clientId: Id, sku: Words(255), quantity: QuantityText }))
      .check(z.minLength(1), z.maxLength(500)),
    rest: Id,
  }),
]);

const CountSchema = z.strictObject({
  clientId: Id,
  serviceId: Id,
  basis: BasisName,
  quantity: QuantityText,
  source: Id,
  asOf: InstantText,
  parts: z.array(CountPartSchema),
});

const ProblemSchema = z.strictObject({ code: Words(40), message: Words(2000), remedy: Words(400) });

const UnmappedSchema = z.strictObject({
  source: Id,
  kind: z.enum(['client', 'service']),
  ref: Words(255),
  name: Words(255),
  quantity: QuantityText,
});

const UnreadSchema = z.strictObject({
  clientId: z.nullable(Id),
  name: Words(255),
  reason: Words(300),
  since: z.nullable(InstantText),
});

export const SourceHealthSchema = z.strictObject({
  id: Id,
  title: Words(80),
  state: z.enum(['fresh', 'late', 'failed', 'never', 'partial']),
  lastGoodAt: z.nullable(InstantText),
  lastTriedAt: z.nullable(InstantText),
  error: z.nullable(ProblemSchema),
  services: z.array(Id),
  clients: z.array(Id),
  unmapped: z.array(UnmappedSchema),
  gaps: z.optional(z.array(UnreadSchema)),
  /** The file the counts are from. */
  file: z.optional(z.strictObject({ name: Words(255), profile: Id, reason: Words(400) })),
  /** A person imports its files here. */
  takesFiles: z.optional(z.boolean()),
});

export const RunningSyncSchema = z.strictObject({
  source: Id,
  period: Period,
  since: InstantText,
  /** Answers of the vendor read so far. */
  pages: z.int(),
});

const PostedLineSchema = z.strictObject({
  clientId: Id,
  serviceId: Id,
  kind: LineKindName,
  description: Words(500),
  quantity: QuantityText,
  unitPrice: UnitPriceText,
  amount: AmountText,
  source: z.nullable(Id),
  parts: z.array(CountPartSchema),
});

export const PostedMonthSchema = z.strictObject({
  period: Period,
  origin: z.enum(['posted', 'sheet']),
  lines: z.array(PostedLineSchema),
});

export const SnapshotSchema = z.strictObject({
  id: Id,
  period: Period,
  publishedAt: InstantText,
  sealed: z.boolean(),
  clients: z.array(ClientSchema),
  services: z.array(ServiceSchema),
  sources: z.array(SourceHealthSchema),
  counts: z.array(CountSchema),
  previous: z.nullable(PostedMonthSchema),
});

export const MappingSchema = z.strictObject({
  source: Id,
  kind: z.enum(['client', 'service']),
  ref: Words(255),
  name: Words(255),
  /** Null while open; "never" is an answer too: not a client, never billed. */
  target: z.nullable(Id),
  state: z.enum(['open', 'automatic', 'confirmed', 'never', 'split']),
  /** Of an account that serves several clients. */
  split: z.optional(SplitSchema),
  by: z.nullable(Words(120)),
  at: z.nullable(InstantText),
  /** Best guesses, never taken over without a person; empty when two are equally good. */
  suggestions: z.array(
    z.strictObject({
      target: Id,
      score: z.number(),
      /** Nothing speaks against it and no other comes near; never true of a service. */
      confident: z.boolean(),
      reason: Words(255),
    }),
  ),
});
