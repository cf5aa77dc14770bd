/** The one batch of the fake relay, from sent in to spot-checked. It posts two invoices a look. */
import type { Batch, Draft, Posting, SpotCheck } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { CLOSED, REPLACEABLE, wordOf } from '../../src/relay/posting/states.ts';

export const NOW = '2026-10-31T10:00:00.000Z';
const DIGEST = '9c1e'.repeat(16);
const A_LOOK = 2;

export interface FakeBatch {
  batch: Batch | null;
  /** The batch of each key that was sent in; the same key brings it back as it is now. */
  readonly sentIn: Map<string, Batch>;
  readonly drafts: Draft[];
  /** What becomes of an invoice when it is sent; else it is posted. */
  readonly outcomes: Map<string, Partial<Posting>>;
  /** What a look in front of a person finds, by client; else nothing. */
  readonly found: Map<string, Partial<Posting>>;
  /** Of another relay, in the books; several of it with spaces between. */
  foreignMark: string | null;
  /** Clients for whose invoice the books give no answer. */
  readonly silent: Set<string>;
  /** A client whose invoice somebody typed into the books by hand. */
  typedByHand: string | null;
  /** Documents that a person had seen when one of the batch was last decided. */
  seen: readonly string[];
  /** What it comes to; else the same as the approved one. */
  typedTotal: string | null;
  /** Big changes that a person has to look at before approving. */
  mustSee: string[];
  /** Nothing is sent for now. */
  stalled: boolean;
  /** What reading back finds of an invoice, by client. */
  readonly readBack: Map<string, Partial<Posting>>;
  /** What a person has said of the drawn invoices, by key. */
  readonly verdicts: Map<string, string>;
  /** Invoices that differ when all are read back. */
  readonly differing: NonNullable<SpotCheck['readBack']['differing']>;
}

/** The one typed by hand, or one that a database put back from a backup has forgotten. */
export function inBooks(relay: FakeBatch) {
  const { postings, openElsewhere } = batchOf(relay);
  const own = [...postings, ...openElsewhere].filter(
    ({ clientName, state }) => clientName === relay.typedByHand && MAY_BE_SENT.includes(state),
  );
  return own.slice(0, 1).map(({ clientId, clientName, document, total }) => {
    const typed = { clientId, clientName, document, ref: '1042', date: '2026-10-30', ours: false };
    const amount = relay.typedTotal ?? total.amount;
    return { ...typed, invoiceId: 'typed-1', total: amount, alikeTo: own.map(({ key }) => key) };
  });
}

const MAY_BE_SENT: readonly Posting['state'][] = ['READY', 'REJECTED', 'BLOCKED', 'NEEDS_PERSON'];

/** As the real one, before a post, a retry and a second send: what may be in the books already was seen. */
export function refuseAlike(relay: FakeBatch, seen: readonly string[], key?: string): void {
  const open = inBooks(relay).filter(
    ({ invoiceId, alikeTo }) =>
      !seen.includes(invoiceId) && (key === undefined || alikeTo.includes(key)),
  );
  if (relay.foreignMark !== null) throw new AppError('LEDGER_CONFLICT', 'A mark of another relay.');
  if (open.length > 0) throw new AppError('LEDGER_CONFLICT', 'The books may hold it already.');
}

export function batchOf(relay: FakeBatch): Batch {
  if (!relay.batch) throw new AppError('NOT_FOUND', 'There is no batch.');
  return relay.batch;
}

export function submitted(
  relay: FakeBatch,
  snapshot: Snapshot,
  { key, draft }: { readonly key: string; readonly draft: Draft },
): Batch {
  const known = relay.sentIn.get(key);
  if (known) return known.id === relay.batch?.id ? relay.batch : known;
  keepLast(relay);
  refuseWhatIsThere(relay, draft);
  const id = `batch-${String(relay.sentIn.size + 1)}`;
  relay.drafts.push(draft);
  const nameOf = (id: string): string =>
    snapshot.clients.find((client) => client.id === id)?.name ?? id;
  relay.batch = {
    id, period: draft.period, version: 1, state: 'SUBMITTED', digest: DIGEST, snapshotId: draft.snapshotId,
    totals: [{ amount: '0.00' as never, currency: 'USD' as never }], held: draft.held, preparedBy: 'Robin', preparedAt: NOW as never,
    approvedBy: null, approvedAt: null, singleOperator: true, mustSee: relay.mustSee, openElsewhere: openOf(relay),
    postings: draft.invoices.map((invoice): Posting => ({
      key: `post:${invoice.clientId}${relay.sentIn.size === 0 ? '' : `:${id}`}`, batchId: id, clientId: invoice.clientId, clientName: nameOf(invoice.clientId), ref: null, document: 'invoice',
      total: { amount: invoice.total, currency: invoice.currency }, digest: DIGEST, state: 'PLANNED', reason: '', outcome: 'not_created',
      date: '2026-10-31' as never, retriable: false, invoiceId: null, adopted: false, uncertainSince: null, lookups: 0, lastLookupAt: null, decideFrom: null, evidence: [], nextStep: '',
    })),
  }; // prettier-ignore
  relay.sentIn.set(key, relay.batch);
  return relay.batch;
}

/** As the real one: whoever is in the books, on the way or in doubt is left out of a new batch. */
function refuseWhatIsThere(relay: FakeBatch, { invoices }: Draft): void {
  for (const { clientId } of invoices) {
    const taken = postingsOf(relay).find((one) => one.clientId === clientId && !isFree(one));
    if (!taken) continue;
    const words = `${taken.clientName}: invoice ${taken.ref ?? ''} is ${wordOf(taken.state)} already`;
    throw new AppError('LEDGER_CONFLICT', `${words}. Leave the client out.`);
  }
}

/** Of every batch that was sent in, the newest last. */
export function postingsOf(relay: FakeBatch): readonly Posting[] {
  keepLast(relay);
  const standing = [...relay.sentIn.values()].filter(({ state }) => state !== 'CANCELLED');
  return standing.flatMap(({ postings }) => postings);
}

export const isFree = ({ state }: Posting): boolean =>
  state === 'PLANNED' || state === 'READY' || [...REPLACEABLE, ...CLOSED].includes(state);

/** What a new batch leaves open in those before it. */
const openOf = (relay: FakeBatch): Posting[] =>
  postingsOf(relay).filter(
    ({ state }) => !['PLANNED', 'READY', 'POSTED', ...CLOSED].includes(state),
  );

/** A batch that another one follows is kept as it ended. */
function keepLast({ sentIn, batch }: FakeBatch): void {
  for (const [key, { id }] of sentIn) if (batch?.id === id) sentIn.set(key, batch);
}

export function approved(relay: FakeBatch): Batch {
  const batch = batchOf(relay);
  const first = 10 * relay.sentIn.size;
  const postings = batch.postings.map((one, index): Posting => ({
    ...one,
    state: 'READY',
    ref: `MB2610-00${first + index}`,
  }));
  for (const { clientName } of postings) turned(relay, clientName, { state: 'SUPERSEDED' });
  return (relay.batch = {
    ...batchOf(relay),
    state: 'APPROVED',
    approvedBy: 'Robin',
    approvedAt: NOW as never,
    postings,
  });
}

export function compared(relay: FakeBatch, draft: Draft): unknown {
  const batch = batchOf(relay);
  const approvedDraft = relay.drafts.at(-1);
  const lapsed = batch.postings.flatMap((posting) => {
    const was = approvedDraft?.invoices.find((one) => one.clientId === posting.clientId);
    const now = draft.invoices.find((one) => one.clientId === posting.clientId);
    const changed = was?.lines.find((line, index) => line.quantity !== now?.lines[index]?.quantity);
    if (!changed) return [];
    const after = now?.lines.find((line) => line.lineId === changed.lineId)?.quantity ?? 'gone';
    return [
      {
        clientId: posting.clientId,
        words: `${changed.description}: quantity was ${changed.quantity}, now ${after}.`,
        cell: changed.cell,
      },
    ];
  });
  const isLapsed = (id: string): boolean => lapsed.some((one) => one.clientId === id);
  const postings = batch.postings.map((one): Posting =>
    isLapsed(one.clientId)
      ? { ...one, state: 'BLOCKED', reason: 'It changed after the approval.' }
      : one,
  );
  relay.batch = { ...batch, postings };
  return { batch: relay.batch, lapsed };
}

/** Every look finds two more invoices in the books. */
export function looked(relay: FakeBatch): Batch {
  const batch = batchOf(relay);
  if (batch.state !== 'POSTING' || relay.stalled) return batch;
  const ready = batch.postings.filter((one) => one.state === 'READY').slice(0, A_LOOK);
  const postings = batch.postings.map((one): Posting => {
    if (!ready.includes(one)) return one;
    return {
      ...one,
      state: 'POSTED',
      outcome: 'created',
      sentAt: NOW as never,
      invoiceId: `TX-${one.clientId}`,
      ...relay.outcomes.get(one.clientId),
    };
  });
  const isOpen = postings.some((one) => one.state === 'READY');
  const hasDoubt = postings.some((one) => one.outcome === 'uncertain');
  const allPosted = postings.every((one) => one.state === 'POSTED');
  const state = isOpen
    ? 'POSTING'
    : hasDoubt
      ? 'COMPLETED_WITH_DOUBT'
      : allPosted
        ? 'COMPLETED'
        : 'COMPLETED_WITH_EXCEPTIONS';
  return (relay.batch = { ...batch, state, postings });
}

/** What a person decides about one invoice. */
export interface Said {
  readonly choice: string;
  readonly seen?: readonly string[];
  readonly reason?: string;
}

/** In the batch it was approved in; an older one is answered as it is, and looked up at once. */
export function decided(
  relay: FakeBatch,
  { batch: id, key }: { readonly batch: string; readonly key: string },
  { choice, seen = [], reason = '' }: Said,
): Batch {
  const batch = findBatch(relay, id);
  if (!batch.postings.some((one) => one.key === key)) {
    throw new AppError('NOT_FOUND', `Batch ${id} has no posting ${key}.`);
  }
  relay.seen = seen;
  const sends = choice === 'send again' || choice === 'retry';
  if (sends) refuseAlike(relay, seen, key);
  const isDeleted = batch.postings.some((one) => one.key === key && one.mayResend === false);
  if (choice === 'send again' && isDeleted) throw new AppError('APPROVAL_STALE', 'It is gone.');
  const postings = batch.postings.map((one): Posting => {
    const found = relay.found.get(one.clientId);
    if (one.key !== key) return one;
    if (found) return { ...one, ...found };
    if (choice === 'give up') return givenUp(one, relay.silent.has(one.clientId), reason);
    return sends ? { ...one, state: 'READY', outcome: 'not_created', reason: '' } : one;
  });
  postings.filter((one) => one.key === key).forEach((one) => relay.outcomes.delete(one.clientId));
  const isOpen = postings.some((one) => one.state === 'READY');
  const next: Batch = { ...batch, state: isOpen ? 'POSTING' : batch.state, postings };
  if (id === relay.batch?.id) return (relay.batch = next);
  keepAs(relay, next);
  return next;
}

function givenUp(posting: Posting, isSilent: boolean, why: string): Posting {
  if (isSilent && why === '') throw new AppError('INPUT_INVALID', 'Say why it is given up.');
  const how = isSilent ? ', not known whether it is in the books' : '';
  const outcome = isSilent ? 'uncertain' : 'not_created';
  return { ...posting, state: 'CANCELLED', outcome, reason: `given up by Robin${how}: ${why}` };
}

/** Of an older batch nothing is left to send: what was READY is in the books now. */
export function lookedAt(relay: FakeBatch, id: string): Batch {
  if (id === batchOf(relay).id) return looked(relay);
  return findBatch(relay, id);
}

/** Changes an invoice of an older batch; the newer one shows it no longer open once it is in the books. */
export function turned(relay: FakeBatch, clientName: string, end: Partial<Posting>): void {
  keepLast(relay);
  for (const batch of [...relay.sentIn.values()]) {
    const isIn = batch.postings.some((one) => one.clientName === clientName);
    if (!isIn || batch.id === relay.batch?.id) continue;
    const postings = batch.postings.map((one) =>
      one.clientName === clientName ? { ...one, ...end } : one,
    );
    keepAs(relay, { ...batch, postings });
  }
}

/** As the real one: of a client without invoice nothing valid may be in the books. */
export function closeClient(relay: FakeBatch, clientId: string): void {
  const isOwn = (one: Posting): boolean => one.clientId === clientId;
  const open = postingsOf(relay).find((one) => isOwn(one) && !isClosable(one));
  if (open) throw new AppError('LEDGER_CONFLICT', `${open.clientName}: find out why first.`);
  const end = { state: 'SUPERSEDED', reason: 'Robin closed the client without invoice' } as const;
  const closed = (one: Posting): Posting => (isOwn(one) ? { ...one, ...end } : one);
  relay.batch = { ...batchOf(relay), postings: batchOf(relay).postings.map(closed) };
}

const isClosable = ({ state }: Posting): boolean => [...REPLACEABLE, ...CLOSED].includes(state);

function keepAs(relay: FakeBatch, batch: Batch): void {
  for (const [key, { id }] of relay.sentIn) if (id === batch.id) relay.sentIn.set(key, batch);
  const own = batchOf(relay);
  const openElsewhere = openOf(relay).filter(({ batchId }) => batchId !== own.id);
  relay.batch = { ...own, openElsewhere };
}

function findBatch(relay: FakeBatch, id: string): Batch {
  if (id === relay.batch?.id) return relay.batch;
  const batch = [...relay.sentIn.values()].find((one) => one.id === id);
  if (!batch) throw new AppError('NOT_FOUND', `There is no batch ${id}.`);
  return batch;
}

const WAS_IN_BOOKS: readonly Posting['state'][] = ['POSTED', 'MISMATCH', 'MISSING_IN_LEDGER', 'VOIDED', 'DUPLICATE_IN_LEDGER']; // prettier-ignore

/** As the real one: what is gone or voided is read too, and not equal. */
export function spotCheck(relay: FakeBatch) {
  const found = batchOf(relay).postings.map((one) => ({
    ...one,
    ...relay.readBack.get(one.clientId),
  }));
  relay.batch = { ...batchOf(relay), postings: found };
  const read = batchOf(relay).postings.filter((one) => WAS_IN_BOOKS.includes(one.state));
  const lost = read.filter(({ state }) => state !== 'POSTED').map((one) => ({
    key: one.key, clientName: one.clientName, ref: one.ref ?? '', equal: false,
    fields: [{ name: 'Document', approved: 'invoice', books: '(not there)', equal: false }],
  }));
  const differing = [...relay.differing, ...lost];
  return {
    id: 'check-1', batchId: 'batch-1', seed: 48213, drawnAt: NOW,
    readBack: { compared: read.length, equal: read.length - differing.length, differing },
    invoices: read.slice(0, 5).map((one) => ({
      key: one.key, clientName: one.clientName, ref: one.ref ?? '', equal: true, verdict: relay.verdicts.get(one.key) ?? null,
      fields: [
        { name: 'Customer', approved: one.clientName, books: one.clientName, equal: true },
        { name: 'Total', approved: one.total.amount, books: one.total.amount, equal: true },
      ],
    })),
  };
} // prettier-ignore
