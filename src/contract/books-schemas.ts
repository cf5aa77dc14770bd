/** What the books hold beside what we posted there, as it travels. */
import * as z from 'zod/mini';
import { ComparedFieldSchema } from './posting-schemas.ts';
import { AmountText, DayText, Id, InstantText, Words } from './values.ts';

/** One thing that the sweep saw and that does not fit; the relay changes nothing in the books. */
export const FindingSchema = z.strictObject({
  kind: z.enum(['missing', 'voided', 'mismatch', 'duplicate', 'foreign', 'unexpected']),
  /** Null for a document that is not ours. */
  key: z.nullable(Id),
  ref: z.nullable(Words(255)),
  clientName: z.nullable(Words(255)),
  invoiceId: z.nullable(Words(120)),
  words: z.string(),
});

export const SweepSchema = z.strictObject({
  at: InstantText,
  from: DayText,
  to: DayText,
  compared: z.int(),
  /** Why it could not be made; the findings of the one before do not stand any more. */
  failed: z.nullable(z.string()),
  /** Failed, or older than 26 hours: look before relying on it. */
  late: z.boolean(),
  findings: z.array(FindingSchema),
});

/** After a start on a restored database: nothing is sent before all of these were looked up. */
export const RecoverySchema = z.strictObject({
  since: InstantText,
  reason: z.string(),
  looked: z.int(),
  total: z.int(),
  /** Everything may be looked up: a person has to end it all the same. */
  needsPerson: z.boolean(),
  /** What it waits for, in words a person reads. */
  words: z.string(),
});

export const BooksStateSchema = z.strictObject({
  title: Words(80),
  promise: Words(255),
  /** The name of this relay's installation, as it stands in its marks. */
  instance: z.optional(Words(10)),
  company: z.nullable(Words(255)),
  /** Why nothing may be sent; null while all is well. */
  parked: z.nullable(z.string()),
  /** person: with a reason, by the route unpark. company: when the right one answers again. */
  liftedBy: z.optional(z.enum(['person', 'company'])),
  /** Absent in ordinary life. */
  recovery: z.optional(RecoverySchema),
  /** Null before the first sweep. */
  sweep: z.nullable(SweepSchema),
});

/** The documents of a month that stand in the books of our clients, and marks nobody knows. */
export const InBooksSchema = z.strictObject({
  /** Marks of another relay: nothing is posted until a person knows whose they are. */
  foreignMarks: z.optional(z.array(z.strictObject({ marker: Words(60), words: z.string() }))),
  invoices: z.array(
    z.strictObject({
      clientId: Id,
      clientName: Words(255),
      invoiceId: Words(120),
      document: z.enum(['invoice', 'credit memo']),
      ref: z.nullable(Words(255)),
      date: DayText,
      /** Before tax. */
      total: AmountText,
      /** Posted by this relay. */
      ours: z.boolean(),
      /** Keys of approved invoices not sent yet that it may be: posting is refused until it was seen. */
      alikeTo: z.array(Id),
    }),
  ),
});

/** What the books hold for one posting at this moment, field by field. */
export const BesideSchema = z.strictObject({
  lookedAt: InstantText,
  documents: z.array(
    z.strictObject({
      invoiceId: Words(120),
      ref: z.nullable(Words(255)),
      /** It bears the mark of this posting. */
      ours: z.boolean(),
      fields: z.array(ComparedFieldSchema),
    }),
  ),
});
