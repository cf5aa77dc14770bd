import { deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { AppError } from '../../src/core/errors.ts';
import { openXlsx } from '../../src/workbook/xlsx-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';
import { unpackXlsx } from '../../src/workbook/xlsx-container.ts';
import type { Cell, Sheet, WorkbookReader } from '../../src/workbook/workbook.ts';

async function written(
  fill: (book: ExcelJS.Workbook, sheet: ExcelJS.Worksheet) => void,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  fill(book, book.addWorksheet('Oct 2026'));
  return Buffer.from(await book.xlsx.writeBuffer());
}

async function reopened(
  fill: (book: ExcelJS.Workbook, sheet: ExcelJS.Worksheet) => void,
): Promise<{ book: WorkbookReader; sheet: Sheet; at: (address: string) => Cell | undefined }> {
  const book = await openXlsx(await written(fill), 'test.xlsx');
  const sheet = await book.readSheet('Oct 2026');
  const at = (address: string): Cell | undefined => {
    const [, letters = '', row = ''] = /^([A-Z]+)(\d+)$/.exec(address) ?? [];
    return sheet.cells.find(
      (cell) => cell.column === letters.charCodeAt(0) - 64 && cell.row === Number(row),
    );
  };
  return { book, sheet, at };
}

test('values, formulas with a stored 0, errors, dates, notes, formats and texts of every kind', async () => {
  const { at } = await reopened((_, sheet) => {
    sheet.getCell('A1').value = 'text';
    sheet.getCell('A2').value = {
      richText: [{ text: 'Bold ' }, { text: 'part', font: { bold: true } }],
    };
    sheet.getCell('A3').value = { text: 'Acme', hyperlink: 'https://acme.example' };
    sheet.getCell('A4').value = { formula: 'A5*0', result: 0 };
    sheet.getCell('A5').value = { error: '#N/A' };
    sheet.getCell('A6').value = new Date(Date.UTC(2026, 9, 31));
    sheet.getCell('A7').value = true;
    sheet.getCell('A8').value = 12.5;
    sheet.getCell('A8').numFmt = '0.0 \\s\\e\\a\\t\\s';
    sheet.getCell('A8').note = 'contract';
    sheet.getCell('A9').value = { formula: 'NOW()' };
    sheet.getCell('A10').value = {
      formula: 'NA()',
      result: { error: '#N/A' } as unknown as number,
    };
    sheet.getCell('A11').value = 3;
    sheet.getCell('A11').font = { bold: true };
    sheet.getCell('A12').value = { formula: 'UPPER("x")', result: 'X' };
  });
  expect(at('A1')?.value).toEqual({ kind: 'text', text: 'text' });
  expect(at('A2')?.value).toEqual({ kind: 'text', text: 'Bold part' });
  expect(at('A3')?.value).toEqual({ kind: 'text', text: 'Acme' });
  expect([at('A4')?.value, at('A4')?.formula]).toEqual([{ kind: 'number', number: 0 }, '=A5*0']);
  expect(at('A5')?.value).toEqual({ kind: 'error', error: '#N/A' });
  expect(at('A6')?.value).toEqual({ kind: 'date', serial: 46_326 });
  expect(at('A7')?.value).toEqual({ kind: 'boolean', boolean: true });
  expect([at('A8')?.value, at('A8')?.note]).toEqual([{ kind: 'number', number: 12.5 }, 'contract']);
  expect([at('A9')?.value, at('A9')?.formula]).toEqual([{ kind: 'blank' }, '=NOW()']);
  expect(at('A10')?.value).toEqual({ kind: 'error', error: '#N/A' });
  expect([at('A11')?.bold, at('A8')?.bold]).toEqual([true, false]);
  expect(at('A12')?.value).toEqual({ kind: 'text', text: 'X' });
});

test('a shared formula reads as its own in every cell', async () => {
  const { at } = await reopened((_, sheet) => {
    sheet.getCell('C1').value = {
      formula: 'A1*B$9',
      result: 1,
      shareType: 'shared',
      ref: 'C1:C3',
    } as ExcelJS.CellFormulaValue;
    sheet.getCell('C2').value = { sharedFormula: 'C1', result: 2 };
    sheet.getCell('C3').value = { sharedFormula: 'C1', result: 3 };
  });
  expect(['C1', 'C2', 'C3'].map((cell) => at(cell)?.formula)).toEqual([
    '=A1*B$9',
    '=A2*B$9',
    '=A3*B$9',
  ]);
});

test('dates of the 1904 system are the same days', async () => {
  const { at } = await reopened((book, sheet) => {
    book.properties.date1904 = true;
    sheet.getCell('A1').value = new Date(Date.UTC(2026, 9, 31));
  });
  expect(at('A1')?.value).toEqual({ kind: 'date', serial: 46_326 });
});

test('merged areas, hidden rows and columns, hidden sheets and names', async () => {
  const { book, sheet, at } = await reopened((workbook, one) => {
    one.mergeCells('A1:C1');
    one.getCell('A1').value = 'title';
    one.getCell('B3').value = 7;
    one.getRow(3).hidden = true;
    one.getColumn(2).hidden = true;
    workbook.addWorksheet('Old').state = 'veryHidden';
    workbook.addWorksheet('Map').state = 'hidden';
    one.getCell('D9').value = '2026-10 s7';
    workbook.definedNames.add("'Oct 2026'!$D$9", 'MCC_AsOf');
  });
  expect(sheet.merged).toEqual([{ top: 1, left: 1, bottom: 1, right: 3 }]);
  expect(at('B1')).toBeUndefined();
  expect([sheet.hiddenRows, sheet.filteredRows, sheet.hiddenColumns]).toEqual([[3], [], [2]]);
  expect(await book.sheetNames()).toEqual([
    { name: 'Oct 2026', visible: true },
    { name: 'Old', visible: false },
    { name: 'Map', visible: false },
  ]);
  expect([await book.readName('MCC_AsOf'), await book.readName('MCC_Period')]).toEqual([
    '2026-10 s7',
    null,
  ]);
});

test('rows that a filter hides are told from rows hidden by hand', async () => {
  const plain = await written((_, sheet) => {
    sheet.addRows([['Client', 'WS'], ['Acme', 5], ['Birch', 3], ['Cedar', 2], [], ['Dogwood', 4]]);
    sheet.autoFilter = 'A1:B4';
    for (const row of [3, 6]) sheet.getRow(row).hidden = true;
  });
  const without = await (await openXlsx(plain, 'a.xlsx')).readSheet('Oct 2026');
  expect([without.hiddenRows, without.filteredRows]).toEqual([[3, 6], []]);
  const active = replacePart(plain, 'xl/worksheets/sheet1.xml', (xml) =>
    xml.replace(
      '<autoFilter ref="A1:B4"/>',
      '<autoFilter ref="A1:B4"><filterColumn colId="0"><filters><filter val="Acme"/></filters></filterColumn></autoFilter>',
    ),
  );
  const filtered = await (await openXlsx(active, 'a.xlsx')).readSheet('Oct 2026');
  expect([filtered.hiddenRows, filtered.filteredRows]).toEqual([[6], [3]]);
});

test('a sheet written by a program, without stored values, is worked out', async () => {
  const bytes = await written((_, sheet) => {
    sheet.addRow(['Client', 'WS', 'SRV', 'Total']);
    sheet.addRow(['Price', 65, 145]);
    for (const [row, ws, srv] of [
      [3, 5, 1],
      [4, 3, null],
    ] as const) {
      sheet.addRow([
        row === 3 ? 'Acme' : 'Birch',
        ws,
        srv,
        { formula: `SUMPRODUCT(B${row}:C${row},B$2:C$2)` },
      ]);
    }
    sheet.addRow(['Total', null, null, { formula: 'SUM(D3:D4)' }]);
  });
  const reading = await readSheet(await openXlsx(bytes, 'a.xlsx'), {
    period: parsePeriod('2026-10'),
  });
  expect([reading.total, reading.shownTotal?.amount, reading.lines.length]).toEqual([
    '665.00',
    '665.00',
    3,
  ]);
});

test.each([
  ['an empty file', Buffer.alloc(0), /is empty/],
  ['three bytes', Buffer.from('PK\u0003'), /is not an Excel workbook/],
  ['a text', Buffer.from('Client,WS\nAcme,5\n'), /is not an Excel workbook/],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old Excel workbook \(\.xls\)/],
  [
    'a protected workbook',
    Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.from('EncryptedPackage', 'utf16le'),
    ]),
    /password/,
  ],
  ['another ZIP', zip([['word/document.xml', '<x/>']]), /without a workbook/],
  ['a binary workbook', zip([['xl/workbook.bin', 'x']]), /\.xlsb/],
  ['a workbook without parts', zip([['xl/workbook.xml', '<oops']]), /cannot be read|no |not/i],
  [
    'a ZIP that lies about its size',
    zip([['xl/workbook.xml', 'x'.repeat(5_000_000)]], 10),
    /damaged/,
  ],
  [
    'a ZIP that unpacks to half a gigabyte',
    zip([['xl/workbook.xml', 'x']], 500 * 1024 * 1024),
    /unpacks to more/,
  ],
])('refuses %s in words', async (_, bytes, words) => {
  const opened = openXlsx(bytes, 'book.xlsx').then((book) => readSheet(book));
  await expect(opened).rejects.toThrow(AppError);
  await expect(opened).rejects.toThrow(words);
});

test('a file cut short is refused in words', async () => {
  const bytes = await written((_, sheet) => void sheet.addRow(['Client', 'WS']));
  for (const part of [0.3, 0.7, 0.98]) {
    const cut = openXlsx(bytes.subarray(0, Math.floor(bytes.length * part)), 'book.xlsx');
    await expect(cut).rejects.toThrow(/"book\.xlsx" is damaged/);
  }
});

/** A ZIP with these parts; the stated size may be a lie. */
function zip(parts: readonly (readonly [string, string | Buffer])[], statedSize?: number): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of parts) {
    const plain = Buffer.from(content as string);
    const packed = deflateRawSync(plain);
    const size = statedSize ?? plain.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    locals.push(local, Buffer.from(name), packed);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entries.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** The same workbook with one part changed. */
function replacePart(bytes: Buffer, path: string, change: (xml: string) => string): Buffer {
  const parts = [...unpackXlsx(bytes, 'a.xlsx')].map(([name, part]): [string, Buffer] => {
    if (name !== path) return [name, part];
    const changed = change(part.toString('utf8'));
    if (changed === part.toString('utf8')) throw new Error(`${path} did not change`);
    return [name, Buffer.from(changed)];
  });
  return crcZip(parts);
}

/** exceljs checks no CRC, so that of the parts may stay zero. */
const crcZip = (parts: readonly (readonly [string, Buffer])[]): Buffer => zip(parts);
