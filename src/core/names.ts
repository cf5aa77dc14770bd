/** Which client or service a formula's spelling means: code, then name, then alias (rulings 1). */
import type { Client, ClientId, Service, ServiceId } from './model.ts';

export interface NameIndex {
  client(text: string): ClientId | null;
  service(text: string): ServiceId | null;
}

/** A spelling of two things is nobody's; a code goes before a name, a name before an alias. */
export function indexNames(clients: readonly Client[], services: readonly Service[]): NameIndex {
  const ofClients = toShelves(clients, ({ id, code, name, aliases }) => [
    code === null ? [id] : [code, id],
    [name],
    aliases,
  ]);
  const ofServices = toShelves(services, ({ id, name, aliases }) => [[id], [name], aliases]);
  return { client: finder(ofClients), service: finder(ofServices) };
}

/** Case, width and doubled blanks never tell two clients apart; everything else may. */
export const isSameName = (a: string, b: string): boolean => a === b || key(a) === key(b);

const key = (text: string): string =>
  text.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();

/** Null marks a spelling of two. */
type Shelf = ReadonlyMap<string, string | null>;

function toShelves<Item extends { readonly id: string }>(
  items: readonly Item[],
  spellingsOf: (item: Item) => readonly (readonly string[])[],
): readonly Shelf[] {
  const shelves: Map<string, string | null>[] = [];
  for (const item of items) {
    spellingsOf(item).forEach((spellings, place) => {
      const shelf = (shelves[place] ??= new Map<string, string | null>());
      for (const text of new Set(spellings.map(key))) {
        shelf.set(text, shelf.has(text) && shelf.get(text) !== item.id ? null : item.id);
      }
    });
  }
  return shelves;
}

/** Each spelling is looked up once: thousands of lines name few clients and fewer services. */
function finder(shelves: readonly Shelf[]): (text: string) => string | null {
  const found = new Map<string, string | null>();
  return (text) => {
    const known = found.get(text);
    if (known !== undefined) return known;
    const wanted = key(text);
    const id = shelves.find((each) => each.has(wanted))?.get(wanted) ?? null;
    found.set(text, id);
    return id;
  };
}
