/**
 * Everything the posting engine knows of the outside. Time, chance, waiting and stopping come in
 * here, so that a simulator can run the very engine that posts (posting-safety 2.4).
 */
import type { BillingPeriod } from '../../core/billing-period.ts';
import type { ClientId, ServiceId } from '../../core/model.ts';
import type { Books, Restored } from '../handlers.ts';
import type { Clock } from '../clock.ts';
import type { Failpoints } from '../failpoints.ts';
import type { PostingStore } from './store-port.ts';

/** Where a test may stop the relay for ever; each is reached with no transaction open. */
export const FAILPOINTS = [
  'posting.batch-started',
  'posting.picked',
  'posting.looked-up',
  'posting.intent-written',
  'posting.before-send',
  'posting.after-send',
  'posting.read-back',
  'posting.result-stored',
  'posting.doubt-looked-up',
  'posting.decided',
] as const;
export type FailpointName = (typeof FAILPOINTS)[number];

export interface Ids {
  uuid(): string;
  /** A whole number below 2 to the 31, for the draw of a spot check. */
  seed(): number;
}

/** How the worker waits: until so long has passed or somebody wakes it, whichever is first. */
export interface Scheduler {
  wait(timeoutMs: number): Promise<void>;
  wake(): void;
}

/** A service as the catalogue has it; a group has members and is never posted. */
export interface BillableService {
  readonly id: ServiceId;
  readonly name: string;
  readonly members: readonly ServiceId[];
}

/** The rules of approving and posting; a change of them makes open approvals stale. */
export interface PostingPolicy {
  readonly twoPersons: boolean;
  readonly approvalHours: number;
  /** Caps against runaway imports (F32); null where none is set. */
  readonly invoicesPerBatchMax: number;
  readonly amountPerInvoiceMax: string | null;
  readonly amountPerBatchMax: string | null;
  /** More change against last month than this needs a tick of the approver; null: none does. */
  readonly changePercentMax: number | null;
  /** Off: approve, but never send (rulings 18); the sample profile always posts. */
  readonly postingEnabled: boolean;
}

/** Of the machine itself; null where a test or a moved clock has nothing to say. */
export interface Machine {
  /** The clock of the machine, never the moved one. */
  nowMs(): number | null;
  /** What is free on the disk of the data folder. */
  freeBytes(): number | null;
}

export const NO_MACHINE: Machine = { nowMs: () => null, freeBytes: () => null };

export interface PostingPorts {
  readonly machine: Machine;
  /** With the mapping and the counts, asked anew before every send. */
  readonly store: PostingStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly scheduler: Scheduler;
  readonly failpoints: Failpoints;
  readonly books: Books;
  readonly services: readonly BillableService[];
  readonly policy: PostingPolicy;
  /** Part of every posting key: two relays with one tenant name make the same keys. */
  readonly tenant: string;
  /** A month begins at midnight there (F31); absent: UTC. */
  readonly timeZone?: string;
  /** Of this installation, four letters: in every mark, so that two relays tell theirs apart. */
  readonly instance: string;
  readonly fingerprint: (name: string) => string;
  /** Absent in ordinary life. */
  readonly restored?: Restored | undefined;
  readonly warn: (words: string, about: Readonly<Record<string, string>>) => void;
}

/** What an action carries along: who asked, in which request. */
export interface Asker {
  readonly person: string;
  readonly requestId: string;
}

/** The relay acting by itself. */
export const RELAY: Asker = { person: 'relay', requestId: '' };

/** One client's month on one books connection. */
export interface ClientMonth {
  readonly connection: string;
  readonly clientId: ClientId;
  readonly period: BillingPeriod;
  readonly series: string;
}

/** What helps where the two-person rule refuses: signing in anew does not. */
export const OTHER_PERSON = { remedy: 'Ask another person to do it, signed in as themselves.' };

/** What helps where an earlier invoice of the client stands in the way of a new one. */
export const LEAVE_OUT = {
  remedy: 'Send the others in without this client; its earlier invoice is settled by itself.',
};
