/**
 * A folder of labelled names. A file is known by its columns, not by its name, so that another
 * folder of the same formats is read the same way; the README of ../shared/data/matching has them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { AppError } from '../../src/core/errors.ts';

export type Row = Readonly<Record<string, string>>;

export interface DataFile {
  readonly name: string;
  readonly rows: readonly Row[];
}

export type Format = keyof typeof COLUMNS;

const COLUMNS = {
  clients: ['world', 'kind', 'source', 'name', 'client_id', 'category'],
  spellings: ['query', 'expected_product', 'verdict', 'must_not_be', 'category'],
  products: ['guid', 'string_id', 'product_name'],
  renamedProducts: ['older_name', 'guid', 'string_id'],
  olderNames: ['name_2022_11', 'guid'],
  companies: ['cik', 'name'],
  companyPairs: ['name_in_other_list', 'cik', 'name_in_catalogue'],
  renamedCompanies: ['former_name', 'cik', 'current_name'],
  hardPairs: ['name_a', 'name_b', 'same', 'group'],
} as const;

export type Folder = ReadonlyMap<Format, readonly DataFile[]>;

/** Throws in words when the folder is not there or holds none of the formats. */
export function readFolder(path: string): Folder {
  if (!existsSync(path)) throw refused(path, 'there is no such folder.');
  const found = new Map<Format, DataFile[]>();
  for (const name of readdirSync(path).sort()) {
    if (!/\.csv$/i.test(name)) continue;
    const file = { name, rows: parse(readFileSync(join(path, name), 'utf8'), name) };
    const format = formatOf(file.rows[0] ?? {});
    if (format) found.set(format, [...(found.get(format) ?? []), file]);
  }
  if (![...found.keys()].some((format) => format !== 'products' && format !== 'companies')) {
    const known = Object.values(COLUMNS).map((columns) => columns.join(','));
    throw refused(path, `no CSV file with labelled names. Known headers:\n${known.join('\n')}`);
  }
  return found;
}

function parse(text: string, name: string): Row[] {
  const options = { header: true, skipEmptyLines: true } as const;
  const { data, errors } = Papa.parse<Row>(text.replace(/^\uFEFF/, ''), options);
  const [trouble] = errors.filter(({ type }) => type !== 'Delimiter');
  if (trouble) throw refused(name, `row ${String(trouble.row ?? 0)}: ${trouble.message}.`);
  return data;
}

const refused = (what: string, words: string): AppError =>
  new AppError('INPUT_INVALID', `${what}: ${words}`);

/** The format whose columns are all there; of several the one with most of them. */
function formatOf(row: Row): Format | null {
  const formats = Object.keys(COLUMNS) as Format[];
  const fitting = formats.filter((format) => COLUMNS[format].every((column) => column in row));
  const [best] = fitting.sort((a, b) => COLUMNS[b].length - COLUMNS[a].length);
  return best ?? null;
}
