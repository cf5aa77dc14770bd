/**
 * The billing workbook of the sample's provider, as a finance person keeps it: a tab per month
 * with sections and subtotals, last month typed, this month with MCC.COUNT in its cells, and the
 * odds and ends of years.
 */
import ExcelJS, { type Cell, type Workbook, type Worksheet } from 'exceljs';
import { centsToText, toCents } from '../sample/catalogue.ts';
import type { SampleLine, SampleVariant, SampleWorld } from '../sample/model.ts';
import {
  CODE_COLUMN, FORMER_CLIENT, NAME_COLUMN, ROWS, sheetLayout, sheetName, type SheetColumn, type SheetLayout, type SheetSection,
} from '../sample/sheet-layout.ts'; // prettier-ignore
import { CURRENT_PERIOD, sampleWorld } from '../sample/world.ts';
import { addNames, addPriceList, addReadMe } from './sample-workbook-tabs.ts';

const MONTH_NAMES = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']; // prettier-ignore
const MONEY_FORMAT = '#,##0.00';
const GREY = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE7E6E6' } } as const;
const BLUE = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFD9E2F3' } } as const;
const YELLOW = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFF2CC' } } as const;
/** What was sold until 2024; its column was hidden and never emptied. */
const LEGACY_LEFT_OVER = 6;
const LEGACY_ROWS = 3;

/** Where the parts of a month stand and what it says. */
interface MonthTab {
  readonly sheet: Worksheet;
  readonly world: SampleWorld;
  readonly layout: SheetLayout;
  readonly period: string;
  readonly lines: readonly SampleLine[];
  /** Counts stand as formulas; their stored results are those of last month. */
  readonly isCurrent: boolean;
}

/** Writes the workbook of one variant; the same file each time but for its own dates. */
export async function writeSampleWorkbook(path: string, variant: SampleVariant): Promise<void> {
  await buildSampleWorkbook(variant).xlsx.writeFile(path);
}

/** Saved as finance left it: on the third tab, the month to close. */
const OPEN_ON_OCTOBER = { x: 0, y: 0, width: 20_000, height: 12_000, firstSheet: 0, activeTab: 2, visibility: 'visible' } as const; // prettier-ignore

export function buildSampleWorkbook(variant: SampleVariant): Workbook {
  const world = sampleWorld(variant);
  const last = world.months.at(-1);
  if (!last) throw new Error('Broken promise: the sample has a posted month');
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Alder Street IT';
  workbook.views = [OPEN_ON_OCTOBER];
  const layout = sheetLayout();
  addReadMe(workbook, world);
  addMonth({ sheet: workbook.addWorksheet(sheetName(last.period)), world, layout, period: last.period, lines: last.lines, isCurrent: false });
  addMonth({ sheet: workbook.addWorksheet(sheetName(CURRENT_PERIOD)), world, layout, period: CURRENT_PERIOD, lines: last.lines, isCurrent: true });
  addPriceList(workbook, world);
  addNames(workbook);
  return workbook;
} // prettier-ignore

function addMonth(tab: MonthTab): void {
  addHeadings(tab);
  for (const section of tab.layout.sections) addSection(tab, section);
  addGrandTotal(tab);
  arrange(tab);
}

function addHeadings({ sheet, world, layout, period }: MonthTab): void {
  const end = layout.notesColumn;
  const [year = '', month = '1'] = period.split('-');
  sheet.mergeCells(`A${String(ROWS.title)}:${end}${String(ROWS.title)}`);
  sheet.mergeCells(`A${String(ROWS.month)}:${end}${String(ROWS.month)}`);
  sheet.getCell(`A${String(ROWS.title)}`).value = `${world.company.name} – recurring services`;
  sheet.getCell(`A${String(ROWS.month)}`).value = `${MONTH_NAMES[Number(month) - 1] ?? ''} ${year}`;
  sheet.getCell(`A${String(ROWS.title)}`).font = { bold: true, size: 14 };
  addGroup(sheet, layout, 'WS', 'FW', 'Devices');
  addGroup(sheet, layout, 'M365BB', 'BKP', 'Licences');
  addGroup(sheet, layout, 'SITE', 'FLAT', 'By agreement');
  heading(sheet, `${CODE_COLUMN}${String(ROWS.headings)}`, 'Acct no');
  heading(sheet, `${NAME_COLUMN}${String(ROWS.headings)}`, 'Client');
  sheet.getCell(`${NAME_COLUMN}${String(ROWS.prices)}`).value = 'Unit price';
  for (const { letter, heading: words, price } of layout.columns) {
    heading(sheet, `${letter}${String(ROWS.headings)}`, words);
    const cell = sheet.getCell(`${letter}${String(ROWS.prices)}`);
    cell.value = Number(price);
    cell.numFmt = MONEY_FORMAT;
  }
  heading(sheet, `${layout.totalColumn}${String(ROWS.headings)}`, 'MRR');
  heading(sheet, `${end}${String(ROWS.headings)}`, 'Notes');
}

function addGroup(
  sheet: Worksheet, { columns }: SheetLayout, from: string, to: string, words: string,
): void {
  const letterOf = (id: string): string => columns.find((c) => c.serviceId === id)?.letter ?? 'C';
  const row = String(ROWS.groups);
  sheet.mergeCells(`${letterOf(from)}${row}:${letterOf(to)}${row}`);
  heading(sheet, `${letterOf(from)}${row}`, words);
} // prettier-ignore

function heading(sheet: Worksheet, address: string, words: string): void {
  const cell = sheet.getCell(address);
  cell.value = words;
  cell.font = { bold: true };
  cell.fill = BLUE;
  cell.alignment = { wrapText: true, vertical: 'middle', horizontal: 'center' };
}

function addSection(tab: MonthTab, section: SheetSection): void {
  const { sheet, layout } = tab;
  const row = String(section.headingRow);
  sheet.mergeCells(`A${row}:${layout.notesColumn}${row}`);
  const title = sheet.getCell(`A${row}`);
  Object.assign(title, { value: section.title, font: { bold: true, italic: true }, fill: GREY });
  for (const { client, row: clientRow } of section.clients) addClient(tab, client.code, clientRow);
  if (section.formerRow !== null) addFormerClient(tab, section.formerRow);
  addSubtotal(tab, section);
}

function addClient(tab: MonthTab, code: string, row: number): void {
  const { sheet, world, layout } = tab;
  const customer = world.customers.find((candidate) => candidate.code === code);
  if (!customer) throw new Error(`Broken promise: ${code} is a customer`);
  const codeCell = sheet.getCell(`${CODE_COLUMN}${String(row)}`);
  codeCell.value = code;
  codeCell.numFmt = '@';
  sheet.getCell(`${NAME_COLUMN}${String(row)}`).value = customer.sheetName;
  const own = tab.lines.filter((line) => line.clientId === customer.id);
  for (const column of layout.columns) {
    const line = own.find(({ serviceId }) => serviceId === column.serviceId);
    if (line) addQuantity(tab, column, row, line);
  }
  sheet.getCell(`${layout.notesColumn}${String(row)}`).value = customer.note || null;
  addRowTotal(tab, row, cents(shown(tab, own)));
}

/** What the cell shows until Excel has asked: the typed number, or last month's. */
function addQuantity(tab: MonthTab, column: SheetColumn, row: number, line: SampleLine): void {
  const cell = tab.sheet.getCell(`${column.letter}${String(row)}`);
  const typed = typedOver(tab, line);
  const isCounted = tab.world.services.some(({ id, source }) => id === line.serviceId && source);
  if (tab.isCurrent && isCounted && typed === null) {
    const [client, service] = [
      `$${CODE_COLUMN}${String(row)}`,
      `${column.letter}$${String(ROWS.headings)}`,
    ];
    cell.value = { formula: `MCC.COUNT(${client},${service},MCC_AsOf)`, result: line.quantity };
  } else {
    cell.value = typed ?? line.quantity;
  }
  if (line.serviceId === 'USR') markAgreed(cell);
}

function typedOver({ isCurrent, world }: MonthTab, line: SampleLine): number | null {
  const found = world.typedOver.find(
    ({ clientId, serviceId }) => clientId === line.clientId && serviceId === line.serviceId,
  );
  return isCurrent && found ? found.quantity : null;
}

function markAgreed(cell: Cell): void {
  cell.fill = YELLOW;
  if (cell.value === 25) cell.note = 'Agreed in 2024: at least 25 users, however many there are.';
}

const shown = (tab: MonthTab, lines: readonly SampleLine[]): SampleLine[] =>
  lines.map((line) => ({ ...line, quantity: typedOver(tab, line) ?? line.quantity }));

const cents = (lines: readonly SampleLine[]): number =>
  lines.reduce((total, line) => total + line.quantity * toCents(line.unitPrice), 0);

const toAmount = (value: number): number => Number(centsToText(value));

function addRowTotal({ sheet, layout }: MonthTab, row: number, total: number): void {
  const [first, last] = [layout.columns[0]?.letter ?? 'C', layout.columns.at(-1)?.letter ?? 'C'];
  const quantities = `${first}${String(row)}:${last}${String(row)}`;
  const prices = `${first}$${String(ROWS.prices)}:${last}$${String(ROWS.prices)}`;
  const cell = sheet.getCell(`${layout.totalColumn}${String(row)}`);
  cell.value = { formula: `SUMPRODUCT(${quantities},${prices})`, result: toAmount(total) };
  cell.numFmt = MONEY_FORMAT;
}

/** Left in 2025; somebody hid the row instead of deleting it. */
function addFormerClient(tab: MonthTab, row: number): void {
  tab.sheet.getCell(`${NAME_COLUMN}${String(row)}`).value = FORMER_CLIENT;
  addRowTotal(tab, row, 0);
  tab.sheet.getRow(row).hidden = true;
}

function addSubtotal(tab: MonthTab, section: SheetSection): void {
  const { sheet, layout } = tab;
  const row = String(section.subtotalRow);
  const range = (letter: string): string =>
    `${letter}${String(section.headingRow + 1)}:${letter}${String(section.subtotalRow - 1)}`;
  sheet.getCell(`${NAME_COLUMN}${row}`).value = `Subtotal ${section.title}`;
  for (const { letter, serviceId } of layout.columns) {
    const total = sectionLines(tab, section)
      .filter((line) => line.serviceId === serviceId)
      .reduce((sum, line) => sum + line.quantity, 0);
    const result = serviceId === null ? legacyIn(section) : total;
    sheet.getCell(`${letter}${row}`).value = { formula: `SUM(${range(letter)})`, result };
  }
  const cell = sheet.getCell(`${layout.totalColumn}${row}`);
  const result = toAmount(cents(sectionLines(tab, section)));
  cell.value = { formula: `SUM(${range(layout.totalColumn)})`, result };
  cell.numFmt = MONEY_FORMAT;
  sheet.getRow(section.subtotalRow).font = { bold: true };
}

function sectionLines(tab: MonthTab, section: SheetSection): SampleLine[] {
  const codes = new Set(section.clients.map(({ client }) => client.code));
  const ids = new Set(
    tab.world.customers.filter(({ code }) => codes.has(code)).map(({ id }) => id),
  );
  return shown(
    tab,
    tab.lines.filter((line) => ids.has(line.clientId)),
  );
}

const legacyRows = (section: SheetSection): number[] =>
  section.clients.slice(0, LEGACY_ROWS).map(({ row }) => row);
const legacyIn = (section: SheetSection): number => legacyRows(section).length * LEGACY_LEFT_OVER;

function addGrandTotal(tab: MonthTab): void {
  const { sheet, layout } = tab;
  const row = layout.grandTotalRow;
  sheet.getCell(`${NAME_COLUMN}${String(row)}`).value = 'GRAND TOTAL';
  const parts = layout.sections.map(
    ({ subtotalRow }) => `${layout.totalColumn}${String(subtotalRow)}`,
  );
  const cell = sheet.getCell(`${layout.totalColumn}${String(row)}`);
  cell.value = { formula: parts.join('+'), result: toAmount(cents(shown(tab, tab.lines))) };
  cell.numFmt = MONEY_FORMAT;
  sheet.getRow(row).font = { bold: true };
  sheet.getCell(`A${String(row + 2)}`).value =
    '* Prices per month in US dollars, before tax. Hardware and projects are invoiced apart.';
  sheet.getCell(`A${String(row + 3)}`).value = '* Ask Priya before changing an agreed quantity.';
}

function arrange({ sheet, layout }: MonthTab): void {
  sheet.getColumn(CODE_COLUMN).width = 9;
  sheet.getColumn(NAME_COLUMN).width = 40;
  sheet.getColumn(layout.notesColumn).width = 44;
  sheet.getColumn(layout.totalColumn).width = 13;
  for (const { letter, serviceId } of layout.columns) {
    sheet.getColumn(letter).width = 11;
    if (serviceId !== null) continue;
    sheet.getColumn(letter).hidden = true;
    for (const row of layout.sections.flatMap(legacyRows)) {
      sheet.getCell(`${letter}${String(row)}`).value = LEGACY_LEFT_OVER;
    }
  }
  sheet.views = [{ state: 'frozen', xSplit: 2, ySplit: ROWS.prices }];
}
