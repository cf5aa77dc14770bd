import ExcelJS from 'exceljs';
import { bootOfficeInNode } from '../../src/workbench/wire/node-bridge.ts';
import { setHidden, writeCells } from '../../src/workbench/model/edit.ts';
import { addSheet, findSheet } from '../../src/workbench/model/sheets.ts';
import { peek, type Workbook } from '../../src/workbench/model/workbook.ts';
import { openXlsx } from '../../src/workbench/xlsx/read.ts';
import { saveXlsx } from '../../src/workbench/xlsx/write.ts';

const COUNT = { id: 'MCCCOUNT', name: 'COUNT', parameters: [{ name: 'client' }] };

async function sample(): Promise<Uint8Array> {
  const file = new ExcelJS.Workbook();
  const sheet = file.addWorksheet('Oct 2026', {
    views: [{ state: 'frozen', xSplit: 1, ySplit: 2 }],
  });
  sheet.getCell('A1').value = 'Billing';
  sheet.mergeCells('A1:C1');
  sheet.getCell('A2').value = {
    richText: [{ text: 'Cli' }, { text: 'ent', font: { bold: true } }],
  };
  sheet.getRow(3).values = ['Acme', 12, 65];
  sheet.getRow(4).values = ['Beta', 3, 145];
  sheet.getRow(5).values = ['Gone', 9, 0];
  sheet.getRow(5).hidden = true;
  sheet.getColumn(6).hidden = true;
  sheet.getColumn(1).width = 30;
  sheet.getCell('D3').value = { formula: 'B3*C3', result: 1 };
  sheet.fillFormula('E3:E5', 'B3+1', [1, 1, 1]);
  sheet.getCell('D6').value = { formula: 'SUM(D3:D5)', result: 1 };
  sheet.getCell('G3').value = { formula: 'MCC.COUNT(A3)', result: 31 };
  sheet.getCell('G4').value = { formula: 'MCC.COUNT(A4)' };
  sheet.getCell('H3').value = { formula: 'SOMETHINGNEW(A3)', result: 42 };
  sheet.getCell('B3').note = 'Contract minimum 12';
  sheet.getCell('B3').numFmt = '0" ea"';
  sheet.getCell('B3').fill = {
    type: 'pattern',
    pattern: 'solid',
    fgColor: { argb: 'FFFFF2CC' },
  };
  sheet.getCell('B4').value = new Date(Date.UTC(2026, 9, 31));
  sheet.getCell('B4').numFmt = 'yyyy-mm-dd';
  sheet.getCell('A4').dataValidation = {
    type: 'list',
    allowBlank: true,
    formulae: ['"Acme,Beta"'],
  };
  sheet.addConditionalFormatting({
    ref: 'B3:B5',
    rules: [
      {
        type: 'expression',
        priority: 1,
        formulae: ['B3>10'],
        style: { fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: 'FFFFE08A' } } },
      },
      { type: 'cellIs', operator: 'lessThan', priority: 2, formulae: ['0'], style: {} },
    ],
  });
  file.addWorksheet('ARCHIVE 2024', { state: 'veryHidden' });
  file.definedNames.add("'Oct 2026'!$G$1", 'MCC_AsOf');
  return new Uint8Array(await file.xlsx.writeBuffer());
}

async function opened(bytes?: Uint8Array) {
  const office = bootOfficeInNode({ functions: [COUNT] });
  const { book, calculation } = office.host;
  const file = await openXlsx(book, bytes ?? (await sample()), 'billing.xlsx');
  calculation.flush();
  return { ...office, book, file, sheet: sheetOf(book) };
}

function sheetOf(book: Workbook, name = 'Oct 2026') {
  const sheet = findSheet(book, name);
  if (!sheet) throw new Error(`no sheet ${name}`);
  return sheet;
}

test('values, merges, hidden parts, notes, names and sizes are opened', async () => {
  const { book, sheet } = await opened();
  expect(book.sheets.map(({ name, visibility }) => [name, visibility])).toEqual([
    ['Oct 2026', 'Visible'],
    ['ARCHIVE 2024', 'VeryHidden'],
  ]);
  expect(peek(sheet, 1, 0).value).toBe('Client');
  expect(peek(sheet, 2, 1)).toMatchObject({
    value: 12,
    numberFormat: '0" ea"',
    fill: '#FFF2CC',
    note: 'Contract minimum 12',
  });
  expect(peek(sheet, 3, 1).value).toBe(46326);
  expect(sheet.merges).toEqual([{ row: 0, column: 0, rows: 1, columns: 3 }]);
  expect([[...sheet.hiddenRows], [...sheet.hiddenColumns]]).toEqual([[4], [5]]);
  expect([sheet.frozenRows, sheet.frozenColumns, sheet.columnWidths.get(0)]).toEqual([2, 1, 215]);
  expect(book.names.get('mcc_asof')?.target).toMatchObject({ rect: { row: 0, column: 6 } });
  expect(sheet.conditionalFormats).toMatchObject([{ formula: '=B3>10', fill: '#FFE08A' }]);
});

test('formulas, shared ones too, are calculated; an unknown function keeps its saved value', async () => {
  const { sheet } = await opened();
  expect(peek(sheet, 2, 3).value).toBe(780);
  expect(peek(sheet, 5, 3).value).toBe(780);
  expect(peek(sheet, 4, 4)).toMatchObject({ formula: '=B5+1', value: 10 });
  expect(peek(sheet, 2, 7).value).toBe(42);
});

test('opening asks no function whose number was saved, and asks for the others', async () => {
  const { sheet, host, CustomFunctions, settled } = await opened();
  CustomFunctions.associate('MCCCOUNT', () => Promise.resolve(7));
  await settled();
  expect(peek(sheet, 2, 6).value).toBe(31);
  expect(peek(sheet, 3, 6).value).toBe(7);
  expect(host.counters.functionCalls).toBe(1);
});

test('a saved number still follows its client cell', async () => {
  const { book, sheet, CustomFunctions, settled } = await opened();
  CustomFunctions.associate('MCCCOUNT', () => Promise.resolve(8));
  writeCells(book, sheet, { row: 2, column: 0, rows: 1, columns: 1 }, 'Acme Limited');
  await settled();
  expect(peek(sheet, 2, 6).value).toBe(8);
});

test('saving keeps what was opened and writes what changed', async () => {
  const { book, sheet, file } = await opened();
  writeCells(book, sheet, { row: 2, column: 1, rows: 1, columns: 1 }, 15);
  setHidden(book, sheet, 'rows', { first: 4, count: 1, hidden: false });
  const review = addSheet(book, 'MCC Review');
  writeCells(book, review, { row: 0, column: 0, rows: 1, columns: 1 }, 'flagged');
  const bytes = await saveXlsx(book, file);

  const saved = new ExcelJS.Workbook();
  await saved.xlsx.load(bytes.buffer as ArrayBuffer);
  const written = saved.getWorksheet('Oct 2026');
  if (!written) throw new Error('the sheet is gone');
  expect(saved.worksheets.map(({ name, state }) => [name, state])).toEqual([
    ['Oct 2026', 'visible'],
    ['ARCHIVE 2024', 'veryHidden'],
    ['MCC Review', 'visible'],
  ]);
  expect(written.getCell('B3').value).toBe(15);
  expect(written.getCell('B3').numFmt).toBe('0" ea"');
  expect(JSON.stringify(written.getCell('B3').note)).toContain('Contract minimum 12');
  expect(written.getCell('D3').result).toBe(975);
  expect(written.getCell('E5').formula).toBe('B5+1');
  expect(written.getCell('G3').formula).toBe('MCC.COUNT(A3)');
  expect(written.getCell('A2').value).toHaveProperty('richText');
  expect(written.getRow(5).hidden).toBe(false);
  expect(written.getColumn(6).hidden).toBe(true);
  expect(written.getCell('A1').isMerged).toBe(true);
  expect(written.getCell('A4').dataValidation).toMatchObject({ type: 'list' });
  expect(saved.definedNames.getRanges('MCC_AsOf').ranges).toEqual(["'Oct 2026'!$G$1"]);
  const { conditionalFormattings } = written as unknown as {
    conditionalFormattings: { rules: { type: string }[] }[];
  };
  const kinds = conditionalFormattings.flatMap(({ rules }) => rules.map(({ type }) => type));
  expect(kinds.sort()).toEqual(['cellIs', 'expression']);
});

test('what was saved opens to the same workbook', async () => {
  const first = await opened();
  const again = await opened(await saveXlsx(first.book, first.file));
  for (const { CustomFunctions, settled } of [first, again]) {
    CustomFunctions.associate('MCCCOUNT', () => Promise.resolve(7));
    await settled();
  }
  const cells = (book: Workbook) =>
    book.sheets.map((sheet) => [...sheet.cells].filter(([, cell]) => cell.value !== ''));
  expect(cells(again.book)).toEqual(cells(first.book));
});

test('a file that is no workbook is named and the open workbook stays', async () => {
  const { book } = await opened();
  const bytes = new TextEncoder().encode('client,qty');
  await expect(openXlsx(book, bytes, 'list.xlsx')).rejects.toThrow(
    'list.xlsx cannot be opened: it is not an .xlsx workbook',
  );
  expect(book.sheets).toHaveLength(2);
});
