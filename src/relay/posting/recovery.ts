/**
 * The mode after a start on a database that is not the one this relay wrote last (F12): nothing is
 * sent before every open and recent invoice was looked up in the books. It ends by itself, or by
 * a person's word, which the audit keeps.
 */
import type { z } from 'zod/mini';
import { shiftPeriod, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError, assert } from '../../core/errors.ts';
import type { RecoverySchema } from '../../contract/contract.ts';
import type { Restored } from '../handlers.ts';
import type { PostingRow } from '../store/posting.ts';
import type { RecoveryChange, RecoveryRow } from '../store/posting-recovery.ts';
import { holdFence, instant, type Engine } from './engine.ts';
import { RELAY, type Asker } from './ports.ts';
import { UNSETTLED } from './states.ts';
import type { PostingReader, PostingTransaction } from './store-port.ts';

/** Everything of this month and of the two before it is looked up, and all that is open. */
const MONTHS_BEFORE = 2;

export interface RecoveryState {
  readonly id: number;
  readonly since: ReturnType<typeof instant>;
  readonly reason: string;
  readonly looked: number;
  readonly total: number;
  /** Why the last step came to nothing; empty when it did. */
  readonly trouble: string;
  /** Everything is looked up, and a person has to end it all the same. */
  readonly needsPerson: boolean;
}

/**
 * One that a stop has interrupted looks at everything anew: whether this is the database that it
 * began on, or one put back once more in the meantime, nobody can tell.
 */
export async function beginRecovery(engine: Engine, restored: Restored): Promise<void> {
  const { connection } = engine.books;
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const row = await transaction.findConnection(connection);
    const former = row?.recovery == null ? null : await requireRecovery(transaction, row.recovery);
    const id = former?.id ?? (await insertRecovery(engine, transaction, restored));
    const worse = former && restored.needsPerson ? worsened(former, restored) : {};
    const wanted = await toLookUp(engine, transaction);
    for (const posting of wanted) {
      await transaction.putLook({ recovery: id, posting, looked_at: null, words: '' });
    }
    await transaction.changeRecovery(id, { listed_at: null, done_at: null, ...worse });
    await transaction.changeConnection(connection, { recovery: id });
    const action = former ? 'recovery began again' : 'recovery began';
    const { reason } = await requireRecovery(transaction, id);
    const words = `${reason} Nothing is sent before ${wanted.length} invoices were looked up in the books.`;
    await audit(engine, transaction, RELAY, { action, words });
  });
}

/** What no looking mends stays so, whatever later starts find. */
const worsened = (former: RecoveryRow, { reason }: Restored): RecoveryChange => ({
  needs_person: 1,
  reason: former.reason.includes(reason) ? former.reason : `${former.reason} Later: ${reason}`,
});

async function insertRecovery(
  engine: Engine,
  transaction: PostingTransaction,
  { reason, needsPerson }: Restored,
): Promise<number> {
  return transaction.insertRecovery({
    connection: engine.books.connection,
    since: engine.clock.now(),
    reason,
    needs_person: needsPerson ? 1 : 0,
    listed_at: null,
    done_at: null,
    trouble: '',
    ended_at: null,
    ended_by: null,
  });
}

async function toLookUp(engine: Engine, transaction: PostingReader): Promise<readonly string[]> {
  const { connection } = engine.books;
  const month = engine.clock.now().slice(0, 7) as BillingPeriod;
  const open = await transaction.postingsInStates(connection, UNSETTLED);
  const recent: PostingRow[] = [];
  for (let back = 0; back <= MONTHS_BEFORE; back += 1) {
    recent.push(...(await transaction.postingsOfPeriod(connection, shiftPeriod(month, -back))));
  }
  return [...new Set([...open, ...recent].map(({ key }) => key))];
}

/** The recovery under way; null in ordinary life. */
export async function recoveryOf(engine: Engine): Promise<RecoveryState | null> {
  const connection = await engine.store.findConnection(engine.books.connection);
  if (connection?.recovery == null) return null;
  const row = await requireRecovery(engine.store, connection.recovery);
  const looks = await engine.store.looksOf(row.id);
  return {
    id: row.id,
    since: instant(row.since),
    reason: row.reason,
    looked: looks.filter(({ looked_at }) => looked_at !== null).length,
    total: looks.length,
    trouble: row.trouble,
    needsPerson: row.needs_person === 1,
  };
}

export async function requireRecovery(store: PostingReader, id: number): Promise<RecoveryRow> {
  const row = await store.findRecovery(id);
  assert(row, `recovery ${id} of a connection exists`);
  return row;
}

/** One sentence or two for whoever asks why nothing is sent. */
export function recoveryWords({ reason, looked, total, trouble, needsPerson }: RecoveryState): string {
  const what = `This database is not the one the relay wrote last: ${reason}`;
  const done = `${looked} of ${total} invoices were looked up in the books`;
  if (looked < total || !needsPerson) {
    const why = trouble === '' ? '' : ` Just now: ${trouble}`;
    return `${what} Nothing is sent before all are: ${done}.${why}`;
  }
  return `${what} ${done}. Find out what happened, then end the recovery.`;
} // prettier-ignore

/** As it travels. */
export async function recoveryShown(
  engine: Engine,
): Promise<z.output<typeof RecoverySchema> | null> {
  const state = await recoveryOf(engine);
  if (!state) return null;
  const { since, reason, looked, total, needsPerson } = state;
  return { since, reason, looked, total, needsPerson, words: recoveryWords(state) };
}

/** Refuses what would change batches or books while the relay is still looking. */
export async function refuseInRecovery(engine: Engine): Promise<void> {
  const state = await recoveryOf(engine);
  if (state) throw new AppError('RECOVERY', recoveryWords(state));
}

/** A person ends it, looked up or not; read-before-write stays for every single invoice. */
export async function endRecovery(engine: Engine, reason: string, asker: Asker): Promise<void> {
  const state = await recoveryOf(engine);
  if (!state) return;
  const looked = `${state.looked} of ${state.total} invoices were looked up`;
  const words = `Ended by ${asker.person}: ${reason} (${looked}). Before: ${state.reason}`;
  await close(engine, state.id, { asker, words });
}

/** By itself, when everything was looked up; a person's word is waited for where the trail is broken. */
export async function finishRecovery(engine: Engine, row: RecoveryRow): Promise<boolean> {
  const looks = await engine.store.looksOf(row.id);
  if (row.needs_person === 1) {
    await engine.store.transaction(async (transaction) => {
      await holdFence(engine, transaction);
      await transaction.changeRecovery(row.id, { done_at: engine.clock.now(), trouble: '' });
    });
    return false;
  }
  const words = `${looks.length} invoices were looked up, and the books were swept. Before: ${row.reason}`;
  await close(engine, row.id, { asker: RELAY, words });
  return true;
}

async function close(
  engine: Engine,
  id: number,
  { asker, words }: { readonly asker: Asker; readonly words: string },
): Promise<void> {
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const connection = await transaction.findConnection(engine.books.connection);
    if (connection?.recovery !== id) return;
    const ended = { ended_at: engine.clock.now(), ended_by: asker.person, trouble: '' };
    await transaction.changeRecovery(id, ended);
    await transaction.changeConnection(engine.books.connection, { recovery: null });
    await audit(engine, transaction, asker, { action: 'recovery ended', words });
  });
  await engine.restored?.ended();
  engine.scheduler.wake();
}

const audit = (
  engine: Engine,
  transaction: PostingTransaction,
  { person, requestId }: Asker,
  said: { readonly action: string; readonly words: string },
): Promise<void> =>
  transaction.appendAudit({ person, requestId, object: engine.books.connection, ...said });
