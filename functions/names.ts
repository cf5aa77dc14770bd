/** Which client or service a spelling means: code, then name, then confirmed alias (rulings 1). */
import { AppError } from '../src/core/errors.ts';
import type { Client, Service, Snapshot } from '../src/core/model.ts';
import { sentence, short } from './words.ts';

interface Named {
  readonly id: string;
  readonly code: string | null;
  readonly name: string;
  readonly aliases: readonly string[];
}

type Book = readonly ReadonlyMap<string, readonly Named[]>[];

/** Less alike than this and a guess would mislead. */
const ALIKE_MIN = 0.6;

const books = new WeakMap<Snapshot, { readonly clients: Book; readonly services: Book }>();

export function findClient(snapshot: Snapshot, spelling: string): Client {
  const id = findId(bookOf(snapshot).clients, snapshot.clients, spelling, 'client');
  const client = snapshot.clients.find((entry) => entry.id === id);
  if (!client) throw unknown('client', spelling, snapshot.clients);
  return client;
}

export function findService(snapshot: Snapshot, spelling: string): Service {
  const entries = snapshot.services.map((service) => ({ ...service, code: service.id }));
  const id = findId(bookOf(snapshot).services, entries, spelling, 'service');
  const service = snapshot.services.find((entry) => entry.id === id);
  if (!service) throw unknown('service', spelling, entries);
  return service;
}

function findId(book: Book, entries: readonly Named[], spelling: string, which: string): string {
  const wanted = key(spelling);
  for (const shelf of book) {
    const found = shelf.get(wanted) ?? [];
    const [first, ...more] = new Set(found.map((entry) => entry.id));
    if (first !== undefined && more.length === 0) return first;
    if (first !== undefined) throw ambiguous(which, spelling, found);
  }
  throw unknown(which, spelling, entries);
}

function bookOf(snapshot: Snapshot): { readonly clients: Book; readonly services: Book } {
  const known = books.get(snapshot);
  if (known) return known;
  const services = snapshot.services.map((service) => ({ ...service, code: service.id }));
  const made = { clients: toBook(snapshot.clients), services: toBook(services) };
  books.set(snapshot, made);
  return made;
}

function toBook(entries: readonly Named[]): Book {
  return [
    shelf(entries, (entry) => [entry.code ?? '', entry.id]),
    shelf(entries, (entry) => [entry.name]),
    shelf(entries, (entry) => entry.aliases),
  ];
}

function shelf(
  entries: readonly Named[],
  spellings: (entry: Named) => readonly string[],
): Map<string, Named[]> {
  const made = new Map<string, Named[]>();
  for (const entry of entries) {
    for (const spelling of spellings(entry)) {
      if (spelling) made.set(key(spelling), [...(made.get(key(spelling)) ?? []), entry]);
    }
  }
  return made;
}

/** Case, width and doubled blanks never tell two clients apart; everything else may. */
const key = (spelling: string): string =>
  spelling.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();

function ambiguous(which: string, spelling: string, found: readonly Named[]): AppError {
  const codes = found.slice(0, 3).map((entry) => short(entry.code ?? entry.id));
  const text = `"${short(spelling)}" matches ${found.length} ${which}s. Use the code: ${codes.join(' or ')}.`;
  return new AppError('INPUT_INVALID', sentence(text));
}

function unknown(which: string, spelling: string, entries: readonly Named[]): AppError {
  const guess = closest(spelling, entries);
  const code =
    guess?.code && guess.code !== guess.name && guess.code !== guess.id ? ` (${guess.code})` : '';
  const hint = guess
    ? ` Did you mean "${short(guess.spelling)}"${code}?`
    : ` Look it up in the MCC pane.`;
  return new AppError('INPUT_INVALID', sentence(`No ${which} "${short(spelling)}".${hint}`));
}

function closest(
  spelling: string,
  entries: readonly Named[],
): (Named & { spelling: string }) | null {
  const wanted = key(spelling);
  let best: { entry: Named; spelling: string; score: number } | null = null;
  for (const entry of entries) {
    for (const known of [entry.name, entry.code ?? '', ...entry.aliases]) {
      const score = known ? alike(wanted, key(known)) : 0;
      if (score > (best?.score ?? ALIKE_MIN)) best = { entry, spelling: known, score };
    }
  }
  if (!best) return null;
  const isCode = best.spelling === best.entry.code;
  return { ...best.entry, spelling: isCode ? best.spelling : best.entry.name };
}

/** 1 for equal, 0 for nothing in common: edits (a swap of neighbours is one) per character. */
function alike(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  if (Math.abs(a.length - b.length) > longest * (1 - ALIKE_MIN)) return 0;
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : change;
      next.push(Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return 1 - (row[b.length] ?? longest) / longest;
}
