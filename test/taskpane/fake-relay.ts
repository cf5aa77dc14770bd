/**
 * A relay for the pane's tests, behind the client's own interface: what it says is parsed with
 * the contract, so it cannot say what the real one may not. It posts two invoices a look.
 */
import type { CallInput, Client } from '../../src/client/client.ts';
import {
  routes,
  type Batch,
  type Beside,
  type BooksState,
  type Draft,
  type Mapping,
  type Posting,
  type RunningSync,
  type Route,
  type SpotCheck,
} from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Snapshot } from '../../src/core/model.ts';
import type * as z from 'zod/mini';

const NOW = '2026-10-31T10:00:00.000Z';
const DIGEST = '9c1e'.repeat(16);
const A_LOOK = 2;

export interface FakeRelay {
  readonly client: Client;
  readonly calls: string[];
  readonly drafts: Draft[];
  /** What becomes of an invoice when it is sent; else it is posted. */
  readonly outcomes: Map<string, Partial<Posting>>;
  readonly mappings: Mapping[];
  /** Syncs under way. */
  readonly running: RunningSync[];
  /** A refresh waits for it. */
  hold: Promise<void> | null;
  /** A client whose invoice somebody typed into the books by hand. */
  typedByHand: string | null;
  /** Of another relay, in the books. */
  foreignMark: string | null;
  /** Why nothing may be sent. */
  parked: string | null;
  /** Big changes that a person has to look at before approving. */
  mustSee: string[];
  /** Clients closed without invoice. */
  readonly closed: string[];
  /** What the books hold beside a posting; else nothing. */
  readonly beside: Map<string, Beside['documents']>;
  /** Invoices that differ when all are read back. */
  readonly differing: NonNullable<SpotCheck['readBack']['differing']>;
  batch: Batch | null;
  /** The batch of each key that was sent in; the same key brings it back as it is now. */
  readonly sentIn: Map<string, Batch>;
  fail: AppError | null;
  twoPersons: boolean;
  /** The books are files that a person imports. */
  isFile: boolean;
}

type Input = {
  readonly params?: Record<string, string>;
  readonly query?: unknown;
  readonly body?: Record<string, unknown>;
};

export function fakeRelay(snapshot: Snapshot): FakeRelay {
  const relay: FakeRelay = {
    calls: [], drafts: [], outcomes: new Map(), mappings: [], running: [], hold: null, typedByHand: null, foreignMark: null, parked: null, mustSee: [], closed: [], beside: new Map(), differing: [], batch: null, sentIn: new Map(), fail: null, twoPersons: false, isFile: false,
    client: {
      call: <R extends Route>(route: R, input: CallInput<R>): Promise<z.infer<R['response']>> => {
        relay.calls.push(`${route.method} ${route.path}`);
        if (relay.fail) return Promise.reject(relay.fail);
        const waits = route === (routes.refresh as Route) ? relay.hold : null;
        return Promise.resolve(waits).then(() => route.response.parse(answer(relay, snapshot, route, input as Input)) as z.infer<R['response']>);
      },
    },
  }; // prettier-ignore
  return relay;
}

function answer(
  relay: FakeRelay,
  snapshot: Snapshot,
  route: Route,
  { params = {}, body = {} }: Input,
): unknown {
  switch (route.path === routes.post.path ? 'post' : `${route.method} ${route.path}`) {
    case 'POST /api/pair':
      return { token: 'paired' };
    case 'GET /api/session':
      return {
        person: 'Robin', profile: 'sample', now: NOW, currentPeriod: snapshot.period, twoPersons: relay.twoPersons, lateAfterHours: 24,
        books: {
          id: 'qb', title: relay.isFile ? 'File export' : 'QuickBooks', company: 'Alder Street IT', promise: 'weak',
          ...(relay.isFile ? { kind: 'file' } : {}),
        },
      }; // prettier-ignore
    case 'GET /api/periods/:period':
      return {
        period: snapshot.period, now: NOW, started: true, sealed: false, snapshotId: snapshot.id, batchId: relay.batch?.id ?? null,
        previous: { period: '2026-09', invoices: 4, totals: [{ amount: '480.00', currency: 'USD' }] },
      }; // prettier-ignore
    case 'GET /api/periods/:period/snapshots/:snapshot':
      return snapshot;
    case 'POST /api/periods/:period/refresh':
      return { snapshotId: snapshot.id, changed: 3, sources: snapshot.sources };
    case 'GET /api/periods/:period/history':
      return { months: snapshot.previous ? [snapshot.previous] : [] };
    case 'GET /api/sources':
      return { sources: snapshot.sources, running: relay.running };
    case 'GET /api/mappings':
      return { mappings: relay.mappings };
    case 'PUT /api/mappings':
      return confirmed(relay, body);
    case 'POST /api/mappings/suggest':
      return { mappings: (body['names'] as string[]).map((name) => spelling(body['kind'], name)) };
    case 'POST /api/batches':
      return submitted(relay, snapshot, {
        key: String(body['key']),
        draft: body['draft'] as Draft,
      });
    case 'POST /api/batches/:batch/approve':
      return approved(relay);
    case 'POST /api/batches/:batch/compare':
      return compared(relay, body['draft'] as Draft);
    case 'GET /api/batches/:batch':
      return looked(relay);
    case 'post':
      return started(relay, (body['seen'] ?? []) as string[]);
    case 'GET /api/periods/:period/in-books':
      return {
        invoices: inBooks(relay),
        foreignMarks: relay.foreignMark === null ? [] : [{ marker: relay.foreignMark, words: 'invoice 7' }],
      }; // prettier-ignore
    case 'POST /api/books/marks':
      relay.foreignMark = null;
      return books(relay);
    case 'POST /api/books/unpark':
      relay.parked = null;
      return books(relay);
    case 'GET /api/books':
      return books(relay);
    case 'GET /api/periods/:period/status':
      return status(relay, snapshot);
    case 'POST /api/periods/:period/clients/:client/close':
      relay.closed.push(params['client'] ?? '');
      return status(relay, snapshot);
    case 'POST /api/batches/:batch/pause':
      return (relay.batch = { ...batchOf(relay), state: 'PAUSED', reason: String(body['reason']) });
    case 'POST /api/batches/:batch/cancel':
      return (relay.batch = {
        ...batchOf(relay),
        state: 'CANCELLED',
        reason: String(body['reason']),
      });
    case 'GET /api/batches/:batch/postings/:key/in-books':
      return { lookedAt: NOW, documents: relay.beside.get(params['key'] ?? '') ?? [] };
    case 'POST /api/batches/:batch/postings/:key/decide':
      return decided(relay, params['key'] ?? '', String(body['choice']));
    case 'POST /api/batches/:batch/spot-checks':
      return spotCheck(relay);
    case 'POST /api/batches/:batch/spot-checks/:check':
      return {
        ...spotCheck(relay),
        invoices: spotCheck(relay).invoices.map((one) => ({ ...one, verdict: body['verdict'] })),
      };
    default:
      throw new Error(`The fake relay knows no ${route.method} ${route.path}`);
  }
}

const books = (relay: FakeRelay): BooksState => ({
  title: 'QuickBooks', promise: 'weak', company: 'Alder Street IT', parked: relay.parked, sweep: null,
  ...(relay.parked === null ? {} : { liftedBy: 'person' }),
}); // prettier-ignore

const status = (relay: FakeRelay, { period }: Snapshot) => ({
  period,
  clients: (relay.batch?.held ?? []).map(({ clientId }) => ({
    clientId,
    word: relay.closed.includes(clientId) ? 'closed without invoice' : 'held',
    ref: null,
  })),
});

function started(relay: FakeRelay, seen: readonly string[]): Batch {
  const open = inBooks(relay).filter(({ invoiceId }) => !seen.includes(invoiceId));
  if (relay.foreignMark !== null) throw new AppError('LEDGER_CONFLICT', 'A mark of another relay.');
  if (open.length > 0) throw new AppError('LEDGER_CONFLICT', 'The books may hold it already.');
  return (relay.batch = { ...batchOf(relay), state: 'POSTING' });
}

/** The one typed by hand. */
function inBooks(relay: FakeRelay) {
  return batchOf(relay).postings.flatMap(({ clientId, clientName, document, total }) => {
    if (clientName !== relay.typedByHand) return [];
    const typed = { clientId, clientName, document, ref: '1042', date: '2026-10-30', ours: false };
    return [{ ...typed, invoiceId: 'typed-1', total: total.amount }];
  });
}

function batchOf(relay: FakeRelay): Batch {
  if (!relay.batch) throw new AppError('NOT_FOUND', 'There is no batch.');
  return relay.batch;
}

function submitted(
  relay: FakeRelay,
  snapshot: Snapshot,
  { key, draft }: { readonly key: string; readonly draft: Draft },
): Batch {
  const known = relay.sentIn.get(key);
  if (known) return known.id === relay.batch?.id ? relay.batch : known;
  keepLast(relay);
  relay.drafts.push(draft);
  const nameOf = (id: string): string =>
    snapshot.clients.find((client) => client.id === id)?.name ?? id;
  relay.batch = {
    id: `batch-${String(relay.sentIn.size + 1)}`, period: draft.period, version: 1, state: 'SUBMITTED', digest: DIGEST, snapshotId: draft.snapshotId,
    totals: [{ amount: '0.00' as never, currency: 'USD' as never }], held: draft.held, preparedBy: 'Robin', preparedAt: NOW as never,
    approvedBy: null, approvedAt: null, singleOperator: true, mustSee: relay.mustSee,
    postings: draft.invoices.map((invoice): Posting => ({
      key: `post:${invoice.clientId}`, clientId: invoice.clientId, clientName: nameOf(invoice.clientId), ref: null, document: 'invoice',
      total: { amount: invoice.total, currency: invoice.currency }, digest: DIGEST, state: 'PLANNED', reason: '', outcome: 'not_created',
      date: '2026-10-31' as never, retriable: false, invoiceId: null, adopted: false, uncertainSince: null, lookups: 0, lastLookupAt: null, decideFrom: null, evidence: [], nextStep: '',
    })),
  }; // prettier-ignore
  relay.sentIn.set(key, relay.batch);
  return relay.batch;
}

/** A batch that another one follows is kept as it ended. */
function keepLast({ sentIn, batch }: FakeRelay): void {
  for (const [key, { id }] of sentIn) if (batch?.id === id) sentIn.set(key, batch);
}

function approved(relay: FakeRelay): Batch {
  const batch = batchOf(relay);
  const postings = batch.postings.map((one, index): Posting => ({
    ...one,
    state: 'READY',
    ref: `MB2610-00${10 + index}`,
  }));
  return (relay.batch = {
    ...batch,
    state: 'APPROVED',
    approvedBy: 'Robin',
    approvedAt: NOW as never,
    postings,
  });
}

function compared(relay: FakeRelay, draft: Draft): unknown {
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
function looked(relay: FakeRelay): Batch {
  const batch = batchOf(relay);
  if (batch.state !== 'POSTING') return batch;
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

function decided(relay: FakeRelay, key: string, choice: string): Batch {
  const batch = batchOf(relay);
  const sends = choice === 'send again' || choice === 'retry';
  const postings = batch.postings.map((one): Posting =>
    one.key === key && sends ? { ...one, state: 'READY', outcome: 'not_created', reason: '' } : one,
  );
  postings.filter((one) => one.key === key).forEach((one) => relay.outcomes.delete(one.clientId));
  return (relay.batch = { ...batch, state: sends ? 'POSTING' : batch.state, postings });
}

function spotCheck(relay: FakeRelay) {
  const posted = batchOf(relay).postings.filter((one) => one.state === 'POSTED');
  return {
    id: 'check-1', batchId: 'batch-1', seed: 48213, drawnAt: NOW,
    readBack: { compared: posted.length, equal: posted.length - relay.differing.length, differing: relay.differing },
    invoices: posted.slice(0, 5).map((one) => ({
      key: one.key, clientName: one.clientName, ref: one.ref ?? '', equal: true, verdict: null as string | null,
      fields: [
        { name: 'Customer', approved: one.clientName, books: one.clientName, equal: true },
        { name: 'Total', approved: one.total.amount, books: one.total.amount, equal: true },
      ],
    })),
  }; // prettier-ignore
}

function confirmed(relay: FakeRelay, body: Record<string, unknown>): Mapping {
  const index = relay.mappings.findIndex(
    (one) => one.source === body['source'] && one.ref === body['ref'],
  );
  const isSheet = body['source'] === 'sheet';
  const known = isSheet ? spelling(body['kind'], String(body['ref'])) : relay.mappings[index];
  if (!known) throw new AppError('NOT_FOUND', 'There is no such account.');
  const target = body['target'] as string | null;
  const split = body['split'] as NonNullable<Mapping['split']> | undefined;
  const mapping: Mapping = {
    ...known,
    target,
    ...(split ? { split } : {}),
    state: split ? 'split' : target === null ? 'never' : 'confirmed',
    by: 'Robin',
    at: NOW as never,
  };
  relay.mappings[isSheet ? relay.mappings.length : index] = mapping;
  return mapping;
}

const spelling = (kind: unknown, name: string): Mapping => ({
  source: 'sheet', kind: kind as Mapping['kind'], ref: name, name, target: null, state: 'open', by: null, at: null, suggestions: [],
}); // prettier-ignore
