import { parseAddress, formatRect, quoteSheet } from '../../src/workbench/model/a1.ts';
import { displayText } from '../../src/workbench/model/display.ts';
import { readEntry } from '../../src/workbench/model/input.ts';
import { shiftFormula } from '../../src/workbench/model/rewrite.ts';
import { merge, writeCells } from '../../src/workbench/model/edit.ts';
import { addSheet } from '../../src/workbench/model/sheets.ts';
import { createWorkbook, emptyCell, touch } from '../../src/workbench/model/workbook.ts';
import { contrast, readable } from '../../src/workbench/page/contrast.ts';
import { asText, entryText, paste } from '../../src/workbench/page/grid-text.ts';
import { columnsInView, layoutOf, rowsInView } from '../../src/workbench/page/layout.ts';
import { move } from '../../src/workbench/page/moves.ts';
import { conditionalLook } from '../../src/workbench/page/rules.ts';
import { spansOf } from '../../src/workbench/page/spans.ts';

function openSheet() {
  const book = createWorkbook();
  return { book, sheet: addSheet(book, 'Oct') };
}

test.each([
  ['A1', 'A1'],
  ['$B$3:C9', 'B3:C9'],
  ['c9:B3', 'B3:C9'],
  ['A:C', 'A:C'],
  ['3:5', '3:5'],
  ['XFD1048576', 'XFD1048576'],
])('the address %s is %s', (text, expected) => {
  const parsed = parseAddress(text);
  expect(parsed && formatRect(parsed.rect)).toBe(expected);
});

test.each(['XFE1', 'A1048577', 'A0', 'MCC_AsOf', '', 'A1:'])('%p is no address', (text) => {
  expect(parseAddress(text)).toBeNull();
});

test('sheet names are quoted where Excel quotes them', () => {
  expect(['Oct', 'Oct 2026', "Bob's", 'A1', 'R2'].map(quoteSheet)).toEqual([
    'Oct',
    "'Oct 2026'",
    "'Bob''s'",
    "'A1'",
    "'R2'",
  ]);
  expect(parseAddress("'Bob''s'!B2")).toMatchObject({ sheet: "Bob's" });
});

test.each([
  ['12', 12],
  ['1,234.50', 1234.5],
  ['$5', 5],
  ['-$5.25', -5.25],
  ['(48.65)', -48.65],
  ['12%', 0.12],
  ['TRUE', true],
  ['#n/a', '#N/A'],
  ['2026-10-31', 46326],
  ['10/31/2026', 46326],
  ['Oct 2026', 46296],
  ['2026-13', '2026-13'],
  ['-', '-'],
  ['1,23', '1,23'],
  ["'0012", '0012'],
  ['  x ', '  x '],
])('typing %p gives %p', (text, expected) => {
  expect(readEntry(text, 'General').value).toBe(expected);
});

test.each([
  [0.1 + 0.2, 'General', '0.3'],
  [1234567.891, 'General', '1234567.891'],
  [1e21, 'General', '1E+21'],
  [31, '0" ea"', '31 ea'],
  [-1204.5, '#,##0.00;[Red](#,##0.00)', '(1,204.50)'],
  [46326, 'yyyy-mm-dd', '2026-10-31'],
  [0.285, '0.0%', '28.5%'],
])('%d as %p shows %p', (value, numberFormat, expected) => {
  expect(displayText({ ...emptyCell(), value, numberFormat })).toBe(expected);
});

test('relative cells move with a rule, fixed ones and texts do not', () => {
  expect(shiftFormula('=AND(C8>$C$6,C$8<$C8,"C8"="x",\'A1 b\'!C8)', 2, 1)).toBe(
    '=AND(D10>$C$6,D$8<$C10,"C8"="x",\'A1 b\'!D10)',
  );
  expect(shiftFormula('=A1', -1, 0)).toBe('=#REF!');
});

test('the first rule that holds decides the fill', () => {
  const { sheet } = openSheet();
  const rule = (id: string, formula: string, fill: string) => ({
    ...{ id, formula, fill, fontColor: null, bold: null, stopIfTrue: false },
    rects: [{ row: 2, column: 2, rows: 3, columns: 3 }],
  });
  sheet.conditionalFormats = [rule('1', '=C3="a"', '#111111'), rule('2', '=TRUE', '#222222')];
  const holds = (formula: string) => formula === '=D4="a"' || formula === '=TRUE';
  expect(conditionalLook(sheet, 3, 3, holds)?.fill).toBe('#111111');
  expect(conditionalLook(sheet, 2, 2, holds)?.fill).toBe('#222222');
  expect(conditionalLook(sheet, 9, 9, holds)).toBeNull();
});

test('text on a coloured cell can always be read', () => {
  expect(readable('#C00000', '#FFFFFF')).toBe('#C00000');
  for (const ground of ['#FFF2CC', '#171B19', '#808080', '#1D5C3F']) {
    expect(contrast(readable(ground, ground), ground)).toBeGreaterThanOrEqual(4.5);
  }
});

test('keys step over hidden rows and out of merged areas', () => {
  const { book, sheet } = openSheet();
  sheet.hiddenRows.add(1).add(2);
  merge(book, sheet, { row: 4, column: 0, rows: 1, columns: 3 });
  const press = (row: number, column: number, key: string, ctrl = false) =>
    move(sheet, { row, column }, { key, ctrl });
  expect(press(0, 0, 'ArrowDown')).toEqual({ row: 3, column: 0 });
  expect(press(0, 0, 'ArrowUp')).toEqual({ row: 0, column: 0 });
  expect(press(3, 1, 'ArrowDown')).toEqual({ row: 4, column: 0 });
  expect(press(4, 0, 'ArrowRight')).toEqual({ row: 4, column: 3 });
  writeCells(book, sheet, { row: 5, column: 1, rows: 3, columns: 1 }, [[1], [2], [3]]);
  expect(press(5, 1, 'ArrowDown', true)).toEqual({ row: 7, column: 1 });
  expect(press(0, 0, 'x')).toBeNull();
});

test('a large sheet is drawn in part, with its frozen rows and spacers for the rest', () => {
  const { sheet } = openSheet();
  sheet.frozenRows = 3;
  sheet.hiddenRows.add(10);
  for (let row = 0; row < 2_000; row += 1) touch(sheet, row, 0).value = row;
  const layout = layoutOf(sheet, { row: 0, column: 0 }, true);
  const { shown, before, after } = rowsInView(layout, { top: 20_000, height: 600 });
  expect(shown.length).toBeLessThan(120);
  expect(shown.slice(0, 3).map((row) => row.index)).toEqual([0, 1, 2]);
  const height = shown.reduce((sum, row) => sum + row.size, 0);
  expect(before + height + after).toBe(layout.height);
  expect(layout.rows.some((row) => row.index === 10)).toBe(false);
});

test('a wide sheet is drawn in part too', () => {
  const { sheet } = openSheet();
  sheet.frozenColumns = 1;
  for (let column = 0; column < 60; column += 1) touch(sheet, 0, column).value = column;
  const layout = layoutOf(sheet, { row: 0, column: 0 }, true);
  const { shown, before, after } = columnsInView(layout, { left: 2_000, width: 600 });
  expect(shown.length).toBeLessThan(30);
  expect(shown[0]?.index).toBe(0);
  const width = shown.reduce((sum, column) => sum + column.size, 0);
  const last = layout.columns.at(-1);
  expect(before + width + after).toBe((last?.start ?? 0) + (last?.size ?? 0));
});

test('a merge around a hidden row spans what is left', () => {
  const { book, sheet } = openSheet();
  merge(book, sheet, { row: 0, column: 0, rows: 4, columns: 2 });
  sheet.hiddenRows.add(1);
  const { rows, columns } = layoutOf(sheet, { row: 0, column: 0 }, true);
  const spans = spansOf(sheet, rows, columns);
  expect(spans.get(0)).toMatchObject({ kind: 'first', rows: 3, columns: 2 });
  expect(spans.get(1)).toEqual({ kind: 'covered' });
});

test('cells are copied as shown and pasted as typed', () => {
  const { book, sheet } = openSheet();
  paste(book, sheet, { row: 0, column: 0 }, 'Acme\t12%\nBeta\t=1+1\n');
  expect(asText(sheet, { row: 0, column: 0, rows: 1, columns: 2 })).toBe('Acme\t12%');
  expect(entryText(sheet, 1, 1)).toBe('=1+1');
  expect(entryText(sheet, 0, 1)).toBe('12%');
});
