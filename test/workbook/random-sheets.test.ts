import fc from 'fast-check';
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { SheetReading } from '../../src/core/model.ts';
import { memoryWorkbook } from '../../src/workbook/memory-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';
import { centsOf, randomGrid, randomLines, type RandomSheet } from './random-sheets.ts';

const OCTOBER = parsePeriod('2026-10');
const RUNS = { numRuns: 120 };

const cents = (text: string): number => Math.round(Number(text) * 100);
const plainService = (text: string): string => text.replace(/ \(\$[\d.]+\)$/, '');

async function check({ sheets, truth, previous }: RandomSheet): Promise<SheetReading> {
  const reading = await readSheet(memoryWorkbook({ sheets }), { period: OCTOBER });
  const found = reading.lines.map((line) => [
    line.client,
    plainService(line.service),
    Number(line.quantity),
    cents(line.unitPrice),
  ]);
  expect(found).toEqual(
    truth.map((line) => [line.client, line.service, line.quantity, line.price]),
  );
  expect(cents(reading.total)).toBe(centsOf(truth));
  expect(reading.lines.flatMap(({ flags }) => flags)).toEqual([]);
  if (reading.shownTotal) expect(cents(reading.shownTotal.amount)).toBe(centsOf(truth));
  for (const line of reading.lines) {
    const was = previous?.get(`${line.client} ${plainService(line.service)}`) ?? null;
    expect([line.cell, line.previous && Number(line.previous.quantity)]).toEqual([line.cell, was]);
  }
  everyCellIsTold(reading, sheets.find(({ name }) => name === reading.sheet)?.cells ?? {});
  return reading;
}

/** Figures and titles: what is no line and no part of one stands in the list with its reason. */
function everyCellIsTold(reading: SheetReading, cells: Readonly<Record<string, unknown>>): void {
  const told = new Set([
    ...reading.lines.map(({ cell }) => cell),
    ...reading.skipped.map(({ cell }) => cell),
  ]);
  const taken = reading.lines.map(({ cell }) => cell);
  expect(new Set(taken).size).toBe(taken.length);
  for (const { cell } of reading.skipped) expect(taken).not.toContain(cell);
  const [last] = Object.keys(cells).slice(-1);
  if (reading.shape === 'grid') expect(told).toContain(`${reading.sheet}!${last ?? ''}`);
}

test('a grid in any layout is read back to the line', async () => {
  await fc.assert(
    fc.asyncProperty(randomGrid, async (drawn) => {
      await check(drawn);
    }),
    RUNS,
  );
}, 60_000);

test('a list of lines in any layout is read back to the line', async () => {
  await fc.assert(
    fc.asyncProperty(randomLines, async (drawn) => {
      await check(drawn);
    }),
    RUNS,
  );
}, 60_000);
