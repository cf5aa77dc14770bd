/** What one world of one seed is made of. */
import type { Instant } from '../../src/core/billing-period.ts';
import type { Draft } from '../../src/contract/contract.ts';
import type { createPostingOn } from '../../src/relay/posting/posting.ts';
import type { PostingPolicy } from '../../src/relay/posting/ports.ts';
import type { PostingStore } from '../../src/relay/posting/store-port.ts';
import type { Ledger } from './ledger.ts';
import type { MemoryDirectory, MemoryStore } from './memory-store.ts';
import type { Chance } from './random.ts';
import type { Fault, Regime } from './regimes.ts';

export interface SimulatedClock {
  now(): Instant;
  nowMs(): number;
  advance(ms: number): void;
}

/** The machine of the relay: how far its clock is off, and whether its disk is full. */
export interface SimulatedMachine {
  skewMs: number;
  isFull: boolean;
}

export type Running = ReturnType<typeof createPostingOn>;

/** One create that went out, and what became of it. */
export interface Sent {
  readonly postingKey: string;
  readonly providerKey: string;
  readonly body: string;
  readonly left: boolean;
}

/** What happens in one step, where a test says so instead of chance. */
export interface Script {
  readonly fault: Fault;
  readonly readFails: boolean;
  readonly crashAt: string | null;
}

export interface WorldOptions {
  /** The store the engine gets; it must do everything on `memory` too, for that is looked into. */
  readonly storeOn?: (
    memory: MemoryStore,
    clock: SimulatedClock,
    directory: MemoryDirectory,
    machine: SimulatedMachine,
  ) => PostingStore;
  /** How many clients the month has; absent: one to three, by chance. */
  readonly clients?: number;
}

export interface World {
  readonly seed: number;
  readonly regime: Regime;
  readonly chance: Chance;
  /** The true time, which the books have. */
  readonly clock: SimulatedClock;
  readonly machine: SimulatedMachine;
  readonly ledger: Ledger;
  readonly directory: MemoryDirectory;
  readonly store: PostingStore;
  readonly memory: MemoryStore;
  readonly policy: PostingPolicy;
  readonly draft: Draft;
  /** What was sent in, by batch: the money is held against it. */
  readonly drafts: Map<string, Draft>;
  readonly trace: string[];
  readonly sent: Sent[];
  /** Postings whose create the network delivered twice. */
  readonly doubled: Set<string>;
  /** Documents that a person changed in the books after they were posted. */
  readonly touched: Set<string>;
  readonly hung: { go: () => void; work: Promise<unknown> }[];
  running: Running;
  crashed: Promise<void>;
  crashes: number;
  calm: boolean;
  batch: string;
  script: Script | null;
  /** The first invariant that a create broke. */
  broken: unknown;
}
