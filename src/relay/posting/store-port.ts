/**
 * What the posting engine asks of a store. The relay gives it SQLite (store/posting-store.ts); the
 * simulator a store in memory that is held against it. What is read inside a transaction is what
 * the transaction wrote; a throw takes everything back.
 */
import type { BatchState, PostingState } from '../../contract/contract.ts';
import type { ClientId, ServiceId, Snapshot } from '../../core/model.ts';
import type { CustomerLink } from '../handlers.ts';
import type { AuditEntry } from '../store/audit.ts';
import type {
  BatchChange,
  BatchHead,
  BatchRow,
  BooksDocument,
  PostingChange,
  PostingRow,
  TransitionFacts,
} from '../store/posting.ts';
import type { ApprovalDigests } from '../store/posting-seal.ts';
import type { SweepRow } from '../store/posting-books.ts';
import type { ConnectionChange } from '../store/posting-connection.ts';
import type {
  ForgottenRow,
  RecoveryChange,
  RecoveryLook,
  RecoveryRow,
} from '../store/posting-recovery.ts';
import type { SealedPosting } from '../store/posting-seal.ts';
import type { EvidenceRow, SpotVerdictRow } from '../store/posting-evidence.ts';
import type { BatchPostTable } from '../store/schema-batch-post.ts';
import type {
  ClosureTable,
  KnownMarkTable,
  PostingConnectionTable,
  SpotCheckTable,
} from '../store/schema-posting.ts';

export interface PostingReader {
  findBatch(id: string): Promise<BatchRow | null>;
  findBatchHead(id: string): Promise<BatchHead | null>;
  findBatchByKey(clientKey: string): Promise<BatchRow | null>;
  batchHeadsInStates(connection: string, states: readonly BatchState[]): Promise<readonly BatchHead[]>;
  batchesOf(connection: string, filter: { readonly period: string }): Promise<readonly BatchRow[]>;
  /** Every press of Post for a batch, the first one first. */
  postsOf(batch: string): Promise<readonly BatchPostTable[]>;
  findPosting(key: string): Promise<PostingRow | null>;
  postingsOf(batch: string): Promise<readonly PostingRow[]>;
  statesOfPostings(batch: string): Promise<readonly PostingState[]>;
  /** Of every posting of a batch, what its approval has sealed. */
  sealedPostingsOf(batch: string): Promise<readonly SealedPosting[]>;
  /** What the audit trail sealed with the approval of a batch; null: it holds no whole entry of one. */
  approvalOf(batch: string): Promise<ApprovalDigests | null>;
  postingsOfPeriod(connection: string, period: string): Promise<readonly PostingRow[]>;
  revisionsOf(
    of: Pick<PostingRow, 'connection' | 'client_id' | 'period' | 'series'>,
  ): Promise<readonly PostingRow[]>;
  postingsInStates(connection: string, states: readonly PostingState[]): Promise<readonly PostingRow[]>;
  latestPostedPeriods(connection: string, before: string | null, limit: number): Promise<readonly string[]>;
  findPostingOfInvoice(connection: string, of: BooksDocument): Promise<PostingRow | null>;
  evidenceOf(postings: readonly string[]): Promise<readonly EvidenceRow[]>;
  latestSweep(connection: string): Promise<SweepRow | null>;
  closuresOf(connection: string, period: string): Promise<readonly ClosureTable[]>;
  /** Of these marks, the ones that are our own or that a person knows of. */
  knownMarks(connection: string, markers: readonly string[]): Promise<ReadonlySet<string>>;
  findSpotCheck(id: string): Promise<SpotCheckTable | null>;
  spotVerdictsOf(check: string): Promise<ReadonlyMap<string, string>>;
  findConnection(connection: string): Promise<PostingConnectionTable | null>;
  findRecovery(id: number): Promise<RecoveryRow | null>;
  looksOf(recovery: number): Promise<readonly RecoveryLook[]>;
  /** Of these marks, the documents that a recovery found in the books and knew nothing of. */
  forgottenOf(connection: string, markers: readonly string[]): Promise<readonly ForgottenRow[]>;
  /** All of them, of every month. */
  allForgotten(connection: string): Promise<readonly ForgottenRow[]>;
  /** Every client there is. */
  clientIds(): Promise<readonly ClientId[]>;
  /** The mapping and the counts, as they are now. */
  customer(clientId: ClientId): Promise<CustomerLink | null>;
  /** Throws SETUP_MISSING naming the service when the books have no item for it. */
  item(serviceId: ServiceId): Promise<{ id: string; name: string }>;
  /** Null: tax is left to the books. Throws SETUP_MISSING naming a code that is not there. */
  taxCode(customer: Pick<CustomerLink, 'customerId' | 'clientName'>): Promise<{ id: string; name: string } | null>;
  snapshot(id: string): Promise<Snapshot | null>;
} // prettier-ignore

export interface PostingTransaction extends PostingReader {
  insertBatch(row: BatchRow): Promise<void>;
  moveBatch(batch: Pick<BatchRow, 'id' | 'state'>, to: BatchState, facts: TransitionFacts): Promise<void>;
  changeBatch(id: string, change: BatchChange): Promise<void>;
  insertPost(row: BatchPostTable): Promise<void>;
  insertPosting(row: PostingRow): Promise<void>;
  movePosting(posting: Pick<PostingRow, 'key' | 'state'>, to: PostingState, facts: TransitionFacts): Promise<void>;
  changePosting(key: string, change: PostingChange): Promise<void>;
  nextRefSequence(connection: string, period: string): Promise<number>;
  addEvidence(evidence: Omit<EvidenceRow, 'seq'>): Promise<void>;
  insertSpotCheck(row: SpotCheckTable): Promise<void>;
  insertSpotVerdict(row: SpotVerdictRow): Promise<void>;
  insertSweep(row: SweepRow): Promise<void>;
  insertClosure(row: ClosureTable): Promise<void>;
  insertKnownMark(row: KnownMarkTable): Promise<void>;
  takeOverConnection(connection: string, holder: string): Promise<number>;
  changeConnection(connection: string, change: ConnectionChange): Promise<void>;
  insertRecovery(row: Omit<RecoveryRow, 'id'>): Promise<number>;
  changeRecovery(id: number, change: RecoveryChange): Promise<void>;
  putLook(look: RecoveryLook): Promise<void>;
  putForgotten(row: ForgottenRow): Promise<void>;
  raiseRefSequence(of: { readonly connection: string; readonly period: string }, atLeast: number): Promise<void>;
  appendAudit(entry: AuditEntry): Promise<void>;
} // prettier-ignore

export interface PostingStore extends PostingReader {
  transaction<T>(work: (transaction: PostingTransaction) => Promise<T>): Promise<T>;
}
