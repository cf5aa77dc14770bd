/** Names of vendors and of the sheet against ours, by the rules of src/matching. */
import type { Mapping } from '../../contract/contract.ts';
import type { Client, Service } from '../../core/model.ts';
import { buildNameIndex, type Link } from '../../matching/link.ts';
import { buildProductIndex } from '../../matching/products.ts';
import { buildSuggester } from '../../matching/suggest.ts';

type Kind = Mapping['kind'];

/** Links without a person; null where anything is left to decide. */
export type Matcher = (kind: Kind, ref: string, name: string) => string | null;
/** Best guesses for a person; none where two are equally good. */
export type Guesser = (kind: Kind, name: string) => Mapping['suggestions'];

const SUGGESTIONS = 5;
const REASON_MAX = 255;

export function createMatcher(clients: readonly Client[], services: readonly Service[]): Matcher {
  const names = buildNameIndex(clients);
  const active = new Set(clients.filter((client) => client.active).map(({ id }) => id));
  const products = buildProductIndex(billed(services));
  const findClient = (ref: string, name: string): string | null => {
    // A vendor's number may be one of our codes by chance, so only our own id is an id.
    const id = active.has(ref) ? ref : linked(names.link(name));
    return id !== null && active.has(id) ? id : null;
  };
  return (kind, ref, name) =>
    kind === 'client'
      ? findClient(ref, name)
      : (linked(products.link(ref)) ?? linked(products.link(name)));
}

export function createGuesser(clients: readonly Client[], services: readonly Service[]): Guesser {
  const suggesters = {
    client: buildSuggester(clients.filter(({ active }) => active)),
    service: buildSuggester(billed(services)),
  };
  return (kind, name) =>
    suggesters[kind].suggest(name, SUGGESTIONS).map(({ id, score, strong, reason }) => ({
      target: id,
      score,
      // An edition, a plan number or a term makes another product of nearly the same words.
      confident: kind === 'client' && strong,
      reason: reason.slice(0, REASON_MAX),
    }));
}

/** A group is never billed and a bundle counts nothing itself, so nothing is linked to them. */
const billed = (services: readonly Service[]): Service[] =>
  services.filter(({ members, bundle = [] }) => members.length + bundle.length === 0);

const linked = (link: Link): string | null => (link.verdict === 'linked' ? link.id : null);
