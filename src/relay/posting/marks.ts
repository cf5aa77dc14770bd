/** Whose a mark in the books is: ours, another relay's, or of a copy of this one (F34). */
import type { BooksInvoice } from '../accounting/accounting.ts';
import type { PostingRow } from '../store/posting.ts';
import { keysOf, type Engine } from './engine.ts';

/** Tells invoices of these postings: by our mark, or by our key where the books keep one. */
export function bearsSignOf(
  postings: readonly PostingRow[],
): (invoice: Pick<BooksInvoice, 'marker' | 'key'>) => boolean {
  const marks = new Set(postings.map(({ marker }) => marker));
  const keys = new Set(
    postings.map(keysOf).flatMap(({ postingKey, providerKey, earlierProviderKeys = [] }) => {
      return [postingKey, providerKey, ...earlierProviderKeys];
    }),
  );
  return ({ marker, key = null }) =>
    (marker !== null && marks.has(marker)) || (key !== null && keys.has(key));
}

/** The installation that a mark names; null for marks of before, which name none. */
export const instanceOfMark = (marker: string): string | null =>
  /^\[rly:([a-z2-7]{4})-[0-9a-f]{12}\]$/.exec(marker)?.[1] ?? null;

/** What is kept when a person knows one mark of another relay: from then on all of that relay. */
export function toKnow({ instance }: Engine, marker: string): string {
  const other = instanceOfMark(marker);
  return other === null || other === instance ? marker : everyMarkOf(other);
}

const everyMarkOf = (instance: string): string => `[rly:${instance}-*]`;

/** Of these marks, the ones of our own postings, and those that a person knows of. */
export async function knownMarks(
  engine: Engine,
  markers: readonly string[],
): Promise<ReadonlySet<string>> {
  const others = new Map(markers.map((marker) => [marker, toKnow(engine, marker)]));
  const asked = new Set([...markers, ...others.values()]);
  const known = await engine.store.knownMarks(engine.books.connection, [...asked]);
  const isKnown = (marker: string): boolean =>
    known.has(marker) || known.has(others.get(marker) ?? marker);
  return new Set(markers.filter(isKnown));
}

/** Documents with a mark that stops posting: neither known nor found in a recovery. */
export async function foreignOf<Marked extends Pick<BooksInvoice, 'marker'>>(
  engine: Engine,
  listed: readonly Marked[],
): Promise<readonly (Marked & { readonly marker: string })[]> {
  const marked = listed.flatMap((one) => (one.marker === null ? [] : [{ ...one, marker: one.marker }]));
  const markers = [...new Set(marked.map(({ marker }) => marker))];
  const known = await knownMarks(engine, markers);
  const forgotten = await engine.store.forgottenOf(engine.books.connection, markers);
  const ours = new Set(forgotten.map(({ marker }) => marker).filter((one) => isOwn(engine, one)));
  return marked.filter(({ marker }) => !known.has(marker) && !ours.has(marker));
} // prettier-ignore

/** "bears the mark [rly:k7f3-…] of another relay …", to follow the name of the document. */
export function markWords(engine: Engine, marker: string): string {
  const other = instanceOfMark(marker);
  if (isOwn(engine, marker)) {
    return `bears the mark ${marker} of this relay, whose database does not know it: a copy of it has posted, or a backup was put back`;
  }
  if (other === null) {
    return `bears the mark ${marker} of another relay, or of a forgotten copy of this one`;
  }
  return `bears the mark ${marker} of another relay (${other}; this one is ${engine.instance}), which posts into the same books`;
}

/** Names another installation; a mark of before names none and may be ours. */
export const isOfAnother = ({ instance }: Engine, marker: string): boolean =>
  (instanceOfMark(marker) ?? instance) !== instance;

const isOwn = ({ instance }: Engine, marker: string): boolean =>
  instanceOfMark(marker) === instance;
