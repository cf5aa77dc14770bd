// Opens a file in the emulated Excel, calculates every formula from nothing, saves and reopens it.
import { cellId } from '../../src/workbench/calc/dependencies.ts';
import {
  keyColumn,
  keyRow,
  type Scalar,
  type Workbook,
} from '../../src/workbench/model/workbook.ts';
import { bootOfficeInNode } from '../../src/workbench/wire/node-bridge.ts';
import { openXlsx } from '../../src/workbench/xlsx/read.ts';
import { saveXlsx } from '../../src/workbench/xlsx/write.ts';

interface Formula {
  readonly at: string;
  readonly formula: string;
  readonly saved: Scalar;
  readonly calculated: Scalar;
}

export async function officeBook(bytes: Uint8Array, name: string) {
  const { host } = bootOfficeInNode();
  const file = await openXlsx(host.book, bytes, name);
  const cells = host.book.sheets.flatMap((sheet) =>
    [...sheet.cells].flatMap(([key, cell]) =>
      cell.formula === null
        ? []
        : [{ cell, at: cellId(sheet.name, keyRow(key), keyColumn(key)), saved: cell.value }],
    ),
  );
  for (const { cell } of cells) cell.value = '';
  host.calculation.flush();
  const formulas: Formula[] = cells.map(({ cell, at, saved }) => ({
    ...{ at, saved, formula: cell.formula ?? '' },
    calculated: cell.value,
  }));
  const second = bootOfficeInNode().host;
  await openXlsx(second.book, await saveXlsx(host.book, file), name);
  second.calculation.flush();
  return { formulas, first: content(host.book), again: content(second.book) };
}

/** Everything of a workbook but the ids. */
function content(book: Workbook) {
  return book.sheets.map((sheet) => ({
    ...{ name: sheet.name, visibility: sheet.visibility, merges: sheet.merges },
    ...{ rows: [...sheet.hiddenRows], columns: [...sheet.hiddenColumns] },
    widths: [...sheet.columnWidths],
    cells: [...sheet.cells].filter(([, cell]) => cell.value !== '' || cell.note !== null),
  }));
}
