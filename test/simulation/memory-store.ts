/**
 * The engine's store in memory, with the rules that SQLite keeps by triggers and indexes. Held
 * against the real one: the same seed gives the same trace and the same rows on both.
 */
import type { CustomerLink } from '../../src/relay/handlers.ts';
import type { PostingReader, PostingStore, PostingTransaction } from '../../src/relay/posting/store-port.ts'; // prettier-ignore
import { BATCH_MOVES, CLOSED, POSTING_MOVES } from '../../src/relay/posting/states.ts';
import type { AuditEntry } from '../../src/relay/store/audit.ts';
import type { SweepRow } from '../../src/relay/store/posting-books.ts';
import type { BatchRow, PostingRow, TransitionFacts } from '../../src/relay/store/posting.ts';
import type { EvidenceRow } from '../../src/relay/store/posting-evidence.ts';
import type { BatchPostTable } from '../../src/relay/store/schema-batch-post.ts';
import type { PostingConnectionTable } from '../../src/relay/store/schema-posting.ts';
import { AppError } from '../../src/core/errors.ts';

/** Every commit is on disk before the next step; a mutant loses what a dying process wrote last. */
const SYNCED: boolean = true;

export interface Transition {
  readonly seq: number;
  readonly object: string;
  readonly from: string;
  readonly to: string;
  readonly fence: number;
  readonly actor: string;
}

export interface MemoryDirectory {
  readonly links: Map<string, CustomerLink>;
  readonly items: Map<string, string>;
}

export interface MemoryTables {
  readonly batches: Map<string, BatchRow>;
  readonly postings: Map<string, PostingRow>;
  readonly connections: Map<string, PostingConnectionTable>;
  readonly evidence: Map<string, EvidenceRow[]>;
  readonly transitions: Transition[];
  readonly audit: AuditEntry[];
  readonly posts: BatchPostTable[];
  readonly sweeps: SweepRow[];
}

export interface MemoryStore extends PostingStore {
  readonly tables: MemoryTables;
  /** The process died: what was committed stays, for every commit is on disk. */
  crash(): void;
}

export function createMemoryStore({ links, items }: MemoryDirectory): MemoryStore {
  const tables: MemoryTables = {
    batches: new Map(),
    postings: new Map(),
    connections: new Map(),
    evidence: new Map(),
    transitions: [],
    audit: [],
    posts: [],
    sweeps: [],
  };
  const refs = new Map<string, number>();
  let undo: (() => void)[] = [];
  let lastCommit: (() => void)[] = [];
  let seq = 0;
  let busy: Promise<unknown> | null = null;

  const set = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void => {
    const before = map.get(key);
    undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
    map.set(key, value);
  };
  const push = <Row>(rows: Row[], row: Row): void => {
    undo.push(() => void rows.pop());
    rows.push(row);
  };
  const postings = (keep: (row: PostingRow) => boolean): PostingRow[] =>
    [...tables.postings.values()].filter(keep);
  const refuse = (words: string): never => {
    throw new Error(words);
  };

  const reader: PostingReader = {
    findBatch: (id) => now(tables.batches.get(id) ?? null),
    findBatchHead: (id) => now(tables.batches.get(id) ?? null),
    findBatchByKey: (key) =>
      now([...tables.batches.values()].find(({ client_key }) => client_key === key) ?? null),
    batchHeadsInStates: (connection, states) =>
      now(inOrder([...tables.batches.values()].filter((row) => row.connection === connection && states.includes(row.state)))), // prettier-ignore
    batchesOf: (connection, { period }) =>
      now(inOrder([...tables.batches.values()].filter((row) => row.connection === connection && row.period === period))), // prettier-ignore
    postsOf: (batch) => now(tables.posts.filter((row) => row.batch === batch).sort((a, b) => order(a.at, b.at) || order(a.key, b.key))), // prettier-ignore
    findPosting: (key) => now(tables.postings.get(key) ?? null),
    postingsOf: (batch) => now(postings((row) => row.batch === batch).sort(byPosition)),
    statesOfPostings: (batch) =>
      now(postings((row) => row.batch === batch).map(({ state }) => state)),
    sealedPostingsOf: (batch) =>
      now(postings((row) => row.batch === batch).map(toSealed).sort((a, b) => order(a.key, b.key))), // prettier-ignore
    approvalOf: (batch) =>
      now(tables.audit.find(({ action, object }) => action === 'batch APPROVED' && object === batch)?.digests ?? null), // prettier-ignore
    postingsOfPeriod: (connection, period) =>
      now(postings((row) => row.connection === connection && row.period === period).sort(byRevision)), // prettier-ignore
    revisionsOf: (of) => now(postings((row) => isSameMonth(row, of)).sort(byRevision)),
    postingsInStates: (connection, states) =>
      now(postings((row) => row.connection === connection && states.includes(row.state)).sort((a, b) => order(a.batch, b.batch) || byPosition(a, b))), // prettier-ignore
    latestPostedPeriods: (connection, before, limit) => {
      const posted = postings((row) => row.connection === connection && row.state === 'POSTED');
      const periods = new Set(posted.map(({ period }) => period));
      const wanted = [...periods].filter((period) => before === null || period < before);
      return now(wanted.sort().reverse().slice(0, limit));
    },
    findPostingOfInvoice: (connection, { document, id }) =>
      now(postings((row) => row.connection === connection && row.invoice_id === id && documentOf(row) === document)[0] ?? null), // prettier-ignore
    evidenceOf: (keys) =>
      now(keys.flatMap((key) => tables.evidence.get(key) ?? []).sort((a, b) => a.seq - b.seq)),
    latestSweep: () => now(tables.sweeps.at(-1) ?? null),
    closuresOf: () => now([]),
    knownMarks: (_connection, markers) =>
      now(new Set(postings((row) => markers.includes(row.marker)).map(({ marker }) => marker))),
    findSpotCheck: () => now(null),
    spotVerdictsOf: () => now(new Map()),
    findRecovery: () => now(null),
    looksOf: () => now([]),
    forgottenOf: () => now([]),
    allForgotten: () => now([]),
    findConnection: (connection) => now(tables.connections.get(connection) ?? null),
    clientIds: () => now([...links.keys()]),
    customer: (id) => now(links.get(id) ?? null),
    item(id) {
      const item = items.get(id);
      return item === undefined
        ? Promise.reject(new AppError('SETUP_MISSING', `${id} has no item.`))
        : now({ id: item, name: item });
    },
    taxCode: () => now(null),
    snapshot: () => now(null),
  };

  const transit = (
    row: { readonly state: string; readonly connection: string },
    object: string,
    move: { readonly from: string; readonly to: string },
    facts: TransitionFacts,
  ): number => {
    if (row.state !== move.from) refuse('the state has moved on');
    const fence = tables.connections.get(row.connection)?.fence ?? 0;
    if (facts.fence < fence) refuse('the fence is old');
    seq += 1;
    push(tables.transitions, { seq, object, ...move, fence: facts.fence, actor: facts.actor });
    return seq;
  };

  const writer: Omit<PostingTransaction, keyof PostingReader> = {
    insertBatch(row) {
      if (row.state !== 'DRAFT') refuse('a batch begins as DRAFT');
      if ([...tables.batches.values()].some(({ client_key }) => client_key === row.client_key)) {
        refuse('UNIQUE batch.client_key');
      }
      set(tables.batches, row.id, row);
      return done();
    },
    moveBatch({ id, state }, to, facts) {
      const row = known(tables.batches.get(id));
      if (!BATCH_MOVES[state].includes(to)) refuse('batch: no such transition');
      const transition = transit(row, id, { from: state, to }, facts);
      set(tables.batches, id, { ...row, state: to, transition });
      return done();
    },
    changeBatch(id, change) {
      set(tables.batches, id, { ...known(tables.batches.get(id)), ...change } as BatchRow);
      return done();
    },
    insertPost(row) {
      if (tables.posts.some(({ batch, key }) => batch === row.batch && key === row.key)) {
        refuse('UNIQUE batch_post');
      }
      push(tables.posts, row);
      return done();
    },
    insertPosting(row) {
      if (row.state !== 'PLANNED') refuse('a posting begins as PLANNED');
      const broken = postings((other) => isTaken(row, other));
      if (broken.length > 0) refuse(`UNIQUE posting ${row.ref}`);
      set(tables.postings, row.key, row);
      return done();
    },
    movePosting({ key, state }, to, facts) {
      const row = known(tables.postings.get(key));
      if (!POSTING_MOVES[state].includes(to)) refuse('posting: no such transition');
      const transition = transit(row, key, { from: state, to }, facts);
      set(tables.postings, key, { ...row, state: to, transition });
      return done();
    },
    changePosting(key, change) {
      const row = { ...known(tables.postings.get(key)), ...change } as PostingRow;
      const isTakenBy = (other: PostingRow): boolean =>
        other.key !== key && other.connection === row.connection && other.invoice_id === row.invoice_id && documentOf(other) === documentOf(row); // prettier-ignore
      if (row.invoice_id !== null && postings(isTakenBy).length > 0) refuse('UNIQUE invoice_id');
      set(tables.postings, key, row);
      return done();
    },
    nextRefSequence(connection, period) {
      const key = `${connection} ${period}`;
      set(refs, key, (refs.get(key) ?? 0) + 1);
      return now(refs.get(key) ?? 0);
    },
    addEvidence(evidence) {
      const rows = tables.evidence.get(evidence.posting) ?? [];
      seq += 1;
      set(tables.evidence, evidence.posting, [...rows, { ...evidence, seq }]);
      return done();
    },
    insertSweep(row) {
      push(tables.sweeps, row);
      return done();
    },
    insertClosure: done,
    insertKnownMark: done,
    insertSpotCheck: done,
    insertSpotVerdict: done,
    takeOverConnection(connection, holder) {
      const row = tables.connections.get(connection);
      const first = { connection, fence: 0, holder, company_id: null, company_name: null, parked: null, park_kind: null, parked_by: null, recovery: null }; // prettier-ignore
      const taken = { ...(row ?? first), fence: (row?.fence ?? 0) + 1, holder };
      set(tables.connections, connection, taken);
      return now(taken.fence);
    },
    changeConnection(connection, change) {
      set(tables.connections, connection, { ...known(tables.connections.get(connection)), ...change }); // prettier-ignore
      return done();
    },
    // Databases are not restored in here: test/relay/posting/recovery.test.ts does that on files.
    insertRecovery: () => refuse('no database is restored in here'),
    changeRecovery: done,
    putLook: done,
    putForgotten: done,
    raiseRefSequence: done,
    appendAudit(entry) {
      push(tables.audit, entry);
      return done();
    },
  };
  const transaction: PostingTransaction = { ...reader, ...writer };

  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    while (busy) await busy;
    const mine = work();
    const released = mine.then(done, done);
    busy = released;
    try {
      return await mine;
    } finally {
      if (busy === released) busy = null;
    }
  };

  return {
    ...(mapReader(reader, async (answer) => {
      while (busy) await busy;
      return answer();
    }) as PostingReader),
    tables,
    transaction: (work) =>
      alone(async () => {
        undo = [];
        try {
          const result = await work(transaction);
          lastCommit = undo;
          return result;
        } catch (error) {
          for (const back of undo.reverse()) back();
          throw error;
        } finally {
          undo = [];
        }
      }),
    crash() {
      if (SYNCED) return;
      for (const back of lastCommit.reverse()) back();
      lastCommit = [];
    },
  };
}

/** Every question of the reader, asked when no transaction is under way: as one connection does. */
function mapReader(
  reader: PostingReader,
  ask: (answer: () => Promise<unknown>) => Promise<unknown>,
): unknown {
  const entries = Object.entries(reader) as [string, (...given: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    entries.map(([name, answer]) => [name, (...given: unknown[]) => ask(() => answer(...given))]),
  );
}

const toSealed = ({ key, digest, ref, marker, client_name, fingerprint }: PostingRow) => ({
  key, digest, ref, marker, client_name, fingerprint,
}); // prettier-ignore

const now = <T>(value: T): Promise<T> => Promise.resolve(value);
const done = (): Promise<void> => Promise.resolve();
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byPosition = (a: PostingRow, b: PostingRow): number => a.position - b.position;
const byRevision = (a: PostingRow, b: PostingRow): number =>
  a.revision - b.revision || order(a.ref, b.ref);
const inOrder = (rows: BatchRow[]): BatchRow[] =>
  rows.sort((a, b) => order(a.prepared_at, b.prepared_at) || a.transition - b.transition);

const documentOf = ({ content }: PostingRow): string =>
  (JSON.parse(content) as { document: string }).document;

function known<T>(row: T | undefined): T {
  if (row === undefined) throw new Error('no such row');
  return row;
}

const isSameMonth = (
  a: Pick<PostingRow, 'connection' | 'client_id' | 'period' | 'series'>,
  b: Pick<PostingRow, 'connection' | 'client_id' | 'period' | 'series'>,
): boolean =>
  a.connection === b.connection && a.client_id === b.client_id && a.period === b.period && a.series === b.series; // prettier-ignore

function isTaken(row: PostingRow, other: PostingRow): boolean {
  if (other.connection !== row.connection) return false;
  if (other.key === row.key || other.ref === row.ref) return true;
  if (isSameMonth(row, other) && other.revision === row.revision) return true;
  if (CLOSED.includes(other.state) || other.period !== row.period) return false;
  return isSameMonth(row, other) || (other.customer_id === row.customer_id && other.series === row.series); // prettier-ignore
}
