/** What is one form of file's own: CSV for a spreadsheet, IIF for QuickBooks Desktop, the two lists. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import Papa from 'papaparse';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { parseCurrency, parseQuantity, parseUnitPrice } from '../../../src/core/money.ts';
import { fileExport } from '../../../src/relay/accounting/file-export.ts';
import { iifForm } from '../../../src/relay/accounting/file-export-iif.ts';
import { keysOf } from './case.ts';
import { bytesOf, create, described, expectApproved, filesOf, keysIn, list, open, settingsOf } from './file-export-world.ts'; // prettier-ignore

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

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

  it.each(['-5% discount', '=1+1', "'quoted", '@home'])('%s stands as it is: it is imported, not opened', async (description) => {
    const { company, content } = await open('iif');
    const invoice = shortened(content, { description });
    const id = await create(company, invoice, 1);
    const [row] = bytesOf('2026-09-MC2609-0001.iif').toString('latin1').split('\r\n').filter((one) => one.startsWith('SPL'));
    expect(row?.split('\t')[7]).toBe(description);
    expect((await company.read('invoice', id))?.lines[0]?.description).toBe(description);
  });

  it('has a text in one line', async () => {
    const { company, content } = await open('iif');
    const invoice = shortened(content, { description: 'first\r\nsecond\tthird' });
    const id = await create(company, invoice, 1);
    expectApproved(invoice, 1, await company.read('invoice', id));
    expect(bytesOf('2026-09-MC2609-0001.iif').toString('latin1')).toContain('\tfirst second third\t');
  });

  it('an account with letters it cannot hold is named, and nothing is written', async () => {
    const { company, content } = await open('iif');
    writeFileSync(list('items'), readFileSync(list('items'), 'utf8').replaceAll('Services:Managed', 'Доход:Услуги'));
    const item = content.lines[0]?.itemId ?? '';
    expect(await company.create(content, keysIn(1))).toMatchObject({
      verdict: 'rejected',
      reason: `item "${item}", account "Доход:Услуги": an IIF file cannot hold the letter "Д"`,
    });
    expect(filesOf('iif')).toEqual([]);
    const settings = { ...settingsOf('iif'), receivable: 'Дебиторы' };
    expect(() => fileExport.parseSettings(settings)).toThrow('File export: receivable: an IIF file cannot hold the letter "Д"');
  });

  it('never writes another letter in the place of one it cannot hold', () => {
    const form = iifForm({ currency: parseCurrency('USD'), receivable: 'Accounts Receivable' });
    expect(form.decode(form.encode('Übung €'))).toBe('Übung €');
    expect(() => form.encode('Доход')).toThrow(/the letter "Д"/);
  });
}); // prettier-ignore

describe('CSV', () => {
  it.each([
    ['x;=1+1', "x;'=1+1"],
    [';=1+1', ";'=1+1"],
    ['x; "=1+1', "x;' \"=1+1"],
    ["x;'=1;-1;y", "x;''=1;'-1;y"],
    ["x;'y", "x;'y"],
    ['a, -5%', 'a, -5%'],
  ])('%s is no formula either where a semicolon parts cells', async (description, written) => {
    const { company, content } = await open('csv');
    const invoice = described(content, description);
    const id = await create(company, invoice, 1);
    const text = bytesOf(filesOf('csv')[0] ?? '').toString('utf8');
    const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { header: false, skipEmptyLines: true });
    expect(data[1]?.[10]).toBe(written);
    expect((await company.read('invoice', id))?.lines[0]?.description).toBe(description);
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
