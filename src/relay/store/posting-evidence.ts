/** What was seen about a posting, and what persons saw of it: append-only. */
import type { Selectable } from 'kysely';
import type { StoreTransaction } from './database.ts';
import type { Reader } from './posting.ts';
import type { EvidenceTable, SpotCheckTable, SpotVerdictTable } from './schema-posting.ts';

export type EvidenceKind =
  | 'sent'
  /** What was written down as sent just before did certainly not leave, or was turned away unread. */
  | 'not sent'
  | 'answer'
  | 'none found'
  | 'look-up failed'
  | 'found'
  /** Not there, for a person deleted it there. */
  | 'deleted'
  | 'healthy'
  | 'same company'
  | 'not healthy'
  | 'decision'
  /** When its client was closed without invoice, none of ours stood in the books. */
  | 'not standing'
  /** Seen in a recovery: kept, and never counted as one of the looks that decide. */
  | 'recovery';
export type EvidenceRow = Omit<Selectable<EvidenceTable>, 'kind'> & { readonly kind: EvidenceKind };

export async function addEvidence(
  transaction: StoreTransaction,
  evidence: Omit<EvidenceRow, 'seq'>,
): Promise<void> {
  await transaction.insertInto('posting_evidence').values(evidence).execute();
}

export async function evidenceOf(
  store: Reader,
  postings: readonly string[],
): Promise<readonly EvidenceRow[]> {
  if (postings.length === 0) return [];
  const query = store
    .selectFrom('posting_evidence')
    .selectAll()
    .where('posting', 'in', [...postings]);
  return (await query.orderBy('seq').execute()) as EvidenceRow[];
}

export async function insertSpotCheck(
  transaction: StoreTransaction,
  row: SpotCheckTable,
): Promise<void> {
  await transaction.insertInto('spot_check').values(row).execute();
}

export async function findSpotCheck(store: Reader, id: string): Promise<SpotCheckTable | null> {
  const query = store.selectFrom('spot_check').selectAll().where('id', '=', id);
  return (await query.executeTakeFirst()) ?? null;
}

export type SpotVerdictRow = Omit<Selectable<SpotVerdictTable>, 'seq'>;

export async function insertSpotVerdict(
  transaction: StoreTransaction,
  row: SpotVerdictRow,
): Promise<void> {
  await transaction.insertInto('spot_verdict').values(row).execute();
}

/** The newest verdict per drawn invoice counts. */
export async function spotVerdictsOf(
  store: Reader,
  check: string,
): Promise<ReadonlyMap<string, string>> {
  const query = store.selectFrom('spot_verdict').select(['posting', 'verdict']);
  const rows = await query.where('spot_check', '=', check).orderBy('seq').execute();
  return new Map(rows.map((row) => [row.posting, row.verdict]));
}
