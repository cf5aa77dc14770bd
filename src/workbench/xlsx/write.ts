/** Saves the workbook as .xlsx, starting from the file that was opened so that its rest is kept. */
import ExcelJS from 'exceljs';
import { formatRect } from '../model/a1.ts';
import { nameFormula } from '../model/names.ts';
import { keyColumn, keyRow, peek, type Sheet, type Workbook } from '../model/workbook.ts';
import { readCell, writeCell } from './cells.ts';
import { toFile } from './colours.ts';
import { characters, fileRules, isCustomRule, pixels, type OpenedFile } from './read.ts';

const STATES = { Visible: 'visible', Hidden: 'hidden', VeryHidden: 'veryHidden' } as const;

export async function saveXlsx(book: Workbook, opened: OpenedFile | null): Promise<Uint8Array> {
  const file = opened?.file ?? new ExcelJS.Workbook();
  const date1904 = file.properties.date1904;
  const kept = book.sheets.map((sheet) => ({ sheet, worksheet: worksheetOf(file, opened, sheet) }));
  const ids = new Set(kept.map(({ worksheet }) => worksheet.id));
  for (const worksheet of [...file.worksheets]) {
    if (!ids.has(worksheet.id)) file.removeWorksheet(worksheet.id);
  }
  kept.forEach(({ sheet, worksheet }, index) => {
    worksheet.name = sheet.name;
    worksheet.state = STATES[sheet.visibility];
    (worksheet as unknown as { orderNo: number }).orderNo = index + 1;
    writeSheet(sheet, worksheet, date1904);
  });
  writeNames(book, file);
  // Excel recalculates on opening; results of this workbench are not taken for its own.
  file.calcProperties.fullCalcOnLoad = true;
  return new Uint8Array(await file.xlsx.writeBuffer());
}

function worksheetOf(
  file: ExcelJS.Workbook,
  opened: OpenedFile | null,
  sheet: Sheet,
): ExcelJS.Worksheet {
  const id = opened?.worksheets.get(sheet.id);
  const found = id === undefined ? undefined : file.getWorksheet(id);
  const again = found ?? file.getWorksheet(sheet.name);
  return again ?? file.addWorksheet(sheet.name);
}

function writeSheet(sheet: Sheet, worksheet: ExcelJS.Worksheet, date1904: boolean): void {
  writeMerges(sheet, worksheet);
  clearGone(sheet, worksheet, date1904);
  for (const [key, cell] of sheet.cells) {
    writeCell(worksheet.getCell(keyRow(key) + 1, keyColumn(key) + 1), cell, date1904);
  }
  writeHidden(sheet, worksheet);
  for (const [column, width] of sheet.columnWidths) {
    const target = worksheet.getColumn(column + 1);
    if (target.width === undefined || pixels(target.width) !== width) {
      target.width = characters(width);
    }
  }
  if (sheet.autoFilter) worksheet.autoFilter = formatRect(sheet.autoFilter.rect);
  writeConditionalFormats(sheet, worksheet);
}

/** Cells of the file that the model no longer fills. */
function clearGone(sheet: Sheet, worksheet: ExcelJS.Worksheet, date1904: boolean): void {
  worksheet.eachRow((row, number) =>
    row.eachCell((cell, column) => {
      const now = peek(sheet, number - 1, column - 1);
      if (now.value !== '' || now.formula !== null) return;
      const was = readCell(cell, date1904);
      if (was.value !== '' || was.formula !== null) cell.value = null;
    }),
  );
}

function writeHidden(sheet: Sheet, worksheet: ExcelJS.Worksheet): void {
  worksheet.eachRow({ includeEmpty: true }, (row, number) => {
    const hidden = sheet.hiddenRows.has(number - 1);
    if (row.hidden !== hidden) row.hidden = hidden;
  });
  for (const row of sheet.hiddenRows) worksheet.getRow(row + 1).hidden = true;
  const last = Math.max(worksheet.columnCount, ...[...sheet.hiddenColumns].map((one) => one + 1));
  for (let column = 1; column <= last; column += 1) {
    const target = worksheet.getColumn(column);
    const hidden = sheet.hiddenColumns.has(column - 1);
    if (target.hidden !== hidden) target.hidden = hidden;
  }
}

function writeMerges(sheet: Sheet, worksheet: ExcelJS.Worksheet): void {
  const { merges = [] } = worksheet.model as { merges?: readonly string[] };
  const now = new Set(sheet.merges.map(formatRect));
  for (const text of merges) if (!now.has(text)) worksheet.unMergeCells(text);
  for (const text of now) if (!merges.includes(text)) worksheet.mergeCells(text);
}

/** Rules of other kinds stay as they are, after ours. */
function writeConditionalFormats(sheet: Sheet, worksheet: ExcelJS.Worksheet): void {
  const others = fileRules(worksheet).flatMap(({ ref, rules }) => {
    const rest = rules.filter((rule) => !isCustomRule(rule));
    return rest.length > 0 ? [{ ref, rules: rest }] : [];
  });
  worksheet.removeConditionalFormatting(null);
  sheet.conditionalFormats.forEach((rule, index) => {
    worksheet.addConditionalFormatting({
      ref: rule.rects.map(formatRect).join(' '),
      rules: [
        {
          type: 'expression',
          priority: index + 1,
          formulae: [rule.formula.replace(/^=/, '')],
          style: {
            ...(rule.fill === null
              ? {}
              : { fill: { type: 'pattern', pattern: 'solid', bgColor: toFile(rule.fill) } }),
            ...(rule.fontColor === null && rule.bold === null
              ? {}
              : {
                  font: {
                    ...(rule.fontColor === null ? {} : { color: toFile(rule.fontColor) }),
                    ...(rule.bold === null ? {} : { bold: rule.bold }),
                  },
                }),
          },
        },
      ],
    });
  });
  for (const block of others) {
    worksheet.addConditionalFormatting(block as ExcelJS.ConditionalFormattingOptions);
  }
}

function writeNames(book: Workbook, file: ExcelJS.Workbook): void {
  const names = [...book.names.values()].flatMap((name) =>
    name.target ? [{ name: name.name, ranges: [nameFormula(book, name).slice(1)] }] : [],
  );
  const ours = new Set(names.map(({ name }) => name.toLowerCase()));
  // Names of several areas are not in the model; they stay.
  const others = file.definedNames.model.filter(
    ({ name, ranges }) => ranges.length > 1 && !ours.has(name.toLowerCase()),
  );
  file.definedNames.model = [...names, ...others];
}
