/** The syncs that run now: one for each source and month; whoever asks meanwhile waits for that. */
import type { BillingPeriod, Instant } from '../../core/billing-period.ts';
import type { SourceId } from '../../core/model.ts';
import { watchHttp } from '../http/watch.ts';
import { createCircuit, type Circuit } from './circuit.ts';
import { syncSource, type Connection, type Syncing } from './sync.ts';

export interface RunningSync {
  readonly source: SourceId;
  readonly period: BillingPeriod;
  readonly since: Instant;
  /** Answers of the vendor read so far. */
  readonly pages: number;
}

export interface SyncWish {
  readonly period: BillingPeriod;
  readonly confirmEmpty: boolean;
  /** A person has said that the files are of another kind from now on. */
  readonly confirmProfile: boolean;
  /** What a sync under way reads is no longer what is asked for: a file has come. */
  readonly anew: boolean;
  /** A person wants to know now. */
  readonly insist: boolean;
}

export interface Syncs {
  /** Resolves when the source has answered or failed; never rejects for what the vendor does. */
  start(connection: Connection, wish: SyncWish): Promise<void>;
  running(): readonly RunningSync[];
}

interface Under {
  readonly source: SourceId;
  readonly period: BillingPeriod;
  readonly since: Instant;
  pages: number;
  readonly work: Promise<void>;
}

export function createSyncs(syncing: Syncing): Syncs {
  const under = new Map<string, Under>();
  const circuits = new Map<SourceId, Circuit>();

  const circuitOf = (source: SourceId): Circuit => {
    const circuit = circuits.get(source) ?? createCircuit(syncing.clock);
    circuits.set(source, circuit);
    return circuit;
  };

  const begin = (connection: Connection, wish: SyncWish): Promise<void> => {
    const source = connection.config.id;
    const key = `${source} ${wish.period}`;
    const http = watchHttp(syncing.http, () => {
      const own = under.get(key);
      if (own) own.pages += 1;
    });
    const request = { ...wish, connection, circuit: circuitOf(source) };
    const work = syncSource({ ...syncing, http }, request).finally(() => under.delete(key));
    under.set(key, { source, period: wish.period, since: syncing.clock.now(), pages: 0, work });
    return work;
  };

  return {
    async start(connection, wish) {
      const before = under.get(`${connection.config.id} ${wish.period}`);
      if (!before) return begin(connection, wish);
      await before.work;
      // What a person has just confirmed or brought is not what was asked before.
      const isOther = wish.confirmEmpty || wish.confirmProfile || wish.anew;
      return isOther ? this.start(connection, wish) : undefined;
    },
    running: () =>
      [...under.values()].map(({ source, period, since, pages }) => ({
        source,
        period,
        since,
        pages,
      })),
  };
}
