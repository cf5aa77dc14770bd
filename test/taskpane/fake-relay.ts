/**
 * A relay for the pane's tests, behind the client's own interface: what it says is parsed with
 * the contract, so it cannot say what the real one may not.
 */
import type { CallInput, Client } from '../../src/client/client.ts';
import {
  routes,
  type Batch,
  type Beside,
  type BooksState,
  type Draft,
  type Mapping,
  type RunningSync,
  type Route,
} from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { GIVEN_UP_UNSEEN, wordOf } from '../../src/relay/posting/states.ts';
import type * as z from 'zod/mini';
import {
  approved,
  batchOf,
  closeClient,
  compared,
  decided,
  inBooks,
  isFree,
  lookedAt,
  NOW,
  postingsOf,
  refuseAlike,
  spotCheck,
  submitted,
  type FakeBatch,
  type Said,
} from './fake-batch.ts';

export interface FakeRelay extends FakeBatch {
  readonly client: Client;
  readonly calls: string[];
  readonly mappings: Mapping[];
  /** Syncs under way. */
  readonly running: RunningSync[];
  /** What a refresh brings; else the snapshot of the beginning. */
  newer: Snapshot | null;
  /** A refresh waits for it. */
  hold: Promise<void> | null;
  /** Why nothing may be sent. */
  parked: string | null;
  /** Clients closed without invoice. */
  readonly closed: string[];
  /** What the books hold beside a posting; else nothing. */
  readonly beside: Map<string, Beside['documents']>;
  /** The last comparison with the books. */
  sweep: BooksState['sweep'];
  /** After a restored database, until it is over. */
  recovery: BooksState['recovery'] | null;
  fail: AppError | null;
  /** The next call of a route ("POST /api/..."): refused, or done with its answer lost. */
  readonly failures: Map<string, { readonly error: AppError; readonly acts: boolean }>;
  /** The answers to looks at a batch wait for it. */
  late: Promise<void> | null;
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
    calls: [], drafts: [], outcomes: new Map(), mappings: [], running: [], hold: null, typedByHand: null, silent: new Set(), typedTotal: null, seen: [], newer: null, foreignMark: null, parked: null, mustSee: [], closed: [], beside: new Map(), differing: [], batch: null, sentIn: new Map(), found: new Map(), sweep: null, recovery: null, fail: null, failures: new Map(), late: null, stalled: false, readBack: new Map(), verdicts: new Map(), twoPersons: false, isFile: false,
    client: {
      call: <R extends Route>(route: R, input: CallInput<R>): Promise<z.infer<R['response']>> => {
        const said = `${route.method} ${route.path}`;
        relay.calls.push(said);
        if (relay.fail) return Promise.reject(relay.fail);
        const failure = relay.failures.get(said);
        relay.failures.delete(said);
        if (failure?.acts === false) return Promise.reject(failure.error);
        const waits = route === (routes.refresh as Route) ? relay.hold : null;
        // A look is answered as it was when it was asked, however late the answer comes.
        const seen = route === (routes.batch as Route) ? answer(relay, snapshot, route, input as Input) : null;
        const late = seen ? relay.late : null;
        return Promise.resolve(waits ?? late).then(() => {
          const parsed = route.response.parse(seen ?? answer(relay, snapshot, route, input as Input)) as z.infer<R['response']>;
          if (failure) throw failure.error;
          return parsed;
        });
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
        period: snapshot.period, now: NOW, started: true, sealed: isSealed(relay, snapshot), snapshotId: snapshot.id, batchId: relay.batch?.id ?? null,
        previous: { period: '2026-09', invoices: 4, totals: [{ amount: '480.00', currency: 'USD' }] },
      }; // prettier-ignore
    case 'GET /api/periods/:period/snapshots/:snapshot':
      return relay.newer?.id === params['snapshot'] ? relay.newer : snapshot;
    case 'POST /api/periods/:period/refresh':
      return { snapshotId: (relay.newer ?? snapshot).id, changed: 3, sources: snapshot.sources };
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
      return lookedAt(relay, params['batch'] ?? '');
    case 'post':
      return started(relay, (body['seen'] ?? []) as string[]);
    case 'GET /api/periods/:period/in-books':
      return {
        invoices: inBooks(relay),
        foreignMarks: relay.foreignMark === null ? [] : relay.foreignMark.split(' ').map((marker) => ({ marker, words: 'invoice 7' })),
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
      closeClient(relay, params['client'] ?? '');
      relay.closed.push(params['client'] ?? '');
      return status(relay, snapshot);
    case 'POST /api/batches/:batch/pause':
      return (relay.batch = {
        ...batchOf(relay),
        state: 'PAUSED',
        version: batchOf(relay).version + 1,
        reason: String(body['reason']),
      });
    case 'POST /api/batches/:batch/cancel':
      return (relay.batch = {
        ...batchOf(relay),
        state: 'CANCELLED',
        reason: String(body['reason']),
      });
    case 'GET /api/batches/:batch/postings/:key/in-books':
      return { lookedAt: NOW, documents: relay.beside.get(params['key'] ?? '') ?? [] };
    case 'POST /api/batches/:batch/postings/:key/decide':
      return decided(relay, params as { batch: string; key: string }, body as unknown as Said);
    case 'POST /api/batches/:batch/spot-checks':
      relay.verdicts.clear();
      return spotCheck(relay);
    case 'POST /api/batches/:batch/spot-checks/:check':
      relay.verdicts.set(String(body['key']), String(body['verdict']));
      return spotCheck(relay);
    default:
      throw new Error(`The fake relay knows no ${route.method} ${route.path}`);
  }
}

const books = (relay: FakeRelay): BooksState => ({
  title: 'QuickBooks', promise: 'weak', company: 'Alder Street IT', parked: relay.parked, sweep: relay.sweep,
  ...(relay.recovery === null ? {} : { recovery: relay.recovery }),
  ...(relay.parked === null ? {} : { liftedBy: 'person' }),
}); // prettier-ignore

function status(relay: FakeRelay, { period }: Snapshot) {
  const said = new Map<
    string,
    { word: string; ref: string | null; free: boolean; again: boolean }
  >();
  for (const { clientId } of relay.batch?.held ?? []) {
    said.set(clientId, { word: 'held', ref: null, free: true, again: false });
  }
  for (const posting of postingsOf(relay)) {
    if (posting.state === 'SUPERSEDED') continue;
    const isUnseen = posting.state === 'CANCELLED' && posting.outcome === 'uncertain';
    const word = isUnseen
      ? GIVEN_UP_UNSEEN
      : wordOf(posting.state, relay.isFile ? 'file' : undefined);
    const again = !['PLANNED', 'READY', 'REJECTED', 'BLOCKED'].includes(posting.state);
    said.set(posting.clientId, { word, ref: posting.ref, free: isFree(posting), again });
  }
  for (const clientId of relay.closed) {
    if ((said.get(clientId)?.ref ?? null) !== null) continue;
    said.set(clientId, { word: wordOf('CANCELLED'), ref: null, free: true, again: false });
  }
  return { period, clients: [...said].map(([clientId, words]) => ({ clientId, ...words })) };
}

/** As the real one: every client of the month is posted or closed without invoice. */
function isSealed(relay: FakeRelay, snapshot: Snapshot): boolean {
  const { clients } = status(relay, snapshot);
  const done = ['posted', 'exported', wordOf('CANCELLED'), GIVEN_UP_UNSEEN];
  return clients.length > 0 && clients.every(({ word }) => done.includes(word));
}

function started(relay: FakeRelay, seen: readonly string[]): Batch {
  refuseAlike(relay, seen);
  return (relay.batch = { ...batchOf(relay), state: 'POSTING' });
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
