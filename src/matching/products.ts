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
  const known = new Map<string, Link>();
  return {
    link(text) {
      const link = known.get(text) ?? find(services, text);
      known.set(text, link);
      return link;
    },
  };
}

function find(services: readonly Named[], text: string): Link {
  const folded = fold(text);
  const key = toPlainKey(text);
  if (folded === '' || key === '') return { verdict: 'none' };
  const asked = recogniseProduct(text);
  const steps: readonly (readonly [string, (service: Named) => boolean])[] = [
    ['same code', ({ id, code }) => fold(id) === folded || (code != null && fold(code) === folded)],
    ['same name', ({ name }) => fold(name) === folded],
    ['confirmed spelling', ({ aliases = [] }) => aliases.some((alias) => fold(alias) === folded)],
    [
      'same name, written differently',
      (service) => spellings(service).map(toPlainKey).includes(key),
    ],
    ['same product', (service) => asked !== null && sells(service, asked)],
  ];
  for (const [reason, fits] of steps) {
    const hits = services.filter(fits);
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
function sells(service: Named, asked: Recognised): boolean {
  return spellings(service).some((spelling) => {
    const own = recogniseProduct(spelling);
    return own?.product === asked.product && (own.term === null || own.term === asked.term);
  });
}

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
  return words
    .map((word) => SHORT[word] ?? word)
    .filter((word) => word !== '')
    .join(' ');
}

function termOf(clean: string): Recognised['term'] {
  const text = clean.toLowerCase();
  if (/\b(p3y|3 years?|triennial)\b/.test(text)) return 'three years';
  if (/\b(annual|yearly|p1y|1 year|per year)\b/.test(text)) return 'annual';
  return /\b(monthly|month|mth|mthly|p1m)\b/.test(text) ? 'monthly' : null;
}
