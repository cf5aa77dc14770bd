/** A folder of exported files with its two lists, and the adapter on it, on a clock under the hand. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import Papa from 'papaparse';
import type { InvoiceContent } from '../../../src/core/model.ts';
import type { AccountingCompany, BooksInvoice } from '../../../src/relay/accounting/accounting.ts';
import { fileExport } from '../../../src/relay/accounting/file-export.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { compareFields, differenceWords, isEqual } from '../../../src/relay/posting/differences.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { keysOf, sampleInvoices } from './case.ts';
import { memoryTools } from './memory-tools.ts';

export const FORMATS = ['csv', 'iif'] as const;
export type Format = (typeof FORMATS)[number];
const BATCH = 'batch-1';

let folder = '';
let nowMs = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcc-export-'));
  nowMs = Date.parse('2026-10-31T10:00:00Z');
  mkdirSync(out());
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The clock that the adapter sees. */
export const advance = (ms: number): void => void (nowMs += ms);

export const out = (): string => join(folder, 'out');
export const list = (name: string): string => join(folder, `${name}.csv`);

/** In QuickBooks Desktop a name is the id. */
export function writeLists(format: Format): void {
  const { customers, services } = sampleWorld('planted');
  const items = services.flatMap(({ item }) => (item ? [item] : []));
  const idOf = (name: string, position: number): string => (format === 'iif' ? name : `id-${String(position)}`); // prettier-ignore
  const rows = [
    ['id', 'code', 'name', 'currency', 'active'],
    ...customers.map(({ name, code }, index) => [idOf(name, index), code, name, 'USD', 'yes']),
  ];
  writeFileSync(list('customers'), Papa.unparse(rows));
  const accounts = items.map(({ name }, index) => [idOf(name, index), name, 'yes', 'Services:Managed']); // prettier-ignore
  writeFileSync(list('items'), Papa.unparse([['id', 'name', 'active', 'account'], ...accounts]));
}

export const settingsOf = (format: Format) => ({
  format,
  company: 'Larkspur IT',
  customers: list('customers'),
  items: list('items'),
  ...(format === 'iif' ? { currency: 'USD' } : {}),
});

export const connect = (format: Format): AccountingCompany =>
  fileExport.connect(settingsOf(format), createHttp(), {
    ...memoryTools(),
    folder: out,
    now: () => nowMs,
  });

export const keysIn = (position: number, batch = BATCH) => ({ ...keysOf(position), batch });
export const filesOf = (format: Format): string[] =>
  readdirSync(out()).filter((name) => name.endsWith(`.${format}`)).sort(); // prettier-ignore
export const bytesOf = (name: string): Buffer => readFileSync(join(out(), name));

export async function open(format: Format) {
  writeLists(format);
  const company = connect(format);
  const invoices = await sampleInvoices(company);
  const [content] = invoices;
  if (!content) throw new Error('no invoice');
  return { company, invoices, content };
}

export async function create(company: AccountingCompany, content: InvoiceContent, position: number, batch = BATCH) {
  const outcome = await company.create(content, keysIn(position, batch));
  if (outcome.verdict !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.invoiceId;
} // prettier-ignore

export function expectApproved(
  content: InvoiceContent,
  position: number,
  read: BooksInvoice | null,
) {
  if (!read) throw new Error('not there');
  const fields = compareFields(content, keysOf(position), read);
  expect(isEqual(fields) ? '' : differenceWords(fields)).toBe('');
  expect(read.marker).toBe(keysOf(position).marker);
}

export const described = (content: InvoiceContent, description: string): InvoiceContent => ({
  ...content,
  lines: content.lines.map((line) => ({ ...line, description })),
});
