// A million rows in a vendor's file: the most memory that the process which reads it ever has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import exceljs from 'exceljs';
import { measure, type Measure } from '../report.ts';

const ROWS = 1_000_000;
const GOAL_MB = 300;
/** Megabytes of a million bytes. */
export interface Peak {
  readonly peakMb: number;
  readonly tookMs: number;
  /** Why the file was not taken; null when it was. */
  readonly refused: string | null;
}

type Cells = readonly string[];

interface Sheet {
  readonly titles: Cells;
  readonly row: (index: number) => Cells;
}

const SEATS: Sheet = {
  titles: ['Client', 'Product', 'Seats'],
  row: (index) => [`Client ${index % 200}`, `Product ${index % 40}`, String(index % 9)],
};

/** No serial number twice. */
const DEVICES: Sheet = {
  titles: ['Organization', 'Device Class', 'Serial', 'Status', 'Last Contact'],
  row: (index) => [`Client ${index % 200}`, 'Workstation', serialOf(index), 'Active', '2026-10-31'],
};

const serialOf = (index: number): string =>
  createHash('md5').update(String(index)).digest('hex').slice(0, 12).toUpperCase();

export async function measureImports(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-bench-imports-'));
  try {
    const files: readonly [string, string, (path: string) => Promise<void>][] = [
      ['seat list, CSV', 'seats.csv', (path) => writeCsv(path, SEATS)],
      ['devices, all serial numbers different, CSV', 'devices.csv', (path) => writeCsv(path, DEVICES)],
      ['devices, all serial numbers different, Excel', 'devices.xlsx', (path) => writeXlsx(path, DEVICES)],
    ]; // prettier-ignore
    const measures: Measure[] = [];
    for (const [words, name, write] of files) {
      const path = join(folder, name);
      await write(path);
      const { peakMb, tookMs, refused } = readAlone(path);
      const figure = `a million rows, ${words}${refused === null ? '' : ', refused'}`;
      measures.push(measure('imports', `${figure}: peak memory`, peakMb, 'MB', GOAL_MB));
      measures.push(measure('imports', figure, tookMs / 1000, 's'));
      rmSync(path);
    }
    return measures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readAlone(path: string): Peak {
  const args = ['--no-warnings', 'bench/imports/read.ts', path];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
  if (run.status !== 0) throw new Error(`${path} was not read to its end.`);
  return JSON.parse(run.stdout) as Peak;
}

async function writeCsv(path: string, { titles, row }: Sheet): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${titles.join()}\n`);
  for (let index = 0; index < ROWS; index += 1) {
    if (!file.write(`${row(index).join()}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** As Excel saves it: every text once, in a part of its own. */
async function writeXlsx(path: string, { titles, row }: Sheet): Promise<void> {
  const options = { filename: path, useSharedStrings: true, useStyles: false };
  const book = new exceljs.stream.xlsx.WorkbookWriter(options);
  const sheet = book.addWorksheet('Devices');
  sheet.addRow([...titles]).commit();
  // One row fewer: with the titles they are a million.
  for (let index = 1; index < ROWS; index += 1) sheet.addRow([...row(index)]).commit();
  sheet.commit();
  await book.commit();
}
