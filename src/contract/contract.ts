/**
 * Every route of the relay as data: the relay serves it, the client calls it, both parse with the
 * same schema, and /openapi.json is made from it. A new route is one entry here and one function
 * in the relay.
 */
import * as z from 'zod/mini';
import {
  MappingSchema,
  PostedMonthSchema,
  RunningSyncSchema,
  SnapshotSchema,
  SourceHealthSchema,
  SplitSchema,
} from './counts-schemas.ts';
import {
  BesideSchema,
  BooksStateSchema,
  InBooksSchema,
  RecoverySchema,
  SweepSchema,
} from './books-schemas.ts';
import {
  BatchSchema,
  DraftSchema,
  PeriodStateSchema,
  SpotCheckSchema,
  StatusSchema,
  type BATCH_STATES,
  type DraftInvoiceSchema,
  type POSTING_STATES,
  type PostingSchema,
} from './posting-schemas.ts';
import { route } from './route.ts';
import { Bytes, Cell, Digest, Id, InstantText, Period, Words } from './values.ts';

export * from './books-schemas.ts';
export * from './counts-schemas.ts';
export * from './posting-schemas.ts';
export type { Method, Route } from './route.ts';
export { IMPORT_BYTES_MAX } from './values.ts';

/** Why a person does it; never empty, for it stands in the audit trail. */
const Reason = Words(500);
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
      /** What makes it degraded beside its sources, one sentence each; absent when nothing does. */
      troubles: z.optional(z.array(Words(255))),
      /** How far the look-ups after a restored database are; absent in ordinary life. */
      recovery: z.optional(RecoverySchema),
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
      books: z.strictObject({
        id: Id, title: Words(80), company: Words(255), promise: Words(255),
        /** Files that a person imports: what is written there is exported, not posted. */
        kind: z.optional(z.literal('file')),
      }),
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
    summary: 'Sync every source now, and the customers of the books where no source is named, and publish a snapshot; the last good counts are kept.',
    body: z.strictObject({
      sources: z.optional(z.array(Id)),
      /** Sources whose suddenly empty answer a person has confirmed. */
      confirmEmpty: z.optional(z.array(Id)),
      /** Sources whose files are of another kind from now on. */
      confirmProfile: z.optional(z.array(Id)),
    }),
    response: z.strictObject({
      snapshotId: Id, changed: z.int(), sources: z.array(SourceHealthSchema),
      /** Why the customers of the books are those of before; absent when they were read. */
      books: z.optional(Words(500)),
    }),
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
    summary: 'Sync health of every source, and which syncs are under way and how far.',
    response: z.strictObject({
      sources: z.array(SourceHealthSchema),
      running: z.array(RunningSyncSchema),
    }),
  }),
  importFile: route({
    method: 'POST', path: '/api/imports/:source', carries: 'bytes',
    summary: 'The file of a month for a source with "upload": at most 10 MB, kept and counted at once.',
    params: z.strictObject({ source: Id }),
    query: z.strictObject({
      period: Period,
      /** Of the file, without its folder: CSV or .xlsx. */
      name: Words(255),
      /** The vendor's files are of another kind from now on. */
      confirmProfile: z.optional(z.literal('yes')),
    }),
    body: Bytes,
    response: SourceHealthSchema,
  }),
  mappings: route({
    method: 'GET', path: '/api/mappings',
    summary: 'Vendor accounts and SKUs against our clients and services; open ones first.',
    query: z.strictObject({ source: z.optional(Id) }),
    response: z.strictObject({ mappings: z.array(MappingSchema) }),
  }),
  confirmMapping: route({
    method: 'PUT', path: '/api/mappings',
    summary: 'A person links an account, SKU or sheet spelling, splits it, or says "never".',
    body: z.strictObject({
      source: Id,
      kind: z.enum(['client', 'service']),
      ref: Words(255),
      /** Null: never billed, or split where a rule is given. */
      target: z.nullable(Id),
      split: z.optional(SplitSchema),
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
    body: z.strictObject({
      digest: Digest,
      version: z.int(),
      /** The person has looked at what the batch names in `mustSee`. */
      changeSeen: z.optional(z.boolean()),
    }),
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
    body: z.strictObject({
      key: Id,
      digest: Digest,
      /** Ids of documents in the books that look alike and that the person has seen. */
      seen: z.optional(z.array(Words(120)).check(z.maxLength(500))),
    }),
    response: BatchSchema,
  }),
  pause: route({
    method: 'POST', path: '/api/batches/:batch/pause', params: OfBatch,
    summary: 'Send nothing more; what is in doubt is still looked up. Posting again resumes.',
    body: z.strictObject({ reason: Reason }),
    response: BatchSchema,
  }),
  cancel: route({
    method: 'POST', path: '/api/batches/:batch/cancel', params: OfBatch,
    summary: 'Withdraw what was sent in or approved and of which nothing was sent yet.',
    body: z.strictObject({ reason: Reason }),
    response: BatchSchema,
  }),
  closeClient: route({
    method: 'POST', path: '/api/periods/:period/clients/:client/close',
    params: z.strictObject({ period: Period, client: Id }),
    summary: 'A person decides that a client gets no invoice for a month.',
    body: z.strictObject({ reason: Reason }),
    response: StatusSchema,
  }),
  inBooks: route({
    method: 'GET', path: '/api/periods/:period/in-books', params: OfPeriod,
    summary: 'Every document of the month that the books hold for our clients, ours or not.',
    response: InBooksSchema,
  }),
  books: route({
    method: 'GET', path: '/api/books',
    summary: 'Which company is connected, whether it is parked, and what the last sweep saw.',
    response: BooksStateSchema,
  }),
  sweep: route({
    method: 'POST', path: '/api/books/sweep',
    summary: 'Hold the books against what was posted, now; nothing is changed there.',
    body: z.strictObject({}),
    response: SweepSchema,
  }),
  unpark: route({
    method: 'POST', path: '/api/books/unpark',
    summary: 'A person lifts the park that a batch beyond the caps has caused.',
    body: z.strictObject({ reason: Reason }),
    response: BooksStateSchema,
  }),
  endRecovery: route({
    method: 'POST', path: '/api/books/recovery/end',
    summary: 'A person ends the recovery from a restored database, looked up or not.',
    body: z.strictObject({ reason: Reason }),
    response: BooksStateSchema,
  }),
  knowMark: route({
    method: 'POST', path: '/api/books/marks',
    summary: 'A person knows whose mark this is: it stops posting no longer.',
    body: z.strictObject({ marker: Words(60), reason: Reason }),
    response: BooksStateSchema,
  }),
  decide: route({
    method: 'POST', path: '/api/batches/:batch/postings/:key/decide', params: OfPosting,
    summary: 'A person decides about one invoice, with the evidence on screen.',
    body: z.strictObject({
      choice: z.enum(['look again', 'send again', 'it is there', 'give up', 'retry']),
      invoiceId: z.optional(Words(120)),
      reason: z.optional(z.string().check(z.maxLength(500))),
      /** Of a retry: as in a post. */
      seen: z.optional(z.array(Words(120)).check(z.maxLength(500))),
    }),
    response: BatchSchema,
  }),
  beside: route({
    method: 'GET', path: '/api/batches/:batch/postings/:key/in-books', params: OfPosting,
    summary: 'What the books hold for one invoice now, beside what was approved; nothing is changed.',
    response: BesideSchema,
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
export type RunningSync = z.infer<typeof RunningSyncSchema>;
export type Mapping = z.infer<typeof MappingSchema>;
export type SpotCheck = z.infer<typeof SpotCheckSchema>;
export type Beside = z.infer<typeof BesideSchema>;
export type BooksState = z.infer<typeof BooksStateSchema>;
export type ComparedField = Beside['documents'][number]['fields'][number];
export type ClientStatus = z.infer<typeof StatusSchema>['clients'][number];
export type PeriodState = z.infer<typeof PeriodStateSchema>;
export type PostingState = (typeof POSTING_STATES)[number];
export type BatchState = (typeof BATCH_STATES)[number];
