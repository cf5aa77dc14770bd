/** Batches, postings and what became of a month, as they travel. */
import * as z from 'zod/mini';
import {
  AmountText,
  Cell,
  CurrencyCode,
  DayText,
  Digest,
  Id,
  InstantText,
  LineKindName,
  MoneyValue,
  Period,
  QuantityText,
  UnitPriceText,
  Words,
} from './values.ts';

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
  taxCodeId: z.optional(Words(120)),
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

/** One field of an invoice: as approved, and as the books hold it. */
export const ComparedFieldSchema = z.strictObject({
  name: Words(80),
  approved: z.string(),
  books: z.string(),
  equal: z.boolean(),
});

const ReadInvoiceSchema = z.strictObject({
  key: Id,
  clientName: Words(255),
  ref: Words(21),
  equal: z.boolean(),
  fields: z.array(ComparedFieldSchema),
});

const EvidenceSchema = z.strictObject({ at: InstantText, words: Words(500) });

export const PostingSchema = z.strictObject({
  key: Id,
  /** The batch it was approved in: what is decided about it is decided there. */
  batchId: Id,
  clientId: Id,
  clientName: Words(255),
  /** Null until it is approved: numbers are given out with the approval. */
  ref: z.nullable(Words(21)),
  document: z.enum(['invoice', 'credit memo']),
  /** Of the invoice, to look for it in the books. */
  date: z.optional(DayText),
  total: MoneyValue,
  digest: Digest,
  state: z.enum(POSTING_STATES),
  /** Why it is in this state, in words a person reads; empty when there is nothing to say. */
  reason: z.string(),
  /** "uncertain" while nobody knows whether the books have it. */
  outcome: z.enum(['created', 'not_created', 'uncertain']),
  /** What a BLOCKED one waits for, a new approval or a hand in the books; the cause of a CONFLICT. */
  block: z.optional(
    z.nullable(z.enum(['approval lapsed', 'tampered', 'books', 'ours in books', 'number taken'])),
  ),
  retriable: z.boolean(),
  invoiceId: z.nullable(Words(120)),
  adopted: z.boolean(),
  /** When it last went out; null while it never did. */
  sentAt: z.optional(z.nullable(InstantText)),
  uncertainSince: z.nullable(InstantText),
  lookups: z.int(),
  lastLookupAt: z.nullable(InstantText),
  /** From when a person may say "it is not there, send again". */
  decideFrom: z.nullable(InstantText),
  /** False: it was deleted in the books while in doubt, and is given up instead of sent again. */
  mayResend: z.optional(z.boolean()),
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
  /** Big changes against last month, in words: approving needs `changeSeen` while there are any. */
  mustSee: z.optional(z.array(z.string())),
  /** Why nothing is sent just now although nothing is wrong with the batch; absent otherwise. */
  waiting: z.optional(z.string()),
  /** Why it is PAUSED or STALE, in words a person reads. */
  reason: z.optional(z.string()),
  postings: z.array(PostingSchema),
  /** Of the other batches of the month: what is neither in the books as approved nor closed. */
  openElsewhere: z.array(PostingSchema),
});

export const SpotCheckSchema = z.strictObject({
  id: Id,
  batchId: Id,
  seed: z.int(),
  drawnAt: InstantText,
  /** All invoices were read back; `differing` are those that are not what was approved. */
  readBack: z.strictObject({
    compared: z.int(),
    equal: z.int(),
    differing: z.optional(z.array(ReadInvoiceSchema)),
  }),
  invoices: z.array(
    z.extend(ReadInvoiceSchema, { verdict: z.nullable(z.enum(['matches', 'does not match'])) }),
  ),
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
      /** Another approval may bill the client: nothing of it is on its way, in doubt or posted. */
      free: z.boolean(),
      /** It was billed before, or perhaps: only when a person asks for this very client. */
      again: z.boolean(),
    }),
  ),
});
