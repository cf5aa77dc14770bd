/**
 * What follows from an answer of the books, or from none: read back and compared, refused, given
 * back, or in doubt. Whatever is not certain becomes UNKNOWN; nothing here sends.
 */
import type { Instant } from '../../core/billing-period.ts';
import { addMinutes } from '../clock.ts';
import type { BooksInvoice, CreateOutcome } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import { compareFields, differenceWords, isEqual } from './differences.ts';
import { contentOf, instant, move, quietUntil, wordsOf, type Engine } from './engine.ts';
import { backOff } from './evidence.ts';
import { RELAY } from './ports.ts';

/** Doubt in a running relay is shown to a person once a late answer had a minute to turn up. */
const PERSON_AFTER_MINUTES = 1;

/** What came of a READY posting: it moved, or the books were not to be reached. */
export type StepResult = 'moved' | 'books away';

export async function settle(
  engine: Engine,
  intent: PostingRow,
  outcome: CreateOutcome,
): Promise<StepResult> {
  switch (outcome.verdict) {
    case 'created':
      await readBack(engine, intent, outcome.invoiceId);
      return 'moved';
    // Not a second copy: whose the first one is, the look-up tells.
    case 'exists':
    case 'unknown':
      await doubt(engine, intent, outcome.reason);
      return 'moved';
    case 'rejected':
    case 'not sent':
      if (outcome.verdict === 'not sent') leaveAlone(engine, outcome);
      // A certain no says nothing of an earlier send of this epoch that is still in doubt.
      if (intent.uncertain_since !== null)
        await doubt(engine, intent, outcome.reason, kindOf(outcome));
      else if (outcome.verdict === 'rejected') await reject(engine, intent, outcome.reason);
      else return giveBack(engine, intent, outcome);
      return 'moved';
  }
}

/** A 200 is not a creation: what the books hold is read and compared (posting-safety 1.3). */
async function readBack(engine: Engine, intent: PostingRow, invoiceId: string): Promise<void> {
  const content = contentOf(intent);
  let invoice: BooksInvoice | null = null;
  try {
    invoice = await engine.books.company.read(content.document, invoiceId);
  } catch (cause) {
    return doubt(engine, intent, `created as ${invoiceId}, but not read back: ${wordsOf(cause)}`);
  }
  await engine.reach('posting.read-back');
  if (!invoice) return doubt(engine, intent, `created as ${invoiceId}, but not found there`);
  const fields = compareFields(content, intent, invoice);
  const change = { invoice_id: invoice.id };
  const answer = `The books answered with invoice ${invoice.id}.`;
  const evidence = [{ kind: 'answer', words: answer }] as const;
  const [to, reason] = isEqual(fields)
    ? (['POSTED', ''] as const)
    : (['MISMATCH', `invoice ${invoice.id} differs: ${differenceWords(fields)}`] as const);
  await move(engine, intent, to, { asker: RELAY, reason, change, evidence });
}

async function reject(engine: Engine, intent: PostingRow, reason: string): Promise<void> {
  const evidence = [{ kind: 'answer', words: `The books refused it: ${reason}` }] as const;
  await move(engine, intent, 'REJECTED', { asker: RELAY, reason, evidence });
}

/** Of an answer that leaves the doubt of an earlier send: whether this one may have arrived. */
type AnswerKind = 'answer' | 'not sent';
const kindOf = ({ verdict }: CreateOutcome): AnswerKind =>
  verdict === 'not sent' ? 'not sent' : 'answer';

type NotSent = Extract<CreateOutcome, { verdict: 'not sent' }>;

/** Their limit is one for the whole connection, so no other invoice and no question goes out (F17). */
function leaveAlone(engine: Engine, { retryAfterSeconds }: NotSent): void {
  if (retryAfterSeconds === undefined) return;
  engine.quiet.until = addMinutes(engine.clock.now(), retryAfterSeconds / 60);
}

async function giveBack(
  engine: Engine,
  intent: PostingRow,
  { reason }: NotSent,
): Promise<StepResult> {
  const now = engine.clock.now();
  const attempts = intent.attempts + 1;
  const next = backOff(now, attempts);
  const asked = quietUntil(engine) ?? now;
  const change = { attempts, next_at: next < asked ? asked : next };
  const evidence = [{ kind: 'not sent', words: `It did not leave the relay: ${reason}` }] as const;
  const words = `Not sent yet: ${reason}`;
  await move(engine, intent, 'READY', { asker: RELAY, reason: words, change, evidence });
  return 'books away';
}

/** Nobody knows: looked up at once and then until it is found or a person decides. */
export async function doubt(
  engine: Engine,
  intent: PostingRow,
  reason: string,
  kind: AnswerKind = 'answer',
): Promise<void> {
  const sentAt = instant(intent.sent_at ?? engine.clock.now());
  await toUnknown(engine, intent, {
    reason,
    kind,
    personFrom: addMinutes(sentAt, PERSON_AFTER_MINUTES),
  });
}

/** What a start of the relay finds on its way: never READY, for it may have left (F8 to F10). */
export async function doubtAfterRestart(engine: Engine, key: string): Promise<void> {
  const posting = await engine.store.findPosting(key);
  if (posting?.state !== 'SENDING') return;
  const reason = 'the relay stopped while it was sending';
  await toUnknown(engine, posting, { reason, kind: 'answer', personFrom: engine.clock.now() });
}

async function toUnknown(
  engine: Engine,
  intent: PostingRow,
  {
    reason,
    kind,
    personFrom,
  }: { readonly reason: string; readonly kind: AnswerKind; readonly personFrom: Instant },
): Promise<void> {
  const now = engine.clock.now();
  await move(engine, intent, 'UNKNOWN', {
    asker: RELAY,
    reason,
    change: {
      uncertain_since: intent.uncertain_since ?? now,
      next_at: now,
      attempts: 0,
      person_from: personFrom,
    },
    evidence: [{ kind, words: `No certain answer: ${reason}` }],
  });
}
