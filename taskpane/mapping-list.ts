/** What the mapping screen knows of links: names, keys, which guess may be taken in bulk. */
import type { Mapping } from '../src/contract/contract.ts';
import type { CloseState } from './close-state.ts';

export type Kind = Mapping['kind'];

export interface Owner {
  readonly id: string;
  readonly name: string;
}

export const mappingKey = ({ source, kind, ref }: Mapping): string => `${source}|${kind}|${ref}`;

/** Clients, or services that are billed; in the order of their names. */
export function ownersFor(state: CloseState, kind: Kind): readonly Owner[] {
  const { snapshot } = state;
  const all =
    kind === 'client'
      ? (snapshot?.clients ?? [])
      : (snapshot?.services.filter(
          ({ members, bundle = [] }) => members.length + bundle.length === 0,
        ) ?? []);
  return all.toSorted((a, b) => a.name.localeCompare(b.name));
}

export function ownerName(state: CloseState, kind: Kind, id: string): string {
  const list = kind === 'client' ? state.snapshot?.clients : state.snapshot?.services;
  return list?.find((entry) => entry.id === id)?.name ?? id;
}

export const sourceTitle = (state: CloseState, mapping: Mapping): string =>
  state.sources.find((entry) => entry.id === mapping.source)?.title ?? 'Sheet';

/** In bulk only what nothing speaks against and no other guess comes near. */
export const sureGuess = ({ suggestions: [first] }: Mapping): string | null =>
  first?.confident ? first.target : null;

/** Guesses that are equally good: none of them is put first. */
export function tiedGuesses({ suggestions }: Mapping): number {
  const [first] = suggestions;
  return suggestions.filter((guess) => guess.score === first?.score).length;
}

/** Where it leads: an owner, several, or nobody. */
export function targetWords(state: CloseState, mapping: Mapping): string {
  const name = (id: string): string => ownerName(state, mapping.kind, id);
  const { split, target } = mapping;
  if (split?.by === 'shares') {
    return split.parts.map((part) => `${name(part.clientId)} (${part.shares})`).join(' + ');
  }
  if (split) {
    const fixed = split.parts.map((part) => `${name(part.clientId)} ${part.quantity} ${part.sku}`);
    return `${fixed.join(', ')}, the rest ${name(split.rest)}`;
  }
  return target === null ? 'nobody, never billed' : name(target);
}

/** Those whose name, id, source, owner or guesses hold the words. */
export function searchMappings(
  state: CloseState,
  mappings: readonly Mapping[],
  words: string,
): readonly Mapping[] {
  const wanted = fold(words);
  if (wanted === '') return mappings;
  return mappings.filter((mapping) => {
    const guesses = mapping.suggestions.map(({ target }) => ownerName(state, mapping.kind, target));
    const owner = mapping.state === 'open' ? '' : targetWords(state, mapping);
    const texts = [mapping.name, mapping.ref, sourceTitle(state, mapping), owner, ...guesses];
    return texts.some((text) => fold(text).includes(wanted));
  });
}

/** Accents and capitals are not asked for in a search. */
const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
