/** What the books hold already for a month: shown before posting, and in the way until it was seen. */
import type { PostingState } from '../../contract/contract.ts';
import { firstDay, lastDay, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { compareDecimals } from '../../core/money.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import { contentOf, type Engine } from './engine.ts';
import { refParts } from './keys.ts';
import { bearsSignOf, foreignOf, isOfAnother, markWords } from './marks.ts';

export interface InBooks {
  readonly clientId: string;
  readonly clientName: string;
  readonly invoice: BooksInvoice;
  readonly ours: boolean;
  /** Keys of what waits to be sent and may be this very document. */
  readonly alikeTo: readonly string[];
}

/** What a person wants to send now. */
export interface ToSend {
  readonly period: BillingPeriod;
  readonly postings: readonly PostingRow[];
}

const ALIKE = {
  remedy:
    'Is one the same, withdraw the batch and leave that client out; else say that you saw it.',
};
const FOREIGN = {
  remedy: 'Find out who posts there, and say with a reason that you know the mark.',
};

/** Sent by Post, or by a retry, or again. */
const MAY_BE_SENT: readonly PostingState[] = ['READY', 'REJECTED', 'BLOCKED', 'NEEDS_PERSON'];

/** Documents of our clients dated in the month; voided ones are worth nothing and left out. */
export async function inBooks(engine: Engine, period: BillingPeriod): Promise<readonly InBooks[]> {
  const listed = await listMonth(engine, period);
  const { connection } = engine.books;
  const own = await engine.store.postingsOfPeriod(connection, period);
  const ids = new Set(own.map(({ invoice_id: id }) => id));
  const isSame = await alikeAmong(engine, own, listed);
  const bearsOurs = bearsSignOf(own);
  const waiting = own.filter(({ state }) => MAY_BE_SENT.includes(state));
  const clients = await clientsByCustomer(engine);
  return listed.flatMap((invoice) => {
    if (invoice.voided) return [];
    const alike = waiting.filter((posting) => isSame(posting, invoice));
    const client = clients.get(invoice.customerId) ?? alike.map(clientOf)[0];
    if (!client) return [];
    const ours = ids.has(invoice.id) || bearsOurs(invoice);
    return [{ ...client, invoice, ours, alikeTo: alike.map(({ key }) => key) }];
  });
}

/** Whoever is no client any more is named as in the approval. */
const clientOf = ({ client_id: clientId, client_name: clientName }: PostingRow) => ({
  clientId,
  clientName,
});

/**
 * Before the first send of these postings of a month: an invoice that somebody typed by hand (F22)
 * and marks of another relay (F34). Throws LEDGER_CONFLICT naming each; `seen` are the ids a person
 * has looked at and takes for something else.
 */
export async function refuseAlike(
  engine: Engine,
  { period, postings }: ToSend,
  seen: readonly string[],
): Promise<void> {
  const listed = (await listMonth(engine, period)).filter(({ voided }) => !voided);
  await refuseForeign(engine, listed);
  const month = await engine.store.postingsOfPeriod(engine.books.connection, period);
  const isSame = await alikeAmong(engine, month, listed);
  const alike = postings.flatMap((posting) =>
    listed
      .filter((one) => isSame(posting, one))
      .map((invoice) => ({ posting, invoice })),
  );
  const open = alike.filter(({ invoice }) => !seen.includes(invoice.id));
  if (open.length === 0) return;
  const named = open.slice(0, 5).map(({ posting, invoice }) => {
    const number = invoice.ref === null ? '' : ` (number ${invoice.ref})`;
    return `${posting.client_name}: ${invoice.document} ${invoice.id}${number} of ${invoice.date} over ${invoice.subtotal} ${contentOf(posting).currency}`;
  });
  const more = open.length > named.length ? `; and ${open.length - named.length} more` : '';
  const words = `The books hold what may be the same already: ${named.join('; ')}${more}`;
  throw new AppError('LEDGER_CONFLICT', `${words}. Look at each, then post and say that you have seen it.`, ALIKE);
} // prettier-ignore

/**
 * A document of ours for the posting's customer and month that no posting knows: another revision,
 * sent before an older copy of the database was put back (F12). Null when there is none; throws
 * where the books cannot be listed.
 */
export async function findForgotten(
  engine: Engine,
  posting: Pick<PostingRow, 'period' | 'customer_id' | 'marker'>,
): Promise<BooksInvoice | null> {
  const rows = await engine.store.allForgotten(engine.books.connection);
  if (!rows.some(({ ref }) => mayBeOf(posting.period, ref))) return null;
  const marks = new Set(rows.map(({ marker }) => marker));
  const listed = await listMonth(engine, posting.period as BillingPeriod);
  const found = listed.find(
    ({ marker, customerId, voided }) =>
      !voided &&
      customerId === posting.customer_id &&
      marker !== null &&
      marker !== posting.marker &&
      marks.has(marker) &&
      // Of another relay's mark a person says whose it is (F34).
      !isOfAnother(engine, marker),
  );
  return found ?? null;
}

/** A number that a person has changed in the books tells no month. */
const mayBeOf = (period: string, ref: string): boolean =>
  (refParts(ref)?.period ?? period) === period;

/** Whether a document that is none of these postings may be the very one a posting would make. */
async function alikeAmong(
  { store, books }: Engine,
  month: readonly PostingRow[],
  listed: readonly BooksInvoice[],
): Promise<(posting: PostingRow, invoice: BooksInvoice) => boolean> {
  const isOwn = bearsSignOf(month);
  const markers = [...new Set(listed.flatMap(({ marker }) => marker ?? []))];
  // Of documents of this relay that its database forgot: it may be another revision of the month.
  const rows = await store.forgottenOf(books.connection, markers);
  const forgotten = new Set(rows.map(({ marker }) => marker));
  return (posting, invoice) => !isOwn(invoice) && isAlike(posting, invoice, forgotten);
}

/**
 * The same customer and total in the same month, on no invoice of ours: typed, or another relay's. A
 * forgotten one of ours is the same whatever it comes to.
 */
function isAlike(
  posting: PostingRow,
  invoice: BooksInvoice,
  forgotten: ReadonlySet<string>,
): boolean {
  const content = contentOf(posting);
  const { marker, customerId, document, subtotal } = invoice;
  if (customerId !== content.customerId) return false;
  if (marker !== null && forgotten.has(marker)) return true;
  return document === content.document && compareDecimals(subtotal, content.total) === 0;
}

/** Marks in the books of a month that are neither ours nor known to a person, each once (F34). */
export async function foreignMarks(
  engine: Engine,
  period: BillingPeriod,
): Promise<readonly { readonly marker: string; readonly words: string }[]> {
  const listed = await listMonth(engine, period);
  const foreign = await foreignOf(engine, listed.filter(({ voided }) => !voided)); // prettier-ignore
  return [...Map.groupBy(foreign, ({ marker }) => marker)].map(([marker, [first, ...more]]) => ({
    marker,
    words: first ? foreignWords(first, more.length) : '',
  }));
}

const foreignWords = (invoice: BooksInvoice, more: number): string => {
  const number = invoice.ref === null ? '' : ` (number ${invoice.ref})`;
  const others = more === 0 ? '' : `, and ${more} more`;
  const over = [invoice.subtotal, invoice.currency].filter(Boolean).join(' ');
  return `${invoice.document} ${invoice.id}${number} of ${invoice.date} over ${over}${others}`;
};

/** Marks of another relay, or of a copy of this one, stop every send until a person knows them. */
export const refuseForeignIn = async (engine: Engine, period: string): Promise<void> =>
  refuseForeign(engine, await listMonth(engine, period as BillingPeriod));

async function refuseForeign(engine: Engine, listed: readonly BooksInvoice[]): Promise<void> {
  const [foreign] = await foreignOf(engine, listed.filter(({ voided }) => !voided)); // prettier-ignore
  if (!foreign) return;
  const words = `${engine.books.system.title}: invoice ${foreign.id} ${markWords(engine, foreign.marker)}`;
  const why = `${words}. Nothing was sent: find out whose it is first.`;
  throw new AppError('LEDGER_CONFLICT', why, FOREIGN);
}

const listMonth = (engine: Engine, period: BillingPeriod): Promise<readonly BooksInvoice[]> =>
  engine.books.company.list({ from: firstDay(period), to: lastDay(period) });

async function clientsByCustomer(
  engine: Engine,
): Promise<ReadonlyMap<string, Pick<InBooks, 'clientId' | 'clientName'>>> {
  const clients = new Map<string, Pick<InBooks, 'clientId' | 'clientName'>>();
  for (const id of await engine.store.clientIds()) {
    const link = await engine.store.customer(id);
    if (link) clients.set(link.customerId, { clientId: id, clientName: link.clientName });
  }
  return clients;
}
