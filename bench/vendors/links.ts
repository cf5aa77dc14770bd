// Names and SKUs of the exports to clients and services: by the matcher, then by a person, who
// knows the truth and is asked only what the matcher leaves open.
import { AppError } from '../../src/core/errors.ts';
import { buildNameIndex, type Link } from '../../src/matching/link.ts';
import { buildProductIndex } from '../../src/matching/products.ts';
import type { VendorCount } from '../../src/relay/sources/source.ts';
import { tidy, type Folder, type Row } from './folder.ts';

export interface Links {
  /** Null: nobody's, never billed. */
  readonly client: (source: string, name: string) => string | null;
  readonly service: (source: string, count: VendorCount) => string | null;
  readonly accounts: Score;
  readonly skus: Score;
}

export interface Score {
  readonly names: number;
  /** Linked by themselves, and rightly. */
  linked: number;
  /** Left to a person. */
  open: number;
  readonly wrong: string[];
}

export function linkAll(folder: Folder): Links {
  const accounts = linkAccounts(folder);
  const skus = linkSkus(folder);
  return {
    accounts: accounts.score,
    skus: skus.score,
    client: (source, name) => answer(accounts.links, source, [tidy(name)], 'account'),
    service: (source, { sku, skuName }) =>
      answer(skus.links, source, [sku, tidy(skuName), ''], 'product'),
  };
}

/** By source and spelling. The matcher's link stands even where it is wrong: nobody is asked again. */
type Found = ReadonlyMap<string, string | null>;

const keyOf = (source: string, name: string): string => `${source}\n${name}`;

function answer(
  links: Found,
  source: string,
  names: readonly string[],
  what: string,
): string | null {
  for (const name of names) {
    const link = links.get(keyOf(source, name));
    if (link !== undefined) return link;
  }
  throw new AppError(
    'INPUT_INVALID',
    `The ${what} "${names[0] ?? ''}" of ${source} is in no truth table.`,
  );
}

function linkAccounts({ companies, accounts }: Folder): { links: Found; score: Score } {
  const named = companies.map((row) => ({ id: row['company_id'] ?? '', name: row['company_name'] ?? '' }));
  const active = new Set(companies.filter(({ status }) => status === 'Active').map((row) => row['company_id']));
  const index = buildNameIndex(named);
  const rows = accounts.filter(({ source }) => source !== 'psa');
  return judgeAll(rows, 'client_id', (row) => {
    const link = linked(index.link(row['source_name'] ?? ''));
    // A former client is shown as such, which is no link to a current one.
    return link !== null && active.has(link) ? link : null;
  }, (row) => [row['source_name'] ?? '']);
} // prettier-ignore

function linkSkus({ skus, reconciliation }: Folder): { links: Found; score: Score } {
  const ids = [...new Set(reconciliation.map((row) => row['service_id'] ?? ''))];
  const index = buildProductIndex(ids.map((id) => ({ id, name: id })));
  return judgeAll(skus, 'service_id', (row) => {
    const code = row['source_sku_code'] ?? '';
    const byCode = code === '' ? null : linked(index.link(code));
    return byCode ?? linked(index.link(row['source_sku_name'] ?? ''));
  }, skuNames);
} // prettier-ignore

/** "Device Class = Server" is the SKU Server; a product named for a column is the file's only one. */
function skuNames(row: Row): string[] {
  const [code = '', name = ''] = [row['source_sku_code'], row['source_sku_name']];
  const [, value] = name.split(' = ');
  if (value !== undefined) return [value];
  return code === '' ? [''] : [code, name];
}

function judgeAll(
  rows: readonly Row[],
  truthColumn: string,
  link: (row: Row) => string | null,
  namesOf: (row: Row) => readonly string[],
): { links: Found; score: Score } {
  const links = new Map<string, string | null>();
  const score: Score = { names: rows.length, linked: 0, open: 0, wrong: [] };
  for (const row of rows) {
    const truth = row[truthColumn] || null;
    const found = link(row);
    if (found === null) score.open += 1;
    else if (found === truth) score.linked += 1;
    else score.wrong.push(`${row['source'] ?? ''}: ${namesOf(row)[0] ?? ''} -> ${found}, not ${truth ?? 'nobody'}`);
    for (const name of namesOf(row)) links.set(keyOf(row['source'] ?? '', tidy(name)), found ?? truth);
  }
  return { links, score };
} // prettier-ignore

const linked = (link: Link): string | null => (link.verdict === 'linked' ? link.id : null);
