/** What only a person decides about one invoice, and the evidence without which not even a person. */
import { AppError } from '../../core/errors.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { BatchRow, PostingRow } from '../store/posting.ts';

import { requireBatch } from './approve.ts';
import { refuseParked } from './caps.ts';
import { compareFields, differenceWords, isEqual } from './differences.ts';
import { askPerson, lookAgain } from './doubt.ts';
import { contentOf, move, type Engine, type PostingMove } from './engine.ts';
import { decidableFrom, deletionOf, isFoundLast, isSilent, missingEvidence } from './evidence.ts';
import { providerKey } from './keys.ts';
import { OTHER_PERSON, type Asker } from './ports.ts';
import { checkBooks, refuseSwitchedOff } from './post.ts';
import { refuse } from './draft.ts';
import { POSTING_WORDS } from './state-words.ts';

export interface Decision {
  readonly choice: 'look again' | 'send again' | 'it is there' | 'give up' | 'retry';
  readonly invoiceId?: string | undefined;
  readonly reason?: string | undefined;
  /** Documents in the books that look alike and that a person has looked at. */
  readonly seen?: readonly string[] | undefined;
}

export async function decide(
  engine: Engine,
  of: { readonly batch: string; readonly key: string },
  decision: Decision,
  asker: Asker,
): Promise<BatchRow> {
  const batch = await requireBatch(engine.store, of.batch);
  const posting = await engine.store.findPosting(of.key);
  if (posting?.batch !== batch.id) {
    throw new AppError('NOT_FOUND', 'This approval has no such invoice.');
  }
  await act(engine, posting, decision, asker);
  await engine.reach('posting.decided');
  engine.scheduler.wake();
  return requireBatch(engine.store, batch.id);
}

async function act(
  engine: Engine,
  posting: PostingRow,
  decision: Decision,
  asker: Asker,
): Promise<void> {
  switch (decision.choice) {
    case 'look again':
      return lookOnceMore(engine, posting, asker);
    case 'send again':
      return sendAgain(engine, posting, decision, asker);
    case 'it is there':
      return itIsThere(engine, posting, decision, asker);
    case 'give up':
      return giveUp(engine, posting, decision, asker);
    case 'retry':
      return retry(engine, posting, decision, asker);
  }
}

/**
 * Where the relay would go on by itself and cannot (the books never answer, or what they show needs
 * another send that is not allowed any more), the person who looks is asked.
 */
async function lookOnceMore(engine: Engine, posting: PostingRow, asker: Asker): Promise<void> {
  expectState(posting, ['UNKNOWN', 'NEEDS_PERSON'], 'is not in doubt');
  const looked = await lookAgain(engine, posting, asker);
  if (looked?.state !== 'UNKNOWN') return;
  const evidence = await engine.store.evidenceOf([looked.key]);
  if (isSilent(looked, evidence)) {
    await askPerson(engine, looked, 'the books do not answer');
  } else if (isFoundLast(looked, evidence) && !(await isApproved(engine, looked))) {
    await askPerson(engine, looked, 'one without our mark has its number and content');
  }
}

/** The last look is made now, in front of the person; only then does the epoch grow (I8). */
async function sendAgain(
  engine: Engine,
  posting: PostingRow,
  decision: Decision,
  asker: Asker,
): Promise<void> {
  expectState(posting, ['NEEDS_PERSON'], 'does not wait for a decision');
  await expectOther(engine, posting, asker);
  await expectApproval(engine, posting);
  const seen = await expectAbsent(engine, posting, asker, 'sent again');
  if (!seen) return;
  await expectFreeWay(engine, posting, decision, asker);
  const words = withReason(`${asker.person} saw that it is not in the books`, decision);
  await moveOrFail(engine, seen.looked, 'READY', nextEpoch(posting, asker, words));
}

/** Under the two-person rule nobody who pressed Post or resumed says that it never arrived (1.5). */
async function expectOther(engine: Engine, posting: PostingRow, asker: Asker): Promise<void> {
  if (!engine.policy.twoPersons) return;
  const posts = await engine.store.postsOf(posting.batch);
  if (!posts.some(({ person }) => person === asker.person)) return;
  const words = `${asker.person} posted ${posting.ref}. Another person has to send it again`;
  throw new AppError('NOT_ALLOWED', `${words} (the two-person rule is on).`, OTHER_PERSON);
}

/** Looks once more, in front of the person; null when that look has ended the doubt. */
async function expectAbsent(
  engine: Engine,
  posting: PostingRow,
  asker: Asker,
  what: 'sent again' | 'given up',
): Promise<LookedFor | null> {
  const decideFrom = posting.decide_from;
  if (decideFrom === null || engine.clock.now() < decideFrom) {
    const words = `${posting.ref} may still turn up in the books`;
    throw new AppError(
      'TOO_EARLY',
      `${words}: decide from ${decidableFrom(posting) ?? 'later'} on.`,
    );
  }
  const looked = await lookAgain(engine, posting, asker);
  if (!looked) throw faster(posting);
  if (looked.state !== 'NEEDS_PERSON') return null;
  const evidence = await engine.store.evidenceOf([posting.key]);
  const deletion = what === 'sent again' ? deletionOf(looked, evidence) : null;
  if (deletion !== null) {
    const words = `${deletion} ${posting.ref} is not sent again: give it up`;
    throw new AppError('APPROVAL_STALE', `${words}, and approve it anew if it is to go out again.`);
  }
  const missing = missingEvidence(looked, evidence, engine.clock.now());
  if (missing === null) return { looked, isAbsent: true };
  if (what === 'given up' && isSilent(looked, evidence)) return { looked, isAbsent: false };
  throw new AppError('TOO_EARLY', `${posting.ref} cannot be ${what} yet: ${missing}.`);
}

interface LookedFor {
  readonly looked: PostingRow;
  /** False: the books do not answer, and nobody knows. */
  readonly isAbsent: boolean;
}

/** A person names the invoice; its number may be another one, its content may not. */
async function itIsThere(
  engine: Engine,
  posting: PostingRow,
  decision: Decision,
  asker: Asker,
): Promise<void> {
  expectState(posting, ['NEEDS_PERSON'], 'does not wait for a decision');
  const id = decision.invoiceId?.trim();
  if (!id) refuse(`${posting.ref}: name the id of the invoice in the books.`);
  const content = contentOf(posting);
  const invoice: BooksInvoice | null = await engine.books.company.read(content.document, id);
  if (!invoice) refuse(`${posting.ref}: the books hold no ${content.document} with the id ${id}.`);
  const other = await engine.store.findPostingOfInvoice(posting.connection, invoice);
  if (other && other.key !== posting.key) {
    refuse(`${posting.ref}: invoice ${invoice.id} is ${other.ref} for ${other.client_name}.`);
  }
  const fields = compareFields(content, null, invoice);
  const isTheOne =
    isEqual(fields) && (invoice.marker === null || invoice.marker === posting.marker);
  const why = isEqual(fields) ? 'it bears the mark of another posting' : differenceWords(fields);
  // A slip of the finger ends no doubt: only what bears our mark or number can be ours, altered.
  const hasOurMark = invoice.marker === posting.marker;
  if (!isTheOne && !hasOurMark && invoice.ref !== posting.ref) {
    refuse(`${posting.ref}: invoice ${invoice.id} is not it: ${why}. Nothing was changed.`);
  }
  const isOurs = isTheOne || hasOurMark || invoice.customerId === content.customerId;
  const said = withReason(`${asker.person} says that invoice ${invoice.id} is the one`, decision);
  await moveOrFail(engine, posting, isTheOne ? 'POSTED' : 'CONFLICT', {
    asker,
    reason: isTheOne ? '' : `invoice ${invoice.id} differs: ${why}`,
    change: {
      next_at: null,
      ...(isOurs ? { invoice_id: invoice.id } : {}),
      ...(isTheOne ? { adopted: 1 } : { block: isOurs ? 'ours in books' : 'number taken' }),
    },
    evidence: [{ kind: 'decision', words: said }],
  });
}

/** Absent; or, where the books never answer, with a reason and the doubt kept (2.2). */
async function giveUp(
  engine: Engine,
  posting: PostingRow,
  decision: Decision,
  asker: Asker,
): Promise<void> {
  expectState(posting, ['NEEDS_PERSON'], 'does not wait for a decision');
  const seen = await expectAbsent(engine, posting, asker, 'given up');
  if (!seen) return;
  const { looked, isAbsent } = seen;
  const isReasoned = (decision.reason ?? '').trim() !== '';
  if (!isAbsent && !isReasoned) {
    refuse(`${posting.ref}: nobody knows whether it is in the books. Say why it is given up.`);
  }
  const how = isAbsent ? '' : ', not known whether it is in the books';
  const words = withReason(`given up by ${asker.person}${how}`, decision);
  const evidence = [{ kind: 'decision', words }] as const;
  const uncertain_since = isAbsent ? null : looked.uncertain_since;
  const change = { next_at: null, uncertain_since };
  await moveOrFail(engine, looked, 'CANCELLED', { asker, reason: words, change, evidence });
}

/** The same invoice once more: refused by the books, or held up by something mended there. */
async function retry(
  engine: Engine,
  posting: PostingRow,
  decision: Decision,
  asker: Asker,
): Promise<void> {
  expectState(posting, ['REJECTED', 'BLOCKED'], 'was not refused');
  if (posting.state === 'BLOCKED' && posting.block !== 'books') {
    const words = `${posting.ref} for ${posting.client_name}: ${posting.reason}`;
    throw new AppError('APPROVAL_STALE', `${words}. It needs a new approval.`);
  }
  await expectApproval(engine, posting);
  await expectFreeWay(engine, posting, decision, asker);
  const words = withReason(`${asker.person} tries it again`, decision);
  // A blocked one never left, so its epoch stays; a refused one may be remembered by its key.
  const how =
    posting.state === 'REJECTED'
      ? nextEpoch(posting, asker, words)
      : { asker, reason: words, change: { attempts: 0, next_at: null, block: null } };
  await moveOrFail(engine, posting, 'READY', how);
}

/**
 * Days may have passed since the batch was posted, and somebody may have typed the invoice by hand
 * meanwhile (F22): whatever a post asks is asked again.
 */
async function expectFreeWay(
  engine: Engine,
  posting: PostingRow,
  { seen = [] }: Decision,
  asker: Asker,
): Promise<void> {
  refuseSwitchedOff(engine);
  await refuseParked(engine);
  const { period } = contentOf(posting);
  await checkBooks(engine, { period, postings: [posting] }, seen, asker);
}

/** An approval ends; nothing is sent on the strength of an old one (I10). */
async function expectApproval(engine: Engine, posting: PostingRow): Promise<void> {
  if (await isApproved(engine, posting)) return;
  const { expires_at: expiresAt } = await requireBatch(engine.store, posting.batch);
  const words = `The approval of ${posting.ref} ended at ${expiresAt ?? 'an unknown time'}`;
  throw new AppError('APPROVAL_STALE', `${words}. It was not sent.`);
}

async function isApproved(engine: Engine, { batch }: PostingRow): Promise<boolean> {
  const { expires_at: expiresAt } = await requireBatch(engine.store, batch);
  return expiresAt !== null && engine.clock.now() < expiresAt;
}

function nextEpoch(posting: PostingRow, asker: Asker, words: string): PostingMove {
  const epoch = posting.epoch + 1;
  return {
    asker,
    reason: words,
    change: {
      epoch,
      provider_key: providerKey(posting.key, epoch),
      attempts: 0,
      next_at: null,
      block: null,
      uncertain_since: null,
      person_from: null,
      decide_from: null,
      lookups: 0,
      last_lookup_at: null,
    },
    evidence: [{ kind: 'decision', words }],
  };
}

async function moveOrFail(
  engine: Engine,
  posting: PostingRow,
  to: PostingRow['state'],
  how: PostingMove,
): Promise<void> {
  if (!(await move(engine, posting, to, how))) throw faster(posting);
}

function expectState(posting: PostingRow, states: readonly string[], words: string): void {
  if (states.includes(posting.state)) return;
  const what = `${posting.ref} for ${posting.client_name} ${words}`;
  throw new AppError('VERSION_STALE', `${what}: it ${POSTING_WORDS[posting.state]}.`);
}

const faster = (posting: PostingRow): AppError =>
  new AppError('VERSION_STALE', `${posting.ref} has moved on meanwhile. Nothing was changed.`);

const withReason = (words: string, { reason }: Decision): string =>
  reason === undefined || reason.trim() === '' ? words : `${words}: ${reason.trim()}`;
