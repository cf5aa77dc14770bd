/** What the books hold for one posting at this moment: read, compared, and nothing changed anywhere. */
import type { z } from 'zod/mini';
import type { BesideSchema } from '../../contract/contract.ts';
import { AppError } from '../../core/errors.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import { compareFields } from './differences.ts';
import { contentOf, keysOf, type Engine } from './engine.ts';
import { bearsSignOf } from './marks.ts';
import { nameCustomer } from './read-back.ts';

type Beside = z.output<typeof BesideSchema>;

/** Throws SOURCE_DOWN where the books could not be searched: that is never "nothing there". */
export async function beside(
  engine: Engine,
  of: { readonly batch: string; readonly key: string },
): Promise<Beside> {
  const posting = await engine.store.findPosting(of.key);
  if (posting?.batch !== of.batch) {
    throw new AppError('NOT_FOUND', 'This approval has no such invoice.');
  }
  const documents = await documentsOf(engine, posting);
  return {
    lookedAt: engine.clock.now(),
    documents: documents.map((invoice) => ({
      invoiceId: invoice.id,
      ref: invoice.ref,
      ours: bearsSignOf([posting])(invoice),
      fields: compareFields(contentOf(posting), posting, invoice).map(nameCustomer(posting)),
    })),
  };
}

/** The one we know by its id, and whatever bears our number or our mark. */
async function documentsOf(engine: Engine, posting: PostingRow): Promise<readonly BooksInvoice[]> {
  const { company, system } = engine.books;
  const content = contentOf(posting);
  const known =
    posting.invoice_id === null ? null : await company.read(content.document, posting.invoice_id);
  const looked = await company.lookup(content, keysOf(posting));
  if (looked.verdict === 'failed' && !known) {
    const words = `${system.title} could not be searched for ${posting.ref}: ${looked.reason}`;
    throw new AppError('SOURCE_DOWN', words);
  }
  const found = looked.verdict === 'found' ? looked.invoices : [];
  return known ? [known, ...found.filter(({ id }) => id !== known.id)] : found;
}
