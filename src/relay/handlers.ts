/**
 * What fills a route: one function per route of the contract, and what such a function may use.
 * app.ts registers them; tests and the seed call the very same functions.
 */
import type * as z from 'zod/mini';
import type { BillingPeriod, Instant } from '../core/billing-period.ts';
import type { ClientId, PostedMonth, ServiceId, Snapshot } from '../core/model.ts';
import type { RecoverySchema, RouteName, Routes } from '../contract/contract.ts';
import type { AccountingCompany, AccountingSystem, CompanyIdentity } from './accounting/accounting.ts'; // prettier-ignore
import type { Clock } from './clock.ts';
import type { RelayConfig } from './config.ts';
import type { Failpoints } from './failpoints.ts';
import type { Log } from './log.ts';
import type { Store, StoreTransaction } from './store/database.ts';

export interface HandlerRequest<Name extends RouteName> {
  readonly params: z.output<Routes[Name]['params']>;
  readonly query: z.output<Routes[Name]['query']>;
  readonly body: z.output<Routes[Name]['body']>;
  /** Who is asking; "nobody" on the routes without a token. */
  readonly person: string;
  readonly requestId: string;
}

export type Handler<Name extends RouteName> = (
  request: HandlerRequest<Name>,
) => Promise<Frozen<z.output<Routes[Name]['response']>>>;

/** Answers are values of core, which are readonly all the way down. */
type Frozen<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Each)[]
    ? readonly Frozen<Each>[]
    : { readonly [Key in keyof T]: Frozen<T[Key]> };

export type Handlers = { readonly [Name in RouteName]: Handler<Name> };

export type PostingRouteName =
  | 'status'
  | 'submit'
  | 'batch'
  | 'approve'
  | 'compare'
  | 'post'
  | 'decide'
  | 'beside'
  | 'spotCheck'
  | 'spotVerdict'
  | 'pause'
  | 'cancel'
  | 'closeClient'
  | 'inBooks'
  | 'books'
  | 'sweep'
  | 'knowMark'
  | 'unpark'
  | 'endRecovery';
export type PostingHandlers = Pick<Handlers, PostingRouteName>;

/** The customer a client is billed to; its version changes when the customer does. */
export interface CustomerLink {
  readonly clientId: ClientId;
  readonly clientName: string;
  readonly customerId: string;
  /** Fingerprint of the customer's name as last confirmed. */
  readonly fingerprint: string;
  readonly version: number;
  readonly currency: string;
  readonly active: boolean;
}

/** What counts/ answers to posting/; usable inside a transaction or outside of one. */
export interface Directory {
  customer(store: Store | StoreTransaction, clientId: ClientId): Promise<CustomerLink | null>;
  /** The books item of a service; throws SETUP_MISSING naming the service when there is none. */
  item(
    store: Store | StoreTransaction,
    serviceId: ServiceId,
  ): Promise<{ id: string; name: string }>;
  /** Null: tax is left to the books. Throws SETUP_MISSING naming a code that is not there. */
  taxCode(
    store: Store | StoreTransaction,
    customer: Pick<CustomerLink, 'customerId' | 'clientName'>,
  ): Promise<{ id: string; name: string } | null>;
  snapshot(store: Store | StoreTransaction, id: string): Promise<Snapshot | null>;
  clientIds(store: Store | StoreTransaction): Promise<readonly ClientId[]>;
}

/** The connected books. `system` is known from the start; each call may throw SOURCE_*. */
export interface Books {
  readonly system: AccountingSystem;
  readonly company: AccountingCompany;
  /** Id of the connection: part of the posting key. */
  readonly connection: string;
}

/** Why the database cannot be the one this relay wrote last (F12). */
export interface Restored {
  readonly reason: string;
  /** The trail itself does not hold: looking everything up does not mend that. */
  readonly needsPerson: boolean;
  /** The recovery is over: the head of the trail may be anchored anew. */
  readonly ended: () => Promise<void>;
}

export interface RelayContext {
  readonly config: RelayConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly books: Books;
  readonly directory: Directory;
  readonly failpoints: Failpoints;
  /** The machine's own clock and disk; absent where the clock is moved. */
  readonly machine?: { nowMs(): number | null; freeBytes(): number | null };
  /** Of this installation: part of every mark (F34). */
  readonly instance: string;
  /** Why the database cannot be the one this relay wrote last (F12); absent in ordinary life. */
  readonly restored?: Restored | undefined;
}

/** What posting/ answers to the rest of the relay; made by createPosting(context). */
export interface Posting {
  readonly handlers: PostingHandlers;
  /** Before listening: SENDING becomes UNKNOWN, open batches go on. */
  recover(): Promise<void>;
  /** Resolves when nothing can move on without a person or time passing; the seed waits for it. */
  settled(batchId: string): Promise<void>;
  /** Stops sending; what is in flight is waited for. */
  stop(): Promise<void>;
  /** Posted months before `before` (all when absent), newest first. */
  postedMonths(before: BillingPeriod | null, limit: number): Promise<readonly PostedMonth[]>;
  isSealed(period: BillingPeriod): Promise<boolean>;
  /** The newest batch of a month that was not cancelled. */
  batchOf(period: BillingPeriod): Promise<{ id: string; snapshotId: string | null } | null>;
  /** Throws LEDGER_CONFLICT where another company answers than the one these books belong to. */
  pinCompany(company: CompanyIdentity): Promise<void>;
  /** In words, what was approved and is stored otherwise now. */
  troubles(): Promise<readonly string[]>;
  doubt(): Promise<{ uncertainTotal: number; oldestSince: Instant | null }>;
  /** How far the look-ups after a restored database are; null in ordinary life. */
  recovery(): Promise<z.output<typeof RecoverySchema> | null>;
  /** Does nothing where no recovery is under way. */
  endRecovery(
    reason: string,
    asker: { readonly person: string; readonly requestId: string },
  ): Promise<void>;
}
