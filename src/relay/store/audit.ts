/**
 * The audit trail: a chain of SHA-256 hashes over canonical JSON. An entry is written in the
 * transaction of what it reports, so neither exists without the other. A bare chain can be
 * rewritten whole by whoever owns the file: audit-anchor.ts keeps its head outside.
 */
import { createHash } from 'node:crypto';
import type { BillingPeriod } from '../../core/billing-period.ts';
import { canonicalJson } from '../canonical.ts';
import type { Clock } from '../clock.ts';
import { keepHead, refuseCut, type AuditHead } from './audit-head.ts';
import type { Store, StoreTransaction } from './database.ts';
import type { AuditTable } from './schema-audit.ts';

export interface AuditEntry {
  readonly person: string;
  /** A verb and its object: "approved batch", "confirmed mapping". */
  readonly action: string;
  /** The id of what it happened to. */
  readonly object: string;
  /** One sentence for people. */
  readonly words: string;
  readonly period?: BillingPeriod;
  readonly digests?: Readonly<Record<string, string>>;
  readonly requestId?: string;
}

export interface AuditVerdict {
  readonly verified: boolean;
  /** Why not, naming the first entry that does not fit. */
  readonly reason: string | null;
}

const GENESIS = '0'.repeat(64);
const PAGE = 1000;

export async function appendAudit(
  transaction: StoreTransaction,
  clock: Clock,
  entry: AuditEntry,
): Promise<void> {
  await refuseCut(transaction);
  const head = await auditHead(transaction);
  const row = {
    seq: (head?.seq ?? 0) + 1,
    ts: clock.now(),
    person: entry.person,
    action: entry.action,
    object: entry.object,
    words: entry.words,
    period: entry.period ?? null,
    digests: JSON.stringify(entry.digests ?? {}),
    request_id: entry.requestId ?? '',
    prev: head?.hash ?? GENESIS,
  };
  const hash = hashOf(row);
  await transaction
    .insertInto('audit')
    .values({ ...row, hash })
    .execute();
  keepHead(transaction, { seq: row.seq, hash });
}

export async function auditHead(store: Store | StoreTransaction): Promise<AuditHead | null> {
  const head = await store
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return head ?? null;
}

/** The first entry of this action on this object, if it still is as it was written. */
export async function firstEntry(
  store: Store | StoreTransaction,
  { action, object }: Pick<AuditTable, 'action' | 'object'>,
): Promise<AuditTable | null> {
  const query = store.selectFrom('audit').selectAll().where('object', '=', object);
  const row = await query.where('action', '=', action).orderBy('seq').limit(1).executeTakeFirst();
  return row && row.hash === hashOf(row) ? row : null;
}

/** Recomputes the whole chain from its first entry; `anchor` is the head kept outside. */
export async function verifyAudit(store: Store, anchor: AuditHead | null): Promise<AuditVerdict> {
  return verifyChain(auditEntries(store), anchor);
}

/** As verifyAudit, for entries in their order wherever they are kept. */
export async function verifyChain(
  entries: AsyncIterable<AuditTable> | Iterable<AuditTable>,
  anchor: AuditHead | null,
): Promise<AuditVerdict> {
  let previous: AuditHead = { seq: 0, hash: GENESIS };
  for await (const row of entries) {
    const trouble = troubleOf(row, previous, anchor);
    if (trouble) return { verified: false, reason: trouble };
    previous = row;
  }
  if (anchor && anchor.seq > previous.seq) {
    const reason = `Entries ${String(previous.seq + 1)} to ${String(anchor.seq)} are missing.`;
    return { verified: false, reason };
  }
  return { verified: true, reason: null };
}

/** Every entry, oldest first, a page at a time. */
export async function* auditEntries(store: Store): AsyncGenerator<AuditTable> {
  for (let seq = 0; ;) {
    const rows = await entriesAfter(store, seq);
    yield* rows;
    if (rows.length < PAGE) return;
    seq = rows.at(-1)?.seq ?? seq;
  }
}

const entriesAfter = (store: Store, seq: number): Promise<AuditTable[]> =>
  store.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(PAGE).execute();

function troubleOf(row: AuditTable, previous: AuditHead, anchor: AuditHead | null): string | null {
  const name = `Entry ${String(row.seq)}`;
  if (row.seq !== previous.seq + 1) return `Entry ${String(previous.seq + 1)} is missing.`;
  if (row.prev !== previous.hash) return `${name} does not follow the entry before it.`;
  if (row.hash !== hashOf(row)) return `${name} was changed after it was written.`;
  if (row.seq === anchor?.seq && row.hash !== anchor.hash) return `${name} was written anew.`;
  return null;
}

function hashOf(row: Omit<AuditTable, 'hash'>): string {
  const { seq, ts, person, action, object, words, period, digests, prev } = row;
  const sealed = {
    seq,
    ts,
    person,
    action,
    object,
    words,
    period,
    digests,
    requestId: row.request_id,
    prev,
  };
  return createHash('sha256').update(canonicalJson(sealed)).digest('hex');
}
