/**
 * Documents of ours for a client and month that stand in the books: with one there, a new revision
 * would be a second invoice, and a month without invoice would be none.
 */
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import { contentOf, wordsOf, type Engine } from './engine.ts';
import { lookAmongListed } from './look.ts';

/** Null when none stands there; "failed" counts as no answer, never as none. */
export type Standing =
  { readonly document: string } | { readonly ref: string; readonly failed: string } | null;

/** Of the revisions before this one. */
export async function lookForEarlier(engine: Engine, posting: PostingRow): Promise<Standing> {
  const revisions = await engine.store.revisionsOf(posting);
  return lookForStanding(
    engine,
    revisions.filter(({ revision }) => revision < posting.revision),
  );
}

/** Also of those that we never sent: an older copy of the database may have forgotten a send (F12). */
export async function lookForStanding(
  engine: Engine,
  postings: readonly PostingRow[],
): Promise<Standing> {
  for (const posting of postings) {
    const found = await findStanding(engine, posting);
    if (found) return found;
  }
  return null;
}

async function findStanding(engine: Engine, posting: PostingRow): Promise<Standing> {
  const sight = await lookAmongListed(engine, posting);
  switch (sight.seen) {
    case 'failed':
      return { ref: posting.ref, failed: sight.reason };
    case 'several':
      return { document: sight.invoices.map(nameOf).join(' and ') };
    case 'ours':
      if (!sight.invoice.voided) return { document: nameOf(sight.invoice) };
      return findByItsId(engine, posting);
    case 'stranger':
      // Our mark stands in a memo, which a person can edit.
      if (sight.alike && !sight.invoice.voided) return { document: nameOf(sight.invoice) };
      return findByItsId(engine, posting);
    case 'none':
      return findByItsId(engine, posting);
  }
}

/** A person may have taken our mark out of it, or moved it far: its own id still says whose it is. */
async function findByItsId(engine: Engine, posting: PostingRow): Promise<Standing> {
  const { invoice_id: id, ref } = posting;
  if (id === null) return null;
  try {
    const invoice = await engine.books.company.read(contentOf(posting).document, id);
    return invoice === null || invoice.voided ? null : { document: nameOf(invoice) };
  } catch (cause) {
    return { ref, failed: wordsOf(cause) };
  }
}

/** By the number that the books show: a restored database may have given ours to another. */
export const nameOf = ({ document, ref, id }: BooksInvoice): string =>
  ref === null ? `${document} ${id}` : `${document} ${ref} (${id})`;
