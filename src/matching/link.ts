/**
 * Automatic links: only where keys are equal and exactly one candidate has them. Everything else
 * is a suggestion for a person. Former clients stay in the index: a hit on one is shown as such.
 */
import { findCodes, isJoined, tidy, toKeys } from './normalise.ts';

/** Something with names: a client, a service. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly code?: string | null;
  readonly aliases?: readonly string[];
  readonly active?: boolean;
}

export type Link =
  | { readonly verdict: 'linked'; readonly id: string; readonly reason: string }
  | { readonly verdict: 'ambiguous'; readonly ids: readonly string[]; readonly reason: string }
  | { readonly verdict: 'none' };

export interface NameIndex {
  readonly link: (text: string) => Link;
}

type Keys = Map<string, Set<string>>;

interface Shelf {
  readonly code: Keys;
  readonly exact: Keys;
  readonly alias: Keys;
  readonly full: Keys;
  readonly derived: Keys;
  readonly joined: Keys;
  readonly legalForms: Map<string, Set<string>>;
}

/** Built once for a list of clients, then asked for every spelling. */
export function buildNameIndex(entries: readonly Named[]): NameIndex {
  const shelf = fill(entries);
  const names = new Map(entries.map((entry) => [entry.id, entry.name]));
  const known = new Map<string, Link>();
  return {
    link(text) {
      const link = known.get(text) ?? find(shelf, names, text);
      known.set(text, link);
      return link;
    },
  };
}

function fill(entries: readonly Named[]): Shelf {
  const shelf: Shelf = {
    code: new Map(), exact: new Map(), alias: new Map(), full: new Map(), derived: new Map(),
    joined: new Map(), legalForms: new Map(),
  }; // prettier-ignore
  for (const { id, name, code, aliases = [] } of entries) {
    if (code) put(shelf.code, foldText(code), id);
    put(shelf.exact, foldText(name), id);
    for (const alias of aliases) put(shelf.alias, foldText(alias), id);
    for (const text of [name, ...aliases]) {
      const keys = toKeys(text);
      for (const key of keys.full) put(shelf.full, key, id);
      for (const key of keys.derived) put(shelf.derived, key, id);
      for (const key of keys.joined) put(shelf.joined, key, id);
      for (const form of keys.legalForms) put(shelf.legalForms, id, form);
    }
  }
  return shelf;
}

function put(keys: Keys, key: string, value: string): void {
  const values = keys.get(key) ?? new Set();
  keys.set(key, values.add(value));
}

const foldText = (text: string): string => tidy(text).toLowerCase();

/** One step after the other; the first that finds anything decides, alone or as ambiguous. */
function find(shelf: Shelf, names: ReadonlyMap<string, string>, text: string): Link {
  const folded = foldText(text);
  if (folded === '') return { verdict: 'none' };
  const keys = toKeys(text);
  const steps: readonly (readonly [string, Keys, readonly string[]])[] = [
    ['same code', shelf.code, [folded]],
    ['same name', shelf.exact, [folded]],
    ['confirmed spelling', shelf.alias, [folded]],
    ['same name, written differently', shelf.full, keys.full],
    ['same name without code, site or second name', shelf.full, keys.derived],
    ['same name without code, site or second name', shelf.derived, [...keys.full, ...keys.derived]],
    ['same name as one word', shelf.joined, isJoined(text) ? keys.joined : []],
  ];
  for (const [reason, shelfKeys, asked] of steps) {
    const ids = [...new Set(asked.flatMap((key) => [...(shelfKeys.get(key) ?? [])]))];
    if (ids.length > 0)
      return judge(ids, reason, shelf, names, { text, legalForms: keys.legalForms });
  }
  return { verdict: 'none' };
}

interface Asked {
  readonly text: string;
  readonly legalForms: readonly string[];
}

function judge(
  ids: readonly string[],
  reason: string,
  shelf: Shelf,
  names: ReadonlyMap<string, string>,
  asked: Asked,
): Link {
  const called = ids.map((id) => names.get(id) ?? id).join(' and ');
  const [id] = ids;
  if (id === undefined || ids.length > 1) {
    return { verdict: 'ambiguous', ids, reason: `it is how ${called} are written` };
  }
  if (shelf.exact.get(foldText(asked.text))?.has(id)) return { verdict: 'linked', id, reason };
  const forms = shelf.legalForms.get(id);
  if (forms && asked.legalForms.length > 0 && !asked.legalForms.some((form) => forms.has(form))) {
    return { verdict: 'ambiguous', ids, reason: `its legal form is not that of ${called}` };
  }
  const strangers = findCodes(asked.text).flatMap((code) => [
    ...(shelf.code.get(code.toLowerCase()) ?? []),
  ]);
  const other = strangers.find((stranger) => stranger !== id);
  if (other !== undefined) {
    const owner = names.get(other) ?? other;
    return { verdict: 'ambiguous', ids: [id, other], reason: `its code is that of ${owner}` };
  }
  return { verdict: 'linked', id, reason };
}
