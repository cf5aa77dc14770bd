/** The 20 bad files of posting-safety 3.5 B (35 to 54), as CSV and as Excel, and a million rows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import exceljs from 'exceljs';
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { AppError } from '../../src/core/errors.ts';
import { createHttp } from '../../src/relay/http.ts';
import { fileImport } from '../../src/relay/sources/registry.ts';
import { zip, type ZipPart } from './zip.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcc-import-bad-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const http = createHttp();
const PERIOD = parsePeriod('2026-10');

async function tally(content: string | Buffer, settings: object = {}): Promise<string[]> {
  const path = join(folder, 'seats.csv');
  writeFileSync(path, content);
  const { counts } = await fileImport.count({ path, ...settings }, PERIOD, http);
  return counts.map(({ clientName, sku, quantity }) => `${clientName}/${sku}=${quantity}`);
}

const refusal = (content: string | Buffer, settings?: object): Promise<AppError> =>
  tally(content, settings).then(
    () => Promise.reject(new Error('the file was taken')),
    (error: unknown) => error as AppError,
  );

const PLAIN = 'Client,Product,Seats\nCafé Río,Basic,4\n';
const FOUR = ['Café Río/Basic=4'];

describe('posting-safety 3.5 B: taken', () => {
  const taken: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
    ['35 UTF-8 with a byte order mark', `\uFEFF${PLAIN}`, FOUR],
    ['36 UTF-16', Buffer.from(`\uFEFF${PLAIN}`, 'utf16le'), FOUR],
    ['36 UTF-16 big-endian', Buffer.from(`\uFEFF${PLAIN}`, 'utf16le').swap16(), FOUR],
    ['37 Windows-1252', Buffer.from(PLAIN, 'latin1'), FOUR],
    ['38 sep=;', `sep=;\r\n${PLAIN.replaceAll(',', ';')}`, FOUR],
    ['39 semicolons', PLAIN.replaceAll(',', ';'), FOUR],
    ['39 tabs', PLAIN.replaceAll(',', '\t'), FOUR],
    ['39 bars', PLAIN.replaceAll(',', '|'), FOUR],
    ['41 a quote in quotes', 'Client,Product,Seats\n"Smith ""&"" Co, Ltd",Basic,4\n', ['Smith "&" Co, Ltd/Basic=4']],
    ['42 a new line in a field', 'Client,Note,Product,Seats\nCafé Río,"a\nb",Basic,4\n', FOUR],
    ['43 a lone CR', PLAIN.replaceAll('\n', '\r'), FOUR],
    ['45 two headings alike that nobody asks for', 'Client,Note,Note,Product,Seats\nCafé Río,a,b,Basic,4\n', FOUR],
    ['47 headings in another language and order', 'Menge;Produkt;Kunde\n4;Basic;Café Río\n', FOUR],
    ['49 commas at the end', PLAIN.replaceAll('\n', ',,\n'), FOUR],
    ['52 a formula, as text', "Client,Product,Seats\n\"=cmd|'/C calc'!A0\",Basic,4\n", ["=cmd|'/C calc'!A0/Basic=4"]],
  ]; // prettier-ignore
  it.each(taken)('%s', async (_what, content, counts) => {
    expect(await tally(content)).toEqual(counts);
  });
});

describe('posting-safety 3.5 B: refused', () => {
  const refused: readonly (readonly [string, string | Buffer, string])[] = [
    ['40 an unclosed quote', `${PLAIN}"B,Basic,2\nC,Basic,3\n`, 'row 3: a quotation mark is not closed'],
    ['44 a short row', `${PLAIN}B,2\nC,Basic,1\n`, 'row 3 has 2 values where the first row names 3'],
    ['44 a long row', `${PLAIN}B, Inc,Basic,2\n`, 'row 3 has 4 values'],
    ['45 a heading twice', 'Client,Product,Seats,seats\nA,Basic,1,2\n', 'two columns are called "Seats"'],
    ['46 no header', 'A,Basic,1\nB,Basic,2\n', 'its columns are those of no known kind of file; its first row reads: A, Basic, 1'],
    ['48 a NUL', 'Client,Product,Seats\nA\u0000,Basic,1\n', 'NUL'],
    ['51 one endless line', `${PLAIN}${'x'.repeat(1_100_000)},Basic,1\n`, 'line 3 is longer than 1,000,000'],
    ['54 a web page', '<!doctype html>\n<table></table>', 'it is a web page or XML, not CSV'],
    ['54 an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'it is an old Excel workbook'],
    ['54 a PDF', '%PDF-1.7', 'it is a PDF'],
    ['54 another ZIP', zip([{ path: 'readme.txt', text: 'x' }]), 'a ZIP file without an Excel workbook in it'],
  ]; // prettier-ignore
  it.each(refused)('%s', async (_what, content, words) => {
    const error = await refusal(content);
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toContain('seats.csv');
    expect(error.message).toContain(words);
  });

  it('50 more than 1,000,000 rows', async () => {
    const error = await refusal(`Client,Product,Seats\n${'A,Basic,1\n'.repeat(1_000_001)}`);
    expect(error.message).toContain('more than 1,000,000 rows');
  });
});

type Cells = readonly (readonly exceljs.CellValue[])[];
const ROWS: Cells = [
  ['Client', 'Product', 'Seats', 'Unit Cost', 'Period Start', 'Period End'],
  ['Café Río', 'Basic', 4, 5.755, new Date('2026-10-01T00:00:00Z'), new Date('2026-10-31T00:00:00Z')],
  ['B', 'Basic', { formula: '1+1', result: 2 }, 5.755],
  ['C', 'Basic', { formula: 'A1', result: 0 }],
]; // prettier-ignore

async function workbook(rows: Cells, others: readonly string[] = []): Promise<Buffer> {
  const book = new exceljs.Workbook();
  for (const name of others) book.addWorksheet(name, { state: 'hidden' });
  book.addWorksheet('Seats').addRows(rows.map((row) => [...row]));
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('an Excel workbook', () => {
  it('is read by its content, whatever its name: numbers, days, formulas, the sheet that is shown', async () => {
    const bytes = await workbook(ROWS, ['Old']);
    const counts = ['Café Río/Basic=4', 'B/Basic=2', 'C/Basic=0'];
    expect(await tally(bytes)).toEqual(counts);
    expect(await tally(bytes, { sheet: 'Seats' })).toEqual(counts);
    expect((await refusal(bytes, { sheet: 'Old' })).message).toContain('it is empty');
    expect((await refusal(bytes, { sheet: 'Gone' })).message).toContain('it has no sheet "Gone"');
  });

  it.each<[string, exceljs.CellValue, string]>([
    ['an error', { error: '#N/A' }, 'cell C2 holds #N/A'],
    ['a formula that was never calculated', { formula: '1+1' }, 'cell C2 is a formula without a value'],
    ['a truth value', true, '"TRUE" is not a count'],
    ['a part', 1.5, 'is not a whole number'],
    ['a day', new Date('2026-10-01T00:00:00Z'), 'is not a count'],
  ])('with %s for a count is refused', async (_what, value, words) => {
    const error = await refusal(await workbook([['Client', 'Product', 'Seats'], ['A', 'Basic', value]]));
    expect(error.message).toContain(words);
  }); // prettier-ignore

  it('with more different texts than fit into memory is refused', async () => {
    const parts = ['<si><t>Client</t></si>'];
    for (let text = 0; text <= 250_000; text += 1) parts.push(`<si><t>t${String(text)}</t></si>`);
    const strings = { path: 'xl/sharedStrings.xml', text: `<sst>${parts.join('')}</sst>` };
    const error = await refusal(zip([book, strings]));
    expect(error.message).toContain('more than 250,000 different texts; save it as CSV');
  });

  it('that is cut is refused', async () => {
    const bytes = await workbook(ROWS);
    const error = await refusal(bytes.subarray(0, bytes.length - 100));
    expect(error.message).toContain('it was cut');
  });

  const book: ZipPart = { path: 'xl/workbook.xml', text: '<workbook/>' };
  const sheet = 'xl/worksheets/sheet1.xml';
  const bombs: readonly (readonly [string, () => readonly ZipPart[], string])[] = [
    ['a zip bomb', () => [book, { path: sheet, text: Buffer.alloc(40 * 1024 * 1024) }], 'it would unpack to far more'],
    ['a zip bomb that says it is small', () => [book, { path: sheet, text: Buffer.alloc(4_000_000), claimed: 100 }], 'unpacks to more than it says'],
    ['10,000 entries', () => [book, ...Array.from({ length: 10_000 }, (_, at) => ({ path: `x/${String(at)}`, text: '' }))], 'it holds 10001 parts'],
    ['an external entity', () => [{ ...book, text: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><workbook>&e;</workbook>' }], 'declares entities'],
    ['an external link', () => [book, { path: 'xl/externalLinks/externalLink1.xml', text: '<x/>' }], 'takes values from another workbook'],
    ['macros', () => [book, { path: 'xl/vbaProject.bin', text: 'x' }], 'holds macros'],
    ['a part that its directory hides', () => [book, { path: sheet, text: '<x/>', hidden: true }], 'it is damaged'],
    ['no sheet', () => [book], 'it shows no sheet'],
  ]; // prettier-ignore
  it.each(bombs)('53 %s is refused before it is opened', async (_what, parts, words) => {
    const error = await refusal(zip(parts()));
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toContain(words);
  });
});
