/**
 * The snapshot in memory: one request however many cells ask. A formula is addressed to a
 * snapshot, so recalculating never fetches; newer counts arrive through Refresh alone.
 */
import type { BillingPeriod } from '../src/core/billing-period.ts';
import { AppError } from '../src/core/errors.ts';
import type { PostedMonth, Snapshot } from '../src/core/model.ts';
import { ask, type AskOptions } from './ask.ts';

/** A posted word can change at any moment; it is asked again after this long. */
const STATUS_FRESH_MS = 20_000;
const SNAPSHOTS_MAX = 26;
const MONTHS_BACK = 24;

export interface ClientStatus {
  readonly clientId: string;
  readonly word: string;
  readonly ref: string | null;
}

export interface Snapshots {
  /** The snapshot of a month: by its id, or the one the workbook shows. */
  get(period: BillingPeriod, id: string | null): Promise<Snapshot>;
  /** What is in memory, without asking anybody. */
  peek(period: BillingPeriod, id: string | null): Snapshot | null;
  /** Refresh: this is from now on what a formula without a stamp shows. */
  put(snapshot: Snapshot): void;
  /** Asks whether there is a newer one; without a change the same one comes back. */
  newest(period: BillingPeriod): Promise<Snapshot>;
  posted(period: BillingPeriod): Promise<readonly PostedMonth[]>;
  status(period: BillingPeriod): Promise<readonly ClientStatus[]>;
  currentPeriod(): Promise<BillingPeriod>;
  /** After an approval or a post: the words are asked for again. */
  forgetStatus(): void;
  clear(): void;
}

export function createSnapshots(options: AskOptions & { readonly nowMs: () => number }): Snapshots {
  const memory = new Map<string, Snapshot>();
  const current = new Map<BillingPeriod, { snapshot: Snapshot; etag: string | null }>();
  const waiting = new Map<string, Promise<unknown>>();
  const answers = new Map<string, { atMs: number; value: unknown }>();

  const keep = (snapshot: Snapshot): void => {
    memory.set(`${snapshot.period}|${snapshot.id}`, snapshot);
    const [oldest] = memory.keys();
    if (memory.size > SNAPSHOTS_MAX && oldest !== undefined) memory.delete(oldest);
  };
  const peek = (period: BillingPeriod, id: string | null): Snapshot | null =>
    (id === null ? current.get(period)?.snapshot : memory.get(`${period}|${id}`)) ?? null;

  /** Whoever asks while a request is under way waits for that one. */
  const once = <T>(key: string, start: () => Promise<T>): Promise<T> => {
    const running = waiting.get(key);
    if (running) return running as Promise<T>;
    const started = start().finally(() => waiting.delete(key));
    waiting.set(key, started);
    return started;
  };

  const fetchNewest = async (period: BillingPeriod): Promise<Snapshot> => {
    const known = current.get(period);
    const path = `/api/periods/${period}/snapshots/latest`;
    const answer = await ask(options, path, known?.etag ?? null);
    if (answer.status === 304 && known) return known.snapshot;
    const snapshot = toSnapshot(answer.body);
    keep(snapshot);
    current.set(period, { snapshot, etag: answer.etag });
    return snapshot;
  };
  const fetchOne = async (period: BillingPeriod, id: string): Promise<Snapshot> => {
    const path = `/api/periods/${period}/snapshots/${encodeURIComponent(id)}`;
    const snapshot = toSnapshot((await ask(options, path, null)).body);
    keep(snapshot);
    return snapshot;
  };
  const remembered = async <T>(
    path: string,
    freshMs: number,
    read: (body: unknown) => T,
  ): Promise<T> => {
    const known = answers.get(path);
    if (known && options.nowMs() - known.atMs < freshMs) return known.value as T;
    return once(path, async () => {
      const value = read((await ask(options, path, null)).body);
      answers.set(path, { atMs: options.nowMs(), value });
      return value;
    });
  };

  return {
    peek,
    get: async (period, id) => {
      const known = peek(period, id);
      if (known) return known;
      const key = `${period}|${id ?? 'latest'}`;
      return once(key, () => (id === null ? fetchNewest(period) : fetchOne(period, id)));
    },
    newest: (period) => once(`${period}|newest`, () => fetchNewest(period)),
    put: (snapshot) => {
      keep(snapshot);
      current.set(snapshot.period, { snapshot, etag: null });
    },
    posted: (period) => {
      const path = `/api/periods/${period}/history?months=${MONTHS_BACK}`;
      return remembered(path, Infinity, (body) => listIn(body, 'months') as PostedMonth[]);
    },
    status: (period) =>
      remembered(
        `/api/periods/${period}/status`,
        STATUS_FRESH_MS,
        (body) => listIn(body, 'clients') as ClientStatus[],
      ),
    currentPeriod: () =>
      remembered(
        '/api/session',
        Infinity,
        (body) => fieldOf(body, 'currentPeriod') as BillingPeriod,
      ),
    forgetStatus: () => {
      for (const path of [...answers.keys()]) if (path.endsWith('/status')) answers.delete(path);
    },
    clear: () => [memory, current, waiting, answers].forEach((map) => map.clear()),
  };
}

/** The relay's schema checks the whole; here only what a cell would stumble over. */
function toSnapshot(body: unknown): Snapshot {
  for (const name of ['clients', 'services', 'sources', 'counts']) listIn(body, name);
  return body as Snapshot;
}

function listIn(body: unknown, name: string): readonly unknown[] {
  const list = fieldOf(body, name);
  if (Array.isArray(list)) return list;
  throw outdated();
}

function fieldOf(body: unknown, name: string): unknown {
  const value: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (value === undefined) throw outdated();
  return value;
}

const outdated = (): AppError =>
  new AppError('SOURCE_MALFORMED', 'MCC was updated and this pane was not. Reload the add-in.');
