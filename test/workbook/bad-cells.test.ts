import { parsePeriod } from '../../src/core/billing-period.ts';
import { closeAlone } from '../../src/terminal/close-sheet.ts';
import { toReport, type ReportLine } from '../../src/terminal/report.ts';
import { memoryWorkbook } from '../../src/workbook/memory-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';
import { BAD_CELLS, type BadCell } from './bad-cells.ts';

const OCTOBER = parsePeriod('2026-10');

async function linesOf({ sheet }: BadCell): Promise<readonly ReportLine[]> {
  const reading = await readSheet(memoryWorkbook({ sheets: [sheet] }), { period: OCTOBER });
  return toReport(closeAlone(reading, OCTOBER)).lines;
}

/** The line of the case: the one in C5. */
const own = (lines: readonly ReportLine[]): ReportLine | undefined =>
  lines.find(({ cell }) => cell === 'Oct 2026!C5');

test('the table covers rows 1 to 34', () => {
  const numbers = new Set(BAD_CELLS.map(({ number }) => number));
  expect([...numbers]).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
});

test.each(BAD_CELLS.map((bad) => [`${String(bad.number)} ${bad.name}`, bad] as const))(
  '%s',
  async (_, bad) => {
    const lines = await linesOf(bad);
    const line = own(lines);
    const { verdict } = bad;
    if (verdict.kind === 'no line') {
      expect(line).toBeUndefined();
      expect(lines.map(({ cell }) => cell)).toContain('Oct 2026!D5');
      return;
    }
    const flags = lines.flatMap((one) => one.flags);
    if (verdict.kind === 'blocks') {
      expect(
        flags.filter((flag) => flag.rule === verdict.rule && flag.blocks).map(({ text }) => text),
      ).toEqual(expect.arrayContaining([expect.stringMatching(verdict.says)]));
      return;
    }
    expect(line?.quantity).toBe(verdict.quantity);
    expect(
      flags.filter(({ blocks }) => blocks && verdict.rule !== 'number stored as text'),
    ).toEqual([]);
    const about = flags.filter(({ rule, blocks }) => rule === verdict.rule && !blocks);
    if (verdict.says)
      expect(about.map(({ text }) => text)).toEqual([expect.stringMatching(verdict.says)]);
  },
);

test('a refused quantity bills nothing and keeps its place', async () => {
  const refused = BAD_CELLS.filter(
    ({ verdict }) => verdict.kind === 'blocks' && verdict.rule === 'not a quantity',
  );
  expect(refused.length).toBeGreaterThan(15);
  for (const bad of refused.filter(({ number }) => number !== 32)) {
    const line = own(await linesOf(bad));
    expect([bad.name, line?.amount]).toEqual([bad.name, '0.00']);
  }
});

test('no bad cell changes the line beside it', async () => {
  for (const bad of BAD_CELLS) {
    const lines = await linesOf(bad);
    expect([bad.name, lines.find(({ cell }) => cell === 'Oct 2026!D6')?.amount]).toEqual([
      bad.name,
      '40.00',
    ]);
  }
});
