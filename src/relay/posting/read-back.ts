/**
 * A posted invoice held against what the books hold now. What is wrong becomes its state, and what
 * a person has mended there is POSTED again; nothing here writes to the books or sends.
 */
import type { PostingState } from '../../contract/contract.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import { checkCompany } from './company.ts';
import { compareFields, differenceWords, isEqual, type ComparedField } from './differences.ts';
import { contentOf, move, note, type Engine } from './engine.ts';
import { bearsSignOf } from './marks.ts';
import type { Asker } from './ports.ts';

export interface Trouble {
  readonly kind: 'missing' | 'voided' | 'mismatch' | 'duplicate';
  readonly words: string;
}

export interface ReadBack {
  readonly posting: PostingRow;
  /** Empty where the books hold nothing under its id. */
  readonly fields: readonly ComparedField[];
  readonly own: BooksInvoice | null;
  /** Which ones stand in the books, by whatever tells that they are ours. */
  readonly standing: readonly string[];
  /** Null: one is there, equal and not voided. */
  readonly trouble: Trouble | null;
}

const STATES: Readonly<Record<Trouble['kind'], PostingState>> = {
  missing: 'MISSING_IN_LEDGER',
  voided: 'VOIDED',
  mismatch: 'MISMATCH',
  duplicate: 'DUPLICATE_IN_LEDGER',
};

/** Posted, or with a trouble that a person may have mended in the books. */
export const READ_BACK: readonly PostingState[] = ['POSTED', ...Object.values(STATES)];

export async function readBack(
  engine: Engine,
  posting: PostingRow,
  listed: readonly BooksInvoice[],
): Promise<ReadBack> {
  const bearsOurs = bearsSignOf([posting]);
  const ours = listed.filter((one) => !one.voided && isOurs(posting, one, bearsOurs(one)));
  const known = await readOwn(engine, posting, listed);
  const own = heirOf(posting, known, ours) ?? known;
  const fields = own ? compareOwn(posting, own) : [];
  const others = ours.filter(({ id }) => id !== own?.id).map(({ id }) => id);
  const standing = [...(own && !own.voided ? [own.id] : []), ...others];
  const trouble = troubleOf(posting, { own, fields, standing });
  // A list without the one we know is there shows nothing of a second one either.
  const isListed = listed.some(({ id }) => id === own?.id);
  if (trouble === null && posting.state === 'DUPLICATE_IN_LEDGER' && !isListed) {
    return {
      posting,
      own,
      fields,
      standing,
      trouble: { kind: 'duplicate', words: posting.reason },
    };
  }
  return { posting, own, fields, standing, trouble };
}

/** Of two, a person voided the one we knew: the other, equal to the line, is the invoice now. */
function heirOf(
  posting: PostingRow,
  known: BooksInvoice | null,
  ours: readonly BooksInvoice[],
): BooksInvoice | null {
  const [other, ...more] = ours;
  if (posting.state !== 'DUPLICATE_IN_LEDGER' || (known && !known.voided)) return null;
  return other && more.length === 0 && isEqual(compareOwn(posting, other)) ? other : null;
}

function troubleOf(
  posting: PostingRow,
  { own, fields, standing }: Pick<ReadBack, 'own' | 'fields' | 'standing'>,
): Trouble | null {
  const { ref } = posting;
  const ids = standing.join(', ');
  if (standing.length > 1) {
    return { kind: 'duplicate', words: `the books hold it ${standing.length} times: ${ids}` };
  }
  const elsewhere = ids === '' ? '' : `; they hold it as ${ids}`;
  if (!own) return { kind: 'missing', words: `${ref} is gone from the books${elsewhere}` };
  if (own.voided) return { kind: 'voided', words: `${ref} was voided in the books${elsewhere}` };
  if (isEqual(fields)) return null;
  return { kind: 'mismatch', words: differenceWords(fields.map(nameCustomer(posting))) };
}

/** Stores what is news, after the books have said once more who they are (F29). */
export async function record(
  engine: Engine,
  read: readonly ReadBack[],
  asker: Asker,
): Promise<void> {
  const news = read.filter(
    ({ posting, trouble }) =>
      stateOf(trouble) !== posting.state || (trouble && trouble.words !== posting.reason),
  );
  if (news.length > 0) await checkCompany(engine, asker);
  for (const one of news) await keep(engine, one, asker);
}

const stateOf = (trouble: Trouble | null): PostingState =>
  trouble ? STATES[trouble.kind] : 'POSTED';

async function keep(
  engine: Engine,
  { posting, own, trouble }: ReadBack,
  asker: Asker,
): Promise<void> {
  const isOther = own !== null && own.id !== posting.invoice_id;
  const good = `it is in the books as approved${isOther ? `, as ${own.id}` : ''}`;
  const evidence = [{ kind: 'found', words: `Read back: ${trouble?.words ?? good}` }] as const;
  const reason = trouble?.words ?? '';
  const change = isOther ? { invoice_id: own.id } : {};
  const to = stateOf(trouble);
  if (to === posting.state) await note(engine, posting, { reason }, evidence);
  else await move(engine, posting, to, { asker, reason, change, evidence });
}

/**
 * By our mark or key, by the id we know, or by our number with the very content: a mark can be
 * edited.
 */
export function isOurs(posting: PostingRow, invoice: BooksInvoice, bearsOurs: boolean): boolean {
  const content = contentOf(posting);
  if (invoice.document !== content.document) return false;
  if (bearsOurs || invoice.id === posting.invoice_id) return true;
  return (
    invoice.marker === null &&
    invoice.ref === posting.ref &&
    isEqual(compareFields(content, posting, invoice))
  );
}

/** Listed and equal is enough; of anything else its own address says whether it is so. */
async function readOwn(
  engine: Engine,
  posting: PostingRow,
  listed: readonly BooksInvoice[],
): Promise<BooksInvoice | null> {
  const { document } = contentOf(posting);
  const seen = listed.find((one) => one.id === posting.invoice_id && one.document === document);
  if (seen && isEqual(compareOwn(posting, seen))) return seen;
  return posting.invoice_id === null
    ? null
    : engine.books.company.read(document, posting.invoice_id);
}

/** A document that a person pointed at keeps the number it was typed with. */
function compareOwn(posting: PostingRow, own: BooksInvoice): readonly ComparedField[] {
  const isPointedAt = own.marker === null && own.ref !== posting.ref;
  return compareFields(contentOf(posting), isPointedAt ? null : posting, own);
}

/** Compared by id, shown by name: nobody knows a customer by its id. */
export const nameCustomer =
  ({ customer_id: id, client_name: name }: PostingRow) =>
  (field: ComparedField): ComparedField => {
    if (field.name !== 'Customer') return field;
    const shown = (value: string): string => (value === id ? name : value);
    return { ...field, approved: shown(field.approved), books: shown(field.books) };
  };
