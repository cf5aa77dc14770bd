// The Office.js adapter against the real library on the emulated host: what it reads, what it
// writes (and nothing else), how many round trips it takes, what happens in cell-edit mode.
import { createOfficeWorkbook } from '../../src/workbook/office-workbook.ts';
import type { PaneWorkbook } from '../../src/workbook/pane-workbook.ts';
import { bootOfficeInNode, type NodeOffice } from '../../src/workbench/wire/node-bridge.ts';

let office: NodeOffice;
let workbook: PaneWorkbook;
const waits: boolean[] = [];

beforeEach(async () => {
  office = bootOfficeInNode();
  Object.assign(globalThis, { Excel: office.Excel });
  waits.length = 0;
  workbook = createOfficeWorkbook({
    title: () => 'Billing 2026.xlsx',
    delay: (ms) => new Promise((done) => setTimeout(done, Math.min(ms, 5))),
  });
  workbook.onWaiting((waiting) => waits.push(waiting));
  await office.Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.add('Oct 2026');
    sheet.getRange('A3:D6').values = [
      ['Client', 'WS', 'Price', 'Amount'],
      ['Acme Limited', 12, 10, '=B4*C4'],
      ['Beta', 'n/a', 10, '=1/0'],
      ['Cobalt', 3, 10, '=B6*C6'],
    ];
    sheet.getRange('A1:D1').merge();
    sheet.getRange('A1').values = [['October 2026']];
    sheet.getRange('E4').numberFormat = [['yyyy-mm-dd']];
    sheet.getRange('E4').values = [[46326]];
    await context.sync();
  });
  await office.settled();
});

const cell = (sheet: Awaited<ReturnType<PaneWorkbook['readSheet']>>, row: number, column: number) =>
  sheet.cells.find((one) => one.row === row && one.column === column);

async function requestsOf(action: () => Promise<unknown>): Promise<number> {
  const before = office.host.counters.requests;
  await action();
  return office.host.counters.requests - before;
}

async function contentOf(name: string): Promise<unknown[][]> {
  return office.Excel.run(async (context) => {
    const used = context.workbook.worksheets.getItem(name).getUsedRange().load('formulas');
    await context.sync();
    return used.formulas as unknown[][];
  });
}

test('reads values, formulas, errors, dates and merges of a sheet', async () => {
  const sheet = await workbook.readSheet('Oct 2026');
  expect(cell(sheet, 4, 1)?.value).toEqual({ kind: 'text', text: 'Acme Limited' });
  expect(cell(sheet, 4, 2)?.value).toEqual({ kind: 'number', number: 12 });
  expect(cell(sheet, 4, 4)).toMatchObject({
    value: { kind: 'number', number: 120 },
    formula: '=B4*C4',
  });
  expect(cell(sheet, 5, 4)?.value).toEqual({ kind: 'error', error: '#DIV/0!' });
  expect(cell(sheet, 4, 5)?.value).toEqual({ kind: 'date', serial: 46326 });
  expect(cell(sheet, 2, 1)).toBeUndefined();
  expect(sheet.merged).toEqual([{ top: 1, left: 1, bottom: 1, right: 4 }]);
  expect([sheet.hiddenRows, sheet.filteredRows, sheet.hiddenColumns]).toEqual([[], [], []]);
});

test('tells rows hidden by hand from rows hidden by a filter', async () => {
  await office.Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.getItem('Oct 2026');
    sheet.getRange('2:2').rowHidden = true;
    sheet.getRange('C:C').columnHidden = true;
    sheet.autoFilter.apply('A3:D6', 0, {
      filterOn: 'Values',
      values: ['Acme Limited', 'Cobalt'],
    } as never);
    await context.sync();
  });
  const sheet = await workbook.readSheet('Oct 2026');
  expect(sheet.hiddenRows).toEqual([2]);
  expect(sheet.filteredRows).toEqual([5]);
  expect(sheet.hiddenColumns).toEqual([3]);
  expect(cell(sheet, 5, 1)?.value).toEqual({ kind: 'text', text: 'Beta' });
});

test('an empty sheet is a sheet without cells', async () => {
  await office.Excel.run(async (context) => {
    context.workbook.worksheets.add('Empty');
    await context.sync();
  });
  expect((await workbook.readSheet('Empty')).cells).toEqual([]);
});

test('reads a sheet of 400 rows in a handful of round trips', async () => {
  await office.Excel.run(async (context) => {
    const range = context.workbook.worksheets.add('Long').getRange('A1:E400');
    range.values = Array.from({ length: 400 }, (_, row) => [
      `Client ${row}`,
      row,
      10,
      row * 10,
      '',
    ]);
    await context.sync();
  });
  expect(await requestsOf(() => workbook.readSheet('Long'))).toBeLessThanOrEqual(3);
});

test('writes the month and the stamp as text into two named cells, and once more into the same', async () => {
  await workbook.writeName('MCC_Period', '2026-10');
  await workbook.writeName('MCC_AsOf', '2026-10|snap-1');
  const requests = await requestsOf(() => workbook.writeName('MCC_AsOf', '2026-10|snap-2'));
  expect(await workbook.readName('MCC_Period')).toBe('2026-10');
  expect(await workbook.readName('MCC_AsOf')).toBe('2026-10|snap-2');
  expect(await contentOf('MCC')).toEqual([
    ['MCC_Period', '2026-10'],
    ['MCC_AsOf', '2026-10|snap-2'],
  ]);
  expect(await workbook.readName('MCC_Nothing')).toBeNull();
  expect(requests).toBeLessThanOrEqual(3);
});

test('a name with a formula in front stays a name', async () => {
  await workbook.appendAudit([
    ['2026-10-31', '=HYPERLINK("http://x")', '+1', '@x', 'a\u202Eb\u0000', '', '', '', ''],
  ]);
  const rows = await contentOf('MCC Audit');
  expect(rows[0]?.[0]).toBe('When');
  const [, who, what, month, invoices] = (rows[1] ?? []).map((value) =>
    String(value).replace(/^'/, ''),
  );
  expect([who, what, month, invoices]).toEqual(['=HYPERLINK("http://x")', '+1', '@x', 'ab']);
  await office.Excel.run(async (context) => {
    const range = context.workbook.worksheets
      .getItem('MCC Audit')
      .getRange('B2')
      .load('values,valueTypes,numberFormat');
    await context.sync();
    expect(range.valueTypes[0]?.[0]).toBe('String');
    expect(range.numberFormat[0]?.[0]).toBe('@');
  });
});

test('appends below what is there', async () => {
  await workbook.appendAudit([['1', 'a', '', '', '', '', '', '', '']]);
  await workbook.appendAudit([
    ['2', 'b', '', '', '', '', '', '', ''],
    ['3', 'c', '', '', '', '', '', '', ''],
  ]);
  const rows = await contentOf('MCC Audit');
  expect(rows.map((row) => row[1])).toEqual(['Who', 'a', 'b', 'c']);
});

test('highlights with two rules of its own; other cells, formats and rules stay', async () => {
  await office.Excel.run(async (context) => {
    const own = context.workbook.worksheets
      .getItem('Oct 2026')
      .getRange('B4:B6')
      .conditionalFormats.add('Custom');
    own.custom.rule.formula = '=B4>100';
    await context.sync();
  });
  const before = await contentOf('Oct 2026');
  const block = 'Oct 2026!B4:C6';
  await workbook.highlight(block, [
    { cell: 'Oct 2026!B4', kind: 'flagged' },
    { cell: 'Oct 2026!C6', kind: 'changed' },
  ]);
  const again = await requestsOf(() =>
    workbook.highlight(block, [{ cell: 'Oct 2026!B5', kind: 'changed' }]),
  );
  expect(await contentOf('Oct 2026')).toEqual(before);
  expect(await rules()).toEqual([
    `='MCC Review'!B4="flagged"`,
    `='MCC Review'!B4="changed"`,
    '=B4>100',
  ]);
  expect(await contentOf('MCC Review')).toEqual([['changed']]);
  expect(again).toBeLessThanOrEqual(3);
  await workbook.clearHighlights();
  expect(await rules()).toEqual(['=B4>100']);
});

async function rules(): Promise<string[]> {
  return office.Excel.run(async (context) => {
    const formats = context.workbook.worksheets
      .getItem('Oct 2026')
      .getRange()
      .conditionalFormats.load('items/type');
    await context.sync();
    formats.items.forEach((format) => format.custom.rule.load('formula'));
    await context.sync();
    return formats.items.map((format) => format.custom.rule.formula);
  });
}

test('writes formulas and results where they were meant, filtered or not', async () => {
  await workbook.writeCells([
    { cell: 'Oct 2026!F4', value: '=1+1', as: 'formula' },
    { cell: 'Oct 2026!F5', value: 'MB2610-0042', as: 'value' },
    { cell: 'Oct 2026!F6', value: '=cmd', as: 'value' },
  ]);
  const rows = await contentOf('Oct 2026');
  expect(rows.slice(3).map((row) => row[5])).toEqual([
    '=1+1',
    'MB2610-0042',
    expect.stringMatching(/^'?=cmd$/),
  ]);
  const sheet = await workbook.readSheet('Oct 2026');
  expect(cell(sheet, 6, 6)).toMatchObject({ value: { kind: 'text' }, formula: null });
});

test('keeps its settings among those of others', async () => {
  await office.Excel.run(async (context) => {
    context.workbook.settings.add('other', 'x');
    await context.sync();
  });
  await workbook.writeSettings({ 'mcc.sheet': '2026-10|Oct 2026' });
  expect(await workbook.readSettings()).toEqual({ 'mcc.sheet': '2026-10|Oct 2026' });
});

test('waits while a cell is being typed in, tells it once, and goes on by itself', async () => {
  office.host.faults.refuseNext.push('cellEdit', 'cellEdit', 'cellEdit');
  await workbook.writeName('MCC_Period', '2026-10');
  expect(waits).toEqual([true, false]);
  expect(await workbook.readName('MCC_Period')).toBe('2026-10');
});

test('a protected sheet and a missing cell are named in words', async () => {
  office.host.faults.readOnly = true;
  await expect(workbook.writeName('MCC_Period', '2026-10')).rejects.toThrow(
    'The sheet is protected.',
  );
  office.host.faults.readOnly = false;
  await expect(workbook.select('Gone!A1')).rejects.toThrow('not in this workbook any more');
});

test('reports edits and the selected cell with the name of the sheet, not its own writes', async () => {
  const edited: string[] = [];
  const selected: string[] = [];
  const stopEdits = await workbook.onEdited((at) => edited.push(at));
  await workbook.onSelected((at) => selected.push(at));
  await office.Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.getItem('Oct 2026');
    sheet.getRange('B4').values = [[13]];
    sheet.getRange('C5').select();
    await context.sync();
  });
  await workbook.writeName('MCC_AsOf', '2026-10|snap-3');
  await office.settled();
  await new Promise((done) => setTimeout(done, 50));
  expect(edited).toEqual(['Oct 2026!B4']);
  expect(selected.at(-1)).toBe('Oct 2026!C5');
  await stopEdits();
});

test('recalculates exactly the cells it is given', async () => {
  expect(
    await requestsOf(() => workbook.recalculate(['Oct 2026!D4', 'Oct 2026!D6'])),
  ).toBeLessThanOrEqual(2);
  expect(await requestsOf(() => workbook.recalculate([]))).toBeLessThanOrEqual(1);
});
