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

/** The digest over everything that was approved, recomputed from what is stored now. */
export function batchSealOf(
  batch: Pick<
    BatchRow,
    'id' | 'connection' | 'snapshot_id' | 'policy_version' | 'totals' | 'invoices' | 'digest'
  >,
): {
  readonly digest: string;
  readonly holds: boolean;
  readonly invoices: readonly BatchInvoice[];
} {
  const { invoices, areSealed } = sealedInvoices(batch.invoices);
  const seal: BatchSeal = {
    batchId: batch.id,
    version: SUBMITTED_VERSION,
    ledgerConnection: batch.connection,
    snapshotIds: batch.snapshot_id === null ? [] : [batch.snapshot_id],
    policyVersion: batch.policy_version,
    totals: totalsOf(batch),
    invoices: invoices.map(({ key, digest }) => ({ postingKey: key, digest })),
  };
  const digest = batchDigest(seal, sha256);
  return { digest, holds: areSealed && digest === batch.digest, invoices };
}

interface SealedInvoices {
  readonly text: string;
  readonly invoices: readonly BatchInvoice[];
  /** Every content still has the digest that stands beside it. */
  readonly areSealed: boolean;
}
let lastSealed: SealedInvoices | null = null;

/**
 * The seal is checked before each send, and a month of invoices is hashed for it. The text that
 * is stored now is compared whole with the one hashed last: equal texts have equal digests.
 */
function sealedInvoices(text: string): SealedInvoices {
  if (lastSealed?.text === text) return lastSealed;
  const invoices = invoicesOf({ invoices: text });
  const areSealed = invoices.every((one) => invoiceDigest(one.content, sha256) === one.digest);
  lastSealed = { text, invoices, areSealed };
  return lastSealed;
}

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
