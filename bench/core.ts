// The dry-run alone: core over a month that was read and looked up.
import { decideAgain, readReview } from '../taskpane/read-review.ts';
import { memoryWorkbook } from '../src/workbook/memory-workbook.ts';
import { largeMonth } from './large-month.ts';
import { measure, medianMs, type Measure } from './report.ts';

const RUNS = 15;
const LINES = [500, 3_000] as const;

export async function measureCore(): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const lines of LINES) {
    const { rows, snapshot, history } = largeMonth(lines);
    const { period } = snapshot;
    const sheet = 'Oct 2026';
    const workbook = memoryWorkbook({ sheets: [{ name: sheet, rows }] });
    const choices = { period, history, decisions: [], held: [], taken: new Map() };
    const read = await readReview({ workbook, sheet, snapshot, ...choices });
    const found = read.dryRun.invoices.reduce((sum, invoice) => sum + invoice.lines.length, 0);
    if (found !== lines) throw new Error(`${String(found)} lines were read of ${String(lines)}.`);
    const ms = await medianMs(RUNS, () => decideAgain(read, choices));
    const words = `dry-run of ${lines.toLocaleString('en-US')} lines with 12 months of history`;
    measures.push(measure('core', words, ms, 'ms'));
  }
  return measures;
}
