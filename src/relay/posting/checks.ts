/** What must still be true right before an invoice is sent (F4 to F6, I9 to I11). */
import { invoiceDigest } from '../../core/digest.ts';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import type { CustomerLink } from '../handlers.ts';
import type { BatchRow, PostingRow } from '../store/posting.ts';
import { CHANGED, sealTrouble } from './approval-seal.ts';
import { batchSealOf } from './batch-content.ts';
import { isParked } from './company.ts';
import { contentOf, heldBecause, keysOf, wordsOf, type Engine } from './engine.ts';
import { isMarkerOf, providerKey, sha256 } from './keys.ts';
import { RUNNING } from './states.ts';
import type { PostingReader } from './store-port.ts';

/**
 * Why a posting is blocked: what was approved no longer holds, or the books are in the way. The
 * last three are of a conflict: one of ours stands there, a stranger has the number, or a person
 * pointed at one that is not it.
 */
export type BlockKind = 'approval lapsed' | 'tampered' | 'books' | 'ours in books' | 'number taken';

export type Check =
  | { readonly ok: true }
  | { readonly ok: false; readonly block: BlockKind; readonly reason: string }
  /** The books did not answer: nothing is wrong with the invoice, it is tried again later. */
  | { readonly ok: false; readonly block: null; readonly reason: string };

const OK: Check = { ok: true };

/** Our own records: the content that was approved, and the mapping it was approved with. */
export async function checkApproval(
  engine: Engine,
  posting: PostingRow,
  batch: BatchRow,
): Promise<Check> {
  const sealed = await checkSeal(engine.store, posting, batch);
  return sealed.ok ? checkTerms(engine, engine.store, posting, batch) : sealed;
}

/**
 * Asked in the very transaction that writes the intent: what was changed, paused or parked while a
 * turn at the books was waited for does not leave (F5).
 */
export async function mayLeave(
  engine: Engine,
  at: PostingReader,
  posting: PostingRow,
): Promise<boolean> {
  const here = { books: engine.books, store: at };
  if (!engine.policy.postingEnabled || (await isParked(here))) return false;
  if ((await heldBecause(here)) !== null) return false;
  const batch = await at.findBatchHead(posting.batch);
  if (!batch || !RUNNING.includes(batch.state)) return false;
  return (await checkTerms(engine, at, posting, batch)).ok;
}

/** The end of the approval, and the customer, tax code and items it was given for. */
async function checkTerms(
  engine: Engine,
  at: PostingReader,
  posting: PostingRow,
  { expires_at: expiresAt }: Pick<BatchRow, 'expires_at'>,
): Promise<Check> {
  const content = contentOf(posting);
  if (expiresAt === null || engine.clock.now() >= expiresAt) {
    return lapsed(`the approval ended at ${expiresAt ?? 'an unknown time'}`);
  }
  const link = await at.customer(posting.client_id);
  return (
    checkLink(posting, content, link) ??
    (await checkTaxCode(at, posting, content)) ??
    checkItems(at, content)
  );
}

/** The live customer, read from the books at send time. */
export async function checkCustomer(engine: Engine, posting: PostingRow): Promise<Check> {
  const { currency } = contentOf(posting);
  try {
    const customer = await engine.books.company.customer(posting.customer_id);
    if (!customer) return inBooks(`the customer is no longer in the books`);
    if (!customer.active) return inBooks(`customer ${customer.name} is inactive in the books`);
    if (customer.currency !== null && customer.currency !== currency) {
      return inBooks(
        `customer ${customer.name} is billed in ${customer.currency}, not ${currency}`,
      );
    }
    if (engine.fingerprint(customer.name) !== posting.fingerprint) {
      return lapsed(`the customer is now called ${customer.name} in the books: confirm who it is`);
    }
  } catch (cause) {
    return { ok: false, block: null, reason: wordsOf(cause) };
  }
  const limit = engine.books.company.checkLimits(contentOf(posting), keysOf(posting));
  return limit === null ? OK : inBooks(limit);
}

/** The stored row against its digest, and its digest against the batch that was approved. */
export async function checkSeal(
  at: PostingReader,
  posting: PostingRow,
  batch: BatchRow,
): Promise<Check> {
  const trouble = await sealTrouble(at, batch);
  if (trouble !== null) return { ok: false, block: 'tampered', reason: trouble };
  try {
    return isSealed(posting, batch) ? OK : TAMPERED;
  } catch {
    // Cut short, or with numbers no invoice has: nobody but the relay's own writing is readable.
    return TAMPERED;
  }
}

function isSealed(posting: PostingRow, batch: BatchRow): boolean {
  const content = contentOf(posting);
  const digest = invoiceDigest(content, sha256);
  const seal = batchSealOf(batch);
  const isInBatch = seal.invoices.some(
    (invoice) => invoice.key === posting.key && invoice.digest === digest,
  );
  const isSame = isOfContent(posting, content) && hasItsKeys(posting);
  return digest === posting.digest && isInBatch && isSame && seal.holds;
}

const TAMPERED: Check = { ok: false, block: 'tampered', reason: CHANGED };

const isOfContent = (posting: PostingRow, content: InvoiceContent): boolean =>
  content.customerId === posting.customer_id &&
  content.clientId === posting.client_id &&
  content.period === posting.period &&
  content.series === posting.series &&
  content.revision === posting.revision;

/** Mark and key are made of the posting's own key, never given out. */
const hasItsKeys = ({ key, epoch, marker, provider_key: given }: PostingRow): boolean =>
  isMarkerOf(key, marker) && given === providerKey(key, epoch);

function checkLink(
  posting: PostingRow,
  content: InvoiceContent,
  link: CustomerLink | null,
): Check | null {
  if (!link) return lapsed('the client is no longer known');
  if (link.customerId !== content.customerId || link.version !== content.mappingVersion) {
    return lapsed(`the customer mapping of ${posting.client_name} was changed after the approval`);
  }
  return null;
}

async function checkTaxCode(
  at: PostingReader,
  { customer_id: customerId, client_name: clientName }: PostingRow,
  content: InvoiceContent,
): Promise<Check | null> {
  try {
    const code = await at.taxCode({ customerId, clientName });
    const isSame = content.lines.every((line) => line.taxCodeId === code?.id);
    return isSame ? null : lapsed(`the tax code of ${clientName} was changed after the approval`);
  } catch (cause) {
    if (cause instanceof AppError) return lapsed(cause.message);
    throw cause;
  }
}

async function checkItems(at: PostingReader, content: InvoiceContent): Promise<Check> {
  for (const line of content.lines) {
    const item = await itemOf(at, line.serviceId);
    if (item instanceof AppError) return lapsed(item.message);
    if (item.id !== line.itemId) {
      return lapsed(`${line.description}: its item in the books was changed after the approval`);
    }
  }
  return OK;
}

async function itemOf(at: PostingReader, serviceId: string): Promise<{ id: string } | AppError> {
  try {
    return await at.item(serviceId);
  } catch (cause) {
    if (cause instanceof AppError) return cause;
    throw cause;
  }
}

const lapsed = (reason: string): Check => ({ ok: false, block: 'approval lapsed', reason });
const inBooks = (reason: string): Check => ({ ok: false, block: 'books', reason });
