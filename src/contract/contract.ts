/**
 * Every route of the relay as data: the relay serves it, the client calls it, both parse with the
 * same schema, and /openapi.json is made from it. A new route is one entry here and one function
 * in the relay.
 */
import * as z from 'zod/mini';
import {
  AmountText, BasisName, Cell, CurrencyCode, DayText, Digest, Id, InstantText, LineKindName, MoneyValue, Period, QuantityText, UnitPriceText, Words,
} from './values.ts'; // prettier-ignore

// Clients, services, counts -----------------------------------------------------------------

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
  aliases: z.array(Words(255)),
});

const CountPartSchema = z.strictObject({
  account: Words(255),
  sku: Words(255),
  quantity: QuantityText,
  ids: z.optional(z.array(Words(80))),
});

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

const PostedMonthSchema = z.strictObject({
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

// Batches and postings ----------------------------------------------------------------------

/** States of posting-safety 2.2; the pane shows the words of rulings 5. PLANNED: not approved yet. */
export const POSTING_STATES = [
  'PLANNED', 'READY', 'SENDING', 'UNKNOWN', 'NEEDS_PERSON', 'POSTED', 'REJECTED', 'BLOCKED', 'CONFLICT', 'MISMATCH', 'CANCELLED', 'SUPERSEDED', 'MISSING_IN_LEDGER', 'VOIDED', 'DUPLICATE_IN_LEDGER',
] as const; // prettier-ignore

export const BATCH_STATES = [
  'DRAFT', 'VALIDATED', 'SUBMITTED', 'APPROVED', 'STALE', 'POSTING', 'PAUSED', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'COMPLETED_WITH_DOUBT', 'CANCELLED',
] as const; // prettier-ignore

/** One line as the pane sends it; the relay checks amount = quantity × price and adds the rest. */
export const DraftLineSchema = z.strictObject({
  lineId: Id,
  serviceId: Id,
  kind: LineKindName,
  description: Words(500),
  quantity: QuantityText,
  unitPrice: UnitPriceText,
  amount: AmountText,
  cell: Cell,
  source: z.nullable(Id),
});

/** Signs as in the sheet; the relay turns a negative total into a credit memo. */
export const DraftInvoiceSchema = z.strictObject({
  clientId: Id,
  currency: CurrencyCode,
  lines: z.array(DraftLineSchema).check(z.minLength(1), z.maxLength(500)),
  total: AmountText,
});

export const DraftSchema = z.strictObject({
  period: Period,
  snapshotId: z.nullable(Id),
  workbook: Words(255),
  invoices: z.array(DraftInvoiceSchema).check(z.minLength(1), z.maxLength(500)),
  /** Left out of this batch on purpose, with the reason. */
  held: z.array(z.strictObject({ clientId: Id, reason: Words(500) })),
  /** What the person decided about flags; kept with the approval. */
  decisions: z.array(
    z.strictObject({
      clientId: z.nullable(Id),
      rule: Words(60),
      choice: z.enum(['keep', 'hold', 'use late counts', 'typed over']),
      reason: z.string().check(z.maxLength(500)),
      /** Narrows the decision to one line or one source. */
      serviceId: z.optional(Id),
      source: z.optional(Id),
    }),
  ),
});

const InvoiceLineSchema = z.strictObject({
  lineId: Id,
  serviceId: Id,
  itemId: Id,
  kind: LineKindName,
  description: Words(500),
  quantity: QuantityText,
  unitPrice: UnitPriceText,
  amount: AmountText,
});

export const InvoiceContentSchema = z.strictObject({
  clientId: Id,
  period: Period,
  series: Id,
  revision: z.int(),
  currency: CurrencyCode,
  document: z.enum(['invoice', 'credit memo']),
  invoiceDate: DayText,
  customerId: Id,
  mappingVersion: z.int(),
  lines: z.array(InvoiceLineSchema),
  total: AmountText,
});

const EvidenceSchema = z.strictObject({ at: InstantText, words: Words(500) });

export const PostingSchema = z.strictObject({
  key: Id,
  clientId: Id,
  clientName: Words(255),
  /** Null until it is approved: numbers are given out with the approval. */
  ref: z.nullable(Words(21)),
  document: z.enum(['invoice', 'credit memo']),
  total: MoneyValue,
  digest: Digest,
  state: z.enum(POSTING_STATES),
  /** Why it is in this state, in words a person reads; empty when there is nothing to say. */
  reason: z.string(),
  /** "uncertain" while nobody knows whether the books have it. */
  outcome: z.enum(['created', 'not_created', 'uncertain']),
  retriable: z.boolean(),
  invoiceId: z.nullable(Words(120)),
  adopted: z.boolean(),
  uncertainSince: z.nullable(InstantText),
  lookups: z.int(),
  lastLookupAt: z.nullable(InstantText),
  /** From when a person may say "it is not there, send again". */
  decideFrom: z.nullable(InstantText),
  evidence: z.array(EvidenceSchema),
  nextStep: z.string(),
});

export const BatchSchema = z.strictObject({
  id: Id,
  period: Period,
  version: z.int(),
  state: z.enum(BATCH_STATES),
  digest: Digest,
  snapshotId: z.nullable(Id),
  totals: z.array(MoneyValue),
  held: z.array(z.strictObject({ clientId: Id, reason: Words(500) })),
  preparedBy: Words(120),
  preparedAt: InstantText,
  approvedBy: z.nullable(Words(120)),
  approvedAt: z.nullable(InstantText),
  singleOperator: z.boolean(),
  /** Why it is PAUSED or STALE, in words a person reads. */
  reason: z.optional(z.string()),
  postings: z.array(PostingSchema),
});

export const SpotCheckSchema = z.strictObject({
  id: Id,
  batchId: Id,
  seed: z.int(),
  drawnAt: InstantText,
  /** All invoices were read back; these are the ones that differ. */
  readBack: z.strictObject({ compared: z.int(), equal: z.int() }),
  invoices: z.array(
    z.strictObject({
      key: Id,
      clientName: Words(255),
      ref: Words(21),
      equal: z.boolean(),
      fields: z.array(
        z.strictObject({
          name: Words(80),
          approved: z.string(),
          books: z.string(),
          equal: z.boolean(),
        }),
      ),
      verdict: z.nullable(z.enum(['matches', 'does not match'])),
    }),
  ),
});

export const MappingSchema = z.strictObject({
  source: Id,
  kind: z.enum(['client', 'service']),
  ref: Words(255),
  name: Words(255),
  /** Null while open; "never" is an answer too: not a client, never billed. */
  target: z.nullable(Id),
  state: z.enum(['open', 'automatic', 'confirmed', 'never']),
  by: z.nullable(Words(120)),
  at: z.nullable(InstantText),
  /** Best guesses, never taken over without a person; empty when two are equally good. */
  suggestions: z.array(z.strictObject({ target: Id, score: z.number(), reason: Words(255) })),
});

export const PeriodStateSchema = z.strictObject({
  period: Period,
  now: InstantText,
  started: z.boolean(),
  /** Every client posted or closed without invoice. */
  sealed: z.boolean(),
  snapshotId: z.nullable(Id),
  previous: z.nullable(
    z.strictObject({ period: Period, invoices: z.int(), totals: z.array(MoneyValue) }),
  ),
  batchId: z.nullable(Id),
});

export const StatusSchema = z.strictObject({
  period: Period,
  clients: z.array(
    z.strictObject({
      clientId: Id,
      /** The words of rulings 5, for example "posted" or "needs you". */
      word: Words(40),
      ref: z.nullable(Words(21)),
    }),
  ),
});

// Routes ------------------------------------------------------------------------------------

export type Method = 'GET' | 'POST' | 'PUT';

export interface Route<
  Params extends z.ZodMiniType = z.ZodMiniType,
  Query extends z.ZodMiniType = z.ZodMiniType,
  Body extends z.ZodMiniType = z.ZodMiniType,
  Response extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly method: Method;
  /** Fastify's form: "/api/periods/:period". */
  readonly path: string;
  readonly summary: string;
  readonly auth: 'none' | 'token';
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
}

const NONE = z.strictObject({});
const route = <
  Response extends z.ZodMiniType,
  Params extends z.ZodMiniType = typeof NONE,
  Query extends z.ZodMiniType = typeof NONE,
  Body extends z.ZodMiniType = typeof NONE,
>(entry: {
  method: Method;
  path: string;
  summary: string;
  auth?: 'none' | 'token';
  params?: Params;
  query?: Query;
  body?: Body;
  response: Response;
}): Route<Params, Query, Body, Response> => ({
  method: entry.method,
  path: entry.path,
  summary: entry.summary,
  auth: entry.auth ?? 'token',
  params: entry.params ?? (NONE as unknown as Params),
  query: entry.query ?? (NONE as unknown as Query),
  body: entry.body ?? (NONE as unknown as Body),
  response: entry.response,
});

const OfPeriod = z.strictObject({ period: Period });
const OfBatch = z.strictObject({ batch: Id });
const OfPosting = z.strictObject({ batch: Id, key: Id });

export const routes = {
  health: route({
    method: 'GET', path: '/health', auth: 'none',
    summary: 'Is the relay up; how many invoices are in doubt.',
    response: z.strictObject({
      status: z.enum(['ok', 'recovery', 'degraded']),
      profile: z.enum(['sample', 'local', 'team', 'lab']),
      version: Words(40),
      sources: z.array(z.strictObject({ id: Id, state: SourceHealthSchema.shape.state })),
      uncertainTotal: z.int(),
      oldestUncertainSeconds: z.int(),
    }),
  }),
  pair: route({
    method: 'POST', path: '/api/pair', auth: 'none',
    summary: 'Trade the one-time pairing code for a token.',
    /** Who sits there, where it is not the person of the configuration. */
    body: z.strictObject({ code: Words(20), person: z.optional(Words(120)) }),
    response: z.strictObject({ token: Words(100) }),
  }),
  session: route({
    method: 'GET', path: '/api/session',
    summary: 'Who is asking, in which profile, and what the clock says.',
    response: z.strictObject({
      person: Words(120),
      profile: z.enum(['sample', 'local', 'team', 'lab']),
      now: InstantText,
      currentPeriod: Period,
      books: z.strictObject({ id: Id, title: Words(80), company: Words(255), promise: Words(255) }),
      twoPersons: z.boolean(),
      lateAfterHours: z.int(),
    }),
  }),
  period: route({
    method: 'GET', path: '/api/periods/:period', params: OfPeriod,
    summary: 'Where a month stands: baseline, newest snapshot, batch.',
    response: PeriodStateSchema,
  }),
  snapshot: route({
    method: 'GET', path: '/api/periods/:period/snapshots/:snapshot',
    params: z.strictObject({ period: Period, snapshot: Id }),
    summary: 'One whole snapshot ("latest" for the newest), with an ETag.',
    response: SnapshotSchema,
  }),
  refresh: route({
    method: 'POST', path: '/api/periods/:period/refresh', params: OfPeriod,
    summary: 'Sync every source now and publish a snapshot; the last good counts are kept.',
    body: z.strictObject({
      sources: z.optional(z.array(Id)),
      /** Sources whose suddenly empty answer a person has confirmed. */
      confirmEmpty: z.optional(z.array(Id)),
    }),
    response: z.strictObject({ snapshotId: Id, changed: z.int(), sources: z.array(SourceHealthSchema) }),
  }),
  status: route({
    method: 'GET', path: '/api/periods/:period/status', params: OfPeriod,
    summary: 'What became of each client of a month, in words.',
    response: StatusSchema,
  }),
  history: route({
    method: 'GET', path: '/api/periods/:period/history', params: OfPeriod,
    query: z.strictObject({ months: z.optional(z.string().check(z.regex(/^([1-9]|1\d|2[0-4])$/))) }),
    summary: 'The posted lines of the months before, newest first.',
    response: z.strictObject({ months: z.array(PostedMonthSchema) }),
  }),
  sources: route({
    method: 'GET', path: '/api/sources',
    summary: 'Sync health of every source.',
    response: z.strictObject({ sources: z.array(SourceHealthSchema) }),
  }),
  mappings: route({
    method: 'GET', path: '/api/mappings',
    summary: 'Vendor accounts and SKUs against our clients and services; open ones first.',
    query: z.strictObject({ source: z.optional(Id) }),
    response: z.strictObject({ mappings: z.array(MappingSchema) }),
  }),
  confirmMapping: route({
    method: 'PUT', path: '/api/mappings',
    summary: 'A person links an account, SKU or sheet spelling, or says "never".',
    body: z.strictObject({
      source: Id,
      kind: z.enum(['client', 'service']),
      ref: Words(255),
      target: z.nullable(Id),
    }),
    response: MappingSchema,
  }),
  suggest: route({
    method: 'POST', path: '/api/mappings/suggest',
    summary: 'Best guesses for spellings of the sheet that are no known client or service.',
    body: z.strictObject({
      kind: z.enum(['client', 'service']),
      names: z.array(Words(255)).check(z.maxLength(1000)),
    }),
    response: z.strictObject({ mappings: z.array(MappingSchema) }),
  }),
  submit: route({
    method: 'POST', path: '/api/batches',
    summary: 'Store a draft: the relay checks it with the same core and seals it by digest.',
    body: z.strictObject({ key: Id, draft: DraftSchema }),
    response: BatchSchema,
  }),
  batch: route({
    method: 'GET', path: '/api/batches/:batch', params: OfBatch,
    summary: 'One batch with its postings.',
    response: BatchSchema,
  }),
  approve: route({
    method: 'POST', path: '/api/batches/:batch/approve', params: OfBatch,
    summary: 'Approve exactly this digest; off the two-person policy this is the one decision.',
    body: z.strictObject({ digest: Digest, version: z.int() }),
    response: BatchSchema,
  }),
  compare: route({
    method: 'POST', path: '/api/batches/:batch/compare', params: OfBatch,
    summary: 'Hold the sheet against the approval: a changed line blocks its client and is named.',
    body: z.strictObject({ draft: DraftSchema }),
    response: z.strictObject({
      batch: BatchSchema,
      lapsed: z.array(z.strictObject({ clientId: Id, words: Words(500), cell: z.nullable(Cell) })),
    }),
  }),
  post: route({
    method: 'POST', path: '/api/batches/:batch/post', params: OfBatch,
    summary: 'Post what was approved. Repeating it is answered, never repeated.',
    body: z.strictObject({ key: Id, digest: Digest }),
    response: BatchSchema,
  }),
  decide: route({
    method: 'POST', path: '/api/batches/:batch/postings/:key/decide', params: OfPosting,
    summary: 'A person decides about one invoice, with the evidence on screen.',
    body: z.strictObject({
      choice: z.enum(['look again', 'send again', 'it is there', 'give up', 'retry']),
      invoiceId: z.optional(Words(120)),
      reason: z.optional(z.string().check(z.maxLength(500))),
    }),
    response: BatchSchema,
  }),
  spotCheck: route({
    method: 'POST', path: '/api/batches/:batch/spot-checks', params: OfBatch,
    summary: 'Read all invoices back, draw five, compare field by field with the books.',
    body: z.strictObject({ seed: z.optional(z.int()) }),
    response: SpotCheckSchema,
  }),
  spotVerdict: route({
    method: 'POST', path: '/api/batches/:batch/spot-checks/:check',
    params: z.strictObject({ batch: Id, check: Id }),
    summary: 'What the person saw for one drawn invoice.',
    body: z.strictObject({ key: Id, verdict: z.enum(['matches', 'does not match']) }),
    response: SpotCheckSchema,
  }),
  audit: route({
    method: 'GET', path: '/api/audit',
    summary: 'The audit trail, newest first, and whether its chain holds.',
    query: z.strictObject({ period: z.optional(Period) }),
    response: z.strictObject({
      verified: z.boolean(),
      entries: z.array(
        z.strictObject({
          seq: z.int(), at: InstantText, person: Words(120), action: Words(80), object: z.string(), words: z.string(), hash: Digest,
        }),
      ),
    }),
  }),
} as const; // prettier-ignore

export type Routes = typeof routes;
export type RouteName = keyof Routes;
export type Batch = z.infer<typeof BatchSchema>;
export type Posting = z.infer<typeof PostingSchema>;
export type Draft = z.infer<typeof DraftSchema>;
export type DraftInvoice = z.infer<typeof DraftInvoiceSchema>;
export type Mapping = z.infer<typeof MappingSchema>;
export type SpotCheck = z.infer<typeof SpotCheckSchema>;
export type PeriodState = z.infer<typeof PeriodStateSchema>;
export type PostingState = (typeof POSTING_STATES)[number];
export type BatchState = (typeof BATCH_STATES)[number];
