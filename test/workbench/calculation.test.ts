import { createCalculation } from '../../src/workbench/calc/calculation.ts';
import { createCustomFunctions } from '../../src/workbench/calc/custom-functions.ts';
import { round } from '../../src/workbench/calc/functions.ts';
import { parseAddress } from '../../src/workbench/model/a1.ts';
import { clearCells, writeCells } from '../../src/workbench/model/edit.ts';
import { addName, removeName } from '../../src/workbench/model/names.ts';
import { addSheet, removeSheet, renameSheet } from '../../src/workbench/model/sheets.ts';
import { createWorkbook, peek, type Sheet } from '../../src/workbench/model/workbook.ts';

function openBook() {
  const book = createWorkbook();
  const functions = createCustomFunctions({
    namespace: 'MCC',
    metadata: [],
    send: () => undefined,
    cancel: () => undefined,
  });
  const calculation = createCalculation(book, functions);
  const sheet = addSheet(book, 'Oct 2026');
  const at = (address: string) => {
    const parsed = parseAddress(address);
    if (!parsed) throw new Error(`no address ${address}`);
    return parsed.rect;
  };
  const put = (address: string, input: unknown, on: Sheet = sheet) =>
    writeCells(book, on, at(address), input);
  const value = (address: string, on: Sheet = sheet) =>
    peek(on, at(address).row, at(address).column).value;
  const evaluate = (formula: string) => {
    put('Z99', formula);
    return value('Z99');
  };
  return { book, calculation, sheet, put, value, evaluate, at };
}

describe('formulas as billing sheets use them', () => {
  const { put, evaluate } = openBook();
  put('A1:D6', [
    ['Client', 'Qty', 'Price', 'Code'],
    ['Acme', 12, 65, 'WS'],
    ['Beta', '-', 8, 'EDR'],
    ['acme', 3, 145, 'SRV'],
    ['Gamma', '', 4.8, 'ws'],
    ['Total', '#N/A', true, 'x*y'],
  ]);

  test.each([
    ['=SUMPRODUCT(B2:B5,C2:C5)', 12 * 65 + 3 * 145],
    ['=SUMPRODUCT((A2:A5="ACME")*C2:C5)', 65 + 145],
    ['=SUMPRODUCT(--(D2:D5="ws"))', 2],
    ['=SUMPRODUCT(B2:B5,C2:C5)-48.65', 12 * 65 + 3 * 145 - 48.65],
    ['=SUM(B2:B5)', 15],
    ['=SUM(B2:B6)', '#N/A'],
    ['=SUM(A:A,B2)', 12],
    ['=SUMIF(A2:A5,"acme",B2:B5)', 15],
    ['=SUMIF(A:A,"a*",C:C)', 210],
    ['=SUMIFS(C2:C5,A2:A5,"acme",C2:C5,">100")', 145],
    ['=COUNTIF(C2:C5,">=8")', 3],
    ['=COUNTIF(D2:D6,"x~*y")', 1],
    ['=COUNTIFS(A2:A5,"<>Acme")', 2],
    ['=AVERAGEIFS(C2:C5,D2:D5,"WS")', (65 + 4.8) / 2],
    ['=COUNTA(A1:A6)', 6],
    ['=COUNTBLANK(B2:B5)', 1],
    ['=IF(B5="",0,1)', 0],
    ['=IF(B5=0,"none","some")', 'none'],
    ['=IFERROR(B6,7)', 7],
    ['=IFNA(B6,7)', 7],
    ['=IFNA(1/0,7)', '#DIV/0!'],
    ['=VLOOKUP("beta",A2:C5,3,FALSE)', 8],
    ['=VLOOKUP("nobody",A2:C5,3,FALSE)', '#N/A'],
    ['=XLOOKUP("SRV",D2:D5,C2:C5)', 145],
    ['=_xlfn.XLOOKUP("none",D2:D5,C2:C5,"not there")', 'not there'],
    ['=XLOOKUP(50,C2:C4,D2:D4,"?",1)', 'WS'],
    ['=INDEX(C2:C5,MATCH("Gamma",A2:A5,0))', 4.8],
    ['=TEXT(1234.5,"$#,##0.00")', '$1,234.50'],
    ['=ROUND(2.345*100,1)', 234.5],
    ['=A2&" "&B2', 'Acme 12'],
    ['="a"="A"', true],
    ['=B3+1', '#VALUE!'],
    ['=NOSUCH(1)', '#NAME?'],
    ['=1+', '#NAME?'],
    ["='No such sheet'!A1", '#REF!'],
    ['=NoSuchName', '#NAME?'],
    ['=-B2^2', 144],
    ['=10%*B2', 1.2],
  ])('%s', (formula, expected) => {
    const result = evaluate(formula);
    if (typeof expected === 'number') expect(result).toBeCloseTo(expected, 9);
    else expect(result).toBe(expected);
  });
});

test.each([
  [1.005, 2, 1.01],
  [2.675, 2, 2.68],
  [-1.005, 2, -1.01],
  [1234.5, -2, 1200],
  [0, 2, 0],
  [1e-7, 2, 0],
])('ROUND(%d, %d) is %d', (value, digits, expected) => {
  expect(round(value, digits, (size) => Math.floor(size + 0.5))).toBe(expected);
});

test('a change runs through everything that hangs on it, across sheets', () => {
  const { book, put, value } = openBook();
  const totals = addSheet(book, 'Totals');
  put('A1', 2);
  put('A2', '=A1*10');
  put('A3', '=SUM(A1:A2)');
  put('B1', "='Oct 2026'!A3+1", totals);
  put('A1', 5);
  expect([value('A2'), value('A3'), value('B1', totals)]).toEqual([50, 55, 56]);
});

test('a formula may be written before what it reads', () => {
  const { put, value } = openBook();
  put('A1:A3', [['=A2+1'], ['=A3+1'], [1]]);
  expect(value('A1')).toBe(3);
  put('A3', '=10*2');
  expect(value('A1')).toBe(22);
});

test('formulas that read each other end, and others go on', () => {
  const { put, value } = openBook();
  put('A1', '=B1+1');
  put('B1', '=A1+1');
  put('C1', '=2*3');
  expect(value('C1')).toBe(6);
});

test('a cleared cell counts as nothing at once', () => {
  const { book, sheet, put, value, at } = openBook();
  put('A1:A2', [[4], ['=A1+1']]);
  clearCells(book, sheet, at('A1'), 'Contents');
  expect(value('A2')).toBe(1);
});

test('a name is read, and its formulas follow when it appears or goes', () => {
  const { book, sheet, put, value, at } = openBook();
  put('B1', 46296);
  put('A1', '=MCC_AsOf+1');
  expect(value('A1')).toBe('#NAME?');
  addName(book, 'MCC_AsOf', { sheetId: sheet.id, rect: at('B1') });
  expect(value('A1')).toBe(46297);
  put('B1', 5);
  expect(value('A1')).toBe(6);
  removeName(book, 'mcc_asof');
  expect(value('A1')).toBe('#NAME?');
});

test('formulas follow a renamed sheet and break on a removed one', () => {
  const { book, put, value, sheet } = openBook();
  const review = addSheet(book, 'Review');
  put('A1', 3, review);
  put('A1', '=Review!A1&"Review!A1"');
  renameSheet(book, review, 'MCC Review');
  expect(peek(sheet, 0, 0).formula).toBe('=\'MCC Review\'!A1&"Review!A1"');
  put('A1', 4, review);
  expect(value('A1')).toBe('4Review!A1');
  removeSheet(book, review);
  expect(value('A1')).toBe('#REF!');
});

test('a rule of a conditional format is read at its cell', () => {
  const { put, sheet, calculation } = openBook();
  put('A1:A2', [[25], [5]]);
  expect(calculation.holds('=A1>20', sheet, 0, 0)).toBe(true);
  expect(calculation.holds('=A2>20', sheet, 1, 0)).toBe(false);
  expect(calculation.holds('=broken(', sheet, 1, 0)).toBe(false);
});
