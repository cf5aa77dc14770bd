/**
 * What stands before an invoice that is about to go out: seal, what the books hold already, approval
 * and customer. Nothing here sends (posting-safety 2.2, read before write).
 */
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { BatchRow, PostingRow } from '../store/posting.ts';
import type { StepResult } from './answer.ts';
import { checkApproval, checkCustomer, checkSeal, type Check } from './checks.ts';
import { compareFields, differenceWords, isEqual } from './differences.ts';
import { contentOf, move, note, wordsOf, type Engine } from './engine.ts';
import { backOff } from './evidence.ts';
import { findForgotten } from './in-books.ts';
import { causeOf, look } from './look.ts';
import { RELAY } from './ports.ts';
import { lookForEarlier, nameOf } from './standing.ts';

/** Resolves to null when nothing stands in the way of sending. */
export async function firstObstacle(
  engine: Engine,
  posting: PostingRow,
  batch: BatchRow,
): Promise<StepResult | null> {
  // Looked for before anything may block it: what is there already is posted, whatever changed.
  const seen = await lookFirst(engine, posting, batch);
  await engine.reach('posting.looked-up');
  if (seen) return seen;
  const obstacle = await firstCheck(engine, posting, batch);
  return obstacle && stopAt(engine, posting, obstacle);
}

/** What may be in the books already is adopted, or shown as a conflict; null when nothing is. */
export async function lookFirst(
  engine: Engine,
  posting: PostingRow,
  batch: BatchRow,
): Promise<StepResult | null> {
  const seal = await checkSeal(engine.store, posting, batch);
  return seal.ok ? lookBefore(engine, posting) : stopTampered(engine, posting, seal);
}

/** What is stored cannot be believed, so nothing is adopted; a mark of ours in the books is told. */
async function stopTampered(
  engine: Engine,
  posting: PostingRow,
  seal: Exclude<Check, { ok: true }>,
): Promise<StepResult> {
  // Without its content no question can be asked: whoever restores it has to look.
  if (!isReadable(posting)) return stopAt(engine, posting, seal);
  const sight = await look(engine, posting);
  if (sight.seen === 'failed') return retryLater(engine, posting, sight.reason);
  if (sight.seen !== 'ours' && sight.seen !== 'several') return stopAt(engine, posting, seal);
  const held = sight.seen === 'ours' ? [sight.invoice] : sight.invoices;
  const named = held.map(nameOf).join(' and ');
  const reason = `${seal.reason}, and the books hold ${named} with our mark`;
  const change = { block: seal.block };
  await move(engine, posting, 'CONFLICT', { asker: RELAY, reason, change });
  return 'moved';
}

function isReadable(posting: PostingRow): boolean {
  try {
    contentOf(posting);
    return true;
  } catch {
    return false;
  }
}

export async function firstCheck(
  engine: Engine,
  posting: PostingRow,
  batch: BatchRow,
): Promise<Exclude<Check, { ok: true }> | null> {
  const approval = await checkApproval(engine, posting, batch);
  if (!approval.ok) return approval;
  const forgotten = await checkForgotten(engine, posting);
  if (!forgotten.ok) return forgotten;
  const customer = await checkCustomer(engine, posting);
  return customer.ok ? null : customer;
}

/** What an older copy of the database forgot is in the way, whatever it comes to. */
async function checkForgotten(engine: Engine, posting: PostingRow): Promise<Check> {
  try {
    const found = await findForgotten(engine, posting);
    if (!found) return { ok: true };
    const what = `${found.document} ${found.ref ?? found.id} of ${found.date} over ${found.subtotal}`;
    const reason = `the books hold ${what} with a mark of ours that the database does not know: void it there, or approve the client again`;
    return { ok: false, block: 'books', reason };
  } catch (cause) {
    return { ok: false, block: null, reason: wordsOf(cause) };
  }
}

async function stopAt(
  engine: Engine,
  posting: PostingRow,
  check: Exclude<Check, { ok: true }>,
): Promise<StepResult> {
  if (check.block === null) return retryLater(engine, posting, check.reason);
  const change = { block: check.block, next_at: null };
  await move(engine, posting, 'BLOCKED', { asker: RELAY, reason: check.reason, change });
  return 'moved';
}

/** Read before write: what a forgotten intent, a restored backup or a person left in the books. */
async function lookBefore(engine: Engine, posting: PostingRow): Promise<StepResult | null> {
  const earlier = await lookForEarlier(engine, posting);
  if (earlier && 'failed' in earlier) return retryLater(engine, posting, earlier.failed);
  if (earlier) {
    const reason = `${earlier.document} of an earlier approval is still in the books: void it there first`;
    return stopAt(engine, posting, { ok: false, block: 'books', reason });
  }
  const sight = await look(engine, posting);
  if (sight.seen === 'none') return null;
  if (sight.seen === 'failed') return retryLater(engine, posting, sight.reason);
  if (sight.seen === 'ours') return adopt(engine, posting, sight.invoice);
  if (sight.seen === 'deleted') {
    return stopAt(engine, posting, { ok: false, block: 'approval lapsed', reason: sight.words });
  }
  const change = { block: causeOf(sight) };
  await move(engine, posting, 'CONFLICT', { asker: RELAY, reason: sight.words, change });
  return 'moved';
}

async function adopt(
  engine: Engine,
  posting: PostingRow,
  invoice: BooksInvoice,
): Promise<StepResult> {
  const fields = compareFields(contentOf(posting), posting, invoice);
  const evidence = [{ kind: 'found', words: `Invoice ${invoice.id} was there already.` }] as const;
  const change = { invoice_id: invoice.id, adopted: 1, next_at: null };
  const [to, reason] = isEqual(fields)
    ? (['POSTED', ''] as const)
    : (['CONFLICT', `invoice ${invoice.id} differs: ${differenceWords(fields)}`] as const);
  const block = to === 'CONFLICT' ? 'ours in books' : null;
  await move(engine, posting, to, { asker: RELAY, reason, change: { ...change, block }, evidence });
  return 'moved';
}

async function retryLater(
  engine: Engine,
  posting: PostingRow,
  reason: string,
): Promise<StepResult> {
  const attempts = posting.attempts + 1;
  const next_at = backOff(engine.clock.now(), attempts);
  await note(engine, posting, { attempts, next_at, reason: `Not sent yet: ${reason}` }, []);
  return 'books away';
}
