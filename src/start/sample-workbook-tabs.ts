/** The tabs beside the months: instructions, prices, and the two cells MCC writes. */
import type { Workbook } from 'exceljs';
import type { SampleWorld } from '../sample/model.ts';
import { CURRENT_PERIOD } from '../sample/world.ts';

export function addReadMe(workbook: Workbook, world: SampleWorld): void {
  const sheet = workbook.addWorksheet('READ ME');
  sheet.getColumn(1).width = 90;
  const words = [
    `${world.company.name} – monthly billing`,
    '',
    'One tab a month. Copy last month, change the title, go through the clients one by one.',
    'A cell with MCC.COUNT takes its number from the vendor; a typed number stays as typed.',
    'Yellow: agreed with the client. Ask before you change it.',
    'The firewall column counts firewalls that we manage, not those the landlord owns.',
    'Do not delete hidden rows: somebody may ask.',
  ];
  words.forEach((text, index) => (sheet.getCell(index + 1, 1).value = text));
  sheet.getCell('A1').font = { bold: true, size: 14 };
}

export function addPriceList(workbook: Workbook, world: SampleWorld): void {
  const sheet = workbook.addWorksheet('Price List');
  sheet.getColumn(1).width = 34;
  sheet.addRow(['Service', 'Price per month']);
  for (const { name, item } of world.services) {
    if (item && item.price !== '0') sheet.addRow([name, Number(item.price)]);
  }
  sheet.getRow(1).font = { bold: true };
}

/** The sheet MCC with the two cells the pane writes: the month and the time of the counts. */
export function addNames(workbook: Workbook): void {
  const sheet = workbook.addWorksheet('MCC');
  sheet.getColumn(1).width = 16;
  sheet.getColumn(2).width = 28;
  sheet.getCell('A1').value = 'Month';
  sheet.getCell('B1').value = CURRENT_PERIOD;
  sheet.getCell('B1').numFmt = '@';
  sheet.getCell('A2').value = 'Counts as of';
  sheet.getCell('B2').value = CURRENT_PERIOD;
  sheet.getCell('B2').numFmt = '@';
  workbook.definedNames.add("'MCC'!$B$1", 'MCC_Period');
  workbook.definedNames.add("'MCC'!$B$2", 'MCC_AsOf');
}
