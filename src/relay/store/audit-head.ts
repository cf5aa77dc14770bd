/**
 * The newest entry of the trail that this process wrote, kept in memory: entries that are cut off
 * the end of a running relay leave a chain that is whole, and only whoever wrote them knows.
 */
import { AppError } from '../../core/errors.ts';
import { openedOf, type Store, type StoreTransaction } from './database.ts';

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

const written = new WeakMap<Store, AuditHead>();
const pending = new WeakMap<StoreTransaction, AuditHead>();

export const writtenHead = (store: Store): AuditHead | null => written.get(store) ?? null;

/** What a start has verified is what the first entry has to follow. */
export function knowHead(store: Store, head: AuditHead): void {
  if (head.seq > 0 && !written.has(store)) written.set(store, head);
}

/** In words, that an entry is no longer what it was; null while it is. */
export async function headTrouble(
  at: Store | StoreTransaction,
  head: AuditHead | null,
): Promise<string | null> {
  if (!head || head.seq === 0) return null;
  const query = at.selectFrom('audit').select('hash').where('seq', '=', head.seq);
  const row = await query.executeTakeFirst();
  if (row?.hash === head.hash) return null;
  const what = row ? 'was written anew' : 'is missing';
  return `Entry ${String(head.seq)} of the audit trail ${what}: the database was changed behind the relay.`;
}

/** Nothing is added to a trail that was cut: it would cover the cut. */
export async function refuseCut(transaction: StoreTransaction): Promise<void> {
  const known = pending.get(transaction) ?? writtenHead(openedOf(transaction).store);
  const trouble = await headTrouble(transaction, known);
  if (trouble === null) return;
  const remedy = 'Keep a copy of the data folder, then start the relay again.';
  throw new AppError('RECOVERY', `${trouble} Nothing is written or sent any more.`, { remedy });
}

export function keepHead(transaction: StoreTransaction, head: AuditHead): void {
  const { store, after } = openedOf(transaction);
  if (!pending.has(transaction)) {
    after.push(() => written.set(store, pending.get(transaction) ?? head));
  }
  pending.set(transaction, head);
}
