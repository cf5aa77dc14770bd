/** What a batch was sealed from: its invoices with key and digest, as stored with the draft. */
import type { Draft } from '../../contract/contract.ts';
import { batchDigest, invoiceDigest, type BatchSeal } from '../../core/digest.ts';
import type { InvoiceContent } from '../../core/model.ts';
import type { Money } from '../../core/money.ts';
import { addMoney, negateAmount } from '../../core/money.ts';
import type { BatchRow } from '../store/posting.ts';
import { sha256 } from './keys.ts';

/** One invoice of a batch before and after its approval. */
export interface BatchInvoice {
  readonly key: string;
  readonly digest: string;
  readonly clientName: string;
  readonly fingerprint: string;
  readonly content: InvoiceContent;
}

/** The version of a batch when it was submitted: the one its digest covers. */
export const SUBMITTED_VERSION = 1;

export const invoicesOf = (batch: Pick<BatchRow, 'invoices'>): readonly BatchInvoice[] =>
  JSON.parse(batch.invoices) as readonly BatchInvoice[];

export const draftOf = (batch: Pick<BatchRow, 'draft'>): Draft => JSON.parse(batch.draft) as Draft;

export const totalsOf = (batch: Pick<BatchRow, 'totals'>): Money[] =>
  JSON.parse(batch.totals) as Money[];

type SealedRow = Pick<
  BatchRow,
  'id' | 'connection' | 'snapshot_id' | 'policy_version' | 'totals' | 'invoices' | 'digest'
>;

interface CheckedSeal {
  readonly row: SealedRow;
  readonly digest: string;
  /** Everything that was approved still has the digest that was. */
  readonly holds: boolean;
  readonly invoices: readonly BatchInvoice[];
}
let last: CheckedSeal | null = null;

/**
 * The digest over everything that was approved, recomputed from what is stored now. It is asked
 * before each send, and a month is hashed for it: what is stored is compared whole with what was
 * hashed last, and equal texts have equal digests.
 */
export function batchSealOf(row: SealedRow): CheckedSeal {
  if (last && isSame(last.row, row)) return last;
  const invoices = invoicesOf(row);
  const areSealed = invoices.every((one) => invoiceDigest(one.content, sha256) === one.digest);
  const seal: BatchSeal = {
    batchId: row.id,
    version: SUBMITTED_VERSION,
    ledgerConnection: row.connection,
    snapshotIds: row.snapshot_id === null ? [] : [row.snapshot_id],
    policyVersion: row.policy_version,
    totals: totalsOf(row),
    invoices: invoices.map(({ key, digest }) => ({ postingKey: key, digest })),
  };
  const digest = batchDigest(seal, sha256);
  last = { row, digest, holds: areSealed && digest === row.digest, invoices };
  return last;
}

const isSame = (one: SealedRow, other: SealedRow): boolean =>
  one.id === other.id &&
  one.connection === other.connection &&
  one.snapshot_id === other.snapshot_id &&
  one.policy_version === other.policy_version &&
  one.totals === other.totals &&
  one.invoices === other.invoices &&
  one.digest === other.digest;

/** One sum per currency; a credit memo counts against the invoices. */
export function totalsOfContents(contents: readonly InvoiceContent[]): readonly Money[] {
  const totals = new Map<string, Money>();
  for (const content of contents) {
    const money = moneyOf(content);
    const sum = totals.get(content.currency);
    totals.set(content.currency, sum ? addMoney(sum, money) : money);
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** What the document is worth to us: negative for a credit memo. */
export const moneyOf = (
  content: Pick<InvoiceContent, 'document' | 'total' | 'currency'>,
): Money => ({
  amount: content.document === 'credit memo' ? negateAmount(content.total) : content.total,
  currency: content.currency,
});
