/**
 * Products: the vendor's id first, then an exact name of the alias table, else nothing. Never by
 * similarity: one word (an edition, a plan number, "nonprofit") is another price.
 */
import { splitWords, tidy } from './normalise.ts';
import type { Link, NameIndex, Named } from './link.ts';
import { PRODUCTS } from './product-table.ts';

/** A product of the table, and the term if the text names one. */
export interface Recognised {
  readonly product: string;
  readonly term: 'monthly' | 'annual' | 'three years' | null;
}

/** What distributors write round a name without changing the product or its price list. */
const DECORATION: readonly RegExp[] = [
  /\bnew commerce experience\b/g,
  /\blegacy csp\b/g,
  /\b(nce|csp|com|commercial)\b/g,
  /\b(annual|monthly|yearly|month to month|[13] years?|triennial)( (term|billing|billed|commitment|subscription))*\b/g,
  /\bp(1m|1y|3y)\b/g,
  /\b(mth|mthly|ann|yr|per month|per year)\b/g,
];

/** Words that distributors and sheets shorten; each means one thing in a product name. */
const SHORT: Readonly<Record<string, string>> = {
  apps: 'apps', aad: 'azure active directory', ad: 'active directory', bus: 'business', biz: 'business',
  conf: 'conferencing', ent: 'enterprise', ess: 'essentials', exch: 'exchange', exo: 'exchange',
  m365: '365', o365: 'office 365', microsoft: '', ms: '', pbi: 'power bi', prem: 'premium',
  std: 'standard', win365: 'windows 365', w365: 'windows 365', for: '', and: '', online: '',
}; // prettier-ignore

/** Families that Microsoft renamed as a whole (licensing tables of 2022-11 to 2026-01). */
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/\bazure active directory premium\b/g, 'entra id'],
  [/\bazure active directory\b/g, 'entra id'],
  [/\b365 phone system virtual user\b/g, 'teams phone resource account'],
  [/\b365 phone system\b/g, 'teams phone standard'],
  [/\bcommon area phone\b/g, 'teams shared devices'],
  [/\bpower apps per user plan\b/g, 'power apps premium'],
  [/\bpower automate per user with attended rpa plan\b/g, 'power automate premium'],
  [/\bwindows 10 11\b/g, 'windows 10'],
];

const BY_ID = new Map(
  PRODUCTS.flatMap(({ name, ids }) => ids.map((id) => [id.toLowerCase(), name] as const)),
);
const BY_NAME = new Map(
  PRODUCTS.flatMap(({ name, names }) =>
    [name, ...names].map((one) => [toProductKey(one), name] as const),
  ),
);

/** The product a vendor's id or name stands for; null when the table does not say so exactly. */
export function recogniseProduct(text: string): Recognised | null {
  const clean = tidy(text);
  const product = BY_ID.get(clean.toLowerCase()) ?? BY_NAME.get(toProductKey(clean));
  return product === undefined ? null : { product, term: termOf(clean) };
}

/** As buildNameIndex, for services: id, name, alias, equal key, then equal product. */
export function buildProductIndex(services: readonly Named[]): NameIndex {
  const shelf = fill(services);
  const known = new Map<string, Link>();
  return {
    link(text) {
      const link = known.get(text) ?? find(shelf, text);
      known.set(text, link);
      return link;
    },
  };
}

type Hits = Map<string, Set<Named>>;

interface Shelf {
  readonly code: Hits;
  readonly name: Hits;
  readonly alias: Hits;
  readonly key: Hits;
  /** "Power BI Pro" to the services that sell it, whatever the term. */
  readonly product: Hits;
}

function fill(services: readonly Named[]): Shelf {
  const shelf: Shelf = {
    code: new Map(), name: new Map(), alias: new Map(), key: new Map(), product: new Map(),
  }; // prettier-ignore
  for (const service of services) {
    const { id, name, code, aliases = [] } = service;
    put(shelf.code, fold(id), service);
    if (code != null) put(shelf.code, fold(code), service);
    put(shelf.name, fold(name), service);
    for (const alias of aliases) put(shelf.alias, fold(alias), service);
    for (const spelling of spellings(service)) {
      put(shelf.key, toPlainKey(spelling), service);
      put(shelf.product, identify(spelling), service);
    }
  }
  return shelf;
}

function put(hits: Hits, key: string, service: Named): void {
  hits.set(key, (hits.get(key) ?? new Set()).add(service));
}

function find(shelf: Shelf, text: string): Link {
  const folded = fold(text);
  const key = toPlainKey(text);
  if (folded === '' || key === '') return { verdict: 'none' };
  const product = [...(shelf.product.get(identify(text)) ?? [])];
  const steps: readonly (readonly [string, Iterable<Named>])[] = [
    ['same code', shelf.code.get(folded) ?? []],
    ['same name', shelf.name.get(folded) ?? []],
    ['confirmed spelling', shelf.alias.get(folded) ?? []],
    ['same name, written differently', shelf.key.get(key) ?? []],
    ['same product', product.filter((service) => sells(service, text))],
  ];
  for (const [reason, found] of steps) {
    const hits = [...found];
    const [hit] = hits;
    if (hit && hits.length === 1) return { verdict: 'linked', id: hit.id, reason };
    if (hit) {
      const names = hits.map((one) => one.name).join(' and ');
      const ids = hits.map((one) => one.id);
      return { verdict: 'ambiguous', ids, reason: `it fits ${names}` };
    }
  }
  return { verdict: 'none' };
}

/** A service that names its term is that term only; one that names none is any. */
function sells(service: Named, text: string): boolean {
  const [product, term] = [identify(text), termOf(tidy(text))];
  return spellings(service).some((spelling) => {
    const own = termOf(tidy(spelling));
    return identify(spelling) === product && (own === null || own === term);
  });
}

/** One key for all ids and names of a product; what the table has not is its own. */
const identify = (text: string): string =>
  toProductKey(recogniseProduct(text)?.product ?? tidy(text));

const spellings = ({ name, aliases = [] }: Named): string[] => [name, ...aliases];
const fold = (text: string): string => tidy(text).toLowerCase();
const toPlainKey = (text: string): string => splitWords(tidy(text)).join('');

function toProductKey(text: string): string {
  const words = DECORATION.reduce(
    (plain, decoration) => plain.replace(decoration, ' '),
    splitWords(tidy(text))
      .join(' ')
      .replace(/(\d)(?=[a-z]{2})/g, '$1 '),
  ).split(' ');
  const plain = words
    .map((word) => SHORT[word] ?? word)
    .filter((word) => word !== '')
    .join(' ');
  return RENAMED.reduce((key, [older, newer]) => key.replace(older, newer), plain);
}

function termOf(clean: string): Recognised['term'] {
  const text = clean.toLowerCase();
  if (/\b(p3y|3 years?|triennial)\b/.test(text)) return 'three years';
  if (/\b(annual|yearly|p1y|1 year|per year)\b/.test(text)) return 'annual';
  return /\b(monthly|month|mth|mthly|p1m)\b/.test(text) ? 'monthly' : null;
}
