/** The posting engine's store on SQLite: every question is a function of the files beside this one. */
import type { Clock } from '../clock.ts';
import type { Directory } from '../handlers.ts';
import type { PostingReader, PostingStore, PostingTransaction } from '../posting/store-port.ts';
import { appendAudit } from './audit.ts';
import { inTransaction, type Store, type StoreTransaction } from './database.ts';
import * as books from './posting-books.ts';
import * as connections from './posting-connection.ts';
import * as evidence from './posting-evidence.ts';
import * as recoveries from './posting-recovery.ts';
import * as postings from './posting.ts';
import * as seals from './posting-seal.ts';

export interface PostingStoreParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
}

export function createPostingStore({ store, clock, directory }: PostingStoreParts): PostingStore {
  return {
    ...readerOn(store, directory),
    transaction: (work) =>
      inTransaction(store, (transaction) => work(transactionOn(transaction, directory, clock))),
  };
}

const readerOn = (at: Store | StoreTransaction, directory: Directory): PostingReader => ({
  findBatch: (id) => postings.findBatch(at, id),
  findBatchHead: (id) => postings.findBatchHead(at, id),
  findBatchByKey: (key) => postings.findBatchByKey(at, key),
  batchHeadsInStates: (connection, states) => postings.batchHeadsInStates(at, connection, states),
  batchesOf: (connection, filter) => postings.batchesOf(at, connection, filter),
  postsOf: (batch) => postings.postsOf(at, batch),
  findPosting: (key) => postings.findPosting(at, key),
  postingsOf: (batch) => postings.postingsOf(at, batch),
  statesOfPostings: (batch) => postings.statesOfPostings(at, batch),
  sealedPostingsOf: (batch) => seals.sealedPostingsOf(at, batch),
  approvalOf: (batch) => seals.approvalOf(at, batch),
  postingsOfPeriod: (connection, period) => postings.postingsOfPeriod(at, connection, period),
  revisionsOf: (of) => postings.revisionsOf(at, of),
  postingsInStates: (connection, states) => postings.postingsInStates(at, connection, states),
  latestPostedPeriods: (connection, before, limit) =>
    postings.latestPostedPeriods(at, connection, before, limit),
  findPostingOfInvoice: (connection, of) => postings.findPostingOfInvoice(at, connection, of),
  evidenceOf: (keys) => evidence.evidenceOf(at, keys),
  latestSweep: (connection) => books.latestSweep(at, connection),
  closuresOf: (connection, period) => books.closuresOf(at, connection, period),
  knownMarks: (connection, markers) => books.knownMarks(at, connection, markers),
  findSpotCheck: (id) => evidence.findSpotCheck(at, id),
  spotVerdictsOf: (check) => evidence.spotVerdictsOf(at, check),
  findConnection: (connection) => connections.findConnection(at, connection),
  findRecovery: (id) => recoveries.findRecovery(at, id),
  looksOf: (recovery) => recoveries.looksOf(at, recovery),
  forgottenOf: (connection, markers) => recoveries.forgottenOf(at, connection, markers),
  allForgotten: (connection) => recoveries.allForgotten(at, connection),
  clientIds: () => directory.clientIds(at),
  customer: (clientId) => directory.customer(at, clientId),
  item: (serviceId) => directory.item(at, serviceId),
  taxCode: (customer) => directory.taxCode(at, customer),
  snapshot: (id) => directory.snapshot(at, id),
});

const transactionOn = (
  at: StoreTransaction,
  directory: Directory,
  clock: Clock,
): PostingTransaction => ({
  ...readerOn(at, directory),
  insertBatch: (row) => postings.insertBatch(at, row),
  moveBatch: (batch, to, facts) => postings.moveBatch(at, batch, to, facts),
  changeBatch: (id, change) => postings.changeBatch(at, id, change),
  insertPost: (row) => postings.insertPost(at, row),
  insertPosting: (row) => postings.insertPosting(at, row),
  movePosting: (posting, to, facts) => postings.movePosting(at, posting, to, facts),
  changePosting: (key, change) => postings.changePosting(at, key, change),
  nextRefSequence: (connection, period) => postings.nextRefSequence(at, connection, period),
  addEvidence: (row) => evidence.addEvidence(at, row),
  insertSpotCheck: (row) => evidence.insertSpotCheck(at, row),
  insertSpotVerdict: (row) => evidence.insertSpotVerdict(at, row),
  insertSweep: (row) => books.insertSweep(at, row),
  insertClosure: (row) => books.insertClosure(at, row),
  insertKnownMark: (row) => books.insertKnownMark(at, row),
  takeOverConnection: (connection, holder) =>
    connections.takeOverConnection(at, connection, holder),
  changeConnection: (connection, change) => connections.changeConnection(at, connection, change),
  insertRecovery: (row) => recoveries.insertRecovery(at, row),
  changeRecovery: (id, change) => recoveries.changeRecovery(at, id, change),
  putLook: (look) => recoveries.putLook(at, look),
  putForgotten: (row) => recoveries.putForgotten(at, row),
  raiseRefSequence: (of, atLeast) => recoveries.raiseRefSequence(at, of, atLeast),
  appendAudit: (entry) => appendAudit(at, clock, entry),
});
