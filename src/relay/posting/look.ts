/** One look into the books for one posting: ours, a stranger's, several, none, gone, or no answer. */
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import type { BlockKind } from './checks.ts';
import { compareFields, isEqual } from './differences.ts';
import { contentOf, keysOf, wordsOf, type Engine } from './engine.ts';
import { bearsSignOf } from './marks.ts';

export type Sight =
  | { readonly seen: 'ours'; readonly invoice: BooksInvoice }
  | { readonly seen: 'several'; readonly invoices: readonly BooksInvoice[]; readonly words: string }
  /** The number is taken by an invoice without our mark; `alike` when its content is ours. */
  | {
      readonly seen: 'stranger';
      readonly alike: boolean;
      readonly invoice: BooksInvoice;
      readonly words: string;
    }
  | { readonly seen: 'none' }
  /** Not there, and the books list that it was deleted: never sent again by itself (F24). */
  | { readonly seen: 'deleted'; readonly words: string }
  | { readonly seen: 'failed'; readonly reason: string };

/** Why an invoice is in CONFLICT, for what a person does about it. */
export const causeOf = ({ seen }: Sight): BlockKind =>
  seen === 'stranger' ? 'number taken' : 'ours in books';

export async function look(engine: Engine, posting: PostingRow): Promise<Sight> {
  const sight = await lookAmongListed(engine, posting);
  const isThere = sight.seen !== 'none' && (sight.seen !== 'stranger' || sight.alike);
  return isThere ? sight : ((await lookAmongDeleted(engine, posting)) ?? sight);
}

/** As look, without asking what was deleted. */
export async function lookAmongListed(
  engine: Engine,
  posting: PostingRow,
): Promise<Exclude<Sight, { seen: 'deleted' }>> {
  const found = await lookup(engine, posting);
  if (found.verdict === 'failed') return { seen: 'failed', reason: found.reason };
  if (found.verdict === 'none') return { seen: 'none' };
  return judge(posting, found.invoices);
}

/** Null: it was not deleted, or cannot have been there; what was never sent costs no question. */
async function lookAmongDeleted(engine: Engine, posting: PostingRow): Promise<Sight | null> {
  const { company, system, connection } = engine.books;
  if (!company.findDeleted) return null;
  // An older copy of the database may have forgotten a send (F12).
  const inRecovery = (await engine.store.findConnection(connection))?.recovery != null;
  if (posting.sent_at === null && !inRecovery) return null;
  const { document } = contentOf(posting);
  try {
    const deleted = await company.findDeleted(document, posting.ref);
    if (!deleted) return null;
    const day = deleted.deletedAt.slice(0, 10);
    const words = `${document} ${deleted.id} with the number ${posting.ref} was deleted in ${system.title} on ${day}`;
    return { seen: 'deleted', words };
  } catch (cause) {
    return { seen: 'failed', reason: wordsOf(cause) };
  }
}

async function lookup(engine: Engine, posting: PostingRow) {
  try {
    return await engine.books.company.lookup(contentOf(posting), keysOf(posting));
  } catch (cause) {
    return { verdict: 'failed', reason: wordsOf(cause) } as const;
  }
}

function judge(
  posting: PostingRow,
  invoices: readonly BooksInvoice[],
): Exclude<Sight, { seen: 'deleted' }> {
  const ours = invoices.filter(bearsSignOf([posting]));
  // A copy that was voided is no second invoice any more; all of them voided, none stands.
  const standing = ours.filter(({ voided }) => !voided);
  if (standing.length > 1) {
    const ids = standing.map((invoice) => invoice.id).join(', ');
    const words = `The books hold ${standing.length} invoices of ours: ${ids}`;
    return { seen: 'several', invoices: standing, words };
  }
  const one = standing[0] ?? ours[0];
  if (one) return { seen: 'ours', invoice: one };
  const stranger = invoices.find((invoice) => invoice.ref === posting.ref);
  return stranger ? strangerOf(posting, stranger) : { seen: 'none' };
}

/** Our mark stands in a memo, which a person can edit: equal content may be ours all the same. */
function strangerOf(
  posting: PostingRow,
  invoice: BooksInvoice,
): Extract<Sight, { seen: 'stranger' }> {
  const alike = isEqual(compareFields(contentOf(posting), posting, invoice));
  const what = `Number ${posting.ref} is taken in the books by invoice ${invoice.id} without our mark`;
  const words = alike ? `${what}, and its content is the same` : what;
  return { seen: 'stranger', alike, invoice, words };
}
