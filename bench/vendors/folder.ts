// A folder of vendor exports with its truth tables, as ../shared/data/vendors describes it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { AppError } from '../../src/core/errors.ts';

export type Row = Readonly<Record<string, string>>;

/** Source of the truth tables, and the export it stands for. */
export const EXPORTS: readonly (readonly [string, string])[] = [
  ['rmm', 'rmm_devices.csv'],
  ['edr', 'edr_accounts.csv'],
  ['distributor', 'distributor_invoice.csv'],
  ['backup', 'backup_usage.csv'],
  ['mailsec', 'mail_domains.csv'],
  ['tenant', 'tenant_licences.csv'],
];

const TABLES: Readonly<Record<string, readonly string[]>> = {
  'psa_companies.csv': ['company_id', 'company_name', 'status'],
  'distributor_invoice.csv': ['Period End'],
  'truth_accounts.csv': ['source', 'source_name', 'client_id'],
  'truth_skus.csv': ['source', 'source_sku_name', 'source_sku_code', 'service_id'],
  'truth_reconciliation.csv': [
    'client_id', 'service_id', 'last_month_billed', 'this_month_draft', 'vendor_count_raw',
    'vendor_count', 'unit_price', 'dollar_impact', 'kind',
  ],
}; // prettier-ignore

export interface Folder {
  readonly path: (name: string) => string;
  readonly companies: readonly Row[];
  readonly invoice: readonly Row[];
  readonly accounts: readonly Row[];
  readonly skus: readonly Row[];
  readonly reconciliation: readonly Row[];
}

/** Throws in words when a table is missing or not as described. */
export function openFolder(folder: string): Folder {
  if (!existsSync(folder)) throw odd(`There is no folder ${folder}.`);
  const has = new Set(readdirSync(folder));
  const wanted = new Set([...Object.keys(TABLES), ...EXPORTS.map(([, name]) => name)]);
  const missing = [...wanted].filter((name) => !has.has(name));
  if (missing.length > 0) throw odd(`${folder} lacks ${missing.join(', ')}.`);
  const path = (name: string): string => join(folder, name);
  return {
    path,
    companies: readTable(path, 'psa_companies.csv'),
    invoice: readTable(path, 'distributor_invoice.csv'),
    accounts: readTable(path, 'truth_accounts.csv'),
    skus: readTable(path, 'truth_skus.csv'),
    reconciliation: readTable(path, 'truth_reconciliation.csv'),
  };
}

function readTable(path: (name: string) => string, name: string): Row[] {
  const text = readFileSync(path(name), 'utf8').replace(/^\uFEFF/, '');
  const { data, errors, meta } = Papa.parse<Row>(text, { header: true, skipEmptyLines: true });
  const [error] = errors;
  if (error) throw odd(`${name}, row ${String((error.row ?? 0) + 2)}: ${error.message}.`);
  const lacking = TABLES[name]?.find((column) => !meta.fields?.includes(column));
  if (lacking !== undefined) throw odd(`${name} has no column "${lacking}".`);
  if (data.length === 0) throw odd(`${name} has no rows.`);
  return data;
}

const odd = (words: string): AppError => new AppError('INPUT_INVALID', words);

/** Spaces are no part of a name. */
export const tidy = (name = ''): string =>
  name
    .normalize('NFC')
    .replace(/[\s\u200b\ufeff]+/g, ' ')
    .trim();
