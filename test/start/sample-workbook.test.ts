import { expect, it } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { SheetReading } from '../../src/core/model.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { quantityCell } from '../../src/sample/sheet-layout.ts';
import { buildSampleWorkbook } from '../../src/start/sample-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';
import { openXlsx } from '../../src/workbook/xlsx-workbook.ts';

const VARIANTS = ['planted', 'quiet'] as const;
const read = async (variant: (typeof VARIANTS)[number], period: string): Promise<SheetReading> => {
  const bytes = await buildSampleWorkbook(variant).xlsx.writeBuffer();
  return readSheet(await openXlsx(Buffer.from(bytes), 'sample.xlsx'), {
    period: parsePeriod(period),
  });
};

it.each(VARIANTS)(
  'shows in the %s September tab what was posted for September',
  async (variant) => {
    const reading = await read(variant, '2026-09');
    const posted = sampleWorld(variant).months.at(-1)!;
    expect(reading.lines).toHaveLength(posted.lines.length);
    expect(reading.total).toBe(posted.total);
    expect(reading.shownTotal?.amount).toBe(posted.total);
    expect([...reading.flags, ...reading.lines.flatMap(({ flags }) => flags)]).toEqual([]);
  },
);

it.each(VARIANTS)(
  'asks the vendors in the %s October tab but where a person typed',
  async (variant) => {
    const reading = await read(variant, '2026-10');
    const world = sampleWorld(variant);
    const counted = new Set(
      world.services.filter(({ source }) => source).map(({ heading }) => heading),
    );
    const typed = reading.lines.filter(
      (line) => line.entry !== 'count' && counted.has(line.service),
    );
    expect(
      typed.map(({ clientCode, service, quantity }) => [clientCode, service, quantity]),
    ).toEqual(variant === 'planted' ? [['A1007', 'Workstations', '51']] : []);
    for (const { counted: asked, clientCode, service } of reading.lines) {
      if (asked) expect([asked.client, asked.service]).toEqual([clientCode, service]);
    }
    expect([...reading.flags, ...reading.lines.flatMap(({ flags }) => flags)]).toEqual([]);
    expect(reading.shownTotal?.amount).toBe(reading.total);
  },
);

it('has a row for each client, named by the account number of the books', async () => {
  const { lines, clientRows } = await read('planted', '2026-10');
  const { customers } = sampleWorld('planted');
  expect(clientRows).toHaveLength(40);
  expect(new Set(lines.map(({ clientCode }) => clientCode))).toEqual(
    new Set(customers.map(({ code }) => code)),
  );
});

it('puts each quantity where the posted months say it stood', async () => {
  const { lines } = await read('planted', '2026-09');
  const { services } = sampleWorld('planted');
  for (const { clientCode, service, cell } of lines) {
    const id = services.find(({ heading }) => heading === service)?.id ?? '';
    expect(cell).toBe(quantityCell('2026-09', clientCode ?? '', id));
  }
});

it('carries the two cells that the pane writes', async () => {
  const bytes = await buildSampleWorkbook('planted').xlsx.writeBuffer();
  const workbook = await openXlsx(Buffer.from(bytes), 'sample.xlsx');
  expect([await workbook.readName('MCC_Period'), await workbook.readName('MCC_AsOf')]).toEqual([
    '2026-10',
    '2026-10',
  ]);
});
