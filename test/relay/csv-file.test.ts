/** Files as people really save them: which are read, and what is said of those that are not. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { AppError } from '../../src/core/errors.ts';
import { createHttp } from '../../src/relay/http.ts';
import { csvFile } from '../../src/relay/sources/registry.ts';
import type { VendorCounts } from '../../src/relay/sources/source.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcc-csv-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const http = createHttp();
const PERIOD = parsePeriod('2026-10');
const COLUMNS = { clientColumn: 'Client', sku: 'SEAT', quantityColumn: 'Seats' };

function count(content: string | Buffer, settings: Record<string, unknown> = COLUMNS): Promise<VendorCounts> {
  const path = join(folder, 'seats.csv');
  writeFileSync(path, content);
  return csvFile.count({ path, ...settings }, PERIOD, http);
} // prettier-ignore

async function tally(content: string | Buffer, settings?: Record<string, unknown>): Promise<string[]> {
  const { counts } = await count(content, settings);
  return counts.map(({ clientName, sku, quantity }) => `${clientName}/${sku}=${quantity}`);
} // prettier-ignore

async function refusal(content: string | Buffer, settings?: Record<string, unknown>): Promise<AppError> {
  return count(content, settings).then(
    () => Promise.reject(new Error('the file was taken')),
    (error: unknown) => error as AppError,
  );
} // prettier-ignore

const utf16 = (text: string, mark: boolean, big = false): Buffer => {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};
const PLAIN = 'Client,Seats\nCafé Río,4\nBeta,2\n';
const BOTH = ['Café Río/SEAT=4', 'Beta/SEAT=2'];

describe('is read', () => {
  const readable: readonly (readonly [string, string | Buffer])[] = [
    ['UTF-8', PLAIN],
    ['with a byte order mark', `\uFEFF${PLAIN}`],
    ['UTF-16 with a mark', utf16(PLAIN, true)],
    ['UTF-16 big-endian with a mark', utf16(PLAIN, true, true)],
    ['UTF-16 without a mark', utf16(PLAIN, false)],
    ['Windows-1252', Buffer.from(PLAIN, 'latin1')],
    ['semicolons', PLAIN.replaceAll(',', ';')],
    ['tabs', PLAIN.replaceAll(',', '\t')],
    ['bars', PLAIN.replaceAll(',', '|')],
    ['sep= line', `sep=;\r\n${PLAIN.replaceAll(',', ';')}`],
    ['CRLF', PLAIN.replaceAll('\n', '\r\n')],
    ['lone CR', PLAIN.replaceAll('\n', '\r')],
    ['no line end at the end', PLAIN.trimEnd()],
    ['blank lines', PLAIN.replaceAll('\n', '\n\n')],
    ['trailing commas', PLAIN.replaceAll('\n', ',,\n')],
    ['quotes', 'Client,Seats\n"Café Río","4"\n"Beta",2\n'],
    [
      'columns in another order, others between',
      'Seats,Note,client\n4,"a, ""b""\nc",Café Río\n2,,Beta\n',
    ],
    ['spaces round values', 'Client , Seats\n Café Río ,4 \n\u00a0Beta\u00a0, 2\n'],
    ['letters taken apart', PLAIN.normalize('NFD')],
  ];
  it.each(readable)('%s', async (_what, content) => {
    expect(await tally(content)).toEqual(BOTH);
  });

  it('keeps a formula and a name with quotes as plain text', async () => {
    const text = 'Client,Seats\n"=cmd|\'/C calc\'!A0",1\n"Smith ""&"" Sons, Ltd",2\n';
    expect(await tally(text)).toEqual(["=cmd|'/C calc'!A0/SEAT=1", 'Smith "&" Sons, Ltd/SEAT=2']);
  });

  it('adds rows of one client, and shows rows that name none', async () => {
    expect(await tally('Client,Seats\nA,1\nA,2\n,5\n')).toEqual(['A/SEAT=3', '(no client)/SEAT=5']);
  });

  it('counts rows, each serial number once, and zero for a client with none left', async () => {
    const text = 'Client,Class,Status,Serial\nA,WS,Active,x1\nA,WS,active,X1\nA,SRV,Active,\nA,SRV,Active,\nB,WS,Retired,y\n';
    const settings = { clientColumn: 'Client', skuColumn: 'Class', distinctColumn: 'Serial', filter: { column: 'Status', values: ['Active'] } };
    expect(await tally(text, settings)).toEqual(['A/WS=1', 'A/SRV=2', 'B/WS=0', 'B/SRV=0']);
  }); // prettier-ignore

  it('takes hours in parts, and nothing else', async () => {
    const text = 'Client,Seats\nA,1.25\nA,0.5\n';
    expect(await tally(text, { ...COLUMNS, basis: 'billable' })).toEqual(['A/SEAT=1.75']);
    expect((await refusal(text)).message).toContain('row 2, column "Seats": 1.25');
  });

  it('is as old as the newest day in it, else as the file', async () => {
    const text = 'Client,Seats,Day\nA,1,2026-10-29\nB,1,2026-10-30 07:15\nC,1,\n';
    expect((await count(text, { ...COLUMNS, dateColumn: 'Day' })).asOf).toBe('2026-10-30T00:00:00.000Z');
    const age = Date.now() - Date.parse((await count(text)).asOf ?? '');
    expect(Math.abs(age)).toBeLessThan(60_000);
  }); // prettier-ignore

  it('reads 100,000 rows, in pieces', async () => {
    const rows = Array.from({ length: 100_000 }, (_, row) => `Client ${String(row % 40)},1`);
    const { counts } = await count(`Client,Seats\n${rows.join('\n')}\n`);
    expect(counts.length).toBe(40);
    expect(new Set(counts.map(({ quantity }) => quantity))).toEqual(new Set(['2500']));
  }, 30_000);
});

describe('is refused with file, row and column', () => {
  const bad: readonly (readonly [string, string | Buffer, string])[] = [
    ['nothing', '', 'it is empty'],
    ['only a mark', '\uFEFF', 'it is empty'],
    ['only blank lines', '\n\n  \n', 'it is empty'],
    ['a header alone', 'Client,Seats\n', 'no rows below its first'],
    ['an Excel workbook', Buffer.from('504b03040a00', 'hex'), 'Excel workbook'],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b1', 'hex'), 'old Excel workbook'],
    ['a web page', '<!doctype html>\n<table></table>', 'web page'],
    ['a log-in page after spaces', '\n  <html>', 'web page'],
    ['a compressed file', Buffer.from('1f8b0800', 'hex'), 'compressed'],
    ['a missing column', 'Client,Licences\nA,1\n', 'no column "Seats" in its first row, which reads: Client, Licences'],
    ['no header at all', 'A,1\nB,2\n', 'no column "Client"'],
    ['a column twice', 'Client,Seats,seats\nA,1,2\n', 'two columns are called "Seats"'],
    ['a short row', 'Client,Seats,Note\nA,1,x\nB,2\n', 'row 3 has 2 values where the first row names 3'],
    ['a long row', 'Client,Seats\nA,1\nB, Inc,2\n', 'row 3 has 3 values'],
    ['an open quote', 'Client,Seats\nA,1\n"B,2\nC,3\n', 'row 3: a quotation mark is not closed'],
    ['a NUL', 'Client,Seats\nA\u0000,1\n', 'NUL'],
    ['a control character', 'Client,Seats\nA\u0007,1\n', 'row 2: a value is not text'],
    ['one endless line', `Client,Seats\n${'x'.repeat(1_100_000)},1\n`, 'line 2 is longer'],
    ['no number', 'Client,Seats\nA,1\nB,n/a\n', 'row 3, column "Seats": "n/a"'],
    ['an empty number', 'Client,Seats\nA,\n', 'row 2, column "Seats": ""'],
    ['a thousands comma', 'Client,Seats\nA,"1,234"\n', '"1,234"'],
    ['a German number', 'Client;Seats\nA;1.234,50\n', '"1.234,50"'],
    ['a wide number', 'Client,Seats\nA,１２\n', 'row 2'],
    ['a negative number', 'Client,Seats\nA,-1\n', '"-1"'],
    ['an accountant\'s negative', 'Client,Seats\nA,(5)\n', '"(5)"'],
    ['an exponent', 'Client,Seats\nA,1e3\n', '"1e3"'],
    ['hexadecimal', 'Client,Seats\nA,0x10\n', '"0x10"'],
    ['infinity', 'Client,Seats\nA,Infinity\n', '"Infinity"'],
    ['a huge number', 'Client,Seats\nA,99999999999\n', '"99999999999"'],
    ['a long value', `Client,Seats\n${'x'.repeat(256)},1\n`, 'row 2: a value is longer than 255'],
  ]; // prettier-ignore
  it.each(bad)('%s', async (_what, content, words) => {
    const error = await refusal(content);
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toContain('seats.csv');
    expect(error.message).toContain(words);
  });

  it.each(['10/31/2026', '2026-02-30', 'yesterday', '46326'])('a day written %s', async (day) => {
    const error = await refusal(`Client,Seats,Day\nA,1,${day}\n`, {
      ...COLUMNS,
      dateColumn: 'Day',
    });
    expect(error.message).toContain(`row 2, column "Day": "${day}"`);
  });

  it('bytes that are not the encoding it was told', async () => {
    const error = await refusal(Buffer.from(PLAIN, 'latin1'), { ...COLUMNS, encoding: 'utf-8' });
    expect(error.message).toContain('not utf-8');
  });

  it('more than 1,000,000 rows', async () => {
    const error = await refusal(`Client,Seats\n${'A,1\n'.repeat(1_000_001)}`);
    expect(error.message).toContain('more than 1,000,000 rows');
  }, 60_000);

  it('a file that is not there, a folder, and one that may not be read', async () => {
    const at = (path: string): Promise<unknown> =>
      csvFile.count({ path, ...COLUMNS }, PERIOD, http).catch((error: unknown) => error);
    expect(await at(join(folder, 'gone.csv'))).toMatchObject({ code: 'SOURCE_DOWN' });
    mkdirSync(join(folder, 'folder.csv'));
    expect(await at(join(folder, 'folder.csv'))).toMatchObject({ code: 'SOURCE_MALFORMED' });
    if (process.getuid?.() === 0 || process.platform === 'win32') return;
    writeFileSync(join(folder, 'closed.csv'), PLAIN);
    chmodSync(join(folder, 'closed.csv'), 0);
    expect(await at(join(folder, 'closed.csv'))).toMatchObject({ code: 'SOURCE_REFUSED' });
  });
});

describe('settings that contradict each other', () => {
  it.each([
    [{ clientColumn: 'Client' }, 'skuColumn'],
    [{ clientColumn: 'Client', sku: 'A', skuColumn: 'B' }, 'skuColumn'],
    [{ ...COLUMNS, distinctColumn: 'Serial' }, 'distinctColumn'],
    [{ ...COLUMNS, delimiter: ' ' }, 'delimiter'],
    [{ ...COLUMNS, encoding: 'ebcdic' }, 'encoding'],
    [{ ...COLUMNS, filter: { column: 'X', values: [] } }, 'filter.values'],
  ])('%j', (settings, field) => {
    expect(() => csvFile.parseSettings({ path: 'seats.csv', ...settings })).toThrow(field);
  });
});
